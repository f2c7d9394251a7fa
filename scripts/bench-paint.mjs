// Key to paint in the browser: from the key event's own time to the moment behind the frame that shows its effect.

import { chromium } from '@playwright/test';

const KEYS = 100;
/** Between two keys: a fast typist. */
const PAUSE = 90;

/** In the page: notes for every key how long it took to its paint, and how long scripts kept the main thread of it. */
function watch() {
  const found = { paint: [], script: [] };
  globalThis.benchFound = found;
  addEventListener(
    'keydown',
    (event) => {
      const began = event.timeStamp;
      const entered = performance.now();
      // Behind the frame: a message posted before the paint is delivered after it.
      const channel = new MessageChannel();
      channel.port1.onmessage = () => found.paint.push(performance.now() - began);
      requestAnimationFrame(() => {
        found.script.push(performance.now() - entered);
        channel.port2.postMessage(0);
      });
    },
    { capture: true },
  );
}

const quantile = (values, share) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? NaN;

async function type(page, selector) {
  await page.locator(selector).focus();
  await page.keyboard.press('End');
  await page.evaluate(watch);
  // A digit more and a digit less, so that the amount stays readable and every key changes the sums.
  for (let key = 0; key < KEYS; key += 1) {
    await page.keyboard.press(key % 2 === 0 ? '7' : 'Backspace');
    await page.waitForTimeout(PAUSE);
  }
  const found = await page.evaluate(() => globalThis.benchFound);
  if (found.paint.length < KEYS) throw new Error(`${found.paint.length} of ${KEYS} keys were painted`);
  const paint = found.paint.slice(-KEYS);
  return { p50: quantile(paint, 0.5), p95: quantile(paint, 0.95), script: quantile(found.script, 0.5) };
}

/** Both pages in one browser, the plain one first. */
export async function measure({ url, record, token }) {
  const browser = await chromium.launch({
    executablePath: process.env.SETASIDE_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
  });
  try {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN' });
    const plain = await context.newPage();
    const rows = Array.from({ length: 200 }, (_, at) => `<tr><td>${at + 1}</td><td>项目名称 ${at + 1}</td><td>整体预留</td><td>123.45</td><td><input value="12.3"></td></tr>`).join('');
    await plain.setContent(`<!DOCTYPE html><table><tbody>${rows}</tbody></table>`);
    const bare = await type(plain, 'tr:nth-child(5) input');
    await plain.close();
    await context.addCookies([{ name: 'setaside', value: token, url }]);
    const page = await context.newPage();
    const begun = performance.now();
    await page.goto(`${url}/office/records/${record}`);
    const cell = '#lines-grid [role=row][aria-rowindex="6"] [data-column="sme"]';
    // Alive as soon as the grid has measured itself.
    await page.locator('#lines-grid[data-live]').waitFor();
    const load = performance.now() - begun;
    await page.locator(cell).click();
    await page.keyboard.press('F2');
    await page.locator('#grid-input').fill('10.5');
    await page.waitForTimeout(1_500);
    const table = await type(page, '#grid-input');
    return { bare, table, load };
  } finally {
    await browser.close();
  }
}
