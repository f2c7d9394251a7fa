// 合同台账: what stands in a unit's contracts, and what the rules say of each (E1).

import { expectAccessible, open } from './office';
import { expect, test } from './server';

test('E1 the ledger shows each contract with its result; filters live in the URL and the sums follow them', async ({ signedIn }) => {
  const page = await signedIn('unit03');
  await open(page, '/office');
  await page.getByRole('link', { name: '合同台账' }).click();
  await expect(page.getByRole('heading', { level: 1, name: '合同台账' })).toBeVisible();
  const rows = page.getByRole('region', { name: '合同列表' }).getByRole('row');
  await expect(rows).toHaveCount(51);
  await expectAccessible(page);

  await page.getByLabel('年度').selectOption('2024');
  await page.getByLabel('统计结果').selectOption({ label: '计入' });
  await page.getByRole('button', { name: '查询' }).click();
  await expect(page).toHaveURL(/\/office\/contracts\?.*year=2024.*verdict=counted/);
  const sums = page.getByLabel('合计');
  const counted = await sums.locator('.figure', { hasText: '其中计入' }).locator('dd').innerText();
  await expect(sums.locator('.figure').first().locator('dd')).toHaveText(counted);
  await expect(page.getByRole('cell', { name: '不计入' })).toHaveCount(0);

  await page.reload();
  await expect(page.getByLabel('年度')).toHaveValue('2024');
  await page.getByLabel('名称、编号').fill('没有这样的合同');
  await page.getByRole('button', { name: '查询' }).click();
  await expect(page.getByText('没有符合条件的合同')).toBeVisible();
  await page.getByRole('link', { name: '重置' }).click();
  await expect(rows).toHaveCount(51);
});

test('E1 the 主管 looks into the ledgers of its units; what is left out says by which rule', async ({ signedIn }) => {
  const page = await signedIn('reviewer');
  await open(page, '/office/contracts');
  await page.getByLabel('采购单位').selectOption({ label: '测试区采购单位99' });
  await page.getByLabel('统计结果').selectOption({ label: '不计入：非预留项目' });
  await page.getByRole('button', { name: '查询' }).click();
  const first = page.getByRole('region', { name: '合同列表' }).getByRole('row').nth(1);
  await expect(first).toContainText('不计入');
  await expect(first).toContainText('非预留项目');
  for (const width of [1440, 768, 390]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
  }
  await expectAccessible(page);
});
