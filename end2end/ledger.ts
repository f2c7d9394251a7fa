// Contracts for a test, put into its own server's ledger by the command line beside it.

import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Server } from './server';

const root = fileURLToPath(new URL('..', import.meta.url));
const binary = process.env['SETASIDE_BINARY'] ?? join(process.env['CARGO_TARGET_DIR'] ?? join(root, 'target'), 'debug/setaside');

/** A row of the file: what counts in 2026 unless told otherwise. */
export type Row = Record<string, string>;

const PLAIN: Row = {
  采购人: '测试区采购单位03',
  供应商: '上海某公司',
  供应商类型: '小型',
  项目属性: '服务',
  '合同金额（元）': '1000000',
  '预算金额（元）': '',
  来源: '项目采购',
  是否预留: '是',
  预留选项: '整体预留',
  预留对象: '',
  '预留比例（%）': '',
  标项: '',
  商品标识: '',
  项目创建日期: '2026-01-05',
  合同签订日期: '2026-02-10',
  合同公告日期: '2026-02-12',
  合同链接: '',
};

/** A contract of unit03 in 2026 with this number: 整体预留, 100 万元, a small supplier. */
export function row(no: string, more: Row = {}): Row {
  return { 合同编号: no, 项目名称: `项目${no}`, ...PLAIN, 合同链接: `https://zfcg.gov.example/luban/detail?articleId=${no}`, ...more };
}

let files = 0;

/** Imports rows, adding and updating. */
export async function importRows(server: Server, rows: Row[]): Promise<void> {
  const columns = [...new Set(rows.flatMap((each) => Object.keys(each)))];
  const lines = [columns, ...rows.map((each) => columns.map((column) => each[column] ?? ''))].map((cells) => cells.join(','));
  files += 1;
  const file = join(server.data, `rows-${String(files)}.csv`);
  await writeFile(file, `${lines.join('\n')}\n`);
  await promisify(execFile)(binary, ['import', 'contracts', file, '--data', server.data]);
}
