// Automatic saving of 年度数据 (A6): what was typed is stored, or said not to be and never lost.

import type { Page } from '@playwright/test';
import { alive, box as input, cell, closeKept, confirm, Desk, dialog, expectAccessible, expectActive, goTo, open, put, saved, write } from './office';
import { expect, PASSWORD, type Server, test } from './server';

/** A record of unit03 of 2026 with lines made by hand. */
async function withLines(server: Server, count = 1): Promise<{ desk: Desk; record: string }> {
  const desk = new Desk(server, 'unit03');
  const record = await desk.generate(2026);
  for (let line = 1; line <= count; line += 1) await desk.addLine(record, { project_name: `项目${line}`, measure: '整体预留', sme: '10', small_micro: '2' });
  return { desk, record };
}

type Enter = (account: 'unit03') => Promise<Page>;

/** Two clerks of one unit, each with the same record open. */
async function withTwoClerks(server: Server, signedIn: Enter, anotherPerson: Enter, count = 1): Promise<{ desk: Desk; record: string; first: Page; second: Page }> {
  const { desk, record } = await withLines(server, count);
  const [first, second] = [await signedIn('unit03'), await anotherPerson('unit03')];
  await open(first, `/office/records/${record}`);
  await open(second, `/office/records/${record}`);
  return { desk, record, first, second };
}

/** What is stored, by the page of a second visit. */
async function storedName(desk: Desk, record: string): Promise<string> {
  const [line] = (await desk.view(record)).lines as unknown as { overrides: { project_name: string | null } }[];
  return line?.overrides.project_name ?? '';
}

test('A6 what is typed is saved while the cell keeps the focus, and the page says when', async ({ signedIn, server }) => {
  const { record } = await withLines(server);
  const page = await signedIn('unit03');
  await open(page, `/office/records/${record}`);
  await expect(page.locator('.saved-note')).toHaveText('自动保存');
  await server.setClock('2026-03-20 09:12:34');
  await write(page, 1, 'project_name', '改名后的项目');
  await expect(page.locator('.saved-note')).toHaveText('已保存 09:12:34');
  await expectActive(page, 1, 'project_name');
  await page.reload();
  await alive(page);
  await expect(cell(page, 1, 'project_name')).toHaveText('改名后的项目');
});

test('A6 without network the page says so, keeps what is typed, refuses 「提交」, and saves by itself afterwards', async ({ signedIn, server, context, allowConsoleError }) => {
  allowConsoleError(/ERR_INTERNET_DISCONNECTED/);
  const { desk, record } = await withLines(server);
  const page = await signedIn('unit03');
  await open(page, `/office/records/${record}`);
  await context.setOffline(true);
  await put(page, 1, 'project_name', '离线时填写');
  await put(page, 1, 'sme', '12.5');
  await expect(page.locator('.saved-note')).toHaveText('网络连接中断，内容尚未保存；恢复后会自动重试');
  await expect(page.locator('#sum-sme')).toHaveText('12.5');
  await expectAccessible(page);
  await page.getByRole('button', { name: '提交', exact: true }).click();
  const box = dialog(page, '提交');
  await box.getByRole('radio', { name: '负责人' }).check();
  await box.getByRole('button', { name: '确定' }).click();
  await expect(box.getByText('还有内容没有保存成功，请等页面上方显示“已保存”后再提交')).toBeVisible();
  await box.getByRole('button', { name: '取消' }).click();
  await context.setOffline(false);
  await saved(page);
  expect(await storedName(desk, record)).toBe('离线时填写');
  await expect(cell(page, 1, 'sme')).toHaveText('12.5');
});

test('A6 an expired sign-in loses nothing: one signs in in a new window, and the page goes on', async ({ signedIn, server, context, allowConsoleError }) => {
  allowConsoleError(/status of 401/);
  const { desk, record } = await withLines(server);
  const page = await signedIn('unit03');
  await open(page, `/office/records/${record}`);
  await context.clearCookies();
  await put(page, 1, 'project_name', '登录过期时填写');
  const note = page.locator('.saved-note');
  await expect(note).toContainText('登录已过期，内容尚未保存。');
  await expectAccessible(page);
  const opened = context.waitForEvent('page');
  await note.getByRole('link', { name: '在新窗口登录' }).click();
  const window = await opened;
  await window.getByLabel('登录名').fill('unit03');
  await window.getByLabel('密码').fill(PASSWORD);
  await window.getByRole('button', { name: '登录' }).click();
  await expect(window).toHaveURL(/\/office$/);
  await saved(page);
  expect(await storedName(desk, record)).toBe('登录过期时填写');
});

test('A6 a tab closed before the save: the next visit offers what was typed, and restores it', async ({ signedIn, server, context, allowConsoleError }) => {
  allowConsoleError(/ERR_INTERNET_DISCONNECTED/);
  const { desk, record } = await withLines(server);
  const page = await signedIn('unit03');
  await open(page, `/office/records/${record}`);
  await context.setOffline(true);
  await put(page, 1, 'project_name', '关闭前填写');
  await page.getByLabel(/^未达到规定预留份额/).fill('关闭前写的说明');
  await expect(page.locator('.saved-note')).toContainText('网络连接中断');
  await closeKept(page);
  await context.setOffline(false);

  const again = await context.newPage();
  await open(again, `/office/records/${record}`);
  const banner = again.getByRole('alert').filter({ hasText: '上次有 2 处内容没有来得及保存，已为您保留在本机。' });
  await expect(banner).toBeVisible();
  await expectAccessible(again);
  await banner.getByRole('button', { name: '恢复并保存' }).click();
  await expect(cell(again, 1, 'project_name')).toHaveText('关闭前填写');
  await expect(again.getByLabel(/^未达到规定预留份额/)).toHaveValue('关闭前写的说明');
  await expect.poll(async () => storedName(desk, record)).toBe('关闭前填写');
  await expect.poll(async () => (await desk.view(record)).record.remark).toBe('关闭前写的说明');
  await open(again, `/office/records/${record}`);
  await expect(cell(again, 1, 'project_name')).toHaveText('关闭前填写');
  await expect(banner).toHaveCount(0);
});

test('A6 what was left behind can be thrown away', async ({ signedIn, server, context, allowConsoleError }) => {
  allowConsoleError(/ERR_INTERNET_DISCONNECTED/);
  const { desk, record } = await withLines(server);
  const page = await signedIn('unit03');
  await open(page, `/office/records/${record}`);
  await context.setOffline(true);
  await put(page, 1, 'project_name', '不要了');
  await expect(page.locator('.saved-note')).toContainText('网络连接中断');
  await closeKept(page);
  await context.setOffline(false);
  const again = await context.newPage();
  await open(again, `/office/records/${record}`);
  await again.getByRole('button', { name: '放弃' }).click();
  await expect(again.getByText('没有来得及保存')).toHaveCount(0);
  await expect(cell(again, 1, 'project_name')).toHaveText('项目1');
  await again.reload();
  await alive(again);
  await expect(again.getByText('没有来得及保存')).toHaveCount(0);
  expect(await storedName(desk, record)).toBe('项目1');
});

test('E3 two who change different cells of one line do not overwrite each other', async ({ signedIn, server, anotherPerson }) => {
  const { desk, record, first, second } = await withTwoClerks(server, signedIn, anotherPerson);
  await put(first, 1, 'project_name', '甲的名称');
  await saved(first);
  await put(second, 1, 'sme', '99');
  await saved(second);
  expect(await storedName(desk, record)).toBe('甲的名称');
  await open(second, `/office/records/${record}`);
  await expect(cell(second, 1, 'project_name')).toHaveText('甲的名称');
  await expect(cell(second, 1, 'sme')).toHaveText('99');
});

test('E3 two who change the same cell: the second chooses between both values, and nothing typed is lost', async ({ signedIn, server, anotherPerson }) => {
  const { desk, record, first, second } = await withTwoClerks(server, signedIn, anotherPerson);
  await put(first, 1, 'project_name', '甲的名称');
  await saved(first);
  await put(second, 1, 'project_name', '乙的名称');
  await expect(second.locator('.saved-note')).toContainText('第 1 行有内容未保存：同事也修改了，请选择');
  await expect(cell(second, 1, 'project_name')).toHaveText('乙的名称');
  expect(await storedName(desk, record)).toBe('甲的名称');
  await second.getByRole('button', { name: /^第 1 行有内容未保存/ }).click();
  await expect(second.getByRole('button', { name: '采用同事的：甲的名称' })).toBeVisible();
  await expectAccessible(second);
  await second.getByRole('button', { name: '保留我的：乙的名称' }).click();
  await saved(second);
  expect(await storedName(desk, record)).toBe('乙的名称');

  // The other way round: what the colleague wrote is taken.
  await put(first, 1, 'project_name', '甲又改了');
  await first.getByRole('button', { name: /^第 1 行有内容未保存/ }).click();
  // By keyboard: both values are told with the cell, and the focus stays in it.
  await expect(input(first)).toBeFocused();
  await expect(input(first)).toHaveAccessibleDescription(/保留我的：甲又改了.*采用同事的：乙的名称.*Alt\+2/);
  await first.keyboard.press('Alt+2');
  await expect(cell(first, 1, 'project_name')).toHaveText('乙的名称');
  await expect(input(first)).toBeFocused();
  await expect(first.locator('.saved-note')).not.toContainText('未保存');
  expect(await storedName(desk, record)).toBe('乙的名称');
});

test('E3 Esc in a cell with two values decides nothing, whether something was typed or not', async ({ signedIn, server, anotherPerson }) => {
  const { desk, record, first, second } = await withTwoClerks(server, signedIn, anotherPerson);
  const note = second.getByRole('button', { name: /^第 1 行有内容未保存：同事也修改了/ });
  const chooses = second.getByRole('button', { name: '采用同事的：11' });
  await put(first, 1, 'sme', '11');
  await saved(first);
  await put(second, 1, 'sme', '12');
  await expect(note).toBeVisible();
  for (const typed of ['', '9', '9x']) {
    await goTo(second, 1, 'sme');
    await second.keyboard.press('F2');
    if (typed !== '') await input(second).fill(typed);
    await second.keyboard.press('Escape');
    await expect(chooses).toBeVisible();
    await expect(cell(second, 1, 'sme')).toContainText('12');
    await expect(note).toBeVisible();
    // Whatever was on its way has arrived by then.
    await put(second, 1, 'project_name', `改名${typed}`);
    await expect.poll(async () => storedName(desk, record)).toBe(`改名${typed}`);
    expect((await desk.view(record)).lines).toMatchObject([{ overrides: { sme: 11_000_000 } }]);
  }
  // What is still being typed is not sent over it either; the end of typing is a choice.
  await write(second, 1, 'sme', '13');
  await expect(second.locator('.saved-note')).toContainText('同事也修改了');
  await second.keyboard.press('Enter');
  await expect.poll(async () => (await desk.view(record)).lines).toMatchObject([{ overrides: { sme: 13_000_000 } }]);
  await expect(second.locator('.saved-note')).toContainText('已保存');
});

test('A6 two who edit different lines do not disturb each other', async ({ signedIn, server, anotherPerson }) => {
  const { first, second } = await withTwoClerks(server, signedIn, anotherPerson, 2);
  await put(first, 1, 'project_name', '甲的名称');
  await saved(first);
  await put(second, 2, 'project_name', '乙的名称');
  await saved(second);
  await first.reload();
  await alive(first);
  await expect(cell(first, 1, 'project_name')).toHaveText('甲的名称');
  await expect(cell(first, 2, 'project_name')).toHaveText('乙的名称');
});

test('E3 what a colleague wrote into the other cells of a line is shown once the own cell is stored', async ({ signedIn, server, anotherPerson }) => {
  const { first, second } = await withTwoClerks(server, signedIn, anotherPerson);
  await put(first, 1, 'project_name', '甲的名称');
  await saved(first);
  await put(second, 1, 'sme', '12');
  await saved(second);
  await expect(cell(second, 1, 'project_name')).toHaveText('甲的名称');
  await expect(cell(second, 1, 'sme')).toHaveText('12');
});

test('A12 two who write 「说明」: the second is told and keeps their words', async ({ signedIn, server, anotherPerson, allowConsoleError }) => {
  allowConsoleError(/status of 409/);
  const { desk, record, first, second } = await withTwoClerks(server, signedIn, anotherPerson);
  await first.getByLabel(/^未达到规定预留份额/).fill('甲的说明');
  await saved(first);
  await second.getByLabel(/^未达到规定预留份额/).fill('乙的说明');
  await expect(second.locator('.saved-note')).toContainText('内容已被其他人修改');
  await expect(second.getByLabel(/^未达到规定预留份额/)).toHaveValue('乙的说明');
  expect((await desk.view(record)).record.remark).toBe('甲的说明');
});

test('A10 what was submitted is what was seen: a page with an older content is refused', async ({ signedIn, server, anotherPerson, allowConsoleError }) => {
  allowConsoleError(/status of 409/);
  const { first, second } = await withTwoClerks(server, signedIn, anotherPerson);
  await put(first, 1, 'sme', '1000');
  await saved(first);
  await second.getByRole('button', { name: '提交', exact: true }).click();
  const box = dialog(second, '提交');
  await box.getByRole('radio', { name: '负责人' }).check();
  await box.getByRole('button', { name: '确定' }).click();
  await expect(box.getByRole('alert').filter({ hasText: '内容已被其他人修改' })).toBeVisible();
  await second.reload();
  await alive(second);
  await expect(second.locator('#sum-sme')).toHaveText('1000');
  await second.getByRole('button', { name: '提交', exact: true }).click();
  await box.getByRole('radio', { name: '负责人' }).check();
  await confirm(box);
  await expect(second.locator('.page-head .status')).toHaveText('审核中');
});

test('A10 an own save does not make a page newer than what it shows: 「提交」 waits until the page is read anew', async ({ signedIn, server, anotherPerson }) => {
  const { desk, record, first, second } = await withTwoClerks(server, signedIn, anotherPerson, 2);
  await put(first, 1, 'sme', '1000');
  await saved(first);
  await expect(first.locator('#behind-note')).toHaveCount(0);
  await put(second, 2, 'project_name', '乙的名称');
  await saved(second);
  const note = second.getByRole('alert').filter({ hasText: '同事也修改了本年度数据' });
  await expect(note).toBeVisible();
  await expect(second.locator('#sum-sme')).toHaveText('20');
  await expectAccessible(second);
  await second.getByRole('button', { name: '提交', exact: true }).click();
  await expect(dialog(second, '提交')).toBeHidden();
  await expect(note).toBeFocused();
  expect((await desk.view(record)).record).toMatchObject({ content_version: 5 });
  await note.getByRole('button', { name: '刷新页面' }).click();
  await expect(second.locator('#sum-sme')).toHaveText('1010');
  await alive(second);
  await second.getByRole('button', { name: '提交', exact: true }).click();
  const box = dialog(second, '提交');
  await box.getByRole('radio', { name: '负责人' }).check();
  await confirm(box);
  await expect(second.locator('.page-head .status')).toHaveText('审核中');
});

test('A6 a server killed while saves run has every one that it acknowledged', async ({ server }) => {
  const { desk, record } = await withLines(server, 4);
  const { lines } = await desk.view(record);
  // One writer a line: each goes on until the server is gone, and remembers what it was last told is stored.
  const acknowledged = new Map<string, { version: number; amount: number }>();
  let total = 0;
  const writers = lines.map(async (line) => {
    let { version } = line;
    for (let amount = 1; ; amount += 1) {
      try {
        const saved = await desk.ask<{ version: number }>('save_line', { input: { record, line: line.id, version, cells: [['sme', `${amount * 10}`], ['small_micro', `${amount}`]] } });
        version = saved.version;
        acknowledged.set(line.id, { version, amount });
        total += 1;
      } catch {
        return;
      }
    }
  });
  await expect.poll(() => total).toBeGreaterThan(100);
  await server.kill();
  await Promise.all(writers);
  await server.restart();
  const found = (await desk.view(record)).lines as unknown as { id: string; version: number; overrides: { sme: number; small_micro: number } }[];
  expect(acknowledged.size).toBe(lines.length);
  for (const line of found) {
    const last = acknowledged.get(line.id);
    if (last === undefined) throw new Error('a line that nobody wrote');
    // The save that was under way may have been stored as well; both its cells, or neither.
    expect([last.version, last.version + 1]).toContain(line.version);
    const amount = last.amount + line.version - last.version;
    expect(line.overrides).toMatchObject({ sme: amount * 10_000_000, small_micro: amount * 1_000_000 });
  }
});

test('A10 an own save whose answer was lost is no colleague’s change; a real one meanwhile still shows', async ({ signedIn, server, anotherPerson, allowConsoleError }) => {
  allowConsoleError(/ERR_CONNECTION_RESET|ERR_FAILED/);
  const { desk, record, first, second } = await withTwoClerks(server, signedIn, anotherPerson, 2);
  const behind = first.locator('#behind-note');
  /** The server has done it, and the answer never arrives; `meanwhile` happens before it is asked again. */
  const lose = async (command: string, meanwhile = async () => {}) => {
    let isLost = false;
    await first.route(`**/api/${command}`, async (route) => {
      if (isLost) return route.continue();
      isLost = true;
      await route.fetch();
      await meanwhile();
      return route.abort('connectionreset');
    });
    return () => isLost;
  };
  const stop = async (command: string) => first.unroute(`**/api/${command}`);

  const lines = await lose('change_lines');
  await put(first, 1, 'project_name', '答复丢失的名称');
  await expect.poll(lines).toBe(true);
  await saved(first);
  await expect(behind).toHaveCount(0);
  await stop('change_lines');
  expect(await storedName(desk, record)).toBe('答复丢失的名称');

  // 「说明」, while a cell is typed: the newer save does not overtake it.
  const words = await lose('save_record_remark');
  await first.getByLabel(/^未达到规定预留份额/).fill('答复丢失的说明');
  await expect.poll(words).toBe(true);
  await put(first, 1, 'sme', '77');
  await saved(first);
  await expect.poll(async () => (await desk.view(record)).lines).toMatchObject([{ overrides: { sme: 77_000_000 } }, {}]);
  await expect(behind).toHaveCount(0);
  await stop('save_record_remark');

  // What was seen is what is submitted: nothing stands in the way.
  await first.getByRole('button', { name: '提交', exact: true }).click();
  await expect(dialog(first, '提交')).toBeVisible();
  await first.keyboard.press('Escape');

  // A colleague comes in between.
  const last = await lose('change_lines', async () => {
    await put(second, 2, 'project_name', '同事改的名称');
    await saved(second);
  });
  await put(first, 1, 'sme', '78');
  await expect.poll(last).toBe(true);
  await expect(behind).toContainText('同事也修改了本年度数据');
  await saved(first);
  await expectAccessible(first);
});
