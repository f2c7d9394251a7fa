// The public portal (D5, D6): for anyone, without sign-in and without script.

import { Notices, PDF } from './announcement';
import { Desk, expectAccessible } from './office';
import { expect, test } from './server';

/** The patterns by which programs read these pages today. */
const PATTERNS = [/面向中小企业采购共计\s*[\d.]+\s*万元/, /面向小微企业采购\s*[\d.]+\s*万元/, /占\s*[\d.]+\s*%/, /20\d\d年面向中小企业/, /部门（单位）名称：/];

test.describe('without script', () => {
  test.use({ javaScriptEnabled: false });

  test('D5 the list and the page are read without sign-in and without JavaScript', async ({ page, server }) => {
    const notices = new Notices(server);
    const number = await notices.publish(await notices.create(2024));
    await page.goto('/');
    const link = page.locator(`a[href="/announcements/${number}"]`);
    await expect(link).toHaveText('上海机动车管理中心2024年面向中小企业预留项目执行情况公告');
    await link.click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('上海机动车管理中心2024年面向中小企业预留项目执行情况公告');
    const body = await page.locator('article.notice').innerText();
    for (const pattern of PATTERNS) expect(body).toMatch(pattern);
    const heads = await page.locator('article.notice table th').allInnerTexts();
    for (const word of ['项目名称', '预留选项', '采购金额', '合同链接']) expect(heads.some((head) => head.includes(word)), word).toBe(true);
    await expect(page.getByText(`公告编号 ${number}`)).toBeVisible();
    await expect(page.getByText('发布时间 2026-03-20 09:00:00')).toBeVisible();
    expect(await page.locator('script:not([type="application/ld+json"])').count()).toBe(0);
  });

  test('D5 the list is searched by unit, year and district', async ({ page, server, allowConsoleError }) => {
    allowConsoleError(/status of 400/);
    const notices = new Notices(server);
    const first = await notices.publish(await notices.create(2024));
    const id = await notices.create(2023);
    await notices.change(id, { basics: { district: '310104', mode: 'OnApproval', expires_on: null } });
    await notices.generate(id);
    const second = await notices.publish(id);
    await page.goto('/');
    const link = (number: string) => page.locator(`a[href="/announcements/${number}"]`);
    await page.getByLabel('年度', { exact: true }).selectOption('2023');
    await page.getByLabel('行政区划').selectOption({ label: '徐汇区' });
    await page.getByLabel('单位名称').fill('机动车');
    await page.getByRole('button', { name: '查询' }).click();
    await expect(link(second)).toBeVisible();
    await expect(link(first)).toHaveCount(0);
    await expect(page.getByLabel('年度', { exact: true })).toHaveValue('2023');
    await expect(page.getByLabel('单位名称')).toHaveValue('机动车');
    await page.getByLabel('单位名称').fill('没有这样的单位');
    await page.getByRole('button', { name: '查询' }).click();
    await expect(page.getByText('没有符合条件的公告。')).toBeVisible();
    await page.getByRole('link', { name: '重置' }).click();
    await expect(link(first)).toBeVisible();
    await page.goto('/?unit=%3Cscript%3E&year=abc&district=1&page=-5&what=ever');
    await expect(page.getByRole('search')).toBeVisible();
  });

  test('D5 public files are downloaded by anyone; an internal one is nowhere', async ({ page, server }) => {
    const notices = new Notices(server);
    const id = await notices.create(2024);
    const [open, internal] = [await notices.upload(id, '执行情况说明.pdf', true), await notices.upload(id, '内部意见.pdf', false)];
    const before = (await notices.view(id)).number;
    // Before publication there is nothing to be had, by any address.
    expect((await fetch(`${server.url}/announcements/${before}/files/${open}`)).status).toBe(404);
    const number = await notices.publish(id);
    await page.goto(`/announcements/${number}`);
    await expect(page.getByRole('link', { name: '执行情况说明.pdf' })).toBeVisible();
    await expect(page.getByText('内部意见.pdf')).toHaveCount(0);
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: '执行情况说明.pdf' }).click();
    expect((await download).suggestedFilename()).toBe('执行情况说明.pdf');
    const answer = await fetch(`${server.url}/announcements/${number}/files/${open}`);
    expect(Buffer.from(await answer.arrayBuffer()).equals(PDF)).toBe(true);
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment;/);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    for (const path of [`/announcements/${number}/files/${internal}`, `/office/files/${id}/${internal}`, `/attachments/${internal}`, `/assets/../attachments/${internal}`]) {
      const refused = await fetch(`${server.url}${path}`, { redirect: 'manual' });
      expect([303, 404], path).toContain(refused.status);
    }
  });
});

test('D5 list and page hold together at every width, and axe finds nothing', async ({ page, server }) => {
  const notices = new Notices(server);
  const id = await notices.create(2023);
  await notices.upload(id, '执行情况说明.pdf', true);
  const number = await notices.publish(id);
  for (const width of [1440, 768, 390]) {
    await page.setViewportSize({ width, height: 900 });
    for (const path of ['/', '/?year=2021&unit=nobody', `/announcements/${number}`]) {
      await page.goto(path);
      expect(await page.evaluate(() => document.documentElement.scrollWidth), `${path} ${width} px`).toBeLessThanOrEqual(width);
      await expectAccessible(page);
    }
  }
});

test('D5 what is not published looks like what does not exist', async ({ page, server, allowConsoleError }) => {
  allowConsoleError(/status of 404/);
  const notices = new Notices(server);
  const { number } = await notices.view(await notices.create(2024));
  const answers = [];
  for (const path of [`/announcements/${number}`, '/announcements/310115-2024-9999', '/announcements/nothing']) {
    const answer = await page.goto(path);
    expect(answer?.status()).toBe(404);
    await expect(page.getByRole('heading', { name: '没有找到这个页面' })).toBeVisible();
    await expectAccessible(page);
    answers.push(await page.content());
  }
  expect(new Set(answers).size).toBe(1);
});

test('D6 after 公告截止时间 it has left the list, is marked as ended, and its address goes on working', async ({ page, server }) => {
  const notices = new Notices(server);
  const id = await notices.create(2024);
  await notices.change(id, { basics: { district: '310115', mode: 'OnApproval', expires_on: '2026-04-30' } });
  const number = await notices.publish(id);
  const link = page.locator(`a[href="/announcements/${number}"]`);
  await server.setClock('2026-04-30 23:59:59');
  await page.goto('/');
  await expect(link).toBeVisible();
  await page.goto(`/announcements/${number}`);
  await expect(page.getByText('公告截止 2026-04-30')).toBeVisible();
  await expect(page.getByText('已截止')).toHaveCount(0);
  await server.setClock('2026-05-01 00:00:00');
  await page.goto('/');
  await expect(link).toHaveCount(0);
  await page.goto(`/announcements/${number}`);
  await expect(page.getByText('已截止')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('上海机动车管理中心2024年面向中小企业预留项目执行情况公告');
  await expectAccessible(page);
});

test('D5 text that looks like markup stays text', async ({ page, server }) => {
  const notices = new Notices(server);
  const id = await notices.create(2024);
  const title = '上海机动车管理中心2024年面向中小企业预留项目执行情况公告<img src=x onerror=alert(1)>';
  await notices.change(id, { title, remark: '</div><script>document.title = "broken"</script>' });
  const number = await notices.publish(id);
  await page.goto(`/announcements/${number}`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(title);
  await expect(page.locator('article.notice')).toContainText('</div><script>');
  expect(await page.locator('article.notice script, article.notice img').count()).toBe(0);
});

test('A13 an announcement of 零报告 alone says so, without table and ratio', async ({ page, server }) => {
  const notices = new Notices(server);
  const desk = new Desk(server, 'jdc');
  const record = await desk.generate(2026);
  await desk.submit(record, '审核人');
  await new Desk(server, 'reviewer').decide(record, true, '同意');
  const number = await notices.publish(await notices.create(2026));
  await page.goto(`/announcements/${number}`);
  await expect(page.locator('article.notice')).toContainText('本部门（单位）2026年无面向中小企业预留项目。');
  await expect(page.locator('article.notice table')).toHaveCount(0);
  await expectAccessible(page);
});
