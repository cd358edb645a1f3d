import type { FastifyBaseLogger } from 'fastify';
import { pino } from 'pino';

// Wherever one of these names occurs in what is logged, its value is not.
const secrets = ['authorization', 'cookie', 'password', 'token', 'secret', 'text'];

/** Logs as JSON lines; in a terminal, as lines for people. Secrets and what people write are left out. */
export function createLogger(level: string): FastifyBaseLogger {
  const paths = secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
  return pino({
    level,
    redact: { paths: [...paths, '*["set-cookie"]', '*.*["set-cookie"]'], censor: '[redacted]' },
    ...(process.stdout.isTTY
      ? { transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname' } } }
      : {}),
  });
}
