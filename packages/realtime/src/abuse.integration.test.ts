import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { frame } from './protocol.ts';
import type { RealtimeServer, RealtimeServerOptions } from './realtime-server.ts';
import { createRealtimeServer } from './server.ts';
import { Signer } from './signature.ts';

/** Peers that don't keep to the protocol, over raw sockets. */

let http: Server;
let realtime: RealtimeServer;
const sockets: WebSocket[] = [];

async function start(options: Partial<RealtimeServerOptions> = {}): Promise<void> {
  http = createServer();
  realtime = createRealtimeServer({ key: 'key', secret: 'secret', ...options });
  realtime.attach(http);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
}

beforeEach(() => start());
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  await realtime.close();
  http.close();
});

interface Peer {
  socket: WebSocket;
  heard: { event: string; channel?: string; data: unknown }[];
  /** Resolves to the code that the server closes with. */
  closed: Promise<number>;
  send(event: string, data?: unknown): void;
}

function peer(path = '/app/key?protocol=7', headers: Record<string, string> = {}): Peer {
  const { port } = http.address() as AddressInfo;
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers });
  sockets.push(socket);
  const heard: Peer['heard'] = [];
  socket.on('message', (text) => heard.push(JSON.parse(String(text))));
  socket.on('error', () => {});
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  return { socket, heard, closed, send: (event, data = {}) => socket.send(JSON.stringify({ event, data })) };
}

async function connected(path?: string, headers?: Record<string, string>): Promise<Peer & { id: string }> {
  const each = peer(path, headers);
  await vi.waitFor(() => expect(each.heard[0]?.event).toBe('pusher:connection_established'));
  const { socket_id: id } = JSON.parse(String(each.heard[0]?.data)) as { socket_id: string };
  return { ...each, id };
}

const lastError = ({ heard }: Peer) => heard.findLast(({ event }) => event === 'pusher:error')?.data;

test.each([
  ['/app/other?protocol=7', 4001],
  ['/app/key/more?protocol=7', 4005],
  ['/app/key?protocol=3', 4007],
  ['/app/key', 4008],
])('R2 a connection to %s is closed with %i', async (path, code) => {
  const refused = peer(path);
  expect(await refused.closed).toBe(code);
  expect(refused.heard).toMatchObject([{ event: 'pusher:error', data: { code } }]);
});

test('R2 a page that may not connect, and one too many, are told so', async () => {
  await realtime.close();
  http.close();
  await start({ allowOrigin: (origin) => origin !== 'https://evil.example', limits: { connections: 1 } });
  expect(await peer(undefined, { origin: 'https://evil.example' }).closed).toBe(4009);
  await connected();
  expect(await peer().closed).toBe(4100);
});

test('R1 upgrades for other addresses are not found', async () => {
  const socket = peer('/elsewhere').socket;
  const status = await new Promise((resolve) =>
    socket.once('unexpected-response', (_request, answer) => resolve(answer.statusCode)),
  );
  expect(status).toBe(404);
});

test.each([
  '{"event":',
  '[]',
  '"text"',
  '{"event":7}',
  '{"event":"pusher:subscribe"}',
  '{"event":"nonsense"}',
])('R5 %s is answered with an error, and the connection lives on', async (text) => {
  const sender = await connected();
  sender.socket.send(text);
  await vi.waitFor(() => expect(lastError(sender)).toMatchObject({ code: 4200 }));
  sender.send('pusher:ping');
  await vi.waitFor(() => expect(sender.heard.at(-1)?.event).toBe('pusher:pong'));
});

test('R5 bytes in place of text, and floods, are ignored with an error; too large a frame ends the connection', async () => {
  const sender = await connected();
  sender.socket.send(Buffer.from([1, 2, 3]));
  await vi.waitFor(() => expect(lastError(sender)).toMatchObject({ code: 4200 }));
  for (let index = 0; index < 300; index++) sender.send('pusher:ping');
  await vi.waitFor(() => expect(lastError(sender)).toMatchObject({ code: 4301 }));
  sender.socket.send('x'.repeat(30_000));
  expect(await sender.closed).toBe(1009);
});

test('R7 a signature holds for one socket and one channel', async () => {
  const [ada, eve] = [await connected(), await connected()];
  const { auth } = realtime.signChannel({ socketId: ada.id, channel: 'private-room' });
  const attempts: [Peer, Record<string, unknown>][] = [
    [eve, { channel: 'private-room', auth }],
    [ada, { channel: 'private-other', auth }],
    [ada, { channel: 'private-room', auth, channel_data: '{"user_id":"root"}' }],
    [ada, { channel: 'private-room', auth: auth.replace('key:', 'other:') }],
    [ada, { channel: 'private-room' }],
    [ada, { channel: 'private-encrypted-room', auth }],
    [ada, { channel: 'no spaces', auth }],
    [ada, { channel: 'news' }],
    [
      ada,
      {
        channel: 'presence-room',
        auth: realtime.signChannel({ socketId: ada.id, channel: 'presence-room' }).auth,
      },
    ],
  ];
  for (const [who, data] of attempts) {
    const before = who.heard.length;
    who.send('pusher:subscribe', data);
    await vi.waitFor(() => expect(who.heard).toHaveLength(before + 1));
    expect(who.heard.at(-1)?.event, JSON.stringify(data)).toBe('pusher:subscription_error');
  }
  ada.send('pusher:subscribe', { channel: 'private-room', auth });
  await vi.waitFor(() => expect(ada.heard.at(-1)?.event).toBe('pusher_internal:subscription_succeeded'));
});

test('R7 signatures are those of the protocol', () => {
  const signer = new Signer({ key: '278d425bdf160c739803', secret: '7ad3773142a6692b25b8' });
  expect(signer.sign({ socketId: '1234.1234', channel: 'private-foobar' })).toBe(
    '278d425bdf160c739803:58df8b0c36d6982b82c3ecf6b4662e34fe8c25bba48f5369f135bf843651c3a4',
  );
  const channelData = '{"user_id":10,"user_info":{"name":"Mr. Channels"}}';
  expect(signer.sign({ socketId: '1234.1234', channel: 'presence-foobar', channelData })).toBe(
    '278d425bdf160c739803:31935e7d86dba64c2a90aed31fdc61869f9b22ba9d8863bba239c03ca481bc80',
  );
});

test('R6 a connection has only so many channels', async () => {
  await realtime.close();
  http.close();
  await start({ limits: { channelsPerConnection: 2 } });
  const greedy = await connected();
  for (const channel of ['private-a', 'private-b', 'private-c', 'private-a']) {
    const { auth } = realtime.signChannel({ socketId: greedy.id, channel });
    greedy.send('pusher:subscribe', { channel, auth });
  }
  await vi.waitFor(() => expect(greedy.heard).toHaveLength(5));
  expect(greedy.heard.slice(1).map(({ event }) => event)).toEqual([
    'pusher_internal:subscription_succeeded',
    'pusher_internal:subscription_succeeded',
    'pusher:subscription_error',
    'pusher_internal:subscription_succeeded',
  ]);
});

test('R8 a connection that dies without a word leaves its presence', async () => {
  const ada = await connected();
  const channelData = '{"user_id":"ada"}';
  const signed = realtime.signChannel({ socketId: ada.id, channel: 'presence-room', channelData });
  ada.send('pusher:subscribe', { channel: 'presence-room', auth: signed.auth, channel_data: channelData });
  await vi.waitFor(() => expect(realtime.members('presence-room')).toEqual(['ada']));
  ada.socket.terminate();
  await vi.waitFor(() => expect(realtime.occupied('presence-room')).toBe(false));
});

test('R4 a silent peer is asked, and given up when it does not answer', async () => {
  await realtime.close();
  http.close();
  await start({ limits: { activityTimeout: 0.1, pongTimeout: 0.2 } });
  const silent = await connected();
  await vi.waitFor(() => expect(silent.heard.at(-1)?.event).toBe('pusher:ping'));
  silent.send('pusher:pong');
  await vi.waitFor(() => expect(silent.heard.filter(({ event }) => event === 'pusher:ping')).toHaveLength(2));
  await silent.closed;
  expect(realtime.statistics().connections).toBe(0);
});

test('R9 who does not read is cut off; the others go on', async () => {
  await realtime.close();
  http.close();
  await start({ limits: { slowBytes: 10_000, slowSeconds: 60, maxWaitingBytes: 200_000 } });
  const reader = await connected();
  const lazy = await connected();
  for (const each of [reader, lazy]) {
    const { auth } = realtime.signChannel({ socketId: each.id, channel: 'private-room' });
    each.send('pusher:subscribe', { channel: 'private-room', auth });
  }
  await vi.waitFor(() => expect(realtime.subscriberCount('private-room')).toBe(2));
  lazy.socket.pause();
  const data = JSON.stringify({ text: 'x'.repeat(8_000) });
  let published = 0;
  await vi.waitFor(
    () => {
      for (let index = 0; index < 20; index++)
        published += realtime.publish('private-room', 'said', data) > 0 ? 1 : 0;
      expect(realtime.statistics().slowConsumersClosed).toBe(1);
    },
    { timeout: 10_000, interval: 5 },
  );
  expect(realtime.subscriberCount('private-room')).toBe(1);
  await vi.waitFor(
    () => expect(reader.heard.filter(({ event }) => event === 'said')).toHaveLength(published),
    { timeout: 5_000 },
  );
});

test.each([0, 1, 125, 126, 127, 65_535, 65_536, 100_000])('R9 a frame of %i bytes is whole', (length) => {
  const text = 'é'.repeat(length / 2) + 'x'.repeat(length % 2);
  const bytes = frame(text);
  // Read by hand (RFC 6455, 5.2), independent of the code under test.
  const short = bytes[1] ?? 0;
  const header = short < 126 ? 2 : short === 126 ? 4 : 10;
  const told = header === 2 ? short : header === 4 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  expect(bytes[0]).toBe(0x81);
  expect(told).toBe(length);
  expect(bytes.toString('utf8', header)).toBe(text);
});
