// What the public sees: pages under load on both databases, Lighthouse on a telephone, and the files of 300 announcements.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const KB = 1024;
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const quantile = (values, share) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? NaN;

// -- pages under load ---------------------------------------------------------------------------------------------------------

/** Bytes of a page, asked for on a connection of its own: one that was kept has been closed by the server during a load. */
function sizeOf(url) {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, (response) => {
      let size = 0;
      response.on('data', (chunk) => (size += chunk.length));
      response.once('end', () => resolve(size));
    }).once('error', reject);
  });
}

/** Requests a second and the 99th percentile in ms, by wrk with 16 connections on 2 threads. */
function wrk(url, seconds) {
  execFileSync('wrk', ['-c16', '-t2', `-d${Math.max(1, Math.round(seconds / 4))}s`, url], { stdio: 'ignore' });
  const output = execFileSync('wrk', ['-c16', '-t2', `-d${seconds}s`, '--latency', url], { encoding: 'utf8', timeout: (seconds + 60) * 1000 });
  if (/Non-2xx|Socket errors/.test(output)) throw new Error(`wrk ${url}\n${output}`);
  const scale = { us: 0.001, ms: 1, s: 1000 };
  const [, time, unit] = /99%\s+([\d.]+)(us|ms|s)/.exec(output);
  return { rate: Number(/Requests\/sec:\s+([\d.]+)/.exec(output)[1]), p99: Number(time) * scale[unit] };
}

/** The pages of one server beside "hello", which listens as it does. */
async function pages({ note, shown, seconds, hello }, engine, server, long) {
  const yardstick = await hello();
  const sized = {};
  try {
    const bare = wrk(`${yardstick.url}/`, seconds);
    note('bare axum “hello”, same listener', bare.rate, 'req/s', { yardstick: `p99 ${bare.p99.toFixed(2)} ms` });
    for (const [path, what, goal, late] of [
      ['/', 'portal list', 4_000, 20],
      ['/?page=250', 'portal list, page 250 of 500'],
      ['/?unit=%E5%8D%95%E4%BD%8D012&year=2024', 'portal list, searched by unit and year'],
      ['/?q=%E9%87%87%E8%B4%AD', 'portal list, searched by a word that all titles have'],
      [`/announcements/${long}`, 'announcement of 300 lines', 3_000],
      ['/statistics', 'statistics of all announcements'],
    ]) {
      const bytes = await sizeOf(server.url + path);
      sized[bytes] ??= wrk(`${yardstick.url}/bytes/${bytes}`, seconds);
      const { rate, p99 } = wrk(server.url + path, seconds);
      note(`${engine}: ${what} (${shown(bytes / KB)} KB)`, rate, 'req/s', {
        ...(goal && { goal: `≥ ${goal}${late ? `, p99 ≤ ${late} ms` : ''}`, met: rate >= goal && !(p99 > late) }),
        yardstick: `p99 ${p99.toFixed(2)} ms; hello of this size ${shown(sized[bytes].rate)} (${(rate / sized[bytes].rate).toFixed(2)} of it)`,
        ratio: rate / bare.rate,
      });
    }
  } finally {
    await yardstick.end();
  }
}

/** 10 000 published announcements on SQLite, then on PostgreSQL. */
export async function portal(bench) {
  const { seconds, heading, note, serve, seeds, seedsIn, withPostgres } = bench;
  heading(`Portal, SQLite, 10 000 published announcements: wrk -c16 -t2, ${seconds} s each, wrk on the same cores`);
  const { data, plan } = seeds();
  const embedded = await serve(data);
  try {
    await sleep(3_000);
    const idle = embedded.memory();
    await pages(bench, 'SQLite', embedded, plan.long);
    const after = embedded.memory();
    note('memory, idle (RSS)', idle.now, 'MB', { goal: '≤ 40 MB', met: idle.now <= 40 });
    note('memory after the portal’s load (RSS)', after.now, 'MB', { yardstick: `most ${after.most.toFixed(1)} MB` });
  } finally {
    await embedded.end();
  }
  heading('The same on PostgreSQL');
  await withPostgres(async (url) => {
    const seeded = seedsIn('portal-data', url);
    const server = await serve(seeded.data, { env: { SETASIDE_DATABASE_URL: url } });
    try {
      await pages(bench, 'PostgreSQL', server, seeded.plan.long);
    } finally {
      await server.end();
    }
  }, 'postgres-portal');
}

// -- Lighthouse ---------------------------------------------------------------------------------------------------------------

const LIGHTHOUSE = 'lighthouse@12.8.2';

/** Installed where builds lie, when it is first asked for: the tests need nothing of its 200 packages. */
function lighthouseIn(folder) {
  const program = join(folder, 'node_modules', '.bin', 'lighthouse');
  if (!existsSync(program)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{"private":true}\n');
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', LIGHTHOUSE], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  }
  return program;
}

/** Public pages as a slow telephone sees them, in Lighthouse's own simulation. */
export async function lighthouse({ root, folder, heading, note, serve, seeds }) {
  heading(`${LIGHTHOUSE}, mobile, 10 000 announcements: performance, accessibility, best practices, search engines`);
  const program = lighthouseIn(join(root, 'target', 'lighthouse'));
  const { data, plan } = seeds();
  const server = await serve(data);
  try {
    const list = await (await fetch(server.url)).text();
    const [, unit] = /href="(\/units\/[^"]+)"/.exec(list);
    for (const [what, path] of [['portal list', '/'], ['announcement of 300 lines', `/announcements/${plan.long}`], ['page of a unit', unit], ['units', '/units'], ['years', '/years'], ['statistics', '/statistics']]) {
      const report = join(folder, 'lighthouse.json');
      const args = [server.url + path, '--quiet', '--output=json', `--output-path=${report}`, '--chrome-flags=--headless=new --no-sandbox --disable-background-networking'];
      execFileSync(program, args, { env: { CHROME_PATH: '/usr/bin/chromium', ...process.env }, stdio: ['ignore', 'ignore', 'inherit'], timeout: 180_000 });
      const { categories, audits } = JSON.parse(readFileSync(report, 'utf8'));
      const scores = ['performance', 'accessibility', 'best-practices', 'seo'].map((name) => Math.round(100 * categories[name].score));
      const paint = audits['largest-contentful-paint'].displayValue;
      note(`Lighthouse mobile, ${what}`, scores.join(' '), 'of 100', { goal: '≥ 98 each', met: scores.every((score) => score >= 98), yardstick: `largest paint ${paint}` });
    }
  } finally {
    await server.end();
  }
}

// -- files of many announcements ----------------------------------------------------------------------------------------------

const MANY = 300;
const LONGEST = 1_000;

async function timed(url) {
  const begun = performance.now();
  const answer = await fetch(url);
  const body = Buffer.from(await answer.arrayBuffer());
  if (answer.status !== 200) throw new Error(`${url}: ${answer.status}`);
  return { ms: performance.now() - begun, body };
}

/** Every announcement that the feed of changes names, with its data. */
async function published(url) {
  const numbers = new Set();
  let next = '/api/v1/announcements?limit=200';
  while (next) {
    const page = JSON.parse((await timed(url + next)).body);
    for (const { announcement } of page.changes) numbers.add(announcement.number);
    // Given as a whole address; what is measured stands at the same place.
    next = page.changes.length > 0 && page.next ? page.next.slice(new URL(page.next).origin.length) : undefined;
  }
  return [...numbers];
}

/** What the demo generator makes by the commands of the office, and every page and file of it, each asked for the first time. */
export async function files({ folder, heading, note, serve }) {
  heading(`${MANY} announcements of 1 to ${LONGEST} lines made by serve --demo --demo-announcements ${MANY}`);
  const server = await serve(join(folder, 'many'), { args: ['--demo', '--demo-announcements', String(MANY)], env: { SETASIDE_API_PER_MINUTE: '100000' }, within: 300_000 });
  try {
    note('made and ready after', server.startMs / 1000, 's');
    const kinds = [['page', ''], ['XLSX', '/detail.xlsx'], ['CSV', '/detail.csv'], ['PDF', '/announcement.pdf']];
    const times = Object.fromEntries(kinds.map(([kind]) => [kind, []]));
    let lines = 0;
    let wrong = 0;
    let longest = { lines: 0 };
    const numbers = await published(server.url);
    for (const number of numbers) {
      const address = `${server.url}/announcements/${number}`;
      const data = JSON.parse((await timed(`${server.url}/api/v1/announcements/${number}`)).body);
      lines += data.lines.length;
      const took = {};
      for (const [kind, path] of kinds) {
        const { ms, body } = await timed(address + path);
        times[kind].push(ms);
        took[kind] = { ms, size: body.length };
        // The header of the table is a row too; the file's last line ends like the others.
        const rows = { page: () => body.toString().split('<tbody>')[1].split('</tbody>')[0].split('<tr').length - 1, CSV: () => body.toString().trimEnd().split('\r\n').length - 1 }[kind];
        if (rows && rows() !== data.lines.length) wrong += 1;
      }
      if (data.lines.length > longest.lines) longest = { lines: data.lines.length, took };
    }
    note('announcements; lines in all', `${numbers.length}; ${lines}`, '', { yardstick: `longest ${longest.lines}` });
    note('pages and CSV with another number of lines than the data', wrong, '', { goal: '0', met: wrong === 0 });
    for (const [kind] of kinds) {
      const { ms, size } = longest.took[kind];
      note(`${kind} of ${longest.lines} lines, made for the first reader`, ms, 'ms', {
        ...(kind === 'PDF' && { goal: '≤ 1 000 ms', met: ms <= 1_000 }),
        yardstick: `${(size / KB).toFixed(0)} KB; of all: p50 ${quantile(times[kind], 0.5).toFixed(1)} ms, p95 ${quantile(times[kind], 0.95).toFixed(1)} ms`,
      });
    }
  } finally {
    await server.end();
  }
}

// -- PDF ----------------------------------------------------------------------------------------------------------------------

/** The file that is made anew for the first reader of each announcement. */
export async function pdf({ heading, note, shown, serve, ask, copyOfSeeds }) {
  heading('PDF of an announcement of 1 000 lines: from the request to the whole file, each announcement once');
  const data = copyOfSeeds('pdf');
  const { numbers } = JSON.parse(ask('long', data, '7', '1000'));
  const server = await serve(data);
  try {
    const before = server.memory();
    const times = [];
    let bytes = 0;
    for (const number of numbers) {
      const from = performance.now();
      const response = await fetch(`${server.url}/announcements/${number}/announcement.pdf`);
      const file = await response.arrayBuffer();
      times.push(performance.now() - from);
      if (!response.ok) throw new Error(`${number}: ${response.status}`);
      bytes = file.byteLength;
    }
    times.sort((a, b) => a - b);
    const after = server.memory();
    note(`PDF of 1 000 lines (${shown(bytes / KB)} KB), at most`, times.at(-1), 'ms', { goal: '≤ 1 000 ms', met: times.at(-1) <= 1_000, yardstick: `p50 ${times[3].toFixed(0)} ms; the page itself ${shown(await sizeOf(`${server.url}/announcements/${numbers[0]}`) / KB)} KB` });
    note('more memory at most, meanwhile', after.most - before.now, 'MB');
  } finally {
    await server.end();
  }
}

/** The folder of the repository. */
export const root = fileURLToPath(new URL('..', import.meta.url));
