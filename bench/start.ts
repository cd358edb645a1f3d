import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BenchResult, median } from './result.ts';

const target = 2;

/** Seconds from `npm start`, on an installed checkout, to the first answered request; npm's own part included. */
export async function run(): Promise<BenchResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-bench-'));
  const seconds: number[] = [];
  try {
    // The first start makes the data folder, and builds the page if need be.
    for (let round = 0; round < 6; round++) seconds.push(await start(folder));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const taken = median(seconds.slice(1));
  return [
    {
      name: 'From `npm start` to the first answered request',
      parley: `${taken.toFixed(2)} s`,
      bare: 'two seconds',
      ratio: taken / target,
      target: 1,
      atMost: true,
    },
  ];
}

async function start(folder: string): Promise<number> {
  const port = await freePort();
  const begun = performance.now();
  const child = spawn('npm', ['start'], {
    env: { ...process.env, PARLEY_DATA_DIR: folder, PORT: String(port) },
    stdio: 'ignore',
    // A group of its own, so that Ctrl-C reaches all of it, as in a terminal.
    detached: true,
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  while (!(await isReady(port))) {
    if (child.exitCode !== null) throw new Error(`npm start ended with ${child.exitCode}.`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const taken = (performance.now() - begun) / 1000;
  if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT');
  await ended;
  return taken;
}

async function isReady(port: number): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
  return answer?.ok === true;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

if (import.meta.main) console.table(await run());
