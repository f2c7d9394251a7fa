// 导入合同: a file on its way into the 合同台账 (A4).

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { alive, confirm, Desk, dialog, expectAccessible, open } from './office';
import { expect, test } from './server';

const HEAD = '合同编号,项目名称,采购人,供应商,合同金额（元）,是否预留,预留选项,合同签订日期';
const row = (number: string, amount = '5000000', unit = '测试区采购单位03') => `${number},项目${number},${unit},供应商,${amount},是,整体预留,2024-03-15`;

/** Chooses a file of this text. */
async function choose(page: Page, name: string, content: string | Buffer): Promise<void> {
  await page.getByRole('button', { name: '选择文件', exact: true }).setInputFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(content) });
}

/** Opens the page and chooses a table. */
async function upload(page: Page, name: string, content: string | Buffer): Promise<void> {
  await open(page, '/office/contracts/import');
  await choose(page, name, content);
  await expect(page.getByRole('heading', { name: '列识别' })).toBeVisible();
}

const next = (page: Page) => page.getByRole('button', { name: '下一步：检查数据' });
const figure = (page: Page, word: string) => page.getByLabel('导入合计').locator('.figure', { hasText: word }).locator('dd');

test('A4 a workbook of another maker is read and compared; its steps survive a reload @run', async ({ signedIn }) => {
  const page = await signedIn('unit03');
  await open(page, '/office/contracts');
  await page.getByRole('link', { name: '导入合同' }).click();
  await expect(page.getByRole('heading', { level: 1, name: '导入合同' })).toBeVisible();
  await expectAccessible(page);
  const [template] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: '下载模板' }).click()]);
  expect(template.suggestedFilename()).toBe('合同导入模板.xlsx');

  await choose(page, '导出.xlsx', readFileSync(fileURLToPath(new URL('../data/foreign/openpyxl.xlsx', import.meta.url))));
  await expect(page.getByText('第 3 行是列名；共 27 列，已对应 27 列')).toBeVisible();
  await expect(page).toHaveURL(/\/office\/contracts\/import\/[0-9a-f-]{36}$/);
  await expectAccessible(page);
  await page.reload();
  await alive(page);
  await next(page).click();
  // The demo has these contracts already, with links to a host that is nobody's; the eight without a link are the same.
  await expect(page.locator('.page-head .status')).toHaveText('待确认');
  await page.getByRole('link', { name: '将要变更', exact: true }).click();
  await expect(figure(page, '读入')).toHaveText('40 行');
  await expect(figure(page, '未变')).toHaveText('8 行');
  await expect(figure(page, '更新')).toHaveText('32 行');
  const changes = page.getByRole('region', { name: '变更列表' }).getByRole('row');
  await expect(changes.nth(1)).toContainText('合同链接');
  await expect(changes.nth(1).locator('del')).toContainText('gov.example');
  await expectAccessible(page);
});

test('A4 what is new and what changes is shown, old beside new, before it is written', async ({ signedIn }) => {
  const page = await signedIn('unit03');
  await upload(page, '新.csv', `${HEAD}\n${row('NEW-1')}\n${row('NEW-2', '6000000')}`);
  await next(page).click();
  await expect(figure(page, '新增')).toHaveText('2 行');
  await page.reload();
  await alive(page);
  await page.getByRole('button', { name: '开始导入' }).click();
  await expect(page.getByRole('heading', { name: '导入完成' })).toBeVisible();

  // The same file with another amount: old and new stand side by side.
  await upload(page, '改.csv', `${HEAD}\n${row('NEW-1', '5000001')}\n${row('NEW-2', '6000000')}`);
  await next(page).click();
  const changed = page.getByRole('region', { name: '变更列表' }).getByRole('row').nth(1);
  await expect(changed).toContainText('合同金额（元）');
  await expect(changed.locator('del')).toHaveText('5000000');
  await expect(changed.locator('ins')).toHaveText('5000001');
  await expectAccessible(page);
  await page.getByRole('button', { name: '开始导入' }).click();
  await page.getByRole('link', { name: '查看合同台账' }).click();
  await page.getByLabel('名称、编号').fill('NEW-1');
  await page.getByRole('button', { name: '查询' }).click();
  await expect(page.getByRole('region', { name: '合同列表' }).getByRole('row').nth(1)).toContainText('500.0001');
});

test('A4 columns that are not known are assigned by hand, an amount in 万元 too', async ({ signedIn }) => {
  const page = await signedIn('unit03');
  await upload(page, '自己的表.csv', '编号,采购项目名称,采购单位,供应商名称,总价（万元）,是否预留,签订日期\nOWN-1,甲,测试区采购单位03,乙,500.5,否,2024/3/15');
  await expect(page.getByText('必填列「合同编号」还没有对应文件中的列。')).toBeVisible();
  await expect(next(page)).toBeDisabled();
  await expectAccessible(page);
  await page.getByLabel('第 1 列“编号”对应').selectOption({ label: '合同编号（必填）' });
  await page.getByLabel('第 5 列“总价（万元）”对应').selectOption({ label: '合同金额（万元，换算为元）（必填）' });
  await expect(page.getByText('7 个必填列都已对应')).toBeVisible();
  await next(page).click();
  await expect(page.getByRole('region', { name: '变更列表' }).getByRole('row').nth(1)).toContainText('5005000');
  await page.getByRole('button', { name: '开始导入' }).click();
  await expect(page.getByRole('heading', { name: '导入完成' })).toBeVisible();
  // The unit's names are known the next time.
  await upload(page, '自己的表.csv', '编号,采购项目名称,采购单位,供应商名称,总价（万元）,是否预留,签订日期\nOWN-2,甲,测试区采购单位03,乙,1,否,2024/3/15');
  await expect(page.getByText('7 个必填列都已对应')).toBeVisible();
  for (const width of [1440, 768, 390]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
  }
  await expectAccessible(page);
});

test('A4 errors are shown at row and column; the good rows can be taken and the others come back', async ({ signedIn }) => {
  const page = await signedIn('unit03');
  const rows = [row('ERR-1'), row('ERR-2', '13800138000'), ...Array.from({ length: 60 }, (_, at) => row(`WARN-${at}`, '12')), row('ERR-3', '五百万'), row('ERR-4', '1000000', '别的单位')];
  await upload(page, '有错.csv', [HEAD, ...rows].join('\n'));
  await next(page).click();
  await expect(page.getByRole('heading', { name: '检查结果' })).toBeVisible();
  await expect(page.getByText('读入 64 行：62 行没有错误，2 行有错误（2 处），提醒 61 处')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('link', { name: '跳到第一处错误' }).click();
  await expect(page).toHaveURL(/page=2#first-error$/);
  await expect(page.locator('#first-error')).toContainText('64');
  await expect(page.locator('#first-error')).toContainText('「五百万」不是数字');
  await page.getByRole('navigation', { name: '检查结果范围' }).getByRole('link', { name: '错误' }).click();
  await expect(page.getByRole('region', { name: '错误和提醒' }).getByRole('row')).toHaveCount(3);
  await expect(page.getByRole('region', { name: '错误和提醒' })).toContainText('采购人「别的单位」不是本单位');

  await page.getByRole('link', { name: '下一步：将要变更' }).click();
  await expect(page.getByRole('button', { name: '开始导入' })).toBeDisabled();
  await page.getByLabel('只导入没有错误的行').check();
  await page.getByRole('button', { name: '开始导入' }).click();
  await expect(page.getByRole('heading', { name: '导入完成' })).toBeVisible();
  const [rest] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: '下载未导入的行' }).click()]);
  expect(rest.suggestedFilename()).toBe('有错-未导入的行.xlsx');
  await upload(page, rest.suggestedFilename(), readFileSync(await rest.path()));
  await expect(page.getByText('第 1 行是列名；共 9 列，已对应 8 列')).toBeVisible();
});

test('A4 a file that is no table, or wants too much, is refused in a sentence; an import can be cancelled', async ({ signedIn, allowConsoleError }) => {
  allowConsoleError(/status of 422/);
  const page = await signedIn('unit03');
  await open(page, '/office/contracts/import');
  for (const [name, content, words] of [
    ['合同.pdf', '%PDF-1.7', '“合同.pdf”没有导入：这是 PDF 文件，不是表格文件；请选择 .xlsx 或 .csv 文件'],
    ['合同.xls', readFileSync(fileURLToPath(new URL('../data/foreign/libreoffice.xls', import.meta.url))), '旧版表格文件'],
    ['合同.xlsx', 'PK\u0003\u0004 cut', 'XLSX 文件已损坏'],
  ] as const) {
    await choose(page, name, content);
    await expect(page.getByRole('alert')).toContainText(words);
  }
  await expectAccessible(page);

  // Dropped instead of chosen.
  await page.locator('.drop-zone').evaluate((zone, text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], '拖入.csv'));
    for (const kind of ['dragover', 'drop']) zone.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: data }));
  }, `${HEAD}\n${Array.from({ length: 40 }, (_, at) => row(`DROP-${at}`)).join('\n')}${'\n'.repeat(300_001)}${row('LAST')}`);
  await expect(page.getByRole('heading', { name: '列识别' })).toBeVisible();
  await next(page).click();
  await expect(page.getByRole('alert')).toContainText('超过 30 万行的上限');
  await expectAccessible(page);
  await page.getByRole('button', { name: '取消导入' }).click();
  await confirm(dialog(page, '取消这次导入？'));
  await expect(page).toHaveURL(/\/office\/contracts\/import$/);
  await expect(page.getByText('未完成的导入')).toHaveCount(0);
});

test('A4 open imports are given up in their list, one after the other, by keyboard; what would be lost is asked first', async ({ signedIn }) => {
  const page = await signedIn('unit03');
  for (const name of ['一.csv', '二.csv']) await upload(page, name, `${HEAD}\n${row('OPEN-1')}`);
  await upload(page, '坏.csv', `${HEAD}\n${Array.from({ length: 40 }, (_, at) => row(`LONG-${at}`)).join('\n')}${'\n'.repeat(300_001)}${row('LAST')}`);
  await next(page).click();
  await expect(page.locator('.page-head .status')).toHaveText('无法读取');
  await open(page, '/office/contracts/import');
  const list = page.getByRole('table').filter({ hasText: '坏.csv' });
  await expect(list.locator('tbody tr')).toHaveCount(3);
  await expectAccessible(page);
  const cancel = (name: string) => page.getByRole('button', { name: new RegExp(`^取消导入：${name}`) });

  await cancel('一.csv').focus();
  await page.keyboard.press('Enter');
  const box = dialog(page, '取消导入“一.csv”？');
  await expect(box).toContainText('上传的文件会从服务器删除，合同台账不会改变');
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(cancel('一.csv')).toBeFocused();
  await expect(list.locator('tbody tr')).toHaveCount(3);
  await page.keyboard.press('Enter');
  await confirm(box);
  await expect(page.getByText('已取消导入“一.csv”，没有写入任何数据')).toBeVisible();
  await expect(list.locator('tbody tr')).toHaveCount(2);
  await expect(page.getByRole('heading', { name: '未完成的导入' })).toBeFocused();

  // Of a file that cannot be read nothing is lost.
  await cancel('坏.csv').click();
  await expect(page.getByText('已取消导入“坏.csv”')).toBeVisible();
  for (const width of [768, 390]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
    await expectAccessible(page);
  }
  await cancel('二.csv').click();
  await confirm(dialog(page, '取消导入“二.csv”？'));
  await expect(page.getByRole('heading', { name: '未完成的导入' })).toHaveCount(0);
  await expect(page.getByRole('heading', { level: 1, name: '导入合同' })).toBeFocused();
});

test('A4 an import that was given up in another window is said to be, and the list follows', async ({ signedIn, server, allowConsoleError }) => {
  allowConsoleError(/status of 409/);
  const page = await signedIn('unit03');
  await upload(page, '两处.csv', `${HEAD}\n${row('OPEN-2')}`);
  const id = new URL(page.url()).pathname.split('/').pop();
  await open(page, '/office/contracts/import');
  // Meanwhile its columns are confirmed elsewhere, twice.
  const desk = new Desk(server, 'unit03');
  const columns = ['contract_no', 'project_name', 'buyer_name', 'supplier_name', 'amount_yuan', 'reserved', 'measure', 'signed_on'];
  const first = await desk.ask<{ version: number }>('contract_import', { input: { id } });
  await desk.ask('choose_import_columns', { input: { id, version: first.version, columns } });
  await expect.poll(async () => (await desk.ask<{ state: string }>('contract_import', { input: { id } })).state).toBe('read');
  const second = await desk.ask<{ version: number }>('contract_import', { input: { id } });
  await desk.ask('choose_import_columns', { input: { id, version: second.version, columns } });
  await expect.poll(async () => (await desk.ask<{ state: string }>('contract_import', { input: { id } })).state).toBe('read');
  await page.getByRole('button', { name: /^取消导入：两处\.csv/ }).click();
  await confirm(dialog(page, '取消导入“两处.csv”？'));
  await expect(page.getByText('“两处.csv”没有取消：这次导入已在别处继续')).toBeVisible();
  await expect(page.getByRole('table').filter({ hasText: '两处.csv' })).toContainText('待确认');
  await page.getByRole('button', { name: /^取消导入：两处\.csv/ }).click();
  await confirm(dialog(page, '取消导入“两处.csv”？'));
  await expect(page.getByText('已取消导入“两处.csv”，没有写入任何数据')).toBeVisible();
});

test('A4 who may not import sees no link, and the page says so', async ({ signedIn }) => {
  const page = await signedIn('reviewer');
  await open(page, '/office/contracts');
  await expect(page.getByRole('link', { name: '导入合同' })).toHaveCount(0);
  await open(page, '/office/contracts/import');
  await expect(page.getByRole('alert')).toContainText('您的岗位不能进行此操作');
});
