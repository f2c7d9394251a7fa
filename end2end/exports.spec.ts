// What leaves the office as a file or on paper: the ledger as XLSX and CSV, a record as XLSX and as a sheet to sign (E12).

import { readFile } from 'node:fs/promises';
import { inflateRawSync } from 'node:zlib';
import type { Download, Page } from '@playwright/test';
import { Desk, expectAccessible, open } from './office';
import { expect, test } from './server';

async function bytes(download: Download): Promise<Buffer> {
  return readFile(await download.path());
}

/** Chooses an entry of 「导出」. */
async function exported(page: Page, name: string): Promise<Download> {
  await page.locator('summary', { hasText: '导出' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name }).click();
  return download;
}

/** The parts of a zip whose parts follow upon each other with their sizes in the directory at its end. */
function parts(zip: Buffer): Map<string, string> {
  const found = new Map<string, string>();
  let at = zip.indexOf(Buffer.from('PK\u0001\u0002'));
  while (at >= 0 && zip.readUInt32LE(at) === 0x02014b50) {
    const [method, size, nameLength, extra, comment, offset] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20), zip.readUInt16LE(at + 28), zip.readUInt16LE(at + 30), zip.readUInt16LE(at + 32), zip.readUInt32LE(at + 42)];
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    const begin = offset + 30 + zip.readUInt16LE(offset + 26) + zip.readUInt16LE(offset + 28);
    const data = zip.subarray(begin, begin + size);
    found.set(name, (method === 0 ? data : inflateRawSync(data)).toString('utf8'));
    at += 46 + nameLength + extra + comment;
  }
  return found;
}

const rows = (sheet: string | undefined): number => (sheet ?? '').split('<row ').length - 1;

test('E12 the ledger is exported as it is filtered, as XLSX and as CSV, under a Chinese name', async ({ signedIn }) => {
  const page = await signedIn('unit03');
  await open(page, '/office/contracts?year=2024&verdict=counted');
  const count = Number((await page.getByLabel('合计').locator('.figure').first().locator('dd').innerText()).split(' ')[0]);
  await expectAccessible(page);
  const xlsx = await exported(page, '导出筛选结果（XLSX）');
  expect(xlsx.suggestedFilename()).toBe('合同台账-测试区采购单位03-2024年-筛选-2026-03-20.xlsx');
  const book = parts(await bytes(xlsx));
  const sheet = book.get('xl/worksheets/sheet1.xml') ?? '';
  expect(rows(sheet)).toBe(count + 1);
  expect(sheet).not.toContain('<f>');
  expect(book.get('xl/workbook.xml')).toContain('合同台账');

  const csv = await exported(page, '导出筛选结果（CSV）');
  expect(csv.suggestedFilename()).toBe('合同台账-测试区采购单位03-2024年-筛选-2026-03-20.csv');
  const text = (await bytes(csv)).toString('utf8');
  expect(text.startsWith('\ufeff合同编号,合同名称,')).toBe(true);
  expect(text.trimEnd().split('\r\n')).toHaveLength(count + 1);
  await expect(page.getByRole('heading', { level: 1, name: '合同台账' })).toBeVisible();
});

test('E12 a record is exported by whoever may see it', async ({ signedIn, server }) => {
  const record = await new Desk(server, 'unit99').find(2024);
  const page = await signedIn('reviewer');
  await open(page, `/office/records/${record}`);
  const download = await exported(page, '导出 XLSX');
  expect(download.suggestedFilename()).toMatch(/^测试区采购单位99-2024年中小企业预留执行情况-.+-2026-03-20\.xlsx$/);
  const book = parts(await bytes(download));
  for (const name of ['汇总', '明细', '未计入合同']) expect(book.get('xl/workbook.xml')).toContain(`name="${name}"`);
  const view = await new Desk(server, 'reviewer').view(record);
  expect(rows(book.get('xl/worksheets/sheet2.xml'))).toBe(view.lines.length + 1);
  expect(rows(book.get('xl/worksheets/sheet3.xml'))).toBe(view.left_out.length + 1);
});

test('E12 a record is printed on A4 in every state, with its state, its course and room for signature and seal', async ({ signedIn, server }, info) => {
  const desk = new Desk(server, 'unit03');
  const draft = await desk.generate(2025);
  const reviewed = await new Desk(server, 'unit99').find(2024);
  const page = await signedIn('reviewer');
  for (const [record, state] of [
    [draft, '状态：草稿（未经审核完成，仅供核对）'],
    [reviewed, '状态：审核中（未经审核完成，仅供核对）'],
  ] as const) {
    await open(page, `/office/records/${record}`);
    await page.locator('summary', { hasText: '导出' }).click();
    await page.getByRole('link', { name: '打印页' }).click();
    const sheet = page.getByRole('article');
    await expect(sheet).toContainText(state);
    await expect(sheet).toContainText('单位（盖章）：');
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 900 });
      await expectAccessible(page);
    }
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.emulateMedia({ media: 'print' });
    await expect(page.getByRole('banner')).toBeHidden();
    await expect(page.getByRole('button', { name: '打印' })).toBeHidden();
    const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true, path: info.outputPath(`${record}.pdf`) });
    expect(pdf.toString('latin1')).toMatch(/\/MediaBox \[0 0 59[45][.\d]* 84[12]/);
    await page.emulateMedia({ media: 'screen' });
  }
});

test('E1 a person chooses the columns of the ledger, and finds them so at every desk', async ({ signedIn, anotherPerson }) => {
  const page = await signedIn('unit03');
  await open(page, '/office/contracts');
  const heads = (desk: Page) => desk.getByRole('region', { name: '合同列表' }).getByRole('columnheader');
  await expect(heads(page)).toHaveCount(9);
  await page.getByRole('button', { name: '列设置' }).click();
  const box = page.getByRole('dialog', { name: '列设置' });
  await box.getByLabel('来源').uncheck();
  await box.getByLabel('采购方式').check();
  await box.getByLabel('合同链接').check();
  await expectAccessible(page);
  await box.getByRole('button', { name: '确定' }).click();
  await expect(box).toBeHidden();
  await expect(heads(page)).toHaveCount(10);
  await expect(heads(page).filter({ hasText: '采购方式' })).toHaveCount(1);
  const other = await anotherPerson('unit03');
  await open(other, '/office/contracts');
  await expect(heads(other)).toHaveCount(10);
  await expect(heads(other).filter({ hasText: '来源' })).toHaveCount(0);
  await other.getByRole('button', { name: '列设置' }).click();
  await other.getByRole('button', { name: '恢复默认' }).click();
  await other.getByRole('dialog', { name: '列设置' }).getByRole('button', { name: '确定' }).click();
  await expect(heads(other)).toHaveCount(9);
});
