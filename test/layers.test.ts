import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { computed, moduleImports } from './layers/module-imports.ts';
import { violations } from './layers/plan.ts';

const root = join(import.meta.dirname, '..');
const sources = globSync('packages/*/src/**/*.{ts,tsx}', { cwd: root });

describe('the layers', () => {
  it('are looked at in every package', () => {
    const packages = globSync('packages/*/package.json', { cwd: root }).map((file) => file.split('/')[1]);
    expect(new Set(sources.map((file) => file.split('/')[1]))).toEqual(new Set(packages));
    expect(sources.length).toBeGreaterThan(100);
  });

  it('are kept by every source file', () => {
    const found = sources.flatMap((path) =>
      violations({ path, text: readFileSync(join(root, path), 'utf8') }),
    );
    expect(found).toEqual([]);
  });
});

describe('a violation', () => {
  const server = 'packages/server/src';
  it.each([
    ['packages/chat/src/a.ts', "import { x } from '@parley/client';", 'which is not below chat'],
    ['packages/chat/src/a.ts', "import type { X } from '@parley/event-log';", 'which is not below chat'],
    ['packages/chat/src/a.ts', "import { readFileSync } from 'node:fs';", 'has to run without Node'],
    ['packages/chat/src/a.ts', "import { map } from 'lodash';", 'imports lodash'],
    ['packages/chat/src/a.ts', 'const now = Date.now();', 'has to be pure'],
    ['packages/chat/src/a.ts', "export * from '../../server/src/config.ts';", 'leaves the package'],
    ['packages/chat/src/a.test.ts', "import { x } from '../../server/src/config.ts';", 'leaves the package'],
    ['packages/event-log/src/a.ts', "import('@parley/chat');", 'which is not below event-log'],
    ['packages/event-bus/src/a.ts', "export { x } from '@parley/event-log';", 'which is not below event-bus'],
    ['packages/realtime/src/a.ts', "import '@parley/chat/registry';", 'which is not below realtime'],
    ['packages/client/src/a.ts', "import { x } from '@parley/realtime';", 'which is not below client'],
    ['packages/web/src/a.tsx', "import { evolve } from '@parley/chat';", 'more than types'],
    ['packages/web/src/a.tsx', "import { type Chat } from '@parley/chat';", 'more than types'],
    ['packages/web/src/a.tsx', "import type { Server } from '@parley/server';", 'which is not below web'],
    ['packages/server/src/a.ts', "import type { Page } from '@parley/web';", 'which is not below server'],
    ['packages/web/src/a.tsx', 'await import(name);', 'nobody can read'],
    ['packages/new-one/src/a.ts', '', 'has no package new-one'],
    [`${server}/handlers/a.ts`, "import { memoryEventLog } from '@parley/event-log';", 'only main.ts does'],
    [`${server}/server.ts`, "import * as log from '@parley/event-log';", 'only main.ts does'],
    [
      `${server}/server.ts`,
      "import { inProcessEventBus as bus } from '@parley/event-bus';",
      'only main.ts does',
    ],
    [`${server}/api/a.ts`, "import { Views } from '../views/views.ts';", 'only main.ts does'],
    [`${server}/handlers/a.ts`, 'realtime.publish(channel, type, data);', 'only delivery/ publishes'],
    [`${server}/api/a.ts`, 'this.#realtime.publish(channel, type, data);', 'only delivery/ publishes'],
    [`${server}/ai/a.ts`, "import { channel } from '../delivery/channels.ts';", 'imports from delivery/'],
    [`${server}/views/a.ts`, "import { buildApp } from '../api/app.ts';", 'imports from api/'],
  ])('is found in %s: %s', (path, text, sentence) => {
    expect(violations({ path, text })).toContainEqual(expect.stringContaining(sentence));
  });

  it.each([
    ['packages/chat/src/a.ts', "import { z } from 'zod';\nimport type { Chat } from './chat.ts';"],
    ['packages/chat/src/a.ts', "/** @example import { x } from '@parley/server' */\n// import 'lodash';"],
    ['packages/chat/src/a.test.ts', "import { isDeepStrictEqual } from 'node:util';"],
    [
      'packages/web/src/a.tsx',
      "import type { Chat } from '@parley/chat';\nimport { connect } from '@parley/client';",
    ],
    [`${server}/main.ts`, "import { openSqliteEventLog } from '@parley/event-log';"],
    [`${server}/handlers/a.ts`, "import type { EventLog } from '@parley/event-log';"],
    [`${server}/handlers/a.test.ts`, "import { memoryEventLog } from '@parley/event-log';"],
    [`${server}/delivery/a.ts`, 'this.#realtime.publish(channel, type, data);'],
    [`${server}/server.ts`, 'bus.publish(events);'],
  ])('is not what %s does: %s', (path, text) => {
    expect(violations({ path, text })).toEqual([]);
  });
});

describe('moduleImports', () => {
  const specifiers = (source: string) => moduleImports(source).map(({ specifier }) => specifier);

  it('reads every form of import', () => {
    const source = `
      import a from 'a';
      import b, { c as d, type E } from "b";
      import * as f from 'c';
      import type { G } from 'd';
      import type H from 'e';
      import 'f';
      export * from 'g';
      export { i } from 'h';
      export type { J } from 'i';
      const k = await import('j');
      type L = import('k').L;
      const m = require('l');
      new Worker(new URL('./m.ts', import.meta.url));
      import {
        n,
        o,
      } from 'n';`;
    expect(specifiers(source).sort()).toEqual([...'abcdefghijkl', './m.ts', 'n'].sort());
    const typeOnly = moduleImports(source).filter((taken) => taken.typeOnly);
    expect(typeOnly.map(({ specifier }) => specifier)).toEqual(['d', 'e', 'i']);
  });

  it('knows the names that are taken, by what the other module calls them', () => {
    const names = (source: string) => moduleImports(source).flatMap((taken) => taken.names);
    expect(names("import a, { b, c as d, type E } from 'x';")).toEqual(['b', 'c', 'E', 'default']);
    expect(names("import * as all from 'x';")).toEqual(['*']);
    expect(names("export * from 'x';")).toEqual(['*']);
    expect(names("await import('x');")).toEqual(['*']);
  });

  it('says so when an import is computed', () => {
    expect(specifiers('await import(name);')).toEqual([computed]);
  });

  it('is not misled by comments, addresses, properties and words', () => {
    const source = `
      // import { a } from 'a';
      /* import 'b'; */
      const url = 'https://example.org'; import { c } from 'c';
      const from = Array.from('d');
      reimport('e');
      object.import('f');
      export interface Message {
        from: string;
      }`;
    expect(specifiers(source)).toEqual(['c']);
  });
});
