// Checks the types of every package with the compiler, one project each.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';

const projects = readdirSync('packages')
  .map((name) => `packages/${name}/tsconfig.json`)
  .filter((file) => existsSync(file));

let failed = false;
for (const project of [...projects, 'tsconfig.json']) {
  const { status } = spawnSync('tsc', ['--project', project], { stdio: 'inherit' });
  if (status !== 0) failed = true;
}
process.exit(failed ? 1 : 0);
