import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Echo from 'laravel-echo';
import pusherModule from 'pusher-js';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type {
  ClientEvent,
  PresenceChange,
  RealtimeServer,
  RealtimeServerOptions,
} from './realtime-server.ts';
import { createRealtimeServer } from './server.ts';

/** The official clients, unmodified, over real sockets. Names begin with the rule of docs/reference/realtime-protocol.md. */

type PusherClass = typeof pusherModule.default;
type Pusher = InstanceType<PusherClass>;
const Pusher = pusherModule as unknown as PusherClass;

let http: Server;
let realtime: RealtimeServer;
let port = 0;
const clients: Pusher[] = [];
const presence: PresenceChange[] = [];
const clientEvents: ClientEvent[] = [];

async function start(options: Partial<RealtimeServerOptions> = {}): Promise<void> {
  http = createServer();
  realtime = createRealtimeServer({
    key: 'key',
    secret: 'secret',
    onPresence: (change) => presence.push(change),
    allowClientEvent: (event) => clientEvents.push(event) > 0 && event.event !== 'client-forbidden',
    ...options,
  });
  realtime.attach(http);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  port = (http.address() as AddressInfo).port;
}

beforeEach(() => start());
afterEach(async () => {
  for (const client of clients.splice(0)) client.disconnect();
  await realtime.close();
  http.close();
  presence.length = 0;
  clientEvents.length = 0;
});

function connect(
  userId: string,
  { key = 'key', sign = true }: { key?: string; sign?: boolean } = {},
): Pusher {
  const client = new Pusher(key, {
    cluster: '',
    wsHost: '127.0.0.1',
    wsPort: port,
    forceTLS: false,
    enabledTransports: ['ws'],
    channelAuthorization: {
      transport: 'ajax',
      endpoint: '',
      customHandler: ({ socketId, channelName }, answer) => {
        const channelData = JSON.stringify({ user_id: userId, user_info: { name: userId.toUpperCase() } });
        const isPresence = channelName.startsWith('presence-');
        const signed = realtime.signChannel({
          socketId,
          channel: channelName,
          ...(isPresence ? { channelData } : {}),
        });
        answer(null, sign ? signed : { ...signed, auth: `${signed.auth.slice(0, -1)}x` });
      },
    },
  });
  clients.push(client);
  return client;
}

/** Everything that a channel tells, as it comes. */
function listen(client: Pusher, name: string): { event: string; data: unknown }[] {
  const heard: { event: string; data: unknown }[] = [];
  client.subscribe(name).bind_global((event: string, data: unknown) => heard.push({ event, data }));
  return heard;
}

const told = (heard: { event: string }[], event: string, times = 1) =>
  vi.waitFor(() => expect(heard.filter((each) => each.event === event)).toHaveLength(times), {
    timeout: 5_000,
  });

describe('pusher-js', () => {
  test('R1 R3 connects, with a socket id and an activity timeout', async () => {
    const client = connect('ada');
    await vi.waitFor(() => expect(client.connection.state).toBe('connected'));
    expect(client.connection.socket_id).toMatch(/^\d+\.\d+$/);
    expect(realtime.statistics()).toMatchObject({ connections: 1 });
  });

  test('R7 R9 hears what is published on a private channel, in order, except where it is excepted', async () => {
    const [ada, ben] = [connect('ada'), connect('ben')];
    const heard = [listen(ada, 'private-room'), listen(ben, 'private-room')] as const;
    await told(heard[0], 'pusher:subscription_succeeded');
    await told(heard[1], 'pusher:subscription_succeeded');
    for (let index = 0; index < 50; index++)
      realtime.publish('private-room', 'said', JSON.stringify({ index, text: 'Grüße 👋' }));
    const except = ada.connection.socket_id;
    expect(realtime.publish('private-room', 'secret', '{}', { except })).toBe(1);
    await told(heard[1], 'secret');
    const said = heard[0].filter(({ event }) => event === 'said');
    expect(said.map(({ data }) => data)).toEqual(
      Array.from({ length: 50 }, (_, index) => ({ index, text: 'Grüße 👋' })),
    );
    expect(heard[0].some(({ event }) => event === 'secret')).toBe(false);
    expect(realtime.publish('private-elsewhere', 'said', '{}')).toBe(0);
  });

  test('R8 presence: a user comes with the first connection and goes with the last', async () => {
    const ada = connect('ada');
    const heard = listen(ada, 'presence-room');
    await told(heard, 'pusher:subscription_succeeded');
    const [first, second] = [connect('ben'), connect('ben')];
    const [one, two] = [listen(first, 'presence-room'), listen(second, 'presence-room')];
    await told(one, 'pusher:subscription_succeeded');
    await told(two, 'pusher:subscription_succeeded');
    expect(realtime.members('presence-room')).toEqual(['ada', 'ben']);
    expect(two.find(({ event }) => event === 'pusher:subscription_succeeded')?.data).toMatchObject({
      count: 2,
      members: { ada: { name: 'ADA' } },
    });
    first.disconnect();
    await vi.waitFor(() => expect(realtime.subscriberCount('presence-room')).toBe(2));
    second.unsubscribe('presence-room');
    await told(heard, 'pusher:member_removed');
    expect(heard.filter(({ event }) => event === 'pusher:member_added')).toMatchObject([
      { data: { id: 'ben', info: { name: 'BEN' } } },
    ]);
    expect(presence).toEqual([
      { channel: 'presence-room', userId: 'ada', present: true },
      { channel: 'presence-room', userId: 'ben', present: true },
      { channel: 'presence-room', userId: 'ben', present: false },
    ]);
  });

  test('R7 a forged signature and a public channel are refused; the connection lives on', async () => {
    const forger = connect('eve', { sign: false });
    const heard = listen(forger, 'private-room');
    await told(heard, 'pusher:subscription_error');
    expect(heard[0]?.data).toMatchObject({ type: 'AuthError', status: 401 });
    await told(listen(forger, 'news'), 'pusher:subscription_error');
    expect(forger.connection.state).toBe('connected');
    expect(realtime.occupied('private-room')).toBe(false);
  });

  test('R10 who is taken off a channel is told, and hears no more', async () => {
    const ada = connect('ada');
    const heard = listen(ada, 'presence-room');
    await told(heard, 'pusher:subscription_succeeded');
    realtime.removeMember('presence-room', 'ada');
    await told(heard, 'pusher:subscription_error');
    realtime.publish('presence-room', 'said', '{}');
    realtime.publish('presence-room', 'said', '{}');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(heard.some(({ event }) => event === 'said')).toBe(false);
    expect(realtime.occupied('presence-room')).toBe(false);
  });

  test('R11 client events reach the others, with the sender’s name from the server; refused and too many keep the connection', async () => {
    const [ada, ben] = [connect('ada'), connect('ben')];
    const [own, heard] = [listen(ada, 'presence-room'), listen(ben, 'presence-room')];
    await told(own, 'pusher:subscription_succeeded');
    await told(heard, 'pusher:subscription_succeeded');
    const errors: number[] = [];
    ada.connection.bind('error', ({ data }: { data?: { code: number } }) => errors.push(data?.code ?? 0));
    const channel = ada.channel('presence-room');
    channel.trigger('client-wave', { hands: 2 });
    await told(heard, 'client-wave');
    expect(own.some(({ event }) => event === 'client-wave')).toBe(false);
    expect(clientEvents[0]).toMatchObject({ userId: 'ada', data: { hands: 2 } });
    channel.trigger('client-forbidden', {});
    await vi.waitFor(() => expect(errors).toEqual([4301]));
    for (let index = 0; index < 30; index++) channel.trigger('client-flood', {});
    await vi.waitFor(() => expect(errors.length).toBeGreaterThan(10));
    expect(ada.connection.state).toBe('connected');
  });

  test('R2 a wrong key is refused for good', async () => {
    const client = connect('ada', { key: 'wrong' });
    const errors: string[] = [];
    client.connection.bind('error', (error: unknown) => errors.push(JSON.stringify(error)));
    await vi.waitFor(() => expect(client.connection.state).toBe('disconnected'));
    expect(errors.join()).toContain('4001');
  });

  test('R12 after a break it subscribes again by itself', async () => {
    const client = connect('ada');
    const heard = listen(client, 'presence-room');
    await told(heard, 'pusher:subscription_succeeded');
    http.closeAllConnections();
    await realtime.close();
    http.close();
    const previous = port;
    await start();
    http.close();
    await new Promise<void>((resolve) => http.listen(previous, '127.0.0.1', resolve));
    await told(heard, 'pusher:subscription_succeeded', 2);
  });
});

describe('laravel-echo', () => {
  test('R8 joins, listens, whispers and leaves', async () => {
    const [ada, ben] = ['ada', 'ben'].map(
      (name) => new Echo({ broadcaster: 'pusher', client: connect(name) }),
    );
    const here = vi.fn();
    const joining = vi.fn();
    const leaving = vi.fn();
    const waved = vi.fn();
    const said = vi.fn();
    ada
      ?.join('room')
      .here(here)
      .joining(joining)
      .leaving(leaving)
      .listenForWhisper('wave', waved)
      .listen('.said', said);
    await vi.waitFor(() => expect(here).toHaveBeenCalledWith([{ name: 'ADA' }]));
    const channel = ben?.join('room');
    await vi.waitFor(() => expect(joining).toHaveBeenCalledWith({ name: 'BEN' }));
    await vi.waitFor(() => expect(realtime.members('presence-room')).toHaveLength(2));
    realtime.publish('presence-room', 'said', '{"text":"Hello"}');
    await vi.waitFor(() => expect(said.mock.calls[0]?.[0]).toEqual({ text: 'Hello' }));
    await vi.waitFor(() => {
      channel?.whisper('wave', { hands: 1 });
      expect(waved).toHaveBeenCalledWith({ hands: 1 }, { user_id: 'ben' });
    });
    ben?.leave('room');
    await vi.waitFor(() => expect(leaving).toHaveBeenCalledWith({ name: 'BEN' }));
  });
});
