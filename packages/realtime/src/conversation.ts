import { Allowance } from './allowance.ts';
import { kindOf } from './channel-name.ts';
import type { Channels, Identity } from './channels.ts';
import type { Connection } from './connection.ts';
import { codes, encodeEvent, frame, parseMessage } from './protocol.ts';
import type { RealtimeLimits, RealtimeServerOptions } from './realtime-server.ts';
import type { Signer } from './signature.ts';

export interface Conversing {
  channels: Channels;
  signer: Signer;
  limits: RealtimeLimits;
  allowPublic: NonNullable<RealtimeServerOptions['allowPublic']>;
  allowClientEvent: NonNullable<RealtimeServerOptions['allowClientEvent']>;
}

/** What one client says, and what comes of it. */
export class Conversation {
  readonly #connection: Connection;
  readonly #server: Conversing;
  readonly #messages: Allowance;
  readonly #clientEvents: Allowance;

  constructor(connection: Connection, server: Conversing) {
    const { messagesPerSecond, clientEventsPerSecond } = server.limits;
    this.#connection = connection;
    this.#server = server;
    this.#messages = new Allowance(messagesPerSecond, messagesPerSecond * 5);
    this.#clientEvents = new Allowance(clientEventsPerSecond);
  }

  hear(text: string): void {
    this.#connection.heard();
    const message = parseMessage(text);
    // A subscription is not a flood: a page with many channels sends many at once.
    if (message?.event !== 'pusher:subscribe' && !this.#messages.take()) {
      this.#connection.sendError(codes.clientEventRejected, 'Too many messages: this one was ignored.');
      return;
    }
    if (message === undefined) {
      this.#connection.sendError(codes.reconnect, 'A message must be a JSON object with an event.');
      return;
    }
    const { event, data, channel } = message;
    if (event === 'pusher:ping') this.#connection.send(pong);
    else if (event === 'pusher:pong') return;
    else if (event === 'pusher:subscribe') this.#subscribe(data);
    else if (event === 'pusher:unsubscribe') this.#unsubscribe(data);
    else if (event.startsWith('client-')) this.#pass(event, channel, data);
    else this.#connection.sendError(codes.reconnect, `There is no "${event.slice(0, 100)}" here.`);
  }

  #subscribe(data: unknown): void {
    const { channel, auth, channel_data: channelData } = fields(data);
    if (typeof channel !== 'string') {
      this.#connection.sendError(codes.reconnect, 'A subscription names a channel.');
      return;
    }
    const refused = this.#refusal(channel, auth, channelData);
    if (refused !== undefined) {
      this.#tell('pusher:subscription_error', { ...refused }, channel);
      return;
    }
    const { channels } = this.#server;
    if (kindOf(channel) !== 'presence') {
      channels.join(channel, this.#connection);
      this.#connection.send(frame(encodeEvent('pusher_internal:subscription_succeeded', '{}', channel)));
      return;
    }
    channels.join(channel, this.#connection, identityOf(channelData));
    const present = channels.presence(channel);
    this.#connection.send(frame(encodeEvent('pusher_internal:subscription_succeeded', present, channel)));
  }

  #refusal(channel: string, auth: unknown, channelData: unknown) {
    const refuse = (status: number, type: string, error: string) => ({ type, error, status });
    const kind = kindOf(channel);
    if (kind === undefined) {
      return refuse(400, 'InvalidChannel', 'There can be no subscription to a channel of this name here.');
    }
    const { channels } = this.#connection;
    if (!channels.has(channel) && channels.size >= this.#server.limits.channelsPerConnection) {
      return refuse(429, 'LimitReached', 'This connection has as many channels as it may have.');
    }
    if (kind === 'public') {
      if (this.#server.allowPublic(channel)) return undefined;
      return refuse(403, 'AuthError', 'There are no public channels of this name here.');
    }
    const signed = {
      socketId: this.#connection.id,
      channel,
      ...(typeof channelData === 'string' ? { channelData } : {}),
    };
    if (typeof auth !== 'string' || !this.#server.signer.verify(signed, auth)) {
      return refuse(401, 'AuthError', 'The signature of this subscription is not valid.');
    }
    if (kind === 'presence' && identityOf(channelData) === undefined) {
      return refuse(400, 'AuthError', 'A presence channel needs channel_data with a user_id.');
    }
    return undefined;
  }

  #unsubscribe(data: unknown): void {
    const { channel } = fields(data);
    if (typeof channel === 'string') this.#server.channels.leave(channel, this.#connection);
  }

  /** An event from one client to the others on a channel. */
  #pass(event: string, channel: string | undefined, data: unknown): void {
    const reason = this.#whyNot(event, channel, data);
    if (reason !== undefined || channel === undefined) {
      const message = `The client event was not sent: ${reason}`;
      this.#connection.sendError(codes.clientEventRejected, message);
      return;
    }
    const userId = this.#connection.channels.get(channel);
    const text = encodeClientEvent(event, channel, data, userId);
    const bytes = frame(text);
    for (const other of this.#server.channels.subscribers(channel)) {
      if (other !== this.#connection) other.send(bytes);
    }
  }

  #whyNot(event: string, channel: string | undefined, data: unknown): string | undefined {
    if (channel === undefined || kindOf(channel) === 'public' || !this.#connection.channels.has(channel)) {
      return 'it needs a private or presence channel that you are on.';
    }
    if (event.length > 200) return 'its name is too long.';
    if (!this.#clientEvents.take()) return 'there were too many.';
    const userId = this.#connection.channels.get(channel);
    const allowed = this.#server.allowClientEvent({ channel, event, data, userId });
    return allowed ? undefined : 'this server does not allow it.';
  }

  #tell(event: string, data: Record<string, unknown>, channel: string): void {
    this.#connection.send(frame(JSON.stringify({ event, channel, data })));
  }
}

const pong = frame('{"event":"pusher:pong","data":{}}');

function fields(data: unknown): Record<string, unknown> {
  return typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : {};
}

/** Who signs in to a presence channel, by the signed `channel_data`. */
function identityOf(channelData: unknown): Identity | undefined {
  if (typeof channelData !== 'string') return undefined;
  try {
    const { user_id: id, user_info: info = {} } = fields(JSON.parse(channelData));
    const valid = (typeof id === 'string' && id !== '') || typeof id === 'number';
    return valid ? { id: id as string | number, info } : undefined;
  } catch {
    return undefined;
  }
}

function encodeClientEvent(
  event: string,
  channel: string,
  data: unknown,
  userId: string | undefined,
): string {
  const text = JSON.stringify(data ?? null);
  return JSON.stringify({ event, channel, data: text, ...(userId === undefined ? {} : { user_id: userId }) });
}
