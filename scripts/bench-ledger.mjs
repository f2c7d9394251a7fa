// A million contracts: a record generated out of them beside the bare aggregate over the same rows, and the pages of the 合同台账.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

const CONTRACTS = 1_000_000;
/** How often a page is asked for, one request after the other. */
const ASKED = 20;
const KB = 1024;

const quantile = (times, share) => [...times].sort((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * share))];
const median = (times) => quantile(times, 0.5);

/** Sends a command of the page in the name of a clerk; gives the answer and how long it took in ms. */
async function command(server, token, endpoint, body) {
  const begun = performance.now();
  const answer = await fetch(`${server.url}/api/${endpoint}`, { method: 'POST', headers: { origin: server.url, cookie: `setaside=${token}`, 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const text = await answer.text();
  const ms = performance.now() - begun;
  if (!answer.ok) throw new Error(`${endpoint}: ${answer.status} ${text}`);
  return { ms, answer: JSON.parse(text) };
}

async function page(server, token, path) {
  const begun = performance.now();
  const answer = await fetch(server.url + path, { headers: { cookie: `setaside=${token}`, 'accept-encoding': 'br' } });
  const html = await answer.text();
  const ms = performance.now() - begun;
  if (!answer.ok || !html.includes('合同台账')) throw new Error(`${path}: ${answer.status}`);
  return { ms, html };
}

/** The records of a clerk's unit, year by year, each beside what the database says by itself. */
async function records({ note, shown, askBeside }, server, data, { unit, token, each_year }, years) {
  const [took, cpu, sums, reads] = [[], [], [], []];
  for (const year of years) {
    const bare = await askBeside('aggregate', data, unit, String(year));
    const before = server.cpu();
    const { ms, answer } = await command(server, token, 'generate_record', { input: { year } });
    cpu.push(server.cpu() - before);
    if (!answer.New) throw new Error(`no new record of ${year}: ${JSON.stringify(answer)}`);
    const { answer: list } = await command(server, token, 'records', { query: { scope: 'own', year, unit: '', status: '', page: 1 } });
    const { record } = list.rows[0];
    if (record.sme !== bare.sme || record.small_micro !== bare.small_micro || bare.contracts !== each_year) {
      throw new Error(`${year}: the record says ${record.sme} and ${record.small_micro}, the ledger ${bare.sme} and ${bare.small_micro} of ${bare.contracts} contracts`);
    }
    took.push(ms);
    sums.push(bare.seconds * 1000);
    reads.push(bare.read_seconds * 1000);
  }
  const beside = `${shown(Math.min(...took))} to ${shown(Math.max(...took))} ms, ${shown(median(cpu))} ms of the processor; bare SQL aggregate ${shown(median(sums))} ms, bare reading of these rows ${shown(median(reads))} ms`;
  note(`generated record, ${each_year} contracts of the year, median of ${years.length}`, median(took), 'ms', { yardstick: beside, ratio: median(took) / median(sums) });
}

/** Pages of the ledger as a person asks for them, rendered by the server. */
async function ledger({ note, shown }, server, who, { unit, token, each_year }, years) {
  const all = each_year * years.length;
  const last = Math.ceil(all / 50);
  const { answer } = await command(server, token, 'contracts', { input: { unit, year: null, source: null, measure: null, verdict: '', words: '', page: last } });
  if (answer.sums.total !== all) throw new Error(`${answer.sums.total} instead of ${all} contracts`);
  const number = answer.lines[0].contract.contract_no;
  for (const [what, query] of [
    ['first page', ''],
    [`last page, ${last}`, `?page=${last}`],
    ['page in the middle', `?page=${Math.ceil(last / 2)}`],
    ['filter: one year', `?year=${years.at(-2)}`],
    ['filter: 包预留 of one year, left out', `?year=${years.at(-2)}&measure=package&verdict=left_out`],
    ['filter: 框架协议', '?source=framework'],
    ['search: a contract number', `?words=${number}`],
    ['search: two words of many names', `?words=${encodeURIComponent('运维 工程')}`],
    ['search in one year', `?year=${years.at(-2)}&words=${encodeURIComponent('运维')}`],
  ]) {
    const path = `/office/contracts${query}`;
    const { ms: first, html } = await page(server, token, path);
    const times = [];
    const before = server.cpu();
    for (let turn = 0; turn < ASKED && (times.length < 3 || times.reduce((a, b) => a + b, 0) < 10_000); turn += 1) times.push((await page(server, token, path)).ms);
    const cpu = (server.cpu() - before) / times.length;
    note(`${who} (${shown(all)} contracts), ${what}`, median(times), 'ms', { yardstick: `${shown(cpu)} ms of the processor, most ${shown(Math.max(...times))} ms, the first time ${shown(first)} ms; ${shown(Buffer.byteLength(html) / KB)} KB before compression` });
  }
}

export async function generate(bench) {
  const { folder, note, shown, heading, serve, askBeside } = bench;
  for (const scope of ['many', 'one']) {
    const data = join(folder, `ledger-${scope}`);
    mkdirSync(data);
    heading(scope === 'many' ? 'A million contracts of many units, SQLite' : 'A million contracts of one unit, SQLite');
    const plan = await askBeside('ledger', data, String(CONTRACTS), scope);
    note(`${shown(plan.contracts)} contracts of ${plan.units} units made`, plan.seconds, 's');
    const server = await serve(data);
    try {
      if (scope === 'many') {
        for (const clerk of [plan.usual, plan.large]) await records(bench, server, data, clerk, plan.years);
        note('memory after these records (RSS)', server.memory().now, 'MB', { yardstick: `most ${shown(server.memory().most)} MB` });
        await ledger(bench, server, 'ledger of a usual unit', plan.usual, plan.years);
        await ledger(bench, server, 'ledger of the large unit', plan.large, plan.years);
      } else {
        await ledger(bench, server, 'ledger', plan.large, plan.years);
      }
    } finally {
      await server.end();
    }
  }
}
