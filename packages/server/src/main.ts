#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inProcessEventBus } from '@parley/event-bus';
import { EventLogError, openSqliteEventLog } from '@parley/event-log';
import { createRealtimeServer } from '@parley/realtime';
import { Accounts } from './accounts/accounts.ts';
import { loadKeys } from './accounts/keys.ts';
import { type ModelRegistry, modelRegistry } from './ai/models.ts';
import { type Config, ConfigError, helpText, readConfig } from './config.ts';
import { createLogger } from './logger.ts';
import { createServer } from './server.ts';
import { Views } from './views/views.ts';

// The only file that knows which adapters are in use.

const [argument] = process.argv.slice(2);
if (argument === '--help' || argument === '-h') {
  console.log(helpText());
} else if (argument === '--version' || argument === '-v') {
  const file = new URL('../package.json', import.meta.url);
  console.log((JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version);
} else if (argument !== undefined) {
  console.error(`parley: there is no option ${argument}; see parley --help`);
  process.exitCode = 2;
} else {
  await run().catch(explain);
}

async function run(): Promise<void> {
  const config = readConfig(process.env);
  const logger = createLogger(config.logLevel);
  const models = modelRegistry(process.env);
  const folder = resolve(config.dataFolder);
  await mkdir(folder, { recursive: true, mode: 0o700 });

  // First of all: it makes sure that no other process works on the folder.
  const log = await openSqliteEventLog({ folder });
  const { appKey, appSecret, sessionSecret } = loadKeys(folder, config);
  const publicUrl = config.publicUrl ?? `http://localhost:${config.port}`;
  const keys = { appKey, appSecret, sessionSecret };
  const accounts = await Accounts.open({ folder, keys, publicUrl });
  const views = Views.open({ folder, onError: (error) => logger.error(error) });

  const server = await createServer({
    log,
    bus: (storage) => inProcessEventBus({ storage, onError: (report) => logger.error(report) }),
    realtime: (hooks) => createRealtimeServer({ key: appKey, secret: appSecret, ...hooks }),
    accounts,
    views,
    models,
    logger,
    appKey,
    page: fileURLToPath(new URL('../../web/dist', import.meta.url)),
    publicUrl: config.publicUrl,
    allowedOrigins: config.allowedOrigins,
    rateLimit: config.rateLimit,
    trustProxy: config.trustProxy,
    metricsToken: config.metricsToken,
  });
  stopOnSignals(() => server.close());
  const url = await server.listen(config).catch(async (error: unknown) => {
    await server.close();
    throw portTaken(error, config);
  });
  console.log(greeting({ url, folder, models, setupToken: accounts.setupToken }));
}

function greeting(start: {
  url: string;
  folder: string;
  models: ModelRegistry;
  setupToken: string | undefined;
}): string {
  const { url, folder, models, setupToken } = start;
  const label = models.list().find(({ id }) => id === models.default)?.label ?? models.default;
  const lines = [
    '',
    `  Parley runs at  ${url}`,
    `  Data folder     ${folder}`,
    `  AI model        ${label}`,
    `  API             ${url}/docs`,
  ];
  if (setupToken !== undefined) {
    lines.push(
      '',
      '  Nobody owns this Parley yet. Open this link to begin:',
      `  ${url}/setup#token=${setupToken}`,
    );
  }
  return [...lines, '', '  Ctrl-C stops it.', ''].join('\n');
}

function stopOnSignals(close: () => Promise<void>): void {
  let asked = false;
  const stop = () => {
    if (asked) process.exit(130);
    asked = true;
    console.log('\n  Finishing what was accepted; Ctrl-C again stops at once.');
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

function portTaken(error: unknown, { port, host }: Config): unknown {
  if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') return error;
  return new ConfigError(`Something listens on ${host}:${port} already. Set PORT to a free port.`);
}

/** Tells an operator what to do; a stack only where it is a bug. */
function explain(error: unknown): void {
  const expected =
    error instanceof ConfigError ||
    error instanceof EventLogError ||
    (error instanceof Error && error.name === 'ModelError');
  console.error(expected ? `\n${(error as Error).message}\n` : error);
  process.exit(1);
}
