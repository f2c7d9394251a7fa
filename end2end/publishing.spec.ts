// What becomes of an announcement on its way out and afterwards: 「定时发布」 and why it waits (C3, E6), 「更正」 and 「撤销」 (E7).

import type { Locator, Page } from '@playwright/test';
import { Notices } from './announcement';
import { confirm, dialog, expectAccessible, open } from './office';
import { expect, PASSWORD, type Server, test } from './server';

const status = (page: Page) => page.locator('.page-head .status');
const sentence = (page: Page) => page.locator('.page-head .page-note');
const why = (page: Page) => page.getByRole('region', { name: '为什么还没发布' });
const condition = (page: Page, name: string) => why(page).getByRole('listitem').filter({ hasText: name });
const WITHOUT_SCRIPT = { javaScriptEnabled: false };

/** The row of the list that stands for this announcement. */
function row(page: Page, id: string): Locator {
  return page.getByRole('row').filter({ has: page.locator(`a[href="/office/announcements/${id}"]`) });
}

/** A row of the table of 改前 and 改后. */
function alteration(page: Page, name: RegExp | string): Locator {
  return page.getByRole('region', { name: '改前与改后' }).getByRole('row').filter({ has: page.getByRole('rowheader', { name }) });
}

async function written(server: Server): Promise<{ notices: Notices; id: string }> {
  const notices = new Notices(server);
  return { notices, id: await notices.create(2024) };
}

test('C3 E6 what waits says for whom and until when, on the list and on its page, to clerk and approver; it goes out at its second', async ({ signedIn, server, anotherPerson }) => {
  const { notices, id } = await written(server);
  await notices.change(id, { basics: { district: '310115', mode: { At: '2026-03-20T02:00:05Z' }, expires_on: null } });
  const page = await signedIn('jdc');
  await open(page, `/office/announcements/${id}`);
  await expect(sentence(page)).toHaveText('将于 2026-03-20 10:00:05 发布，尚缺：提交与审核');
  await expect(condition(page, '提交').first()).toContainText('未满足');
  await expectAccessible(page);
  await notices.submit(id, '审核人');
  await open(page, '/office/announcements');
  await expect(row(page, id)).toContainText(/将于 2026-03-20 10:00:05 发布，尚缺：上海机动车管理中心.* 审核/);
  await expectAccessible(page);
  await row(page, id).getByRole('link', { name: /^查看/ }).click();
  await expect(sentence(page)).toHaveText(/^将于 2026-03-20 10:00:05 发布，尚缺：上海机动车管理中心.* 审核$/);
  await expect(condition(page, '生成公告')).toContainText('已满足');
  await expect(condition(page, '审核').filter({ hasText: '等待中' })).toContainText(/等待 上海机动车管理中心.* 审核，自 2026-03-20 09:00:00 起，已等待/);
  await expect(condition(page, '发布时间')).toContainText('定于 2026-03-20 10:00:05 发布，还有 1小时');

  const reviewer = await anotherPerson('reviewer');
  await open(reviewer, `/office/announcements/${id}`);
  await expectAccessible(reviewer);
  await reviewer.getByRole('button', { name: '审核', exact: true }).click();
  await expect(dialog(reviewer, '审核').getByText(/^同意后将于 2026-03-20 10:00:05 自动发布到门户；发布前可以撤回。如同意时已过这一时间，则立即发布。$/)).toBeVisible();
  await confirm(dialog(reviewer, '审核'));
  await expect(status(reviewer)).toHaveText('待发布');
  await expect(sentence(reviewer)).toHaveText('已审核，将于 2026-03-20 10:00:05 自动发布');
  await expect(condition(reviewer, '审核').first()).toContainText('已满足');
  await expectAccessible(reviewer);

  const { number } = await notices.view(id);
  const reader = await anotherPerson(undefined, WITHOUT_SCRIPT);
  await server.setClock('2026-03-20 10:00:04');
  expect((await fetch(`${server.url}/announcements/${number}`)).status).toBe(404);
  await server.setClock('2026-03-20 10:00:05');
  await expect.poll(async () => (await fetch(`${server.url}/announcements/${number}`)).status).toBe(200);
  await reader.goto(`/announcements/${number}`);
  await expect(reader.getByText('发布时间 2026-03-20 10:00:05')).toBeVisible();
  await open(page, `/office/announcements/${id}`);
  await expect(sentence(page)).toHaveText('已于 2026-03-20 10:00:05 发布');
  await expect(why(page)).toHaveCount(0);
});

test('C3 an approval after the set time publishes at once, and that is said before', async ({ signedIn, server }) => {
  const { notices, id } = await written(server);
  await notices.change(id, { basics: { district: '310115', mode: { At: '2026-03-20T02:00:00Z' }, expires_on: null } });
  await notices.submit(id);
  await server.setClock('2026-03-20 10:30:00');
  const page = await signedIn('reviewer');
  await open(page, `/office/announcements/${id}`);
  await expect(sentence(page)).toHaveText(/^设定的发布时间 2026-03-20 10:00:00 已经过去，将于审核完成时立即发布，尚缺：.* 审核$/);
  await expect(condition(page, '发布时间')).toContainText('审核完成时立即发布');
  await page.getByRole('button', { name: '审核', exact: true }).click();
  await expect(dialog(page, '审核').getByText('设定的发布时间 2026-03-20 10:00:00 已经过去，同意后立即发布到门户。')).toBeVisible();
  await confirm(dialog(page, '审核'));
  await expect(status(page)).toHaveText('已发布');
  await expect(sentence(page)).toHaveText('已于 2026-03-20 10:30:00 发布');
});

test('E7 「更正」: a successor takes the place of the published announcement, and both addresses say so', async ({ signedIn, server, anotherPerson }) => {
  const { notices, id } = await written(server);
  const old = await notices.publish(id);
  const page = await signedIn('jdc');
  await open(page, '/office/announcements');
  await row(page, id).getByRole('link', { name: /^更正/ }).click();
  const box = dialog(page, '更正');
  await expect(box.getByText('已发布的公告不会改变。')).toBeVisible();
  await box.getByRole('button', { name: '确定' }).click();
  await expect(box.getByText('请填写更正理由')).toBeVisible();
  await expectAccessible(page);
  await box.getByLabel(/^更正理由/).fill('第一行重复公布');
  await confirm(box);
  await expect(status(page)).toHaveText('待完善');
  await expect(page).not.toHaveURL(new RegExp(id));
  await expect(page.getByText(`本公告更正 ${old}（2026-03-20 09:00:00 发布）。本公告发布后，原公告变为已更正。更正理由：第一行重复公布`)).toBeVisible();
  await expectAccessible(page);
  const successor = page.url().split('/').pop()?.split('?')[0] ?? '';
  const { number, lines } = await notices.view(successor);
  if (number === null) throw new Error('a correction without a number');
  await page.getByRole('link', { name: old }).click();
  await expect(page.getByText(`更正公告 ${number}（待完善）正在办理，发布后本公告变为已更正。`)).toBeVisible();
  await expect(page.getByRole('button', { name: '更正' })).toHaveCount(0);
  await expectAccessible(page);

  await notices.removeLine(successor, 0, '重复公布');
  await notices.submit(successor);
  const reviewer = await anotherPerson('reviewer');
  await open(reviewer, `/office/announcements/${successor}`);
  await expect(reviewer.getByRole('heading', { name: `与原公告 ${old} 相比` })).toBeVisible();
  const project = lines[0]?.values.project_name ?? '';
  await expect(alteration(reviewer, `第 1 行“${project}”：整行`)).toContainText('从公告中删除');
  await expectAccessible(reviewer);
  const reader = await anotherPerson(undefined, WITHOUT_SCRIPT);
  await reader.goto(`/announcements/${old}`);
  await expect(reader.getByText('更正')).toHaveCount(0);
  await server.setClock('2026-03-20 09:30:00');
  await reviewer.getByRole('button', { name: '审核', exact: true }).click();
  await expect(dialog(reviewer, '审核').getByText('同意后立即发布到门户，发布后不能修改。原公告同时变为已更正。')).toBeVisible();
  await confirm(dialog(reviewer, '审核'));
  await expect(status(reviewer)).toHaveText('已发布');

  // Everyone, without script: the list knows only the one that stands, and each page leads to the other.
  await reader.goto('/');
  await expect(reader.locator(`a[href="/announcements/${number}"]`)).toBeVisible();
  await expect(reader.locator(`a[href="/announcements/${old}"]`)).toHaveCount(0);
  await reader.goto(`/announcements/${old}`);
  await expect(reader.getByRole('heading', { name: '本公告已更正，以更正公告为准' })).toBeVisible();
  await expect(reader.getByText('更正时间：2026-03-20 09:30:00')).toBeVisible();
  await expect(reader.getByText('更正理由：第一行重复公布')).toBeVisible();
  await expect(alteration(reader, '项目数')).toContainText(`${lines.length}`);
  await expect(alteration(reader, `第 1 行“${project}”：整行`)).toContainText('从公告中删除');
  await reader.getByRole('link', { name: new RegExp(`^${number} `) }).click();
  await expect(reader.getByRole('heading', { name: '本公告是更正公告' })).toBeVisible();
  await expect(alteration(reader, `第 1 行“${project}”：整行`)).toContainText('从公告中删除');
  await reader.getByRole('link', { name: new RegExp(`^${old} `) }).click();
  await expect(reader).toHaveURL(new RegExp(`${old}$`));

  const looker = await anotherPerson('unit03');
  for (const width of [1440, 390]) {
    await looker.setViewportSize({ width, height: 900 });
    for (const address of [old, number]) {
      await looker.goto(`/announcements/${address}`);
      expect(await looker.evaluate(() => document.documentElement.scrollWidth), `${address} ${width} px`).toBeLessThanOrEqual(width);
      await expectAccessible(looker);
    }
  }
  await open(page, `/office/announcements/${id}`);
  await expect(status(page)).toHaveText('已更正');
  await expect(page.getByText(`公告已于 2026-03-20 09:30:00 由 ${number} 更正。更正理由：第一行重复公布`)).toBeVisible();
  for (const name of ['更正', '撤销', '撤回']) await expect(page.getByRole('button', { name, exact: true })).toHaveCount(0);
  await open(page, '/office/announcements?status=corrected');
  await expect(row(page, id)).toContainText('已更正');
});

test('E7 「撤销」 asks for a reason and an approver; disagreed it changes nothing, agreed the address says why', async ({ signedIn, server, anotherPerson }) => {
  const { notices, id } = await written(server);
  await notices.upload(id, '执行情况说明.pdf', true);
  const number = await notices.publish(id);
  const page = await signedIn('jdc');
  await open(page, '/office/announcements');
  await row(page, id).getByRole('link', { name: /^撤销/ }).click();
  const box = dialog(page, '撤销');
  await box.getByRole('button', { name: '确定' }).click();
  await expect(box.getByText('请填写撤销理由')).toBeVisible();
  await box.getByLabel(/^撤销理由/).fill('误将草稿发布');
  await box.getByRole('button', { name: '确定' }).click();
  await expect(box.getByText('请选择下一审批机构/人员')).toBeVisible();
  await expectAccessible(page);
  await box.getByRole('radio', { name: '审核人', exact: true }).check();
  await confirm(box);
  await expect(status(page)).toHaveText('已发布');
  await expect(sentence(page)).toHaveText(/^已于 2026-03-20 09:00:00 发布，已申请撤销，尚缺：上海机动车管理中心.* 审核$/);
  await expect(page.getByText('已申请撤销，审核同意前公告保持有效。撤销理由：误将草稿发布')).toBeVisible();
  await expectAccessible(page);

  const reviewer = await anotherPerson('reviewer');
  await open(reviewer, '/office/messages');
  await reviewer.getByRole('link', { name: /申请撤销，待您审核：误将草稿发布/ }).first().click();
  await reviewer.getByRole('button', { name: '审核', exact: true }).click();
  const answer = dialog(reviewer, '审核');
  await expect(answer.getByText('同意后公告立即撤销')).toBeVisible();
  await answer.getByRole('radio', { name: '不同意' }).check();
  await answer.getByLabel('审批意见').fill('请改用更正');
  await confirm(answer);
  await expect(status(reviewer)).toHaveText('已发布');
  await expect(sentence(reviewer)).toHaveText('已于 2026-03-20 09:00:00 发布');
  await open(page, '/office/messages');
  await expect(page.getByRole('link', { name: /的撤销申请未获同意：请改用更正/ })).toBeVisible();

  await notices.revoke(id, '误将草稿发布');
  await open(page, '/office/announcements');
  await row(page, id).getByRole('button', { name: /^撤回/ }).click();
  await expect(dialog(page, '撤回').getByText('撤回撤销申请后，公告保持已发布。')).toBeVisible();
  await dialog(page, '撤回').getByLabel(/^撤回理由/).fill('再核对一次');
  await confirm(dialog(page, '撤回'));
  await expect(row(page, id)).toContainText('已发布');

  await notices.revoke(id, '误将草稿发布');
  await server.setClock('2026-03-20 09:45:00');
  await open(reviewer, `/office/announcements/${id}`);
  await reviewer.getByRole('button', { name: '审核', exact: true }).click();
  await confirm(answer);
  await expect(status(reviewer)).toHaveText('已撤销');
  await expect(reviewer.getByText('公告已于 2026-03-20 09:45:00 撤销。撤销理由：误将草稿发布')).toBeVisible();
  await expectAccessible(reviewer);

  const reader = await anotherPerson(undefined, WITHOUT_SCRIPT);
  await reader.goto('/');
  await expect(reader.locator(`a[href="/announcements/${number}"]`)).toHaveCount(0);
  await reader.goto(`/announcements/${number}`);
  await expect(reader.getByRole('heading', { name: '本公告已撤销，不再有效' })).toBeVisible();
  await expect(reader.getByText('撤销时间：2026-03-20 09:45:00')).toBeVisible();
  await expect(reader.getByText('撤销理由：误将草稿发布')).toBeVisible();
  await expect(alteration(reader, '面向中小企业采购金额(万元)')).toContainText('已撤销，不再有效');
  await expect(reader.getByText('执行情况说明.pdf')).toHaveCount(0);
  const looker = await anotherPerson('unit03');
  await looker.goto(`/announcements/${number}`);
  await expectAccessible(looker);
});

test('D6 an announcement that has ended is 已截止 on the list, on its page and on the portal', async ({ page, server }) => {
  const { notices, id } = await written(server);
  await notices.change(id, { basics: { district: '310115', mode: 'OnApproval', expires_on: '2026-03-25' } });
  const number = await notices.publish(id);
  await server.setClock('2026-03-26 00:00:00');
  // Days later every sign-in has expired.
  await page.goto('/sign-in');
  await page.getByLabel('登录名').fill('leader');
  await page.getByLabel('密码').fill(PASSWORD);
  await page.getByRole('button', { name: '登录' }).click();
  await expect(page).toHaveURL(/\/office/);
  await open(page, '/office/announcements?status=ended');
  await expect(row(page, id)).toContainText('已截止');
  await open(page, `/office/announcements/${id}`);
  await expect(status(page)).toHaveText('已截止');
  await expect(sentence(page)).toHaveText('已于 2026-03-20 09:00:00 发布，公告已截止');
  await expectAccessible(page);
  await page.goto(`/announcements/${number}`);
  await expect(page.getByText('已截止')).toBeVisible();
});
