import { defineConfig, devices } from '@playwright/test';

// Each file of journeys starts its own server: CHENGDAN_BIN names the program (default: what `cargo xtask run` builds).
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export default defineConfig({
  testDir: 'e2e',
  workers: 2,
  retries: 0,
  timeout: 120_000,
  forbidOnly: true,
  reporter: 'list',
  use: {
    // What is not there to be clicked fails at once, not with the test's own time.
    actionTimeout: 20_000,
    locale: 'zh-CN',
    // Not the business zone: what the page shows must not depend on where it is read.
    timezoneId: 'America/New_York',
    launchOptions: { executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: flags },
    contextOptions: { reducedMotion: 'reduce' },
    trace: 'retain-on-failure',
  },
  expect: { timeout: 10_000 },
  projects: [
    {
      name: 'desktop',
      testIgnore: '*.phone.spec.ts',
      use: { ...devices['Desktop Chrome'], viewport: { width: 1440, height: 900 } },
    },
    {
      name: 'phone',
      // Journeys of the phone alone, and those of both that are marked so.
      grep: /\.phone\.spec|@phone/,
      use: { ...devices['Pixel 7'], viewport: { width: 390, height: 844 } },
    },
  ],
});
