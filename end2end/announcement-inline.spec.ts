// Editing the detail lines in place, in the live preview (C4, C7): by the pointer, by the keyboard alone, on a phone.

import type { Page } from '@playwright/test';
import { Notices } from './announcement';
import { expectAccessible, open } from './office';
import { expect, type Server, test } from './server';

const preview = (page: Page) => page.getByRole('region', { name: '公告预览' });
const table = (page: Page) => preview(page).locator('table.notice-detail').first();
const cell = (page: Page, row: number, column: number) => table(page).locator('tbody tr').nth(row - 1).locator('td').nth(column);
const form = (page: Page) => page.locator('.inline-edit');
const AMOUNT = 3;

test('C4 a cell of the preview opens in place, is checked by the rules of the record, asks why once for a line, and the preview follows', async ({ signedIn, server, anotherPerson }) => {
  const notices = new Notices(server);
  const id = await notices.create(2024);
  const page = await signedIn('jdc');
  await open(page, `/office/announcements/${id}`);
  await expect(table(page)).toHaveAttribute('role', 'grid');
  const before = await cell(page, 2, AMOUNT).innerText();
  await preview(page).evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await cell(page, 2, AMOUNT).scrollIntoViewIfNeeded();
  await cell(page, 2, AMOUNT).click();
  const amount = form(page).getByLabel('面向中小企业采购金额(万元)');
  await expect(amount).toBeFocused();
  await expectAccessible(page);
  await amount.fill('十万');
  await form(page).getByRole('button', { name: '确定' }).click();
  await expect(page.locator('#inline-sme-error')).toBeVisible();
  await expect(page.locator('#inline-reason-error')).toBeVisible();
  await expect(amount).toBeFocused();
  await expectAccessible(page);
  await amount.fill('８８８．５');
  await form(page).getByLabel('面向小微企业采购金额(万元)').fill('999');
  await form(page).getByLabel(/^修改理由/).fill('合同补充协议');
  await form(page).getByRole('button', { name: '确定' }).click();
  await expect(page.locator('#inline-small_micro-error')).toContainText('不能大于面向中小企业采购金额 888.5 万元');
  // What is typed is not lost by pointing elsewhere.
  await cell(page, 1, AMOUNT).click();
  await expect(page.getByText('请先确定或取消正在修改的单元格')).toBeVisible();
  await form(page).getByLabel('面向小微企业采购金额(万元)').fill('100');
  const scrolled = await preview(page).evaluate((element) => element.scrollTop);
  await page.keyboard.press('Enter');
  await expect(form(page)).toHaveCount(0);
  await expect(cell(page, 2, AMOUNT)).toHaveText('888.5');
  await expect(cell(page, 2, AMOUNT)).toBeFocused();
  expect(await preview(page).evaluate((element) => element.scrollTop)).toBe(scrolled);

  // The reason stays for the next cell of the line.
  await cell(page, 2, 1).click();
  await expect(form(page).getByLabel(/^修改理由/)).toHaveValue('合同补充协议');
  await form(page).getByLabel('项目名称').fill('更名后的项目');
  await page.keyboard.press('Enter');
  await expect(cell(page, 2, 1)).toHaveText('更名后的项目');

  // 「删除」 asks why as well.
  await cell(page, 3, 1).click();
  await form(page).getByRole('button', { name: '删除该行' }).click();
  await expect(page.locator('#inline-reason-error')).toBeVisible();
  const rows = await table(page).locator('tbody tr').count();
  await form(page).getByLabel(/^修改理由/).fill('重复');
  await form(page).getByRole('button', { name: '删除该行' }).click();
  await expect(table(page).locator('tbody tr')).toHaveCount(rows - 1);
  await expectAccessible(page);

  const number = await notices.publish(id);
  const reviewer = await anotherPerson('reviewer');
  await open(reviewer, `/office/announcements/${id}`);
  const differences = reviewer.locator('.diff li');
  await expect(differences.filter({ hasText: '面向中小企业采购金额(万元)' }).first()).toContainText(before);
  await expect(differences.filter({ hasText: '888.5' })).toContainText('理由：合同补充协议');
  // Nothing of the editing is on the public page.
  const html = await (await fetch(`${server.url}/announcements/${number}`)).text();
  expect(html).toContain('888.5');
  expect(html).not.toMatch(/role="grid"|inline-edit|preview-hint|tabindex="-1"[^>]*data-label/);
});

test('C4 by the keyboard alone: Tab reaches the table, arrows move, Enter opens, Esc takes back, the focus stays', async ({ signedIn, server }) => {
  const id = await new Notices(server).create(2024);
  const page = await signedIn('jdc');
  await page.setViewportSize({ width: 1440, height: 900 });
  await open(page, `/office/announcements/${id}`);
  await expect(table(page)).toHaveAttribute('role', 'grid');
  await preview(page).focus();
  await page.keyboard.press('Tab');
  await expect(cell(page, 1, 1)).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  await expect(page.getByText('序号按明细行的顺序给出，不能修改')).toBeVisible();
  await expect(cell(page, 1, 0)).toHaveAttribute('aria-readonly', 'true');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect(form(page).getByLabel('预留选项')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(form(page)).toHaveCount(0);
  await expect(cell(page, 2, 2)).toBeFocused();
  await page.keyboard.press('ArrowRight');
  const before = await cell(page, 2, AMOUNT).innerText();
  await page.keyboard.press('F2');
  await expect(form(page).getByLabel('面向中小企业采购金额(万元)')).toBeFocused();
  await page.keyboard.type('777');
  await page.keyboard.press('Escape');
  await expect(cell(page, 2, AMOUNT)).toHaveText(before);
  await expect(cell(page, 2, AMOUNT)).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.type('777');
  await page.keyboard.press('Tab');
  await page.keyboard.type('0');
  await page.keyboard.press('Tab');
  await page.keyboard.type('经核对');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(cell(page, 2, AMOUNT)).toHaveText('777');
  await expect(cell(page, 2, AMOUNT)).toBeFocused();
  await expectAccessible(page);
});

test('C4 on a phone the open cell lies at the bottom of the screen', async ({ signedIn, server }) => {
  const id = await new Notices(server).create(2024);
  const page = await signedIn('jdc');
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page, `/office/announcements/${id}`);
  await expect(table(page)).toHaveAttribute('role', 'grid');
  await cell(page, 1, AMOUNT).click();
  await expect(form(page)).toBeInViewport({ ratio: 1 });
  await expectAccessible(page);
  await form(page).getByLabel('面向中小企业采购金额(万元)').fill('666');
  await form(page).getByLabel('面向小微企业采购金额(万元)').fill('0');
  await form(page).getByLabel(/^修改理由/).fill('经核对');
  await form(page).getByRole('button', { name: '确定' }).click();
  await expect(cell(page, 1, AMOUNT)).toHaveText('666');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});

function parts(page: Page) {
  return {
    grid: page.getByRole('grid', { name: '公告明细' }),
    at: (row: number, column: string) => page.locator(`#announcement-grid [role=row][aria-rowindex="${row + 1}"] [data-column="${column}"]`),
    bar: page.getByRole('form', { name: '保存明细的修改' }),
  };
}

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

test('E3 the lines as a spreadsheet: locked cells say why, what cannot be read is told at its cell, and it is undone', async ({ signedIn, server }) => {
  const { notices, page, id } = await spreadsheet(signedIn, server);
  const { grid, at, bar } = parts(page);
  await expect(grid).toHaveAttribute('aria-rowcount', `${(await notices.view(id)).lines.length + 1}`);
  await expectAccessible(page);
  await at(1, 'unit').click();
  await expect(at(1, 'unit')).toHaveAttribute('title', /不能在公告中修改/);
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
  const { at, bar } = parts(page);

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
  await expect(cell(page, 1, AMOUNT)).toHaveText('501');
});

test('C4 two people in one line: different cells both stay, and what both changed is said before it is saved over', async ({ signedIn, server }) => {
  const { notices, page, id } = await spreadsheet(signedIn, server);
  const { at, bar } = parts(page);
  await at(1, 'small_micro').click();
  await page.keyboard.type('1');
  await page.keyboard.press('Enter');
  await expect(bar).toContainText('1 行的修改还没有保存');
  // A colleague changes the name meanwhile, and later the same figure.
  const [measure, percent] = [(await at(1, 'measure').innerText()).trim(), (await at(1, 'percent').innerText()).trim()];
  const colleague = async (change: Record<string, string>) => {
    const [line] = (await notices.view(id)).lines as unknown as { values: { project_name: string; sme: number; small_micro: number; url: string | null } }[];
    if (line === undefined) throw new Error('there is no line');
    const { project_name, sme, small_micro, url } = line.values;
    const shown = { project_name, measure, percent, sme: String(sme / 1_000_000), small_micro: String(small_micro / 1_000_000), url: url ?? '' };
    await notices.editLine(id, 0, { ...shown, ...change }, '同事的修改');
    await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  };
  await colleague({ project_name: '同事改的名称' });
  await expect(at(1, 'project_name')).toContainText('同事改的名称');
  await expect(at(1, 'small_micro')).toContainText('1');
  await colleague({ small_micro: '2' });
  await expect(bar.getByText(/面向小微企业采购金额.*已在别处改为“2”，您输入的是“1”/)).toBeVisible();
  await expectAccessible(page);
  await bar.getByLabel(/^修改理由/).fill('以合同为准');
  await bar.getByRole('button', { name: '保存修改' }).click();
  await expect(bar).toHaveCount(0);
  const [line] = (await notices.view(id)).lines as unknown as { values: { project_name: string; small_micro: number } }[];
  expect(line?.values.project_name).toBe('同事改的名称');
  expect(line?.values.small_micro).toBe(1_000_000);
});
