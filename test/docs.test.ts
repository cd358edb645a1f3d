import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ServerProcess, startServer } from './server-process.ts';

/** Code in the documentation runs as it stands there, and links lead somewhere. */

const folders = ['docs', 'docs/guides', 'docs/reference', 'docs/decisions', 'docs/start'];
const pages = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'];
for (const folder of folders.filter((name) => existsSync(name))) {
  for (const file of await readdir(folder)) if (file.endsWith('.md')) pages.push(join(folder, file));
}
const texts = await Promise.all(pages.map(async (page) => ({ page, text: await readFile(page, 'utf8') })));

describe('code', () => {
  let server: ServerProcess;
  let environment: NodeJS.ProcessEnv;

  beforeAll(async () => {
    server = await startServer();
    const keys = JSON.parse(await readFile(join(server.folder, 'keys.json'), 'utf8')) as Record<
      string,
      string
    >;
    const { appKey: PARLEY_APP_KEY, appSecret: PARLEY_APP_SECRET } = keys;
    environment = { ...process.env, PARLEY_URL: server.url, PARLEY_APP_KEY, PARLEY_APP_SECRET };
  });
  afterAll(() => server.dispose());

  const blocks = texts
    .filter(({ page }) => page === 'README.md' || page.startsWith('docs/guides'))
    .flatMap(({ page, text }) =>
      [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code = ''], index) => ({ page, index, code })),
    );

  test('there is some', () => {
    expect(blocks.length).toBeGreaterThanOrEqual(3);
  });

  test.each(blocks)('$page, block $index, runs and says something', async ({ code }) => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module-typescript', '--eval', code],
      { env: environment, timeout: 20_000, cwd: 'packages/server' },
    );
    expect(stdout.trim()).not.toBe('');
  });
});

test.each(texts)('links of $page', ({ page, text }) => {
  const links = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, link = '']) => link);
  const broken = links.filter((link) => !existsSync(join(dirname(page), link)));
  expect(broken).toEqual([]);
});
