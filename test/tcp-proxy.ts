import { connect, createServer, type Socket } from 'node:net';

/** The network between a client and a server, for tests that break it. */
export interface TcpProxy {
  url: string;
  /** Ends every connection at once, as a lost network does. */
  cut(): void;
  /** Refuses new connections, and ends those that are open, until `open` is called. */
  close(): void;
  open(): void;
  /** Swallows what the server says from now on, until `cut` is called: requests arrive, answers do not. */
  swallowAnswers(): void;
  dispose(): Promise<void>;
}

/** Starts a proxy on a free port. */
export async function startTcpProxy(target: string): Promise<TcpProxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let refusing = false;
  let swallowing = false;

  const listener = createServer((client) => {
    if (refusing) {
      client.destroy();
      return;
    }
    const server = connect(Number(port), hostname);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(from);
      from.on('error', () => {});
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      from.on('data', (data) => {
        if (from === client || !swallowing) to.write(data);
      });
    }
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port.');

  function cut(): void {
    swallowing = false;
    for (const socket of sockets) socket.destroy();
  }
  return {
    url: `http://127.0.0.1:${address.port}`,
    cut,
    close() {
      refusing = true;
      cut();
    },
    open() {
      refusing = false;
    },
    swallowAnswers() {
      swallowing = true;
    },
    async dispose() {
      cut();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
