// The portal's pictures for a reader whose browser runs no script (E12): every figure also stands in a table, at a desk, on a tablet, on a phone and on paper.

import { mkdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Locator, Page } from '@playwright/test';
import { Notices } from './announcement';
import { expectAccessible, UNITS } from './office';
import { expect, type Server, test } from './server';

const WIDTHS = [1440, 768, 390] as const;
const pictures = fileURLToPath(new URL('results/look', import.meta.url));

test.use({ javaScriptEnabled: false });

/** The years 2021 (of the example data) and 2024, published; the number of the latter. */
async function published(server: Server): Promise<string> {
  const notices = new Notices(server);
  return notices.publish(await notices.create(2024));
}

/** The texts of a row of the table of this name. */
async function cells(page: Page, table: RegExp, row: string): Promise<string[]> {
  const line = page.getByRole('table', { name: table }).getByRole('row').filter({ has: page.getByRole('rowheader', { name: row }) });
  return (await line.locator('th, td').allTextContents()).map((text) => text.trim());
}

/** No text of a picture is cut, lies over another one, or is smaller than the text beside it; what is hidden has no box. */
async function readable(picture: Locator): Promise<void> {
  const found = await picture.evaluate((svg) => {
    const frame = document.documentElement.clientWidth;
    const texts = [...svg.querySelectorAll('text')].map((text) => ({ words: text.textContent, size: Number.parseFloat(getComputedStyle(text).fontSize), box: text.getBoundingClientRect() }));
    const shown = texts.filter(({ box }) => box.width > 0);
    const wrong: string[] = [];
    for (const [at, one] of shown.entries()) {
      if (one.box.left < 0 || one.box.right > frame) wrong.push(`${one.words} is cut`);
      if (one.size < 12) wrong.push(`${one.words} is ${String(one.size)} px`);
      for (const other of shown.slice(at + 1)) {
        const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
        const down = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
        // The boxes of two lines touch, the letters do not.
        if (across > 1 && down > one.box.height / 3) wrong.push(`${one.words} lies over ${other.words}`);
      }
    }
    return { count: shown.length, wrong };
  });
  expect(found.wrong).toEqual([]);
  expect(found.count).toBeGreaterThan(3);
}

for (const width of WIDTHS) {
  test(`E12 the pictures of a unit and of all are read with their tables, at ${String(width)} px`, async ({ page, server, anotherPerson }) => {
    test.setTimeout(240_000);
    await mkdir(pictures, { recursive: true });
    const eye = await anotherPerson(undefined, { javaScriptEnabled: true });
    await page.setViewportSize({ width, height: 900 });
    const number = await published(server);
    await page.goto(`/announcements/${number}`);
    const [sme, small] = await page.locator('.figure dd').allTextContents();
    await page.getByRole('link', { name: '本单位历年公告' }).click();
    const shown = page.getByRole('img');
    await expect(shown).toHaveCount(4);
    for (const name of ['2021 至 2024 年度采购金额', '2021 至 2024 年度小微占中小比例', '各预留选项占中小企业采购金额的比例', '2024 年度按采购单位']) {
      await expect(page.getByRole('img', { name: new RegExp(name) })).toBeVisible();
    }
    const row = await cells(page, /历年采购金额和占比/, '2024');
    expect([row[3], row[4]]).toEqual([sme, small].map((text) => text?.replace(/\s*万元$/, '')));
    expect(await cells(page, /历年采购金额和占比/, '2023')).toEqual(['2023', '无公告', '0', '—', '—', '—']);
    expect((await cells(page, /按采购单位/, UNITS.pudong)).length).toBeGreaterThan(4);
    const addresses = [new URL(page.url()).pathname];
    await page.getByRole('link', { name: UNITS.pudong }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(UNITS.pudong);
    await expect(page.getByRole('link', { name: /2024年面向中小企业/ })).toBeVisible();
    addresses.push(new URL(page.url()).pathname);
    await page.getByRole('navigation', { name: '门户' }).getByRole('link', { name: '统计' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('公告统计');
    await expect(page.getByRole('table', { name: '法定标准一览' })).toContainText('财库〔2020〕46号');
    await page.getByRole('navigation', { name: '年度' }).getByRole('link', { name: '2021' }).click();
    await expect(page.getByRole('img', { name: '2021 年度按发布单位' })).toBeVisible();
    addresses.push('/statistics');
    for (const address of addresses) {
      await eye.setViewportSize({ width, height: 900 });
      for (const view of ['standard', 'elder']) {
        await eye.context().addCookies([{ name: 'view', value: view, url: server.url }]);
        await eye.goto(address);
        expect(await eye.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
        for (const picture of await eye.getByRole('img').all()) await readable(picture);
        await expectAccessible(eye);
        await eye.screenshot({ path: `${pictures}/pictures-${String(addresses.indexOf(address))}-${view}-${String(width)}.png`, fullPage: true });
      }
      await eye.emulateMedia({ colorScheme: 'dark' });
      await eye.goto(address);
      await expectAccessible(eye);
      await eye.emulateMedia({ colorScheme: 'light' });
    }
  });
}

test('E12 the figures are taken away as files, and the pictures stand on paper', async ({ page, server }) => {
  test.setTimeout(120_000);
  await mkdir(pictures, { recursive: true });
  const number = await published(server);
  await page.goto(`/announcements/${number}`);
  await page.getByRole('link', { name: '本单位历年公告' }).click();
  const shown = await cells(page, /历年采购金额和占比/, '2024');
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: '下载历年数据（CSV）' }).click()]);
  const line = (await readFile(await file.path(), 'utf8')).split('\r\n').find((row) => row.startsWith('2024,'))?.split(',') ?? [];
  // The file is in 元, the table in 万元.
  expect(Number(line[5]) / 10_000).toBeCloseTo(Number(shown[3]), 6);
  expect(line[7]).toBe(shown[5]);
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('img').first()).toBeVisible();
  const paper = await page.pdf({ path: `${pictures}/pictures.pdf`, format: 'A4', margin: { top: '15mm', bottom: '15mm', left: '15mm', right: '15mm' } });
  expect(paper.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0).toBeLessThan(6);
});
