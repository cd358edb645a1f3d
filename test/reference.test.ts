import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listRefusals } from '@parley/chat';
import { listRegistry } from '@parley/chat/registry';
import { describe, expect, it } from 'vitest';
import { fieldsTable } from '../scripts/reference/fields-table.ts';
import { referencePages } from '../scripts/reference/pages.ts';

const root = join(import.meta.dirname, '..');
const read = (name: string) => readFileSync(join(root, 'docs/reference', name), 'utf8');

describe('the generated reference', () => {
  it('is up to date (if not: npm run reference)', () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/reference.ts', '--check'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('has a heading for every event and every command, and a row for every error', () => {
    const [events, commands, errors] = [read('events.md'), read('commands.md'), read('errors.md')];
    for (const { name, kind } of listRegistry()) {
      if (kind === 'command') expect(commands).toContain(`\n## ${name}\n`);
      else expect(events).toContain(`\n### ${name}\n`);
    }
    for (const { code, status, sentence } of listRefusals()) {
      expect(errors).toContain(`| \`${code}\` | ${status} | ${sentence} |`);
    }
  });

  it.each(referencePages())('$path links only to headings and files that are there', ({ path, text }) => {
    const anchors = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchor(heading));
    expect(new Set(anchors).size).toBe(anchors.length);
    for (const [, target = ''] of text.matchAll(/\]\(([^)]+)\)/g)) {
      if (target.startsWith('#')) expect(anchors).toContain(target.slice(1));
      else if (!target.startsWith('https://'))
        expect(existsSync(join(root, path, '..', target)), target).toBe(true);
    }
  });
});

describe('fieldsTable', () => {
  it('names type, bounds, defaults and descriptions, and lists the fields of objects inside', () => {
    const schema = {
      type: 'object',
      required: ['name', 'tags'],
      properties: {
        name: { type: 'string', minLength: 1, maxLength: 16_000 },
        limit: { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER, default: 5 },
        tags: {
          type: 'array',
          maxItems: 3,
          items: { type: 'object', required: ['id'], properties: { id: { type: 'string', format: 'uuid' } } },
        },
        mode: { enum: ['a', 'b'], default: 'a', description: 'How.' },
        until: { anyOf: [{ type: 'string', format: 'date-time' }, { type: 'null' }] },
      },
    };
    expect(fieldsTable(schema).split('\n').slice(2)).toEqual([
      '| `name` | string, 1–16,000 characters |  |',
      '| `limit` | integer, at least 1 | Optional, `5` when absent. |',
      '| `tags` | list of object, at most 3 |  |',
      '| `tags[].id` | UUID |  |',
      '| `mode` | `a`, `b` | Optional, `a` when absent. How. |',
      '| `until` | time (ISO 8601, UTC); or null | Optional. |',
    ]);
    expect(fieldsTable({ type: 'object', properties: {} })).toBe('No fields.');
  });
});

/** How GitHub makes an anchor of a heading. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
    .replaceAll(' ', '-');
}
