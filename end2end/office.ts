// What tests do again and again: open a page, look at it with axe, prepare a record by the commands that the page itself sends.

import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { type Account, expect, type Server } from './server';

/** The name of the unit of each clerk. */
export const UNITS = { unit03: '测试区采购单位03', unit99: '测试区采购单位99', pudong: '浦东新区采购中心', jdc: '上海机动车管理中心' } as const;

/** What the sample of contracts must come to, by `unit/year`. */
export interface Expected {
  lines: number;
  sme_wan: string;
  small_micro_wan: string;
  ratio: string;
  left_out: Record<string, number>;
  needs_input: number;
  errors: number;
}
export const EXPECTED = JSON.parse(readFileSync(fileURLToPath(new URL('../data/contracts-sample.expected.json', import.meta.url)), 'utf8')) as Record<string, Expected>;

export function expected(unit: keyof typeof UNITS, year: number): Expected {
  const found = EXPECTED[`${UNITS[unit]}/${year}`];
  if (found === undefined) throw new Error(`the sample has no ${unit}/${year}`);
  return found;
}

/** Waits until the page answers to a person. */
export async function alive(page: Page): Promise<void> {
  await page.locator('html[data-ready]').waitFor({ state: 'attached' });
}

/** Opens an address of the office. */
export async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await alive(page);
}

/** No violation of any rule of axe, contrast included, in everything that is shown now. */
export async function expectAccessible(page: Page): Promise<void> {
  // What fades in has no contrast yet.
  await page.evaluate(async () => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => undefined))));
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id} (${help}): ${node.target.join(' ')} — ${node.failureSummary ?? ''}`));
  expect(found, `axe at ${page.url()}`).toEqual([]);
}

/** The open dialog of this title. */
export function dialog(page: Page, title: string): Locator {
  return page.getByRole('dialog', { name: title, exact: true });
}

/** Presses 「确定」 of the open dialog and waits until it has closed. */
export async function confirm(box: Locator): Promise<void> {
  await box.getByRole('button', { name: '确定' }).click();
  await expect(box).toBeHidden();
}

/**
 * Closes a page as a person does: not within the millisecond of the last key, in which the browser has not yet handed on what the page
 * put into its storage. Another page of the same browser sees it first.
 */
export async function closeKept(page: Page): Promise<void> {
  const stored = (shown: Page) => shown.evaluate(() => Object.entries(localStorage).sort());
  const witness = await page.context().newPage();
  await witness.route('**/*', async (route) => route.fulfill({ contentType: 'text/html', body: '<title>-</title>' }));
  await witness.goto(new URL('/', page.url()).href);
  const kept = await stored(page);
  await expect.poll(async () => stored(witness)).toEqual(kept);
  await page.close();
  await witness.close();
}

/** Waits until the page says that everything is stored. */
export async function saved(page: Page): Promise<void> {
  await expect(page.locator('.saved-note')).toContainText('已保存');
}

/** A row of the detail table while it is edited, by its place in the view (from 1). */
export function row(page: Page, number: number): Locator {
  return page.locator(`#lines-grid [role=row][aria-rowindex="${number + 1}"]`);
}

/** A cell of the detail table while it is edited. */
export function cell(page: Page, number: number, code: string): Locator {
  return row(page, number).locator(`[data-column="${code}"]`);
}

/** The box that the detail table is typed into. */
export function box(page: Page): Locator {
  return page.locator('#grid-input');
}

/** Goes to a cell, also one that is not drawn yet. */
export async function goTo(page: Page, number: number, code: string): Promise<void> {
  if ((await row(page, number).count()) === 0) {
    await page.locator('#lines-grid .sheet-scroll').evaluate((element, at) => element.scrollTo(0, (at - 3) * 34), number);
  }
  await cell(page, number, code).click();
  await expectActive(page, number, code);
}

/** Types a text over what a cell holds; still being typed into afterwards. */
export async function write(page: Page, number: number, code: string, text: string): Promise<void> {
  await goTo(page, number, code);
  await page.keyboard.press('F2');
  await box(page).fill(text);
}

/** Types a text over what a cell holds, and takes it. */
export async function put(page: Page, number: number, code: string, text: string): Promise<void> {
  await write(page, number, code, text);
  await page.keyboard.press('Enter');
}

/** This cell is active and has the focus. */
export async function expectActive(page: Page, number: number, code: string): Promise<void> {
  await expect(cell(page, number, code)).toHaveClass(/is-active/);
  await expect(box(page)).toBeFocused();
}

/** The detail table has this many rows, drawn or not. */
export async function expectRows(page: Page, count: number): Promise<void> {
  await expect(page.getByRole('grid')).toHaveAttribute('aria-rowcount', `${count + 1}`);
}

/** A line as the server gives it, as far as tests look. */
export interface Line {
  id: string;
  version: number;
}

/** A record's page as the server gives it, as far as tests look. */
export interface View {
  record: { id: string; version: number; content_version: number; remark: string };
  lines: Line[];
  left_out: { id: string; rule: string; contract: { project_name: string; contract_no: string } }[];
  candidates: { assignee: unknown; name: string; unit_name: string }[];
}

/** A person's commands as their pages send them, for what a test needs done before it begins. */
export class Desk {
  constructor(
    readonly server: Server,
    readonly account: Account,
  ) {}

  /** Sends a command; the answer as it came. */
  async send(command: string, body: unknown): Promise<Response> {
    return fetch(`${this.server.url}/api/${command}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: this.server.url, Cookie: `setaside=${this.server.sessions[this.account]}` },
      body: JSON.stringify(body),
    });
  }

  /** Sends a command that must succeed. */
  async ask<T>(command: string, body: unknown): Promise<T> {
    const answer = await this.send(command, body);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${this.account} ${command}: ${answer.status} ${text}`);
    return JSON.parse(text) as T;
  }

  /** Generates the year's record; its id. */
  async generate(year: number): Promise<string> {
    const made = await this.ask<{ New?: string; Exists?: string }>('generate_record', { input: { year } });
    if (made.New === undefined) throw new Error(`${this.account} has a record of ${year} already`);
    return made.New;
  }

  async view(record: string): Promise<View> {
    return this.ask<View>('record', { input: { record } });
  }

  /** The id of this person's record of a year, or of a unit's that they look after. */
  async find(year: number, unit = ''): Promise<string> {
    const scope = unit === '' ? 'own' : 'all';
    const list = await this.ask<{ rows: { record: { id: string } }[] }>('records', { query: { scope, year, unit, status: '', page: 1 } });
    const id = list.rows[0]?.record.id;
    if (id === undefined) throw new Error(`no record of ${year} ${unit}`);
    return id;
  }

  /** Adds a whole line by hand. */
  async addLine(record: string, cells: Record<string, string>): Promise<Line> {
    const line = { id: randomUUID(), version: 1 };
    const changes = [{ add: { line: line.id, cells: Object.entries(cells) } }];
    const { outcomes } = await this.ask<{ outcomes: Record<string, unknown>[] }>('change_lines', { input: { record, changes } });
    if (outcomes[0]?.done === undefined) throw new Error(`${JSON.stringify(cells)}: ${JSON.stringify(outcomes)}`);
    return line;
  }

  async saveLine(record: string, line: Line, cells: Record<string, string>): Promise<void> {
    await this.ask('save_line', { input: { record, line: line.id, version: line.version, cells: Object.entries(cells) } });
  }

  async takeOut(record: string, line: Line, reason = '重复的合同'): Promise<void> {
    await this.ask('take_out', { input: { record, line: line.id, version: line.version, reason } });
  }

  /** Submits to someone by the words of the picker. */
  async submit(record: string, name: string): Promise<void> {
    const seen = await this.view(record);
    const next = seen.candidates.find((candidate) => candidate.name.startsWith(name))?.assignee;
    await this.ask('submit_record', { input: { record, version: seen.record.version, content_version: seen.record.content_version, next } });
  }

  async decide(record: string, agree: boolean, opinion: string): Promise<void> {
    const { version } = (await this.view(record)).record;
    await this.ask('decide_record', { input: { record, version, decision: { agree, opinion, next: null } } });
  }
}
