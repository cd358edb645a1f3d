import { createHmac, timingSafeEqual } from 'node:crypto';

export interface Subscription {
  socketId: string;
  channel: string;
  channelData?: string | undefined;
}

/** Signs subscriptions with the app's secret: `<key>:<HMAC-SHA256 of socket, channel and data, in hex>`. */
export class Signer {
  readonly #key: string;
  readonly #secret: string;

  constructor({ key, secret }: { key: string; secret: string }) {
    this.#key = key;
    this.#secret = secret;
  }

  sign({ socketId, channel, channelData }: Subscription): string {
    const signed = channelData === undefined ? [socketId, channel] : [socketId, channel, channelData];
    return `${this.#key}:${createHmac('sha256', this.#secret).update(signed.join(':')).digest('hex')}`;
  }

  verify(subscription: Subscription, auth: string): boolean {
    const [given, right] = [Buffer.from(auth), Buffer.from(this.sign(subscription))];
    return given.length === right.length && timingSafeEqual(given, right);
  }
}
