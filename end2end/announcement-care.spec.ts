// What an announcement's page takes care of: obstacles before 「提交」, faults of a line, the template, an expired sign-in, figures in one piece.

import type { Locator, Page } from '@playwright/test';
import { Notices } from './announcement';
import { confirm, Desk, dialog, expectAccessible, open, saved } from './office';
import { expect, PASSWORD, type Server, test } from './server';

const step = (page: Page, name: RegExp | string) => page.locator('.steps').getByRole('button', { name });
const preview = (page: Page) => page.getByRole('region', { name: '公告预览' });
const text = (page: Page) => page.locator('.editor-body [contenteditable="true"]');
const rows = (page: Page) => page.locator('table.data tbody tr').filter({ visible: true });
const LONG = `上海市浦东新区轨道交通配套设施及周边道路综合整治工程${'ABCDEFGH0123456789'.repeat(4)}第一标段设计施工总承包项目`;

async function written(server: Server): Promise<{ notices: Notices; id: string }> {
  const notices = new Notices(server);
  return { notices, id: await notices.create(2024) };
}

/** Gives the first line a very long name and a long amount, and all lines a link. */
async function lengthen(server: Server, notices: Notices, id: string): Promise<void> {
  for (const [at, line] of (await notices.view(id)).lines.entries()) {
    const draft = { project_name: at === 0 ? LONG : line.values.project_name, measure: '', percent: '', sme: at === 0 ? '2294509.224001' : '1', small_micro: '0', url: 'https://zfcg.gov.example/a' };
    const { version } = await notices.view(id);
    await new Desk(server, 'jdc').ask('change_announcement_line', { input: { id, version, line: line.id, change: { edit: draft }, reason: '核对' } });
  }
}

/** Nothing in these cells is broken over two lines, and nothing sticks out of the table. */
async function expectWhole(place: Locator): Promise<void> {
  const broken = await place.evaluate((root) => {
    const lines = (element: Element) => {
      const range = document.createRange();
      range.selectNodeContents(element);
      return new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size;
    };
    const cells = [...root.querySelectorAll('.notice-detail tbody td.num, .notice-detail tbody a')];
    return cells.filter((cell) => lines(cell) > 1).map((cell) => cell.textContent);
  });
  expect(broken).toEqual([]);
  expect(await place.locator('.notice-detail').evaluate((table) => table.scrollWidth - table.clientWidth)).toBeLessThanOrEqual(1);
}

test('C7 D5 amounts and links stay in one piece in preview, page and print; a very long name gives way', async ({ signedIn, server, page: reader }) => {
  const { notices, id } = await written(server);
  await lengthen(server, notices, id);
  const page = await signedIn('jdc');
  for (const width of [1440, 768, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await open(page, `/office/announcements/${id}`);
    await expectWhole(preview(page));
  }
  const number = await notices.publish(id);
  for (const width of [1440, 768, 390]) {
    await reader.setViewportSize({ width, height: 900 });
    await reader.goto(`/announcements/${number}`);
    await expectWhole(reader.locator('article.notice'));
    expect(await reader.evaluate(() => document.documentElement.scrollWidth), `${width} px`).toBeLessThanOrEqual(width);
  }
  await reader.setViewportSize({ width: 794, height: 1123 });
  await reader.emulateMedia({ media: 'print' });
  await expectWhole(reader.locator('article.notice'));
  expect(await reader.evaluate(() => document.documentElement.scrollWidth), 'print').toBeLessThanOrEqual(794);
});

test('C2 C3 the fields of 基本信息 say at once what 「提交」 would refuse, and nothing jumps', async ({ signedIn, server }) => {
  const { id } = await written(server);
  const page = await signedIn('jdc');
  await open(page, `/office/announcements/${id}`);
  await step(page, '基本信息').click();
  const end = page.getByLabel('公告截止时间');
  const before = await end.boundingBox();
  await expect(page.getByLabel('发布时间')).toBeDisabled();
  await page.getByRole('radio', { name: '定时发布' }).check();
  await expect(page.locator('#publish-at-error')).toHaveText('请填写发布时间，精确到秒，如 2026-03-15 09:00:00');
  expect(await end.boundingBox()).toEqual(before);
  await end.fill('1999-01-01');
  await end.blur();
  await expect(page.locator('#expires-on-error')).toContainText('公告截止时间 1999-01-01 早于发布日期');
  await end.fill('2200-01-01');
  await end.blur();
  await expect(page.locator('#expires-on-error')).toHaveText('公告截止时间超出范围，应在发布日期至 2100-12-31 之间');
  await page.getByLabel('发布时间').fill('2200-01-01T00:00:00');
  await page.getByLabel('发布时间').blur();
  await expect(page.locator('#publish-at-error')).toHaveText('发布时间超出范围，最晚为 2100-12-31');
  await page.getByLabel('发布时间').fill('2026-01-01T09:00:00');
  await page.getByLabel('发布时间').blur();
  await expect(page.locator('.page-note').first()).toContainText('设定的发布时间 2026-01-01 09:00:00 已经过去，请修改');
  await expect(step(page, '基本信息')).not.toHaveAttribute('data-state', 'done');
  await expectAccessible(page);
});

test('C8 「提交」 names every obstacle with the way to it, before an approver is chosen', async ({ signedIn, server }) => {
  const { id } = await written(server);
  const page = await signedIn('jdc');
  await open(page, `/office/announcements/${id}`);
  await page.getByLabel('公告标题').fill('');
  await step(page, '基本信息').click();
  await page.getByLabel('公告截止时间').fill('1999-01-01');
  await page.getByLabel('公告截止时间').blur();
  await step(page, '公告正文').click();
  await page.getByRole('button', { name: '提交', exact: true }).click();
  const list = page.getByRole('region', { name: /^提交前还有 \d+ 处须改正$/ });
  await expect(list).toBeFocused();
  await expect(dialog(page, '提交')).toBeHidden();
  expect(await list.getByRole('button').count()).toBeGreaterThan(1);
  await expectAccessible(page);
  await list.getByRole('button', { name: /公告截止时间 1999-01-01 早于发布日期/ }).click();
  await expect(page.getByLabel('公告截止时间')).toBeFocused();
  await page.getByLabel('公告截止时间').fill('');
  await page.getByLabel('公告截止时间').blur();
  await list.getByRole('button', { name: /^公告正文/ }).first().click();
  await expect(page.getByLabel('公告标题')).toBeFocused();
  await page.getByLabel('公告标题').fill('上海机动车管理中心2024年面向中小企业预留项目执行情况公告');
  await expect(list).toHaveCount(0);
  await page.getByRole('button', { name: '提交', exact: true }).click();
  await expect(dialog(page, '提交')).toBeVisible();
});

test('C4 every wrong field of a line is named, what was approved stays in sight, and 操作日志 follows', async ({ signedIn, server }) => {
  const { id } = await written(server);
  const page = await signedIn('jdc');
  await open(page, `/office/announcements/${id}`);
  await step(page, /^公告内容/).click();
  const first = rows(page).first();
  await expect(first.getByRole('cell').first()).toHaveText('1');
  await first.getByRole('button', { name: /^编辑/ }).click();
  const edit = dialog(page, '编辑明细行');
  const old = await edit.getByLabel('面向中小企业采购金额(万元)').inputValue();
  await expect(edit.getByLabel(/^修改理由/)).toBeInViewport({ ratio: 1 });
  await edit.getByLabel('项目名称').fill('');
  await edit.getByLabel('面向中小企业采购金额(万元)').fill('-1');
  await edit.getByLabel('合同链接').fill('ftp://host');
  await edit.getByLabel(/^修改理由/).fill('');
  await edit.getByRole('button', { name: '确定' }).click();
  for (const field of ['line-project_name', 'line-sme', 'line-url', 'reason']) await expect(edit.locator(`#${field}-error`)).toBeVisible();
  await expectAccessible(page);
  await edit.getByLabel('项目名称').fill('核对后的项目');
  await edit.getByLabel('面向中小企业采购金额(万元)').fill('99999.5');
  await edit.getByLabel('合同链接').fill('');
  await edit.getByLabel(/^修改理由/).fill('经审计调整');
  await confirm(edit);
  await expect(first.locator('del').filter({ hasText: old })).toBeVisible();
  await expect(first.locator('ins').filter({ hasText: '99999.5' })).toBeVisible();
  await expect(page.getByText(/修改明细行/).first()).toBeAttached();

  const second = rows(page).nth(1);
  await second.getByRole('button', { name: /^删除/ }).click();
  const remove = dialog(page, '从公告中删除该行');
  await remove.getByLabel(/^修改理由/).fill('涉密');
  await confirm(remove);
  await expect(second.getByRole('button')).toHaveText(['恢复']);
  await expect(page.getByText(/删除明细行/).first()).toBeAttached();
  await expectAccessible(page);
});

test('C7 「重新套用模板」 asks before it replaces what was written, and 「撤销」 brings it back', async ({ signedIn, server }) => {
  const { id } = await written(server);
  const page = await signedIn('jdc');
  await open(page, `/office/announcements/${id}`);
  await text(page).locator('p').first().click();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await page.keyboard.type('自己写的一段。');
  await expect(preview(page)).toContainText('自己写的一段。');
  await page.getByRole('button', { name: '重新套用模板' }).click();
  const ask = dialog(page, '重新套用模板？');
  await expect(ask).toContainText('已写的内容会被替换');
  await expectAccessible(page);
  await ask.getByRole('button', { name: '取消' }).click();
  await expect(preview(page)).toContainText('自己写的一段。');
  await page.getByRole('button', { name: '重新套用模板' }).click();
  await confirm(ask);
  await expect(preview(page)).not.toContainText('自己写的一段。');
  await expect(text(page)).not.toContainText('自己写的一段。');
  await saved(page);
  await text(page).locator('p').first().click();
  await page.keyboard.press('Control+Z');
  await expect(preview(page)).toContainText('自己写的一段。');
});

test('C7 an expired sign-in loses nothing: one signs in in a new window, and the page goes on', async ({ signedIn, server, context, allowConsoleError }) => {
  allowConsoleError(/status of 401/);
  const { notices, id } = await written(server);
  const page = await signedIn('jdc');
  await open(page, `/office/announcements/${id}`);
  await expect(text(page)).toBeVisible();
  await context.clearCookies();
  const title = '上海机动车管理中心2024年面向中小企业预留项目执行情况公告（登录过期时写的）';
  await page.getByLabel('公告标题').fill(title);
  const ask = dialog(page, '登录已过期');
  await expect(ask).toContainText('本页填写的内容仍然保留');
  await expectAccessible(page);
  const opened = context.waitForEvent('page');
  await ask.getByRole('link', { name: '在新页面登录' }).click();
  const window = await opened;
  await window.getByLabel('登录名').fill('jdc');
  await window.getByLabel('密码').fill(PASSWORD);
  await window.getByRole('button', { name: '登录' }).click();
  await expect(window).toHaveURL(/\/office$/);
  await saved(page);
  await expect(ask).toBeHidden();
  await expect(page.getByLabel('公告标题')).toHaveValue(title);
  expect((await notices.view(id)).title).toBe(title);
});

test('C7 a title at its limit says that nothing more is taken', async ({ signedIn, server }) => {
  const { id } = await written(server);
  const page = await signedIn('jdc');
  await open(page, `/office/announcements/${id}`);
  await expect(page.locator('#title-room')).toHaveText(/^\d+ \/ 200 字$/);
  await page.getByLabel('公告标题').fill('长'.repeat(200));
  await expect(page.getByText('已到 200 字上限，超出的部分没有写入，请检查结尾')).toBeVisible();
  await expectAccessible(page);
});

test('D4 both answers stand in a bar at the lower edge, as for 年度数据', async ({ signedIn, server }) => {
  const { notices, id } = await written(server);
  await notices.submit(id);
  const page = await signedIn('reviewer');
  await page.setViewportSize({ width: 390, height: 800 });
  await open(page, `/office/announcements/${id}`);
  const bar = page.locator('.approve-bar');
  await expect(bar).toBeInViewport();
  await expect(bar.getByRole('button')).toHaveText(['不同意', '同意']);
  await expectAccessible(page);
  await bar.getByRole('button', { name: '不同意' }).click();
  await expect(dialog(page, '审核').getByRole('radio', { name: '不同意' })).toBeChecked();
});
