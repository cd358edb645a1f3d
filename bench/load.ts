import { fork } from 'node:child_process';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';

/** Requests that a load process makes, over and over, for a time. */
export interface Load {
  url: string;
  method: 'GET' | 'POST';
  /** Paths, taken in turns. */
  paths: string[];
  headers: Record<string, string>;
  /** Text of a body; `<id>` in it is another UUID each time. */
  body?: string;
  inFlight: number;
  seconds: number;
}

/** Requests a second that were answered below 400, made by a process of its own. */
export function measure(load: Load): Promise<number> {
  const child = fork(fileURLToPath(import.meta.url), ['load']);
  return new Promise((resolve, reject) => {
    child.once('message', (message: { perSecond?: number; error?: string }) => {
      if (message.perSecond === undefined) reject(new Error(message.error));
      else resolve(message.perSecond);
    });
    child.once('error', reject);
    child.send(load);
  });
}

async function run(load: Load): Promise<number> {
  const random = crypto.randomUUID().slice(0, 23);
  const warmUp = load.seconds * 250;
  const count = { made: 0, answered: 0, from: performance.now() + warmUp };
  const end = count.from + load.seconds * 1000;
  await Promise.all(Array.from({ length: load.inFlight }, () => converse(load, random, count, end)));
  return count.answered / load.seconds;
}

/**
 * One connection: a request, its answer, the next. Spoken by hand, because an HTTP client would take more of the
 * machine than what is measured.
 */
function converse(
  { url, method, paths, headers, body, inFlight }: Load,
  random: string,
  count: { made: number; answered: number; from: number },
  end: number,
): Promise<void> {
  const { hostname, port } = new URL(url);
  const head = Object.entries({ host: `${hostname}:${port}`, ...headers })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    let received = Buffer.alloc(0);
    const ask = () => {
      const number = count.made++;
      const text = body?.replace('<id>', `${random}-${number.toString(16).padStart(12, '0')}`) ?? '';
      const length = body === undefined ? '' : `content-length: ${Buffer.byteLength(text)}\r\n`;
      socket.write(`${method} ${paths[number % paths.length]} HTTP/1.1\r\n${head}${length}\r\n${text}`);
    };
    socket.once('connect', ask);
    socket.on('data', (chunk) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      const headEnd = received.indexOf('\r\n\r\n');
      if (headEnd < 0) return;
      const text = received.toString('latin1', 0, headEnd);
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? Number.NaN);
      if (received.length < headEnd + 4 + length) return;
      const status = Number(text.slice(9, 12));
      if (Number.isNaN(length) || status >= 400) reject(new Error(received.toString()));
      received = Buffer.alloc(0);
      const now = performance.now();
      if (now >= count.from) count.answered++;
      if (now < end) ask();
      else socket.end();
    });
    socket.once('close', () => resolve());
    socket.once('error', reject);
    socket.setTimeout(30_000, () => reject(new Error(`No answer on one of ${inFlight} connections.`)));
  });
}

if (process.argv[2] === 'load') {
  process.once('message', (load: Load) => {
    run(load).then(
      (perSecond) => process.send?.({ perSecond }, () => process.exit(0)),
      (error: unknown) => process.send?.({ error: String(error) }, () => process.exit(1)),
    );
  });
}
