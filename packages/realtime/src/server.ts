import { randomInt } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { Channels } from './channels.ts';
import { Connection, type Traffic } from './connection.ts';
import { Conversation, type Conversing } from './conversation.ts';
import { codes, encodeEvent, frame, refusalOf } from './protocol.ts';
import type { RealtimeLimits, RealtimeServer, RealtimeServerOptions } from './realtime-server.ts';
import { Signer } from './signature.ts';

const defaultLimits: RealtimeLimits = {
  connections: 20_000,
  channelsPerConnection: 200,
  messageBytes: 20_000,
  messagesPerSecond: 20,
  clientEventsPerSecond: 10,
  activityTimeout: 30,
  pongTimeout: 30,
  slowBytes: 1024 * 1024,
  slowSeconds: 10,
  maxWaitingBytes: 16 * 1024 * 1024,
};

/**
 * Makes a server of the Pusher Channels protocol. It listens on no port of its own: give it the upgrades of an
 * HTTP server, with `attach` or one by one.
 *
 * @example
 * const realtime = createRealtimeServer({ key: 'app-key', secret: 'app-secret' });
 * realtime.attach(httpServer);
 * realtime.publish('private-news', 'headline', JSON.stringify({ text: 'Good morning' }));
 */
export function createRealtimeServer(options: RealtimeServerOptions): RealtimeServer {
  const limits = { ...defaultLimits, ...options.limits };
  const signer = new Signer(options);
  const channels = new Channels(options.onPresence ?? (() => {}));
  const connections = new Map<string, Connection>();
  const traffic: Traffic = { messagesReceived: 0, messagesSent: 0, bytesSent: 0, slowConsumersClosed: 0 };
  const conversing: Conversing = {
    channels,
    signer,
    limits,
    allowPublic: options.allowPublic ?? (() => false),
    allowClientEvent: options.allowClientEvent ?? (() => false),
  };
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: limits.messageBytes,
    // Messages are small, and compressing each for each peer would cost more than it saves.
    perMessageDeflate: false,
  });

  let toFlush: Connection[] = [];
  const flushSoon = (connection: Connection) => {
    if (toFlush.push(connection) > 1) return;
    setImmediate(() => {
      const due = toFlush;
      toFlush = [];
      for (const each of due) each.flush();
    });
  };

  const shortest = Math.min(limits.activityTimeout, limits.pongTimeout, limits.slowSeconds);
  const watch = setInterval(
    () => {
      const now = performance.now();
      for (const connection of connections.values()) connection.checkLife(now);
    },
    Math.max(50, (shortest * 1000) / 4),
  ).unref();

  let closing: Promise<void> | undefined;

  function accept(socket: WebSocket, wire: Duplex, request: IncomingMessage): void {
    const id = freeId(connections);
    const connection = new Connection({ id, socket, wire, limits, traffic, flushSoon });
    // A broken peer is closed by what follows; without a listener its error would end the process.
    socket.on('error', () => connection.terminate());
    const refused = refuse(request);
    if (refused !== undefined) {
      connection.refuse(refused.code, refused.message);
      return;
    }
    connections.set(id, connection);
    const conversation = new Conversation(connection, conversing);
    socket.on('message', (data: RawData, isBinary: boolean) => {
      traffic.messagesReceived++;
      if (isBinary) connection.sendError(codes.reconnect, 'Send text, not bytes.');
      else conversation.hear(String(data));
    });
    socket.on('pong', () => connection.heard());
    socket.on('ping', () => connection.heard());
    socket.on('close', () => {
      connections.delete(id);
      for (const channel of [...connection.channels.keys()]) channels.leave(channel, connection);
    });
    const hello = { socket_id: id, activity_timeout: limits.activityTimeout };
    connection.send(frame(encodeEvent('pusher:connection_established', JSON.stringify(hello))));
  }

  function refuse(request: IncomingMessage): { code: number; message: string } | undefined {
    if (closing !== undefined) return { code: codes.overCapacity, message: 'The server is stopping.' };
    if (connections.size >= limits.connections) {
      return { code: codes.overCapacity, message: 'There are as many connections as there can be.' };
    }
    const refused = refusalOf(new URL(request.url ?? '/', 'http://localhost'), options.key);
    if (refused !== undefined) return refused;
    if (options.allowOrigin?.(request.headers.origin) === false) {
      return { code: codes.unauthorized, message: 'Pages of this address may not connect.' };
    }
    return undefined;
  }

  function handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    if (!request.url?.startsWith('/app/')) return false;
    sockets.handleUpgrade(request, socket, head, (webSocket) => accept(webSocket, socket, request));
    return true;
  }

  function membersOf(channel: string, userId: string): Connection[] {
    return [...(channels.find(channel)?.members.get(userId)?.connections ?? [])];
  }

  async function close(): Promise<void> {
    clearInterval(watch);
    const open = [...connections.values()];
    for (const connection of open) connection.close(codes.overCapacity, 'The server is stopping.');
    // Clients that answer the closing are gone in a moment; the others are not waited for.
    await new Promise<void>((resolve) => setTimeout(resolve, open.length > 0 ? 100 : 0));
    for (const connection of open) connection.terminate();
    sockets.close();
  }

  return {
    handleUpgrade,
    attach(server) {
      server.on('upgrade', (request, socket, head) => {
        if (!handleUpgrade(request, socket, head)) {
          socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
        }
      });
    },
    publish(channel, event, data, { except } = {}) {
      return channels.send(channel, event, data, except === undefined ? undefined : connections.get(except));
    },
    signChannel(subscription) {
      const auth = signer.sign(subscription);
      const { channelData } = subscription;
      return channelData === undefined ? { auth } : { auth, channel_data: channelData };
    },
    members: (channel) => [...(channels.find(channel)?.members.keys() ?? [])],
    occupied: (channel) => channels.find(channel) !== undefined,
    subscriberCount: (channel) => channels.subscribers(channel).size,
    removeMember(channel, userId) {
      const data = { type: 'AuthError', error: 'You are no longer on this channel.', status: 403 };
      const told = frame(JSON.stringify({ event: 'pusher:subscription_error', channel, data }));
      for (const connection of membersOf(channel, userId)) {
        channels.leave(channel, connection);
        connection.send(told);
      }
    },
    disconnectUser(userId) {
      for (const connection of connections.values()) {
        if ([...connection.channels.values()].includes(userId)) {
          connection.refuse(codes.unauthorized, 'You were disconnected.');
        }
      }
    },
    statistics: () => ({
      connections: connections.size,
      channels: channels.size,
      subscriptions: channels.subscriptions,
      ...traffic,
    }),
    close: () => (closing ??= close()),
  };
}

/** Socket ids can't be guessed: a signature holds for one of them. */
function freeId(taken: ReadonlyMap<string, unknown>): string {
  const part = () => randomInt(1, 2 ** 40);
  let id = `${part()}.${part()}`;
  while (taken.has(id)) id = `${part()}.${part()}`;
  return id;
}
