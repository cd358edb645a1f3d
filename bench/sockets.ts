import { connect, type Socket } from 'node:net';

/**
 * A process that holds many sockets and counts what arrives. Spoken by hand (RFC 6455): a WebSocket client for
 * each socket would take more of the machine than the servers that are measured.
 */

interface Order {
  host: string;
  port: number;
  path: string;
  count: number;
  /** A message to send on every socket once it is open; `<socket>` in it is the socket's id. */
  subscribe?: { secret: string; key: string; channel: string };
}

let frames = 0;

process.on('message', (message: Order | 'count') => {
  if (message === 'count') process.send?.({ frames });
  else void open(message).then(() => process.send?.({ ready: true }));
});

async function open(order: Order): Promise<void> {
  const { createHmac } = await import('node:crypto');
  for (let index = 0; index < order.count; index++) await one(order, createHmac);
}

function one(order: Order, createHmac: typeof import('node:crypto').createHmac): Promise<void> {
  const { host, port, path, subscribe } = order;
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    let upgraded = false;
    let rest: Buffer = Buffer.alloc(0);
    let subscribed = subscribe === undefined;
    socket.once('error', reject);
    socket.once('connect', () =>
      socket.write(
        `GET ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: Upgrade\r\nupgrade: websocket\r\n` +
          'sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
      ),
    );
    socket.on('data', (chunk) => {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      if (!upgraded) {
        const end = rest.indexOf('\r\n\r\n');
        if (end < 0) return;
        upgraded = true;
        rest = rest.subarray(end + 4);
        if (subscribed) resolve();
      }
      rest = read(rest, (text) => {
        if (subscribed) {
          frames++;
          return;
        }
        const message = JSON.parse(text()) as { event: string; data: string };
        if (message.event === 'pusher:connection_established' && subscribe) {
          const { socket_id: id } = JSON.parse(message.data) as { socket_id: string };
          const { channel, key, secret } = subscribe;
          const signature = createHmac('sha256', secret).update(`${id}:${channel}`).digest('hex');
          write(
            socket,
            JSON.stringify({ event: 'pusher:subscribe', data: { channel, auth: `${key}:${signature}` } }),
          );
        } else if (message.event === 'pusher_internal:subscription_succeeded') {
          subscribed = true;
          resolve();
        }
      });
    });
  });
}

/** Goes through the whole frames of a buffer; returns what is left of the last one. */
function read(buffer: Buffer, onFrame: (text: () => string) => void): Buffer {
  let at = 0;
  while (buffer.length - at >= 2) {
    let length = (buffer[at + 1] ?? 0) & 0x7f;
    let header = 2;
    if (length === 126) {
      if (buffer.length - at < 4) break;
      length = buffer.readUInt16BE(at + 2);
      header = 4;
    }
    if (buffer.length - at < header + length) break;
    const [from, to] = [at + header, at + header + length];
    onFrame(() => buffer.toString('utf8', from, to));
    at = to;
  }
  return buffer.subarray(at);
}

/** A masked text frame, as a client has to send it. */
function write(socket: Socket, text: string): void {
  const payload = Buffer.from(text);
  const header = Buffer.from([0x81, 0x80 | 126, payload.length >> 8, payload.length & 0xff, 0, 0, 0, 0]);
  socket.write(Buffer.concat([header, payload]));
}
