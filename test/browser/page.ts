import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const candidates = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Where Chromium is on this machine; undefined when it is not. In CI that is a failure. */
export const chromiumPath = process.env.CHROMIUM_PATH ?? candidates.find((path) => existsSync(path));

if (chromiumPath === undefined) {
  const message = 'The browser tests need Chromium (Debian: apt install chromium), or CHROMIUM_PATH.';
  if (process.env.CI) throw new Error(message);
  console.warn(`Skipped: ${message}`);
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath ?? '',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
  });
}

/** A browser of somebody's own, with what it complained about. */
export async function newPerson(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<Page & { errors: string[] }> {
  const context = await browser.newContext({
    viewport: { width: 1180, height: 780 },
    locale: 'en',
    ...options,
  });
  const page = await context.newPage();
  const errors: string[] = [];
  page.setDefaultTimeout(10_000);
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    // The browser reports every request that was refused or had no answer; those are part of the tests.
    if (message.type() === 'error' && !/Failed to load resource|WebSocket connection/.test(message.text())) {
      errors.push(message.text());
    }
  });
  return Object.assign(page, { errors });
}

/** Makes this Parley's owner, by the first-run link. */
export async function setUp(page: Page, link: string, name = 'Ada'): Promise<void> {
  await page.goto(link);
  await page.getByLabel('Your name').fill(name);
  await page.getByLabel('E-mail').fill('ada@example.org');
  await page.getByLabel('Password').fill('correct horse');
  await page.getByRole('button', { name: 'Begin' }).click();
  await page.getByRole('button', { name: 'New chat' }).waitFor();
}

export async function createChat(page: Page, title: string, mode = 'Flexible'): Promise<void> {
  await page.getByRole('button', { name: 'New chat' }).click();
  await page.getByLabel('Title').fill(title);
  await page.getByLabel('Turn mode').selectOption({ label: mode });
  await page.getByRole('button', { name: 'Create chat' }).click();
  await page.getByRole('heading', { name: title }).waitFor();
}

/** Makes an invite link in the open chat. */
export async function inviteLink(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Invite' }).click();
  await page.getByRole('button', { name: 'Create link' }).click();
  const link = await page.getByLabel('Invite link').inputValue();
  await page.keyboard.press('Escape');
  return link;
}

export async function joinAsGuest(page: Page, link: string, name: string): Promise<void> {
  await page.goto(link);
  await page.getByLabel('Your name').fill(name);
  await page.getByRole('button', { name: 'Join chat' }).click();
  await page.getByLabel('Message', { exact: true }).waitFor();
}

export async function send(page: Page, text: string): Promise<void> {
  await page.getByLabel('Message', { exact: true }).fill(text);
  await page.getByRole('button', { name: 'Send' }).click();
}

/** Waits until a message is in the log, told by the server. */
export async function sees(page: Page, text: string | RegExp): Promise<void> {
  await page.getByRole('log').getByRole('article').filter({ hasText: text }).first().waitFor();
}

/** The texts in the log, in order. */
export function logOf(page: Page): Promise<string[]> {
  return page.getByRole('log').locator('article .prose-chat').allTextContents();
}
