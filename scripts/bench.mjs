// Measures the released server on this machine, over loopback only, and prints every figure beside its yardstick.
// `node scripts/bench.mjs [sizes] [portal] [lighthouse] [files] [saves] [postgres] [publish] [pdf] [grid] [preview] [start] [import] [generate]`; scripts/bench.sh builds what it needs.
// The parts about the public side stand in bench-portal.mjs, those about contracts in bench-import.mjs and bench-ledger.mjs, those in the
// office's pages in bench-grid.mjs and bench-preview.mjs.

import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { grid } from './bench-grid.mjs';
import { imports } from './bench-import.mjs';
import { generate } from './bench-ledger.mjs';
import { files, lighthouse, pdf, portal, root } from './bench-portal.mjs';
import { preview } from './bench-preview.mjs';

const PARTS = ['sizes', 'portal', 'lighthouse', 'files', 'saves', 'postgres', 'publish', 'pdf', 'grid', 'preview', 'start', 'import', 'generate'];
const seconds = Number(process.env.BENCH_SECONDS ?? 10);
const { BENCH_BINARY: binary, BENCH_TOOL: tool, BENCH_SITE: site } = process.env;
const asked = process.argv.slice(2);
if (!binary || !tool || !site || !(seconds > 0) || asked.some((part) => !PARTS.includes(part))) {
  console.error(`usage: scripts/bench.sh [${PARTS.join('] [')}]`);
  process.exit(2);
}
const parts = asked.length > 0 ? asked : PARTS;
for (const path of [binary, tool, join(site, 'manifest.json')]) {
  if (!existsSync(path)) {
    console.error(`bench: ${path} is missing`);
    process.exit(2);
  }
}

const folder = mkdtempSync(join(process.env.BENCH_FOLDER ?? '/var/tmp', 'setaside-bench-'));
// PostgreSQL runs as a user of its own below this folder.
chmodSync(folder, 0o711);
const running = new Set();
const figures = [];

/** Notes a figure and prints its line. */
function note(what, value, unit, { yardstick, ratio, goal, met } = {}) {
  figures.push({ what, value, unit, yardstick, ratio, goal, met });
  const cells = [what.padEnd(62), `${shown(value)} ${unit}`.padStart(16)];
  if (goal) cells.push(`goal ${goal}${met === undefined ? '' : met ? ' ✓' : ' MISSED'}`.padEnd(24));
  if (yardstick) cells.push(`${yardstick}${ratio ? `, ratio ${ratio.toFixed(2)}` : ''}`);
  console.log(cells.join('  ').trimEnd());
}

function shown(value) {
  if (typeof value !== 'number') return String(value);
  return value >= 100 ? Math.round(value).toLocaleString('en').replaceAll(',', ' ') : value.toFixed(value >= 10 ? 1 : 2);
}

function heading(text) {
  console.log(`\n${text}  (load ${loadavg()[0].toFixed(2)})`);
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** A program of ours that answers over HTTP, from its start to its end. */
class Server {
  static async start(program, args, { ready = '/readyz', env = {}, within = 30_000 } = {}) {
    const port = await freePort();
    const host = `127.0.0.1:${port}`;
    const server = new Server();
    const begun = performance.now();
    const child = spawn(program, args(host), { env: { ...process.env, SETASIDE_SITE: site, SETASIDE_LOG: 'warn', ...env }, stdio: ['ignore', 'ignore', 'inherit'] });
    running.add(child);
    let broken;
    child.once('error', (error) => (broken = error));
    server.child = child;
    server.host = host;
    server.url = `http://${host}`;
    while (!(await answers(port, ready))) {
      if (broken || child.exitCode !== null || performance.now() - begun > within) throw new Error(`${program} did not answer`, { cause: broken });
      await sleep(1);
    }
    server.startMs = performance.now() - begun;
    return server;
  }

  async end() {
    const { child } = this;
    if (child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      const impatience = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await ended;
      clearTimeout(impatience);
    }
    running.delete(child);
  }

  /** Processor time so far in ms, in steps of 10: what the work costs, also while others use the machine. */
  cpu() {
    const words = readFileSync(`/proc/${this.child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return 10 * (Number(words[11]) + Number(words[12]));
  }

  /** Memory in MB: of now, and the most so far. */
  memory() {
    const status = readFileSync(`/proc/${this.child.pid}/status`, 'utf8');
    const mb = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) / 1024;
    return { now: mb('VmRSS'), most: mb('VmHWM') };
  }
}

/** One plain request on a connection of its own, so that nothing but the server's start is waited for. */
function answers(port, path) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nconnection: close\r\n\r\n`));
    socket.setTimeout(2_000, () => socket.destroy());
    socket.once('data', (data) => {
      resolve(data.toString('latin1').startsWith('HTTP/1.1 200'));
      socket.destroy();
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}

const serve = (data, { args = [], ...options } = {}) => Server.start(binary, (host) => ['serve', '--listen', host, '--data', data, ...args], options);
const hello = () => Server.start(tool, (host) => ['hello', host], { ready: '/' });
const ask = (...args) => execFileSync(tool, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, timeout: 300_000 });

/** The writers and servers must run side by side, so this one does not block. */
function askBeside(...args) {
  return new Promise((resolve, reject) => {
    const child = spawn(tool, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    running.add(child);
    let output = '';
    child.stdout.on('data', (data) => (output += data));
    child.once('error', reject);
    child.once('close', (code) => {
      running.delete(child);
      if (code === 0) resolve(JSON.parse(output));
      else reject(new Error(`${args[0]} ended with ${code}`));
    });
  });
}

let seeded;
/** Data folder and plan of the seeds, made once; measurements that write work on a copy. */
function seeds() {
  return (seeded ??= seedsIn('seeded'));
}

/** Seeds in a folder of their own, in the database at `url` where one is given. */
function seedsIn(name, ...url) {
  const data = join(folder, name);
  mkdirSync(data);
  const planFile = join(folder, `${name}-plan.json`);
  writeFileSync(planFile, ask('seed', data, ...url));
  return { data, planFile, plan: JSON.parse(readFileSync(planFile, 'utf8')) };
}

function copyOfSeeds(name) {
  const data = join(folder, name);
  cpSync(seeds().data, data, { recursive: true });
  return data;
}

// -- sizes --------------------------------------------------------------------------------------------------------------------

const KB = 1024;

function sizesOf(path) {
  const content = readFileSync(path);
  const packed = (ending, pack) => (existsSync(path + ending) ? readFileSync(path + ending).length : pack(content).length);
  return [content.length, packed('.gz', gzipSync), packed('.br', brotliCompressSync)];
}

async function sizes() {
  heading('What travels: brotli (raw / gzip), KB');
  const manifest = JSON.parse(readFileSync(join(site, 'manifest.json'), 'utf8'));
  const sum = (addresses) => addresses.map((address) => sizesOf(join(site, address))).reduce((a, b) => a.map((size, at) => size + b[at]), [0, 0, 0]);
  const of = (...names) => sum(names.map((name) => manifest[name]));
  const line = (what, [raw, gzip, brotli], goal) =>
    note(what, brotli / KB, 'KB', { yardstick: `raw ${shown(raw / KB)}, gzip ${shown(gzip / KB)}`, ...(goal && { goal: `≤ ${goal} KB`, met: brotli / KB <= goal }) });
  const { data, plan } = seeds();
  const server = await serve(data);
  try {
    const travels = async (path) => Number(Buffer.byteLength(await (await fetch(server.url + path, { headers: { 'accept-encoding': 'identity' } })).text()));
    const encoded = async (path) => (await fetch(server.url + path, { headers: { 'accept-encoding': 'br, gzip' } })).headers.get('content-encoding');
    for (const [what, path] of [['portal list, first load: page + style', '/'], ['announcement of 300 lines, first load: page + style', `/announcements/${plan.long}`]]) {
      const html = await travels(path);
      const how = await encoded(path);
      const style = of('portal_css');
      const wire = how ? await wireBytes(server, path) : html;
      note(what, (wire + style[2]) / KB, 'KB', { yardstick: `page ${shown(html / KB)} raw, sent ${how ?? 'uncompressed'}; style ${shown(style[2] / KB)}`, goal: '≤ 100 KB', met: (wire + style[2]) / KB <= 100 });
    }
  } finally {
    await server.end();
  }
  line('portal style', of('portal_css'));
  line('office: WebAssembly of every page', of('wasm'));
  for (const [part, addresses] of Object.entries(manifest.parts)) {
    line(`office: WebAssembly of a page of “${part}”, in ${addresses.length + 1} files`, sum([manifest.wasm, ...addresses]), 500);
  }
  line('office: WebAssembly, all parts together', sum([manifest.wasm, ...new Set(Object.values(manifest.parts).flat())]));
  line('office: script', sum([manifest.js, manifest.js.replace('setaside.js', '__wasm_split.js')]));
  line('office: style', of('css'));
  line('office, first load of its first page: WebAssembly + script + style', sum([manifest.wasm, manifest.js, manifest.js.replace('setaside.js', '__wasm_split.js'), manifest.css]));
  line('editor module, on the editor page alone', of('editor'));
}

/** Bytes of a body as they travel, which fetch would unpack. */
async function wireBytes(server, path) {
  const output = execFileSync('curl', ['-s', '-H', 'accept-encoding: br, gzip', '-o', '/dev/null', '-w', '%{size_download}', server.url + path], { encoding: 'utf8' });
  return Number(output);
}

// -- saves --------------------------------------------------------------------------------------------------------------------

async function saveRuns(name, hosts, { planFile, goal, yardstick, base }) {
  for (const [scope, what] of [['spread', '32 records of 200 lines'], ['one', 'all on one record of 200 lines']]) {
    const result = await askBeside('saves', planFile, hosts.join(','), '32', String(seconds), scope);
    note(`${name}, 32 writers, ${what}`, result.rate, 'saves/s', {
      ...(goal && { goal: `≥ ${goal}`, met: result.rate >= goal }),
      yardstick: `p50 ${result.p50.toFixed(1)} ms, p99 ${result.p99.toFixed(1)} ms; ${yardstick}`,
      ratio: result.rate / base,
    });
  }
}

function verify(...args) {
  const checked = JSON.parse(ask('check', ...args));
  note('records whose stored sums differ from their lines afterwards', checked.wrong.length, `of ${checked.records}`);
  for (const wrong of checked.wrong.slice(0, 3)) console.log(`    ${wrong}`);
}

let disk;
function diskRates() {
  if (!disk) {
    disk = JSON.parse(ask('disk', folder, String(seconds)));
    note('disk: 4 KB written and fdatasync, one by one', disk.fdatasync, 'per s');
    note('disk: 4 KB written and fsync, one by one', disk.fsync, 'per s');
    note('disk: SQLite commits of one row, one by one (WAL, FULL)', disk.sqlite_commits, 'per s');
  }
  return disk;
}

async function saves() {
  heading(`Durable saves through POST /api/save_line, SQLite synchronous=FULL, ${seconds} s each`);
  const rates = diskRates();
  const data = copyOfSeeds('saves');
  const { planFile } = seeds();
  const server = await serve(data);
  try {
    const one = await askBeside('saves', planFile, server.host, '1', String(seconds), 'spread');
    note('SQLite, one writer', one.rate, 'saves/s', { yardstick: `p50 ${one.p50.toFixed(1)} ms, p99 ${one.p99.toFixed(1)} ms; commits one by one ${shown(rates.sqlite_commits)}`, ratio: one.rate / rates.sqlite_commits });
    await saveRuns('SQLite', [server.host], { planFile, goal: 2_000, yardstick: `fdatasync ${shown(rates.fdatasync)}`, base: rates.fdatasync });
    const after = server.memory();
    note('memory after the saves (RSS)', after.now, 'MB', { yardstick: `most ${after.most.toFixed(1)} MB` });
  } finally {
    await server.end();
  }
  verify(planFile, data);
}

// -- PostgreSQL ---------------------------------------------------------------------------------------------------------------

/** A cluster of its own with durable commits, unlike the one of the tests. */
async function withPostgres(run, name = 'postgres') {
  const found = execFileSync('sh', ['-c', 'command -v initdb || ls /usr/lib/postgresql/*/bin/initdb 2>/dev/null | sort -V | tail -1'], { encoding: 'utf8' }).trim();
  if (!found) throw new Error('no PostgreSQL here: scripts/setup.sh test installs it');
  const programs = join(found, '..');
  const home = join(folder, name);
  mkdirSync(home);
  const isRoot = process.getuid() === 0;
  if (isRoot) {
    const ids = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' })));
    chownSync(home, ids[0], ids[1]);
  }
  const as = (program, args) => {
    const [first, ...rest] = isRoot ? ['runuser', '-u', 'postgres', '--', join(programs, program), ...args] : [join(programs, program), ...args];
    return execFileSync(first, rest, { cwd: home, stdio: ['ignore', 'ignore', 'pipe'], timeout: 60_000 });
  };
  const data = join(home, 'data');
  as('initdb', ['-D', data, '-A', 'trust', '-U', 'setaside', '-E', 'UTF8', '--locale=C', '--no-sync']);
  const port = await freePort();
  as('pg_ctl', ['-D', data, '-l', join(home, 'log'), '-s', '-w', '-t', '30', '-o', `-p ${port} -k ${home} -c listen_addresses=127.0.0.1 -c max_connections=100`, 'start']);
  try {
    await run(`postgres://setaside@127.0.0.1:${port}/postgres`);
  } finally {
    as('pg_ctl', ['-D', data, '-m', 'fast', '-s', 'stop']);
  }
}

async function postgres() {
  heading(`Durable saves on PostgreSQL (fsync and synchronous_commit on), two instances of the server, ${seconds} s each`);
  const rates = diskRates();
  await withPostgres(async (url) => {
    const { data, planFile } = seedsIn('postgres-data', url);
    const env = { SETASIDE_DATABASE_URL: url };
    const servers = [await serve(data, { env }), await serve(data, { env })];
    try {
      const hosts = servers.map((server) => server.host);
      await saveRuns('PostgreSQL, two instances', hosts, { planFile, goal: 1_200, yardstick: `fdatasync ${shown(rates.fdatasync)}`, base: rates.fdatasync });
    } finally {
      await Promise.all(servers.map((server) => server.end()));
    }
    verify(planFile, data, url);
  });
}

// -- publication at the set time ----------------------------------------------------------------------------------------------

const DUE = 1_000;
const KILLED_AFTER = 150;

/** Watches until all are out; says how late, and whether each went out once. */
async function watchPublication(name, data, at, url) {
  const late = await askBeside('watch', data, String(DUE), String(at), ...(url ? [url] : []));
  note(`${name}, late by, p99`, late.p99, 'ms', { goal: '≤ 1 000 ms', met: late.p99 <= 1_000, yardstick: `p50 ${late.p50} ms, max ${late.max} ms, first ${late.first} ms` });
  note(`${name}, published exactly once`, late.once ? DUE : late.published, `of ${DUE}`, { goal: 'all', met: late.once, yardstick: `${late.events} entries in the log` });
}

async function publish() {
  heading(`${DUE} announcements of 12 lines due at the same second`);
  const one = copyOfSeeds('publish');
  const { at } = JSON.parse(ask('schedule', one, String(DUE)));
  const alone = await serve(one);
  try {
    await watchPublication('SQLite, one process', one, at);
  } finally {
    await alone.end();
  }
  await withPostgres(async (url) => {
    const data = join(folder, 'publish-data');
    mkdirSync(data);
    ask('seed', data, url);
    const env = { SETASIDE_DATABASE_URL: url };
    const due = JSON.parse(ask('schedule', data, String(DUE), url)).at;
    const servers = [await serve(data, { env }), await serve(data, { env })];
    // In the middle of it one is killed as a power cut would do it.
    const cut = setTimeout(() => servers[0].child.kill('SIGKILL'), due + KILLED_AFTER - Date.now());
    try {
      await watchPublication(`PostgreSQL, two processes, one killed after ${KILLED_AFTER} ms`, data, due, url);
    } finally {
      clearTimeout(cut);
      await Promise.all(servers.map((server) => server.end()));
    }
  }, 'postgres-publish');
}

// -- cold start ---------------------------------------------------------------------------------------------------------------

async function start() {
  heading('Cold start: spawn to the first 200 of /readyz, median of 10');
  const median = (times) => times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
  const empty = [];
  const existing = [];
  const { data } = seeds();
  for (let turn = 0; turn < 10; turn += 1) {
    const fresh = join(folder, `fresh-${turn}`);
    const first = await serve(fresh);
    empty.push(first.startMs);
    await first.end();
    const again = await serve(data);
    existing.push(again.startMs);
    await again.end();
  }
  for (const [what, times] of [['empty data folder (tables are made)', empty], ['existing database', existing]]) {
    const middle = median(times);
    note(`cold start, ${what}`, middle, 'ms', { goal: '≤ 300 ms', met: middle <= 300, yardstick: `from ${Math.round(times[0])} to ${Math.round(times.at(-1))} ms` });
  }
}

// -----------------------------------------------------------------------------------------------------------------------------

for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143]]) {
  process.once(signal, () => {
    for (const child of running) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
    process.exit(code);
  });
}

const bench = { root, folder, seconds, note, shown, heading, serve, hello, ask, askBeside, seeds, seedsIn, copyOfSeeds, withPostgres };
const done = { sizes, portal: () => portal(bench), lighthouse: () => lighthouse(bench), files: () => files(bench), saves, postgres, publish, pdf: () => pdf(bench), start, grid: () => grid(bench), preview: () => preview(bench), import: () => imports(bench), generate: () => generate(bench) };
let failed = false;
try {
  const commit = execFileSync('git', ['-C', root, 'describe', '--always', '--dirty'], { encoding: 'utf8' }).trim();
  console.log(`${new Date().toISOString()}  ${commit}  ${cpus().length} × ${cpus()[0]?.model.trim()}  ${(totalmem() / 2 ** 30).toFixed(0)} GiB  load ${loadavg().map((load) => load.toFixed(2)).join(' ')}`);
  for (const part of parts) {
    try {
      await done[part]();
    } catch (error) {
      failed = true;
      console.error(`bench: ${part}: ${error.stack ?? error}`);
    }
  }
} finally {
  for (const child of running) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}
const results = join(root, 'target', 'bench.json');
mkdirSync(join(root, 'target'), { recursive: true });
writeFileSync(results, `${JSON.stringify({ at: new Date().toISOString(), seconds, load: loadavg(), figures }, null, 2)}\n`);
console.log(`\nfigures: ${results}`);
process.exit(failed ? 1 : 0);
