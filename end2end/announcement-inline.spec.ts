// Editing the detail lines in place, in the live preview (C4, C7): by the pointer, by the keyboard alone, on a phone.

import type { Page } from '@playwright/test';
import { leftLines, Notices, sheetParts } from './announcement';
import { alive, expectAccessible, open } from './office';
import { expect, test } from './server';

const preview = (page: Page) => page.getByRole('region', { name: '公告预览' });
const table = (page: Page) => preview(page).locator('table.notice-detail').first();
const cell = (page: Page, row: number, column: number) => table(page).locator('tbody tr').nth(row - 1).locator('td').nth(column);
const form = (page: Page) => page.locator('.inline-edit');
const AMOUNT = 3;

test('C4 a cell of the preview opens in place, is checked by the rules of the record, asks why once for a line, and the preview follows', async ({ signedIn, server, anotherPerson }) => {
  const notices = new Notices(server);
  const id = await notices.create(2024);
  const page = await signedIn('jdc');
  await open(page, `/office/announcements/${id}`);
  await expect(table(page)).toHaveAttribute('role', 'grid');
  const before = await cell(page, 2, AMOUNT).innerText();
  await preview(page).evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await cell(page, 2, AMOUNT).scrollIntoViewIfNeeded();
  await cell(page, 2, AMOUNT).click();
  const amount = form(page).getByLabel('面向中小企业采购金额(万元)');
  await expect(amount).toBeFocused();
  await expectAccessible(page);
  await amount.fill('十万');
  await form(page).getByRole('button', { name: '确定' }).click();
  await expect(page.locator('#inline-sme-error')).toBeVisible();
  await expect(page.locator('#inline-reason-error')).toBeVisible();
  await expect(amount).toBeFocused();
  await expectAccessible(page);
  await amount.fill('８８８．５');
  await form(page).getByLabel('面向小微企业采购金额(万元)').fill('999');
  await form(page).getByLabel(/^修改理由/).fill('合同补充协议');
  await form(page).getByRole('button', { name: '确定' }).click();
  await expect(page.locator('#inline-small_micro-error')).toContainText('不能大于面向中小企业采购金额 888.5 万元');
  // What is typed is not lost by pointing elsewhere.
  await cell(page, 1, AMOUNT).click();
  await expect(page.getByText('请先确定或取消正在修改的单元格')).toBeVisible();
  await form(page).getByLabel('面向小微企业采购金额(万元)').fill('100');
  const scrolled = await preview(page).evaluate((element) => element.scrollTop);
  await page.keyboard.press('Enter');
  await expect(form(page)).toHaveCount(0);
  await expect(cell(page, 2, AMOUNT)).toHaveText('888.5');
  await expect(cell(page, 2, AMOUNT)).toBeFocused();
  expect(await preview(page).evaluate((element) => element.scrollTop)).toBe(scrolled);

  // The reason stays for the next cell of the line.
  await cell(page, 2, 1).click();
  await expect(form(page).getByLabel(/^修改理由/)).toHaveValue('合同补充协议');
  await form(page).getByLabel('项目名称').fill('更名后的项目');
  await page.keyboard.press('Enter');
  await expect(cell(page, 2, 1)).toHaveText('更名后的项目');

  // 「删除」 asks why as well.
  await cell(page, 3, 1).click();
  await form(page).getByRole('button', { name: '删除该行' }).click();
  await expect(page.locator('#inline-reason-error')).toBeVisible();
  const rows = await table(page).locator('tbody tr').count();
  await form(page).getByLabel(/^修改理由/).fill('重复');
  await form(page).getByRole('button', { name: '删除该行' }).click();
  await expect(table(page).locator('tbody tr')).toHaveCount(rows - 1);
  await expectAccessible(page);

  const number = await notices.publish(id);
  const reviewer = await anotherPerson('reviewer');
  await open(reviewer, `/office/announcements/${id}`);
  const differences = reviewer.locator('.diff li');
  await expect(differences.filter({ hasText: '面向中小企业采购金额(万元)' }).first()).toContainText(before);
  await expect(differences.filter({ hasText: '888.5' })).toContainText('理由：合同补充协议');
  // Nothing of the editing is on the public page.
  const html = await (await fetch(`${server.url}/announcements/${number}`)).text();
  expect(html).toContain('888.5');
  expect(html).not.toMatch(/role="grid"|inline-edit|preview-hint|tabindex="-1"[^>]*data-label/);
});

test('C4 by the keyboard alone: Tab reaches the table, arrows move, Enter opens, Esc takes back, the focus stays', async ({ signedIn, server }) => {
  const id = await new Notices(server).create(2024);
  const page = await signedIn('jdc');
  await page.setViewportSize({ width: 1440, height: 900 });
  await open(page, `/office/announcements/${id}`);
  await expect(table(page)).toHaveAttribute('role', 'grid');
  await preview(page).focus();
  await page.keyboard.press('Tab');
  await expect(cell(page, 1, 1)).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  await expect(page.getByText('序号按明细行的顺序给出，不能修改')).toBeVisible();
  await expect(cell(page, 1, 0)).toHaveAttribute('aria-readonly', 'true');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect(form(page).getByLabel('预留选项')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(form(page)).toHaveCount(0);
  await expect(cell(page, 2, 2)).toBeFocused();
  await page.keyboard.press('ArrowRight');
  const before = await cell(page, 2, AMOUNT).innerText();
  await page.keyboard.press('F2');
  await expect(form(page).getByLabel('面向中小企业采购金额(万元)')).toBeFocused();
  await page.keyboard.type('777');
  await page.keyboard.press('Escape');
  await expect(cell(page, 2, AMOUNT)).toHaveText(before);
  await expect(cell(page, 2, AMOUNT)).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.type('777');
  await page.keyboard.press('Tab');
  await page.keyboard.type('0');
  await page.keyboard.press('Tab');
  await page.keyboard.type('经核对');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(cell(page, 2, AMOUNT)).toHaveText('777');
  await expect(cell(page, 2, AMOUNT)).toBeFocused();
  await expectAccessible(page);
});

test('C4 on a phone the open cell lies at the bottom of the screen', async ({ signedIn, server }) => {
  const id = await new Notices(server).create(2024);
  const page = await signedIn('jdc');
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page, `/office/announcements/${id}`);
  await expect(table(page)).toHaveAttribute('role', 'grid');
  await cell(page, 1, AMOUNT).click();
  await expect(form(page)).toBeInViewport({ ratio: 1 });
  await expectAccessible(page);
  await form(page).getByLabel('面向中小企业采购金额(万元)').fill('666');
  await form(page).getByLabel('面向小微企业采购金额(万元)').fill('0');
  await form(page).getByLabel(/^修改理由/).fill('经核对');
  await form(page).getByRole('button', { name: '确定' }).click();
  await expect(cell(page, 1, AMOUNT)).toHaveText('666');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});

test('C4 the form opens in sight wherever its cell stands; Enter makes a line in the reason, Ctrl+Enter finishes, Esc takes back', async ({ signedIn, server }) => {
  const id = await new Notices(server).create(2024);
  const page = await signedIn('jdc');
  for (const height of [900, 640]) {
    await page.setViewportSize({ width: 1440, height });
    await open(page, `/office/announcements/${id}`);
    await expect(table(page)).toHaveAttribute('role', 'grid');
    const rows = await table(page).locator('tbody tr').count();
    for (const row of [1, rows]) {
      await cell(page, row, AMOUNT).click();
      await expect(form(page)).toBeInViewport({ ratio: 1 });
      await expect.poll(async () => form(page).evaluate((element) => {
        const [inner, outer] = [element.getBoundingClientRect(), element.closest('.preview-body')?.getBoundingClientRect()];
        return outer !== undefined && inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1;
      })).toBe(true);
      await page.keyboard.press('Escape');
      await expect(form(page)).toHaveCount(0);
    }
  }
  await cell(page, 1, AMOUNT).click();
  await expect(form(page)).toContainText('Ctrl+Enter 确定，Esc 取消');
  await form(page).getByLabel('面向中小企业采购金额(万元)').fill('321');
  await form(page).getByLabel('面向小微企业采购金额(万元)').fill('1');
  const reason = form(page).getByLabel(/^修改理由/);
  await reason.fill('第一行');
  await reason.press('Enter');
  await page.keyboard.type('第二行');
  await expect(reason).toHaveValue('第一行\n第二行');
  await page.keyboard.press('Control+Enter');
  await expect(form(page)).toHaveCount(0);
  await expect(cell(page, 1, AMOUNT)).toHaveText('321');
  await expect(cell(page, 1, AMOUNT)).toBeFocused();
  // The same in the dialog of the list.
  await page.locator('.steps').getByRole('button', { name: /^公告内容/ }).click();
  await page.getByRole('button', { name: /^编辑：/ }).first().click();
  const box = page.getByRole('dialog', { name: '编辑明细行' });
  await box.getByLabel('面向中小企业采购金额(万元)').fill('322');
  await box.getByLabel(/^修改理由/).press('Control+Enter');
  await expect(box).toBeHidden();
  await expect(page.getByRole('row').nth(1)).toContainText('322');
});

test('C4 what is typed in the form over a cell, with its reason, lies in the browser until it is stored or taken back', async ({ signedIn, server }) => {
  const notices = new Notices(server);
  const id = await notices.create(2024);
  const page = await signedIn('jdc');
  await open(page, `/office/announcements/${id}`);
  await expect(table(page)).toHaveAttribute('role', 'grid');
  await cell(page, 2, AMOUNT).click();
  await form(page).getByLabel('面向中小企业采购金额(万元)').fill('654');
  await form(page).getByLabel(/^修改理由/).fill('合同变更');
  await page.reload();
  await alive(page);
  const left = leftLines(page);
  await expect(left).toContainText('上次在公告明细中填写的 1 处修改还没有保存');
  await expect(left.locator('.diff li')).toContainText('第 2 行');
  await expect(left.locator('.diff ins')).toHaveText('654');
  await expect(left).toContainText('修改理由：合同变更');
  await expectAccessible(page);
  await left.getByRole('button', { name: '恢复' }).click();
  await expect(left).toHaveCount(0);
  const { at, bar } = sheetParts(page);
  await expect(at(2, 'sme')).toContainText('654');
  await expect(bar.getByLabel(/^修改理由/)).toHaveValue('合同变更');
  await expect(bar.getByLabel(/^修改理由/)).toBeFocused();
  await page.keyboard.press('Control+Enter');
  await expect(bar).toHaveCount(0);
  expect(JSON.stringify((await notices.view(id)).lines[1])).toContain('"sme":654000000');

  // 「提交」 leads to a form that is still open.
  await page.locator('.steps').getByRole('button', { name: '公告正文' }).click();
  await cell(page, 3, AMOUNT).click();
  await form(page).getByLabel('面向中小企业采购金额(万元)').fill('77');
  await page.getByRole('button', { name: '提交', exact: true }).click();
  await expect(page.getByText('预览中正在修改的单元格还没有保存，请先「确定」或「取消」')).toBeVisible();
  await expect(form(page).getByLabel(/^修改理由/)).toBeFocused();
  await form(page).getByRole('button', { name: '取消' }).click();

  // Taken back by Esc, nothing of it is kept; nor of a cell that was only looked at before another.
  await cell(page, 2, AMOUNT).click();
  await cell(page, 1, AMOUNT).click();
  await expect(form(page).getByLabel(/^修改理由/)).toHaveValue('');
  await cell(page, 1, 1).click();
  await form(page).getByLabel('项目名称').fill('不要了');
  await page.keyboard.press('Escape');
  await page.reload();
  await alive(page);
  await expect(preview(page)).toBeVisible();
  await expect(left).toHaveCount(0);
});
