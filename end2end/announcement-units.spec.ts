// 「补入单位」 and 「移出单位」 (C1, C4): a unit that is approved after the announcement was created.

import type { Page } from '@playwright/test';
import { Notices } from './announcement';
import { confirm, Desk, dialog, expectAccessible, open } from './office';
import { expect, type Server, test } from './server';

const step = (page: Page, name: RegExp | string) => page.locator('.steps').getByRole('button', { name });
const panel = (page: Page) => page.getByRole('region', { name: '汇集的单位' });

/** The announcement, and then the approval of a unit that was under review until then. */
async function late(server: Server): Promise<{ notices: Notices; id: string }> {
  const notices = new Notices(server);
  const id = await notices.create(2024);
  const record = await new Desk(server, 'unit99').find(2024);
  await new Desk(server, 'reviewer').decide(record, true, '同意');
  return { notices, id };
}

test('C1 the rehearsal at 「提交」 names a unit that is approved by now, and leads by keyboard to 「补入」', async ({ signedIn, server, anotherPerson }) => {
  const { notices, id } = await late(server);
  const page = await signedIn('jdc');
  await page.setViewportSize({ width: 1440, height: 900 });
  await open(page, `/office/announcements/${id}`);
  await page.getByRole('button', { name: '提交', exact: true }).click();
  const box = dialog(page, '提交');
  await expect(box.getByText(/以下 1 个单位的年度数据已审核完成，尚未计入本公告：测试区采购单位99（/)).toBeVisible();
  await expectAccessible(page);
  await box.getByRole('button', { name: '补入单位' }).focus();
  await page.keyboard.press('Enter');
  await expect(box).toBeHidden();
  await expect(panel(page)).toBeFocused();
  await expectAccessible(page);
  const before = (await notices.view(id)).lines.length;
  await page.keyboard.press('Tab');
  await expect(panel(page).getByRole('button', { name: '补入：测试区采购单位99' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByText('已补入测试区采购单位99')).toBeVisible();
  await expect(panel(page)).toContainText('已汇集 3 个单位');
  await expect(panel(page).getByRole('button', { name: /^补入/ })).toHaveCount(0);
  expect((await notices.view(id)).lines.length).toBeGreaterThan(before);
  await expect(step(page, `公告内容 ${(await notices.view(id)).lines.length} 行`)).toBeVisible();

  // 「移出」 asks why, and the unit may come back.
  await panel(page).getByText('已汇集的 3 个单位').click();
  await panel(page).getByRole('button', { name: '移出：测试区采购单位99' }).click();
  const reason = dialog(page, '移出测试区采购单位99');
  await reason.getByRole('button', { name: '确定' }).click();
  await expect(reason.getByText('请填写移出理由')).toBeVisible();
  await expectAccessible(page);
  await reason.getByLabel(/^移出理由/).fill('数据待核');
  await confirm(reason);
  await expect(panel(page).getByText(/移出，理由：数据待核/)).toBeVisible();
  await expectAccessible(page);
  expect((await notices.view(id)).lines.length).toBe(before);
  await notices.submit(id);
  const reviewer = await anotherPerson('reviewer');
  await open(reviewer, `/office/announcements/${id}`);
  const changed = reviewer.getByRole('region', { name: '创建公告后补入和移出的单位' });
  await expect(changed).toContainText('测试区采购单位99');
  await expect(changed).toContainText('理由：数据待核');
  await expectAccessible(reviewer);
});

test('C1 on a phone: 「补入」, and the history and the versions say so', async ({ signedIn, server }) => {
  const { id } = await late(server);
  const page = await signedIn('jdc');
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page, `/office/announcements/${id}`);
  await step(page, /^公告内容/).click();
  await panel(page).getByRole('button', { name: '补入：测试区采购单位99' }).click();
  await expect(panel(page)).toContainText('已汇集 3 个单位');
  await expectAccessible(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await open(page, `/office/announcements/${id}/versions`);
  await expect(page.getByText('补入单位').first()).toBeVisible();
});
