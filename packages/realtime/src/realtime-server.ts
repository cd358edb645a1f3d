import type { Server as HttpServer, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/** Where the protocol's own numbers may differ; all of them bound what one peer can cost. */
export interface RealtimeLimits {
  /** Sockets at the same time; default 20,000. */
  connections: number;
  /** Channels that one socket may be subscribed to; default 200. */
  channelsPerConnection: number;
  /** Bytes of one message from a client; default 20,000. */
  messageBytes: number;
  /** Messages a second from one client; five times as many at once; default 20. */
  messagesPerSecond: number;
  /** Client events a second from one client; default 10. */
  clientEventsPerSecond: number;
  /** Seconds of silence after which a peer is asked whether it is there; default 30. */
  activityTimeout: number;
  /** Seconds that it has for its answer; default 30. */
  pongTimeout: number;
  /** Bytes that may wait for a slow peer for up to `slowSeconds`; default 1 MiB. */
  slowBytes: number;
  /** Default 10. */
  slowSeconds: number;
  /** Bytes that may never wait for a peer; default 16 MiB. */
  maxWaitingBytes: number;
}

export interface PresenceChange {
  channel: string;
  userId: string;
  /** True with a user's first connection to the channel, false with the end of the last. */
  present: boolean;
}

export interface ClientEvent {
  channel: string;
  /** Begins with `client-`. */
  event: string;
  data: unknown;
  /** On presence channels, who sends it. */
  userId?: string | undefined;
}

export interface RealtimeServerOptions {
  /** What clients connect with: the last part of `/app/<key>`. */
  key: string;
  /** Signs and verifies subscriptions. */
  secret: string;
  /** May this page connect? Default: any. */
  allowOrigin?: (origin: string | undefined) => boolean;
  /** May anybody subscribe to this channel without a signature? Default: no. */
  allowPublic?: (channel: string) => boolean;
  /** May this event go from one client to the others on the channel? Default: no. */
  allowClientEvent?: (event: ClientEvent) => boolean;
  onPresence?: (change: PresenceChange) => void;
  limits?: Partial<RealtimeLimits>;
}

/** The answer of an authorisation endpoint. */
export interface ChannelAuth {
  auth: string;
  channel_data?: string;
}

export interface RealtimeStatistics {
  connections: number;
  channels: number;
  subscriptions: number;
  messagesReceived: number;
  messagesSent: number;
  bytesSent: number;
  /** Peers that were cut off because too much waited for them. */
  slowConsumersClosed: number;
}

/** A server of the Pusher Channels protocol, version 7. It knows channels and nothing of what they carry. */
export interface RealtimeServer {
  /** Takes over an upgrade of an HTTP connection, if it is for `/app/…`; says whether it was. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** Takes over the upgrades of an HTTP server; those for other addresses are refused. */
  attach(server: HttpServer): void;
  /**
   * Sends an event to every subscriber but one. Encoded once; what is sent within a tick shares a write.
   * @param data JSON text
   * @param except socket id of the subscriber that shall not get it
   * @returns to how many it goes
   */
  publish(channel: string, event: string, data: string, options?: { except?: string }): number;
  /** Signs a subscription of one socket to one channel. `channelData` is JSON text; presence channels need it. */
  signChannel(subscription: { socketId: string; channel: string; channelData?: string }): ChannelAuth;
  /** User ids on a presence channel. */
  members(channel: string): string[];
  occupied(channel: string): boolean;
  subscriberCount(channel: string): number;
  /** Ends all subscriptions of a user to a presence channel, and tells them. */
  removeMember(channel: string, userId: string): void;
  /** Closes all connections on which a user is present anywhere; their clients don't come back by themselves. */
  disconnectUser(userId: string): void;
  statistics(): RealtimeStatistics;
  /** Sends everybody away, to come back in a moment. Idempotent. */
  close(): Promise<void>;
}
