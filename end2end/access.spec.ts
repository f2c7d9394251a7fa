// Who reaches what: pages by role, requests without a session or from elsewhere, and the headers that guard them (B8).

import { Desk, expectAccessible, open } from './office';
import { expect, test } from './server';

/** One account of each role, and the menu that it finds. */
const MENU = {
  pudong: ['中小企业预留执行情况', '合同台账'],
  jdc: ['中小企业预留执行情况', '合同台账', '公告列表', '统计口径设置'],
  reviewer: ['中小企业预留执行情况', '合同台账', '公告列表'],
  admin: ['系统管理'],
} as const;

for (const [account, words] of Object.entries(MENU) as [keyof typeof MENU, readonly string[]][]) {
  test(`B8 ${account} finds their own menu, and each of its pages opens without a fault`, async ({ signedIn, allowConsoleError }) => {
    allowConsoleError(/status of 40[34]/);
    const page = await signedIn(account);
    await open(page, '/office');
    const menu = page.getByRole('navigation', { name: '主菜单' });
    await expect(menu.getByRole('link')).toHaveText([...words]);
    for (const word of words) {
      await menu.getByRole('link', { name: word }).click();
      await expect(menu.getByRole('link', { name: word })).toHaveAttribute('aria-current', 'page');
      await expect(page.getByText('正在读取…')).toHaveCount(0);
      await expectAccessible(page);
    }
    for (const path of ['/office/messages', '/office/account', '/office/no-such-page']) {
      await open(page, path);
      await expect(page.getByText('正在读取…')).toHaveCount(0);
      await expectAccessible(page);
    }
  });
}

test('B8 the administrator sees no business data, on the screen and on the wire', async ({ signedIn, server, allowConsoleError }) => {
  allowConsoleError(/status of 40[34]/);
  const page = await signedIn('admin');
  await open(page, '/office');
  await expect(page.getByText('系统管理员不查看业务数据')).toBeVisible();
  const record = await new Desk(server, 'unit03').find(2024);
  await open(page, `/office/records/${record}`);
  await expect(page.getByText('没有这个页面，或您无权查看')).toBeVisible();
  const admin = new Desk(server, 'admin');
  expect((await admin.send('records', { query: { scope: 'all', year: null, unit: '', status: '', page: 1 } })).status).toBe(404);
  expect((await admin.send('record', { input: { record } })).status).toBe(404);
});

test('B8 pages of other offices are no pages', async ({ signedIn, allowConsoleError }) => {
  allowConsoleError(/status of 40[34]/);
  const page = await signedIn('unit03');
  for (const path of ['/office/admin', '/office/announcements', '/office/settings', '/office/no-such-page']) {
    await open(page, path);
    await expect(page.getByRole('alert').filter({ hasText: '没有这个页面' }).first()).toBeVisible();
    await expectAccessible(page);
  }
});

test('B8 without a session a command is refused, and one from another site is refused with one', async ({ server }) => {
  const body = JSON.stringify({ input: { year: 2025 } });
  const headers = { 'Content-Type': 'application/json' };
  const Cookie = `setaside=${server.sessions.unit03}`;
  const ask = async (more: Record<string, string>) => fetch(`${server.url}/api/generate_record`, { method: 'POST', headers: { ...headers, ...more }, body });
  expect((await ask({ Origin: server.url })).status).toBe(401);
  expect((await ask({ Cookie })).status).toBe(403);
  expect((await ask({ Cookie, Origin: 'https://evil.example' })).status).toBe(403);
  expect((await ask({ Cookie, Origin: server.url, 'Content-Type': 'text/plain' })).status).toBe(415);
  expect((await ask({ Cookie, Origin: server.url, 'Content-Type': 'application/x-www-form-urlencoded' })).status).toBe(415);
  expect((await ask({ Cookie, Origin: server.url })).status).toBe(200);
  const unread = await new Desk(server, 'unit03').send('generate_record', { input: { year: 'soon', more: 1 } });
  expect(unread.status).toBe(400);
  expect(await unread.text()).not.toMatch(/expected|column|serde/);
});

test('B8 office pages are stored nowhere, framed nowhere, and run no script but their own', async ({ signedIn, server }) => {
  const page = await signedIn('unit03');
  const answer = await page.goto('/office');
  const headers = answer?.headers() ?? {};
  expect(headers['cache-control']).toBe('no-store');
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(headers['content-security-policy']).toMatch(/script-src 'nonce-[^']+' 'strict-dynamic'/);
  expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
  expect(headers['content-security-policy']).not.toContain('unsafe-inline');
  const nonce = /nonce-([^']+)/.exec(headers['content-security-policy'] ?? '')?.[1];
  const again = await fetch(`${server.url}/office`, { headers: { Cookie: `setaside=${server.sessions.unit03}` } });
  expect(again.headers.get('content-security-policy')).not.toContain(String(nonce));
});
