// Says at the very end, in a few lines each, why tests failed: whoever has only the end of a log has the reasons too.

import type { Reporter, TestCase, TestResult } from '@playwright/test/reporter';

/** Of one error, this many lines are said. */
const LINES = 8;

export default class Why implements Reporter {
  readonly #failed: string[] = [];

  onTestEnd(test: TestCase, result: TestResult): void {
    if (result.status === test.expectedStatus || result.status === 'skipped') return;
    const said = result.errors.map(({ message, value, location }) => {
      const words = (message ?? value ?? '').replace(/\x1b\[[0-9;]*m/g, '').split('\n').filter((line) => line.trim() !== '');
      const place = location === undefined ? '' : ` (line ${location.line})`;
      return [`${words[0] ?? ''}${place}`, ...words.slice(1, LINES)].map((line) => `      ${line}`).join('\n');
    });
    this.#failed.push([`    ${test.title}: ${result.status} after ${Math.round(result.duration / 1000)} s`, ...said].join('\n'));
  }

  onEnd(): void {
    if (this.#failed.length > 0) console.log(`\n  why\n${this.#failed.join('\n')}`);
  }
}
