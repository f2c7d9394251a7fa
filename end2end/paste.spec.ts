// Pasting rows of WPS and Excel into the detail table: what each row would do is shown before it is done (E2). Through the real clipboard.

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { alive, cell, Desk, dialog, expectAccessible, expectRows, goTo, open, saved } from './office';
import { binary, expect, type Server, test } from './server';

/** Contracts of unit03 in 2026: three of its own, free to edit, and one of the platform, locked. Number, name, amount in 元, source. */
const CONTRACTS = [
  ['310115202601010001', '校舍维修工程', '1000000', '自行录入'],
  ['310115202601020002', '绿化养护服务', '500000', '自行录入'],
  ['HT-2026-03', '食堂托管服务', '803000', '自行录入'],
  ['HT-2026-04', '保洁服务', '600000', '项目采购'],
] as const;

/** A record of these contracts, and its page with the first cell active. */
async function record(server: Server, signedIn: (account: 'unit03') => Promise<Page>): Promise<{ desk: Desk; id: string; page: Page }> {
  const header = '合同编号,项目名称,采购人,供应商,供应商类型,合同金额（元）,来源,是否预留,预留选项,合同签订日期,合同链接';
  const rows = CONTRACTS.map(([number, name, yuan, source], at) => `${number},${name},测试区采购单位03,上海某公司,小型,${yuan},${source},是,整体预留,2026-01-0${at + 1},https://zfcg.gov.example/x?articleId=${at}+/==`);
  const file = join(server.data, 'paste.csv');
  writeFileSync(file, [header, ...rows].join('\n'));
  execFileSync(binary, ['import', 'contracts', file, '--data', server.data]);
  const desk = new Desk(server, 'unit03');
  const id = await desk.generate(2026);
  const page = await signedIn('unit03');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page, `/office/records/${id}`);
  await expectRows(page, CONTRACTS.length);
  await goTo(page, 1, 'project_name');
  return { desk, id, page };
}

/** Puts rows on the clipboard as Excel does (text), and pastes them. */
async function pasteText(page: Page, rows: string[][]): Promise<Locator> {
  const text = rows.map((row) => row.join('\t')).join('\r\n') + '\r\n';
  await page.evaluate(async (words) => navigator.clipboard.writeText(words), text);
  await page.keyboard.press('Control+v');
  const box = dialog(page, '粘贴核对');
  await expect(box).toBeVisible();
  return box;
}

/** A cell; one that begins with `<!--n-->` goes over so many rows, and `<!---->` is covered from above. */
function merged(text: string): string {
  const over = /^<!--(\d*)-->/.exec(text);
  if (over === null) return `<td class=xl65 align=right>${text}</td>`;
  return over[1] === '' ? '' : `<td class=xl65 rowspan=${over[1]}>${text.slice(over[0].length)}</td>`;
}

/** Puts rows on the clipboard as WPS does (a page with a table beside the text), and pastes them. The browser adds the styles when it writes. */
async function pasteHtml(page: Page, rows: string[][]): Promise<Locator> {
  const cells = rows.map((row) => `<tr height=19>${row.map(merged).join('')}</tr>`).join('\n');
  const html = `<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta name=Generator content="WPS Office ET"></head><body><table width=600 border=0 cellspacing=0>\n<!--StartFragment-->\n${cells}\n<!--EndFragment-->\n</table></body></html>`;
  const text = rows.map((row) => row.join('\t')).join('\n');
  await page.evaluate(
    async ([plain, page]) => {
      const item = new ClipboardItem({ 'text/plain': new Blob([plain ?? ''], { type: 'text/plain' }), 'text/html': new Blob([page ?? ''], { type: 'text/html' }) });
      await navigator.clipboard.write([item]);
    },
    [text, html],
  );
  await page.keyboard.press('Control+v');
  const box = dialog(page, '粘贴核对');
  await expect(box).toBeVisible();
  return box;
}

/** The sum above the rows; what goes in comes out. */
async function expectSum(box: Locator, same: number, change: number, fresh: number, conflict: number, ignored: number): Promise<void> {
  const total = same + change + fresh + conflict + ignored;
  await expect(box.locator('.reconcile-sum')).toHaveText(`共 ${total} 行 = 一致 ${same} + 将修改 ${change} + 新增 ${fresh} + 冲突 ${conflict} + 忽略 ${ignored}`);
}

/** A row of the list, by its number as pasted. */
const pastedRow = (box: Locator, number: number): Locator => box.locator(`#pasted-${number}`);

const apply = async (box: Locator): Promise<void> => {
  await box.getByRole('button', { name: '应用', exact: true }).click();
};

/** The names and amounts of the lines as they are stored. */
async function stored(page: Page): Promise<string[]> {
  await saved(page);
  await page.reload();
  await alive(page);
  const count = Number(await page.getByRole('grid').getAttribute('aria-rowcount')) - 1;
  const texts: string[] = [];
  for (let at = 1; at <= count; at += 1) texts.push(`${await cell(page, at, 'project_name').locator('.sheet-text').textContent()} ${await cell(page, at, 'sme').locator('.sheet-text').textContent()}`);
  return texts;
}

const AS_COLLECTED = ['校舍维修工程 100', '绿化养护服务 50', '食堂托管服务 80.3', '保洁服务 60'];

test('E2 a sheet of Excel is shown row by row, applied as one step, and taken back by one Ctrl+Z', async ({ signedIn, server }) => {
  const { page } = await record(server, signedIn);
  const box = await pasteText(page, [
    ['2026年面向中小企业预留项目明细', '', '', '', '', ''],
    ['序号', '合同编号', '项目名称', '预留选项', '面向中小企业采购金额（万元）', '面向小微企业采购金额（万元）'],
    ['1', '310115202601010001', '校舍维修工程', '采购项目整体预留', '100', '100'],
    ['2', '310115202601020002', '绿化养护服务', '整体预留', '48.5', '40'],
    ['3', 'HT-2026-03', '食堂托管服务（改）', '整体预留', '80.3', '80.3'],
    ['4', 'HT-2026-04', '保洁服务', '整体预留', '55', '55'],
    ['5', '', '道路养护工程', '设置专门采购包', '1,234.5', '0'],
    ['', '', '', '', '', ''],
    ['合计', '', '', '', '1518.3', ''],
  ]);
  await expectSum(box, 1, 2, 1, 1, 4);
  await expect(pastedRow(box, 4)).toContainText('面向中小企业采购金额50 48.5');
  await expect(pastedRow(box, 6)).toContainText('已锁定，保留 60（粘贴 55）');
  await expect(pastedRow(box, 9)).toContainText('合计行');
  await expectAccessible(page);

  await apply(box);
  await expect(box.getByText('修改了采集的数据，请填写修改理由')).toBeVisible();
  await expect(box.getByLabel('修改理由')).toBeFocused();
  await box.getByLabel('修改理由').fill('按合同更正');
  await apply(box);
  await expect(box).toBeHidden();
  await expect(page.getByText('已应用：修改 2 行，新增 1 行；Ctrl+Z 可撤销')).toBeVisible();
  await expectRows(page, 5);
  await expect(cell(page, 2, 'sme')).toHaveText('48.5');
  await expect(cell(page, 2, 'small_micro')).toHaveText('40');
  await expect(cell(page, 2, 'reason')).toHaveText('按合同更正');
  await expect(cell(page, 3, 'project_name')).toContainText('食堂托管服务（改）');
  await expect(cell(page, 5, 'measure')).toHaveText('包预留');
  await expect(page.locator('#sum-sme')).toHaveText('1523.3');
  await page.keyboard.press('Control+z');
  await expectRows(page, 4);
  await expect(cell(page, 2, 'sme')).toHaveText('50');
  await expect(cell(page, 2, 'reason')).toHaveText('');
  await expect(page.locator('#sum-sme')).toHaveText('290.3');
  await page.keyboard.press('Control+z');
  await expect(page.getByText('没有可以撤销的操作')).toBeVisible();
  expect(await stored(page)).toEqual(AS_COLLECTED);
});

test('E2 in a sheet of WPS a cell merged over rows moves nothing out of its column', async ({ signedIn, server }) => {
  const { page } = await record(server, signedIn);
  const box = await pasteHtml(page, [
    ['分组', '合同编号', '项目名称', '面向中小企业采购金额（万元）'],
    ['<!--2-->后勤', '310115202601010001', '校舍维修工程', '90'],
    ['<!---->', '310115202601020002', '绿化养护服务', '45'],
  ]);
  await expectSum(box, 0, 2, 0, 0, 1);
  await expect(pastedRow(box, 2)).toContainText('面向中小企业采购金额100 90');
  await expect(pastedRow(box, 3)).toContainText('面向中小企业采购金额50 45');
});

test('E2 what was applied is stored, and done again after it was taken back', async ({ signedIn, server }) => {
  const { page } = await record(server, signedIn);
  const box = await pasteText(page, [
    ['合同编号', '面向中小企业金额（元）', '修改理由'],
    ['HT-2026-03', '700,000.00', '合同变更'],
    ['310115202601010001', '1000000', ''],
  ]);
  await expectSum(box, 1, 1, 0, 0, 1);
  await expect(box.getByText('列名写明“元”')).toBeVisible();
  await apply(box);
  await page.keyboard.press('Control+z');
  await expect(cell(page, 3, 'sme')).toHaveText('80.3');
  await page.keyboard.press('Control+y');
  await expect(cell(page, 3, 'sme')).toHaveText('70');
  expect(await stored(page)).toEqual(['校舍维修工程 100', '绿化养护服务 50', '食堂托管服务 70', '保洁服务 60']);
  await expect(cell(page, 3, 'reason')).toHaveText('合同变更');
});

test('E2 a table of WPS: the unit follows from equal amounts and can be turned, columns can be corrected', async ({ signedIn, server }) => {
  const { page } = await record(server, signedIn);
  const box = await pasteHtml(page, [
    ['合同编号', '项目名称', '中小企业金额', '经办人', '备注说明'],
    ['310115202601010001', '校舍维修工程', '1000000.00', '某某', ''],
    ['310115202601020002', '绿化养护服务', '470000.00', '某某', '合同变更'],
    ['', '新的项目', '12345.67', '某某', ''],
  ]);
  await expectSum(box, 1, 1, 1, 0, 1);
  const unit = box.getByRole('group', { name: '中小企业金额的单位' });
  await expect(unit.getByRole('button', { name: '元', exact: true })).toHaveAttribute('aria-pressed', 'true');
  await expect(box.getByText('可比对的 2 个金额中，1 个按元与明细中的金额相等')).toBeVisible();
  await expect(pastedRow(box, 3)).toContainText('面向中小企业采购金额50 47');
  await expect(pastedRow(box, 4)).toContainText('面向中小企业采购金额1.234567');
  await unit.getByRole('button', { name: '万元', exact: true }).click();
  await expectSum(box, 0, 2, 1, 0, 1);
  await expect(pastedRow(box, 2)).toContainText('相差一万倍');
  await unit.getByRole('button', { name: '元', exact: true }).press('Enter');
  await expectSum(box, 1, 1, 1, 0, 1);
  // Columns that nothing is known of are said, and can be given a meaning.
  const remark = box.getByLabel('备注说明');
  await expect(remark).toHaveValue('skip');
  await expect(box.locator('li').filter({ has: page.getByLabel('备注说明') })).toContainText('不认识这一列，不读入');
  await expect(box.locator('#paste-reason')).toBeVisible();
  await remark.focus();
  await remark.selectOption('修改理由');
  await expect(remark).toBeFocused();
  await expect(pastedRow(box, 3)).toContainText('修改理由（空） 合同变更');
  await expect(box.locator('#paste-reason')).toHaveCount(0);
  await apply(box);
  await expect(page.getByText('已应用：修改 1 行，新增 1 行；Ctrl+Z 可撤销')).toBeVisible();
  expect(await stored(page)).toEqual(['校舍维修工程 100', '绿化养护服务 47', '食堂托管服务 80.3', '保洁服务 60', '新的项目 1.234567']);
});

test('E2 numbers that lost their last digits are pointed out and matched only when a person confirms', async ({ signedIn, server }) => {
  const { page } = await record(server, signedIn);
  const box = await pasteText(page, [
    ['合同编号', '项目名称', '面向中小企业采购金额（万元）', '修改理由'],
    ['310115202601010000', '', '90', '合同变更'],
    ['3.10115E+17', '绿化养护服务', '45', '合同变更'],
  ]);
  await expectSum(box, 0, 0, 0, 2, 1);
  await expect(pastedRow(box, 2)).toContainText('合同编号「310115202601010000」第 15 位以后的数字已丢失');
  await apply(box);
  await expect(box.getByRole('alert').filter({ hasText: '没有可应用的修改' })).toBeVisible();
  const decision = box.getByLabel('粘贴的第 2 行如何处理');
  await expect(decision.getByRole('option')).toHaveText(['待处理（不应用）', '对应第 1 行：校舍维修工程', '作为新行', '跳过']);
  await decision.selectOption('对应第 1 行：校舍维修工程');
  await expectSum(box, 0, 1, 0, 1, 1);
  await expect(pastedRow(box, 2)).toContainText('按人工指定匹配');
  await box.getByRole('button', { name: '确认全部推测' }).click();
  await expectSum(box, 0, 2, 0, 0, 1);
  await apply(box);
  expect(await stored(page)).toEqual(['校舍维修工程 90', '绿化养护服务 45', '食堂托管服务 80.3', '保洁服务 60']);
});

test('E2 conflicts wait for a person: a line twice, a locked cell, a text that cannot be read', async ({ signedIn, server }) => {
  const { page } = await record(server, signedIn);
  const box = await pasteText(page, [
    ['合同编号', '项目名称', '预留选项', '中小企业金额（万元）'],
    ['HT-2026-03', '食堂托管服务', '整体预留', '70'],
    ['HT-2026-03', '食堂托管服务', '整体预留', '71'],
    ['HT-2026-04', '保洁服务', '整体预留', '55'],
    ['310115202601020002', '绿化养护服务', '一半预留', '约五十'],
    ['', '别的项目', '包预留', '3'],
    ['', '别的项目', '包预留', '3'],
  ]);
  await expectSum(box, 0, 0, 1, 5, 1);
  await box.getByRole('button', { name: /^冲突/ }).click();
  await expect(box.locator('tbody tr')).toHaveCount(5);
  await expect(pastedRow(box, 5)).toContainText('「约五十」不是数字');
  await expect(pastedRow(box, 7)).toContainText('与粘贴的第 6 行完全相同');
  await box.getByLabel('粘贴的第 3 行如何处理').selectOption('应用此行可写入的单元格');
  await expectSum(box, 0, 1, 1, 3, 2);
  await expect(pastedRow(box, 2)).toContainText('对应的明细行已由粘贴的第 3 行修改');
  await box.getByLabel('粘贴的第 4 行如何处理').selectOption('作为新行');
  await box.getByLabel('粘贴的第 7 行如何处理').selectOption('跳过');
  await expectSum(box, 0, 1, 2, 1, 3);
  await expectAccessible(page);
  await box.getByLabel('修改理由').fill('合同变更');
  await apply(box);
  await expect(page.getByText('已应用：修改 1 行，新增 2 行；Ctrl+Z 可撤销。另有 1 行冲突没有应用')).toBeVisible();
  expect(await stored(page)).toEqual(['校舍维修工程 100', '绿化养护服务 50', '食堂托管服务 71', '保洁服务 60', '保洁服务 55', '别的项目 3']);
});

test('E2 Esc asks before a reason is lost; 「按位置粘贴」 pastes as a spreadsheet does', async ({ signedIn, server }) => {
  const { page } = await record(server, signedIn);
  await goTo(page, 2, 'sme');
  let box = await pasteText(page, [['48', '40'], ['70', '60'], ['3', '3'], ['1', '1']]);
  await expect(box.getByRole('status').first()).toContainText('共 4 行');
  await page.keyboard.press('Escape');
  await expect(box).toBeHidden();
  await expect(page.locator('#grid-input')).toBeFocused();
  await expect(cell(page, 2, 'sme')).toHaveText('50');

  box = await pasteText(page, [['合同编号', '中小企业金额（万元）'], ['HT-2026-03', '70']]);
  await box.getByLabel('修改理由').fill('合同变更');
  const asked: string[] = [];
  page.on('dialog', (question) => {
    asked.push(question.message());
    void question.dismiss();
  });
  await page.keyboard.press('Escape');
  await expect.poll(() => asked.length).toBe(1);
  await expect(box.getByLabel('修改理由')).toHaveValue('合同变更');
  await box.getByRole('button', { name: '取消' }).click();
  await expect(box).toBeHidden();

  box = await pasteText(page, [['48', '40'], ['70', '60'], ['3', '3'], ['1', '1']]);
  await box.getByRole('button', { name: '按位置粘贴' }).click();
  await expect(page.getByText('已按位置粘贴：改动 4 个单元格，2 个单元格已锁定没有改动；表格后面没有行了，有 1 行没有粘贴；Ctrl+Z 可撤销')).toBeVisible();
  await expect(cell(page, 2, 'sme')).toHaveText('48');
  await expect(cell(page, 3, 'small_micro')).toHaveText('60');
  await expect(cell(page, 4, 'sme')).toHaveText('60（已锁定）');
  await expect(page.locator('#grid-input')).toBeFocused();
  await page.keyboard.press('Control+z');
  await expect(cell(page, 2, 'sme')).toHaveText('50');
  // The next key goes into the cell, whether it is reached by the pointer or by the arrows.
  for (const reach of [async () => goTo(page, 1, 'sme'), async () => page.keyboard.press('ArrowUp')]) {
    await reach();
    await page.keyboard.type('7');
    await expect(page.locator('#grid-input')).toHaveValue('7');
    await page.keyboard.press('Escape');
    box = await pasteText(page, [['48', '40'], ['70', '60']]);
    await box.getByRole('button', { name: '按位置粘贴' }).click();
    await expect(box).toBeHidden();
    await page.keyboard.press('Control+z');
    await expect(cell(page, 1, 'sme')).toHaveText('100');
  }
  expect(await stored(page)).toEqual(AS_COLLECTED);
});

test('E2 five thousand rows go in and come out, fifty are drawn, on a phone as well', async ({ signedIn, server }) => {
  test.slow();
  const { page } = await record(server, signedIn);
  await page.setViewportSize({ width: 390, height: 844 });
  const rows = Array.from({ length: 4_998 }, (_, at) => [`${at + 1}`, '', `项目${at + 1}`, '整体预留', `${at + 1}.5`, '0']);
  const box = await pasteText(page, [['序号', '合同编号', '项目名称', '预留选项', '面向中小企业采购金额（万元）', '面向小微企业采购金额（万元）'], ['1', 'HT-2026-03', '食堂托管服务', '', '80.3', ''], ...rows]);
  await expectSum(box, 1, 0, 4_998, 0, 1);
  await expect(box.locator('tbody tr')).toHaveCount(50);
  await expect(box.getByText('第 1 / 100 页')).toBeVisible();
  await box.getByRole('button', { name: '下一页' }).click();
  await expect(box.locator('tbody tr').first()).toContainText('项目49');
  await expectAccessible(page);
  const overflows = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  expect(overflows, 'nothing runs out of the window').toBe(false);
  await apply(box);
  await expect(page.getByText('已应用：修改 0 行，新增 4998 行；Ctrl+Z 可撤销')).toBeVisible();
  await expectRows(page, 5_002);
  await page.locator('#grid-input').focus();
  await page.keyboard.press('Control+z');
  await expectRows(page, 4);
});
