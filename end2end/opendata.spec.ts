// Open data (E12): the files of an announcement and the page that describes it all, without script.

import { readFile } from 'node:fs/promises';

import { Notices } from './announcement';
import { expectAccessible } from './office';
import { expect, test } from './server';

test.describe('without script', () => {
  test.use({ javaScriptEnabled: false });

  test('E12 the detail of an announcement is saved as CSV and XLSX by anyone', async ({ page, server }) => {
    const notices = new Notices(server);
    const number = await notices.publish(await notices.create(2024));
    await page.goto('/api/v1');
    for (const [ending, begin] of [['csv', '\ufeff序号,采购单位,项目名称'], ['xlsx', 'PK']] as const) {
      await page.setContent(`<a href="${new URL(page.url()).origin}/announcements/${number}/detail.${ending}">${ending}</a>`);
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: ending }).click()]);
      expect(download.suggestedFilename()).toBe(`${number}-项目明细.${ending}`);
      const content = await readFile(await download.path(), 'utf8');
      expect(content.startsWith(begin), content.slice(0, 40)).toBe(true);
      await page.goto('/api/v1');
    }
  });

  test('E12 the page of open data is read without script, on a phone too', async ({ page }) => {
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 900 });
      await page.goto('/api/v1');
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('面向中小企业预留项目执行情况公告开放数据');
      await expect(page.getByRole('heading', { name: 'GET /api/v1/announcements', exact: true })).toBeVisible();
      expect(await page.locator('script').count()).toBe(0);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(overflow, `${width} px`).toBeLessThanOrEqual(0);
    }
  });
});

test('E12 the page of open data is accessible', async ({ page }) => {
  await page.goto('/api/v1');
  await expectAccessible(page);
});
