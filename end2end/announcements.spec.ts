// The 公告, from 「创建公告」 to 「已发布」 (C1–C8, D1–D4).

import type { Locator, Page } from '@playwright/test';
import { Notices, PDF } from './announcement';
import { alive, confirm, Desk, dialog, expectAccessible, open, saved } from './office';
import { expect, type Server, test } from './server';

const status = (page: Page) => page.locator('.page-head .status');
const step = (page: Page, name: RegExp | string) => page.locator('.steps').getByRole('button', { name });
const preview = (page: Page) => page.getByRole('region', { name: '公告预览' });
const text = (page: Page) => page.locator('.editor-body [contenteditable="true"]');

/** Creates one through the dialog. */
async function create(page: Page, year: number): Promise<void> {
  await page.getByRole('button', { name: '创建公告' }).click();
  const box = dialog(page, '生成公告');
  await box.getByLabel('年度', { exact: true }).selectOption(String(year));
  await expect(box.getByText(/^将汇集 \d+ 个单位/)).toBeVisible();
  await box.getByRole('button', { name: '确定' }).click();
  await expect(page).toHaveURL(/\/office\/announcements\/[0-9a-f-]{36}$/);
}

/** The row of the list that stands for this announcement. */
function row(page: Page, id: string): Locator {
  return page.getByRole('row').filter({ has: page.locator(`a[href="/office/announcements/${id}"]`) });
}

async function written(server: Server, year = 2024): Promise<{ notices: Notices; id: string }> {
  const notices = new Notices(server);
  return { notices, id: await notices.create(year) };
}

test('C1 「创建公告」 collects the approved records of the year and says whose are missing', async ({ signedIn }) => {
  const page = await signedIn('jdc');
  await open(page, '/office');
  await page.getByText('公告操作').click();
  await page.getByRole('button', { name: '创建公告' }).click();
  const box = dialog(page, '生成公告');
  await expect(box.getByLabel('年度', { exact: true })).toBeFocused();
  await box.getByRole('button', { name: '确定' }).click();
  await expect(box.getByText('请选择年度')).toBeVisible();
  await expectAccessible(page);
  await box.getByLabel('年度', { exact: true }).selectOption('2026');
  await expect(box.getByText('该年度还没有审核完成的年度数据，不能生成公告。')).toBeVisible();
  await expect(box.getByRole('button', { name: '确定' })).toBeDisabled();
  await box.getByLabel('年度', { exact: true }).selectOption('2024');
  await expect(box.getByText(/^将汇集 2 个单位的 \d+ 行明细，面向中小企业采购 [\d.]+ 万元。$/)).toBeVisible();
  const unit = (name: string) => box.getByRole('row').filter({ hasText: name }).getByRole('cell');
  await expect(box.locator('tbody tr')).toHaveCount(4);
  await expect(unit('上海机动车管理中心').nth(1)).toHaveText('审核完成');
  await expect(unit('测试区采购单位03').nth(1)).toHaveText('被退回');
  await expect(unit('测试区采购单位99').nth(1)).toHaveText('审核中');
  await expect(unit('测试区采购单位99').nth(2)).toHaveText('不计入');
  await expect(unit('浦东新区采购中心').nth(1)).toContainText('更正申请中');
  await expect(unit('浦东新区采购中心').nth(1)).toContainText('计入的是更正前审核完成的内容');
  await expectAccessible(page);
  await box.getByRole('button', { name: '确定' }).click();
  await expect(page).toHaveURL(/\/office\/announcements\/[0-9a-f-]{36}$/);
  await expect(status(page)).toHaveText('待完善');
  await step(page, /^公告内容/).click();
  await expect(page.getByText(/^以下单位缺少审核完成的年度数据，未计入本公告：.*测试区采购单位03（被退回）/)).toBeVisible();
  await expectAccessible(page);
});

test('C1 a second announcement of the year is refused, and the way to the first is shown', async ({ signedIn, server, allowConsoleError }) => {
  allowConsoleError(/status of 409/);
  const page = await signedIn('jdc');
  await open(page, '/office/announcements');
  await page.getByRole('button', { name: '创建公告' }).click();
  const box = dialog(page, '生成公告');
  await box.getByLabel('年度', { exact: true }).selectOption('2024');
  await expect(box.getByText(/^将汇集 \d+ 个单位/)).toBeVisible();
  // A colleague is faster.
  const id = await new Notices(server).create(2024);
  await box.getByRole('button', { name: '确定' }).click();
  await expect(box.getByText(/2024 年度的公告已经存在.*，一个年度只能有一份公告/)).toBeVisible();
  await expect(box.getByText('该年度已经有公告')).toBeVisible();
  await expect(box.getByRole('button', { name: '确定' })).toBeDisabled();
  await expectAccessible(page);
  await box.getByRole('link', { name: '上海机动车管理中心2024年面向中小企业预留项目执行情况公告' }).click();
  await expect(page).toHaveURL(new RegExp(`/office/announcements/${id}$`));
  await expect(text(page)).toBeVisible();
});

test('C2 基本信息 is saved as it is chosen; the number names district, year and serial and is never given again', async ({ signedIn, server }) => {
  const notices = new Notices(server);
  const page = await signedIn('jdc');
  await open(page, '/office/announcements');
  await create(page, 2024);
  await expect(page.getByText('生成公告时取得')).toBeVisible();
  await page.getByLabel(/^行政区划/).selectOption({ label: '徐汇区' });
  await page.getByLabel('公告截止时间').fill('2026-12-31');
  await page.getByLabel('公告截止时间').blur();
  await saved(page);
  await expectAccessible(page);
  await page.reload();
  await alive(page);
  await expect(page.getByLabel(/^行政区划/)).toHaveValue('310104');
  await expect(page.getByLabel('公告截止时间')).toHaveValue('2026-12-31');
  await step(page, '附件').click();
  await page.getByRole('button', { name: '生成公告' }).click();
  await expect(page.getByText(/^已生成公告，编号 310104-2024-\d{4}$/)).toBeVisible();
  const first = page.url().split('/').pop() ?? '';
  const number = (await notices.view(first)).number ?? '';

  // Deleted, its number is gone with it.
  await open(page, '/office/announcements');
  await row(page, first).getByRole('button', { name: /^删除/ }).click();
  await expectAccessible(page);
  await confirm(dialog(page, '确定删除？'));
  await expect(row(page, first)).toHaveCount(0);
  await create(page, 2024);
  await page.getByLabel(/^行政区划/).selectOption({ label: '徐汇区' });
  await step(page, '附件').click();
  await page.getByRole('button', { name: '生成公告' }).click();
  await expect(page.getByText(/^已生成公告，编号/)).toBeVisible();
  const next = (await notices.view(page.url().split('/').pop() ?? '')).number ?? '';
  expect(next > number, `${next} after ${number}`).toBe(true);
});

test('C3 「定时发布」: approved it waits, and is published at its second, after a crash as well', async ({ signedIn, server, anotherPerson, allowConsoleError }) => {
  // The page says every now and then that it is open; the server may be down at that moment.
  allowConsoleError(/ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET/);
  const { notices, id } = await written(server);
  const page = await signedIn('jdc');
  await open(page, `/office/announcements/${id}`);
  await step(page, '基本信息').click();
  await page.getByRole('radio', { name: '定时发布' }).check();
  await page.getByLabel('发布时间').fill('2026-03-19T09:00:00');
  await page.getByLabel('发布时间').blur();
  await expect(page.locator('#publish-at-error')).toContainText('定时发布的时间 2026-03-19 09:00:00 已经过去');
  await expectAccessible(page);
  await page.getByLabel('发布时间').fill('2026-03-20T10:00:05');
  await page.getByLabel('发布时间').blur();
  await saved(page);
  await page.reload();
  await alive(page);
  await notices.submit(id);

  const reviewer = await anotherPerson('reviewer');
  await open(reviewer, `/office/announcements/${id}`);
  await reviewer.getByRole('button', { name: '审核', exact: true }).click();
  await expect(dialog(reviewer, '审核').getByText('同意后将于 2026-03-20 10:00:05 自动发布到门户；发布前可以撤回。')).toBeVisible();
  await confirm(dialog(reviewer, '审核'));
  await expect(status(reviewer)).toHaveText('待发布');
  const shown = await reviewer.locator('article.notice > div').innerText();
  const { number } = await notices.view(id);
  await server.setClock('2026-03-20 10:00:04');
  expect((await fetch(`${server.url}/announcements/${number}`)).status).toBe(404);
  await server.kill();
  await server.restart();
  expect((await fetch(`${server.url}/announcements/${number}`)).status).toBe(404);
  await server.setClock('2026-03-20 10:00:05');
  await expect.poll(async () => (await fetch(`${server.url}/announcements/${number}`)).status).toBe(200);
  await reviewer.goto(`/announcements/${number}`);
  await expect(reviewer.getByText('发布时间 2026-03-20 10:00:05')).toBeVisible();
  expect(await reviewer.locator('article.notice > div').last().innerText()).toBe(shown);
  await open(page, '/office/messages');
  await expect(page.getByRole('link', { name: /已按设定的时间发布/ })).toBeVisible();
});

test('C4 lines are edited and deleted in the announcement’s own copy, with reasons, and the records stay as they are', async ({ signedIn, server, anotherPerson }) => {
  const { notices, id } = await written(server);
  const record = await new Desk(server, 'jdc').find(2024);
  const before = JSON.stringify((await new Desk(server, 'jdc').view(record)).lines);
  const page = await signedIn('jdc');
  await open(page, `/office/announcements/${id}`);
  await step(page, /^公告内容/).click();
  const rows = page.locator('table.data tbody tr').filter({ visible: true });
  const first = rows.first();
  await first.getByRole('button', { name: /^编辑/ }).click();
  const edit = dialog(page, '编辑明细行');
  await expectAccessible(page);
  const old = await edit.getByLabel('面向中小企业采购金额(万元)').inputValue();
  await edit.getByLabel('面向中小企业采购金额(万元)').fill('99999.5');
  await edit.getByLabel('面向小微企业采购金额(万元)').fill('0');
  await edit.getByLabel(/^修改理由/).fill('');
  await edit.getByRole('button', { name: '确定' }).click();
  await expect(edit.locator('#reason-error')).toBeVisible();
  await edit.getByLabel('面向小微企业采购金额(万元)').fill('100000');
  await edit.getByLabel(/^修改理由/).fill('经审计调整');
  await edit.getByRole('button', { name: '确定' }).click();
  await expect(edit.locator('#line-small_micro-error')).toBeVisible();
  await expectAccessible(page);
  await edit.getByLabel('面向小微企业采购金额(万元)').fill('0');
  await confirm(edit);
  await expect(first).toContainText('99999.5');
  await expect(first).toContainText('已修改');
  await expect(first).toContainText('理由：经审计调整');

  const count = await rows.count();
  const second = rows.nth(1);
  await second.getByRole('button', { name: /^删除/ }).click();
  const remove = dialog(page, '从公告中删除该行');
  await remove.getByRole('button', { name: '确定' }).click();
  await expect(remove.locator('#reason-error')).toBeVisible();
  await expectAccessible(page);
  await remove.getByLabel(/^修改理由/).fill('涉密项目不公开');
  await confirm(remove);
  await expect(second).toContainText('已删除');
  await expect(step(page, `公告内容 ${count - 1} 行`)).toBeVisible();
  await expectAccessible(page);
  const third = rows.nth(2);
  await third.getByRole('button', { name: /^删除/ }).click();
  await remove.getByLabel(/^修改理由/).fill('误删');
  await confirm(remove);
  await third.getByRole('button', { name: /^恢复/ }).click();
  await expect(third).not.toContainText('已删除');
  expect(JSON.stringify((await new Desk(server, 'jdc').view(record)).lines)).toBe(before);

  await notices.submit(id);
  const reviewer = await anotherPerson('reviewer');
  await open(reviewer, `/office/announcements/${id}`);
  const differences = reviewer.locator('.diff li');
  await expect(differences.filter({ hasText: '面向中小企业采购金额(万元)' }).locator('del')).toHaveText(old);
  await expect(differences.filter({ hasText: '面向中小企业采购金额(万元)' }).locator('ins')).toHaveText('99999.5');
  await expect(differences.filter({ hasText: '从公告中删除' })).toContainText('理由：涉密项目不公开');
  await expectAccessible(reviewer);
});

test('C5 备注 begins with what the units wrote, takes ready phrases, and stands in the text', async ({ signedIn, server }) => {
  const { id } = await written(server);
  const page = await signedIn('jdc');
  await open(page, `/office/announcements/${id}`);
  await step(page, /^公告内容/).click();
  const remark = page.getByRole('textbox', { name: '备注' });
  await expect(remark).toHaveValue(/部分专用设备按照本办法规定预留采购份额无法确保充分供应/);
  await remark.fill('本年度工程项目较少。');
  await page.getByRole('button', { name: '改进措施：细化采购包，扩大面向中小企业预留的项目范围' }).click();
  await expect(remark).toHaveValue('本年度工程项目较少。\n改进措施：细化采购包，扩大面向中小企业预留的项目范围');
  await saved(page);
  await step(page, '公告正文').click();
  await expect(preview(page)).toContainText('备注：本年度工程项目较少。');
  await page.reload();
  await alive(page);
  await step(page, /^公告内容/).click();
  await expect(remark).toHaveValue(/^本年度工程项目较少。/);
});

test('C6 files are uploaded, shown outside only when chosen so, and deleted; what is no document is refused', async ({ signedIn, server, allowConsoleError }) => {
  allowConsoleError(/status of 422/);
  const { notices, id } = await written(server);
  const page = await signedIn('jdc');
  await open(page, `/office/announcements/${id}`);
  await step(page, '附件').click();
  const input = page.getByLabel('选择文件上传');
  await input.setInputFiles([
    { name: '执行情况说明.pdf', mimeType: 'application/pdf', buffer: PDF },
    { name: '内部意见.pdf', mimeType: 'application/pdf', buffer: PDF },
  ]);
  const file = (name: string) => page.locator('.files li').filter({ hasText: name });
  await expect(file('执行情况说明.pdf')).toBeVisible();
  await expect(file('内部意见.pdf')).toBeVisible();
  await file('执行情况说明.pdf').getByRole('checkbox', { name: '外网展示' }).check();
  await expect.poll(async () => (await notices.view(id)).files.filter((each) => each.is_shown).map((each) => each.name)).toEqual(['执行情况说明.pdf']);
  await expectAccessible(page);

  await input.setInputFiles({ name: '程序.pdf', mimeType: 'application/pdf', buffer: Buffer.from('<script>alert(1)</script>') });
  await expect(page.getByText(/^“程序\.pdf”没有上传：只能上传 PDF/)).toBeVisible();
  await expectAccessible(page);
  await input.setInputFiles({ name: '空.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(0) });
  await expect(page.getByText(/^“空\.pdf”没有上传：文件是空的/)).toBeVisible();

  const download = page.waitForEvent('download');
  await file('内部意见.pdf').getByRole('link', { name: '内部意见.pdf', exact: true }).click();
  expect((await download).suggestedFilename()).toBe('内部意见.pdf');
  await file('内部意见.pdf').getByRole('button', { name: '删除附件：内部意见.pdf' }).click();
  await confirm(dialog(page, '确定删除？'));
  await expect(file('内部意见.pdf')).toHaveCount(0);
  await page.reload();
  await alive(page);
  await step(page, '附件').click();
  await expect(page.locator('.files li')).toHaveCount(1);
  await expect(file('执行情况说明.pdf').getByRole('checkbox')).toBeChecked();
});

test('C7 「生成公告」 gives title and official text; the editor is edited in place, and the preview follows', async ({ signedIn }) => {
  const page = await signedIn('jdc');
  await open(page, '/office/announcements');
  await create(page, 2024);
  await page.getByRole('button', { name: '下一步：公告内容' }).click();
  await page.getByRole('button', { name: '下一步：附件' }).click();
  await page.getByRole('button', { name: '生成公告' }).click();
  await expect(page.getByLabel('公告标题')).toHaveValue('上海机动车管理中心2024年面向中小企业预留项目执行情况公告');
  await expect(page.getByText('正文与数据一致')).toBeVisible();
  await expect(text(page)).toBeVisible();
  await expect(text(page).locator('[data-chip]').first()).toBeVisible();
  await expect(preview(page)).toContainText('根据《政府采购促进中小企业发展管理办法》（财库〔2020〕46号）要求，现对本部门（单位）2024年面向中小企业预留项目执行情况公告如下：');
  await expect(preview(page)).toContainText('日期：发布当日');
  await expectAccessible(page);

  // A paragraph of one's own, with a figure bound to the data.
  await text(page).locator('p').first().click();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await page.keyboard.type('其中小微企业采购');
  await page.locator('.tool-menu summary').click();
  await expectAccessible(page);
  const item = page.locator('.tool-menu li button').filter({ hasText: '小微' }).first();
  const value = (await item.locator('.tool-value').textContent()) ?? '';
  await item.click();
  await page.keyboard.type('万元，已超过上年。');
  await expect(preview(page)).toContainText(`其中小微企业采购${value}万元，已超过上年。`);
  await expect(page.getByText(/^与正文同步 \d\d:\d\d:\d\d$/)).toBeVisible();
  // However long the text becomes, the preview stands beside it.
  await text(page).locator('p').last().click();
  await page.keyboard.press('End');
  for (let at = 1; at <= 45; at += 1) {
    await page.keyboard.press('Enter');
    await page.keyboard.type(`第${at}段`);
  }
  await expect(preview(page).locator('.notice')).toContainText('第45段');
  await expect(preview(page)).toBeInViewport({ ratio: 0.8 });
  await page.getByRole('button', { name: '手机' }).click();
  await expect(page.locator('.preview')).toHaveAttribute('data-width', 'phone');
  await page.getByRole('button', { name: '电脑' }).click();
  await saved(page);
  await page.reload();
  await alive(page);
  await expect(text(page)).toContainText('其中小微企业采购');
  await expect(preview(page)).toContainText(`其中小微企业采购${value}万元，已超过上年。`);
});

test('C7 figures in the text stay bound to the lines; a figure typed by hand that differs is pointed out and stops 「提交」', async ({ signedIn, server }) => {
  const { id } = await written(server);
  const page = await signedIn('jdc');
  await open(page, `/office/announcements/${id}`);
  const before = await preview(page).innerText();
  await step(page, /^公告内容/).click();
  await page.locator('table.data tbody tr').filter({ visible: true }).first().getByRole('button', { name: /^编辑/ }).click();
  const edit = dialog(page, '编辑明细行');
  await edit.getByLabel('面向中小企业采购金额(万元)').fill('99999.5');
  await edit.getByLabel('面向小微企业采购金额(万元)').fill('0');
  await edit.getByLabel(/^修改理由/).fill('经审计调整');
  await confirm(edit);
  await step(page, '公告正文').click();
  expect(await preview(page).innerText()).not.toBe(before);
  await expect(preview(page)).toContainText('99999.5');
  await expect(page.getByText('正文与数据一致')).toBeVisible();

  await text(page).locator('p').first().click();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await page.keyboard.type('面向中小企业采购共计1.5万元。');
  const findings = page.getByRole('list', { name: '发布前检查' });
  await expect(findings.getByRole('listitem').first()).toHaveAttribute('data-tone', 'bad');
  await expect(step(page, '公告正文')).toHaveAttribute('data-state', 'bad');
  await expect(step(page, /^公告内容/)).toHaveAttribute('data-state', 'done');
  await expectAccessible(page);
  await saved(page);
  await page.getByRole('button', { name: '提交', exact: true }).click();
  await expect(page.getByRole('region', { name: /^提交前还有 \d+ 处须改正$/ })).toBeVisible();
  await expect(dialog(page, '提交')).toBeHidden();
});

test('C7 the editor formats, undoes, keeps pasted markup out, and is reached by keyboard', async ({ signedIn, server }) => {
  const { id } = await written(server);
  const page = await signedIn('jdc');
  await open(page, `/office/announcements/${id}`);
  await text(page).locator('p').first().click();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Control+B');
  await page.keyboard.type('重点');
  await expect(preview(page).locator('strong, b').filter({ hasText: '重点' })).toBeVisible();
  await page.keyboard.press('Control+Z');
  await expect(preview(page)).not.toContainText('重点');
  await text(page).evaluate((element) => {
    const data = new DataTransfer();
    data.setData('text/html', '<p onclick="alert(1)" style="color:red">贴入<script>window.broken = 1</script><img src=x onerror="window.broken = 1"><a href="javascript:alert(1)">链接</a></p>');
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  });
  await expect(preview(page)).toContainText('贴入');
  expect(await page.evaluate(() => (window as unknown as { broken?: number }).broken)).toBeUndefined();
  await expect(preview(page).locator('img, script, a[href^="javascript"], [onclick], [style]')).toHaveCount(0);
  const toolbar = page.getByRole('toolbar', { name: '公告正文格式' });
  await toolbar.getByRole('button', { name: '加粗' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(toolbar.getByRole('button', { name: '斜体' })).toBeFocused();
  await page.keyboard.press('End');
  await expect(toolbar.locator('summary')).toBeFocused();
});

test('C8 「提交」 to a chosen approver, review, publication: the published page is what the preview showed', { tag: '@run' }, async ({ signedIn, server, anotherPerson }) => {
  const { notices, id } = await written(server);
  const page = await signedIn('jdc');
  await open(page, `/office/announcements/${id}`);
  await expect(preview(page)).toContainText('部门（单位）名称：上海机动车管理中心');
  const shown = await preview(page).locator('article.notice > div').innerText();
  await page.getByRole('button', { name: '提交', exact: true }).click();
  const box = dialog(page, '提交');
  await box.getByRole('button', { name: '确定' }).click();
  await expect(box.getByText('请选择下一审批机构/人员')).toBeVisible();
  await expectAccessible(page);
  await box.getByRole('radio', { name: '审核人', exact: true }).check();
  await confirm(box);
  await expect(status(page)).toHaveText('审核中');
  await expectAccessible(page);

  const reviewer = await anotherPerson('reviewer');
  await open(reviewer, '/office/messages');
  await reviewer.getByRole('link', { name: /公告.*待您审核/ }).first().click();
  await expect(reviewer).toHaveURL(new RegExp(id));
  await expect(reviewer.getByText('没有差别：明细与各单位审核完成的年度数据一致。')).toBeVisible();
  expect(await reviewer.locator('article.notice > div').innerText()).toBe(shown);
  await reviewer.getByRole('button', { name: '审核', exact: true }).click();
  const review = dialog(reviewer, '审核');
  await expect(review.getByText('同意后立即发布到门户，发布后不能修改。')).toBeVisible();
  await expectAccessible(reviewer);
  await confirm(review);
  await expect(status(reviewer)).toHaveText('已发布');
  await expectAccessible(reviewer);
  await reviewer.getByRole('link', { name: '查看门户页面' }).click();
  await expect(reviewer).toHaveURL(/\/announcements\/310115-2024-\d{4}$/);
  expect(await reviewer.locator('article.notice > div').last().innerText()).toBe(shown.replace('发布当日', '2026年3月20日'));
  // What is published never changes again.
  const { version } = await notices.view(id);
  const refused = await new Desk(server, 'jdc').send('save_announcement', { input: { id, version, change: { basics: null, title: '改', remark: null, document: null } } });
  expect(refused.status).toBe(409);
});

test('D1 公告列表 shows number, title, kind, times, state and operations; the filters live in the URL', async ({ signedIn, server }) => {
  const { notices, id } = await written(server);
  await notices.publish(id);
  const page = await signedIn('jdc');
  await open(page, '/office');
  await page.getByText('公告操作').click();
  await page.getByRole('link', { name: '公告列表' }).last().click();
  await expect(page.locator('table.data thead th')).toHaveText(['公告编号', '公告标题', '公告类型', '公告发布时间', '公告截止时间', '公告状态', '操作']);
  await expect(row(page, id).locator('td').nth(0)).toHaveText(/^310115-2024-\d{4}$/);
  await expect(row(page, id).locator('td').nth(2)).toHaveText('审核完成发布');
  await expect(row(page, id).locator('td').nth(3)).toHaveText('2026-03-20 09:00:00');
  await expectAccessible(page);
  await page.getByLabel('年度', { exact: true }).selectOption('2024');
  await page.getByLabel('公告状态').selectOption('published');
  await page.getByRole('button', { name: '查询' }).click();
  await expect(page).toHaveURL(/year=2024&status=published/);
  await alive(page);
  await expect(row(page, id)).toHaveCount(1);
  await page.reload();
  await alive(page);
  await expect(page.getByLabel('公告状态')).toHaveValue('published');
  // What stands in the fields is what the address says, also after one has gone on and back.
  await page.getByRole('link', { name: '重置' }).click();
  await expect(page).toHaveURL(/announcements$/);
  await expect(page.getByLabel('公告状态')).toHaveValue('');
  await page.goBack();
  await expect(page.getByLabel('公告状态')).toHaveValue('published');
  await expect(page.getByLabel('年度', { exact: true })).toHaveValue('2024');
  await open(page, '/office/announcements?year=2021&status=withdrawn');
  await expect(page.getByText('没有符合条件的公告')).toBeVisible();
  await expectAccessible(page);
});

test('D2 the operations follow state and role', async ({ signedIn, server, anotherPerson }) => {
  const notices = new Notices(server);
  const id = await notices.create(2024);
  const page = await signedIn('jdc');
  const reviewer = await anotherPerson('reviewer');
  const words = async (who: Page) => {
    await open(who, '/office/announcements');
    return row(who, id).locator('.ops :is(a, button)').allTextContents();
  };
  expect([await words(page), await words(reviewer)]).toEqual([['编辑', '删除'], ['查看']]);
  await notices.submit(id);
  expect([await words(page), await words(reviewer)]).toEqual([['查看', '撤回'], ['审核']]);
  await notices.decide(id, false, '请核对');
  expect([await words(page), await words(reviewer)]).toEqual([['编辑', '删除'], ['查看']]);
  await notices.publish(id);
  expect([await words(page), await words(reviewer)]).toEqual([['查看', '更正', '撤销'], ['查看']]);
});

test('D3 「撤回」 is refused without 「撤回理由」, from the list and from the page, also while it waits for its time', async ({ signedIn, server }) => {
  const { notices, id } = await written(server);
  await notices.submit(id);
  const page = await signedIn('jdc');
  await open(page, '/office/announcements');
  await row(page, id).getByRole('button', { name: /^撤回/ }).click();
  const box = dialog(page, '撤回');
  await box.getByRole('button', { name: '确定' }).click();
  await expect(box.getByText('请填写撤回理由')).toBeVisible();
  await expectAccessible(page);
  await box.getByLabel(/^撤回理由/).fill('备注有误');
  await confirm(box);
  await expect(row(page, id)).toContainText('已撤回');
  const { version } = await notices.view(id);
  await notices.change(id, { basics: { district: '310115', mode: { At: '2026-03-21T01:00:00Z' }, expires_on: null } });
  await notices.publish(id);
  await open(page, `/office/announcements/${id}`);
  await expect(status(page)).toHaveText('待发布');
  const refused = await new Desk(server, 'jdc').send('withdraw_announcement', { input: { id, version: version + 3, reason: ' ' } });
  expect([409, 422]).toContain(refused.status);
  await page.getByRole('button', { name: '撤回' }).click();
  await box.getByRole('button', { name: '确定' }).click();
  await expect(box.getByText('请填写撤回理由')).toBeVisible();
  await box.getByLabel(/^撤回理由/).fill('推迟发布');
  await confirm(box);
  await expect(status(page)).toHaveText('已撤回');
  await expect(page.getByText('撤回理由：推迟发布')).toBeVisible();
});

test('D4 the approver sees exactly what will be pushed; disagreement with a reason leads back to editing', async ({ signedIn, server, anotherPerson }) => {
  const { notices, id } = await written(server);
  await notices.upload(id, '执行情况说明.pdf', true);
  await notices.upload(id, '内部意见.pdf', false);
  await notices.submit(id);
  const page = await signedIn('reviewer');
  await open(page, `/office/announcements/${id}`);
  await expect(page.getByRole('heading', { name: '推送到门户的内容' })).toBeVisible();
  await expect(page.locator('.files li').filter({ hasText: '执行情况说明.pdf' })).toContainText('外网展示');
  await expect(page.locator('.files li').filter({ hasText: '内部意见.pdf' })).toContainText('仅内部流转');
  await expectAccessible(page);
  await page.getByRole('button', { name: '审核', exact: true }).click();
  const box = dialog(page, '审核');
  await box.getByRole('radio', { name: '不同意' }).check();
  await box.getByRole('button', { name: '确定' }).click();
  await expect(box.getByText('不同意时请填写审批意见，说明需要修改什么')).toBeVisible();
  await box.getByLabel('审批意见').fill('备注应写明改进措施');
  await confirm(box);
  await expect(status(page)).toHaveText('被退回');
  const clerk = await anotherPerson('jdc');
  await open(clerk, `/office/announcements/${id}`);
  await expect(clerk.getByText(/退回意见（.+ 3月20日 \d\d:\d\d）：备注应写明改进措施/)).toBeVisible();
  await expect(text(clerk)).toBeVisible();
  // Submitted again, the reviewer is told what was asked for, and where to see what has become of it.
  await notices.change(id, { remark: '已写明改进措施' });
  await notices.submit(id);
  await page.reload();
  await expect(page.getByText(/^上次提交被退回（.*审核人 .*）：备注应写明改进措施$/)).toBeVisible();
  await expect(page.getByRole('link', { name: '比较此后的改动' })).toHaveAttribute('href', new RegExp(`${id}/versions$`));
  await expectAccessible(page);
});

test('D4 nobody but the 主管 comes near an announcement that is not published', async ({ server, signedIn, allowConsoleError }) => {
  allowConsoleError(/status of 404/);
  const { notices, id } = await written(server);
  const file = await notices.upload(id, '说明.pdf', true);
  const page = await signedIn('unit03');
  await open(page, `/office/announcements/${id}`);
  await expect(page.getByText('没有这个页面，或您无权查看')).toBeVisible();
  const headers = { Cookie: `setaside=${server.sessions.unit03}` };
  expect((await fetch(`${server.url}/office/files/${id}/${file}`, { headers })).status).toBe(404);
  for (const command of ['announcement', 'generate_announcement']) expect((await new Desk(server, 'unit03').send(command, { input: { id, version: 1 } })).ok).toBe(false);
  expect((await new Desk(server, 'unit03').send('create_announcement', { input: { year: 2023 } })).status).toBe(404);
});

test('C7 what is written without network is kept and saved afterwards; a second writer is told', async ({ signedIn, server, context, anotherPerson, allowConsoleError }) => {
  allowConsoleError(/ERR_INTERNET_DISCONNECTED|status of 409/);
  const { notices, id } = await written(server);
  const page = await signedIn('jdc');
  await open(page, `/office/announcements/${id}`);
  await expect(text(page)).toBeVisible();
  await context.setOffline(true);
  await page.getByLabel('公告标题').fill('上海机动车管理中心2024年面向中小企业预留项目执行情况公告（修订）');
  await expect(page.locator('.saved-note')).toHaveText('尚未保存，正在重试…');
  await expect(page.getByText('网络连接中断，内容尚未保存；恢复后会自动重试')).toBeVisible();
  await expectAccessible(page);
  await context.setOffline(false);
  await saved(page);
  expect((await notices.view(id)).title).toMatch(/（修订）$/);
  const second = await anotherPerson('jdc');
  await open(second, `/office/announcements/${id}`);
  await expect(text(second)).toBeVisible();
  await page.getByLabel('公告标题').fill('上海机动车管理中心2024年面向中小企业预留项目执行情况公告（甲）');
  await saved(page);
  await expect.poll(async () => (await notices.view(id)).title).toMatch(/（甲）$/);
  await second.getByLabel('公告标题').fill('上海机动车管理中心2024年面向中小企业预留项目执行情况公告（乙）');
  const dispute = second.getByRole('region', { name: /^您填写“公告标题”期间，它已在别处修改/ });
  await expect(dispute).toContainText('（甲）');
  await expect(dispute).toContainText('（乙）');
  await expect(second.getByRole('textbox', { name: '公告标题' })).toHaveValue(/（乙）$/);
  expect((await notices.view(id)).title).toMatch(/（甲）$/);
});
