// Without a mouse, and in Chinese.

import type { Locator, Page } from '@playwright/test';
import { alive, box, cell, Desk, dialog, expectAccessible, expectActive, goTo, open, saved } from './office';
import { expect, PASSWORD, test } from './server';

/** Presses Tab until this element has the focus. */
async function tabTo(page: Page, target: Locator, most = 60): Promise<void> {
  await target.waitFor();
  for (let pressed = 0; pressed < most; pressed += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to ${String(target)}`);
}

test('E3 Tab takes the offered word as Enter does', async ({ signedIn, server }) => {
  const desk = new Desk(server, 'unit03');
  const record = await desk.generate(2026);
  await desk.addLine(record, { project_name: '项目1' });
  const page = await signedIn('unit03');
  await open(page, `/office/records/${record}`);
  await goTo(page, 1, 'measure');
  await page.keyboard.press('F2');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Tab');
  await expectActive(page, 1, 'percent');
  await expect(cell(page, 1, 'measure')).toHaveText('包预留');
  // The beginning of one word alone means that word.
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.type('联合');
  await page.keyboard.press('Tab');
  await expect(cell(page, 1, 'measure')).toHaveText('联合体预留');
  await saved(page);
});

test('A10 the whole way from sign-in to 「提交」 goes by keyboard alone', { tag: '@run' }, async ({ page }) => {
  await page.goto('/sign-in');
  await expect(page.getByLabel('登录名')).toBeFocused();
  await page.keyboard.type('unit03');
  await page.keyboard.press('Tab');
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/office$/);
  await alive(page);

  // The skip link is the first stop.
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: '跳到正文' })).toBeFocused();
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByRole('button', { name: '生成年度数据' }));
  await page.keyboard.press('Enter');
  const generate = dialog(page, '生成年度数据');
  await expect(generate.getByLabel('年度')).toBeFocused();
  await expect(generate.getByRole('option')).toHaveCount(7);
  await page.keyboard.type('2026');
  await expect(generate.getByLabel('年度')).toHaveValue('2026');
  await tabTo(page, generate.getByRole('button', { name: '确定' }));
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/office\/records\//);

  await tabTo(page, page.getByRole('button', { name: '手动录入' }));
  await page.keyboard.press('Enter');
  await expectActive(page, 1, 'project_name');
  await page.keyboard.type('校舍维修');
  await page.keyboard.press('Tab');
  await expectActive(page, 1, 'measure');
  await page.keyboard.press('F2');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(cell(page, 1, 'measure')).toHaveText('整体预留');
  await expectActive(page, 1, 'measure');
  await page.keyboard.press('Tab');
  await expectActive(page, 1, 'percent');
  await page.keyboard.press('Tab');
  await page.keyboard.type('12.5');
  await page.keyboard.press('Tab');
  await page.keyboard.type('2.5');
  await expect(page.locator('#sum-ratio')).toHaveText('20');
  await saved(page);

  const submit = page.getByRole('button', { name: '提交', exact: true });
  // Esc, and the Tab behind it leaves the table.
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  while (!(await submit.evaluate((element) => element === document.activeElement))) await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  const box = dialog(page, '提交');
  await expect(box.getByRole('searchbox')).toBeFocused();
  // Esc closes, and the focus is where it was.
  await page.keyboard.press('Escape');
  await expect(box).toBeHidden();
  await expect(submit).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.type('负责人');
  await expect(box.getByRole('radio')).toHaveCount(1);
  await tabTo(page, box.getByRole('radio', { name: '负责人' }));
  await page.keyboard.press('Space');
  await expect(box.getByRole('radio', { name: '负责人' })).toBeChecked();
  await tabTo(page, box.getByRole('button', { name: '确定' }));
  await page.keyboard.press('Enter');
  await expect(page.locator('.page-head .status')).toHaveText('审核中');
});

test('B5 a record is approved by keyboard alone', async ({ signedIn, server }) => {
  const desk = new Desk(server, 'unit03');
  const record = await desk.generate(2026);
  await desk.submit(record, '审核人');
  const page = await signedIn('reviewer');
  await open(page, '/office?tab=waiting&year=2026');
  await tabTo(page, page.getByRole('link', { name: '审核：测试区采购单位03 2026 年度' }));
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByRole('button', { name: '审核', exact: true }));
  await page.keyboard.press('Enter');
  const box = dialog(page, '审核');
  await tabTo(page, box.getByLabel('审批意见'));
  await page.keyboard.type('同意');
  await tabTo(page, box.getByRole('button', { name: '确定' }));
  await page.keyboard.press('Enter');
  await expect(page.locator('.page-head .status')).toHaveText('审核完成');
});

test('A6 in the grid Enter and the arrows move between rows, Tab between cells, Esc takes back', async ({ signedIn, server }) => {
  const desk = new Desk(server, 'unit03');
  const record = await desk.generate(2026);
  for (const name of ['甲', '乙', '丙']) await desk.addLine(record, { project_name: name, measure: '整体预留', sme: '10', small_micro: '2' });
  const page = await signedIn('unit03');
  await open(page, `/office/records/${record}`);
  await goTo(page, 1, 'sme');
  await page.keyboard.press('Enter');
  await expectActive(page, 2, 'sme');
  await page.keyboard.press('ArrowDown');
  await expectActive(page, 3, 'sme');
  await page.keyboard.press('ArrowUp');
  await expectActive(page, 2, 'sme');
  await page.keyboard.press('Shift+Enter');
  await expectActive(page, 1, 'sme');
  await page.keyboard.press('Tab');
  await expectActive(page, 1, 'small_micro');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.type('77');
  await expect(page.locator('#sum-sme')).toHaveText('97');
  await page.keyboard.press('Escape');
  await expect(cell(page, 1, 'sme')).toHaveText('10');
  await expect(page.locator('#sum-sme')).toHaveText('30');
  await expect(page.locator('.saved-note')).toHaveText('自动保存');
  await page.reload();
  await alive(page);
  await expect(cell(page, 1, 'sme')).toHaveText('10');
});

test('A6 while a Chinese word is being composed, Enter belongs to the input method', async ({ signedIn, server, context }) => {
  const desk = new Desk(server, 'unit03');
  const record = await desk.generate(2026);
  for (const name of ['甲', '乙']) await desk.addLine(record, { project_name: name, measure: '整体预留', sme: '10', small_micro: '2' });
  const page = await signedIn('unit03');
  await open(page, `/office/records/${record}`);
  await goTo(page, 1, 'project_name');
  const keyboard = await context.newCDPSession(page);
  // The first key opens the cell, and is a part of the word.
  await keyboard.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', windowsVirtualKeyCode: 229, key: 'Process' });
  await keyboard.send('Input.imeSetComposition', { text: 'x', selectionStart: 1, selectionEnd: 1 });
  await expect(box(page)).toHaveValue('x');
  await keyboard.send('Input.imeSetComposition', { text: 'xiao she', selectionStart: 8, selectionEnd: 8 });
  await expect(box(page)).toHaveValue('xiao she');
  // As the browser sends it while an input method is at work: key code 229, and the event says that it composes.
  await box(page).evaluate((input) => input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true })));
  await box(page).evaluate((input) => input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', isComposing: true, bubbles: true, cancelable: true })));
  await expectActive(page, 1, 'project_name');
  await expect(box(page)).toHaveValue('xiao she');
  await keyboard.send('Input.imeSetComposition', { text: '校舍', selectionStart: 2, selectionEnd: 2 });
  await keyboard.send('Input.insertText', { text: '校舍' });
  await expect(box(page)).toHaveValue('校舍');
  await page.keyboard.press('Enter');
  await expectActive(page, 2, 'project_name');
  await saved(page);
  await page.reload();
  await alive(page);
  await expect(cell(page, 1, 'project_name')).toHaveText('校舍');
});

test('A4 the page of a record holds together at 200 % text and on narrow screens', async ({ signedIn, server }) => {
  const record = await new Desk(server, 'unit03').generate(2025);
  const page = await signedIn('unit03');
  for (const width of [1440, 768, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await open(page, `/office/records/${record}`);
    expect(await page.evaluate(() => document.documentElement.scrollWidth), `${width} px`).toBeLessThanOrEqual(width);
  }
  await expectAccessible(page);
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(1280);
});
