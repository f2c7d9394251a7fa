// 发布前检查: what is found before 「提交」, at 「审核」 and before the set time, and the choices 「照发」, 「推迟」, 「修改」 (E6).

import type { Page } from '@playwright/test';
import { Notices } from './announcement';
import { confirm, dialog, expectAccessible, open, saved } from './office';
import { expect, type Server, test } from './server';

const status = (page: Page) => page.locator('.page-head .status');
const text = (page: Page) => page.locator('.editor-body [contenteditable="true"]');
const panel = (page: Page) => page.getByRole('region', { name: '发布前检查' });

/** Approved for 2026-03-21 09:30:00, and the clock a day before it: the people concerned have their message. */
async function rehearsed(server: Server, page: Page): Promise<{ notices: Notices; id: string }> {
  const notices = new Notices(server);
  const id = await notices.create(2024);
  await notices.change(id, { basics: { district: '310115', mode: { At: '2026-03-21T01:30:00Z' }, expires_on: null } });
  await notices.submit(id);
  await notices.decide(id, true, '同意');
  await server.setClock('2026-03-20 09:30:00');
  await expect(async () => {
    await open(page, '/office/messages');
    await expect(page.getByRole('link', { name: /发布前检查发现：.*可选择「照发」「推迟」或「修改」/ })).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await page.getByRole('link', { name: /可选择「照发」「推迟」或「修改」/ }).click();
  await expect(panel(page)).toBeVisible();
  return { notices, id };
}

test('E6 「提交」 and 「审核」 show what to look at and what to do about it', async ({ signedIn, server, anotherPerson }) => {
  const notices = new Notices(server);
  const id = await notices.create(2024);
  await notices.upload(id, '内部意见.pdf', false);
  const page = await signedIn('jdc');
  await open(page, `/office/announcements/${id}`);
  await text(page).locator('p').first().click();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await page.keyboard.type('详见附件。');
  await saved(page);
  await page.getByRole('button', { name: '提交', exact: true }).click();
  const box = dialog(page, '提交');
  await expect(box.getByText(/正文提到附件，但 1 个附件都没有勾选「外网展示」，公众看不到/)).toBeVisible();
  await expect(box.getByText(/以下 2 个单位没有审核完成的年度数据，未计入本公告：/)).toContainText('测试区采购单位03（被退回）');
  await expect(box.getByText(/可以照此提交，可以在「基本信息」中推迟发布时间/)).toBeVisible();
  await expectAccessible(page);
  await box.getByRole('radio', { name: '审核人', exact: true }).check();
  await confirm(box);

  const reviewer = await anotherPerson('reviewer');
  await open(reviewer, `/office/announcements/${id}`);
  await expect(panel(reviewer)).toContainText('正文提到附件，但 1 个附件都没有勾选「外网展示」');
  await expectAccessible(reviewer);
  await reviewer.getByRole('button', { name: '审核', exact: true }).click();
  await expect(dialog(reviewer, '审核').getByText(/^发布前检查：/)).toBeVisible();
  await expect(dialog(reviewer, '审核').getByText(/测试区采购单位99（审核中）/)).toBeVisible();
  await expectAccessible(reviewer);
});

test('E6 a day before its time: 「照发」 is recorded with person and reason, and it goes out at its time', async ({ signedIn, server }) => {
  const page = await signedIn('jdc');
  const { notices, id } = await rehearsed(server, page);
  await expectAccessible(page);
  await page.getByRole('button', { name: '照发' }).click();
  const box = dialog(page, '照发');
  await expect(box.getByText(/仍按设定的时间 2026-03-21 09:30:00 发布/)).toBeVisible();
  await box.getByRole('button', { name: '确定' }).click();
  await expect(box.getByText('请填写理由')).toBeVisible();
  await expectAccessible(page);
  await box.getByLabel(/^理由/).fill('其余单位另行公布');
  await confirm(box);
  await expect(panel(page)).toContainText('照发 理由：其余单位另行公布');
  await expect(page.getByRole('button', { name: '照发' })).toHaveCount(0);
  const { number } = await notices.view(id);
  // The sign-in does not last until then.
  await page.goto('about:blank');
  await server.setClock('2026-03-21 09:30:00');
  await expect.poll(async () => (await fetch(`${server.url}/announcements/${number}`)).status).toBe(200);
});

test('E6 「推迟」 sets a later time, 「修改」 takes it back', async ({ signedIn, server, allowConsoleError }) => {
  allowConsoleError(/status of 422/);
  const page = await signedIn('jdc');
  await rehearsed(server, page);
  await page.getByRole('button', { name: '推迟' }).click();
  const box = dialog(page, '推迟发布');
  await box.getByLabel(/^理由/).fill('等其余单位完成');
  await box.getByLabel(/^推迟到/).fill('2026-03-20T09:00:00');
  await box.getByRole('button', { name: '确定' }).click();
  await expect(box.locator('#postpone-at-error')).toHaveText('推迟后的发布时间应晚于现在和原定的 2026-03-21 09:30:00');
  await expectAccessible(page);
  await box.getByLabel(/^推迟到/).fill('2026-03-30T09:00:00');
  await confirm(box);
  await expect(page.locator('.page-note').first()).toContainText('2026-03-30 09:00:00');
  await expect(status(page)).toHaveText('待发布');
  await page.getByRole('button', { name: '修改' }).click();
  await dialog(page, '撤回').getByLabel(/^撤回理由/).fill('补充附件');
  await confirm(dialog(page, '撤回'));
  await expect(status(page)).toHaveText('已撤回');
});
