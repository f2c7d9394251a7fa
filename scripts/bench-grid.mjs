// The detail table with 20 000 lines in Chromium: key to paint, pasting, scrolling; each beside AG Grid Community doing the same with the
// same lines in the same browser, and keys beside a plain input.
//
// A time runs from the input event's own time to behind the frame that shows its effect. AG Grid is read from node_modules into a plain
// page of the same origin; it has no ranges and no clipboard of its own, so its page takes a paste event and hands the rows over
// by `applyTransaction`, which its documentation names as the way to change many rows.

import { readFileSync } from 'node:fs';
import { chromium } from '@playwright/test';
import { agGridPage, copyOut, watchFrames, watchKeys, watchUntil } from './bench-page.mjs';

const KEYS = 100;
/** Between two keys: a fast typist. */
const PAUSE = 90;
const PASTED = Number(process.env.BENCH_PASTED ?? 5_000);
const AG_GRID = new URL('../node_modules/ag-grid-community/', import.meta.url);

const quantile = (values, share) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? NaN;

async function keys(page, names, count, isTyping = false, pick = () => true) {
  await page.evaluate(watchKeys, isTyping);
  for (let at = 0; at < count; at += 1) {
    await page.keyboard.press(names[at % names.length]);
    await page.waitForTimeout(PAUSE);
  }
  await page.waitForTimeout(300);
  const found = await page.evaluate(() => globalThis.benchEnd());
  if (found.paint.length !== count) throw new Error(`${found.paint.length} of ${count} keys were painted`);
  const paint = found.paint.filter((_, at) => pick(at));
  return { p50: quantile(paint, 0.5), p95: quantile(paint, 0.95), script: quantile(found.script.filter((_, at) => pick(at)), 0.5) };
}

/** A digit more and a digit less, so that the amount stays readable and every key changes the sums. */
const type = (page) => keys(page, ['7', 'Backspace'], KEYS, true);
const move = (page) => keys(page, ['ArrowDown'], KEYS);
/** A digit and Enter: only the Enters are counted. */
const commit = (page) => keys(page, ['7', 'Enter'], KEYS, false, (at) => at % 2 === 1);

async function until(page, name, shown, act) {
  // As a text, because the policy of the page lets it make no function of one.
  await page.evaluate(`(${watchUntil})('${name}', () => ${shown})`);
  await act();
  return page.evaluate(() => globalThis.benchPainted);
}

async function frames(page, { by, wheel }) {
  await page.evaluate(watchFrames, { by, frames: wheel ? 10_000 : 300 });
  if (wheel) {
    for (let turn = 0; turn < 80; turn += 1) {
      await page.mouse.wheel(0, wheel);
      await page.waitForTimeout(50);
    }
    await page.evaluate(() => globalThis.benchStop());
  }
  const { times, from, to } = await page.evaluate(() => globalThis.benchFrames);
  const slow = times.filter((time) => time > 33.4).length;
  return { share: (100 * slow) / times.length, p95: quantile(times, 0.95), most: Math.max(...times), frames: times.length, rate: 1000 / (times.reduce((a, b) => a + b, 0) / times.length), moved: to - from };
}

/** Rows to paste: with the names of the columns and the contracts' numbers for the reconciliation, or as they lie for a paste by position. */
function rowsToPaste(lines, turn) {
  const amount = (at) => String((100 + ((at * 7 + turn * 13) % 900)) / 100);
  const head = ['序号', '合同编号', '项目名称', '预留选项', '预留比例(%)', '面向中小企业采购金额(万元)', '面向小微企业采购金额(万元)', '合同链接', '修改理由', '供应商'];
  const named = lines.map((line, at) => [String(at + 1), line.contract_no, line.project_name, line.measure, line.percent, amount(at), '0.5', line.url, `第 ${turn} 次核对`, '上海某公司']);
  const lying = lines.map((line, at) => [line.project_name, line.measure, line.percent, amount(at), '0.5', line.url, line.source, `第 ${turn} 次核对`, '', '']);
  return { named: [head, ...named], lying, amount };
}

const asText = (rows) => `${rows.map((row) => row.join('\t')).join('\r\n')}\r\n`;
const asHtml = (rows, mark) => `<table${mark}>${rows.map((row) => `<tr>${row.map((text) => `<td>${text}</td>`).join('')}</tr>`).join('')}</table>`;

/** The lines of the record as texts, for AG Grid and for what is pasted. */
async function linesOf(url, record, token) {
  const answer = await fetch(`${url}/api/record`, { method: 'POST', headers: { origin: url, cookie: `setaside=${token}`, 'content-type': 'application/json' }, body: JSON.stringify({ input: { record } }) });
  const { lines } = await answer.json();
  return lines.map(({ id, origin, overrides }, at) => {
    const { contract } = origin.Contract;
    const wan = (fen) => String(fen / 1_000_000);
    return { id, number: at + 1, contract_no: contract.contract_no, project_name: contract.project_name, measure: '整体预留', percent: '', sme: wan(overrides.sme ?? contract.amount), small_micro: '0', url: contract.url ?? '', source: '项目采购（改造前）', reason: '', remove: '' };
  });
}

async function ours(page, { url, record, token, lines }) {
  const found = {};
  const asked = performance.now();
  found.bytes = (await (await fetch(`${url}/office/records/${record}`, { headers: { cookie: `setaside=${token}` } })).arrayBuffer()).byteLength;
  found.server = performance.now() - asked;
  const begun = performance.now();
  await page.goto(`${url}/office/records/${record}`);
  // Alive as soon as the grid has measured itself.
  await page.locator('#lines-grid[data-live]').waitFor({ timeout: 120_000 });
  found.load = performance.now() - begun;
  const scroller = page.locator('#lines-grid .sheet-scroll');
  found.size = await scroller.evaluate((element) => ({ width: element.clientWidth, height: element.clientHeight, rowHeight: element.querySelector('.sheet-body > .sheet-row').getBoundingClientRect().height }));
  const top = async () => scroller.evaluate((element) => element.scrollTo(0, 0));
  const at = async (row, code) => {
    await top();
    await page.locator(`#lines-grid [role=row][aria-rowindex="${row + 1}"] [data-column="${code}"]`).click();
  };
  const settled = async () => {
    const note = page.locator('.saved-note');
    await page.waitForFunction(() => !document.querySelector('.saved-note').textContent.includes('正在保存'));
    if ((await note.getAttribute('data-tone')) !== null) throw new Error(`not everything is stored: ${await note.textContent()}`);
  };
  await at(5, 'sme');
  await page.keyboard.press('F2');
  await page.locator('#grid-input').fill('10.5');
  await page.waitForTimeout(1_500);
  found.type = await type(page);
  await page.keyboard.press('Enter');
  await settled();
  await at(5, 'small_micro');
  found.move = await move(page);
  await at(5, 'sme');
  found.commit = await commit(page);
  await settled();
  await top();
  await page.mouse.move(700, 500);
  found.wheel = await frames(page, { wheel: 600 });
  await top();
  found.steps = await frames(page, { by: 150 });

  const text = (row, code) => `document.querySelector('#lines-grid [role=row][aria-rowindex="${row + 1}"] [data-column="${code}"] .sheet-text')?.textContent`;
  const isShown = (amount) => `${text(1, 'sme')} === '${amount}'`;
  const pasted = lines.slice(0, PASTED);
  // By position: as a block of our own grid comes from the clipboard.
  found.block = [];
  found.blockStored = [];
  for (let turn = 1; turn <= 3; turn += 1) {
    const { lying, amount } = rowsToPaste(pasted, turn);
    await at(1, 'project_name');
    await page.evaluate(copyOut, { text: asText(lying), html: asHtml(lying, ' data-setaside-grid') });
    const sent = performance.now();
    found.block.push(await until(page, 'keydown', isShown(amount(0)), () => page.keyboard.press('Control+v')));
    await settled();
    found.blockStored.push(performance.now() - sent);
  }
  found.undo = await until(page, 'keydown', isShown(rowsToPaste(pasted, 2).amount(0)), () => page.keyboard.press('Control+z'));
  await settled();
  // Of another program: text to the reconciliation, and its 「应用」 to the table.
  found.dialog = [];
  found.apply = [];
  found.byPlace = [];
  for (let turn = 4; turn <= 6; turn += 1) {
    const { named, amount } = rowsToPaste(pasted, turn);
    await at(1, 'project_name');
    await page.evaluate(copyOut, { text: asText(named) });
    found.dialog.push(await until(page, 'keydown', "document.querySelector('dialog[open] #pasted-1') !== null", () => page.keyboard.press('Control+v')));
    found.counts = await page.locator('.reconcile-sum').textContent();
    const reason = page.locator('#paste-reason');
    if (await reason.isVisible()) await reason.fill('按合同核对');
    found.apply.push(await until(page, 'click', `!document.querySelector('dialog[open]') && ${isShown(amount(0))}`, () => page.locator('dialog[open] button[type=submit]').click()));
    await settled();
  }
  for (let turn = 7; turn <= 9; turn += 1) {
    const { lying, amount } = rowsToPaste(pasted, turn);
    await at(1, 'project_name');
    await page.evaluate(copyOut, { text: asText(lying), html: asHtml(lying, '') });
    const html = await until(page, 'keydown', "document.querySelector('dialog[open] #pasted-1') !== null", () => page.keyboard.press('Control+v'));
    found.byPlace.push([html, await until(page, 'click', `!document.querySelector('dialog[open]') && ${isShown(amount(0))}`, () => page.locator('dialog[open] .reconcile-by-place').click())]);
    await settled();
  }
  return found;
}

async function theirs(page, { url, lines, size }) {
  const found = {};
  await page.route('**/bench-plain', (route) => route.fulfill({ contentType: 'text/html', body: '<!DOCTYPE html><html lang="zh-CN"><title>AG Grid</title><body style="margin:8px;font:14px sans-serif">' }));
  await page.goto(`${url}/bench-plain`);
  await page.addScriptTag({ content: readFileSync(new URL('dist/ag-grid-community.min.js', AG_GRID), 'utf8') });
  await page.evaluate(agGridPage, { lines, ...size });
  const cell = (row, code) => page.locator(`.ag-row[row-index="${row - 1}"] [col-id="${code}"]`);
  const at = async (row, code) => {
    await page.evaluate(() => globalThis.benchGrid.ensureIndexVisible(0, 'top'));
    await cell(row, code).click();
  };
  await at(5, 'sme');
  await page.keyboard.press('F2');
  await page.locator('.ag-cell-inline-editing input').fill('10.5');
  await page.waitForTimeout(1_500);
  found.type = await type(page);
  await page.keyboard.press('Enter');
  await at(5, 'small_micro');
  found.move = await move(page);
  await at(5, 'sme');
  found.commit = await commit(page);
  await page.evaluate(() => globalThis.benchGrid.ensureIndexVisible(0, 'top'));
  await page.mouse.move(700, 300);
  found.wheel = await frames(page, { wheel: 600 });
  await page.evaluate(() => globalThis.benchGrid.ensureIndexVisible(0, 'top'));
  found.steps = await frames(page, { by: 150 });
  found.block = [];
  for (let turn = 1; turn <= 3; turn += 1) {
    const { lying, amount } = rowsToPaste(lines.slice(0, PASTED), turn);
    await at(1, 'project_name');
    await page.evaluate(copyOut, { text: asText(lying) });
    const shown = `document.querySelector('.ag-row[row-index="0"] [col-id="sme"]')?.textContent === '${amount(0)}'`;
    found.block.push(await until(page, 'keydown', shown, () => page.keyboard.press('Control+v')));
  }
  return found;
}

async function plainInput(page, url) {
  const rows = Array.from({ length: 200 }, (_, at) => `<tr><td>${at + 1}</td><td>项目名称 ${at + 1}</td><td>整体预留</td><td>123.45</td><td><input value="12.3"></td></tr>`).join('');
  await page.route('**/bench-input', (route) => route.fulfill({ contentType: 'text/html', body: `<!DOCTYPE html><html lang="zh-CN"><title>input</title><table><tbody>${rows}</tbody></table>` }));
  await page.goto(`${url}/bench-input`);
  await page.locator('tr:nth-child(5) input').focus();
  await page.keyboard.press('End');
  return type(page);
}

/** All three in one browser, one after the other. */
async function measure({ url, record, token }) {
  const browser = await chromium.launch({
    executablePath: process.env.SETASIDE_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
  });
  try {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN' });
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: url });
    await context.addCookies([{ name: 'setaside', value: token, url }]);
    const lines = await linesOf(url, record, token);
    const on = async (work) => {
      const page = await context.newPage();
      page.setDefaultTimeout(120_000);
      page.on('pageerror', (error) => console.error(`    page: ${error.message}`));
      try {
        return await work(page);
      } finally {
        await page.close({ runBeforeUnload: false });
      }
    };
    const bare = await on((page) => plainInput(page, url));
    const own = await on((page) => ours(page, { url, record, token, lines }));
    const other = await on((page) => theirs(page, { url, lines, size: own.size }));
    return { bare, own, other, browser: browser.version() };
  } finally {
    await browser.close();
  }
}

export async function grid({ note, shown, heading, serve, seeds, copyOfSeeds }) {
  const { version } = JSON.parse(readFileSync(new URL('package.json', AG_GRID), 'utf8'));
  heading(`Detail table of 20 000 lines, Chromium; beside AG Grid Community ${version} with the same lines, columns and size`);
  const { plan } = seeds();
  const server = await serve(copyOfSeeds('grid'));
  try {
    const { record, token } = plan.records.at(-1);
    const { bare, own, other, browser } = await measure({ url: server.url, record, token });
    const half = ({ p50, script }) => `p50 ${p50.toFixed(1)} ms, script ${script.toFixed(1)} ms`;
    const key = (what, mine, yours, goal) => {
      note(what, mine.p95, 'ms', { ...(goal && { goal: `≤ ${goal} ms`, met: mine.p95 <= goal }), yardstick: `${half(mine)}; AG Grid ${yours.p95.toFixed(1)} ms (${half(yours)})`, ratio: mine.p95 / yours.p95 });
    };
    console.log(`Chromium ${browser}, table ${own.size.width} × ${own.size.height} px`);
    note('plain input beside 200 plain rows, key to paint p95', bare.p95, 'ms', { yardstick: half(bare) });
    key('typing into a cell, key to paint p95', own.type, other.type, 33);
    key('arrow key, key to paint p95', own.move, other.move, 33);
    key('Enter behind a digit, key to paint p95', own.commit, other.commit, 33);
    const best = (times) => quantile(times, 0.5);
    const all = (times) => times.map((time) => time.toFixed(0)).join(', ');
    const paste = (what, times, goal, more = '') => note(what, best(times), 'ms', { ...(goal && { goal: `≤ ${goal} ms`, met: best(times) <= goal }), yardstick: `${all(times)}; AG Grid by applyTransaction ${best(other.block).toFixed(0)} ms (${all(other.block)})${more}`, ratio: best(times) / best(other.block) });
    paste('5 000 × 10 of a grid of ours, Ctrl+V to table painted', own.block, 1_000, `; until everything is stored ${all(own.blockStored)}`);
    note('the same taken back by Ctrl+Z', own.undo, 'ms');
    paste('5 000 × 10 of Excel (text), Ctrl+V to reconciliation painted', own.dialog, 1_000, `; ${own.counts}`);
    paste('its 「应用」 to table painted', own.apply, 1_000);
    paste('5 000 × 10 as a page, Ctrl+V to reconciliation painted', own.byPlace.map(([first]) => first), 1_000);
    paste('its 「按位置粘贴」 to table painted', own.byPlace.map(([, second]) => second), 1_000);
    for (const [what, mine, yours] of [['wheel, 600 px every 50 ms', own.wheel, other.wheel], ['150 px every frame', own.steps, other.steps]]) {
      const words = (found) => `${found.rate.toFixed(1)} frames/s, p95 ${found.p95.toFixed(1)} ms, most ${found.most.toFixed(0)} ms over ${found.frames} frames, ${shown(found.moved)} px`;
      note(`scrolling by ${what}: frames over 33 ms`, mine.share, '%', { yardstick: `${words(mine)}; AG Grid ${yours.share.toFixed(2)} % (${words(yours)})` });
    }
    note('record page with 20 000 lines: navigation to live table', own.load, 'ms', { yardstick: `the server alone ${shown(own.server)} ms; page ${shown(own.bytes / 1024 / 1024)} MB before compression` });
  } finally {
    await server.end();
  }
}
