// 口径解释 of a record's year (E1): every contract with its rule, what is missing filled in place, claims, removals, duplicates.

import { confirm, Desk, dialog, expectAccessible, open } from './office';
import { importRows, row } from './ledger';
import { expect, test } from './server';

const ROWS = [
  row('HT-1'),
  row('HT-2', { 供应商类型: '' }),
  row('HT-3', { 是否预留: '否', 预留选项: '' }),
  row('HT-4', { 来源: '框架协议', 合同公告日期: '', 商品标识: '中小企业标识', 预留对象: '中小企业' }),
];

test('E1 the page explains every contract, and its sums are those of the record; filters live in the URL', async ({ signedIn, server }) => {
  await importRows(server, ROWS);
  const record = await new Desk(server, 'unit03').generate(2026);
  const page = await signedIn('unit03');
  await open(page, `/office/records/${record}`);
  await page.getByRole('link', { name: '口径解释' }).click();
  await expect(page.getByRole('heading', { level: 1, name: '口径解释' })).toBeVisible();
  await expect(page.locator('#groups tbody tr')).toHaveCount(4);
  await expect(page.locator('#counted-sme')).toHaveText('100');
  await expect(page.locator('.explained-item')).toHaveCount(4);
  const out = page.getByRole('region', { name: '非预留项目' });
  await expect(out).toContainText('依据：操作手册');
  await expect(out).toContainText('怎样才计入：采购项目预留了份额');
  const framework = page.getByRole('region', { name: '合同未公告' });
  await expect(framework).toContainText('商品标识：中小企业标识');
  await expectAccessible(page);

  await page.locator('#groups').getByRole('link', { name: '非预留项目' }).click();
  await expect(page).toHaveURL(/group=NOT_RESERVED/);
  await expect(page.locator('.explained-item')).toHaveCount(1);
  await page.getByLabel('名称、编号').fill('没有这样的合同');
  await page.getByRole('button', { name: '查询' }).click();
  await expect(page.getByText('没有符合条件的合同')).toBeVisible();
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await open(page, `/office/records/${record}/explanation`);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
  }
  await expectAccessible(page);
});

test('E1 what is missing is filled in on the spot, and a wrong value says so there', async ({ signedIn, server }) => {
  await importRows(server, ROWS);
  const record = await new Desk(server, 'unit03').generate(2026);
  const page = await signedIn('unit03');
  await open(page, `/office/records/${record}/explanation?group=needs_input`);
  const form = page.getByRole('group', { name: '补充：项目HT-2' });
  await form.getByLabel('面向小微企业采购金额(万元)').fill('100.5');
  await expect(form.getByText('小微金额 100.5 不能大于中小金额 100')).toBeVisible();
  await form.getByLabel('面向小微企业采购金额(万元)').fill('60');
  await form.getByLabel('修改理由').fill('按中小企业声明函填写');
  await expectAccessible(page);
  await form.getByRole('button', { name: '保存' }).click();
  await expect(page.getByText('没有符合条件的合同')).toBeVisible();
  await open(page, `/office/records/${record}/explanation`);
  await expect(page.locator('#counted-sme')).toHaveText('200');
  await expect(page.locator('#counted-small-micro')).toHaveText('160');
});

test('E1 what is being typed stays, with the focus, while another contract is saved and the page is read anew', async ({ signedIn, server }) => {
  await importRows(server, [row('HT-1', { 供应商类型: '' }), row('HT-2', { 供应商类型: '' }), row('HT-3')]);
  const record = await new Desk(server, 'unit03').generate(2026);
  const page = await signedIn('unit03');
  await open(page, `/office/records/${record}/explanation`);
  // The page's next reading is held back until something has been begun elsewhere.
  let release = () => {};
  const held = new Promise<void>((done) => (release = done));
  await page.route('**/api/record_explanation', async (route) => {
    await held;
    await route.continue();
  });
  const first = page.getByRole('group', { name: '补充：项目HT-1' });
  await first.getByLabel('面向小微企业采购金额(万元)').fill('60');
  await first.getByLabel('修改理由').fill('按中小企业声明函填写');
  await first.getByRole('button', { name: '保存' }).click();
  await expect(page.getByText('已保存', { exact: true })).toBeVisible();
  const reason = page.getByRole('group', { name: '补充：项目HT-2' }).getByLabel('修改理由');
  await reason.pressSequentially('供应商');
  release();
  await expect(first).toHaveCount(0);
  await expect(page.locator('#counted-small-micro')).toHaveText('160');
  await expect(reason).toBeFocused();
  await page.keyboard.type('是中型企业');
  await expect(reason).toHaveValue('供应商是中型企业');

  // A reason in the dialog as well, also where a colleague changes the very line.
  await page.getByRole('button', { name: '剔除：项目HT-3' }).click();
  const out = dialog(page, '剔除');
  await out.getByLabel('理由').fill('与上年重复');
  await confirm(out);
  await expect(page.getByRole('region', { name: '本单位剔除' })).toContainText('剔除理由：与上年重复');
  await expect(reason).toHaveValue('供应商是中型企业');
});

test('E1 a left-out contract is claimed in with a reason and a file, a counted one taken out; the reviewer sees both and reads the file', async ({ signedIn, server, anotherPerson }) => {
  await importRows(server, [row('HT-1'), row('HT-2'), row('HT-3', { 是否预留: '否', 预留选项: '' })]);
  const desk = new Desk(server, 'unit03');
  const record = await desk.generate(2026);
  const page = await signedIn('unit03');
  await open(page, `/office/records/${record}/explanation`);
  await page.getByRole('button', { name: '申请纳入：项目HT-3' }).click();
  const claim = dialog(page, '申请纳入');
  await claim.getByRole('button', { name: '确定' }).click();
  await expect(claim.getByText('请填写理由')).toBeVisible();
  await expectAccessible(page);
  await claim.getByLabel('理由').fill('采购文件写明整体预留');
  await claim.getByLabel('证明材料').setInputFiles({ name: '采购文件.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7 proof') });
  await confirm(claim);
  await expect(page.getByRole('link', { name: '采购文件.pdf' })).toBeVisible();
  await expect(page.getByText('本单位申请纳入。原因规则“非预留项目”')).toBeVisible();
  const form = page.getByRole('group', { name: '补充：项目HT-3' });
  await form.getByLabel('预留选项').selectOption('整体预留');
  await form.getByLabel('面向中小企业采购金额(万元)').fill('50');
  await form.getByLabel('面向小微企业采购金额(万元)').fill('50');
  await form.getByRole('button', { name: '保存' }).click();
  await page.getByRole('button', { name: '剔除：项目HT-2' }).click();
  const out = dialog(page, '剔除');
  await out.getByLabel('理由').fill('与上年重复');
  await confirm(out);
  await expect(page.getByRole('region', { name: '本单位剔除' })).toContainText('剔除理由：与上年重复');
  await expect(page.locator('#counted-sme')).toHaveText('150');
  await expectAccessible(page);

  await desk.submit(record, '审核人');
  const reviewer = await anotherPerson('reviewer');
  await open(reviewer, `/office/records/${record}`);
  const handled = reviewer.getByRole('region', { name: '人工处理的内容' });
  await expect(handled).toContainText('采购文件写明整体预留');
  await expect(handled).toContainText('剔除合同“项目HT-2”');
  const download = reviewer.waitForEvent('download');
  await handled.getByRole('link', { name: '证明材料：采购文件.pdf' }).click();
  expect((await download).suggestedFilename()).toBe('采购文件.pdf');
  await open(reviewer, `/office/records/${record}/explanation`);
  await expect(reviewer.getByRole('button', { name: /申请纳入|剔除/ })).toHaveCount(0);
  await expectAccessible(reviewer);
});

test('E1 what may count twice is pointed out with where the other one is, before 「提交」 and to the reviewer', async ({ signedIn, server, anotherPerson }) => {
  await importRows(server, [row('HT-2026-1'), row('HT-2026-2'), row('HT-2026-2', { 采购人: '测试区采购单位99', 合同链接: '' })]);
  const desk = new Desk(server, 'unit03');
  const record = await desk.generate(2026);
  await desk.addLine(record, { project_name: '项目HT-2026-1', measure: '整体预留', sme: '100', small_micro: '0' });
  const page = await signedIn('unit03');
  await open(page, `/office/records/${record}`);
  const panel = page.getByRole('region', { name: '疑似重复' });
  await expect(panel.getByRole('listitem')).toHaveCount(2);
  await expect(panel).toContainText('与测试区采购单位99的合同 HT-2026-2 疑似同一份（合同编号、标项和供应商相同）');
  await expect(panel).toContainText('第 3 行“项目HT-2026-1”与第 1 行疑似同一份合同');
  await expectAccessible(page);
  await page.getByRole('button', { name: '提交', exact: true }).click();
  await expect(dialog(page, '提交').getByText('有 2 处疑似重复，请先核对')).toBeVisible();
  await page.keyboard.press('Escape');
  await panel.getByRole('link').first().click();
  await expect(page).toHaveURL(/\/explanation\?words=/);
  await desk.submit(record, '审核人');
  const reviewer = await anotherPerson('reviewer');
  await open(reviewer, `/office/records/${record}`);
  await expect(reviewer.getByRole('region', { name: '疑似重复' }).getByRole('listitem')).toHaveCount(2);
});
