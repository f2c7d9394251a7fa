// Pictures for people to look at, not a test: every page and dialog at three widths, into results/look.
//
//   SETASIDE_LOOK=1 node_modules/.bin/playwright test --config end2end/playwright.config.ts

import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { Notices } from './announcement';
import { Desk, open } from './office';
import { type Server, test } from './server';

const folder = fileURLToPath(new URL('results/look', import.meta.url));
const WIDTHS = [1440, 768, 390] as const;

async function take(page: Page, width: number, name: string): Promise<void> {
  await page.evaluate(async () => document.fonts.ready);
  await page.screenshot({ path: `${folder}/${width}-${name}.png`, fullPage: true, animations: 'disabled' });
}

interface View {
  name: string;
  account: 'unit03' | 'jdc' | 'reviewer' | 'admin';
  path: (server: Server) => string | Promise<string>;
  /** What is pressed before the picture, by its words. */
  press?: string[];
}

const VIEWS: View[] = [
  { name: 'list-clerk', account: 'unit03', path: () => '/office' },
  { name: 'list-reviewer', account: 'reviewer', path: () => '/office' },
  { name: 'list-waiting', account: 'reviewer', path: () => '/office?tab=waiting' },
  { name: 'list-empty', account: 'unit03', path: () => '/office?tab=waiting' },
  { name: 'generate', account: 'unit03', path: () => '/office', press: ['生成年度数据'] },
  { name: 'record-draft', account: 'unit03', path: async (server) => `/office/records/${await new Desk(server, 'unit03').generate(2025)}` },
  { name: 'record-returned', account: 'unit03', path: async (server) => `/office/records/${await new Desk(server, 'unit03').find(2024)}` },
  { name: 'record-submit', account: 'unit03', path: async (server) => `/office/records/${await new Desk(server, 'unit03').find(2024)}`, press: ['提交'] },
  { name: 'record-review', account: 'reviewer', path: async (server) => `/office/records/${await new Desk(server, 'unit99').find(2024)}` },
  { name: 'record-decide', account: 'reviewer', path: async (server) => `/office/records/${await new Desk(server, 'unit99').find(2024)}`, press: ['审核'] },
  { name: 'record-print', account: 'reviewer', path: async (server) => `/office/records/${await new Desk(server, 'unit99').find(2024)}/print` },
  { name: 'contracts', account: 'unit03', path: () => '/office/contracts' },
  { name: 'contracts-columns', account: 'unit03', path: () => '/office/contracts', press: ['列设置'] },
  { name: 'contract-new', account: 'unit03', path: () => '/office/contracts/new', press: ['保存'] },
  { name: 'contract-own', account: 'unit03', path: async (server) => contractOf(server, 'self_entered') },
  { name: 'contract-locked', account: 'unit03', path: async (server) => contractOf(server, 'framework') },
  { name: 'messages', account: 'reviewer', path: () => '/office/messages' },
  { name: 'account', account: 'unit03', path: () => '/office/account' },
  { name: 'admin', account: 'admin', path: () => '/office/admin' },
  { name: 'admin-unit', account: 'admin', path: () => '/office/admin', press: ['添加单位'] },
  { name: 'admin-person', account: 'admin', path: () => '/office/admin', press: ['添加人员'] },
  { name: 'templates', account: 'admin', path: () => '/office/admin/templates' },
  { name: 'template-new', account: 'admin', path: () => '/office/admin/templates/new' },
  { name: 'template-refused', account: 'admin', path: () => '/office/admin/templates/new', press: ['保存'] },
  { name: 'settings', account: 'jdc', path: () => '/office/settings' },
  { name: 'missing', account: 'unit03', path: () => '/office/no-such-page' },
  { name: 'announcements', account: 'jdc', path: () => '/office/announcements' },
  { name: 'announcement-create', account: 'jdc', path: () => '/office/announcements', press: ['创建公告'] },
  { name: 'announcement-text', account: 'jdc', path: async (server) => `/office/announcements/${await new Notices(server).create(2024)}` },
  { name: 'announcement-basics', account: 'jdc', path: async (server) => `/office/announcements/${await new Notices(server).create(2024)}`, press: ['基本信息'] },
  { name: 'announcement-content', account: 'jdc', path: async (server) => `/office/announcements/${await new Notices(server).create(2024)}`, press: ['公告内容'] },
  { name: 'announcement-sheet', account: 'jdc', path: async (server) => `/office/announcements/${await new Notices(server).create(2024)}`, press: ['公告内容', '电子表格'] },
  { name: 'announcement-files', account: 'jdc', path: async (server) => `/office/announcements/${await new Notices(server).create(2024)}`, press: ['附件'] },
  { name: 'announcement-review', account: 'reviewer', path: async (server) => submitted(server) },
];

/** The first contract of this 来源. */
async function contractOf(server: Server, source: string): Promise<string> {
  const input = { unit: null, year: null, source, measure: null, verdict: '', words: '', page: 1 };
  const ledger = await new Desk(server, 'unit03').ask<{ lines: { id: string }[] }>('contracts', { input });
  return `/office/contracts/${ledger.lines[0]?.id ?? ''}`;
}

async function submitted(server: Server): Promise<string> {
  const notices = new Notices(server);
  const id = await notices.create(2024);
  await notices.upload(id, '执行情况说明.pdf', true);
  await notices.submit(id);
  return `/office/announcements/${id}`;
}

for (const view of VIEWS) {
  test(`look at ${view.name}`, async ({ signedIn, server, allowConsoleError }) => {
    allowConsoleError(/./);
    const page = await signedIn(view.account);
    const path = await view.path(server);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      await open(page, path);
      for (const word of view.press ?? []) await page.getByRole('button', { name: new RegExp(`^${word}`) }).first().click();
      await take(page, width, view.name);
    }
  });
}

test('look at the portal', async ({ page, server }) => {
  const notices = new Notices(server);
  const number = await notices.publish(await notices.create(2024));
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    for (const [name, path] of [['portal-list', '/'], ['portal-empty', '/?unit=nobody'], ['portal-page', `/announcements/${number}`], ['sign-in', '/sign-in']] as const) {
      await page.goto(path);
      await take(page, width, name);
    }
  }
});
