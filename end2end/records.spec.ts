// The unit's work on its 年度数据: generate, complete, take out, claim in, submit, withdraw (A1–A13).

import type { Page } from '@playwright/test';
import { alive, cell, confirm, Desk, dialog, expectAccessible, expectActive, expected, expectRows, goTo, open, put, row, saved } from './office';
import { expect, test } from './server';

const SUMS = ['sum-sme', 'sum-small-micro', 'sum-ratio'] as const;

async function expectSums(page: Page, ...texts: [string, string, string]): Promise<void> {
  for (const [at, id] of SUMS.entries()) await expect(page.locator(`#${id}`)).toHaveText(texts[at] as string);
}

/** The rows of unit03's 2025 that need input: self-entered, self-entered, collected and locked. */
const OPEN_ROWS = [4, 17, 23] as const;

test('A1 「生成年度数据」 builds summary and lines from the contracts of the year, as counted by hand', async ({ signedIn }) => {
  const page = await signedIn('unit03');
  await open(page, '/office');
  await page.getByRole('button', { name: '生成年度数据' }).click();
  const box = dialog(page, '生成年度数据');
  await expect(box.getByLabel('年度')).toBeFocused();
  await expectAccessible(page);
  await box.getByRole('button', { name: '确定' }).click();
  await expect(box.getByRole('alert').filter({ hasText: '请选择年度' })).toBeVisible();
  await box.getByLabel('年度').selectOption('2025');
  await box.getByRole('button', { name: '确定' }).click();
  await expect(page).toHaveURL(/\/office\/records\/[0-9a-f-]{36}$/);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('测试区采购单位03 · 2025 年度');

  const sum = expected('unit03', 2025);
  await expectSums(page, sum.sme_wan, sum.small_micro_wan, sum.ratio);
  await expectRows(page, sum.lines + sum.needs_input + sum.errors);
  await expect(page.locator('.figure').last()).toContainText(`${sum.lines} / 13`);
  await expect(page.getByText(`另有 ${sum.needs_input} 行待处理，未计入合计`)).toBeVisible();
  await expect(page.locator('.log li').first()).toContainText('生成年度数据');
  await expect(page.locator('.log li').first()).toContainText('计入 22 份合同，待处理 3 份，未计入 13 份');
  await expectAccessible(page);
  // Rendered by the server it says the same.
  await page.reload();
  await alive(page);
  await expectSums(page, sum.sme_wan, sum.small_micro_wan, sum.ratio);
});

test('A2 the years from 2021 to this one are offered; one that exists is said and linked to', async ({ signedIn }) => {
  const page = await signedIn('unit03');
  await open(page, '/office');
  await page.getByRole('button', { name: '生成年度数据' }).click();
  const box = dialog(page, '生成年度数据');
  const year = box.getByLabel('年度');
  await expect(year.getByRole('option')).toHaveCount(7);
  const offered = await year.getByRole('option').allTextContents();
  expect([...offered].sort()).toEqual(['2021（已生成）', '2022（已生成）', '2023（已生成）', '2024（已生成）', '2025', '2026（进行中的年度）', '请选择']);
  await year.selectOption('2024');
  await box.getByRole('button', { name: '确定' }).click();
  await expect(box.getByText('该年度的数据已经生成，不能重复生成。')).toBeVisible();
  await expectAccessible(page);
  await box.getByRole('link', { name: '查看已生成的年度数据' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('测试区采购单位03 · 2024 年度');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('A2 two who generate the same year at once get one record', async ({ server }) => {
  const desk = new Desk(server, 'unit03');
  const answers = await Promise.all(Array.from({ length: 4 }, async () => desk.send('generate_record', { input: { year: 2025 } })));
  const made = await Promise.all(answers.filter((answer) => answer.ok).map(async (answer) => (await answer.json()) as { New?: string; Exists?: string }));
  expect(made.filter((one) => one.New !== undefined)).toHaveLength(1);
  for (const answer of answers) expect([200, 409]).toContain(answer.status);
  const list = await desk.ask<{ total: number }>('records', { query: { scope: 'own', year: 2025, unit: '', status: '', page: 1 } });
  expect(list.total).toBe(1);
});

test('A3 sums and ratio follow every key, before any cell is left', async ({ signedIn, server }) => {
  const record = await new Desk(server, 'unit03').generate(2026);
  const page = await signedIn('unit03');
  await open(page, `/office/records/${record}`);
  await expectSums(page, '0', '0', '—');
  await page.getByRole('button', { name: '手动录入' }).click();
  await put(page, 1, 'project_name', '校舍维修');
  await put(page, 1, 'measure', '整体预留');
  await put(page, 1, 'small_micro', '0');
  await goTo(page, 1, 'sme');
  for (const [key, sum] of [['1', '1'], ['2', '12'], ['3', '123'], ['.', '123'], ['4', '123.4'], ['5', '123.45']] as const) {
    await page.keyboard.press(key);
    await expect(page.locator('#sum-sme')).toHaveText(sum);
  }
  await page.keyboard.press('Backspace');
  await expectSums(page, '123.4', '0', '0');
  await expectActive(page, 1, 'sme');
  await goTo(page, 1, 'small_micro');
  for (const [key, small, ratio] of [['6', '6', '4.86'], ['1', '61', '49.43'], ['.', '61', '49.43'], ['7', '61.7', '50']] as const) {
    await page.keyboard.press(key);
    await expectSums(page, '123.4', small, ratio);
  }
  // What is stored is the same sum, computed by the server.
  await saved(page);
  await open(page, '/office?tab=own&year=2026');
  await expect(page.getByRole('row').nth(1)).toContainText('123.4');
  await expect(page.getByRole('row').nth(1)).toContainText('61.7');
});

test('A3 an amount above the other is an error at its cell and counts for nothing until it is right', async ({ signedIn, server }) => {
  const desk = new Desk(server, 'unit03');
  const record = await desk.generate(2026);
  await desk.addLine(record, { project_name: '校舍维修', measure: '整体预留', sme: '10', small_micro: '2' });
  const page = await signedIn('unit03');
  await open(page, `/office/records/${record}`);
  await put(page, 1, 'small_micro', '11');
  await expect(cell(page, 1, 'small_micro')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByRole('button', { name: '第 1 行：小微金额 11 不能大于中小金额 10' })).toBeVisible();
  await expectSums(page, '0', '0', '—');
  await expectAccessible(page);
  await goTo(page, 1, 'project_name');
  await page.getByRole('button', { name: '下一处错误 ↓' }).click();
  await expectActive(page, 1, 'small_micro');
  await put(page, 1, 'small_micro', 'abc');
  await expect(cell(page, 1, 'small_micro')).toHaveAttribute('aria-invalid', 'true');
  await expect(cell(page, 1, 'small_micro')).toHaveText('abc');
  await put(page, 1, 'small_micro', '1，0.5');
  await expect(cell(page, 1, 'small_micro')).toHaveAttribute('aria-invalid', 'true');
  await put(page, 1, 'small_micro', '２．５');
  await expectSums(page, '10', '2.5', '25');
});

test('A4 the detail table shows project, 预留选项, both amounts and the link of each contract', async ({ signedIn, server }) => {
  const record = await new Desk(server, 'unit03').generate(2025);
  const page = await signedIn('unit03');
  await open(page, `/office/records/${record}`);
  await expect(page.getByRole('heading', { name: '中小企业预留执行项目明细' })).toBeVisible();
  await expect(page.locator('#lines-grid [role=columnheader]')).toHaveText(['序号', '项目名称', '预留选项', '预留比例(%)', '面向中小企业采购金额(万元)', '面向小微企业采购金额(万元)', '合同链接', '来源', '修改理由', '操作']);
  const first = row(page, 1);
  await expect(first).toContainText('2025年校舍维修工程采购项目');
  await expect(first).toContainText('整体预留');
  await expect(first).toContainText('1270.57214');
  const link = first.getByRole('link', { name: '合同链接' });
  await expect(link).toHaveAttribute('href', /^https:\/\/zfcg\.gov\.example\/luban\/detail\?parentId=137027&articleId=/);
  await expect(link).toHaveAttribute('rel', /noopener/);
});

test('A5 a collected cell is locked and says why; what needs input can be filled with a reason, and the reviewer sees both values', async ({ signedIn, server, anotherPerson }) => {
  const desk = new Desk(server, 'unit03');
  const record = await desk.generate(2025);
  const page = await signedIn('unit03');
  await open(page, `/office/records/${record}`);
  const locked = cell(page, 1, 'sme');
  await expect(locked).toHaveClass(/is-locked/);
  await expect(locked).toHaveAttribute('title', '平台采集的数据已锁定；如有误，请剔除该行并说明理由，再用「手动录入」补充更正后的内容');
  await expect(locked).toContainText('（已锁定）');
  await goTo(page, 1, 'sme');
  await page.keyboard.type('5');
  await expect(locked).toHaveText('1270.57214（已锁定）');
  await expect(page.locator('.sheet-hint')).toContainText('平台采集的数据已锁定');

  // Row 23 is collected, and its amount for small and micro enterprises is missing: this cell alone is open.
  await expect(cell(page, 23, 'project_name')).toHaveClass(/is-locked/);
  await expect(cell(page, 23, 'sme')).toHaveClass(/is-locked/);
  const small = cell(page, 23, 'small_micro');
  await expect(small).toHaveAttribute('aria-invalid', 'true');
  await put(page, 23, 'small_micro', '100');
  await expect(page.locator('#sum-sme')).toHaveText('12231.261166');
  await expect(cell(page, 23, 'reason')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByRole('button', { name: '第 23 行：补充了采集数据中没有的内容，请填写修改理由' })).toBeVisible();
  await put(page, 23, 'reason', '按分包合同填写');
  await expect(cell(page, 23, 'reason')).not.toHaveAttribute('aria-invalid', 'true');
  await saved(page);
  await expectAccessible(page);

  for (const row of [17, 4]) {
    const line = (await desk.view(record)).lines[row - 1];
    if (line) await desk.takeOut(record, line);
  }
  await desk.submit(record, '审核人');
  const reviewer = await anotherPerson('reviewer');
  await open(reviewer, `/office/records/${record}`);
  const changed = reviewer.locator('#lines tbody tr[data-row="changed"]');
  await expect(changed).toHaveCount(1);
  await expect(changed.locator('del')).toHaveText('（空）');
  await expect(changed.locator('ins')).toHaveText('100');
  await expect(changed).toContainText('按分包合同填写');
  await expect(reviewer.getByText('1 行有人工修改')).toBeVisible();
  await expectAccessible(reviewer);
});

test('A5 lines of projects before the change-over may be corrected, and a collected value typed again is no override', async ({ signedIn, server }) => {
  const desk = new Desk(server, 'unit03');
  const record = await desk.find(2024);
  const page = await signedIn('unit03');
  await open(page, `/office/records/${record}`);
  // A row of before the change-over that nobody gave a reason for yet.
  const { lines } = await desk.view(record);
  const at = (lines as unknown as { reason: string; origin: { Contract?: { contract: { source: string; project_created_on: string | null; signed_on: string } } } }[]).findIndex((line) => {
    const contract = line.origin.Contract?.contract;
    return contract !== undefined && line.reason === '' && contract.source === 'project' && (contract.project_created_on ?? contract.signed_on) < '2024';
  }) + 1;
  await goTo(page, at, 'project_name');
  await expect(row(page, at)).toContainText('项目采购（改造前）');
  const collected = (await cell(page, at, 'project_name').textContent()) ?? '';
  await put(page, at, 'project_name', '更正后的项目名称');
  await expect(cell(page, at, 'reason')).toHaveAttribute('aria-invalid', 'true');
  await expect(row(page, at).locator('.is-changed')).toHaveCount(1);
  await expect(row(page, at).locator('.is-changed')).toHaveAttribute('title', `采集值 ${collected}`);
  await put(page, at, 'project_name', collected);
  await expect(row(page, at).locator('.is-changed')).toHaveCount(0);
  await expect(cell(page, at, 'reason')).not.toHaveAttribute('aria-invalid', 'true');
  await saved(page);
});

test('A6 「手动录入」 adds a line that is edited and, after 「确定删除？」, deleted freely', async ({ signedIn, server }) => {
  const record = await new Desk(server, 'unit03').generate(2026);
  const page = await signedIn('unit03');
  await open(page, `/office/records/${record}`);
  await expect(page.getByText('没有计入的合同')).toBeVisible();
  await page.getByRole('button', { name: '手动录入' }).click();
  await expectActive(page, 1, 'project_name');
  await put(page, 1, 'project_name', '校舍维修');
  await put(page, 1, 'measure', '合同分包预留');
  await put(page, 1, 'percent', '45.5');
  await put(page, 1, 'sme', '１００万元');
  await put(page, 1, 'small_micro', '50');
  await put(page, 1, 'url', 'https://zfcg.gov.example/luban/detail?articleId=a00001Q+/1==');
  await put(page, 1, 'reason', '建设工程平台项目');
  await saved(page);
  await expectSums(page, '100', '50', '50');
  await expectAccessible(page);
  await page.reload();
  await alive(page);
  await expect(cell(page, 1, 'project_name')).toHaveText('校舍维修');
  await expect(cell(page, 1, 'measure')).toHaveText('合同分包预留');
  await expect(cell(page, 1, 'percent')).toHaveText('45.5');
  await expect(cell(page, 1, 'sme')).toHaveText('100');
  await expect(cell(page, 1, 'url').getByRole('link')).toHaveAttribute('href', 'https://zfcg.gov.example/luban/detail?articleId=a00001Q+/1==');

  await page.getByRole('button', { name: '删除第 1 行' }).click();
  const box = dialog(page, '确定删除？');
  await expect(box).toContainText('校舍维修');
  await expectAccessible(page);
  await box.getByRole('button', { name: '取消' }).click();
  await expect(box).toBeHidden();
  await expect(page.getByRole('button', { name: '删除第 1 行' })).toBeFocused();
  await page.getByRole('button', { name: '删除第 1 行' }).click();
  await confirm(box);
  await expectSums(page, '0', '0', '—');
  await page.reload();
  await alive(page);
  await expect(page.getByText('没有计入的合同')).toBeVisible();
});

test('A6 a wrong link, a wrong percentage and an empty name are refused at their cells', async ({ signedIn, server }) => {
  const desk = new Desk(server, 'unit03');
  const record = await desk.generate(2026);
  await desk.addLine(record, { project_name: '校舍维修', measure: '合同分包预留', percent: '30', sme: '10', small_micro: '2' });
  const page = await signedIn('unit03');
  await open(page, `/office/records/${record}`);
  for (const [code, text] of [['url', 'javascript:alert(1)'], ['percent', '101'], ['project_name', ''], ['sme', '-5'], ['sme', '0.0000001']] as const) {
    const wrong = cell(page, 1, code);
    const right = ((await wrong.textContent()) ?? '').trim();
    await put(page, 1, code, text);
    await expect(wrong, `${code} ${text}`).toHaveAttribute('aria-invalid', 'true');
    await expect(page.locator('.findings li[data-tone="bad"]')).toHaveCount(1);
    await put(page, 1, code, right);
    await expect(wrong, `${code} ${right}`).not.toHaveAttribute('aria-invalid', 'true');
  }
});

test('A7 a missing 预留比例 is a warning that does not stop 「提交」', async ({ signedIn, server }) => {
  const desk = new Desk(server, 'unit03');
  const record = await desk.generate(2026);
  await desk.addLine(record, { project_name: '校舍维修', measure: '包预留', sme: '10', small_micro: '2', url: 'https://example.org/1' });
  const page = await signedIn('unit03');
  await open(page, `/office/records/${record}`);
  await goTo(page, 1, 'measure');
  await page.keyboard.press('F2');
  await expect(page.getByRole('listbox', { name: '可选内容' }).getByRole('option')).toHaveText(['整体预留', '包预留', '联合体预留', '合同分包预留']);
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await page.getByText('1 处提醒（不影响提交）').click();
  await expect(page.getByRole('button', { name: '第 1 行：未填预留比例，公告中将不显示比例' })).toBeVisible();
  await page.getByRole('button', { name: '第 1 行：未填预留比例，公告中将不显示比例' }).click();
  await expectActive(page, 1, 'percent');
  await expectAccessible(page);
  await submitTo(page, '负责人');
  await expect(page.locator('.page-head .status')).toHaveText('审核中');
});

test('A8 framework agreements count by goods mark, not by supplier', async ({ signedIn, server }) => {
  const record = await new Desk(server, 'unit03').generate(2025);
  const page = await signedIn('unit03');
  await open(page, `/office/records/${record}`);
  const framework = page.locator('#lines-grid .sheet-body [role=row]').filter({ hasText: '框架协议' });
  await expect(framework).toHaveCount(1);
  await expect(framework).toContainText('181.76072');
  await expect(page.locator('#left-out')).toContainText('框架协议合同按合同公告日期所在的自然年统计');
});

test('A9 every contract left out is listed under its rule with the facts; one is claimed in with a reason', async ({ signedIn, server, anotherPerson }) => {
  const desk = new Desk(server, 'unit03');
  const record = await desk.generate(2025);
  const page = await signedIn('unit03');
  await open(page, `/office/records/${record}`);
  const panel = page.locator('#left-out');
  await expect(panel.getByText('13 份', { exact: true })).toBeVisible();
  for (const words of ['合同未公告（2 份）', '非预留项目（9 份）', '不足3家重新采购（2 份）']) await expect(panel.getByText(words)).toBeVisible();
  await panel.getByText('非预留项目（9 份）').click();
  const leftOut = panel.getByRole('row').filter({ hasText: '107000-2025-000308' });
  await expect(leftOut).toContainText('3.617859');
  await expect(leftOut).toContainText('是否预留：');
  await expectAccessible(page);

  await leftOut.getByRole('button', { name: /^申请纳入/ }).click();
  const box = dialog(page, '申请纳入');
  await expect(box.getByLabel('纳入理由')).toBeFocused();
  await box.getByRole('button', { name: '确定' }).click();
  await expect(box.getByText('请填写纳入理由')).toBeVisible();
  await expectAccessible(page);
  await box.getByLabel('纳入理由').fill('采购文件写明整体预留');
  await confirm(box);
  await expect(panel.getByText('12 份', { exact: true })).toBeVisible();
  await expectRows(page, 26);
  await expect(row(page, 26)).toContainText('项目采购（申请纳入）');
  await put(page, 26, 'measure', '整体预留');
  await put(page, 26, 'sme', '3.617859');
  await put(page, 26, 'small_micro', '0');
  await expect(page.locator('#sum-sme')).toHaveText('12001.282094');
  await saved(page);

  for (const number of [23, 17, 4]) {
    const line = (await desk.view(record)).lines[number - 1];
    if (line) await desk.takeOut(record, line);
  }
  await desk.submit(record, '审核人');
  const reviewer = await anotherPerson('reviewer');
  await open(reviewer, `/office/records/${record}`);
  await expect(reviewer.locator('#lines tbody tr').last()).toContainText('申请纳入（原因规则：非预留项目）：采购文件写明整体预留');
});

test('A9 「剔除」 asks for a reason, lists the contract as taken out, and 「恢复」 brings it back', async ({ signedIn, server }) => {
  const record = await new Desk(server, 'unit03').generate(2025);
  const page = await signedIn('unit03');
  await open(page, `/office/records/${record}`);
  await page.getByRole('button', { name: '剔除第 1 行', exact: true }).click();
  const box = dialog(page, '剔除');
  await expectAccessible(page);
  await box.getByRole('button', { name: '确定' }).click();
  await expect(box.getByText('请填写剔除理由')).toBeVisible();
  await box.getByRole('button', { name: '合同已解除' }).click();
  await confirm(box);
  await expectRows(page, 24);
  await expect(page.locator('#sum-sme')).toHaveText('10727.092095');
  // Ctrl+Z behind it takes back nothing of before, and says the way.
  await cell(page, 1, 'project_name').click();
  await page.keyboard.press('Control+z');
  await expect(page.getByText('「剔除」不能用 Ctrl+Z 撤销：请在下方「未计入合同」中「申请纳入」')).toBeVisible();
  const panel = page.locator('#left-out');
  await expect(panel.getByText('本单位剔除（1 份）')).toBeVisible();
  const row = panel.getByRole('row').filter({ hasText: '107000-2025-000010' });
  await expect(row).toContainText('剔除理由：合同已解除');
  await row.getByRole('button', { name: /^恢复/ }).click();
  await dialog(page, '申请纳入').getByLabel('纳入理由').fill('未解除');
  await confirm(dialog(page, '申请纳入'));
  await expect(page.locator('#sum-sme')).toHaveText(expected('unit03', 2025).sme_wan);
  await expect(panel.getByText('本单位剔除')).toHaveCount(0);
});

test('A9 「剔除」 and 「申请纳入」 change the page in place: undo, what cannot be read and the filter stay, and the own save comes first', async ({ signedIn, server }) => {
  const desk = new Desk(server, 'unit03');
  const record = await desk.generate(2025);
  for (const name of ['手动甲', '手动乙']) await desk.addLine(record, { project_name: name, measure: '整体预留', sme: '10', small_micro: '2' });
  const page = await signedIn('unit03');
  await open(page, `/office/records/${record}`);
  await page.getByLabel('在明细中查找').fill('手动');
  await expectRows(page, 2);
  await put(page, 1, 'project_name', '手动甲改');
  await put(page, 2, 'sme', '约 3 万');
  await page.getByLabel('在明细中查找').fill('');
  await expectRows(page, 27);
  // A save that takes its time, of the very line that is taken out.
  let free = (): void => undefined;
  const held = new Promise<void>((resolve) => (free = resolve));
  await page.route('**/api/change_lines', async (route) => {
    await held;
    await route.continue();
  });
  const dropped = (await desk.view(record)).lines[0];
  await put(page, 1, 'reason', '核实过');
  await page.getByRole('button', { name: '剔除第 1 行', exact: true }).click();
  await dialog(page, '剔除').getByRole('button', { name: '合同已解除' }).click();
  await dialog(page, '剔除').getByRole('button', { name: '确定' }).click();
  free();
  await expect(dialog(page, '剔除')).toBeHidden();
  await expectRows(page, 26);
  expect((await desk.view(record)).lines.map((line) => line.id)).not.toContain(dropped?.id);
  const panel = page.locator('#left-out');
  await expect(panel.getByText('14 份', { exact: true })).toBeVisible();
  await expect(page.getByText('/ 14')).toBeVisible();
  await panel.getByRole('row').filter({ hasText: '合同已解除' }).getByRole('button', { name: /^恢复/ }).click();
  await dialog(page, '申请纳入').getByLabel('纳入理由').fill('未解除');
  await confirm(dialog(page, '申请纳入'));
  await expectRows(page, 27);
  await expect(panel).toBeFocused();
  // What could not be read still stands, and both steps of before can be taken back; that of the line that left is passed over.
  await expect(page.getByRole('button', { name: /^第 26 行有内容未保存/ })).toBeVisible();
  await page.locator('#lines-grid').getByRole('columnheader', { name: '项目名称' }).waitFor();
  await cell(page, 1, 'project_name').click();
  await page.keyboard.press('Control+z');
  await expect(cell(page, 26, 'sme')).toHaveText('10');
  await page.keyboard.press('Control+z');
  await expect(cell(page, 25, 'project_name')).toHaveText('手动甲');
  await saved(page);
  await expect(page.locator('#behind-note')).toHaveCount(0);
  expect((await desk.view(record)).lines).toHaveLength(27);
});

/** 「提交」 to someone by their words in the picker. */
async function submitTo(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: '提交', exact: true }).click();
  const box = dialog(page, '提交');
  await box.getByRole('radio', { name }).check();
  await confirm(box);
}

test('A10 「提交」 is stopped by open lines in words that say what to do, and otherwise leads to 审核中', async ({ signedIn, server, allowConsoleError }) => {
  allowConsoleError(/status of 422/);
  const record = await new Desk(server, 'unit03').generate(2025);
  const page = await signedIn('unit03');
  await open(page, `/office/records/${record}`);
  const submit = page.getByRole('button', { name: '提交', exact: true });
  await submit.click();
  await expect(page.getByText('还有 3 行需要处理：请补充标红的单元格，或剔除该行并说明理由。已转到第一处。')).toBeVisible();
  await expectActive(page, 4, 'small_micro');
  await expectAccessible(page);

  for (const row of OPEN_ROWS) {
    await put(page, row, 'small_micro', '0');
    await put(page, row, 'reason', '按中小企业声明函填写');
  }
  await saved(page);
  await submit.click();
  const box = dialog(page, '提交');
  await expectAccessible(page);
  await box.getByRole('button', { name: '确定' }).click();
  await expect(box.getByText('请选择下一审批机构/人员')).toBeVisible();
  await box.getByRole('searchbox').fill('查无此人');
  await expect(box.getByText('没有找到符合的机构或人员')).toBeVisible();
  await box.getByRole('searchbox').fill('负责');
  await expect(box.getByRole('radio')).toHaveCount(1);
  await box.getByLabel('说明').fill('三行已按声明函补充');
  page.once('dialog', (question) => void question.dismiss());
  await page.keyboard.press('Escape');
  await expect(box).toBeVisible();
  await box.getByRole('radio', { name: '负责人' }).check();
  await confirm(box);
  await expect(page.locator('#page-title')).toBeFocused();
  await expect(page.locator('.timeline')).toContainText('三行已按声明函补充');
  await expect(page.locator('.page-head .status')).toHaveText('审核中');
  await expect(page.getByText('已提交，等待审核')).toBeVisible();
  await expect(page.getByRole('button', { name: '提交', exact: true })).toHaveCount(0);
  await expect(page.getByRole('grid')).toHaveCount(0);
  await expect(page.locator('section').filter({ has: page.getByRole('heading', { name: '流程进度' }) })).toContainText('上海机动车管理中心 · 负责人 · 已等待');
  await expectAccessible(page);
});

test('A10 an institution may be chosen as next approver: each of its 审核人 is told and may answer', async ({ signedIn, server, anotherPerson }) => {
  const record = await new Desk(server, 'unit03').generate(2026);
  const page = await signedIn('unit03');
  await open(page, `/office/records/${record}`);
  await submitTo(page, '上海机动车管理中心（任一审核人）');
  await expect(page.locator('.page-head .status')).toHaveText('审核中');
  for (const account of ['reviewer', 'leader'] as const) {
    const person = await anotherPerson(account);
    await open(person, `/office/records/${record}`);
    await expect(person.getByRole('button', { name: '审核', exact: true })).toBeVisible();
    await open(person, '/office/messages');
    await expect(person.getByRole('link', { name: /测试区采购单位03.*2026.*年度数据待您审核/ })).toBeVisible();
  }
});

test('A11 「撤回」 while under review, edit, submit again: the approval starts over', async ({ signedIn, server, anotherPerson }) => {
  const desk = new Desk(server, 'unit03');
  const record = await desk.generate(2026);
  await desk.addLine(record, { project_name: '校舍维修', measure: '整体预留', sme: '10', small_micro: '2' });
  await desk.submit(record, '审核人');
  const page = await signedIn('unit03');
  await open(page, `/office/records/${record}`);
  await page.getByRole('button', { name: '撤回' }).click();
  const box = dialog(page, '撤回');
  await expectAccessible(page);
  await box.getByLabel('撤回理由').fill('发现漏录一份合同');
  await confirm(box);
  await expect(page.locator('.page-head .status')).toHaveText('已撤回');
  await expect(page.locator('.log')).toContainText('发现漏录一份合同');

  await put(page, 1, 'sme', '20');
  await saved(page);
  await submitTo(page, '负责人');
  await expect(page.locator('.page-head .status')).toHaveText('审核中');
  await expect(page.getByText('第 2 次')).toBeVisible();

  const first = await anotherPerson('reviewer');
  await open(first, `/office/records/${record}`);
  await expect(first.getByRole('button', { name: '审核', exact: true })).toHaveCount(0);
  const leader = await anotherPerson('leader');
  await open(leader, `/office/records/${record}`);
  await expect(leader.getByRole('heading', { name: '自上次提交后改了 1 处' })).toBeVisible();
  const change = leader.getByRole('region', { name: '自上次提交后改了 1 处' }).locator('.diff li');
  await expect(change).toContainText('第 1 行 面向中小企业采购金额(万元)');
  await expect(change.locator('del')).toHaveText('10');
  await expect(change.locator('ins')).toHaveText('20');
  await expectAccessible(leader);
});

test('A11 a save that was still to come when the record was submitted disturbs nothing', async ({ signedIn, server }) => {
  const desk = new Desk(server, 'unit03');
  const record = await desk.generate(2026);
  await desk.addLine(record, { project_name: '校舍维修', measure: '整体预留', sme: '10', small_micro: '2' });
  const page = await signedIn('unit03');
  // What the page would do 800 ms after the last key is kept back until the page has become another.
  await page.addInitScript(() => {
    const held = new Map<number, () => void>();
    const [set, clear] = [window.setTimeout.bind(window), window.clearTimeout.bind(window)];
    let next = 1_000_000;
    const hold = (job: TimerHandler, after?: number): number => {
      if (after !== 800 || typeof job !== 'function') {
        return set(job, after);
      }
      held.set(++next, job as () => void);
      return next;
    };
    Object.assign(window, {
      setTimeout: hold,
      clearTimeout: (id: number) => (held.delete(id) ? undefined : clear(id)),
      runHeld: () => [...held.values()].map((job) => job()).length,
    });
  });
  await open(page, `/office/records/${record}`);
  await put(page, 1, 'sme', '20');
  await saved(page);
  await submitTo(page, '负责人');
  await expect(page.locator('.page-head .status')).toHaveText('审核中');
  expect(await page.evaluate(() => (window as unknown as { runHeld: () => number }).runHeld())).toBeGreaterThan(0);
  await expect(page.locator('.page-head .status')).toHaveText('审核中');
});

test('A11 a withdrawn record can be deleted from the list and generated anew', async ({ signedIn, server }) => {
  const desk = new Desk(server, 'pudong');
  await desk.find(2025);
  const page = await signedIn('pudong');
  await open(page, '/office?year=2025');
  const row = page.getByRole('row').filter({ hasText: '已撤回' });
  await row.getByRole('button', { name: /^删除/ }).click();
  const box = dialog(page, '确定删除？');
  await expectAccessible(page);
  await confirm(box);
  await expect(page.getByText('已删除')).toBeVisible();
  await expect(row).toHaveCount(0);
  await open(page, '/office');
  await page.getByRole('button', { name: '生成年度数据' }).click();
  await dialog(page, '生成年度数据').getByLabel('年度').selectOption('2025');
  await dialog(page, '生成年度数据').getByRole('button', { name: '确定' }).click();
  const sum = expected('pudong', 2025);
  await expectSums(page, sum.sme_wan, sum.small_micro_wan, sum.ratio);
});

test('A12 「说明」 is saved as it is typed and shown to the reviewer', async ({ signedIn, server, anotherPerson }) => {
  const desk = new Desk(server, 'unit03');
  const record = await desk.generate(2026);
  const page = await signedIn('unit03');
  await open(page, `/office/records/${record}`);
  const remark = page.getByLabel('未达到规定预留份额的原因和改进措施等（将作为公告备注的建议）');
  const words = '本年度没有适宜预留的项目 </textarea><b>&amp;\n下一年度将扩大预留范围。';
  await remark.fill(words);
  await saved(page);
  await expect(page.getByText(`${[...words].length} / 2000 字`)).toBeVisible();
  await page.reload();
  await alive(page);
  await expect(remark).toHaveValue(words);
  await desk.submit(record, '审核人');
  const reviewer = await anotherPerson('reviewer');
  await open(reviewer, `/office/records/${record}`);
  await expect(reviewer.locator('#remark-panel').getByText('本年度没有适宜预留的项目 </textarea><b>&amp;')).toBeVisible();
  await expect(reviewer.locator('.diff')).toContainText('本年度没有适宜预留的项目 </textarea><b>&amp;');
});
