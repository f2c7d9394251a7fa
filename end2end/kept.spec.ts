// The safety copy of what was typed (A6, C7): tabs beside each other, people one after the other, texts that cannot be stored.

import { randomUUID } from 'node:crypto';
import type { Page } from '@playwright/test';
import { Notices } from './announcement';
import { alive, box, cell, closeKept, Desk, dialog, expectAccessible, expectActive, goTo, open, put, row, saved } from './office';
import { expect, type Server, test } from './server';

const left = (page: Page) => page.getByRole('alert').filter({ hasText: '没有来得及保存' });
const remark = (page: Page) => page.getByLabel(/^未达到规定预留份额/);
const note = (page: Page) => page.locator('.saved-note');

/** A record with lines made by hand, and its page. */
async function withLines(server: Server, count = 1): Promise<{ desk: Desk; path: string; record: string }> {
  const desk = new Desk(server, 'unit03');
  const record = await desk.generate(2026);
  for (let line = 1; line <= count; line += 1) await desk.addLine(record, { project_name: `项目${line}`, measure: '整体预留', sme: '10', small_micro: '2' });
  return { desk, path: `/office/records/${record}`, record };
}

/** This tab's saves find no network from now on. */
async function cutOff(page: Page): Promise<void> {
  await page.route(/\/api\/(save_|change_lines)/, async (route) => route.abort('internetdisconnected'));
}

test('A6 the words of a tab that lost the race are offered after its reload, although the other tab has saved everything', async ({ signedIn, server, context, allowConsoleError }) => {
  allowConsoleError(/status of 409/);
  const { desk, path, record } = await withLines(server);
  const first = await signedIn('unit03');
  await open(first, path);
  const second = await context.newPage();
  await open(second, path);
  await remark(first).fill('甲的说明');
  await saved(first);
  await remark(second).fill('乙的说明');
  await expect(note(second)).toContainText('内容已被其他人修改');
  await put(first, 1, 'sme', '11');
  await expect.poll(async () => JSON.stringify((await desk.view(record)).lines)).toContain('11000000');
  await second.reload();
  await alive(second);
  await expect(remark(second)).toHaveValue('甲的说明');
  await expect(left(second)).toContainText('上次有 1 处内容');
  await left(second).getByText('查看这些内容').click();
  await expect(left(second)).toContainText('说明：乙的说明');
  await expectAccessible(second);
  await left(second).getByRole('button', { name: '恢复并保存' }).click();
  await expect.poll(async () => (await desk.view(record)).record.remark).toBe('乙的说明');
});

test('A6 what was left behind stays offered until it is answered, whatever else is typed and saved', async ({ signedIn, server, context, allowConsoleError }) => {
  allowConsoleError(/ERR_INTERNET_DISCONNECTED/);
  const { path } = await withLines(server, 2);
  const page = await signedIn('unit03');
  await open(page, path);
  await cutOff(page);
  await put(page, 1, 'project_name', '关闭前填写');
  await expect(note(page)).toContainText('网络连接中断');
  await closeKept(page);
  const again = await context.newPage();
  await open(again, path);
  await expect(left(again)).toBeVisible();
  await put(again, 2, 'sme', '77');
  await saved(again);
  await again.reload();
  await alive(again);
  await expect(left(again)).toBeVisible();
  await left(again).getByRole('button', { name: '恢复并保存' }).click();
  await expect(cell(again, 1, 'project_name')).toHaveText('关闭前填写');
  await saved(again);
  await again.reload();
  await alive(again);
  await expect(cell(again, 1, 'project_name')).toHaveText('关闭前填写');
  await expect(left(again)).toHaveCount(0);
});

test('A6 a tab without network keeps its text while another tab saves', async ({ signedIn, server, context, allowConsoleError }) => {
  allowConsoleError(/ERR_INTERNET_DISCONNECTED/);
  const { path } = await withLines(server, 2);
  const first = await signedIn('unit03');
  await open(first, path);
  const second = await context.newPage();
  await open(second, path);
  await cutOff(first);
  await put(first, 1, 'project_name', '离线时填写');
  await expect(note(first)).toContainText('网络连接中断');
  await put(second, 2, 'project_name', '在线时填写');
  await saved(second);
  await first.close();
  await second.reload();
  await alive(second);
  await left(second).getByRole('button', { name: '恢复并保存' }).click();
  await expect(cell(second, 1, 'project_name')).toHaveText('离线时填写');
  await expect(cell(second, 2, 'project_name')).toHaveText('在线时填写');
});

test('C7 a title that could not be stored survives another tab that stores something else', async ({ signedIn, server, context, allowConsoleError }) => {
  allowConsoleError(/ERR_INTERNET_DISCONNECTED/);
  const notices = new Notices(server);
  const id = await notices.create(2024);
  const first = await signedIn('jdc');
  await open(first, `/office/announcements/${id}`);
  const second = await context.newPage();
  await open(second, `/office/announcements/${id}`);
  await cutOff(first);
  await first.locator('#title').fill('离线时写的标题');
  await expect(note(first)).toContainText('尚未保存');
  await second.getByRole('button', { name: /^公告内容/ }).click();
  await second.locator('#remark').fill('在线时写的备注');
  await saved(second);
  await first.close();
  await second.reload();
  await alive(second);
  await left(second).getByRole('button', { name: '恢复并保存' }).click();
  await expect.poll(async () => (await notices.view(id)).title).toBe('离线时写的标题');
});

test('A6 a text that cannot be stored is said with its place, never lost, and never covered by 「已保存」', async ({ signedIn, server }) => {
  test.slow();
  const { path } = await withLines(server, 2);
  const page = await signedIn('unit03');
  await open(page, path);
  let round = 0;
  for (const [code, text, words] of [
    ['url', 'abc', '链接应以 http:// 或 https:// 开头'],
    ['project_name', '长'.repeat(301), '最多'],
    ['sme', '1e3', '第 2 行'],
    ['sme', '5,6', '第 2 行'],
    ['sme', '12345678901234567', '第 2 行'],
  ] as const) {
    await put(page, 2, code, text);
    await goTo(page, 1, 'reason');
    await expect(note(page)).toContainText(`第 2 行有内容未保存：`);
    await expect(note(page)).toContainText(words);
    // Reloaded only when the other line is stored: cut off in between, it would be another test.
    const stored = page.waitForResponse('**/api/change_lines');
    round += 1;
    await put(page, 1, 'small_micro', String(1 + round / 100));
    await goTo(page, 1, 'reason');
    await stored;
    await expect(note(page)).not.toContainText('已保存');
    await page.reload();
    await alive(page);
    await left(page).getByRole('button', { name: '恢复并保存' }).click();
    await expect(cell(page, 2, code)).toHaveText(text);
    await note(page).getByRole('button', { name: /^第 2 行有内容未保存/ }).click();
    await expectActive(page, 2, code);
    await expectAccessible(page);
    // Back to what is stored: nothing is left to be saved.
    await put(page, 2, code, code === 'sme' ? '10' : code === 'url' ? '' : '项目2');
    await expect(note(page)).not.toContainText('未保存');
  }
});

test('A6 leaving with a text that is not stored asks first', async ({ signedIn, server }) => {
  const { path } = await withLines(server);
  const page = await signedIn('unit03');
  await open(page, path);
  await goTo(page, 1, 'url');
  await page.keyboard.type('abc');
  const asked = page.waitForEvent('dialog');
  const reloaded = page.reload();
  const question = await asked;
  expect(question.type()).toBe('beforeunload');
  await question.accept();
  await reloaded;
});

test('A6 「退出」 warns of what lies in the browser only and clears it; the next person is offered nothing of it', async ({ signedIn, server, context }) => {
  const { path } = await withLines(server);
  const page = await signedIn('unit03');
  await open(page, path);
  await put(page, 1, 'url', 'abc');
  await context.addCookies([{ name: 'setaside', value: server.sessions.reviewer, url: server.url, httpOnly: true, sameSite: 'Lax' }]);
  const other = await context.newPage();
  await open(other, path);
  await expect(other.getByText('没有来得及保存')).toHaveCount(0);
  await context.addCookies([{ name: 'setaside', value: server.sessions.unit03, url: server.url, httpOnly: true, sameSite: 'Lax' }]);
  await page.getByRole('button', { name: '退出' }).click();
  const box = dialog(page, '退出登录');
  await expect(box).toContainText('还有未保存的内容：1 处');
  await expectAccessible(page);
  await box.getByRole('button', { name: '取消' }).click();
  await expect(cell(page, 1, 'url')).toHaveText('abc');
  await page.getByRole('button', { name: '退出' }).click();
  await box.getByRole('button', { name: '仍然退出' }).click();
  await expect(page).toHaveURL(/sign-in/);
  expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('setaside-kept')))).toEqual([]);
});

test('A6 a wrong cell says why beneath it while one works in it; state and head stay in sight', async ({ signedIn, server }) => {
  const desk = new Desk(server, 'unit03');
  const record = await desk.generate(2025);
  const page = await signedIn('unit03');
  await open(page, `/office/records/${record}`);
  await page.getByRole('button', { name: '下一处错误 ↓' }).click();
  const words = page.locator('.sheet-say');
  await expect(words).toBeInViewport();
  await expect(box(page)).toHaveAccessibleDescription(/请填写/);
  expect((await words.boundingBox())?.width).toBeGreaterThan(60);
  await page.keyboard.press('Control+End');
  await expect(row(page, 25)).toBeInViewport();
  await expect(page.getByRole('grid').getByRole('columnheader', { name: '操作' })).toBeInViewport({ ratio: 1 });
  await expect(note(page)).toBeInViewport({ ratio: 1 });
  await expect(page.getByRole('button', { name: '提交', exact: true })).toBeInViewport({ ratio: 1 });
});

test('A6 a large paste that is not stored yet lies whole in the browser and is offered again', async ({ signedIn, server, allowConsoleError, context }) => {
  test.slow();
  allowConsoleError(/ERR_INTERNET_DISCONNECTED/);
  const { path, desk, record } = await withLines(server);
  const cells = (at: number) => Object.entries({ project_name: `第${at}个`, measure: '整体预留', sme: '10', small_micro: '2' });
  for (let part = 0; part < 6; part += 1) {
    const changes = Array.from({ length: 500 }, (_, at) => ({ add: { line: randomUUID(), cells: cells(part * 500 + at) } }));
    await desk.ask('change_lines', { input: { record, changes } });
  }
  const page = await signedIn('unit03');
  await open(page, path);
  await cutOff(page);
  // A whole column and two more are filled with their first row.
  await goTo(page, 1, 'project_name');
  for (const key of ['Control+Space', 'Shift+ArrowRight', 'Control+d']) await page.keyboard.press(key);
  await expect(note(page)).toContainText('网络连接中断');
  await expect(note(page)).not.toContainText('浏览器空间不足');
  const kept = await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('setaside-kept')).length);
  expect(kept, 'one entry a line').toBe(3000);
  await closeKept(page);
  const again = await context.newPage();
  await open(again, path);
  await expect(left(again)).toContainText('上次有 3000 处内容');
});

test('A6 where the browser has no room for what is typed the page says so', async ({ signedIn, server, allowConsoleError }) => {
  allowConsoleError(/ERR_INTERNET_DISCONNECTED/);
  const { path } = await withLines(server);
  const page = await signedIn('unit03');
  await open(page, path);
  await cutOff(page);
  await page.evaluate(() => {
    for (let length = 4 * 1024 * 1024; length > 0; length = Math.floor(length / 2)) {
      try {
        for (let at = 0; ; at += 1) localStorage.setItem(`other-${length}-${at}`, 'x'.repeat(length));
      } catch {
        // Full of this length.
      }
    }
  });
  await put(page, 1, 'project_name', '没有地方留底');
  await expect(note(page)).toContainText('浏览器空间不足');
  await expectAccessible(page);
  await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('other-')).forEach((key) => localStorage.removeItem(key)));
  await put(page, 1, 'project_name', '又有地方了');
  await expect(note(page)).not.toContainText('浏览器空间不足');
});
