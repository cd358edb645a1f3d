import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { encodeError, frame } from './protocol.ts';
import type { RealtimeLimits } from './realtime-server.ts';

/** What all connections of a server count together. */
export interface Traffic {
  messagesReceived: number;
  messagesSent: number;
  bytesSent: number;
  slowConsumersClosed: number;
}

/** One client's socket: what waits for it, whether it lives, and how much it asks. */
export class Connection {
  readonly id: string;
  /** Names of its channels, with the user's id on presence channels. */
  readonly channels = new Map<string, string | undefined>();
  readonly #socket: WebSocket;
  readonly #wire: Duplex;
  readonly #limits: RealtimeLimits;
  readonly #traffic: Traffic;
  readonly #flushSoon: (connection: Connection) => void;
  #frames: Buffer[] = [];
  #heardAt = performance.now();
  #askedAt: number | undefined;
  #slowSince: number | undefined;

  constructor(parts: {
    id: string;
    socket: WebSocket;
    /** The stream under the socket: frames that many share are written to it as they are. */
    wire: Duplex;
    limits: RealtimeLimits;
    traffic: Traffic;
    flushSoon: (connection: Connection) => void;
  }) {
    this.id = parts.id;
    this.#socket = parts.socket;
    this.#wire = parts.wire;
    this.#limits = parts.limits;
    this.#traffic = parts.traffic;
    this.#flushSoon = parts.flushSoon;
  }

  /** Sends one frame, together with all others of this tick. */
  send(bytes: Buffer): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#frames.length === 0) this.#flushSoon(this);
    this.#frames.push(bytes);
  }

  sendError(code: number, message: string): void {
    this.send(frame(encodeError(code, message)));
  }

  /** Writes what was gathered, in one go. Who lets too much wait is cut off: better gone than with a gap. */
  flush(): void {
    const frames = this.#frames;
    this.#frames = [];
    if (this.#socket.readyState !== this.#socket.OPEN || frames.length === 0) return;
    this.#wire.cork();
    for (const bytes of frames) {
      this.#wire.write(bytes);
      this.#traffic.bytesSent += bytes.length;
    }
    this.#wire.uncork();
    this.#traffic.messagesSent += frames.length;
    this.#checkPace();
  }

  /** Says why, then closes. Older clients read the message, newer ones the code. */
  refuse(code: number, message: string): void {
    this.sendError(code, message);
    this.close(code, message);
  }

  close(code: number, reason: string): void {
    this.flush();
    this.#socket.close(code, reason);
  }

  terminate(): void {
    this.#frames = [];
    this.#socket.terminate();
  }

  /** Any sign of life. */
  heard(): void {
    this.#heardAt = performance.now();
    this.#askedAt = undefined;
  }

  /** Asks a silent peer whether it is there, and gives up one that does not answer. */
  checkLife(now: number): void {
    this.#checkPace();
    const { activityTimeout, pongTimeout } = this.#limits;
    if (this.#askedAt !== undefined) {
      if (now - this.#askedAt < pongTimeout * 1000) return;
      this.#socket.close(4201, 'No answer to a ping.');
      this.terminate();
    } else if (now - this.#heardAt >= activityTimeout * 1000) {
      this.#askedAt = now;
      this.send(ping);
    }
  }

  #checkPace(): void {
    const waiting = this.#wire.writableLength;
    if (waiting <= this.#limits.slowBytes) {
      this.#slowSince = undefined;
      return;
    }
    const now = performance.now();
    this.#slowSince ??= now;
    const tooLong = now - this.#slowSince > this.#limits.slowSeconds * 1000;
    if (!tooLong && waiting <= this.#limits.maxWaitingBytes) return;
    this.#traffic.slowConsumersClosed++;
    this.terminate();
  }
}

const ping = frame('{"event":"pusher:ping","data":{}}');
