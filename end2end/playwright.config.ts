import { defineConfig } from '@playwright/test';

// There is no `webServer` here: every test starts a server and a data folder of its own (server.ts), so that journeys
// which change data or the clock never meet those of another test.
export default defineConfig({
  testDir: '.',
  // `SETASIDE_LOOK=1` takes the pictures of look.ts instead.
  testMatch: process.env['SETASIDE_LOOK'] === undefined ? '**/*.spec.ts' : '**/look.ts',
  outputDir: 'results/tests',
  reporter: [['list'], ['./why.ts']],
  fullyParallel: true,
  workers: Number(process.env['SETASIDE_WORKERS'] ?? 2),
  forbidOnly: process.env['CI'] !== undefined,
  // A journey that passes only at the second attempt is a finding, not a pass.
  retries: 0,
  // Far above what a journey takes (at most half a minute): a machine may stand still for seconds, and only what never comes should fail.
  timeout: 180_000,
  expect: { timeout: 45_000 },
  use: {
    browserName: 'chromium',
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    viewport: { width: 1440, height: 900 },
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env['SETASIDE_CHROMIUM'] ?? '/usr/bin/chromium',
      // Chromium refuses its sandbox to root, and its own errands (updates, sync) only cost time and log noise.
      args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
    },
  },
});
