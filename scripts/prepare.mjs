// Runs before `npm start` and `npm test`: installs from the lockfile and builds the web page when they
// are missing or out of date, and says what it does. Plain JavaScript, because a newcomer's own Node
// may be older than the one that Parley brings along.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const newer = (a, b) => !existsSync(b) || statSync(a).mtimeMs > statSync(b).mtimeMs;

// `install` and not `ci`: the latter refuses a lockfile that leaves out the binaries of other platforms.
if (newer('package-lock.json', 'node_modules/.package-lock.json') || !existsSync('node_modules/.bin/node')) {
  run('Installing dependencies from package-lock.json (once, about 20 seconds) ...', 'npm', [
    'install',
    '--no-save',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ]);
}

const page = 'packages/web/dist/index.html';
if (sources('packages/web', 'packages/client/src', 'packages/chat/src').some((file) => newer(file, page))) {
  run('Building the web page ...', 'npm', ['run', 'build', '--silent']);
}

function sources(...folders) {
  return folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
      .filter((file) => !/node_modules|dist|\.test\./.test(file)),
  );
}

function run(message, command, args) {
  console.log(message);
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
