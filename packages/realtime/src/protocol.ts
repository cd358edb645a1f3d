/** Codes of the protocol: with 40xx a client stays away, with 41xx it comes back in a second, with 42xx at once. */
export const codes = {
  applicationNotFound: 4001,
  pathNotFound: 4005,
  invalidVersion: 4006,
  unsupportedProtocol: 4007,
  noProtocol: 4008,
  unauthorized: 4009,
  overCapacity: 4100,
  reconnect: 4200,
  pongNotReceived: 4201,
  clientEventRejected: 4301,
} as const;

const supportedProtocols = new Set(['5', '6', '7']);

/** Why a connection can't be accepted: a code and a sentence; undefined when it can. */
export function refusalOf(address: URL, key: string): { code: number; message: string } | undefined {
  const [, app, given, ...rest] = address.pathname.split('/');
  if (app !== 'app' || given === undefined || rest.length > 0) {
    return { code: codes.pathNotFound, message: 'Connect to /app/<key>.' };
  }
  if (given !== key)
    return { code: codes.applicationNotFound, message: 'There is no app with this key here.' };
  const protocol = address.searchParams.get('protocol');
  if (protocol === null) return { code: codes.noProtocol, message: 'No protocol version was given.' };
  if (!supportedProtocols.has(protocol)) {
    return { code: codes.unsupportedProtocol, message: 'Protocol versions 5 to 7 are supported.' };
  }
  return undefined;
}

/** A message from a client; undefined when it is none. */
export function parseMessage(text: string): { event: string; data: unknown; channel?: string } | undefined {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof message !== 'object' || message === null) return undefined;
  const { event, data, channel } = message as Record<string, unknown>;
  if (typeof event !== 'string') return undefined;
  const decoded = typeof data === 'string' && event.startsWith('pusher:') ? parseData(data) : data;
  return { event, data: decoded, ...(typeof channel === 'string' ? { channel } : {}) };
}

// Some clients encode the data of their own messages twice, as the server's are.
function parseData(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The text of a message to clients. `data` is JSON text already; the protocol carries it as a string. */
export function encodeEvent(event: string, data: string, channel?: string): string {
  const where = channel === undefined ? '' : `"channel":${JSON.stringify(channel)},`;
  return `{"event":${JSON.stringify(event)},${where}"data":${JSON.stringify(data)}}`;
}

export function encodeError(code: number, message: string): string {
  return JSON.stringify({ event: 'pusher:error', data: { code, message } });
}

/** One WebSocket text frame, as it goes over the wire (RFC 6455, unmasked as from a server). */
export function frame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const header = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const bytes = Buffer.allocUnsafe(header + length);
  bytes[0] = 0x81;
  if (header === 2) {
    bytes[1] = length;
  } else if (header === 4) {
    bytes[1] = 126;
    bytes.writeUInt16BE(length, 2);
  } else {
    bytes[1] = 127;
    bytes.writeBigUInt64BE(BigInt(length), 2);
  }
  bytes.write(text, header);
  return bytes;
}
