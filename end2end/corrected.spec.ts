// A record that an announcement holds is corrected: the rows are marked, the publication is held, the supervisor chooses (E5).

import type { Page } from '@playwright/test';
import { Notices } from './announcement';
import { confirm, Desk, dialog, expectAccessible, open } from './office';
import { expect, type Server, test } from './server';

const status = (page: Page) => page.locator('.page-head .status');
const panel = (page: Page) => page.getByRole('region', { name: '年度数据已更正' });

/** The 2024 record of 浦东, whose correction is asked for, comes back approved anew without its first line. */
async function corrected(server: Server): Promise<void> {
  const [unit, chief] = [new Desk(server, 'pudong'), new Desk(server, 'leader')];
  const record = await unit.find(2024);
  const { version } = (await chief.view(record)).record;
  await chief.ask('answer_correction', { input: { record, version, consent: true, opinion: '' } });
  const line = (await unit.view(record)).lines[0];
  if (line === undefined) throw new Error('a record without lines');
  await unit.takeOut(record, line, '合同已解除');
  await unit.submit(record, '审核人');
  await new Desk(server, 'reviewer').decide(record, true, '同意');
}

/** A scheduled one for 2026-03-20 10:00:00, approved. */
async function scheduled(server: Server): Promise<{ notices: Notices; id: string }> {
  const notices = new Notices(server);
  const id = await notices.create(2024);
  await notices.change(id, { basics: { district: '310115', mode: { At: '2026-03-20T02:00:00Z' }, expires_on: null } });
  await notices.submit(id);
  await notices.decide(id, true, '同意');
  return { notices, id };
}

test('E5 while a correction is under way the announcement says so', async ({ signedIn, server }) => {
  const id = await new Notices(server).create(2024);
  const page = await signedIn('jdc');
  await open(page, `/office/announcements/${id}`);
  await expect(page.getByText(/^浦东新区采购中心的年度数据正在申请更正，理由：/)).toBeVisible();
  // What will happen is said, and the record is a step away.
  await expect(page.getByText(/^现在不必处理，可以继续编辑.*请选择「更新」或「保留并说明」。$/)).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('link', { name: '浦东新区采购中心的年度数据' }).click();
  await expect(page).toHaveURL(/\/office\/records\//);
  await expect(page.locator('.page-head')).toContainText('浦东新区采购中心');
});

test('E5 a held publication is released with a reason, which the reviewer sees, and goes out at once when its time has passed', async ({ signedIn, server, anotherPerson }) => {
  const { notices, id } = await scheduled(server);
  await corrected(server);
  const page = await signedIn('jdc');
  await open(page, '/office/messages');
  await page.getByRole('link', { name: /已暂停定时发布：浦东新区采购中心的年度数据已更正/ }).click();
  await expect(page).toHaveURL(new RegExp(id));
  await expect(status(page)).toHaveText('待发布');
  await expect(page.locator('.page-note').first()).toContainText('已暂停定时发布');
  await expect(panel(page).locator('.diff li')).toHaveCount(1);
  await expect(panel(page).locator('.diff ins')).toHaveText('已从年度数据中去除');
  await expectAccessible(page);

  // Its time passes, and it is not published.
  await server.setClock('2026-03-20 10:00:01');
  const { number } = await notices.view(id);
  await open(page, `/office/announcements/${id}`);
  await expect(status(page)).toHaveText('待发布');
  expect((await fetch(`${server.url}/announcements/${number}`)).status).toBe(404);
  await page.getByText(/^公告明细（/).click();
  await expect(page.getByRole('row').filter({ hasText: '年度数据已更正' })).toHaveCount(1);

  await page.getByRole('button', { name: '保留并说明：浦东新区采购中心' }).click();
  const box = dialog(page, '保留并说明');
  await expect(box.getByText('设定的发布时间 2026-03-20 10:00:00 已过，确定后立即发布。')).toBeVisible();
  await box.getByRole('button', { name: '确定' }).click();
  await expect(box.getByText('请填写保留的说明')).toBeVisible();
  await expectAccessible(page);
  await box.getByLabel(/^保留的说明/).fill('公告口径以原审核为准');
  await confirm(box);
  await expect.poll(async () => (await fetch(`${server.url}/announcements/${number}`)).status).toBe(200);
  const reviewer = await anotherPerson('leader');
  await open(reviewer, `/office/announcements/${id}`);
  await expect(status(reviewer)).toHaveText('已发布');
  await expect(panel(reviewer)).toContainText('公告口径以原审核为准');
  await expect(panel(reviewer).getByRole('button')).toHaveCount(0);
  await expectAccessible(reviewer);
});

test('E5 「更新」 takes the newly approved lines over and asks for a new review', async ({ signedIn, server }) => {
  const { notices, id } = await scheduled(server);
  const count = (await notices.view(id)).lines.length;
  await corrected(server);
  const page = await signedIn('jdc');
  await open(page, `/office/announcements/${id}`);
  await page.getByRole('button', { name: '更新：浦东新区采购中心' }).click();
  const box = dialog(page, '更新浦东新区采购中心的明细？');
  await expect(box.getByText('公告将撤回，需重新提交审核，原定的发布不再进行。')).toBeVisible();
  await expectAccessible(page);
  await confirm(box);
  await expect(status(page)).toHaveText('已撤回');
  await expect(panel(page)).toHaveCount(0);
  expect((await notices.view(id)).lines).toHaveLength(count - 1);
  await server.setClock('2026-03-20 10:00:01');
  const { number } = await notices.view(id);
  expect((await fetch(`${server.url}/announcements/${number}`)).status).toBe(404);
  await expectAccessible(page);
});

test('E5 a draft with a corrected record is not submitted before one has chosen', async ({ signedIn, server }) => {
  const id = await new Notices(server).create(2024);
  await corrected(server);
  const page = await signedIn('jdc');
  await open(page, `/office/announcements/${id}`);
  await page.getByRole('button', { name: '提交', exact: true }).click();
  const list = page.getByRole('region', { name: /^提交前还有 \d+ 处须改正$/ });
  await list.getByRole('button', { name: '浦东新区采购中心的年度数据已更正，请先选择「更新」或「保留并说明」' }).click();
  await expect(panel(page)).toBeFocused();
  await page.getByRole('button', { name: '更新：浦东新区采购中心' }).click();
  await confirm(dialog(page, '更新浦东新区采购中心的明细？'));
  await expect(panel(page)).toHaveCount(0);
  await expect(list).toHaveCount(0);
});
