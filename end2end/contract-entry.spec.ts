// The page of a contract: entering one by hand, with the rules of an import at every field and the verdict while one types (A5, E1).

import type { Locator, Page } from '@playwright/test';
import { closeKept, confirm, Desk, dialog, expectAccessible, open } from './office';
import { expect, type Server, test } from './server';

const field = (page: Page, label: string | RegExp): Locator => page.getByRole('main').getByLabel(label);
const verdict = (page: Page): Locator => page.locator('.verdict');
const save = (page: Page): Locator => page.getByRole('button', { name: '保存', exact: true });

/** A works contract that counts by its share. */
const DRAFT = {
  contract_no: 'GC-2026-001',
  project_name: '道路维修工程',
  supplier_name: '上海某某建设有限公司',
  amount_yuan: '1000000',
  reserved: '是',
  measure: '合同分包预留',
  target: '小微企业',
  reserved_pct: '40',
  signed_on: '2026-03-02',
};

async function entered(server: Server, draft: Partial<typeof DRAFT> = {}): Promise<string> {
  const desk = new Desk(server, 'unit03');
  const saved = await desk.ask<{ id: string }>('save_contract', { input: { id: null, version: 0, draft: { ...DRAFT, ...draft } } });
  return saved.id;
}

async function fits(page: Page): Promise<void> {
  for (const width of [1440, 768, 390]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), `at ${width}`).toBe(0);
  }
  await expectAccessible(page);
  await page.setViewportSize({ width: 1440, height: 900 });
}

test('E1 a contract is entered by hand: every field says what is wrong as an import would, and the verdict follows while one types', async ({ signedIn }) => {
  const page = await signedIn('unit03');
  await open(page, '/office/contracts');
  await page.getByRole('link', { name: '录入合同' }).click();
  await expect(page.getByRole('heading', { level: 1, name: '录入合同' })).toBeVisible();
  await expect(field(page, '采购人（必填）')).toHaveValue('测试区采购单位03');
  await expect(verdict(page)).toContainText('填写合同金额、是否预留和合同签订日期后');

  await save(page).click();
  await expect(field(page, /^合同编号/)).toBeFocused();
  await expect(field(page, /^合同编号/)).toHaveAccessibleDescription(/请填写合同编号/);
  await fits(page);

  await field(page, /^合同编号/).fill('GC-2026-001');
  await field(page, /^项目名称/).fill('道路维修工程');
  await field(page, '供应商（必填）').fill('上海某某建设有限公司');
  await field(page, /^合同金额/).fill('100万');
  await expect(field(page, /^合同金额/)).toHaveAccessibleDescription(/请把万元换算成元/);
  await field(page, /^合同金额/).fill('１，０００，０００');
  await expect(field(page, /^合同金额/)).toHaveAccessibleDescription(/= 100 万元/);
  await field(page, /^是否预留/).selectOption('是');
  await field(page, /^合同签订日期/).fill('2026-03-02');
  await expect(verdict(page)).toContainText('不计入');
  await expect(verdict(page)).toContainText('2026 年度，非预留项目');
  await field(page, /^预留选项/).selectOption('合同分包预留');
  await expect(verdict(page)).toContainText('待补充');
  await field(page, /^预留对象/).selectOption('小微企业');
  await field(page, /^预留比例/).fill('40');
  await expect(verdict(page)).toContainText('2026 年度，面向中小企业 40 万元，面向小微企业 40 万元（按比例推算）');
  await field(page, /^面向小微企业金额/).fill('500000');
  await expect(verdict(page)).toContainText('有矛盾');
  await field(page, /^面向小微企业金额/).fill('100000');
  await expect(verdict(page)).toContainText('面向小微企业 10 万元');
  await fits(page);

  await save(page).click();
  await expect(page.getByRole('heading', { level: 1, name: '道路维修工程' })).toBeVisible();
  await expect(page).toHaveURL(/\/office\/contracts\/[0-9a-f-]{36}$/);
  await page.getByRole('link', { name: '合同台账' }).first().click();
  await page.getByLabel('名称、编号').fill('gc-2026');
  await page.getByRole('button', { name: '查询' }).click();
  const row = page.getByRole('region', { name: '合同列表' }).getByRole('row').nth(1);
  await expect(row).toContainText('计入');
  await row.getByRole('link', { name: '道路维修工程' }).click();
  await expect(field(page, /^合同金额/)).toHaveValue('1000000');
});

test('E1 several contracts are entered one after the other, and half a date is not lost without a word', async ({ signedIn }) => {
  const page = await signedIn('unit03');
  await open(page, '/office/contracts/new');
  await field(page, /^合同编号/).fill('GC-1');
  await field(page, /^项目名称/).fill('甲项目');
  await field(page, '供应商（必填）').fill('某公司');
  await field(page, /^合同金额/).fill('5000000');
  await field(page, /^是否预留/).selectOption('否');
  await field(page, /^合同签订日期/).fill('2026-01-05');
  await field(page, /^合同公告日期/).click();
  await page.keyboard.type('2026');
  await page.getByRole('button', { name: '保存并再录一份' }).click();
  await expect(field(page, /^合同公告日期/)).toBeFocused();
  await expect(field(page, /^合同公告日期/)).toHaveAccessibleDescription(/日期不存在或格式不对/);
  await field(page, /^合同公告日期/).fill('2026-01-09');
  await page.getByRole('button', { name: '保存并再录一份' }).click();
  await expect(page.getByText('已保存，可以录入下一份')).toBeVisible();
  await expect(field(page, /^合同编号/)).toBeFocused();
  await expect(field(page, /^合同编号/)).toHaveValue('');
  await expect(field(page, /^合同金额/)).toHaveValue('');
});

test('E1 a key that another contract has is named before the save, with the way to it', async ({ signedIn, server }) => {
  const id = await entered(server);
  const page = await signedIn('unit03');
  await open(page, '/office/contracts/new');
  await field(page, /^合同编号/).fill(DRAFT.contract_no);
  await field(page, /^标项/).focus();
  await expect(field(page, /^合同编号/)).toHaveAccessibleDescription(/本单位已有合同编号和标项都相同的合同/);
  await expect(page.getByRole('link', { name: /道路维修工程/ })).toHaveAttribute('href', `/office/contracts/${id}`);
  await expectAccessible(page);
  await field(page, /^标项/).fill('2');
  await field(page, /^项目名称/).focus();
  await expect(page.getByRole('link', { name: /道路维修工程/ })).toHaveCount(0);
});

test('E1 of two people at one contract the second is told what changed, keeps what they typed, and chooses', async ({ signedIn, anotherPerson, server, allowConsoleError }) => {
  allowConsoleError(/status of 409/);
  const id = await entered(server);
  const first = await signedIn('unit03');
  await open(first, `/office/contracts/${id}`);
  const second = await anotherPerson('unit03');
  await open(second, `/office/contracts/${id}`);
  await field(first, /^项目名称/).fill('甲改的名称');
  await field(first, /^合同金额/).fill('2000000');
  await save(first).click();
  await expect(first.locator('.saved-note')).toHaveText('');
  await field(second, /^合同金额/).fill('3000000');
  await field(second, /^标项/).fill('1');
  await save(second).click();
  const told = second.getByRole('alert');
  await expect(told).toContainText('修改了这份合同，您的修改还没有保存');
  await expect(told).toContainText('甲改的名称');
  await expect(told).toContainText('您填写：3000000；对方填写：2000000');
  await expectAccessible(second);
  await expect(field(second, /^项目名称/)).toHaveValue('甲改的名称');
  await expect(field(second, /^标项/)).toHaveValue('1');
  await expect(field(second, /^合同金额/)).toHaveValue('3000000');
  await told.getByRole('button', { name: '采用对方的' }).click();
  await expect(field(second, /^合同金额/)).toHaveValue('2000000');
  await save(second).click();
  await expect(told).toHaveCount(0);
  await expect(second.locator('.log')).toContainText('标项：（空） → 1');
});

test('E1 what was typed and not stored is offered after the page was left', async ({ signedIn, context, server, allowConsoleError }) => {
  allowConsoleError(/ERR_INTERNET_DISCONNECTED/);
  const id = await entered(server);
  const page = await signedIn('unit03');
  await open(page, `/office/contracts/${id}`);
  await page.route('**/api/save_contract', async (route) => route.abort('internetdisconnected'));
  await field(page, /^项目名称/).fill('没有存上的名称');
  await save(page).click();
  await expect(page.getByRole('alert')).toContainText('网络连接中断');
  await expect(page.locator('.saved-note')).toHaveText('有未保存的修改');
  await closeKept(page);
  const again = await context.newPage();
  await open(again, `/office/contracts/${id}`);
  const left = again.getByRole('alert').filter({ hasText: '没有来得及保存' });
  await expect(left).toContainText('上次有 1 处内容');
  await expect(left).toContainText('点击「恢复」会用它替换本页 1 个已有内容的格');
  await left.getByText('查看这些内容').click();
  await expect(left.getByRole('listitem')).toHaveText('项目名称：没有存上的名称（本页现为 道路维修工程，恢复后被替换）');
  await left.getByRole('button', { name: '恢复' }).click();
  await expect(field(again, /^项目名称/)).toHaveValue('没有存上的名称');
  await save(again).click();
  await expect(again.getByText('已保存')).toBeVisible();
  await again.reload();
  await expect(again.getByText('没有来得及保存')).toHaveCount(0);
});

test('E1 what is offered after the page was left stands above the form, covers nothing, and says what it replaces', async ({ signedIn, context }) => {
  const page = await signedIn('unit03');
  await open(page, '/office/contracts/new');
  await field(page, /^合同编号/).fill('GC-9');
  await field(page, /^项目名称/).fill('没有录完的合同');
  await page.close({ runBeforeUnload: false });
  const again = await context.newPage();
  await open(again, '/office/contracts/new');
  const left = again.getByRole('alert').filter({ hasText: '没有来得及保存' });
  await expect(left).toContainText('点击「恢复」填入本页的空格，不改动已填写的内容');
  await field(again, /^项目名称/).fill('另一份合同');
  await expect(left).toContainText('会用它替换本页 1 个已有内容的格，其余只填入空格');
  for (const width of [1440, 768, 390]) {
    await again.setViewportSize({ width, height: 900 });
    await again.evaluate(() => window.scrollTo(0, 0));
    const [banner, form] = [await left.boundingBox(), await again.locator('#contract-form').boundingBox()];
    expect((banner?.y ?? 0) + (banner?.height ?? 0), `at ${width}`).toBeLessThanOrEqual(form?.y ?? 0);
    await field(again, /^合同公告日期/).scrollIntoViewIfNeeded();
    await again.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
    await expect(left).not.toBeInViewport();
  }
  await again.setViewportSize({ width: 1440, height: 900 });
  await expectAccessible(again);
  await left.getByRole('button', { name: '恢复' }).click();
  await expect(field(again, /^合同编号/)).toHaveValue('GC-9');
  await expect(field(again, /^项目名称/)).toHaveValue('没有录完的合同');
  await expect(left).toHaveCount(0);
});

test('A5 deleting asks first and says what a 年度数据 keeps', async ({ signedIn, server }) => {
  const id = await entered(server);
  await new Desk(server, 'unit03').generate(2026);
  const page = await signedIn('unit03');
  await open(page, `/office/contracts/${id}`);
  await expect(page.getByRole('main')).toContainText('这份合同已列入 2026 年度数据');
  await page.getByRole('button', { name: '删除' }).click();
  const box = dialog(page, '确定删除？');
  await expect(box).toContainText('它已列入 2026 年度数据，那里保留列入时的内容');
  await expectAccessible(page);
  await confirm(box);
  await expect(page.getByRole('heading', { level: 1, name: '合同台账' })).toBeVisible();
  await expect(page.getByText('合同已删除')).toBeVisible();
});

test('A5 what the platform has given can only be looked at, and says why; the 主管 looks too', async ({ signedIn, anotherPerson, server }) => {
  const page = await signedIn('unit03');
  await open(page, '/office/contracts?source=project&verdict=counted');
  await page.getByRole('region', { name: '合同列表' }).getByRole('row').nth(1).getByRole('link').click();
  await expect(page.getByRole('main')).toContainText('项目采购合同由采购平台采集，只能查看');
  await expect(verdict(page)).toContainText('计入');
  await expect(verdict(page).getByText('取合同金额').or(verdict(page).getByText('录入）'))).not.toHaveCount(0);
  await expect(page.getByRole('textbox')).toHaveCount(0);
  await expect(save(page)).toHaveCount(0);
  await fits(page);
  const own = await entered(server);
  const chief = await anotherPerson('reviewer');
  await open(chief, `/office/contracts/${own}`);
  await expect(chief.getByRole('main')).toContainText('这是下级单位的合同，只有该单位经办可以修改或删除');
  await expect(chief.getByRole('button', { name: '删除' })).toHaveCount(0);
  await open(chief, '/office/contracts/new');
  await expect(chief.getByRole('alert')).toContainText('您的岗位不能进行此操作');
});
