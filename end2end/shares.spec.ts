// 份额 (E10): three percentages apart, budgets entered where contracts lack them, the proposed words for 「说明」, and the thresholds.

import { Desk, dialog, expectAccessible, goTo, open, saved } from './office';
import { importRows, row } from './ledger';
import { expect, test } from './server';

test('E10 the shares say what they lack, follow the budgets that are entered, and propose words that are inserted by a button only', async ({ signedIn, server }) => {
  await importRows(server, [
    row('HT-1', { '预算金额（元）': '1000000' }),
    row('HT-2', { '预算金额（元）': '5000000', 是否预留: '否', 预留选项: '' }),
    row('HT-3', { 项目属性: '', 是否预留: '否', 预留选项: '' }),
  ]);
  const desk = new Desk(server, 'unit03');
  const record = await desk.generate(2026);
  const page = await signedIn('unit03');
  await open(page, `/office/records/${record}`);
  const panel = page.getByRole('region', { name: '份额对照' });
  await expect(page.locator('#share-reserved')).toHaveText('—');
  await expect(panel).toContainText('本年度 3 个采购项目中，1 个没有预算金额，1 个没有项目属性');
  await expect(page.locator('#share-amounts')).toHaveText('100%');
  await expectAccessible(page);
  await panel.getByText('缺少内容的采购项目（1 个）').click();
  const form = panel.getByRole('group', { name: '填写预算：项目HT-3' });
  await form.getByLabel('预算金额(万元)').fill('很多');
  await form.getByLabel('项目属性').selectOption('服务');
  await form.getByRole('button', { name: '保存' }).click();
  await expect(form.getByText('不是数字，请只填金额，如 12.5')).toBeVisible();
  await form.getByLabel('预算金额(万元)').fill('400');
  await form.getByRole('button', { name: '保存' }).click();
  await expect(page.locator('#share-reserved')).toHaveText('10%');
  await expect(page.locator('#share-small-micro')).toHaveText('0%');
  await expect(panel).toContainText('＝ 100 ÷ 1000 万元');
  await expect(panel).toContainText('未达到 30%（全国，2021-01-01 起，财库〔2020〕46号）');
  const remark = page.getByLabel(/^未达到规定预留份额/);
  await expect(remark).toHaveValue('');
  await panel.getByRole('button', { name: '插入「说明」' }).click();
  await expect(remark).toHaveValue(/预留份额比例：服务类为 10%.*改进措施/);
  await saved(page);
  // What this page did itself is not what a colleague did: nothing asks to be read anew before 「提交」.
  await expect(page.getByRole('button', { name: '刷新页面' })).toHaveCount(0);
  await expect(panel.getByRole('button', { name: '「说明」中已有' })).toBeDisabled();
  // What was entered stays in sight, is corrected where it stands, and taken back.
  await panel.getByText('本单位填写的预算（1 个）').click();
  await expect(panel).toContainText('项目HT-3（合同编号 HT-3，100 万元）：400 万元，服务');
  await panel.getByRole('button', { name: '修改预算：项目HT-3' }).click();
  await expect(form.getByLabel('预算金额(万元)')).toHaveValue('400');
  await form.getByLabel('预算金额(万元)').fill('40');
  await expect(form.getByText('预算小于合同金额，请核对')).toBeVisible();
  await expectAccessible(page);
  await form.getByLabel('预算金额(万元)').fill('1400');
  await form.getByRole('button', { name: '保存' }).click();
  await expect(page.locator('#share-reserved')).toHaveText('5%');
  await panel.getByRole('button', { name: '修改预算：项目HT-3' }).click();
  await form.getByRole('button', { name: '收回' }).click();
  await expect(panel.getByText('缺少内容的采购项目（1 个）')).toBeVisible();
  await expect(panel.getByText('本单位填写的预算')).toHaveCount(0);
  await expect(page.locator('#share-reserved')).toHaveText('—');
  await expectAccessible(page);
  expect((await desk.view(record)).record.remark).toContain('按照本办法规定预留采购份额无法确保充分供应、充分竞争');
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
});

test('E10 a budget half typed keeps its text and the focus while another is saved and the lines are', async ({ signedIn, server }) => {
  await importRows(server, [row('HT-1', { 来源: '自行录入', 项目属性: '' }), row('HT-2', { 项目属性: '' }), row('HT-3', { 项目属性: '' })]);
  const record = await new Desk(server, 'unit03').generate(2026);
  const page = await signedIn('unit03');
  await open(page, `/office/records/${record}`);
  const panel = page.getByRole('region', { name: '份额对照' });
  await panel.getByText('缺少内容的采购项目（3 个）').click();
  const form = (name: string) => panel.getByRole('group', { name: `填写预算：项目${name}` });
  await form('HT-2').getByLabel('预算金额(万元)').fill('12');
  await form('HT-2').getByLabel('项目属性').selectOption('工程');
  await form('HT-1').getByLabel('预算金额(万元)').fill('4000000元');
  await form('HT-1').getByLabel('项目属性').selectOption('服务');
  await form('HT-1').getByRole('button', { name: '保存' }).click();
  await expect(panel.getByText('缺少内容的采购项目（2 个）')).toBeVisible();
  // The form that was saved is gone, and the focus has moved on to the next one.
  await expect(form('HT-2').getByLabel('预算金额(万元)')).toBeFocused();
  await expect(form('HT-2').getByLabel('预算金额(万元)')).toHaveValue('12');
  await expect(form('HT-2').getByLabel('项目属性')).toHaveValue('works');
  // A line is saved while one types.
  await goTo(page, 1, 'sme');
  await page.keyboard.type('60');
  await page.keyboard.press('Enter');
  await form('HT-3').getByLabel('预算金额(万元)').fill('7');
  await saved(page);
  await expect(form('HT-3').getByLabel('预算金额(万元)')).toBeFocused();
  await expect(form('HT-3').getByLabel('预算金额(万元)')).toHaveValue('7');
  await expect(form('HT-2').getByLabel('预算金额(万元)')).toHaveValue('12');
  await expectAccessible(page);
});

test('E10 the administrator lists, adds, changes and ends thresholds; overlaps are refused at the field', async ({ signedIn, allowConsoleError }) => {
  allowConsoleError(/status of 422/);
  const page = await signedIn('admin');
  await open(page, '/office/admin');
  await page.getByRole('link', { name: '份额标准' }).click();
  const rows = page.locator('#thresholds tbody tr');
  await expect(rows).toHaveCount(10);
  await expect(rows.filter({ hasText: '引用前请核对' })).toHaveCount(1);
  await expect(rows.filter({ hasText: '兰州新区' }).filter({ hasText: '仅供参考' })).toHaveCount(2);
  await expect(rows.filter({ hasText: '仅供参考' })).toHaveCount(2);
  await expectAccessible(page);
  await page.getByRole('button', { name: '添加标准' }).click();
  const box = dialog(page, '添加标准');
  await box.getByLabel('适用地区').fill('全国');
  await box.getByLabel('不低于(%)').fill('35');
  await box.getByLabel('起始日期').fill('2026-01-01');
  await box.getByLabel('依据').fill('测试文件');
  await expectAccessible(page);
  await box.getByRole('button', { name: '确定' }).click();
  await expect(box.getByText('日期重叠')).toBeVisible();
  // A place of ours that is misspelt would match no unit: said while one types, and refused.
  await box.getByLabel('适用地区').fill('浦东区');
  await expect(box.getByLabel('适用地区')).toHaveAccessibleDescription(/应为「浦东新区」，请从列表中选择/);
  await box.getByRole('button', { name: '确定' }).click();
  await expect(box.getByLabel('适用地区')).toHaveAttribute('aria-invalid', 'true');
  await expectAccessible(page);
  await box.getByLabel('适用地区').fill('江苏省');
  await expect(box.getByLabel('适用地区')).toHaveAccessibleDescription(/本系统没有「江苏省」的单位，这一条仅供参考，不参与对照/);
  await box.getByLabel('适用地区').fill('上海市');
  await box.getByRole('button', { name: '确定' }).click();
  await expect(box).toBeHidden();
  await expect(rows).toHaveCount(11);
  await page.getByRole('button', { name: /^终止：上海市/ }).click();
  const end = dialog(page, '终止标准');
  await end.getByLabel('截止日期').fill('2026-12-31');
  await end.getByRole('button', { name: '确定' }).click();
  await expect(end).toBeHidden();
  await expect(rows.filter({ hasText: '上海市' })).toContainText('至 2026-12-31');
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
  await expectAccessible(page);
});
