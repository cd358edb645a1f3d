import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { startServer } from '../server-process.ts';
import { ask, bearer } from './http.ts';

/** A disk of a few megabytes, where the system lets one be made. */
const disk = mkdtempSync(join(tmpdir(), 'parley-disk-'));
const mounted = (() => {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=5m', 'tmpfs', disk], { stdio: 'ignore' });
    return true;
  } catch {
    console.warn('Skipped: the test of a full disk has to mount one, which takes root on Linux.');
    return false;
  }
})();
afterAll(() => {
  if (mounted) execFileSync('umount', ['--lazy', disk]);
  rmSync(disk, { recursive: true, force: true });
});

test.skipIf(!mounted)(
  'a full disk refuses what it cannot keep, loses nothing, and goes on when there is room',
  async () => {
    const server = await startServer({}, join(disk, 'data'));
    try {
      const headers = bearer(await server.token('ada'));
      const chat = await ask(server, 'POST', '/v1/chats', { headers, body: { title: 'Full' } });
      const address = `/v1/chats/${chat.body.chatId}`;
      const send = (text: string) =>
        ask(server, 'POST', `${address}/messages`, { headers, body: { id: crypto.randomUUID(), text } });
      let answered = 0;
      let refused = await send('x'.repeat(9_000));
      for (; refused.status === 201; refused = await send('x'.repeat(9_000))) answered++;
      expect([refused.status, refused.body.code]).toEqual([507, 'server.storage_failed']);
      const state = async () =>
        (await ask(server, 'GET', `${address}/state`, { headers })).body.chat as { messageCount: number };
      expect((await state()).messageCount).toBe(answered);
      execFileSync('mount', ['-o', 'remount,size=40m', disk]);
      expect((await send('There is room again.')).status).toBe(201);
      await server.kill();
      await server.restart();
      expect((await state()).messageCount).toBe(answered + 1);
      const found = await ask(server, 'GET', '/v1/search?q=room', { headers });
      expect(found.body.hits).toHaveLength(1);
    } finally {
      await server.dispose();
    }
  },
);
