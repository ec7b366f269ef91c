import AxeBuilder from '@axe-core/playwright';
import { type BrowserContext, test as base, expect, type Page } from '@playwright/test';
import { Api, Office, type Person, type Role } from './office';
import { type Server, startServer } from './server';

/** Which server a file of journeys works on. Each file names its own, so that none meets another's data or clock. */
type Place = { name: string; demoNow?: string };

type Watch = (context: BrowserContext) => Promise<void>;

type TestFixtures = {
  watch: Watch;
  /** A sales person of a team of his own: sees nothing but what the journey makes. */
  me: Person;
  /** The page of somebody else, in a browser of his own. */
  openAs: (person: { api: Api }) => Promise<Page>;
  /** Somebody of the demonstration company, by role. */
  demo: (role: Role) => Promise<{ api: Api }>;
};

type WorkerFixtures = { place: Place; server: Server; office: Office };

// A refusal that a journey provokes is printed by the browser too; a failure of the server is not among these.
const REFUSAL = /^Failed to load resource: the server responded with a status of 4\d\d/;

export const test = base.extend<TestFixtures, WorkerFixtures>({
  place: [{ name: 'default' }, { option: true, scope: 'worker' }],

  server: [
    async ({ place }, use) => {
      const server = await startServer(place.demoNow);
      await use(server);
      await server.stop();
    },
    { scope: 'worker', timeout: 90_000 },
  ],

  office: [async ({ server }, use) => use(await Office.of(server)), { scope: 'worker' }],

  baseURL: async ({ server }, use) => use(server.url),

  me: async ({ office }, use, info) => {
    const team = await office.team(`华东${info.testId.slice(-6)}部`);
    await use(await office.hire('陈立', 'sales', team));
  },

  storageState: async ({ me }, use) => use(await me.api.context.storageState()),

  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures here
  watch: async ({}, use) => {
    const found: string[] = [];
    await use(async (context) => {
      context.on('console', (message) => {
        if (message.type() === 'error' && !REFUSAL.test(message.text())) found.push(message.text());
      });
      context.on('weberror', (problem) => found.push(String(problem.error())));
      await context.addInitScript(() => {
        document.addEventListener('securitypolicyviolation', (event) => {
          console.error(`security policy: ${event.violatedDirective} ${event.blockedURI}`);
        });
      });
    });
    expect(found, 'errors in the console').toEqual([]);
  },

  context: async ({ context, watch }, use) => {
    await watch(context);
    await use(context);
  },

  demo: async ({ server }, use) =>
    use(async (role) => {
      const known = server.accounts.find((account) => account.role === role);
      if (!known) throw new Error(`the demonstration names no ${role}`);
      return { api: await Api.logIn(server.url, known.employee_number, known.password, known.team) };
    }),

  openAs: async ({ browser, watch }, use) => {
    const opened: BrowserContext[] = [];
    await use(async (person) => {
      const context = await browser.newContext({ storageState: await person.api.context.storageState() });
      opened.push(context);
      await watch(context);
      return context.newPage();
    });
    for (const context of opened) await context.close();
  },
});

export { expect };

/** What fades in has its true colours only when it has come to rest. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (const _ of [1, 2]) await new Promise(requestAnimationFrame);
    const ending = document.getAnimations().filter((one) => one.effect?.getComputedTiming().iterations !== Infinity);
    await Promise.allSettled(ending.map((one) => one.finished));
  });
}

/** Nothing sticks out sideways (WCAG 1.4.10). */
export async function expectFits(page: Page): Promise<void> {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(over, page.url()).toBeLessThanOrEqual(0);
}

/** No violation of WCAG 2.1 AA in what is on the screen now, open popups included, by day and by night. */
export async function expectAccessible(page: Page): Promise<void> {
  await expectFits(page);
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await settled(page);
    const found = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']).analyze();
    const violations = found.violations.map(({ id, nodes }) => [id, nodes.map((node) => node.target.join(' '))]);
    expect(violations, `${colorScheme}: ${page.url()}`).toEqual([]);
  }
}
