import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ServerProcess, startServer, waitFor } from '../server-process.ts';
import {
  chromiumPath,
  createChat,
  inviteLink,
  joinAsGuest,
  launchBrowser,
  logOf,
  newPerson,
  sees,
  send,
  setUp,
} from './page.ts';

type Person = Awaited<ReturnType<typeof newPerson>>;

/** Two people in two browsers, and the AI participant, on a server started as a newcomer starts it. */
describe.skipIf(chromiumPath === undefined)('in the browser', { timeout: 60_000 }, () => {
  let server: ServerProcess;
  let browser: Browser;
  let ada: Person;

  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), launchBrowser()]);
    ada = await newPerson(browser);
    await setUp(ada, `${server.url}/setup#token=${server.setupToken}`);
  });
  afterAll(async () => {
    await browser.close();
    await server.dispose();
  });

  async function room(title: string, mode: string): Promise<Person> {
    await createChat(ada, title, mode);
    const ben = await newPerson(browser);
    await joinAsGuest(ben, await inviteLink(ada), 'Ben');
    return ben;
  }

  const answers = (page: Page) =>
    page.getByRole('article', { name: 'Facilitator (rule-based, no AI model) said' });

  async function axe(page: Page): Promise<string[]> {
    const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    await page.evaluate(source);
    const found = (await page.evaluate('axe.run()')) as {
      violations: { id: string; impact: string; nodes: { html: string }[] }[];
    };
    return found.violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  }

  test('flexible: a guest comes by link, both talk, both watch the AI answer', async () => {
    const ben = await room('Summer', 'Flexible');
    await send(ada, 'I want to go to the sea.');
    await sees(ben, 'I want to go to the sea.');
    await answers(ben).first().waitFor();
    await send(ben, 'The mountains are cheaper.');
    await answers(ada).nth(1).waitFor();
    expect(await logOf(ada)).toEqual(await logOf(ben));
    expect(await logOf(ada)).toHaveLength(4);
    expect([...ada.errors, ...ben.errors]).toEqual([]);
    await ben.context().close();
  });

  test('strict: out of turn the composer is closed and says why', async () => {
    const ben = await room('In turn', 'Strict');
    const benMay = ben.getByRole('button', { name: 'Send' });
    await ben.getByLabel('Message', { exact: true }).fill('Me first');
    expect(await benMay.isDisabled()).toBe(true);
    await ben.getByText('It is Ada’s turn').waitFor();
    await ben.getByText("It is somebody else's turn.").waitFor();
    await send(ada, 'I begin.');
    await answers(ada).first().waitFor();
    await ben.getByText('It is your turn').waitFor();
    await benMay.click();
    await sees(ada, 'Me first');
    await answers(ada).nth(1).waitFor();
    await ada.getByText('It is your turn').waitFor();
    await ada.getByRole('button', { name: 'Skip turn' }).click();
    await ben.getByText('It is your turn').waitFor();
    await ben.context().close();
  });

  test('moderated: the third message within a minute has to wait', async () => {
    const ben = await room('Moderated', 'Moderated');
    await send(ben, 'One.');
    await send(ben, 'Two.');
    await sees(ada, 'Two.');
    await ben.getByText('You have sent as many messages').waitFor();
    expect(await ben.getByRole('button', { name: 'Send' }).isDisabled()).toBe(true);
    await ben.context().close();
  });

  test('rounds: the AI answers when everybody has spoken', async () => {
    const ben = await room('Rounds', 'Rounds');
    await send(ada, 'Mine.');
    await sees(ben, 'Mine.');
    await ben.getByText('It is your turn').waitFor();
    expect(await answers(ben).count()).toBe(0);
    await send(ben, 'And mine.');
    await answers(ada).first().waitFor();
    await ada.getByText('round 2').waitFor();
    await ben.context().close();
  });

  test('a reload in the middle of a reply shows its words so far, and then the rest', async () => {
    await createChat(ada, 'Reload');
    const streaming = ada.locator('[data-streaming]');
    await send(ada, 'I want to talk about the garden, and the long way from the gate to the old apple tree.');
    await waitFor(
      async () =>
        (
          (await streaming
            .first()
            .textContent()
            .catch(() => '')) ?? ''
        ).length > 15,
    );
    await ada.reload();
    await answers(ada).first().waitFor();
    expect(await logOf(ada)).toHaveLength(2);
  });

  test('a reply can be stopped, keeps its words, and can be had anew', async () => {
    await createChat(ada, 'Stop');
    await send(ada, 'I want to talk about the garden, and the long way from the gate to the old apple tree.');
    await waitFor(
      async () =>
        (await ada
          .locator('[data-streaming]')
          .first()
          .textContent()
          .catch(() => '')) !== '',
    );
    await ada.getByRole('button', { name: 'Stop', exact: true }).click();
    await ada.getByText('stopped', { exact: true }).waitFor();
    await answers(ada).first().hover();
    await answers(ada).first().getByRole('button', { name: 'More' }).click();
    await ada.getByRole('menuitem', { name: 'Regenerate' }).click();
    await ada.getByText('replaced by another answer').waitFor();
    await answers(ada).nth(1).waitFor();
  });

  test('the server is killed under the open page: what was written meanwhile arrives, once', async () => {
    const ben = await room('Storm', 'Flexible');
    await send(ada, 'Before the storm.');
    await answers(ben).first().waitFor();
    await server.kill();
    await send(ada, 'In the middle of it.');
    await ada.getByText('Sending …').waitFor();
    await ada
      .getByText('You are offline', { exact: false })
      .or(ada.getByText('Connecting …'))
      .first()
      .waitFor();
    await server.restart();
    await sees(ben, 'In the middle of it.');
    await answers(ben).nth(1).waitFor();
    await waitFor(async () => (await ada.getByText('Sending …').count()) === 0);
    const log = await logOf(ben);
    expect(log.filter((text) => text.includes('In the middle of it.'))).toHaveLength(1);
    await waitFor(async () => JSON.stringify(await logOf(ada)) === JSON.stringify(log));
    await ben.context().close();
  });

  test('edit, delete, react, answer, search, mark as done', async () => {
    const ben = await room('Everything', 'Flexible');
    await send(ada, 'A mesage about zebras.');
    await sees(ben, 'zebras');
    const own = ada.getByRole('article', { name: 'Ada said' }).first();
    await own.hover();
    await own.getByRole('button', { name: 'More' }).click();
    await ada.getByRole('menuitem', { name: 'Edit' }).click();
    await ada.getByLabel('Edit message').fill('A message about zebras.');
    await ada.getByRole('button', { name: 'Save' }).click();
    await sees(ben, 'A message about zebras.');

    const seen = ben.getByRole('article', { name: 'Ada said' }).first();
    await seen.hover();
    await seen.getByRole('button', { name: 'React' }).click();
    await ben.getByRole('button', { name: 'React with 👍' }).click();
    await own.getByRole('button', { name: '👍 by Ben' }).waitFor();
    await seen.hover();
    await seen.getByRole('button', { name: 'Answer', exact: true }).click();
    await send(ben, 'Which zebras?');
    await ada
      .getByRole('article', { name: 'Ben said' })
      .getByRole('link', { name: /A message about zebras/ })
      .waitFor();

    await ada.getByLabel('Search messages').fill('zeb');
    await ada
      .getByRole('link', { name: /A message about zebras/ })
      .first()
      .waitFor();
    await ada.getByLabel('Search messages').fill('');

    await ben.getByRole('button', { name: 'Mark as done' }).click();
    await ada.getByText('Ben marked it as done.').waitFor();
    await ada
      .getByRole('region', { name: 'Completion' })
      .getByRole('button', { name: 'Mark as done' })
      .click();
    await ben.getByText('Everybody has marked this conversation as done.').waitFor();

    await own.hover();
    await own.getByRole('button', { name: 'More' }).click();
    await ada.getByRole('menuitem', { name: 'Delete' }).click();
    await ben.getByText('This message was deleted.').waitFor();
    await ben.context().close();
  });

  test('the list counts what is unread, and forgets it when it is read', async () => {
    const ben = await room('Unread', 'Flexible');
    await createChat(ada, 'Elsewhere');
    await send(ben, 'Are you there?');
    const line = ada.getByRole('link', { name: /^Unread/ });
    const badge = line.getByText('unread', { exact: true });
    await badge.waitFor();
    await line.click();
    await sees(ada, 'Are you there?');
    await waitFor(async () => (await badge.count()) === 0);
    await ben.context().close();
  });

  test('who is removed sees nothing any more; who was never in sees nothing at all', async () => {
    const ben = await room('Private', 'Flexible');
    await send(ada, 'Between us.');
    await sees(ben, 'Between us.');
    await ada.getByRole('button', { name: 'Settings' }).click();
    await ada.getByRole('tab', { name: 'People' }).click();
    await ada
      .getByRole('listitem')
      .filter({ hasText: 'Ben' })
      .getByRole('button', { name: 'Remove' })
      .click();
    await ada.keyboard.press('Escape');
    await ben.getByText('You are not in this chat').waitFor();
    await waitFor(async () => (await ben.getByText('Between us.').count()) === 0);
    const stranger = await newPerson(browser);
    await stranger.goto(ada.url());
    await stranger.getByRole('heading', { name: 'Sign in' }).waitFor();
    await ben.context().close();
    await stranger.context().close();
  });

  test('what people write can do nothing to the page', async () => {
    await createChat(ada, '<img src=x onerror=alert(1)>');
    let dialog = false;
    ada.on('dialog', (shown) => {
      dialog = true;
      void shown.dismiss();
    });
    await send(
      ada,
      '<script>alert(1)</script> [click](javascript:alert(1)) ![pic](https://example.org/x.png) **bold**',
    );
    const message = ada.getByRole('article', { name: 'Ada said' }).first();
    await message.getByText('bold').waitFor();
    expect(await message.locator('script, img, iframe').count()).toBe(0);
    expect(await message.locator('a[href^="javascript"]').count()).toBe(0);
    expect(dialog).toBe(false);
  });

  test('axe finds nothing serious: signing in, the list, a room, its dialogs; light and dark', async () => {
    const ben = await room('Accessible', 'Strict');
    await send(ada, 'A list:\n\n- one\n- two\n\n```js\ncode\n```');
    await answers(ada).first().waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const page of [ada, ben]) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await page.locator(`html[data-theme=${colorScheme}]`).waitFor();
      }
      expect(await axe(ada)).toEqual([]);
      expect(await axe(ben)).toEqual([]);
      await ada.getByRole('button', { name: 'Settings' }).click();
      expect(await axe(ada)).toEqual([]);
      await ada.keyboard.press('Escape');
      await ada.getByRole('button', { name: 'New chat' }).click();
      expect(await axe(ada)).toEqual([]);
      await ada.keyboard.press('Escape');
    }
    const stranger = await newPerson(browser);
    await stranger.goto(`${server.url}/sign-in`);
    await stranger.getByLabel('Password').waitFor();
    expect(await axe(stranger)).toEqual([]);
    await stranger.context().close();
    await ben.context().close();
  });

  test('by keyboard alone: from the list into a chat, writing, and into a message’s menu', async () => {
    await createChat(ada, 'Keys');
    await ada.getByLabel('Message', { exact: true }).focus();
    await ada.keyboard.type('First line');
    await ada.keyboard.press('Shift+Enter');
    await ada.keyboard.type('second line');
    await ada.keyboard.press('Enter');
    await sees(ada, 'second line');
    const more = ada.getByRole('article', { name: 'Ada said' }).getByRole('button', { name: 'More' });
    await more.focus();
    await ada.keyboard.press('Enter');
    await ada.getByRole('menuitem', { name: 'Edit' }).waitFor();
    await ada.keyboard.press('Escape');
    await waitFor(() => more.evaluate((element) => element === document.activeElement));
    expect(ada.errors).toEqual([]);
  });
});
