// The portal for a reader whose browser runs no script (D5, D6, E7, E11): at a desk, on a tablet, on a phone and on paper.

import { execFileSync } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { Notices } from './announcement';
import { importRows, row } from './ledger';
import { Desk, expectAccessible } from './office';
import { expect, type Server, test } from './server';

const WIDTHS = [1440, 768, 390] as const;
const TITLE = '上海机动车管理中心2024年面向中小企业预留项目执行情况公告';
const pictures = fileURLToPath(new URL('results/look', import.meta.url));

test.use({ javaScriptEnabled: false });

/** How a person with scripts looks at it. */
const SCRIPTS = { javaScriptEnabled: true } as const;

/** A published announcement of 2024 that is then corrected by one with a line less; both numbers. */
async function corrected(server: Server): Promise<[string, string]> {
  const notices = new Notices(server);
  const id = await notices.create(2024);
  const old = await notices.publish(id);
  const successor = await notices.correct(id, '重复公布一行');
  await notices.removeLine(successor, 0, '重复公布');
  return [old, await notices.publish(successor)];
}

/** One of 2026 with so many lines. */
async function long(server: Server, lines: number): Promise<string> {
  await importRows(server, Array.from({ length: lines }, (_, at) => row(`L-${String(at + 1)}`, { 项目名称: `第${String(at + 1)}号信息系统运行维护与网络安全等级保护测评服务采购项目` })));
  const record = await new Desk(server, 'unit03').generate(2026);
  await new Desk(server, 'unit03').submit(record, '审核人');
  await new Desk(server, 'reviewer').decide(record, true, '同意');
  const notices = new Notices(server);
  const id = await notices.create(2026);
  await notices.change(id, { remark: '未达到规定预留份额的原因：部分项目不具备预留条件。' });
  return notices.publish(id);
}

/** Nothing is wider than the window, and axe finds nothing. axe is a script, so it looks at the same address, size and cookies in `eye`, where scripts run. */
async function holds(page: Page, eye: Page, width: number): Promise<void> {
  await eye.setViewportSize({ width, height: 900 });
  await eye.context().clearCookies();
  await eye.context().addCookies(await page.context().cookies());
  await eye.goto(page.url());
  expect(await eye.evaluate(() => document.documentElement.scrollWidth), `${page.url()} at ${String(width)} px`).toBeLessThanOrEqual(width);
  await expectAccessible(eye);
}

for (const width of WIDTHS) {
  test(`D5 the announcement is found by words, unit and year, and read, at ${String(width)} px`, async ({ page, server, anotherPerson }) => {
    test.setTimeout(180_000);
    const eye = await anotherPerson(undefined, SCRIPTS);
    await page.setViewportSize({ width, height: 900 });
    const [old, current] = await corrected(server);
    const link = (number: string) => page.locator(`a[href="/announcements/${number}"]`);
    await page.goto('/');
    await holds(page, eye, width);
    await page.getByLabel('关键词').fill('机动车 2024年');
    await page.getByRole('button', { name: '查询' }).click();
    await expect(link(current)).toBeVisible();
    await expect(link(old)).toHaveCount(0);
    await page.getByLabel('公告状态').selectOption({ label: '已更正' });
    await page.getByRole('button', { name: '查询' }).click();
    await expect(link(old)).toBeVisible();
    await expect(page.getByLabel('关键词')).toHaveValue('机动车 2024年');
    await expect(page.locator('.portal-list')).toContainText('已更正');
    await holds(page, eye, width);
    await link(old).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(TITLE);
    await expect(page.getByRole('heading', { name: '本公告已更正，以更正公告为准' })).toBeVisible();
    await holds(page, eye, width);
    await page.getByRole('region', { name: '公告版本' }).getByRole('link', { name: current }).click();
    await expect(page.getByRole('heading', { name: '本公告是更正公告' })).toBeVisible();
    await page.getByRole('link', { name: '本单位历年公告' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('上海机动车管理中心');
    await expect(page.getByRole('table', { name: '历年公告' }).locator('tbody tr', { hasText: '2024' })).toHaveCount(2);
    await holds(page, eye, width);
    await page.getByRole('link', { name: '按年度' }).first().click();
    await page.getByRole('link', { name: '2024 年度' }).click();
    await expect(link(current)).toBeVisible();
    await holds(page, eye, width);
    for (const nothing of ['/?q=没有这样的词', '/units']) {
      await page.goto(nothing);
      await holds(page, eye, width);
    }
  });
}

test('E11 text size and 长者模式 are chosen by a form, remembered, and hold at every width', async ({ page, server, anotherPerson }) => {
  test.setTimeout(240_000);
  const eye = await anotherPerson(undefined, SCRIPTS);
  const notices = new Notices(server);
  const number = await notices.publish(await notices.create(2024));
  const size = async () => page.locator('.notice-paragraph').first().evaluate((element) => Number.parseFloat(getComputedStyle(element).fontSize));
  await page.goto(`/announcements/${number}`);
  const standard = await size();
  await expect(page.getByRole('button', { name: '标准字号' })).toHaveAttribute('aria-pressed', 'true');
  await page.getByRole('button', { name: '大字' }).click();
  await expect(page).toHaveURL(`${server.url}/announcements/${number}`);
  const large = await size();
  await page.getByRole('button', { name: '长者模式' }).click();
  const elder = await size();
  expect(large).toBeGreaterThan(standard * 1.1);
  expect(elder).toBeGreaterThan(large * 1.1);
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    for (const path of ['/', `/announcements/${number}`, '/years/2021', '/units']) {
      await page.goto(path);
      await expect(page.getByRole('button', { name: '长者模式' })).toHaveAttribute('aria-pressed', 'true');
      await holds(page, eye, width);
    }
  }
  await page.getByRole('button', { name: '标准字号' }).click();
  await page.goto(`/announcements/${number}`);
  expect(await size()).toBe(standard);
});

test('D5 nonsense in the address is answered by what is wrong with it', async ({ page, allowConsoleError, anotherPerson }) => {
  allowConsoleError(/status of 40[04]/);
  await page.goto('/?year=abc&district=1&q=机动车');
  await expect(page.getByRole('heading', { name: '查询条件无法识别' })).toBeVisible();
  await expect(page.getByText('年度“abc”不是四位年份（2021 年起），请从列表中选择')).toBeVisible();
  await expect(page.getByText('行政区划代码“1”不存在，请从列表中选择')).toBeVisible();
  await expect(page.getByLabel('关键词')).toHaveValue('机动车');
  await holds(page, await anotherPerson(undefined, SCRIPTS), 1440);
  await page.goto('/?page=7');
  await expect(page.getByText(/没有第 7 页/)).toBeVisible();
  await page.getByRole('link', { name: '第 1 页' }).first().click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('最新公告');
});

test('E7 no figure of 改前 and 改后 is cut in two, in 长者模式 on a phone either', async ({ page, server, anotherPerson }) => {
  const [old] = await corrected(server);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`/announcements/${old}`);
  await page.getByRole('button', { name: '长者模式' }).click();
  await expect(page).toHaveURL(new RegExp(old));
  const eye = await anotherPerson(undefined, SCRIPTS);
  await holds(page, eye, 390);
  const cut = await eye.locator('.notice-correction td').evaluateAll((cells) =>
    cells
      .filter((cell) => /^[\d.]+(（未变）)?$/.test(cell.textContent.trim()))
      .filter((cell) => {
        const range = document.createRange();
        const text = cell.firstChild as Text;
        range.setStart(text, 0);
        range.setEnd(text, text.data.replace('（未变）', '').length);
        return range.getClientRects().length > 1;
      })
      .map((cell) => cell.textContent),
  );
  expect(cut).toEqual([]);
  await expect(eye.locator('.notice-correction td').first()).toBeVisible();
  await eye.screenshot({ path: `${pictures}/portal-differences-elder.png`, fullPage: true });
});

test('D5 an announcement of 1,000 lines is read on a phone and on paper', async ({ page, server, anotherPerson }) => {
  test.setTimeout(240_000);
  const eye = await anotherPerson(undefined, SCRIPTS);
  const number = await long(server, 1_000);
  await mkdir(pictures, { recursive: true });
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    await page.goto(`/announcements/${number}`);
    const lines = page.locator('.notice-detail tbody tr');
    await expect(lines).toHaveCount(1_000);
    await lines.nth(999).scrollIntoViewIfNeeded();
    await expect(lines.nth(999)).toContainText('号信息系统运行维护');
    await expect(page.getByText('未达到规定预留份额的原因')).toHaveCount(1);
    expect(await page.locator('html').evaluate((root) => root.scrollWidth)).toBeLessThanOrEqual(width);
    await page.screenshot({ path: `${pictures}/portal-long-${String(width)}.png` });
    await holds(page, eye, width);
  }
  await page.emulateMedia({ media: 'print' });
  const paper = await page.pdf({ path: `${pictures}/portal-long.pdf`, format: 'A4', margin: { top: '15mm', bottom: '15mm', left: '15mm', right: '15mm' } });
  // Every line on paper: about thirty to a sheet.
  const sheets = paper.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
  expect(sheets).toBeGreaterThan(15);
  expect(sheets).toBeLessThan(120);
});

test('E12 the detail is downloaded from the page, and the page of open data is read at every width', async ({ page, server, anotherPerson }) => {
  const notices = new Notices(server);
  const number = await notices.publish(await notices.create(2024));
  await page.goto(`${server.url}/announcements/${number}`);
  const downloads = page.getByRole('navigation', { name: '下载公告和项目明细' });
  const files = [['下载公告（PDF）', '%PDF'], ['下载项目明细（XLSX）', 'PK'], ['下载项目明细（CSV）', '\u{FEFF}']] as const;
  for (const [name, beginning] of files) {
    const [file] = await Promise.all([page.waitForEvent('download'), downloads.getByRole('link', { name }).click()]);
    expect(file.suggestedFilename()).toContain(number);
    const content = await readFile(await file.path());
    expect(content.length).toBeGreaterThan(200);
    expect(content.subarray(0, Buffer.byteLength(beginning))).toEqual(Buffer.from(beginning));
  }
  await page.getByRole('link', { name: '开放数据' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('开放数据');
  const eye = await anotherPerson(undefined, SCRIPTS);
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    await holds(page, eye, width);
    await eye.screenshot({ path: `${pictures}/open-data-${String(width)}.png`, fullPage: true });
  }
  const feed = await page.request.get(`${server.url}/feed.atom`);
  expect(feed.headers()['content-type']).toContain('application/atom+xml');
  expect(await feed.text()).toContain(number);
});

test('E7 a corrected and a revoked announcement on paper say so', async ({ page, server }) => {
  const [old, current] = await corrected(server);
  await mkdir(pictures, { recursive: true });
  for (const number of [old, current]) {
    await page.goto(`/announcements/${number}`);
    await page.emulateMedia({ media: 'print' });
    await expect(page.getByRole('heading', { name: /更正公告/ }).first()).toBeVisible();
    await expect(page.locator('.portal-head')).toBeHidden();
    await page.pdf({ path: `${pictures}/portal-${number}.pdf`, preferCSSPageSize: true });
  }
  // Every sheet says it by itself, also where the rest was lost.
  const sheets = execFileSync('pdftotext', ['-layout', `${pictures}/portal-${old}.pdf`, '-'], { encoding: 'utf8' }).split('\f').filter((sheet) => sheet.trim() !== '');
  expect(sheets.length).toBeGreaterThan(0);
  for (const sheet of sheets) expect(sheet).toContain('本公告已更正');
  const stands = execFileSync('pdftotext', ['-layout', `${pictures}/portal-${current}.pdf`, '-'], { encoding: 'utf8' });
  expect(stands).not.toContain('本公告已更正');
});

test('D5 the 主管 chooses to show its progress on the page of a year', async ({ page, server, anotherPerson }) => {
  const notices = new Notices(server);
  await notices.publish(await notices.create(2024));
  await page.goto('/years/2024');
  await expect(page.getByText('发布进度')).toHaveCount(0);
  const office = await anotherPerson('jdc', SCRIPTS);
  await office.goto('/office/settings');
  await office.locator('html[data-ready]').waitFor({ state: 'attached' });
  await office.getByLabel('在门户的年度页面公示本部门的发布进度').selectOption({ label: '自 2023 年度起公示' });
  await office.getByRole('region', { name: '门户公示' }).getByRole('button', { name: '保存' }).click();
  await expect(office.getByText('门户公示已保存')).toBeVisible();
  await expectAccessible(office);
  await server.setClock('2026-03-20 09:01:00');
  await page.goto('/years/2024');
  await expect(page.getByRole('heading', { name: '发布进度' })).toBeVisible();
  await expect(page.getByText(/已纳入公告的单位（\d 家）/)).toBeVisible();
  await holds(page, await anotherPerson(undefined, SCRIPTS), 1440);
});
