// 公告模板 (issue 4 §2): kept by the administrator with the editor of the announcements, copied by each announcement, applied anew by choice.

import type { Page } from '@playwright/test';
import { Notices } from './announcement';
import { confirm, Desk, expectAccessible, open } from './office';
import { expect, type Server, test } from './server';

interface Draft {
  name: string;
  place: string;
  from: string;
  to: string;
  title: string;
  document: string;
}

/** A template with a paragraph of its own, stored as the page stores it; its id. */
async function stored(server: Server, change: Partial<Draft>, words: string): Promise<string> {
  const desk = new Desk(server, 'admin');
  const { draft } = await desk.ask<{ draft: Draft }>('notice_template', { input: { id: null } });
  const text = JSON.parse(draft.document) as { content: unknown[] };
  text.content.splice(3, 0, { type: 'paragraph', attrs: { textAlign: 'left' }, content: [{ type: 'text', text: words }] });
  const input = { id: null, version: 0, draft: { ...draft, document: JSON.stringify(text), ...change } };
  return (await desk.ask<{ id: string }>('save_notice_template', { input })).id;
}

const editor = (page: Page) => page.getByRole('textbox', { name: '公告正文' });
const preview = (page: Page) => page.getByRole('region', { name: '公告预览' });
const findings = (page: Page) => page.getByRole('list', { name: '模板检查' });
const title = (page: Page) => page.getByLabel(/^公告标题/);
const save = (page: Page) => page.getByRole('button', { name: '保存', exact: true });

/** Puts the caret before the official text and types a paragraph. */
async function typeFirst(page: Page, words: string): Promise<void> {
  await editor(page).locator('p').first().click();
  await page.keyboard.press('Control+Home');
  await page.keyboard.type(words);
  await page.keyboard.press('Enter');
}

async function fits(page: Page): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
}

test('C7 the administrator writes a template with live preview; what is missing is named, nothing typed is lost, and an announcement takes a copy', async ({
  signedIn,
  anotherPerson,
  server,
  allowConsoleError,
}) => {
  allowConsoleError(/status of 422/);
  const page = await signedIn('admin');
  await open(page, '/office/admin');
  await page.getByRole('link', { name: '公告模板' }).click();
  const rows = page.locator('#templates tbody tr');
  await expect(rows.first()).toContainText('官方模板');
  await expect(rows.first().getByRole('button')).toHaveCount(0);
  await expectAccessible(page);
  await page.getByRole('link', { name: '新建模板' }).click();
  await expect(editor(page)).toBeVisible();
  await expect(findings(page)).toHaveText('固定表述和数据项齐全');
  await expect(preview(page)).toContainText('面向中小企业采购共计1854.241447万元');
  await expectAccessible(page);

  // The preview follows the keys, with the values of the example.
  await typeFirst(page, '按本市要求，');
  await expect(preview(page)).toContainText('按本市要求，');
  await title(page).fill('{单位名称}{年度}年面向中小企业预留项目执行情况公告（本市）');
  await expect(preview(page).getByRole('heading', { level: 1 })).toHaveText(/^示例预算单位\d{4}年面向中小企业预留项目执行情况公告（本市）$/);
  await page.getByRole('group', { name: '示例数据' }).getByRole('button', { name: '零报告' }).click();
  await expect(preview(page)).toContainText('年无面向中小企业预留项目。');
  await expect(preview(page)).not.toContainText('共计');
  await page.getByRole('group', { name: '示例数据' }).getByRole('button', { name: '有项目' }).click();

  // The mandatory wording goes: it is named, and nothing is stored.
  const sums = editor(page).locator('p').filter({ hasText: '面向中小企业采购共计' });
  await sums.click({ clickCount: 3 });
  await page.keyboard.press('Delete');
  await expect(findings(page)).toContainText('正文缺少固定表述「面向中小企业采购共计｛中小企业采购金额｝万元」');
  await page.getByLabel(/^模板名称/).fill('');
  await save(page).click();
  await expect(page.getByText('请填写模板名称')).toBeVisible();
  await expect(page.getByLabel(/^模板名称/)).toBeFocused();
  await expectAccessible(page);
  await page.getByLabel(/^模板名称/).fill('本市模板');
  await page.getByLabel(/^起始年度/).fill('去年');
  await save(page).click();
  await expect(page.locator('#template-from-error')).toContainText('起始年度请填写');
  await page.getByLabel(/^起始年度/).fill('2023');
  await save(page).click();
  await expect(findings(page)).toBeFocused();
  await editor(page).click();
  await page.keyboard.press('Control+z');
  await expect(findings(page)).toHaveText('固定表述和数据项齐全');
  await page.getByLabel(/^适用地区/).selectOption({ label: '310115 浦东新区' });
  await save(page).click();
  await expect(page).toHaveURL(/\/office\/admin\/templates\/[0-9a-f-]{36}$/);
  await expect(page.getByRole('heading', { name: '编辑公告模板' })).toBeVisible();
  await expect(page.getByRole('region', { name: '修改记录' }).locator('tbody tr')).toHaveCount(1);

  // A second one of the same place and year is refused at its field, and what was typed stays.
  await open(page, '/office/admin/templates');
  await page.getByRole('link', { name: '复制：本市模板' }).click();
  await page.getByLabel(/^起始年度/).fill('2023');
  await save(page).click();
  await expect(page.locator('#template-from-error')).toContainText('310115 浦东新区 2023 年度起已有模板「本市模板」');
  await expect(page.getByLabel(/^模板名称/)).toHaveValue('本市模板（副本）');
  await page.getByLabel(/^起始年度/).fill('2030');
  await save(page).click();
  await expect(page).toHaveURL(/[0-9a-f]{12}$/);
  await open(page, '/office/admin/templates');
  await page.getByLabel('年度', { exact: true }).selectOption('2024');
  await expect(page.locator('#served-answer')).toContainText('上海市本级的主管预算单位创建 2024 年度公告时，采用「官方模板」');
  await page.getByLabel('行政区划').selectOption({ label: '310115 浦东新区' });
  await expect(page.locator('#served-answer')).toContainText('浦东新区的主管预算单位创建 2024 年度公告时，采用「本市模板」');
  await expectAccessible(page);

  // An announcement of the 主管 takes it, says so, and keeps it when the administrator changes it.
  const notices = new Notices(server);
  const id = await notices.create(2024);
  const clerk = await anotherPerson('jdc');
  await open(clerk, `/office/announcements/${id}`);
  await expect(clerk.getByText('公告模板：本市模板（第 1 版）', { exact: true })).toBeVisible();
  await expect(clerk.getByRole('region', { name: '公告预览' })).toContainText('按本市要求，');
  await expect(clerk.getByLabel('公告标题')).toHaveValue('上海机动车管理中心2024年面向中小企业预留项目执行情况公告（本市）');
  await expect(clerk.getByRole('button', { name: /^套用新模板/ })).toHaveCount(0);
  await expectAccessible(clerk);
  await page.getByRole('link', { name: '编辑：本市模板', exact: true }).click();
  await expect(page.getByText('1 份公告采用过；修改只影响以后创建的公告')).toBeVisible();
  await expect(page.getByRole('button', { name: '删除', exact: true })).toHaveCount(0);
  await typeFirst(page, '按新的要求，');
  await save(page).click();
  await expect(page.getByText(/^已保存 /)).toBeVisible();
  const history = page.getByRole('region', { name: '修改记录' });
  await history.getByRole('button', { name: '查看改动：第 2 版' }).click();
  await expect(history.getByRole('listitem').filter({ hasText: '新增的段落' })).toContainText('按新的要求，');
  await expectAccessible(page);
  await clerk.reload();
  await expect(clerk.getByRole('region', { name: '公告预览' })).toContainText('按本市要求，');
  await expect(clerk.getByRole('region', { name: '公告预览' })).not.toContainText('按新的要求，');

  // 「套用新模板」 by choice, and back from 历史版本.
  await clerk.getByRole('button', { name: '套用新模板：本市模板（第 2 版）' }).click();
  await confirm(clerk.getByRole('dialog', { name: '套用新模板？' }));
  await expect(clerk.getByRole('region', { name: '公告预览' })).toContainText('按新的要求，');
  await expect(clerk.getByText('公告模板：本市模板（第 2 版）', { exact: true })).toBeVisible();
  await clerk.getByRole('link', { name: '历史版本' }).click();
  await expect(clerk.getByRole('row').filter({ hasText: '套用新模板：本市模板（第 2 版）' })).toBeVisible();
  await clerk.getByRole('button', { name: '恢复第 2 版' }).click();
  await confirm(clerk.getByRole('dialog', { name: '恢复第 2 版？' }));
  await expect(clerk.getByRole('region', { name: '公告预览' })).not.toContainText('按新的要求，');

  // Ended, it serves nobody who comes later: neither another announcement nor another test.
  await page.getByLabel(/^适用至/).fill('2023');
  await save(page).click();
  await expect(history.locator('tbody tr')).toHaveCount(3);
  await open(page, '/office/admin/templates');
  await expect(page.getByRole('row').filter({ hasText: '2023 年度' }).filter({ hasText: '第 3 版' })).toContainText('本市模板');
});

test('C7 two administrators at one template: the second is told, keeps what was typed, and chooses', async ({ signedIn, anotherPerson, server, allowConsoleError }) => {
  allowConsoleError(/status of 409/);
  const id = await stored(server, { name: '全市模板', place: '31', from: '2090' }, '全市的话。');
  const first = await signedIn('admin');
  const second = await anotherPerson('admin');
  for (const page of [first, second]) {
    await open(page, `/office/admin/templates/${id}`);
    await expect(editor(page)).toBeVisible();
  }
  await typeFirst(first, '第一人写的。');
  await first.getByLabel(/^模板名称/).fill('第一人的名称');
  await save(first).click();
  await expect(first.getByText(/^已保存 /)).toBeVisible();
  await second.getByLabel(/^模板名称/).fill('第二人的名称');
  await second.getByLabel(/^适用至/).fill('2096');
  await save(second).click();
  const note = second.getByRole('alert').filter({ hasText: '修改了这份模板' });
  await expect(note).toContainText('您没有改过的内容已换成最新的：公告正文');
  await expect(note).toContainText('您填写：第二人的名称；对方填写：第一人的名称');
  await expect(editor(second)).toContainText('第一人写的。');
  await expect(second.getByLabel(/^适用至/)).toHaveValue('2096');
  await expectAccessible(second);
  await note.getByRole('button', { name: '采用对方的：模板名称' }).click();
  await expect(second.getByLabel(/^模板名称/)).toHaveValue('第一人的名称');
  await save(second).click();
  await expect(second.getByText(/^已保存 /)).toBeVisible();
  await expect(second.getByRole('region', { name: '修改记录' }).locator('tbody tr')).toHaveCount(3);
  await first.goto('/office/admin/templates');
  await expect(first.getByRole('row').filter({ hasText: '第一人的名称' })).toContainText('2090 — 2096 年度');
});

test('C7 a template half written survives a closed tab, and an unused one is deleted after a question', async ({ signedIn, anotherPerson, server }) => {
  const id = await stored(server, { name: '区模板', place: '310115', from: '2090' }, '区的话。');
  const page = await signedIn('admin');
  await open(page, `/office/admin/templates/${id}`);
  await expect(editor(page)).toBeVisible();
  await typeFirst(page, '还没有保存。');
  await page.getByLabel(/^适用至/).fill('2099');
  await expect(page.getByText('有未保存的修改')).toBeVisible();
  page.on('dialog', (asked) => void asked.accept());
  await open(page, '/office/admin');
  await open(page, `/office/admin/templates/${id}`);
  const left = page.getByRole('alert').filter({ hasText: '没有来得及保存' });
  await expect(left).toContainText('适用至、公告正文');
  await expect(editor(page)).toBeVisible();
  await expect(editor(page)).not.toContainText('还没有保存。');
  await left.getByRole('button', { name: '恢复' }).click();
  await expect(editor(page)).toContainText('还没有保存。');
  await expect(page.getByLabel(/^适用至/)).toHaveValue('2099');
  await save(page).click();
  await expect(page.getByText(/^已保存 /)).toBeVisible();
  const history = page.getByRole('region', { name: '修改记录' });
  await history.getByRole('button', { name: '查看改动：第 1 版' }).click();
  await history.getByRole('button', { name: '载入第 1 版' }).click();
  await expect(editor(page)).not.toContainText('还没有保存。');
  await expect(page.getByText('有未保存的修改')).toBeVisible();
  await save(page).click();
  await expect(history.locator('tbody tr')).toHaveCount(3);
  for (const width of [1440, 768, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await fits(page);
    await expectAccessible(page);
  }
  await open(page, '/office/admin/templates');
  await fits(page);
  await expectAccessible(page);
  await page.getByRole('button', { name: '删除：区模板' }).click();
  await confirm(page.getByRole('dialog', { name: '确定删除「区模板」？' }));
  await expect(page.locator('#templates tbody tr').filter({ hasText: '区模板' })).toHaveCount(0);
  const clerk = await anotherPerson('jdc');
  await clerk.goto('/office/admin/templates');
  await expect(clerk.getByRole('alert')).toContainText('没有这个页面，或您无权查看');
});
