// The server under test and the rules every browser test is held to. Tests import `test` and `expect` from here.

import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test as base, type BrowserContext, expect, type Page } from '@playwright/test';

const root = fileURLToPath(new URL('..', import.meta.url));
const binary = process.env['SETASIDE_BINARY'] ?? join(process.env['CARGO_TARGET_DIR'] ?? join(root, 'target'), 'debug/setaside');
const site = process.env['SETASIDE_SITE'] ?? join(root, 'target/site-test');
const logs = join(root, 'end2end/results/logs');

/** How long a debug build may take to lay out its example data. */
const READY_WITHIN = 60_000;
/** How long the server may take to close its database when asked to end. */
const END_WITHIN = 5_000;

/** A running server with example data in a folder of its own. */
export interface Server {
  /** Where it answers, without a slash at the end. */
  readonly url: string;
  /** Its data folder, deleted when the worker ends. */
  readonly data: string;
  /** The file its output goes to. */
  readonly log: string;
}

interface WorkerFixtures {
  /** The worker's server. */
  server: Server;
}

interface TestFixtures {
  /** Announces console errors that belong to the test; any other one fails it. */
  allowConsoleError: (pattern: RegExp) => void;
  /** Opens a page with cookies of its own: a second person at another desk, under the same console rule. */
  anotherPerson: () => Promise<Page>;
  /** The console rule itself; tests need not name it. */
  consoleGuard: ConsoleGuard;
}

/** Collects what goes wrong in the browser while a test looks elsewhere. */
class ConsoleGuard {
  readonly #problems: string[] = [];
  readonly #allowed: RegExp[] = [];

  allow(pattern: RegExp): void {
    this.#allowed.push(pattern);
  }

  watch(context: BrowserContext): void {
    context.on('console', (message) => {
      if (message.type() === 'error') this.#problems.push(`${message.text()} (${message.location().url})`);
    });
    context.on('weberror', (problem) => {
      const error = problem.error();
      this.#problems.push(error.stack ?? error.message);
    });
  }

  /** What nobody announced. The patterns are applied at the end, so that a test may announce before or after. */
  unannounced(): string[] {
    return this.#problems.filter((problem) => !this.#allowed.some((pattern) => pattern.test(problem)));
  }
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}

async function untilReady(server: Server, child: ChildProcess): Promise<void> {
  let failure: Error | undefined;
  child.once('error', (error) => (failure = error));
  const deadline = Date.now() + READY_WITHIN;
  while (Date.now() < deadline && failure === undefined && child.exitCode === null && child.signalCode === null) {
    const ready = await fetch(`${server.url}/readyz`, { signal: AbortSignal.timeout(2_000) }).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ready) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const output = readFileSync(server.log, 'utf8').split('\n').slice(-30).join('\n');
  throw new Error(`the server ${binary} did not become ready${failure ? `: ${failure.message}` : ''}\n${output}`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const impatience = setTimeout(() => child.kill('SIGKILL'), END_WITHIN);
  await ended;
  clearTimeout(impatience);
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  server: [
    async ({}, use, worker) => {
      const data = await mkdtemp(join(tmpdir(), 'setaside-browser-test-'));
      mkdirSync(logs, { recursive: true });
      const server = { url: `http://127.0.0.1:${await freePort()}`, data, log: join(logs, `server-${worker.workerIndex}.log`) };
      const output = createWriteStream(server.log);
      await new Promise((resolve) => output.once('open', resolve));
      const child = spawn(binary, ['serve', '--demo', '--listen', new URL(server.url).host, '--data', data], {
        cwd: root,
        env: { ...process.env, SETASIDE_SITE: site },
        stdio: ['ignore', output, output],
      });
      // The worker may be ended without its fixtures' farewell.
      const atExit = () => child.kill('SIGKILL');
      process.once('exit', atExit);
      try {
        await untilReady(server, child);
        await use(server);
      } finally {
        await end(child);
        process.off('exit', atExit);
        output.close();
        await rm(data, { recursive: true, force: true });
      }
    },
    { scope: 'worker', timeout: READY_WITHIN + 2 * END_WITHIN },
  ],

  baseURL: async ({ server }, use) => use(server.url),

  consoleGuard: [
    async ({ context }, use) => {
      const guard = new ConsoleGuard();
      guard.watch(context);
      await use(guard);
      expect(guard.unannounced(), 'errors in the browser’s console').toEqual([]);
    },
    { auto: true },
  ],

  allowConsoleError: async ({ consoleGuard }, use) => use((pattern) => consoleGuard.allow(pattern)),

  anotherPerson: async ({ browser, baseURL, consoleGuard }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async () => {
      const context = await browser.newContext(baseURL === undefined ? {} : { baseURL });
      contexts.push(context);
      consoleGuard.watch(context);
      return context.newPage();
    });
    await Promise.all(contexts.map((context) => context.close()));
  },
});

export { expect };
