// Import of contracts through the very steps of the page, beside the bare INSERT of such rows and the bare reading of the file.

import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const KB = 1024;
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A file through the very steps of the page: uploaded, columns confirmed, read and compared, written. */
async function importFile(server, token, path, name) {
  const headers = { origin: server.url, cookie: `setaside=${token}` };
  const call = async (endpoint, input) => {
    const answer = await fetch(`${server.url}/api/${endpoint}`, { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify({ input }) });
    if (!answer.ok) throw new Error(`${endpoint}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const times = [];
  const timed = async (step) => {
    const begun = performance.now();
    const result = await step();
    times.push((performance.now() - begun) / 1000);
    return result;
  };
  const file = readFileSync(path);
  let current = await timed(async () => {
    const answer = await fetch(`${server.url}/office/imports?name=${name}`, { method: 'POST', headers, body: file });
    if (!answer.ok) throw new Error(`upload: ${answer.status} ${await answer.text()}`);
    return answer.json();
  });
  const { id } = current;
  current = await timed(async () => {
    let read = await call('choose_import_columns', { id, version: current.version, columns: current.columns });
    while (read.state === 'reading') {
      await sleep(20);
      read = await call('contract_import', { id });
    }
    return read;
  });
  if (current.state !== 'read' || current.counts.refused > 0) throw new Error(`import: ${JSON.stringify(current.counts)} ${current.problem}`);
  current = await timed(() => call('apply_import', { id, version: current.version, partial: false }));
  return { added: current.counts.added, times };
}

export async function imports({ folder, note, shown, heading, serve, ask, seeds, copyOfSeeds }) {
  heading('Import of contracts, SQLite synchronous=FULL: uploaded, read and compared, written');
  const tables = join(folder, 'tables');
  mkdirSync(tables);
  const buyer = '基准采购单位00';
  for (const rows of [10_000, 100_000]) {
    ask('table', tables, buyer, String(rows));
    const bare = JSON.parse(ask('insert', copyOfSeeds(`insert-${rows}`), String(rows)));
    const rate = bare.rows / bare.seconds;
    note(`bare INSERT of ${rows} such rows, one transaction`, rate, 'rows/s');
    for (const form of ['xlsx', 'csv']) {
      const path = join(tables, `${rows}.${form}`);
      const alone = JSON.parse(ask('read', path));
      note(`${rows} rows of ${form.toUpperCase()}, reading the file alone`, alone.seconds, 's', { yardstick: `${shown(alone.rows / alone.seconds)} rows/s, ${shown(alone.memory_kb / KB)} MB more memory` });
      const server = await serve(copyOfSeeds(`import-${rows}-${form}`));
      try {
        await sleep(1_000);
        const before = server.memory();
        const idle = server.cpu();
        const { added, times } = await importFile(server, seeds().plan.records[0].token, path, `${rows}.${form}`);
        if (added !== rows) throw new Error(`${added} of ${rows} rows were added`);
        const total = times.reduce((a, b) => a + b, 0);
        const steps = `upload ${shown(times[0])} s, read and compare ${shown(times[1])} s, write ${shown(times[2])} s, ${shown((server.cpu() - idle) / 1000)} s of the processor`;
        const goal = rows === 10_000 && form === 'xlsx';
        note(`${rows} rows of ${form.toUpperCase()}, all steps`, total, 's', { ...(goal && { goal: '≤ 1.5 s', met: total <= 1.5 }), yardstick: `${steps}; bare INSERT ${shown(bare.seconds)} s`, ratio: total / bare.seconds });
        const more = server.memory().most - before.now;
        note(`${rows} rows of ${form.toUpperCase()}, more memory at most`, more, 'MB', { ...(goal && { goal: '≤ 64 MB', met: more <= 64 }), yardstick: `file ${shown(readFileSync(path).length / KB / KB)} MB` });
      } finally {
        await server.end();
      }
    }
  }
}
