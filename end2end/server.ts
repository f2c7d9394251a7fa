// The server under test and the rules every browser test is held to. Tests import `test` and `expect` from here.
//
// Each worker lays out the example data once (a template) and signs every demo account in; each test gets a copy of it and a
// server of its own. So a test may use up whatever it finds, move the clock, or kill the server, and no other test notices.

import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test as base, type BrowserContext, type BrowserContextOptions, expect, type Page } from '@playwright/test';

const root = fileURLToPath(new URL('..', import.meta.url));
export const binary = process.env['SETASIDE_BINARY'] ?? join(process.env['CARGO_TARGET_DIR'] ?? join(root, 'target'), 'debug/setaside');
const site = process.env['SETASIDE_SITE'] ?? join(root, 'target/site-test');
const logs = join(root, 'end2end/results/logs');

/** How long a debug build may take to lay out its example data. */
const READY_WITHIN = 60_000;
/** How long the server may take to close its database when asked to end. */
const END_WITHIN = 5_000;
/** When the example data are made and every test begins; the server's clock stands until a test sets it. */
export const NOW = '2026-03-20 09:00:00';
/** The password of every demo account. */
export const PASSWORD = 'Demo#2024';
/** The demo accounts. */
export const ACCOUNTS = ['unit03', 'unit99', 'pudong', 'jdc', 'reviewer', 'leader', 'admin'] as const;
/** One of them. */
export type Account = (typeof ACCOUNTS)[number];

/** A running server with example data in a folder of its own. */
export interface Server {
  /** Where it answers, without a slash at the end. */
  readonly url: string;
  /** Its data folder, deleted when the test ends. */
  readonly data: string;
  /** The file its output goes to. */
  readonly log: string;
  /** The session tokens with which the demo accounts are signed in already. */
  readonly sessions: Readonly<Record<Account, string>>;
  /** Sets the server's clock, for example `2026-03-20 10:00:00` (Shanghai). */
  setClock: (local: string) => Promise<void>;
  /** Kills the server as a power cut would. */
  kill: () => Promise<void>;
  /** Starts it again on the same data, at the same address. */
  restart: () => Promise<void>;
}

interface WorkerFixtures {
  /** Example data with every account signed in, to be copied. */
  template: Template;
}

interface TestFixtures {
  /** The test's own server. */
  server: Server;
  /** The page, signed in as this account: cookies only, no form. */
  signedIn: (account: Account) => Promise<Page>;
  /** Announces console errors that belong to the test; any other one fails it. */
  allowConsoleError: (pattern: RegExp) => void;
  /** Opens a page with cookies of its own: a second person at another desk, under the same console rule. */
  anotherPerson: (account?: Account, options?: BrowserContextOptions) => Promise<Page>;
  /** The console rule itself; tests need not name it. */
  consoleGuard: ConsoleGuard;
}

interface Template {
  readonly data: string;
  readonly sessions: Record<Account, string>;
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

/** The server's process: started on a data folder, ended with SIGTERM or killed. */
class Process {
  #child: ChildProcess | undefined;
  // The worker may be ended without its fixtures' farewell.
  readonly #atExit = () => void this.#child?.kill('SIGKILL');

  constructor(
    readonly url: string,
    readonly data: string,
    readonly log: string,
  ) {}

  async start(): Promise<void> {
    mkdirSync(logs, { recursive: true });
    const output = openSync(this.log, 'a');
    const child = spawn(binary, ['serve', '--demo', '--listen', new URL(this.url).host, '--data', this.data], {
      cwd: root,
      env: { ...process.env, SETASIDE_SITE: site, SETASIDE_TEST_CLOCK: NOW },
      stdio: ['ignore', output, output],
    });
    closeSync(output);
    this.#child = child;
    process.on('exit', this.#atExit);
    let failure: Error | undefined;
    child.once('error', (error) => (failure = error));
    const deadline = Date.now() + READY_WITHIN;
    while (Date.now() < deadline && failure === undefined && child.exitCode === null && child.signalCode === null) {
      const ready = await fetch(`${this.url}/readyz`, { signal: AbortSignal.timeout(2_000) }).then(
        (answer) => answer.ok,
        () => false,
      );
      if (ready) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const said = readFileSync(this.log, 'utf8').split('\n').slice(-30).join('\n');
    throw new Error(`the server ${binary} did not become ready${failure ? `: ${failure.message}` : ''}\n${said}`);
  }

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    process.off('exit', this.#atExit);
    const child = this.#child;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill(signal);
    const impatience = setTimeout(() => child.kill('SIGKILL'), END_WITHIN);
    await ended;
    clearTimeout(impatience);
  }
}

async function signIn(url: string, login: Account): Promise<string> {
  const answer = await fetch(`${url}/sign-in`, {
    method: 'POST',
    headers: { Origin: url },
    body: new URLSearchParams({ login, password: PASSWORD, next: '' }),
    redirect: 'manual',
  });
  const token = /setaside=([0-9a-f]{64})/.exec(answer.headers.get('set-cookie') ?? '')?.[1];
  if (token === undefined) throw new Error(`${login} could not sign in: ${answer.status}`);
  return token;
}

async function giveSession(context: BrowserContext, server: Server, account: Account): Promise<void> {
  await context.addCookies([{ name: 'setaside', value: server.sessions[account], url: server.url, httpOnly: true, sameSite: 'Lax' }]);
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  template: [
    async ({}, use, worker) => {
      const data = await mkdtemp(join(tmpdir(), 'setaside-browser-template-'));
      const process = new Process(`http://127.0.0.1:${await freePort()}`, data, join(logs, `template-${worker.workerIndex}.log`));
      try {
        await process.start();
        const sessions = Object.fromEntries(await Promise.all(ACCOUNTS.map(async (account) => [account, await signIn(process.url, account)])));
        await process.end('SIGTERM');
        await use({ data, sessions });
      } finally {
        await process.end('SIGKILL');
        await rm(data, { recursive: true, force: true });
      }
    },
    { scope: 'worker', timeout: READY_WITHIN + 2 * END_WITHIN },
  ],

  server: async ({ template }, use, info) => {
    const data = await mkdtemp(join(tmpdir(), 'setaside-browser-test-'));
    await cp(template.data, data, { recursive: true });
    const process = new Process(`http://127.0.0.1:${await freePort()}`, data, join(logs, `${basename(info.file, '.spec.ts')}-${info.line}.log`));
    await process.start();
    const setClock = async (local: string) => {
      const answer = await fetch(`${process.url}/test/clock`, { method: 'POST', headers: { Origin: process.url, 'Content-Type': 'text/plain' }, body: local });
      if (!answer.ok) throw new Error(`the clock was not set: ${answer.status} ${await answer.text()} (is the server built with the feature test-clock?)`);
    };
    const { url, log } = process;
    try {
      await use({ url, data, log, sessions: template.sessions, setClock, kill: () => process.end('SIGKILL'), restart: () => process.start() });
    } finally {
      await process.end('SIGTERM');
      await rm(data, { recursive: true, force: true });
    }
  },

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

  signedIn: async ({ page, server }, use) =>
    use(async (account) => {
      await giveSession(page.context(), server, account);
      return page;
    }),

  allowConsoleError: async ({ consoleGuard }, use) => use((pattern) => consoleGuard.allow(pattern)),

  anotherPerson: async ({ browser, server, consoleGuard, viewport }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (account, options) => {
      const context = await browser.newContext({ baseURL: server.url, viewport, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', ...options });
      contexts.push(context);
      consoleGuard.watch(context);
      if (account !== undefined) await giveSession(context, server, account);
      return context.newPage();
    });
    await Promise.all(contexts.map((context) => context.close()));
  },
});

export { expect };
