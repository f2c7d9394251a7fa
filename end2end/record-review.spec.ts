// The list of 年度数据 and its review by the 主管预算单位 (B1–B8).

import { randomUUID } from 'node:crypto';
import type { Page } from '@playwright/test';
import { alive, cell, confirm, Desk, dialog, expectAccessible, expectRows, open, put } from './office';
import { expect, type Server, test } from './server';

/** A record of unit03 with one line, submitted to someone. */
async function submitted(server: Server, to = '审核人'): Promise<{ desk: Desk; record: string }> {
  const desk = new Desk(server, 'unit03');
  const record = await desk.generate(2026);
  await desk.addLine(record, { project_name: '校舍维修', measure: '整体预留', sme: '10', small_micro: '2' });
  await desk.submit(record, to);
  return { desk, record };
}

const status = (page: Page) => page.locator('.page-head .status');
const words = (page: Page, row: string) => page.getByRole('row').filter({ hasText: row }).first().locator('.ops :is(a, button)').allTextContents();

test('B1 the tabs 全部, 本单位, 下级单位, 待审批 carry their counts, and each shows what it counts', async ({ signedIn }) => {
  const page = await signedIn('reviewer');
  await open(page, '/office');
  const tabs = page.getByRole('navigation', { name: '列表范围' });
  await expect(tabs.getByRole('link')).toHaveText([/^全部\s*19$/, /^本单位\s*5$/, /^下级单位\s*14$/, /^待审批\s*3$/]);
  await expect(page.locator('table.data tbody tr')).toHaveCount(19);
  await expectAccessible(page);
  for (const [tab, count] of [['本单位', 5], ['下级单位', 14], ['待审批', 3], ['全部', 19]] as const) {
    await tabs.getByRole('link', { name: tab }).click();
    await expect(tabs.getByRole('link', { name: tab })).toHaveAttribute('aria-current', 'page');
    await expect(page.locator('table.data tbody tr')).toHaveCount(count);
    await expect(page.getByText(`共 ${count} 条`)).toBeVisible();
  }
  await open(page, '/office?tab=waiting');
  await expect(page.locator('table.data tbody tr')).toHaveCount(3);
});

test('B1 a unit’s clerk sees the own unit alone; an empty list says what to do', async ({ signedIn }) => {
  const page = await signedIn('unit03');
  await open(page, '/office');
  await expect(page.locator('table.data tbody tr')).toHaveCount(4);
  for (const row of await page.locator('table.data tbody tr').all()) await expect(row).toContainText('测试区采购单位03');
  await open(page, '/office?tab=waiting');
  await expect(page.getByText('没有待您审批的年度数据')).toBeVisible();
  await expectAccessible(page);
  await open(page, '/office?year=2021&status=draft');
  await expect(page.getByText('没有符合条件的年度数据')).toBeVisible();
});

test('B2 the filters live in the URL: a reload and a shared link show the same list', async ({ signedIn, anotherPerson }) => {
  const page = await signedIn('reviewer');
  await open(page, '/office');
  await page.getByLabel('年度', { exact: true }).selectOption('2024');
  await page.getByLabel('采购单位', { exact: true }).fill('测试区');
  await page.getByRole('button', { name: '查询' }).click();
  await expect(page).toHaveURL(/year=2024/);
  await alive(page);
  const rows = page.locator('table.data tbody tr');
  await expect(rows).toHaveCount(2);
  await page.reload();
  await alive(page);
  await expect(rows).toHaveCount(2);
  await expect(page.getByLabel('年度', { exact: true })).toHaveValue('2024');
  await expect(page.getByLabel('采购单位', { exact: true })).toHaveValue('测试区');
  await page.getByRole('navigation', { name: '列表范围' }).getByRole('link', { name: '待审批' }).click();
  await expect(page).toHaveURL(/tab=waiting.*year=2024/);
  await expect(rows).toHaveCount(1);
  const other = await anotherPerson('leader');
  await open(other, page.url());
  await expect(other.locator('table.data tbody tr')).toHaveCount(1);
  await page.goBack();
  await expect(rows).toHaveCount(2);
  await page.getByRole('link', { name: '重置' }).click();
  await expect(rows).toHaveCount(19);
  await expect(page.getByLabel('年度', { exact: true })).toHaveValue('');
});

test('B3 the columns are these, amounts exact and trimmed, the ratio to two places, — where the denominator is 0', async ({ signedIn, server }) => {
  const desk = new Desk(server, 'unit03');
  await desk.generate(2026);
  const page = await signedIn('unit03');
  await open(page, '/office');
  await expect(page.locator('table.data thead th')).toHaveText(['年度', '采购单位名称', '面向中小企业采购金额(万元)', '面向小微企业采购金额(万元)', '面向小微企业采购金额占比(%)', '状态', '操作']);
  const zero = page.getByRole('row').filter({ hasText: '2026' });
  await expect(zero.locator('td').nth(2)).toHaveText('0');
  await expect(zero.locator('td').nth(4)).toHaveText('—');
  const record = await desk.find(2026);
  for (const [sme, small, texts] of [
    ['8778.929176', '262.4', ['8778.929176', '262.4', '2.99']],
    ['0.001', '0.001', ['0.001', '0.001', '100']],
    ['3492.8543', '1800.6607', ['3492.8543', '1800.6607', '51.55']],
    ['1.000000', '0', ['1', '0', '0']],
  ] as const) {
    const line = (await desk.view(record)).lines[0] ?? (await desk.addLine(record, { project_name: '校舍维修', measure: '整体预留' }));
    await desk.saveLine(record, line, { sme, small_micro: small });
    await open(page, '/office');
    for (const [at, text] of texts.entries()) await expect(zero.locator('td').nth(at + 2)).toHaveText(text);
  }
});

test('B4 the operations follow status and role', async ({ signedIn, anotherPerson }) => {
  const clerk = await signedIn('unit03');
  await open(clerk, '/office');
  expect(await words(clerk, '被退回')).toEqual(['编辑', '删除']);
  expect(await words(clerk, '审核完成')).toEqual(['查看']);
  const other = await anotherPerson('unit99');
  await open(other, '/office');
  expect(await words(other, '草稿')).toEqual(['编辑', '删除']);
  expect(await words(other, '审核中')).toEqual(['查看', '撤回']);
  const pudong = await anotherPerson('pudong');
  await open(pudong, '/office');
  expect(await words(pudong, '已撤回')).toEqual(['编辑', '删除']);
  const reviewer = await anotherPerson('reviewer');
  await open(reviewer, '/office');
  expect(await words(reviewer, '审核中')).toEqual(['审核']);
  expect(await words(reviewer, '草稿')).toEqual(['查看']);
  expect(await words(reviewer, '被退回')).toEqual(['查看']);
  expect(await words(reviewer, '更正申请中')).toEqual(['审核']);
  const chief = await anotherPerson('jdc');
  await open(chief, '/office?tab=subordinate');
  for (const row of await chief.locator('table.data tbody tr').all()) await expect(row.locator('.ops')).toHaveText('查看');
});

test('B5 「审核」: agreement completes, the opinion is kept, and the submitter is told', async ({ signedIn, server, anotherPerson }) => {
  const { record } = await submitted(server);
  const page = await signedIn('reviewer');
  await open(page, '/office?tab=waiting&year=2026');
  await page.getByRole('link', { name: '审核：测试区采购单位03 2026 年度' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('测试区采购单位03 · 2026 年度');
  await expect(page.locator('.page-note')).toContainText('测试区采购单位03 · 经办');
  await page.getByRole('button', { name: '审核', exact: true }).click();
  const box = dialog(page, '审核');
  await expect(box.getByRole('radio', { name: '同意', exact: true })).toBeChecked();
  await expect(box.getByRole('radio', { name: '审核完成，不再转审' })).toBeChecked();
  await expectAccessible(page);
  await box.getByLabel('审批意见').fill('金额与合同一致');
  await confirm(box);
  await expect(status(page)).toHaveText('审核完成');
  await expect(page.getByText('金额与合同一致').first()).toBeVisible();
  await expect(page.getByRole('button', { name: '审核', exact: true })).toHaveCount(0);
  await expectAccessible(page);
  const clerk = await anotherPerson('unit03');
  await open(clerk, '/office/messages');
  await clerk.getByRole('link', { name: /2026.*年度数据审核完成/ }).click();
  await expect(clerk).toHaveURL(new RegExp(`/office/records/${record}$`));
  await expect(clerk.getByText('金额与合同一致').first()).toBeVisible();
});

test('B5 an approver agrees and sends it on; the next one completes, and the list follows each step', async ({ signedIn, server, anotherPerson }) => {
  const { record } = await submitted(server);
  const page = await signedIn('reviewer');
  await open(page, `/office/records/${record}`);
  await page.getByRole('button', { name: '审核', exact: true }).click();
  const box = dialog(page, '审核');
  // Who submitted and who approves now are not offered.
  await expect(box.getByRole('radio', { name: '审核人', exact: true })).toHaveCount(0);
  await box.getByRole('radio', { name: '负责人' }).check();
  await box.getByLabel('审批意见').fill('请负责人定');
  await confirm(box);
  await expect(status(page)).toHaveText('审核中');
  await expect(page.getByRole('button', { name: '审核', exact: true })).toHaveCount(0);
  const leader = await anotherPerson('leader');
  await open(leader, `/office/records/${record}`);
  await expect(leader.getByText('请负责人定').first()).toBeVisible();
  await leader.getByRole('button', { name: '审核', exact: true }).click();
  await confirm(dialog(leader, '审核'));
  await expect(status(leader)).toHaveText('审核完成');
});

test('B5 nobody approves what they submitted, though they hold both offices', async ({ signedIn, server, anotherPerson }) => {
  // The clerk of the 主管 becomes a 审核人 as well and submits to the institution.
  const admin = new Desk(server, 'admin');
  const people = await admin.ask<{ people: { id: string; login: string; name: string; unit: string; version: number }[] }>('admin_people', { input: { search: 'jdc' } });
  const jdc = people.people.find((person) => person.login === 'jdc');
  if (jdc === undefined) throw new Error('no jdc');
  await admin.ask('change_person', { input: { id: jdc.id, version: jdc.version, name: jdc.name, unit: jdc.unit, roles: { clerk: true, reviewer: true, admin: false } } });
  const desk = new Desk(server, 'jdc');
  const record = await desk.generate(2026);
  const page = await signedIn('jdc');
  await open(page, `/office/records/${record}`);
  await page.getByRole('button', { name: '提交', exact: true }).click();
  const box = dialog(page, '提交');
  await expect(box.getByRole('radio', { name: '经办', exact: true })).toHaveCount(0);
  await box.getByRole('radio', { name: '上海机动车管理中心（任一审核人）' }).check();
  await confirm(box);
  await expect(status(page)).toHaveText('审核中');
  await expect(page.getByRole('button', { name: '审核', exact: true })).toHaveCount(0);
  const { version } = (await desk.view(record)).record;
  const refused = await desk.send('decide_record', { input: { record, version, decision: { agree: true, opinion: '', next: null } } });
  expect(refused.status).toBe(403);
  expect(await refused.text()).toContain('提交');
  const leader = await anotherPerson('leader');
  await open(leader, `/office/records/${record}`);
  await expect(leader.getByRole('button', { name: '审核', exact: true })).toBeVisible();
});

test('B6 disagreement needs a reason, leads back to the clerk, and shows it there', async ({ signedIn, server, anotherPerson }) => {
  const { record } = await submitted(server);
  const page = await signedIn('reviewer');
  await open(page, `/office/records/${record}`);
  await page.getByRole('button', { name: '不同意', exact: true }).click();
  const box = dialog(page, '审核');
  await expect(box.getByRole('radio', { name: '不同意' })).toBeChecked();
  await box.getByRole('button', { name: '确定' }).click();
  await expect(box.getByText('不同意时请填写审批意见，说明需要修改什么')).toBeVisible();
  await expect(box.getByLabel('审批意见')).toHaveAttribute('aria-invalid', 'true');
  await expectAccessible(page);
  await box.getByLabel('审批意见').fill('缺少合同链接');
  await confirm(box);
  await expect(status(page)).toHaveText('被退回');
  const clerk = await anotherPerson('unit03');
  await open(clerk, '/office/messages');
  await expectAccessible(clerk);
  await clerk.getByRole('link', { name: /2026.*被退回：缺少合同链接/ }).click();
  await expect(clerk.getByText(/退回意见（.+ 3月20日 \d\d:\d\d）：缺少合同链接/)).toBeVisible();
  await put(clerk, 1, 'url', 'https://example.org/contract');
  await expect(clerk.locator('.saved-note')).toContainText('已保存');
  await expectAccessible(clerk);
});

test('B7 「申请更正」 needs a reason; consent leads to 被退回, and the approved version stands until a new one is approved', async ({ signedIn, server, anotherPerson }) => {
  const { desk, record } = await submitted(server);
  await new Desk(server, 'reviewer').decide(record, true, '同意');
  const page = await signedIn('unit03');
  await open(page, `/office/records/${record}`);
  await page.getByRole('button', { name: '申请更正' }).click();
  const box = dialog(page, '申请更正');
  await box.getByRole('button', { name: '确定' }).click();
  await expect(box.getByText('请填写更正理由')).toBeVisible();
  await expectAccessible(page);
  await box.getByLabel('更正理由').fill('金额经审计调整');
  await confirm(box);
  await expect(status(page)).toHaveText('更正申请中');
  await expect(page.getByRole('grid')).toHaveCount(0);

  const reviewer = await anotherPerson('reviewer');
  await open(reviewer, `/office/records/${record}`);
  await expect(reviewer.getByText('申请更正：金额经审计调整')).toBeVisible();
  await expectAccessible(reviewer);
  await reviewer.getByRole('button', { name: '同意更正', exact: true }).click();
  const consent = dialog(reviewer, '同意更正');
  await expectAccessible(reviewer);
  await confirm(consent);
  await expect(status(reviewer)).toHaveText('被退回');
  await page.reload();
  await alive(page);
  await expect(page.getByText(/更正申请已同意（.+ 3月20日 \d\d:\d\d）.*申请更正的理由：金额经审计调整/)).toBeVisible();
  // It was approved once, so it can be corrected, not deleted.
  await open(page, '/office?year=2026');
  expect(await words(page, '被退回')).toEqual(['编辑']);
  const { version } = (await desk.view(record)).record;
  expect((await desk.send('delete_record', { input: { record, version } })).status).toBe(422);
});

test('B7 refusing 「申请更正」 needs words, and the record stays 审核完成', async ({ signedIn, anotherPerson }) => {
  const page = await signedIn('leader');
  await open(page, '/office?status=correction_asked');
  await page.getByRole('link', { name: /^审核/ }).click();
  await page.getByRole('button', { name: '不同意更正' }).click();
  const box = dialog(page, '不同意更正');
  await box.getByRole('button', { name: '确定' }).click();
  await expect(box.getByText('请填写审批意见')).toBeVisible();
  await expectAccessible(page);
  await box.getByLabel('审批意见').fill('差额不影响公告');
  await confirm(box);
  await expect(status(page)).toHaveText('审核完成');
  const clerk = await anotherPerson('pudong');
  await open(clerk, '/office/messages');
  await expect(clerk.getByRole('link', { name: /的更正申请未获同意/ })).toBeVisible();
});

test('B8 messages count what is unread and tell each what waits for them', async ({ signedIn, server }) => {
  const page = await signedIn('leader');
  await open(page, '/office/messages');
  await page.getByRole('button', { name: '全部标为已读' }).click();
  const link = page.getByRole('navigation', { name: '个人' }).getByRole('link', { name: /^消息/ });
  await expect(link).toHaveText(/^消息\s*$/);
  await submitted(server, '负责人');
  await page.reload();
  await alive(page);
  await expect(link).toContainText('1 条未读');
  await expect(page.locator('.messages li[data-unread]')).toHaveCount(1);
  await expectAccessible(page);
  await page.getByRole('link', { name: /测试区采购单位03.*2026.*待您审核/ }).click();
  // Whoever follows a message has read it.
  await expect(link).toHaveText(/^消息\s*$/);
  await page.getByRole('button', { name: '审核', exact: true }).click();
  await confirm(dialog(page, '审核'));
  await expect(status(page)).toHaveText('审核完成');
});

test('B8 another unit’s record is no page for a stranger, on the screen and on the wire', async ({ signedIn, server, allowConsoleError }) => {
  allowConsoleError(/status of 404/);
  const foreign = await new Desk(server, 'unit99').find(2025);
  const page = await signedIn('unit03');
  await open(page, `/office/records/${foreign}`);
  await expect(page.getByText('没有这个页面，或您无权查看')).toBeVisible();
  await expect(page.getByText('测试区采购单位99')).toHaveCount(0);
  await expectAccessible(page);
  const stranger = new Desk(server, 'unit03');
  expect((await stranger.send('record', { input: { record: foreign } })).status).toBe(404);
  expect((await stranger.send('change_lines', { input: { record: foreign, changes: [] } })).status).toBe(404);
  await open(page, '/office/records/not-an-id');
  await expect(page.getByText('没有这个页面，或您无权查看')).toBeVisible();
});

test('B8 a page that is out of date says so and changes nothing', async ({ signedIn, server, anotherPerson, allowConsoleError }) => {
  allowConsoleError(/status of 409/);
  const { record } = await submitted(server);
  const page = await signedIn('reviewer');
  await open(page, `/office/records/${record}`);
  const clerk = await anotherPerson('unit03');
  await open(clerk, `/office/records/${record}`);
  await clerk.getByRole('button', { name: '撤回' }).click();
  await confirm(dialog(clerk, '撤回'));
  await page.getByRole('button', { name: '审核', exact: true }).click();
  const box = dialog(page, '审核');
  await box.getByRole('button', { name: '确定' }).click();
  await expect(box.getByRole('alert').filter({ hasText: '请刷新页面' })).toBeVisible();
  await page.reload();
  await alive(page);
  await expect(status(page)).toHaveText('已撤回');
});

test('B5 on a phone: the list stands as cards, and the record is approved from the bar under the thumb', async ({ anotherPerson, server }) => {
  await submitted(server);
  const page = await anotherPerson('reviewer', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await open(page, '/office?tab=waiting&year=2026');
  const card = page.getByRole('row').filter({ hasText: '测试区采购单位03' });
  // Its cells stand below each other, each with its heading.
  const cells = card.locator('td');
  const [year, name, amount] = [await cells.nth(0).boundingBox(), await cells.nth(1).boundingBox(), await cells.nth(2).boundingBox()];
  expect(new Set([year?.y, name?.y, amount?.y]).size).toBe(3);
  expect(await cells.nth(2).evaluate((element) => getComputedStyle(element, '::before').content)).toContain('面向中小企业采购金额(万元)');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await expectAccessible(page);
  await card.getByRole('link', { name: /^审核/ }).tap();
  const bar = page.locator('.approve-bar');
  await expect(bar).toBeInViewport();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await expectAccessible(page);
  await bar.getByRole('button', { name: '同意', exact: true }).tap();
  await expectAccessible(page);
  await dialog(page, '审核').getByRole('button', { name: '确定' }).tap();
  await expect(status(page)).toHaveText('审核完成');
});

test('A13 a year without counted contracts is generated, submitted and approved as 零报告', async ({ signedIn, server, anotherPerson }) => {
  const page = await signedIn('unit99');
  await open(page, '/office');
  await page.getByRole('button', { name: '生成年度数据' }).click();
  await dialog(page, '生成年度数据').getByLabel('年度').selectOption('2026');
  await dialog(page, '生成年度数据').getByRole('button', { name: '确定' }).click();
  await expect(page.locator('#sum-sme')).toHaveText('0');
  await expect(page.locator('#sum-ratio')).toHaveText('—');
  await expect(page.getByText('确实没有的，直接提交即为零报告')).toBeVisible();
  await expect(page.locator('#left-out')).toContainText('非预留项目（1 份）');
  await page.getByRole('button', { name: '提交', exact: true }).click();
  const box = dialog(page, '提交');
  await expect(box.getByText('（零报告）')).toBeVisible();
  await box.getByRole('radio', { name: '审核人', exact: true }).check();
  await confirm(box);
  await expect(page.locator('.page-head .status')).toHaveText('审核中');
  const record = await new Desk(server, 'unit99').find(2026);
  const reviewer = await anotherPerson('reviewer');
  await open(reviewer, `/office/records/${record}`);
  await expect(reviewer.getByText('零报告', { exact: true })).toBeVisible();
  await expectAccessible(reviewer);
  await reviewer.getByRole('button', { name: '审核', exact: true }).click();
  await confirm(dialog(reviewer, '审核'));
  await expect(reviewer.locator('.page-head .status')).toHaveText('审核完成');
  await page.reload();
  await alive(page);
  await expect(page.locator('.page-head .status')).toHaveText('审核完成');
});

test('B8 a long record is read as the grid, in which nothing can be typed; without script its first rows stand there with a way to the rest', async ({ server, anotherPerson }) => {
  test.slow();
  const desk = new Desk(server, 'unit03');
  const record = await desk.generate(2026);
  const cells = (number: number) => Object.entries({ project_name: `项目${number}`, measure: '整体预留', sme: '10', small_micro: '2' });
  const changes = Array.from({ length: 300 }, (_, at) => ({ add: { line: randomUUID(), cells: cells(at + 1) } }));
  await desk.ask('change_lines', { input: { record, changes } });
  await desk.submit(record, '审核人');
  const page = await anotherPerson('reviewer');
  await open(page, `/office/records/${record}`);
  await expectRows(page, 300);
  await expect(page.locator('#lines-grid .sheet-body > .sheet-row')).toHaveCount(44);
  await expect(page.getByRole('grid')).toHaveAttribute('aria-readonly', 'true');
  await expect(page.getByRole('columnheader', { name: '操作' })).toHaveCount(0);
  await expect(page.locator('#lines-rest')).toHaveCount(0);
  await expectAccessible(page);
  await cell(page, 2, 'sme').click();
  await page.keyboard.type('99');
  await page.keyboard.press('Delete');
  await expect(page.getByText('这里只供查看，没有改动')).toBeVisible();
  await expect(cell(page, 2, 'sme')).toHaveText('10');
  // What people did is listed first, so many of it, and leads into the grid.
  await expect(page.getByText('这里只列出前 200 处，其余 100 处')).toBeVisible();
  await page.getByRole('link', { name: '第 150 行“项目150”手动录入' }).click();
  await expect(cell(page, 150, 'project_name')).toHaveClass(/is-active/);
  await page.getByLabel('在明细中查找').fill('项目299');
  await expectRows(page, 1);
  await expect(cell(page, 1, 'project_name')).toHaveText('项目299');

  const plain = await anotherPerson('reviewer', { javaScriptEnabled: false });
  await plain.goto(`/office/records/${record}`);
  await expect(plain.locator('#lines-grid [role=row]:visible')).toHaveCount(45);
  await expect(plain.locator('#lines-grid')).toContainText('项目44');
  await expect(plain.locator('#lines-rest')).toHaveText('这里先列出前 44 行，全部 300 行见打印页。');
  await plain.locator('#lines-rest').getByRole('link', { name: '打印页' }).click();
  await expect(plain.locator('article.paper')).toContainText('项目300');
});
