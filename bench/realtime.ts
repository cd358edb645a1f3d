import { type ChildProcess, fork } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { createRealtimeServer } from '@parley/realtime';
import { WebSocketServer } from 'ws';
import { frame } from '../packages/realtime/src/protocol.ts';
import { type BenchResult, inTurns } from './result.ts';

const sockets = 1_000;
const seconds = 3;
const [key, secret, channel] = ['bench-key', 'bench-secret', 'private-bench'];
const data = JSON.stringify({ text: 'x'.repeat(400) });

/** Deliveries a second to 1,000 sockets, and those of a bare `ws` that shares the frame and the write likewise. */
export async function run(): Promise<BenchResult[]> {
  const [parley, bare] = await inTurns(3, parleyDeliveries, bareDeliveries);
  return [
    {
      name: `Deliveries to ${sockets} sockets, 400 B each`,
      parley: `${Math.round(parley)} messages/s`,
      bare: `${Math.round(bare)} messages/s (ws; one frame for all, one write for each tick)`,
      ratio: parley / bare,
      target: 0.8,
    },
  ];
}

async function parleyDeliveries(): Promise<number> {
  const http = createServer();
  const realtime = createRealtimeServer({ key, secret });
  realtime.attach(http);
  const path = `/app/${key}?protocol=7`;
  const delivered = await deliver(http, path, { key, secret, channel }, () =>
    realtime.publish(channel, 'message.sent', data),
  );
  await realtime.close();
  return delivered;
}

async function bareDeliveries(): Promise<number> {
  const http = createServer();
  const wires = new Set<Duplex>();
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  http.on('upgrade', (request, socket, head) =>
    server.handleUpgrade(request, socket, head, () => wires.add(socket)),
  );
  const text = JSON.stringify({ event: 'message.sent', channel, data });
  let waiting: Buffer[] = [];
  const delivered = await deliver(http, '/', undefined, () => {
    const bytes = frame(text);
    if (waiting.push(bytes) > 1) return;
    setImmediate(() => {
      const frames = waiting;
      waiting = [];
      for (const wire of wires) {
        wire.cork();
        for (const each of frames) wire.write(each);
        wire.uncork();
      }
    });
  });
  server.close();
  return delivered;
}

/** Publishes as fast as the sockets take it, and counts what arrives. */
async function deliver(
  http: Server,
  path: string,
  subscribe: object | undefined,
  publish: () => void,
): Promise<number> {
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  const child = fork(fileURLToPath(new URL('./sockets.ts', import.meta.url)));
  await ask(child, { host: '127.0.0.1', port, path, count: sockets, subscribe });
  let published = 0;
  const count = async () => ((await ask(child, 'count')) as { frames: number }).frames;
  const before = await count();
  const begun = performance.now();
  let arrived = before;
  while (performance.now() - begun < seconds * 1000) {
    for (let index = 0; index < 10; index++) publish();
    published += 10;
    // Not further ahead than the sockets can follow.
    while ((published - 20) * sockets > arrived - before) {
      arrived = await count();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  const perSecond = ((await count()) - before) / ((performance.now() - begun) / 1000);
  child.kill();
  http.closeAllConnections();
  http.close();
  return perSecond;
}

function ask(child: ChildProcess, message: unknown): Promise<unknown> {
  return new Promise((resolve) => {
    child.once('message', resolve);
    child.send(message as object);
  });
}

if (import.meta.main) console.table(await run());
