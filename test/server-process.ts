import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppTokens } from '../packages/server/src/accounts/app-tokens.ts';

const main = fileURLToPath(new URL('../packages/server/src/main.ts', import.meta.url));

/** A Parley in a process of its own, as an operator starts it. */
export interface ServerProcess {
  url: string;
  folder: string;
  /** The secret of the first-run link; undefined once there is an owner. */
  setupToken: string | undefined;
  /** Everything it has printed. */
  output(): string;
  /** A token as an embedding app's backend would sign it. */
  token(
    sub: string,
    options?: { name?: string; role?: 'user' | 'server'; expiresIn?: number },
  ): Promise<string>;
  /** Ends it at once, as a crash or a power cut would. */
  kill(): Promise<void>;
  /** Starts it again on the same folder and port. */
  restart(): Promise<void>;
  /** Ends it as an operator would; resolves to its exit code. */
  stop(): Promise<number | null>;
  /** Ends it, and removes its folder. */
  dispose(): Promise<void>;
}

/** Starts Parley on a free port and a folder, of its own when none is given. `environment` is added to the process's. */
export async function startServer(
  environment: Record<string, string> = {},
  dataFolder?: string,
): Promise<ServerProcess> {
  const folder = dataFolder ?? (await mkdtemp(join(tmpdir(), 'parley-')));
  let child: ChildProcess;
  let output = '';
  let url = '';

  async function start(port: string): Promise<void> {
    output = '';
    child = spawn(process.execPath, [main], {
      env: {
        ...process.env,
        PARLEY_DATA_DIR: folder,
        PARLEY_LOG_LEVEL: 'warn',
        PARLEY_RATE_LIMIT: '0',
        ...environment,
        PORT: port,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const collect = (chunk: Buffer) => {
      output += chunk;
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    await waitFor(() => {
      if (child.exitCode !== null) throw new Error(`Parley ended with ${child.exitCode}:\n${output}`);
      return output.includes('Ctrl-C stops it');
    });
    url = /runs at\s+(\S+)/.exec(output)?.[1] ?? '';
  }

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    child.kill(signal);
    return ended;
  }

  await start('0');
  const keys = JSON.parse(await readFile(join(folder, 'keys.json'), 'utf8')) as {
    appKey: string;
    appSecret: string;
  };
  const tokens = new AppTokens(keys);
  return {
    get url() {
      return url;
    },
    folder,
    get setupToken() {
      return /token=(\S+)/.exec(output)?.[1];
    },
    output: () => output,
    token: (sub, { name = sub, role = 'user', expiresIn } = {}) =>
      tokens.mint({ sub, name, role }, expiresIn),
    kill: async () => void (await end('SIGKILL')),
    restart: () => start(new URL(url).port),
    stop: () => end('SIGTERM'),
    async dispose() {
      await end('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Waits until something holds; fails after `timeout` milliseconds. */
export async function waitFor(
  holds: () => boolean | Promise<boolean>,
  { timeout = 10_000, what = '' }: { timeout?: number; what?: string } = {},
): Promise<void> {
  const until = performance.now() + timeout;
  while (!(await holds())) {
    if (performance.now() > until) throw new Error(`Waited ${timeout} ms in vain. ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
