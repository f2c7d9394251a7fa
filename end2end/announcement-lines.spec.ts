// The announcement's lines as a spreadsheet (E3, C4): what waits for its reason, what others change meanwhile, and that nothing typed is lost.

import type { Page } from '@playwright/test';
import { leftLines, Notices, sheetParts } from './announcement';
import { alive, closeKept, confirm, Desk, dialog, expectAccessible, open } from './office';
import { expect, type Server, test } from './server';

const preview = (page: Page) => page.getByRole('region', { name: '公告预览' });
const shown = (page: Page, row: number, column: number) => preview(page).locator('table.notice-detail').first().locator('tbody tr').nth(row - 1).locator('td').nth(column);
const AMOUNT = 3;

/** The lines of a new announcement as a spreadsheet. */
async function spreadsheet(signedIn: (account: 'jdc') => Promise<Page>, server: Server): Promise<{ notices: Notices; page: Page; id: string }> {
  const notices = new Notices(server);
  const id = await notices.create(2024);
  const page = await signedIn('jdc');
  await page.setViewportSize({ width: 1440, height: 900 });
  await open(page, `/office/announcements/${id}`);
  await page.locator('.steps').getByRole('button', { name: /^公告内容/ }).click();
  await page.getByRole('button', { name: '电子表格' }).click();
  return { notices, page, id };
}

/** The first line as it stands, with some cells changed by a colleague. */
async function colleague(page: Page, notices: Notices, id: string, line: number, change: Record<string, string>): Promise<void> {
  const found = (await notices.view(id)).lines[line] as unknown as { values: { project_name: string; sme: number; small_micro: number; url: string | null } } | undefined;
  if (found === undefined) throw new Error('there is no such line');
  const { project_name, sme, small_micro, url } = found.values;
  const shownAs = { project_name, measure: '整体预留', percent: '', sme: String(sme / 1_000_000), small_micro: String(small_micro / 1_000_000), url: url ?? '' };
  await notices.editLine(id, line, { ...shownAs, ...change }, '同事的修改');
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
}

/** Types a text over what a cell holds. */
async function put(page: Page, row: number, column: string, text: string): Promise<void> {
  await sheetParts(page).at(row, column).click();
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
}

test('E3 the lines as a spreadsheet: locked cells say why, what cannot be read is told at its cell, and it is undone', async ({ signedIn, server }) => {
  const { notices, page, id } = await spreadsheet(signedIn, server);
  const { grid, at, bar } = sheetParts(page);
  await expect(grid).toHaveAttribute('aria-rowcount', `${(await notices.view(id)).lines.length + 1}`);
  await expectAccessible(page);
  await at(1, 'unit').click();
  await expect(at(1, 'unit')).toHaveAttribute('title', /不能在公告中修改/);
  await page.keyboard.type('5');
  await expect(page.locator('.sheet-say')).toContainText('不能在公告中修改');
  const before = await at(1, 'sme').innerText();

  // A text that cannot be read stays at its cell with what is wrong.
  await at(1, 'sme').click();
  await page.keyboard.type('十万');
  await page.keyboard.press('Enter');
  await expect(at(1, 'sme')).toHaveAttribute('aria-invalid', 'true');
  await expect(bar).toContainText('1 行须改正');
  await bar.getByRole('button', { name: '保存修改' }).click();
  await expect(page.getByText('有内容须先改正，见标红的单元格')).toBeVisible();
  await expectAccessible(page);
  await at(1, 'sme').click();
  await page.keyboard.press('Control+z');
  await expect(at(1, 'sme')).toContainText(before);
  await expect(bar).toHaveCount(0);
});

test('E3 rows pasted from another program change together for one reason, and 「提交」 leads to what waits', async ({ signedIn, server }) => {
  const { notices, page, id } = await spreadsheet(signedIn, server);
  const { at, bar } = sheetParts(page);

  // Several rows from another program: one reason.
  await at(1, 'sme').click();
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.setData('text/plain', '500\t100\n600\t200\n');
    document.querySelector('#grid-input')?.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  });
  await expect(at(2, 'small_micro')).toContainText('200');
  await expect(bar).toContainText('2 行的修改还没有保存');
  await page.getByRole('button', { name: '提交', exact: true }).click();
  await expect(page.getByText(/公告内容中有修改还没有保存/)).toBeVisible();
  await expect(bar.getByLabel(/^修改理由/)).toBeFocused();
  await bar.getByRole('button', { name: '保存修改' }).click();
  await expect(bar.getByText('请填写修改理由')).toBeVisible();
  await bar.getByLabel(/^修改理由/).fill('按合同台账核对');
  await bar.getByRole('button', { name: '保存修改' }).click();
  await expect(bar).toHaveCount(0);
  await expect(at(2, 'reason')).toContainText('按合同台账核对');
  await expect(at(1, 'sme')).toContainText('500');

  // A line that has its reason is not asked again.
  await at(1, 'sme').click();
  await page.keyboard.press('F2');
  await page.keyboard.press('Escape');
  await page.keyboard.type('501');
  await page.keyboard.press('Enter');
  await expect.poll(async () => JSON.stringify((await notices.view(id)).lines[0])).toContain('"sme":501000000');
  await expect(bar).toHaveCount(0);
  await page.locator('.steps').getByRole('button', { name: '公告正文' }).click();
  await expect(shown(page, 1, AMOUNT)).toHaveText('501');
});

test('C4 two people in one line: different cells both stay, and what both changed is said before it is saved over', async ({ signedIn, server }) => {
  const { notices, page, id } = await spreadsheet(signedIn, server);
  const { at, bar } = sheetParts(page);
  await at(1, 'small_micro').click();
  await page.keyboard.type('1');
  await page.keyboard.press('Enter');
  await expect(bar).toContainText('1 行的修改还没有保存');
  // A colleague changes the name meanwhile, and later the same figure.
  await colleague(page, notices, id, 0, { project_name: '同事改的名称' });
  await expect(at(1, 'project_name')).toContainText('同事改的名称');
  await expect(at(1, 'small_micro')).toContainText('1');
  await colleague(page, notices, id, 0, { small_micro: '2' });
  await expect(bar.getByRole('alert')).toContainText(/面向小微企业采购金额.*已在别处改为“2”，您输入的是“1”/);
  await expectAccessible(page);
  await bar.getByLabel(/^修改理由/).fill('以合同为准');
  await bar.getByRole('button', { name: '保存修改' }).click();
  await expect(bar).toHaveCount(0);
  const [line] = (await notices.view(id)).lines as unknown as { values: { project_name: string; small_micro: number } }[];
  expect(line?.values.project_name).toBe('同事改的名称');
  expect(line?.values.small_micro).toBe(1_000_000);
});

test('C4 cells that wait for their reason survive a reload: offered with line, before and after, restored and saved', async ({ signedIn, server }) => {
  const { notices, page, id } = await spreadsheet(signedIn, server);
  const { at, bar } = sheetParts(page);
  const step = page.locator('.steps').getByRole('button', { name: /^公告内容/ });
  await expect(step).toHaveAttribute('data-state', 'done');
  const before = (await at(1, 'sme').innerText()).trim();
  await put(page, 1, 'sme', '500');
  await put(page, 1, 'small_micro', '1');
  await put(page, 2, 'project_name', '改过的名称');
  await expect(step).toContainText('2 行未保存');
  await expect(step).not.toHaveAttribute('data-state', 'done');
  await expect(page.getByText('合计已含 2 行未保存的修改')).toBeVisible();
  await bar.getByLabel(/^修改理由/).fill('按台账核对');
  // Typed and not even taken by the cell yet.
  await at(3, 'project_name').click();
  await page.keyboard.type('还在输入');
  await page.reload();
  await alive(page);
  const left = leftLines(page);
  await expect(left).toContainText('上次在公告明细中填写的 4 处修改还没有保存');
  const first = left.locator('.diff li').filter({ hasText: '面向中小企业采购金额' });
  await expect(first).toContainText('第 1 行');
  await expect(first.locator('del')).toHaveText(before);
  await expect(first.locator('ins')).toHaveText('500');
  await expect(left).toContainText('还在输入');
  await expect(left).toContainText('修改理由：按台账核对');
  await expectAccessible(page);
  await left.getByRole('button', { name: '恢复' }).click();
  await expect(left).toHaveCount(0);
  await expect(at(1, 'sme')).toContainText('500');
  await expect(at(3, 'project_name')).toContainText('还在输入');
  await expect(bar).toContainText('3 行的修改还没有保存');
  await expect(bar.getByLabel(/^修改理由/)).toHaveValue('按台账核对');
  await expectAccessible(page);
  // Restored is not yet saved: it is offered again.
  await page.reload();
  await alive(page);
  await left.getByRole('button', { name: '恢复' }).click();
  await bar.getByRole('button', { name: '保存修改' }).click();
  await expect(bar).toHaveCount(0);
  await expect(step).toHaveAttribute('data-state', 'done');
  const lines = JSON.stringify((await notices.view(id)).lines.slice(0, 3));
  for (const words of ['"sme":500000000', '改过的名称', '还在输入', '按台账核对']) expect(lines).toContain(words);
  await page.reload();
  await alive(page);
  await expect(page.getByRole('heading', { name: '2024 年度公告' })).toBeVisible();
  await expect(left).toHaveCount(0);
});

test('C4 a word that is being composed lies in the browser, and the input method is not disturbed', async ({ signedIn, server, context }) => {
  const { page } = await spreadsheet(signedIn, server);
  const { at } = sheetParts(page);
  await at(1, 'project_name').click();
  const keyboard = await context.newCDPSession(page);
  await keyboard.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', windowsVirtualKeyCode: 229, key: 'Process' });
  for (const text of ['x', 'xiao', 'xiao she']) await keyboard.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
  await expect(page.locator('#grid-input')).toHaveValue('xiao she');
  await expect.poll(async () => page.evaluate(() => JSON.stringify(localStorage))).toContain('xiao she');
  await keyboard.send('Input.imeSetComposition', { text: '校舍', selectionStart: 2, selectionEnd: 2 });
  await keyboard.send('Input.insertText', { text: '校舍' });
  await expect(page.locator('#grid-input')).toHaveValue('校舍');
  await page.keyboard.type('修缮');
  await page.keyboard.press('Enter');
  await expect(at(1, 'project_name')).toContainText('校舍修缮');
  // Taken back by Esc, nothing of a cell is kept.
  await at(2, 'project_name').click();
  await page.keyboard.type('不要');
  await page.keyboard.press('Escape');
  await page.reload();
  await alive(page);
  await expect(leftLines(page).locator('.diff li')).toHaveCount(1);
  await expect(leftLines(page).locator('.diff ins')).toHaveText('校舍修缮');
});

test('C4 leaving inside the office loses nothing and says so; what is let go is asked about and gone', async ({ signedIn, server }) => {
  const { page, id } = await spreadsheet(signedIn, server);
  await put(page, 1, 'sme', '500');
  await page.getByRole('navigation', { name: '位置' }).getByRole('link', { name: '公告列表' }).click();
  await expect(page).toHaveURL(/\/office\/announcements$/);
  await expect(page.getByText('明细中未保存的修改已保留在本机，再次打开这份公告时可以恢复')).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL(new RegExp(`${id}$`));
  const left = leftLines(page);
  await expect(left).toContainText('上次在公告明细中填写的 1 处修改');
  await left.getByRole('button', { name: '丢弃' }).click();
  const ask = dialog(page, '丢弃上次填写的内容？');
  await expect(ask).toContainText('1 处修改丢弃后不能找回');
  await expectAccessible(page);
  await confirm(ask);
  await expect(left).toHaveCount(0);
  await page.reload();
  await alive(page);
  await expect(page.getByRole('heading', { name: '2024 年度公告' })).toBeVisible();
  await expect(left).toHaveCount(0);
  expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('setaside-kept')))).toEqual([]);
});

test('C4 a line that was changed or taken out meanwhile: both are shown, the one can be restored, the other is kept until it is let go', async ({ signedIn, server, context }) => {
  const { notices, page, id } = await spreadsheet(signedIn, server);
  await put(page, 1, 'sme', '500');
  await put(page, 2, 'project_name', '我改的名称');
  await expect(sheetParts(page).bar).toContainText('2 行');
  await closeKept(page);
  const again = await context.newPage();
  await notices.removeLine(id, 1, '重复');
  const watcher = await context.newPage();
  await open(watcher, `/office/announcements/${id}`);
  await colleague(watcher, notices, id, 0, { sme: '600', small_micro: '2' });
  await watcher.close();
  await open(again, `/office/announcements/${id}`);
  const left = leftLines(again);
  await expect(left).toContainText('已在别处改为“600”，您输入的是“500”');
  await expect(left).toContainText('该行已从公告中删除，「恢复」该行后才能保存');
  await expect(left).toContainText('其中 1 处的行已被删除或不在公告中，不能恢复');
  await expectAccessible(again);
  await left.getByRole('button', { name: '恢复' }).click();
  const { at, bar } = sheetParts(again);
  await expect(at(1, 'sme')).toContainText('500');
  await expect(bar.getByRole('alert')).toContainText('已在别处改为“600”，您输入的是“500”');
  await expect(left).toContainText('我改的名称');
  await expect(left.getByRole('button', { name: '恢复' })).toHaveCount(0);
  await expectAccessible(again);
  await bar.getByLabel(/^修改理由/).fill('以合同为准');
  await bar.getByRole('button', { name: '保存修改' }).click();
  await expect(bar).toHaveCount(0);
  expect(JSON.stringify((await notices.view(id)).lines[0])).toContain('"sme":500000000');
  await left.getByRole('button', { name: '丢弃' }).click();
  await confirm(dialog(again, '丢弃上次填写的内容？'));
  await expect(left).toHaveCount(0);
});

test('C4 of two windows each keeps its own, and what the one has stored the other no longer offers', async ({ signedIn, server, context }) => {
  const { notices, page, id } = await spreadsheet(signedIn, server);
  const { bar } = sheetParts(page);
  await put(page, 1, 'sme', '500');
  const second = await context.newPage();
  await open(second, `/office/announcements/${id}`);
  const left = leftLines(second);
  await expect(left).toContainText('1 处修改');
  await second.locator('.steps').getByRole('button', { name: /^公告内容/ }).click();
  await second.getByRole('button', { name: '电子表格' }).click();
  await put(second, 2, 'sme', '700');
  await bar.getByLabel(/^修改理由/).fill('按台账核对');
  await bar.getByRole('button', { name: '保存修改' }).click();
  await expect(bar).toHaveCount(0);
  await second.evaluate(() => window.dispatchEvent(new Event('focus')));
  await expect(left).toHaveCount(0);
  await expect(sheetParts(second).at(1, 'sme')).toContainText('500');
  await expect(sheetParts(second).bar).toContainText('1 行的修改还没有保存');
  await page.reload();
  await alive(page);
  await expect(leftLines(page).locator('.diff ins')).toHaveText('700');
  await closeKept(second);
  await leftLines(page).getByRole('button', { name: '恢复' }).click();
  await bar.getByLabel(/^修改理由/).fill('按台账核对');
  await page.keyboard.press('Control+Enter');
  await expect(bar).toHaveCount(0);
  expect(JSON.stringify((await notices.view(id)).lines[1])).toContain('"sme":700000000');
});

test('C4 another person at the same browser is offered nothing of it', async ({ signedIn, server, context }) => {
  const admin = new Desk(server, 'admin');
  const { people } = await admin.ask<{ people: { id: string; login: string; version: number; name: string; unit: string }[] }>('admin_people', { input: { search: 'leader' } });
  const found = people.find((person) => person.login === 'leader');
  if (found === undefined) throw new Error('the demo has no second approver');
  await admin.ask('change_person', { input: { id: found.id, version: found.version, name: found.name, unit: found.unit, roles: { clerk: true, reviewer: true, admin: false } } });
  const { page, id } = await spreadsheet(signedIn, server);
  await put(page, 1, 'sme', '500');
  await closeKept(page);
  const as = async (account: 'jdc' | 'leader') => context.addCookies([{ name: 'setaside', value: server.sessions[account], url: server.url, httpOnly: true, sameSite: 'Lax' }]);
  await as('leader');
  const other = await context.newPage();
  await open(other, `/office/announcements/${id}`);
  await expect(other.locator('.steps')).toBeVisible();
  await expect(leftLines(other)).toHaveCount(0);
  await as('jdc');
  await open(other, `/office/announcements/${id}`);
  await expect(leftLines(other)).toContainText('1 处修改');
});

test('C4 a long table: many cells at once are offered as one, the bar stays in sight, 「提交」 leads to what waits', async ({ signedIn, server }) => {
  const { notices, page, id } = await spreadsheet(signedIn, server);
  const count = (await notices.view(id)).lines.length;
  const { at, bar } = sheetParts(page);
  await at(1, 'sme').click();
  const rows = Array.from({ length: count }, (_, row) => `${900 + row}\t${row}`).join('\n');
  await page.evaluate((text) => {
    const data = new DataTransfer();
    data.setData('text/plain', text);
    document.querySelector('#grid-input')?.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  }, rows);
  await expect(bar).toContainText(`${count} 行的修改还没有保存`);
  await page.setViewportSize({ width: 1440, height: 640 });
  await at(1, 'sme').scrollIntoViewIfNeeded();
  await expect(bar.getByRole('button', { name: '保存修改' })).toBeInViewport({ ratio: 1 });
  await page.reload();
  await alive(page);
  const left = leftLines(page);
  await expect(left).toContainText(`上次在公告明细中填写的 ${2 * count} 处修改`);
  await left.getByText('查看这些修改').click();
  await expectAccessible(page);
  await left.getByRole('button', { name: '恢复' }).click();
  await page.locator('.steps').getByRole('button', { name: /^附件/ }).click();
  await page.getByRole('button', { name: '提交', exact: true }).click();
  await expect(page.getByText(`公告内容中有修改还没有保存（${count} 行）`)).toBeVisible();
  await expect(bar.getByLabel(/^修改理由/)).toBeFocused();
  await expect(bar).toBeInViewport();
  // Each text leads to its cell.
  await bar.getByText(`查看 ${2 * count} 处修改`).click();
  await bar.getByRole('button', { name: /^转到：第 2 行.*面向中小企业采购金额/ }).click();
  await expect(at(2, 'sme')).toHaveClass(/is-active/);
  await bar.getByRole('button', { name: '放弃' }).click();
  await confirm(dialog(page, '放弃未保存的修改？'));
  await expect(bar).toHaveCount(0);
  await expect(at(1, 'sme')).not.toContainText('900');
});
