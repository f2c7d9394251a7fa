// What tests of announcements do again and again: prepare one by the commands that its pages send.

import { randomUUID } from 'node:crypto';
import type { Locator, Page } from '@playwright/test';
import { Desk } from './office';
import type { Server } from './server';

/** An announcement as the server gives it, as far as tests look. */
export interface Announcement {
  id: string;
  number: string | null;
  title: string;
  version: number;
  lines: { id: string; values: { project_name: string } }[];
  files: { id: string; name: string; is_shown: boolean }[];
  candidates: { assignee: unknown; name: string }[];
}

/** 发布类型 as it travels. */
export type Mode = 'OnApproval' | { At: unknown };

/** A PDF of one empty page, small enough to be written here. */
export const PDF = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');

/** The deeds of the 主管's clerk, and of its approver. */
export class Notices {
  readonly #clerk: Desk;
  readonly #approver: Desk;

  constructor(readonly server: Server) {
    this.#clerk = new Desk(server, 'jdc');
    this.#approver = new Desk(server, 'reviewer');
  }

  /** Creates the one of the year and gives it text and number; one that is not published yet makes room for it. */
  async create(year: number): Promise<string> {
    await this.clear(year);
    const id = await this.#clerk.ask<string>('create_announcement', { input: { year } });
    await this.generate(id);
    return id;
  }

  /** Takes the year's announcement away, unless it is published. */
  async clear(year: number): Promise<void> {
    const { rows } = await this.#clerk.ask<{ rows: { id: string; allowed: { withdraw: boolean; delete: boolean } }[] }>('announcements', { input: { year, status: null, page: 1 } });
    for (const { id, allowed } of rows) {
      if (allowed.withdraw) await this.#clerk.ask('withdraw_announcement', { input: { id, version: (await this.view(id)).version, reason: '另建' } });
      if (allowed.withdraw || allowed.delete) await this.#clerk.ask('delete_announcement', { input: { id, version: (await this.view(id)).version } });
    }
  }

  /** 「生成公告」: text and number, a new one after another district was chosen. */
  async generate(id: string): Promise<void> {
    await this.#clerk.ask('generate_announcement', { input: { id, version: (await this.view(id)).version } });
  }

  async view(id: string): Promise<Announcement> {
    return this.#clerk.ask<Announcement>('announcement', { input: { id } });
  }

  async change(id: string, change: Record<string, unknown>): Promise<void> {
    const whole = { basics: null, title: null, remark: null, document: null, ...change };
    await this.#clerk.ask('save_announcement', { input: { id, version: (await this.view(id)).version, change: whole } });
  }

  /** Uploads a PDF under this name. */
  async upload(id: string, name: string, isShown: boolean): Promise<string> {
    const body = new FormData();
    body.append('file', new Blob([PDF], { type: 'application/pdf' }), name);
    const answer = await fetch(`${this.server.url}/office/files/${id}?key=${randomUUID()}`, {
      method: 'POST',
      headers: { Origin: this.server.url, Cookie: `setaside=${this.server.sessions.jdc}` },
      body,
    });
    if (!answer.ok) throw new Error(`upload: ${answer.status} ${await answer.text()}`);
    const { file, saved } = (await answer.json()) as { file: { id: string }; saved: { version: number } };
    if (isShown) await this.#clerk.ask('change_attachment', { input: { id, version: saved.version, file: file.id, is_shown: true } });
    return file.id;
  }

  async submit(id: string, name = '审核人'): Promise<void> {
    const { version, candidates } = await this.view(id);
    const next = candidates.find((candidate) => candidate.name.startsWith(name))?.assignee;
    await this.#clerk.ask('submit_announcement', { input: { id, version, next } });
  }

  async decide(id: string, agree: boolean, opinion: string): Promise<void> {
    const { version } = await this.view(id);
    await this.#approver.ask('review_announcement', { input: { id, version, decision: { agree, opinion, next: null } } });
  }

  /** Submits and approves: published at once, unless a time was set. Its number. */
  async publish(id: string): Promise<string> {
    await this.submit(id);
    await this.decide(id, true, '同意');
    const { number } = await this.view(id);
    if (number === null) throw new Error('published without a number');
    return number;
  }

  /** 「更正」: begins the successor of a published one; its id. */
  async correct(id: string, reason: string): Promise<string> {
    const { version } = await this.view(id);
    return this.#clerk.ask<string>('correct_announcement', { input: { id, version, reason } });
  }

  /** 「删除」 of a line in the announcement's own copy. */
  async removeLine(id: string, line: number, reason: string): Promise<void> {
    const { version, lines } = await this.view(id);
    await this.#clerk.ask('change_announcement_line', { input: { id, version, line: lines[line]?.id, change: 'remove', reason } });
  }

  /** 「编辑」 of a line in the announcement's own copy: the text of every cell. */
  async editLine(id: string, line: number, draft: Record<string, string>, reason: string): Promise<void> {
    const { version, lines } = await this.view(id);
    await this.#clerk.ask('change_announcement_line', { input: { id, version, line: lines[line]?.id, change: { edit: draft }, reason } });
  }

  /** 「撤销」, submitted to someone by the words of the picker. */
  async revoke(id: string, reason: string, name = '审核人'): Promise<void> {
    const { version, candidates } = await this.view(id);
    const next = candidates.find((candidate) => candidate.name.startsWith(name))?.assignee;
    await this.#clerk.ask('revoke_announcement', { input: { id, version, reason, next } });
  }
}

/** The lines as a spreadsheet: the grid, a cell by its row (from 1) and column, and the bar of what waits. */
export function sheetParts(page: Page): { grid: Locator; at: (row: number, column: string) => Locator; bar: Locator } {
  return {
    grid: page.getByRole('grid', { name: '公告明细' }),
    at: (row, column) => page.locator(`#announcement-grid [role=row][aria-rowindex="${row + 1}"] [data-column="${column}"]`),
    bar: page.getByRole('form', { name: '保存明细的修改' }),
  };
}

/** The notice of what an earlier visit typed into the lines. */
export function leftLines(page: Page): Locator {
  return page.locator('.left-behind').filter({ hasText: /^上次(在公告明细中|填写的修改理由)/ });
}
