import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const file = z.object({
  appKey: z.string().min(8),
  appSecret: z.string().min(32),
  sessionSecret: z.string().min(32),
});

/** What Parley signs and verifies with. */
export type Keys = z.infer<typeof file>;

/**
 * The keys of a data folder, made on first start and kept there for their owner's eyes only.
 * `given` (from the environment) wins over what is kept.
 */
export function loadKeys(folder: string, given: { appKey?: string; appSecret?: string }): Keys {
  const path = join(folder, 'keys.json');
  const kept = existsSync(path) ? read(path) : write(path);
  return { ...kept, appKey: given.appKey ?? kept.appKey, appSecret: given.appSecret ?? kept.appSecret };
}

function read(path: string): Keys {
  try {
    return file.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    throw new Error(
      `${path} is damaged. Restore it from a backup, or delete it: everybody must then sign in again, and apps need the new key and secret.`,
      { cause },
    );
  }
}

function write(path: string): Keys {
  const random = (bytes: number) => randomBytes(bytes).toString('base64url');
  const keys = {
    appKey: `parley-${randomBytes(8).toString('hex')}`,
    appSecret: random(32),
    sessionSecret: random(32),
  };
  const draft = `${path}.new`;
  writeFileSync(draft, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, path);
  return keys;
}
