// 系统管理 and 统计口径设置: units, people, and by which date contracts stand in a year (B8, A1).

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { alive, confirm, dialog, type Expected, expectAccessible, open } from './office';
import { expect, PASSWORD, test } from './server';

const person = (page: Page, login: string) => page.getByRole('region', { name: '人员' }).getByRole('row').filter({ has: page.getByRole('cell', { name: login, exact: true }) });
const unit = (page: Page, name: string) => page.getByRole('region', { name: '单位' }).getByRole('row').filter({ hasText: name });

async function signIn(page: Page, login: string, password: string): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('登录名').fill(login);
  await page.getByLabel('密码').fill(password);
  await page.getByRole('button', { name: '登录' }).click();
}

test('B8 the administrator adds, changes and moves units; a wrong entry is said at its field', async ({ signedIn, allowConsoleError }) => {
  allowConsoleError(/status of 422/);
  const page = await signedIn('admin');
  await open(page, '/office/admin');
  await page.getByRole('button', { name: '添加单位' }).click();
  const add = dialog(page, '添加单位');
  await expect(add.getByLabel(/^单位名称/)).toBeFocused();
  await expectAccessible(page);
  await add.getByRole('button', { name: '确定' }).click();
  await expect(add.locator('#unit-name-error')).toBeVisible();
  await expectAccessible(page);
  await add.getByLabel(/^单位名称/).fill('测试区采购单位99');
  await add.getByLabel(/^行政区划/).selectOption({ label: '310104 徐汇区' });
  await add.getByRole('button', { name: '确定' }).click();
  await expect(add.getByText('已有同名的单位，请核对')).toBeVisible();
  await add.getByLabel(/^单位名称/).fill('测试区采购单位01');
  await add.getByLabel('上级单位').selectOption({ label: '上海机动车管理中心' });
  await add.getByLabel(/^行政区划/).selectOption({ label: '310104 徐汇区' });
  await add.getByLabel('统一社会信用代码').fill('91350100M000100Y44');
  await expect(add.getByText(/可以照常保存/)).toBeVisible();
  await add.getByLabel('统一社会信用代码').fill('91350100m000100y43');
  await expect(add.getByText(/可以照常保存/)).toHaveCount(0);
  await confirm(add);
  await expect(page.getByText('单位已保存')).toBeVisible();
  await expect(unit(page, '测试区采购单位01')).toContainText('徐汇区');
  await expect(unit(page, '测试区采购单位01')).toContainText('91350100M000100Y43');

  await unit(page, '测试区采购单位01').getByRole('button', { name: '编辑：测试区采购单位01' }).click();
  const edit = dialog(page, '编辑单位');
  await expect(edit.getByLabel(/^单位名称/)).toHaveValue('测试区采购单位01');
  // A unit cannot stand below itself: it is not offered.
  await expect(edit.getByLabel('上级单位').getByRole('option', { name: '测试区采购单位01' })).toHaveCount(0);
  await edit.getByLabel(/^单位名称/).fill('测试区采购单位02');
  await edit.getByLabel('上级单位').selectOption({ label: '测试区采购单位99' });
  await confirm(edit);
  await expect(unit(page, '测试区采购单位02')).toContainText('（第 3 级）');
  await page.reload();
  await alive(page);
  await expect(unit(page, '测试区采购单位02')).toContainText('（第 3 级）');
  await expectAccessible(page);
});

test('B8 a new person gets a password that is shown once, and signs in with it', async ({ signedIn, anotherPerson, allowConsoleError }) => {
  allowConsoleError(/status of 422/);
  const page = await signedIn('admin');
  await open(page, '/office/admin');
  await page.getByRole('button', { name: '添加人员' }).click();
  const add = dialog(page, '添加人员');
  await expectAccessible(page);
  await add.getByRole('button', { name: '确定' }).click();
  for (const words of ['请填写登录名', '请填写姓名', '请选择单位', '请至少选择一个岗位']) await expect(add.getByText(words)).toBeVisible();
  await add.getByLabel(/^登录名/).fill('unit03');
  await add.getByLabel(/^姓名/).fill('审核岗');
  await add.getByLabel(/^单位/).selectOption({ label: '测试区采购单位03' });
  await add.getByRole('button', { name: '确定' }).click();
  await expect(add.locator('#person-roles-error')).toBeVisible();
  await add.getByRole('checkbox', { name: '审核人' }).check();
  await add.getByRole('button', { name: '确定' }).click();
  await expect(add.getByText('这个登录名已有人使用，请换一个')).toBeVisible();
  await expectAccessible(page);
  await add.getByLabel(/^登录名/).fill('unit03-reviewer');
  await add.getByRole('button', { name: '确定' }).click();
  const issued = dialog(page, '初始密码');
  await expect(issued).toContainText('unit03-reviewer');
  await expectAccessible(page);
  const password = (await issued.locator('code').textContent()) ?? '';
  await issued.getByRole('button', { name: '我已抄下' }).click();
  await expect(page.getByText(password)).toHaveCount(0);
  await expect(person(page, 'unit03-reviewer')).toContainText('审核人');
  const fresh = await anotherPerson();
  await signIn(fresh, 'unit03-reviewer', password);
  await expect(fresh).toHaveURL(/\/office$/);
  await alive(fresh);
  await expect(fresh.getByRole('link', { name: '测试区采购单位03 · 审核岗' })).toBeVisible();
});

test('B8 a person who is disabled is out at once, and in again when enabled', async ({ signedIn, anotherPerson, allowConsoleError }) => {
  allowConsoleError(/status of 422/);
  const clerk = await anotherPerson('unit99');
  await open(clerk, '/office');
  const page = await signedIn('admin');
  await open(page, '/office/admin');
  // The administrator cannot shut themselves out.
  await expect(person(page, 'admin').getByRole('button', { name: /^停用/ })).toHaveCount(0);
  await person(page, 'unit99').getByRole('button', { name: /^停用/ }).click();
  const ask = page.getByRole('dialog', { name: /^确定停用/ });
  await expect(ask).toContainText('登录名 unit99，测试区采购单位99');
  await expectAccessible(page);
  await confirm(ask);
  await expect(page.getByText('人员已停用，其登录已退出')).toBeVisible();
  await expect(person(page, 'unit99')).toContainText('已停用');
  await clerk.goto('/office');
  await expect(clerk).toHaveURL(/\/sign-in/);
  await signIn(clerk, 'unit99', PASSWORD);
  await expect(clerk.getByText('该账号已停用，请联系系统管理员')).toBeVisible();
  await person(page, 'unit99').getByRole('button', { name: /^启用/ }).click();
  await expect(person(page, 'unit99')).toContainText('正常');
  await signIn(clerk, 'unit99', PASSWORD);
  await expect(clerk).toHaveURL(/\/office$/);
});

test('B8 a locked person is unlocked, and a forgotten password is replaced', async ({ signedIn, anotherPerson, allowConsoleError }) => {
  allowConsoleError(/status of 422/);
  const clerk = await anotherPerson();
  for (let failure = 1; failure <= 5; failure += 1) {
    await signIn(clerk, 'pudong', 'wrong');
    await expect(clerk.getByRole('alert')).toBeVisible();
  }
  const page = await signedIn('admin');
  await open(page, '/office/admin');
  await expect(person(page, 'pudong')).toContainText('锁定至 09:15:00');
  await expectAccessible(page);
  await person(page, 'pudong').getByRole('button', { name: /^解除锁定/ }).click();
  await expect(page.getByText('已解除锁定')).toBeVisible();
  await expect(person(page, 'pudong')).toContainText('正常');
  await signIn(clerk, 'pudong', PASSWORD);
  await expect(clerk).toHaveURL(/\/office$/);

  await person(page, 'pudong').getByRole('button', { name: /^重置密码/ }).click();
  await confirm(page.getByRole('dialog', { name: /^确定重置/ }));
  const issued = dialog(page, '初始密码');
  const password = (await issued.locator('code').textContent()) ?? '';
  await issued.getByRole('button', { name: '我已抄下' }).click();
  await clerk.goto('/office');
  await expect(clerk).toHaveURL(/\/sign-in/);
  await signIn(clerk, 'pudong', PASSWORD);
  await expect(clerk.getByRole('alert')).toContainText('登录名或密码不正确');
  await signIn(clerk, 'pudong', password);
  await expect(clerk).toHaveURL(/\/office$/);
});

test('B8 people are found by name, login or unit, and the search lives in the URL', async ({ signedIn }) => {
  const page = await signedIn('admin');
  await open(page, '/office/admin');
  const rows = page.getByRole('region', { name: '人员' }).locator('tbody tr');
  await expect(rows).toHaveCount(7);
  await page.getByLabel('登录名、姓名或单位').fill('浦东');
  await page.getByRole('search', { name: '查找人员' }).getByRole('button', { name: '查询' }).click();
  await expect(page).toHaveURL(/\?q=/);
  await alive(page);
  await expect(rows).toHaveCount(1);
  await page.reload();
  await alive(page);
  await expect(rows).toHaveCount(1);
  // The search for units keeps what the list of people looks for.
  await page.getByLabel('单位名称或代码').fill('单位03');
  await page.getByRole('search', { name: '查找单位' }).getByRole('button', { name: '查询' }).click();
  await expect(page).toHaveURL(/q=.*unit=|unit=.*q=/);
  await alive(page);
  await expect(page.getByRole('region', { name: '单位列表' }).locator('tbody tr')).toHaveCount(1);
  await expect(rows).toHaveCount(1);
  // 「重置」 of one list leaves the other's words, in the address and in the fields, and back brings its own again.
  await page.getByRole('search', { name: '查找单位' }).getByRole('link', { name: '重置' }).click();
  await expect(page).not.toHaveURL(/unit=/);
  await expect(page.getByLabel('单位名称或代码')).toHaveValue('');
  await expect(page.getByLabel('登录名、姓名或单位')).toHaveValue('浦东');
  await expect(rows).toHaveCount(1);
  await page.goBack();
  await expect(page.getByLabel('单位名称或代码')).toHaveValue('单位03');
  await open(page, '/office/admin?q=nobody');
  await expect(page.getByText('没有找到人员')).toBeVisible();
  await expectAccessible(page);
});

test('B8 two administrators at the same unit: the second is told, not overwritten', async ({ signedIn, anotherPerson, allowConsoleError }) => {
  allowConsoleError(/status of 409/);
  const first = await signedIn('admin');
  const second = await anotherPerson('admin');
  await open(first, '/office/admin');
  await open(second, '/office/admin');
  for (const [page, name] of [[first, '浦东新区采购中心甲'], [second, '浦东新区采购中心乙']] as const) {
    await unit(page, '浦东新区采购中心').getByRole('button').click();
    await dialog(page, '编辑单位').getByLabel(/^单位名称/).fill(name);
    await dialog(page, '编辑单位').getByRole('button', { name: '确定' }).click();
    if (page === first) await expect(dialog(page, '编辑单位')).toBeHidden();
  }
  await expect(dialog(second, '编辑单位').getByRole('alert')).toBeVisible();
  await expect(dialog(second, '编辑单位').getByLabel(/^单位名称/)).toHaveValue('浦东新区采购中心乙');
  await second.reload();
  await alive(second);
  await expect(unit(second, '浦东新区采购中心甲')).toHaveCount(1);
});

test('A1 the 主管 chooses by which date contracts stand in a year; it holds for what is generated from then on', async ({ signedIn, anotherPerson }) => {
  const page = await signedIn('jdc');
  await open(page, '/office/settings');
  const basis = page.getByRole('region', { name: /^项目采购合同按哪个日期归入/ });
  await expect(basis.getByRole('button', { name: '保存' })).toBeDisabled();
  await expectAccessible(page);
  await basis.getByRole('radio').nth(1).check();
  await basis.getByRole('button', { name: '保存' }).click();
  await expect(page.getByText('统计口径已保存')).toBeVisible();
  await page.reload();
  await alive(page);
  await expect(basis.getByRole('radio').nth(1)).toBeChecked();

  const clerk = await anotherPerson('unit03');
  await open(clerk, '/office');
  await clerk.getByRole('button', { name: '生成年度数据' }).click();
  const box = dialog(clerk, '生成年度数据');
  await box.getByLabel('年度').selectOption('2025');
  await box.getByRole('button', { name: '确定' }).click();
  const published = JSON.parse(readFileSync(fileURLToPath(new URL('../data/contracts-sample.expected-published.json', import.meta.url)), 'utf8')) as Record<string, Expected>;
  const sum = published['测试区采购单位03/2025'];
  await expect(clerk.locator('#sum-sme')).toHaveText(sum?.sme_wan ?? '');
  await expect(clerk.locator('#sum-ratio')).toHaveText(sum?.ratio ?? '');
  await expectAccessible(clerk);
});
