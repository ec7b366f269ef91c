import { expect, type Locator, type Page } from '@playwright/test';

/** The drawer or dialog of this title. */
export const dialog = (page: Page, name: string | RegExp): Locator => page.getByRole('dialog', { name });

/** What a list shows of one record: a row, on a phone an item. */
export const entry = (page: Page, text: string): Locator =>
  page.getByRole('row').or(page.getByRole('listitem')).filter({ hasText: text });

/** Picks one value of a list field. */
export async function choose(form: Locator, label: string, option: string): Promise<void> {
  await form.getByRole('combobox', { name: label }).click();
  await form.page().getByRole('option', { name: option, exact: true }).click();
}

/** Types into a field that searches on the server, and takes the hit. */
export async function pick(form: Locator, label: string, text: string, hit: string | RegExp = text): Promise<void> {
  const field = form.getByRole('combobox', { name: label });
  await field.click();
  await field.fill(text);
  await form.page().getByRole('option', { name: hit }).first().click();
}

/** Types a day or an amount and leaves the field, as that is when it is read. */
export async function enter(form: Locator, label: string, text: string): Promise<void> {
  const field = form.getByLabel(label).first();
  await field.fill(text);
  await field.blur();
}

export const save = (form: Locator): Promise<void> => form.getByRole('button', { name: '保存', exact: true }).click();

/** Opens a button's menu and takes one of its items. */
export async function takeFromMenu(page: Page, button: string | RegExp, item: string | RegExp): Promise<void> {
  await page.getByRole('button', { name: button, exact: typeof button === 'string' }).click();
  await page.getByRole('menuitem', { name: item, exact: typeof item === 'string' }).click();
}

/** The address has a new form and the form is ready to be filled. */
export async function openForm(page: Page, path: string, title: string): Promise<Locator> {
  await page.goto(path);
  const form = dialog(page, title);
  await expect(form).toBeVisible();
  return form;
}

let phones = 0;

/** A mobile number of valid form that nobody else on the same server has. */
export function phone(): string {
  phones += 1;
  return `139${String(process.pid % 10000).padStart(4, '0')}${String(phones).padStart(4, '0')}`;
}
