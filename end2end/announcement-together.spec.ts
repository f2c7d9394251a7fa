// Files of an announcement on their way and in their place; several people at one announcement; its 历史版本.

import type { Locator, Page } from '@playwright/test';
import { Notices, PDF } from './announcement';
import { alive, confirm, Desk, dialog, expectAccessible, open, saved } from './office';
import { expect, type Server, test } from './server';

const step = (page: Page, name: RegExp | string) => page.locator('.steps').getByRole('button', { name });
const text = (page: Page) => page.locator('.editor-body [contenteditable="true"]');
const preview = (page: Page) => page.getByRole('region', { name: '公告预览' });
const files = (page: Page) => page.getByRole('list', { name: '附件', exact: true }).getByRole('listitem').filter({ has: page.getByRole('checkbox') });
const coming = (page: Page) => page.getByRole('list', { name: '正在上传的文件' }).getByRole('listitem');
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+M8AAAMBAQDJ/pLvAAAAAElFTkSuQmCC', 'base64');
const pdf = (name: string) => ({ name, mimeType: 'application/pdf', buffer: PDF });

async function written(server: Server): Promise<{ notices: Notices; id: string }> {
  const notices = new Notices(server);
  return { notices, id: await notices.create(2024) };
}

/** Opens 附件 of an announcement; what one chooses files with. */
async function atFiles(page: Page, id: string): Promise<Locator> {
  await open(page, `/office/announcements/${id}`);
  await step(page, /^附件/).click();
  return page.getByLabel('选择文件上传');
}

/** Makes the second approver of the 主管 a 经办 as well. */
async function secondClerk(server: Server): Promise<void> {
  const admin = new Desk(server, 'admin');
  const { people } = await admin.ask<{ people: { id: string; login: string; version: number; name: string; unit: string }[] }>('admin_people', { input: { search: 'leader' } });
  const found = people.find((person) => person.login === 'leader');
  if (found === undefined) throw new Error('the demo has no second approver');
  const { id, version, name, unit } = found;
  await admin.ask('change_person', { input: { id, version, name, unit, roles: { clerk: true, reviewer: true, admin: false } } });
}

test('C7 a window that is reloaded or comes back does not take itself for another one, and a second window is told', async ({ signedIn, server }) => {
  const { id } = await written(server);
  const page = await signedIn('jdc');
  const address = `/office/announcements/${id}`;
  await open(page, address);
  const answered = () => page.waitForResponse((response) => response.url().includes('visit_announcement'));
  await Promise.all([answered(), page.reload()]);
  await alive(page);
  await expect(page.locator('.presence')).toBeEmpty();
  // Neither does one that was elsewhere in between.
  await open(page, '/office/announcements');
  await Promise.all([answered(), page.goto(address)]);
  await alive(page);
  await expect(page.locator('.presence')).toBeEmpty();
  const second = await page.context().newPage();
  await open(second, address);
  await expect(second.locator('.presence')).toContainText('您本人（另一窗口');
});

test('C6 what may be uploaded is said before one chooses; what is too large is refused without being sent', async ({ signedIn, server, allowConsoleError }) => {
  allowConsoleError(/Failed to load resource/);
  const { id } = await written(server);
  const page = await signedIn('jdc');
  const input = await atFiles(page, id);
  await expect(page.locator('#file-hint')).toContainText('单个不超过 20 MB，每份公告最多 20 个');
  await expect(input).toHaveAttribute('aria-describedby', 'file-hint');
  let sent = 0;
  page.on('request', (request) => (sent += request.url().includes('/office/files/') ? 1 : 0));
  await input.setInputFiles({ name: '大.pdf', mimeType: 'application/pdf', buffer: Buffer.concat([PDF, Buffer.alloc(20 * 1024 * 1024)]) });
  await expect(coming(page)).toContainText('“大.pdf”没有上传：单个附件不能超过 20 MB');
  expect(sent).toBe(0);
  await expectAccessible(page);
  // What no second attempt can change is not offered again.
  await coming(page).getByRole('button', { name: '移除：大.pdf' }).click();
  await expect(coming(page)).toHaveCount(0);
  await input.setInputFiles({ name: '说明.exe', mimeType: 'application/octet-stream', buffer: Buffer.from('MZ') });
  await expect(coming(page)).toContainText('“说明.exe”没有上传');
  await expect(coming(page).getByRole('button', { name: /^重试/ })).toHaveCount(0);
  // The browser's own button is not seen, and is reached all the same.
  await page.keyboard.press('Tab');
  await input.focus();
  await expect(page.locator('.file-pick > .button')).toHaveCSS('outline-style', 'solid');
  const chooser = page.waitForEvent('filechooser');
  await page.keyboard.press('Enter');
  await (await chooser).setFiles([]);
});

test('C6 several files travel at once, each can be cancelled; one whose answer was lost is sent again and arrives once', async ({ signedIn, server, allowConsoleError }) => {
  allowConsoleError(/net::ERR_FAILED|Failed to load resource/);
  const { notices, id } = await written(server);
  const page = await signedIn('jdc');
  const input = await atFiles(page, id);
  // The first waits for ever, the second arrives but its answer is lost, the others go their way.
  await page.route('**/office/files/**', async (route) => {
    const body = route.request().postDataBuffer()?.toString() ?? '';
    if (body.includes('等待.pdf')) return;
    if (body.includes('丢失.pdf')) {
      await route.fetch();
      await route.abort();
      return;
    }
    await route.continue();
  });
  await input.setInputFiles(['等待.pdf', '丢失.pdf', '三.pdf', '四.pdf'].map(pdf));
  await expect(files(page).filter({ hasText: '四.pdf' })).toBeVisible();
  const [waiting, lost] = ['等待.pdf', '丢失.pdf'].map((name) => coming(page).filter({ hasText: name })) as [Locator, Locator];
  await expect(waiting.getByRole('progressbar', { name: '上传进度：等待.pdf' })).toBeVisible();
  await expect(lost).toContainText('“丢失.pdf”没有上传：网络连接中断');
  await expectAccessible(page);
  await waiting.getByRole('button', { name: '取消上传：等待.pdf' }).click();
  await expect(waiting).toHaveCount(0);
  await page.unroute('**/office/files/**');
  await lost.getByRole('button', { name: '重试：丢失.pdf' }).click();
  await expect(coming(page)).toHaveCount(0);
  await expect(files(page).filter({ hasText: '丢失.pdf' })).toHaveCount(1);
  expect((await notices.view(id)).files.map((file) => file.name).sort()).toEqual(['三.pdf', '丢失.pdf', '四.pdf'].sort());
  await page.reload();
  await alive(page);
  await step(page, /^附件/).click();
  await expect(files(page)).toHaveCount(3);
});

test('C6 what has travelled whole and is being stored is not cancelled any more, and arrives', async ({ signedIn, server, context }) => {
  const { notices, id } = await written(server);
  const page = await signedIn('jdc');
  const input = await atFiles(page, id);
  const wire = await context.newCDPSession(page);
  await wire.send('Network.emulateNetworkConditions', { offline: false, latency: 4_000, downloadThroughput: -1, uploadThroughput: -1 });
  await input.setInputFiles([pdf('甲.pdf')]);
  await expect(coming(page)).toContainText('正在保存…');
  await expect(coming(page).getByRole('button', { name: /^取消/ })).toHaveCount(0);
  await wire.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
  await expect(coming(page)).toHaveCount(0);
  await expect(files(page).filter({ hasText: '甲.pdf' })).toBeVisible();
  expect((await notices.view(id)).files.map((file) => file.name)).toEqual(['甲.pdf']);
});

test('C6 files chosen together stand in the order of their choice, whichever arrives first', async ({ signedIn, server }) => {
  const { notices, id } = await written(server);
  const page = await signedIn('jdc');
  const input = await atFiles(page, id);
  await input.setInputFiles([pdf('先有的.pdf')]);
  await expect(files(page)).toHaveCount(1);
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/office/files/**', async (route) => {
    if ((route.request().postDataBuffer()?.toString() ?? '').includes('一.pdf')) await held;
    await route.continue();
  });
  await input.setInputFiles(['一.pdf', '二.pdf', '三.pdf'].map(pdf));
  await expect(files(page).filter({ hasText: '三.pdf' })).toBeVisible();
  release();
  await expect(files(page).locator('a.file-name')).toHaveText(['先有的.pdf', '一.pdf', '二.pdf', '三.pdf']);
  await expect.poll(async () => (await notices.view(id)).files.map((file) => file.name)).toEqual(['先有的.pdf', '一.pdf', '二.pdf', '三.pdf']);
});

test('C6 a file that arrives while the page looks at what there is stays on the page', async ({ signedIn, server }) => {
  const { id } = await written(server);
  const page = await signedIn('jdc');
  const input = await atFiles(page, id);
  // The page reads the announcement behind the first file; those answers are held back until the second has arrived.
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  let [asked, answered] = [0, 0];
  await page.route('**/api/announcement', async (route) => {
    asked += 1;
    const answer = await route.fetch();
    answered += 1;
    await held;
    return route.fulfill({ response: answer });
  });
  await input.setInputFiles([pdf('甲.pdf')]);
  await expect(files(page)).toHaveCount(1);
  await expect.poll(() => asked > 0 && answered === asked).toBe(true);
  const before = asked;
  await input.setInputFiles([pdf('乙.pdf')]);
  await expect(files(page)).toHaveCount(2);
  release();
  await expect.poll(() => asked).toBeGreaterThan(before);
  await expect(files(page).filter({ hasText: '乙.pdf' })).toBeVisible({ timeout: 5_000 });
  await expect(files(page)).toHaveCount(2);
});

test('C6 files are put in order by the keyboard, replaced with the old one kept, and looked at', async ({ signedIn, server }) => {
  const { notices, id } = await written(server);
  for (const name of ['甲.pdf', '乙.pdf', '丙.pdf']) await notices.upload(id, name, false);
  const page = await signedIn('jdc');
  const input = await atFiles(page, id);
  const names = async () => (await notices.view(id)).files.map((file) => file.name);
  const up = page.getByRole('button', { name: '上移：丙.pdf' });
  await up.focus();
  await page.keyboard.press('Enter');
  await expect.poll(names).toEqual(['甲.pdf', '丙.pdf', '乙.pdf']);
  await expect(up).toBeFocused();
  await page.keyboard.press('Enter');
  await expect.poll(names).toEqual(['丙.pdf', '甲.pdf', '乙.pdf']);
  await expect(up).toHaveAttribute('aria-disabled', 'true');

  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: '替换附件：甲.pdf' }).click();
  await (await chooser).setFiles(pdf('甲（新）.pdf'));
  await expect.poll(names).toEqual(['丙.pdf', '甲（新）.pdf', '乙.pdf']);
  const replaced = files(page).filter({ hasText: '甲（新）.pdf' });
  await replaced.getByText('旧版本 1 个').click();
  const download = page.waitForEvent('download');
  await replaced.getByRole('link', { name: '甲.pdf', exact: true }).click();
  expect((await download).suggestedFilename()).toBe('甲.pdf');
  await expectAccessible(page);

  await input.setInputFiles({ name: '照片.png', mimeType: 'image/png', buffer: PNG });
  await page.getByRole('button', { name: '预览：照片.png' }).click();
  const picture = dialog(page, '预览：照片.png').getByRole('img', { name: '照片.png' });
  await expect.poll(async () => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBe(1);
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('link', { name: '预览：乙.pdf（新窗口）' })).toHaveAttribute('href', /\/preview$/);
});

test('C7 two people see each other, their different parts join, and of the same part one chooses', async ({ signedIn, anotherPerson, server, allowConsoleError }) => {
  allowConsoleError(/status of 409/);
  const { notices, id } = await written(server);
  await secondClerk(server);
  const one = await signedIn('jdc');
  await open(one, `/office/announcements/${id}`);
  await expect(text(one)).toBeVisible();
  const two = await anotherPerson('leader');
  await open(two, `/office/announcements/${id}`);
  await expect(two.locator('.presence')).toContainText('同时在编辑：经办（公告正文）');
  await one.evaluate(() => window.dispatchEvent(new Event('focus')));
  await expect(one.locator('.presence')).toContainText('同时在编辑：');
  await expectAccessible(one);

  // Different parts.
  await step(one, /^公告内容/).click();
  await one.getByRole('textbox', { name: '备注' }).fill('第一个人写的备注');
  await saved(one);
  await two.getByLabel('公告标题').fill('第二个人写的标题');
  await saved(two);
  await step(two, /^公告内容/).click();
  await expect(two.getByRole('textbox', { name: '备注' })).toHaveValue('第一个人写的备注');
  await one.evaluate(() => window.dispatchEvent(new Event('focus')));
  await step(one, '公告正文').click();
  await expect(one.getByLabel('公告标题')).toHaveValue('第二个人写的标题');
  const both = await notices.view(id);
  expect(both.title).toBe('第二个人写的标题');

  // The same part: the text, which the second has not seen change.
  const write = async (page: Page, words: string) => {
    await text(page).locator('p').first().click();
    await page.keyboard.press('Home');
    await page.keyboard.type(words);
  };
  // The second page does not hear of it in time.
  await step(two, '公告正文').click();
  await two.route('**/api/visit_announcement', async (route) => route.fulfill({ json: { version: 0, others: [] } }));
  await write(one, '甲写的开头。');
  await saved(one);
  await expect.poll(async () => JSON.stringify(await notices.view(id))).toContain('甲写的开头。');
  await write(two, '乙写的开头。');
  const dispute = two.getByRole('region', { name: /^您填写“公告正文”期间，它已在别处修改/ });
  await expect(dispute).toContainText('甲写的开头。');
  await expect(dispute).toContainText('乙写的开头。');
  const differences = dispute.getByRole('list', { name: '不同之处' }).getByRole('listitem');
  await expect(differences).toHaveText([/^别处.*甲写的开头。/, /^您的.*乙写的开头。/]);
  await expect(text(two)).toContainText('乙写的开头。');
  await expectAccessible(two);
  // Another part goes on meanwhile.
  await two.getByLabel('公告标题').fill('又改了标题');
  await expect.poll(async () => (await notices.view(id)).title).toBe('又改了标题');
  await dispute.getByRole('button', { name: '采用别处的公告正文' }).click();
  await expect(dispute).toHaveCount(0);
  await expect(text(two)).toContainText('甲写的开头。');
  await expect(preview(two)).not.toContainText('乙写的开头。');
});

test('C4 what 「生成公告」 has made is no news: created, generated and submitted without leaving the page', async ({ signedIn, server }) => {
  const notices = new Notices(server);
  await notices.clear(2024);
  const page = await signedIn('jdc');
  await open(page, '/office/announcements');
  await page.getByRole('button', { name: '创建公告' }).click();
  const creating = dialog(page, '生成公告');
  await creating.getByLabel('年度').selectOption('2024');
  await creating.getByRole('button', { name: '确定' }).click();
  await expect(page.locator('#announcement-heading')).toBeFocused();
  for (const name of [/^下一步/, /^下一步/]) await page.getByRole('button', { name }).click();
  await page.getByRole('button', { name: '生成公告', exact: true }).click();
  await expect(text(page)).toBeVisible();
  await page.getByRole('button', { name: '提交', exact: true }).click();
  const box = dialog(page, '提交');
  await box.getByRole('radio', { name: '审核人', exact: true }).check();
  await box.getByLabel('说明').fill('请重点核对明细');
  await confirm(box);
  await expect(page.locator('.page-head .status')).toHaveText('审核中');
  await expect(page.locator('#joined-news')).toHaveCount(0);
});

test('C7 what a colleague saved a moment ago is said until it is read, and not submitted before it was seen; then the head says the new state', async ({ signedIn, server }) => {
  const { notices, id } = await written(server);
  const page = await signedIn('jdc');
  // The page does not hear of others in time.
  await page.route('**/api/visit_announcement', async (route) => route.fulfill({ json: { version: 0, others: [] } }));
  await open(page, `/office/announcements/${id}`);
  await notices.change(id, { remark: '同事刚写的备注' });
  const submit = page.getByRole('button', { name: '提交', exact: true });
  const box = dialog(page, '提交');
  const agree = async () => {
    await submit.click();
    await box.getByRole('radio', { name: '审核人', exact: true }).check();
    await box.getByRole('button', { name: '确定' }).click();
  };
  await agree();
  await expect(box.getByText('公告刚才在别处修改，最新内容已更新到本页')).toBeVisible();
  await box.getByRole('button', { name: '取消' }).click();
  const news = page.locator('#joined-news');
  await expect(news).toContainText('备注已在别处修改，最新内容已更新到本页，请核对');
  await expectAccessible(page);
  await news.getByRole('button', { name: '知道了' }).click();
  await expect(news).toHaveCount(0);
  await agree();
  await expect(box).toBeHidden();
  await expect(page.locator('#announcement-heading')).toBeFocused();
  await expect(page.locator('.page-head .status')).toHaveText('审核中');
});

test('C7 历史版本: any two are compared with words for what went and came, and a restored one can be taken back', async ({ signedIn, server }) => {
  const { notices, id } = await written(server);
  const page = await signedIn('jdc');
  await notices.change(id, { title: '改过的标题', remark: '没有达到三成' });
  await open(page, `/office/announcements/${id}`);
  await page.getByRole('link', { name: '历史版本' }).click();
  await expect(page.getByRole('heading', { name: '历史版本' })).toBeVisible();
  await expect(page.getByRole('heading', { name: '第 2 版 → 当前内容' })).toBeVisible();
  const title = page.getByRole('region', { name: '公告标题' });
  await expect(title.locator('ins')).toContainText('增改过的标题');
  await expect(title.locator('del')).toContainText('删');
  await expect(page.getByRole('region', { name: '备注' })).toContainText('增没有达到三成');
  await expectAccessible(page);
  await page.getByRole('radio', { name: '前一版：第 1 版' }).check();
  await page.getByRole('radio', { name: '后一版：第 2 版' }).check();
  await page.getByRole('button', { name: '比较选中的两版' }).click();
  await expect(page).toHaveURL(/\/versions\?to=2&from=1$/);
  await alive(page);
  await expect(page.getByRole('heading', { name: '第 1 版 → 第 2 版' })).toBeVisible();
  await expect(page.getByRole('region', { name: '公告正文' }).getByText('新增的段落').first()).toBeVisible();
  await expectAccessible(page);

  await page.getByRole('button', { name: '恢复第 2 版' }).click();
  const ask = dialog(page, '恢复第 2 版？');
  await expect(ask).toContainText('现在的内容会保留为一个版本');
  await expectAccessible(page);
  await confirm(ask);
  await expect(page).toHaveURL(new RegExp(`/office/announcements/${id}$`));
  await expect(page.getByLabel('公告标题')).toHaveValue('上海机动车管理中心2024年面向中小企业预留项目执行情况公告');
  await page.getByRole('link', { name: '历史版本' }).click();
  await expect(page.getByRole('row').filter({ hasText: '恢复历史版本：第 2 版' })).toBeVisible();
  await page.getByRole('button', { name: '恢复第 3 版' }).click();
  await confirm(dialog(page, '恢复第 3 版？'));
  await expect(page.getByLabel('公告标题')).toHaveValue('改过的标题');
});
