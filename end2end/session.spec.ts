// Signing in and out, and what an account is. Everybody sees their own (B8), which begins with who one is.

import { alive, expectAccessible, open } from './office';
import { ACCOUNTS, expect, PASSWORD, test } from './server';
import type { Page } from '@playwright/test';

async function tryToSignIn(page: Page, login: string, password: string): Promise<void> {
  await page.getByLabel('登录名').fill(login);
  await page.getByLabel('密码').fill(password);
  await page.getByRole('button', { name: '登录' }).click();
}

test('B8 sign-in by the form leads to the office; the page names the demo accounts', async ({ page }) => {
  await page.goto('/office');
  await expect(page).toHaveURL(/\/sign-in\?next=\/office$/);
  for (const account of ACCOUNTS) await expect(page.getByRole('cell', { name: account, exact: true })).toBeVisible();
  await expectAccessible(page);
  await tryToSignIn(page, 'unit03', PASSWORD);
  await expect(page).toHaveURL(/\/office$/);
  await alive(page);
  await expect(page.getByRole('link', { name: '测试区采购单位03 · 经办' })).toBeVisible();
});

test('B8 after signing in one stands where one wanted to go, filters included', async ({ page }) => {
  await page.goto('/office?year=2023&status=approved');
  await tryToSignIn(page, 'reviewer', PASSWORD);
  await expect(page).toHaveURL(/\/office\?year=2023&status=approved$/);
  await alive(page);
  await expect(page.getByLabel('状态')).toHaveValue('approved');
});

test('B8 a wrong password is refused in words that do not say which half was wrong, and the name is kept', async ({ page, allowConsoleError }) => {
  allowConsoleError(/status of 422/);
  await page.goto('/sign-in');
  await tryToSignIn(page, 'unit03', 'wrong');
  const message = page.getByRole('alert');
  await expect(message).toHaveText('登录名或密码不正确。连续 5 次错误将锁定 15 分钟');
  await expect(page.getByLabel('登录名')).toHaveValue('unit03');
  await expect(page.getByLabel('密码')).toHaveValue('');
  await expectAccessible(page);
  await tryToSignIn(page, 'nobody', 'wrong');
  await expect(message).toHaveText('登录名或密码不正确。连续 5 次错误将锁定 15 分钟');
});

test('B8 five failures lock the account for fifteen minutes, whatever the password', async ({ page, server, allowConsoleError }) => {
  allowConsoleError(/status of 422/);
  await page.goto('/sign-in');
  for (let failure = 1; failure <= 5; failure += 1) {
    await tryToSignIn(page, 'unit99', `wrong ${failure}`);
    await expect(page.getByRole('alert')).toContainText('登录名或密码不正确');
    await expect(page.getByLabel('密码')).toHaveValue('');
  }
  await tryToSignIn(page, 'unit99', PASSWORD);
  await expect(page.getByRole('alert')).toHaveText('密码连续错误次数过多，账号已锁定，请在 09:15:00 后重试，或请系统管理员解锁');
  await server.setClock('2026-03-20 09:15:01');
  await tryToSignIn(page, 'unit99', PASSWORD);
  await expect(page).toHaveURL(/\/office$/);
});

test('B8 signing out ends the session for good: its cookie opens nothing any more', async ({ page, context }) => {
  await page.goto('/sign-in');
  await tryToSignIn(page, 'unit03', PASSWORD);
  await expect(page).toHaveURL(/\/office$/);
  await alive(page);
  const cookies = await context.cookies();
  await page.getByRole('button', { name: '退出' }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
  await context.addCookies(cookies);
  await page.goto('/office');
  await expect(page).toHaveURL(/\/sign-in\?next=/);
});

test('B8 a session unused for two hours, or twelve hours old, has ended', async ({ signedIn, server }) => {
  const page = await signedIn('unit03');
  await server.setClock('2026-03-20 10:59:00');
  await open(page, '/office');
  await server.setClock('2026-03-20 12:58:00');
  await open(page, '/office');
  await server.setClock('2026-03-20 14:59:00');
  await page.goto('/office');
  await expect(page).toHaveURL(/\/sign-in\?next=/);
});

test('B8 one changes one’s own password; wrong input is said at its field, and the old password is gone', async ({ signedIn, anotherPerson, allowConsoleError }) => {
  allowConsoleError(/status of 422/);
  const page = await signedIn('pudong');
  const elsewhere = await anotherPerson();
  await elsewhere.goto('/sign-in');
  await tryToSignIn(elsewhere, 'pudong', PASSWORD);
  await expect(elsewhere).toHaveURL(/\/office$/);
  await open(page, '/office/account');
  await expect(page.getByText('浦东新区采购中心', { exact: true })).toBeVisible();
  await expectAccessible(page);
  const [old, fresh, again] = [page.getByLabel('原密码'), page.getByLabel(/^新密码/), page.getByLabel('再次输入新密码')];
  const change = page.getByRole('button', { name: '修改密码' });

  await old.fill('not it');
  await fresh.fill('Another#2025');
  await again.fill('Another#2026');
  await change.click();
  await expect(page.getByText('两次输入的新密码不一致')).toBeVisible();
  await again.fill('Another#2025');
  await change.click();
  await expect(page.locator('#old-error')).not.toBeEmpty();
  await expectAccessible(page);
  await old.fill(PASSWORD);
  await fresh.fill('short');
  await again.fill('short');
  await change.click();
  await expect(page.locator('#new-error')).not.toBeEmpty();
  await fresh.fill('Another#2025');
  await again.fill('Another#2025');
  await change.click();
  await expect(page.getByText('密码已修改，其他设备上的登录已退出')).toBeVisible();

  await elsewhere.goto('/office');
  await expect(elsewhere).toHaveURL(/\/sign-in/);
  await tryToSignIn(elsewhere, 'pudong', PASSWORD);
  await expect(elsewhere.getByRole('alert')).toContainText('登录名或密码不正确');
  await tryToSignIn(elsewhere, 'pudong', 'Another#2025');
  await expect(elsewhere).toHaveURL(/\/office$/);
});

test('B8 the large type is switched on and off and remembered by the browser', async ({ signedIn }) => {
  const page = await signedIn('reviewer');
  await open(page, '/office');
  const button = page.getByRole('button', { name: '长者模式' });
  const size = async () => page.getByRole('heading', { level: 1 }).evaluate((heading) => Number.parseFloat(getComputedStyle(heading).fontSize));
  const usual = await size();
  await expect(button).toHaveAttribute('aria-pressed', 'false');
  await button.click();
  await expect(button).toHaveAttribute('aria-pressed', 'true');
  expect(await size()).toBeGreaterThan(usual);
  await expectAccessible(page);
  await page.reload();
  await alive(page);
  await expect(button).toHaveAttribute('aria-pressed', 'true');
  expect(await size()).toBeGreaterThan(usual);
  await button.click();
  expect(await size()).toBe(usual);
  await page.reload();
  await alive(page);
  await expect(button).toHaveAttribute('aria-pressed', 'false');
});

test('B8 a part of the program that does not arrive is said, at the first page and at a later one, and the rest goes on', { tag: '@run' }, async ({ signedIn, allowConsoleError }) => {
  allowConsoleError(/status of 404|Response has unsupported MIME type|did not arrive|HTTP status code is not ok/i);
  const page = await signedIn('unit03');
  await open(page, '/office');
  await page.route('**/*.wasm', async (route) => route.fulfill({ status: 404 }));
  await page.getByRole('link', { name: '合同台账' }).click();
  await expect(page.getByRole('heading', { level: 1, name: '页面没有载入' })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('link', { name: '消息' }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: '消息' })).toBeVisible();
  await page.unroute('**/*.wasm');
  await page.getByRole('link', { name: '合同台账' }).click();
  await expect(page.getByRole('heading', { level: 1, name: '合同台账' })).toBeVisible();

  await page.route('**/split_*.wasm', async (route) => route.fulfill({ status: 404 }));
  await page.goto('/office/contracts');
  await expect(page.getByRole('alert').filter({ hasText: '页面的程序没有启动' })).toBeVisible();
  await expect(page.getByRole('heading', { level: 1, name: '合同台账' })).toBeVisible();
});

test('B8 a page whose program does not start says so instead of standing dead', { tag: '@run' }, async ({ signedIn, allowConsoleError }) => {
  allowConsoleError(/status of 404|failed to fetch Wasm|Failed to load resource/i);
  const page = await signedIn('unit03');
  await page.route('**/*.wasm', async (route) => route.fulfill({ status: 404 }));
  await page.goto('/office');
  await expect(page.getByRole('alert').filter({ hasText: '页面的程序没有启动' })).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
});
