// 「从合同更新」: the ledger has changed, and the record follows as the unit chooses (E1).

import { Desk, expectAccessible, open } from './office';
import { importRows, row } from './ledger';
import { expect, test } from './server';

test('E1 the record says that contracts have changed, and takes over what is chosen', async ({ signedIn, server }) => {
  await importRows(server, [row('HT-1'), row('HT-2'), row('HT-3')]);
  const record = await new Desk(server, 'unit03').generate(2026);
  const page = await signedIn('unit03');
  await open(page, `/office/records/${record}`);
  await expect(page.locator('#ledger-news')).toHaveCount(0);
  await importRows(server, [row('HT-1', { '合同金额（元）': '1200000' }), row('HT-3', { 合同签订日期: '2025-12-30' }), row('HT-4')]);
  await open(page, `/office/records/${record}`);
  await expect(page.locator('#ledger-news')).toContainText('与本年度数据有 3 处不同');
  await expectAccessible(page);
  await page.locator('#ledger-news').getByRole('link', { name: '从合同更新' }).click();
  await expect(page.getByRole('heading', { level: 1, name: '从合同更新' })).toBeVisible();
  const changed = page.getByRole('region', { name: '有变化的合同' });
  await expect(changed.locator('.diff')).toContainText('合同金额（元）');
  await expect(changed.locator('.diff del')).toHaveText('1000000');
  await expect(changed.locator('.diff ins')).toHaveText('1200000');
  await expect(page.getByRole('region', { name: '不再属于本年度的合同' })).toContainText('现归入 2025 年度');
  await expect(page.getByRole('checkbox', { name: '更新：项目HT-4' })).toBeChecked();
  // Enough to decide without opening the contract.
  await expect(page.getByRole('region', { name: '新增的合同' })).toContainText(/上海某公司 · 合同金额 100 万元 · 整体预留/);
  await expectAccessible(page);
  await page.getByRole('checkbox', { name: '更新：项目HT-3' }).uncheck();
  await page.getByRole('button', { name: '更新所选 2 份' }).click();
  await expect(page).toHaveURL(new RegExp(`/office/records/${record}$`));
  await expect(page.getByText('已从合同更新：新增 1 份，更新 1 份，移除 0 份，1 份没有更新')).toBeVisible();
  await expect(page.locator('#sum-sme')).toHaveText('420');
  await expect(page.locator('#ledger-left')).toContainText('从合同更新时有 1 处没有更新');
  await expect(page.locator('#ledger-news')).toHaveCount(0);
  await expectAccessible(page);
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await open(page, `/office/records/${record}/update`);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
  }
  await expectAccessible(page);
});

test('E1 what was filled in by hand is shown beside the new value, and nothing is overwritten without a choice', async ({ signedIn, server }) => {
  const own = { 来源: '自行录入' };
  await importRows(server, [row('HT-1', own), row('HT-2')]);
  const desk = new Desk(server, 'unit03');
  const record = await desk.generate(2026);
  const [first] = (await desk.view(record)).lines;
  if (first === undefined) throw new Error('no line');
  await desk.saveLine(record, first, { sme: '60', small_micro: '60', reason: '合同变更' });
  await importRows(server, [row('HT-1', { ...own, '合同金额（元）': '1200000' }), row('HT-2', { 项目名称: '改名的项目' })]);
  const page = await signedIn('unit03');
  await open(page, `/office/records/${record}/update`);
  const touched = page.getByRole('region', { name: '涉及人工处理的，请逐份选择' });
  await expect(touched).toContainText('面向中小企业采购金额(万元)：您填写的是 60，合同原为 100，现为 120。');
  await expect(touched.getByRole('radio', { name: '暂不更新，保持现状' })).toBeChecked();
  await expect(page.getByRole('button', { name: '更新所选 1 份' })).toBeVisible();
  await touched.getByRole('radio', { name: '更新合同，保留人工处理的内容' }).check();
  await expectAccessible(page);
  await page.getByRole('button', { name: '更新所选 2 份' }).click();
  await expect(page.locator('#sum-sme')).toHaveText('160');
});

test('E1 contracts that change once more while one looks are compared afresh', async ({ signedIn, server, allowConsoleError }) => {
  allowConsoleError(/status of 409/);
  await importRows(server, [row('HT-1')]);
  const record = await new Desk(server, 'unit03').generate(2026);
  await importRows(server, [row('HT-1', { '合同金额（元）': '1200000' })]);
  const page = await signedIn('unit03');
  await open(page, `/office/records/${record}/update`);
  await expect(page.locator('.diff ins')).toHaveText('1200000');
  await importRows(server, [row('HT-1', { '合同金额（元）': '1300000' })]);
  await page.getByRole('button', { name: '更新所选 1 份' }).click();
  await expect(page.getByRole('alert').filter({ hasText: '又有变化，没有更新任何内容' })).toBeVisible();
  await expect(page.locator('.diff ins')).toHaveText('1300000');
  await expectAccessible(page);
  await page.getByRole('button', { name: '更新所选 1 份' }).click();
  await expect(page.locator('#sum-sme')).toHaveText('130');
});

test('E1 many differences come by pages, and a choice on one page holds on the others', async ({ signedIn, server }) => {
  await importRows(server, [row('HT-000')]);
  const record = await new Desk(server, 'unit03').generate(2026);
  await importRows(server, Array.from({ length: 103 }, (_, at) => row(`HT-${String(at + 1).padStart(3, '0')}`)));
  const page = await signedIn('unit03');
  await open(page, `/office/records/${record}/update`);
  const fresh = page.getByRole('region', { name: '新增的合同' });
  await expect(fresh).toContainText('本页 100 份');
  await expect(page.getByRole('button', { name: '更新所选 103 份' })).toBeVisible();
  await page.getByRole('checkbox', { name: '更新：项目HT-001' }).uncheck();
  await page.getByRole('navigation', { name: '分页' }).getByRole('link', { name: '第 2 页' }).click();
  await expect(fresh).toContainText('本页 3 份');
  await page.getByRole('checkbox', { name: '更新：项目HT-103' }).uncheck();
  await expect(page.getByRole('button', { name: '更新所选 101 份' })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: '全部不勾选' }).click();
  await expect(page.getByRole('button', { name: '都不更新' })).toBeVisible();
  await page.getByRole('button', { name: '全部勾选' }).click();
  await page.getByRole('checkbox', { name: '更新：项目HT-102' }).uncheck();
  await page.getByRole('navigation', { name: '分页' }).getByRole('link', { name: '第 1 页' }).click();
  await expect(page.getByRole('checkbox', { name: '更新：项目HT-001' })).toBeChecked();
  await page.getByRole('button', { name: '更新所选 102 份' }).click();
  await expect(page.getByText('已从合同更新：新增 102 份，更新 0 份，移除 0 份，1 份没有更新')).toBeVisible();
});
