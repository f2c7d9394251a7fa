// The detail table as a spreadsheet: keys, ranges, clipboard, filling, undo, sorting, 20 000 rows (E3).

import { randomUUID } from 'node:crypto';
import type { Page } from '@playwright/test';
import { importRows, row as ledgerRow } from './ledger';
import { alive, box, cell, Desk, expectAccessible, expectActive, expectRows, goTo, open, put, row, saved, write } from './office';
import { expect, type Server, test } from './server';

/** Adds many lines by the command that the page sends. */
async function addLines(desk: Desk, record: string, lines: Record<string, string>[]): Promise<void> {
  for (let from = 0; from < lines.length; from += 500) {
    const changes = lines.slice(from, from + 500).map((cells) => ({ add: { line: randomUUID(), cells: Object.entries(cells) } }));
    await desk.ask('change_lines', { input: { record, changes } });
  }
}

const whole = (at: number): Record<string, string> => ({ project_name: `项目${at}`, measure: '整体预留', sme: `${at}`, small_micro: '1' });

/** A record of 2026 with these lines, and its page. */
async function withLines(server: Server, signedIn: (account: 'unit03') => Promise<Page>, count: number): Promise<{ desk: Desk; record: string; page: Page }> {
  const desk = new Desk(server, 'unit03');
  const record = await desk.generate(2026);
  await addLines(desk, record, Array.from({ length: count }, (_, at) => whole(at + 1)));
  const page = await signedIn('unit03');
  await open(page, `/office/records/${record}`);
  await expectRows(page, count);
  return { desk, record, page };
}

/** What the cells of a column show, row by row. */
async function column(page: Page, code: string, count: number): Promise<string[]> {
  const texts: string[] = [];
  for (let at = 1; at <= count; at += 1) texts.push(((await cell(page, at, code).locator('.sheet-text').textContent()) ?? '').trim());
  return texts;
}

test('E3 it is a grid to a screen reader: names, positions, what is locked, what is wrong', async ({ signedIn, server }) => {
  const { page } = await withLines(server, signedIn, 3);
  const grid = page.getByRole('grid', { name: '项目明细' });
  await expect(grid).toHaveAttribute('aria-rowcount', '4');
  await expect(grid).toHaveAttribute('aria-colcount', '10');
  await goTo(page, 2, 'sme');
  await expect(box(page)).toHaveAccessibleName('第 2 行 面向中小企业采购金额');
  const active = await box(page).getAttribute('aria-activedescendant');
  await expect(cell(page, 2, 'sme')).toHaveAttribute('id', active ?? 'none');
  await expect(cell(page, 2, 'sme')).toHaveAttribute('aria-colindex', '5');
  await put(page, 2, 'small_micro', '9');
  await expect(cell(page, 2, 'small_micro')).toHaveAttribute('aria-invalid', 'true');
  await page.keyboard.press('ArrowUp');
  await expect(box(page)).toHaveAttribute('aria-invalid', 'true');
  await expect(box(page)).toHaveAccessibleDescription('小微金额 9 不能大于中小金额 2');
  await expectAccessible(page);
});

test('E3 keys move as in a spreadsheet', async ({ signedIn, server }) => {
  const { page } = await withLines(server, signedIn, 30);
  await goTo(page, 3, 'sme');
  for (const [key, at, code] of [
    ['ArrowDown', 4, 'sme'],
    ['ArrowRight', 4, 'small_micro'],
    ['Home', 4, 'project_name'],
    ['End', 4, 'remove'],
    ['Control+Home', 1, 'project_name'],
    ['Control+ArrowDown', 30, 'project_name'],
    ['Control+ArrowUp', 1, 'project_name'],
    ['Control+ArrowRight', 1, 'measure'],
    ['Control+End', 30, 'remove'],
    ['Shift+Tab', 30, 'reason'],
    ['Tab', 30, 'remove'],
  ] as const) {
    await page.keyboard.press(key);
    await expectActive(page, at, code);
  }
  // Tab, Tab, Enter: back to the column where the row began, one row on.
  await goTo(page, 5, 'percent');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expectActive(page, 6, 'percent');
});

test('E3 F2 and a double click open a cell with what it holds, a key opens it empty, Esc takes back', async ({ signedIn, server }) => {
  const { page } = await withLines(server, signedIn, 3);
  await goTo(page, 1, 'project_name');
  await page.keyboard.press('F2');
  await expect(box(page)).toHaveValue('项目1');
  await page.keyboard.type('甲');
  await page.keyboard.press('Escape');
  await expect(cell(page, 1, 'project_name')).toHaveText('项目1');
  await cell(page, 1, 'project_name').dblclick();
  await expect(box(page)).toHaveValue('项目1');
  await page.keyboard.press('Escape');
  await page.keyboard.type('乙');
  await expect(box(page)).toHaveValue('乙');
  await page.keyboard.press('Enter');
  await expect(cell(page, 1, 'project_name')).toHaveText('乙');
  await expectActive(page, 2, 'project_name');
});

test('E3 a range is filled down, emptied, and taken back step by step', async ({ signedIn, server }) => {
  const { page } = await withLines(server, signedIn, 6);
  await goTo(page, 2, 'sme');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowRight');
  await expect(page.locator('.sheet-hint')).toContainText('已选 6 格，金额 6 个，合计 12 万元');
  await expect(page.locator('#lines-grid [aria-selected=true]')).toHaveCount(6);
  await page.keyboard.press('Control+d');
  expect(await column(page, 'sme', 6)).toEqual(['1', '2', '2', '2', '5', '6']);
  await page.keyboard.press('Delete');
  expect(await column(page, 'sme', 6)).toEqual(['1', '待补充', '待补充', '待补充', '5', '6']);
  await expect(page.locator('#sum-sme')).toHaveText('12');
  await page.keyboard.press('Control+z');
  expect(await column(page, 'sme', 6)).toEqual(['1', '2', '2', '2', '5', '6']);
  await page.keyboard.press('Control+z');
  expect(await column(page, 'sme', 6)).toEqual(['1', '2', '3', '4', '5', '6']);
  await page.keyboard.press('Control+y');
  expect(await column(page, 'sme', 6)).toEqual(['1', '2', '2', '2', '5', '6']);
  await saved(page);
  await page.reload();
  await alive(page);
  await expect(page.locator('#sum-sme')).toHaveText('18');
});

test('E3 the fill handle repeats what is selected', async ({ signedIn, server }) => {
  const { page } = await withLines(server, signedIn, 6);
  await goTo(page, 1, 'reason');
  await put(page, 1, 'reason', '甲');
  await put(page, 2, 'reason', '乙');
  await goTo(page, 1, 'reason');
  await page.keyboard.press('Shift+ArrowDown');
  const grip = await page.locator('.sheet-grip').boundingBox();
  const target = await cell(page, 6, 'reason').boundingBox();
  if (grip === null || target === null) throw new Error('nothing to drag');
  await page.mouse.move(grip.x + 4, grip.y + 4);
  await page.mouse.down();
  await page.mouse.move(target.x + 10, target.y + 10, { steps: 5 });
  await page.mouse.up();
  expect(await column(page, 'reason', 6)).toEqual(['甲', '乙', '甲', '乙', '甲', '乙']);
  await page.keyboard.press('Control+z');
  expect(await column(page, 'reason', 6)).toEqual(['甲', '乙', '', '', '', '']);
});

test('E3 a range is copied as text and as a table, and pasted as one step', async ({ signedIn, server, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const { page } = await withLines(server, signedIn, 6);
  await goTo(page, 1, 'project_name');
  await page.keyboard.press('Shift+ArrowDown');
  for (let step = 0; step < 3; step += 1) await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('Control+c');
  const held = await page.evaluate(async () => {
    const [item] = await navigator.clipboard.read();
    if (item === undefined) throw new Error('nothing on the clipboard');
    const read = async (type: string): Promise<string> => (await item.getType(type)).text();
    return { text: await read('text/plain'), html: await read('text/html') };
  });
  expect(held.text).toBe('项目1\t整体预留\t\t1\n项目2\t整体预留\t\t2\n');
  expect(held.html).toContain('项目2');
  await goTo(page, 4, 'project_name');
  await page.keyboard.press('Control+v');
  expect(await column(page, 'project_name', 6)).toEqual(['项目1', '项目2', '项目3', '项目1', '项目2', '项目6']);
  expect(await column(page, 'sme', 6)).toEqual(['1', '2', '3', '1', '2', '6']);
  await page.keyboard.press('Control+z');
  expect(await column(page, 'project_name', 6)).toEqual(['项目1', '项目2', '项目3', '项目4', '项目5', '项目6']);
  await page.keyboard.press('Control+z');
  await expect(page.getByText('没有可以撤销的操作')).toBeVisible();
  // One cell of another program fills the range.
  await page.evaluate(() => navigator.clipboard.writeText('１２．５'));
  await goTo(page, 1, 'sme');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Control+v');
  expect(await column(page, 'sme', 3)).toEqual(['12.5', '12.5', '3']);
  await page.keyboard.press('Control+x');
  expect(await column(page, 'sme', 3)).toEqual(['待补充', '待补充', '3']);
});

test('E3 a hundred steps are taken back, whatever was sorted and filtered meanwhile', async ({ signedIn, server }) => {
  test.slow();
  const { page } = await withLines(server, signedIn, 10);
  for (let step = 1; step <= 100; step += 1) {
    await goTo(page, (step % 10) + 1, 'percent');
    await page.keyboard.type(`${(step % 90) + 1}`);
    await page.keyboard.press('Enter');
    if (step === 50) await page.getByLabel('排序').selectOption({ label: '面向中小企业采购金额(万元) ↓' });
  }
  await page.getByLabel('显示哪些行').selectOption('手动录入');
  await page.getByLabel('在明细中查找').fill('项目7');
  await expectRows(page, 1);
  await goTo(page, 1, 'sme');
  for (let step = 0; step < 100; step += 1) await page.keyboard.press('Control+z');
  await page.getByLabel('在明细中查找').fill('');
  await page.getByLabel('排序').selectOption('按录入顺序');
  await expectRows(page, 10);
  expect(await column(page, 'percent', 10)).toEqual(Array.from({ length: 10 }, () => ''));
  for (let step = 0; step < 100; step += 1) {
    await goTo(page, 1, 'sme');
    await page.keyboard.press('Control+y');
  }
  expect((await column(page, 'percent', 10)).every((text) => text !== '')).toBe(true);
});

test('E3 sorting and filtering keep the place, and never change a line', async ({ signedIn, server }) => {
  const { page } = await withLines(server, signedIn, 40);
  await goTo(page, 7, 'sme');
  await page.getByRole('columnheader', { name: '面向中小企业采购金额(万元)' }).getByRole('button').click();
  await page.getByRole('columnheader', { name: '面向中小企业采购金额(万元)' }).getByRole('button').click();
  await expect(page.getByRole('columnheader', { name: '面向中小企业采购金额(万元)' })).toHaveAttribute('aria-sort', 'descending');
  await expect(cell(page, 34, 'project_name')).toHaveText('项目7');
  await expect(cell(page, 34, 'sme')).toHaveClass(/is-active/);
  await expect(row(page, 34).getByRole('rowheader')).toHaveText('7');
  await page.getByLabel('在明细中查找').fill('项目7');
  await expect(page.getByText('显示 1 / 40 行')).toBeVisible();
  await expect(cell(page, 1, 'sme')).toHaveClass(/is-active/);
  await expect(page.locator('#sum-sme')).toHaveText('820');
  await expectAccessible(page);
});

test('E3 a deleted line comes back by Ctrl+Z, stored as it was', async ({ signedIn, server }) => {
  const { desk, record, page } = await withLines(server, signedIn, 3);
  await page.getByRole('button', { name: '删除第 2 行' }).click();
  await page.getByRole('dialog', { name: '确定删除？' }).getByRole('button', { name: '确定' }).click();
  await expectRows(page, 2);
  await saved(page);
  expect((await desk.view(record)).lines).toHaveLength(2);
  await expectActive(page, 2, 'project_name');
  await page.keyboard.press('Control+z');
  await expectRows(page, 3);
  await expect(cell(page, 2, 'project_name')).toHaveText('项目2');
  await expect.poll(async () => (await desk.view(record)).lines.length).toBe(3);
  await expect(page.locator('#sum-sme')).toHaveText('6');
});

test('E3 columns are made wider by keys and by dragging, and the cells stay where they are', async ({ signedIn, server }) => {
  const { page } = await withLines(server, signedIn, 3);
  await goTo(page, 1, 'measure');
  const width = async (): Promise<number> => (await cell(page, 1, 'measure').boundingBox())?.width ?? 0;
  const before = await width();
  await page.keyboard.press('Alt+ArrowRight');
  await expect.poll(width).toBeCloseTo(before + 16, 0);
  const edge = await page.locator('.sheet-head[data-column=measure] .sheet-edge').boundingBox();
  if (edge === null) throw new Error('nothing to drag');
  await page.mouse.move(edge.x + 3, edge.y + 5);
  await page.mouse.down();
  await page.mouse.move(edge.x + 63, edge.y + 5, { steps: 4 });
  await page.mouse.up();
  await expect.poll(width).toBeCloseTo(before + 76, 0);
  await write(page, 1, 'sme', '5');
  const [editor, target] = [await box(page).boundingBox(), await cell(page, 1, 'sme').boundingBox()];
  expect(Math.abs((editor?.x ?? 0) - (target?.x ?? 99))).toBeLessThan(2);
  expect(Math.abs((editor?.y ?? 0) - (target?.y ?? 99))).toBeLessThan(2);
});

test('A7 「按比例推算」 stands whole beside 「项目采购（改造前）」 at every width', async ({ signedIn, server }) => {
  const estimated = { 预留选项: '合同分包预留', 预留对象: '小微企业', '预留比例（%）': '40', 项目创建日期: '2023-05-06' };
  await importRows(server, [ledgerRow('HT-1', estimated), ledgerRow('HT-2')]);
  const record = await new Desk(server, 'unit03').generate(2026);
  const page = await signedIn('unit03');
  await open(page, `/office/records/${record}`);
  const source = cell(page, 1, 'source');
  await expect(source).toContainText('项目采购（改造前）');
  await expect(source).toContainText('按比例推算');
  for (const width of [1440, 768, 390]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await source.evaluate((cell) => cell.scrollWidth - cell.clientWidth), `at ${width}`).toBeLessThanOrEqual(0);
    const whole = await source.evaluate((cell) => {
      const edge = (part: Element) => part.getBoundingClientRect().right;
      const within = (chip: Element) => Math.min(edge(cell), edge(chip.parentElement ?? cell));
      return [...cell.querySelectorAll('.chip')].map((chip) => edge(chip) <= within(chip) + 0.5);
    });
    expect(whole, `at ${width}`).toEqual([true, true]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), `at ${width}`).toBe(0);
  }
  await expectAccessible(page);
});

test('E3 a jump to a cell leaves the title of its card whole under the bars that stay', async ({ signedIn, server }) => {
  const record = await new Desk(server, 'unit03').generate(2025);
  const page = await signedIn('unit03');
  await open(page, `/office/records/${record}`);
  const [head, title] = [page.locator('.page-head'), page.getByRole('heading', { name: '中小企业预留执行项目明细' })];
  const place = async () => {
    const [bar, words] = [await head.boundingBox(), await title.boundingBox()];
    return (words?.y ?? 0) - (bar?.y ?? 0) - (bar?.height ?? 0);
  };
  for (const height of [900, 760]) {
    await page.setViewportSize({ width: 1440, height });
    // The title half under the head of the page, above everything, and far below.
    for (const to of [-10, 400, -1500]) {
      await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
      await page.evaluate((by) => window.scrollBy(0, by), (await place()) - to);
      await page.getByRole('button', { name: '提交', exact: true }).click();
      await expect(box(page)).toBeInViewport();
      await expect.poll(place, { message: `at ${height}, from ${to}` }).toBeGreaterThanOrEqual(0);
    }
  }
});

test('E3 20 000 lines: few are drawn, any is reached, edited, saved and found', async ({ signedIn, server }) => {
  test.slow();
  const { desk, record, page } = await withLines(server, signedIn, 20_000);
  await expect(page.locator('#lines-grid .sheet-body > .sheet-row')).toHaveCount(44);
  await goTo(page, 1, 'sme');
  await page.keyboard.press('Control+ArrowDown');
  await expectActive(page, 20_000, 'sme');
  await expect(cell(page, 20_000, 'project_name')).toHaveText('项目20000');
  await page.keyboard.type('7');
  await page.keyboard.press('Enter');
  await expect(page.locator('#sum-sme')).toHaveText(`${(20_000 * 20_001) / 2 - 20_000 + 7}`);
  await saved(page);
  const lines = (await desk.view(record)).lines as unknown as { overrides: { sme: number } }[];
  expect(lines.at(-1)?.overrides.sme).toBe(7_000_000);
  await page.getByLabel('在明细中查找').fill('项目12345');
  await expectRows(page, 1);
  await expect(row(page, 1).getByRole('rowheader')).toHaveText('12345');
});

test('E3 emptying cells in which nothing was typed changes nothing and makes no step', async ({ signedIn, server }) => {
  const record = await new Desk(server, 'unit03').find(2024);
  const page = await signedIn('unit03');
  await open(page, `/office/records/${record}`);
  // Of a project from before the change-over: collected, and not locked.
  const before = page.locator('#lines-grid .sheet-body [role=row]').filter({ hasText: '改造前' }).first();
  const name = before.locator('[data-column="project_name"]');
  const words = await name.textContent();
  await name.click();
  await page.keyboard.press('Control+Delete');
  await page.keyboard.press('Delete');
  await expect(name).toHaveText(words ?? '');
  await expect(page.getByText('1 个单元格显示采集的内容，不能清空')).toBeVisible();
  await page.keyboard.press('F2');
  await box(page).fill('');
  await page.keyboard.press('Enter');
  await expect(page.getByText(`是采集的内容“${words ?? ''}”，不能清空`)).toBeVisible();
  await name.click();
  await page.keyboard.press('Control+z');
  await expect(page.getByText('没有可以撤销的操作')).toBeVisible();
  await expect(page.locator('.saved-note')).toHaveText('自动保存');
});

test('A5 whoever types into a locked cell is told at the cell why it is locked, also at the right edge', async ({ signedIn, server }) => {
  await importRows(server, [ledgerRow('H-1'), ledgerRow('H-2', { 合同链接: '' })]);
  const record = await new Desk(server, 'unit03').generate(2026);
  const page = await signedIn('unit03');
  await open(page, `/office/records/${record}`);
  const say = page.locator('.sheet-say');
  await goTo(page, 1, 'sme');
  await expect(say).toBeHidden();
  await page.keyboard.type('5');
  await expect(say).toContainText('锁定');
  await page.keyboard.press('ArrowRight');
  await expect(say).toBeHidden();
  await cell(page, 1, 'sme').dblclick();
  await expect(say).toContainText('锁定');
  await expectAccessible(page);
  // What needs input stands out on a locked row as on an open one.
  await expect(cell(page, 2, 'url')).toHaveClass(/is-warn/);
  const [lacking, locked] = await Promise.all([2, 1].map((at) => cell(page, at, 'url').evaluate((element) => getComputedStyle(element).backgroundColor)));
  const plain = await cell(page, 1, 'reason').evaluate((element) => getComputedStyle(element).backgroundColor);
  expect([locked, plain]).not.toContain(lacking);
  // Where the right edge would cut the words off they stand to the left.
  await goTo(page, 1, 'source');
  await page.keyboard.type('5');
  await expect(say).toBeVisible();
  await expect(say).toBeInViewport({ ratio: 1 });
  const [words, frame] = await Promise.all([say.boundingBox(), page.locator('#lines-grid .sheet-scroll').boundingBox()]);
  expect((words?.x ?? 0) + (words?.width ?? 0)).toBeLessThanOrEqual((frame?.x ?? 0) + (frame?.width ?? 0));
});
