import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';

/** Takes a picture for docs/, by day; only with UPDATE_SCREENSHOTS=1, so that a run of the journeys changes no file. */
export async function picture(page: Page, name: string): Promise<void> {
  if (process.env.UPDATE_SCREENSHOTS !== '1') return;
  await page.emulateMedia({ colorScheme: 'light' });
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: fileURLToPath(new URL(`../../docs/screenshots/${name}.png`, import.meta.url)) });
}
