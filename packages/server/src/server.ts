import type { AddressInfo } from 'node:net';
import type { BusStorage } from '@parley/event-bus';
import type { EventLog } from '@parley/event-log';
import type { RealtimeServer, RealtimeServerOptions } from '@parley/realtime';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { Accounts } from './accounts/accounts.ts';
import { AIResponseService } from './ai/ai-response-service.ts';
import type { ModelRegistry } from './ai/models.ts';
import { isOwnOrigin } from './api/access.ts';
import { buildApp } from './api/app.ts';
import { Metrics } from './api/metrics.ts';
import { parseChannel } from './delivery/channels.ts';
import { ChatFeed } from './delivery/chat-feed.ts';
import { LiveChats } from './delivery/live-chats.ts';
import { RealtimeEventService } from './delivery/realtime-event-service.ts';
import { AnswerRequests } from './handlers/answer-requests.ts';
import { subscribe } from './handlers/subscribers.ts';
import { TurnDeadlines } from './handlers/turn-deadlines.ts';
import { busStorage } from './orchestrator/bus-storage.ts';
import { type CommittedEvent, fromLog } from './orchestrator/chat-events.ts';
import { type ChatBus, EventDrivenOrchestrator } from './orchestrator/orchestrator.ts';
import { ChatSessionStateManager } from './session-state/session-state-manager.ts';
import type { Views } from './views/views.ts';

/** What a server is put together from. The server closes all of it. */
export interface ServerParts {
  log: EventLog;
  /** Makes the bus, given where its durable handlers read and keep their place. */
  bus: (storage: BusStorage<CommittedEvent>) => ChatBus;
  /** Makes the realtime server, given what Parley wants of it. */
  realtime: (hooks: Pick<RealtimeServerOptions, 'onPresence' | 'allowOrigin'>) => RealtimeServer;
  accounts: Accounts;
  views: Views;
  models: ModelRegistry;
  logger: FastifyBaseLogger;
  /** The key that Pusher clients connect with. */
  appKey: string;
  /** Folder of the built web page. */
  page: string;
  /** Where people reach Parley; the address that it listens on when absent. */
  publicUrl?: string | undefined;
  allowedOrigins?: readonly string[];
  /** Commands a second for one person; 0 (default) = no limit. */
  rateLimit?: number;
  trustProxy?: boolean;
  metricsToken?: string | undefined;
}

export interface Server {
  app: FastifyInstance;
  bus: ChatBus;
  orchestrator: EventDrivenOrchestrator;
  sessions: ChatSessionStateManager;
  /** Starts the handlers and listens. Resolves to the address that people reach it at. Port 0 = a free one. */
  listen(options: { port: number; host: string }): Promise<string>;
  /** Finishes what was accepted, then lets go of everything. Idempotent. */
  close(): Promise<void>;
}

/** Puts Parley together. Nothing in here knows which adapters are in use. */
export async function createServer(parts: ServerParts): Promise<Server> {
  const { log, accounts, views, models, logger } = parts;
  const onError = (error: unknown) => logger.error(error);
  let url = parts.publicUrl ?? 'http://localhost';
  let stopping = false;

  const bus = parts.bus(busStorage(log));
  const sessions = new ChatSessionStateManager({ log, onError });
  const orchestrator = new EventDrivenOrchestrator({ log, bus, sessions });

  const live = new LiveChats();
  const feed = new ChatFeed();
  const realtimeServer = parts.realtime({
    allowOrigin: (origin) =>
      origin === undefined ||
      isOwnOrigin(origin, undefined, url) ||
      isLocal(origin) ||
      (parts.allowedOrigins ?? []).includes(origin),
    onPresence({ channel, userId, present }) {
      const parsed = parseChannel(channel);
      if (parsed?.kind === 'chat') realtime.presence(parsed.chatId, userId, present);
    },
  });
  const realtime = new RealtimeEventService({ realtime: realtimeServer, live });

  const service = new AIResponseService({ models });
  const answers = new AnswerRequests({ orchestrator, sessions, service, realtime, log });
  const deadlines = new TurnDeadlines({ orchestrator, onError });
  const rateLimit = parts.rateLimit ?? 0;
  subscribe({ bus, sessions, realtime, feed, answers, deadlines, models, rateLimit });
  const stopFollowing = log.onAppended((events) => {
    bus.publish(events.map(fromLog));
    views.follow(events.at(-1)?.position ?? 0);
  });

  const metrics = new Metrics();
  metrics.watch('log', 'Event log', () => log.statistics());
  metrics.watch('sessions', 'Chat states', () => sessions.statistics());
  metrics.watch('realtime', 'Realtime server', () => realtimeServer.statistics());
  metrics.watch('views', 'Read models', () => views.statistics());
  metrics.watch('accounts', 'Accounts', () => ({ queries: accounts.queries }));
  metrics.watch('answers', 'AI replies', () => ({ running: answers.running }));
  metrics.watchEach(
    'handler',
    'Event handlers',
    ['handled', 'failed', 'retried', 'deadLettered', 'queued'],
    () => bus.statistics(),
  );

  const app = await buildApp({
    services: {
      orchestrator,
      sessions,
      accounts,
      views,
      live,
      realtime,
      realtimeServer,
      feed,
      log,
      models,
      metrics,
      publicUrl: () => url,
      appKey: parts.appKey,
      allowedOrigins: parts.allowedOrigins ?? [],
      metricsToken: parts.metricsToken,
      ready: () => !stopping,
    },
    logger,
    page: parts.page,
    trustProxy: parts.trustProxy ?? false,
  });
  realtimeServer.attach(app.server);

  async function listen({ port, host }: { port: number; host: string }): Promise<string> {
    views.follow(await log.head());
    await bus.start();
    await views.contains();
    for (const turn of views.dueTurns()) deadlines.set(turn);
    await app.listen({ port, host });
    const address = app.server.address() as AddressInfo;
    if (parts.publicUrl === undefined) url = `http://${nameOf(address)}:${address.port}`;
    return url;
  }

  async function shutDown(): Promise<void> {
    stopping = true;
    feed.close();
    deadlines.close();
    await realtimeServer.close();
    await app.close();
    await bus.close({ grace: 10_000 });
    stopFollowing();
    live.close();
    await views.close();
    await log.close();
    accounts.close();
  }

  let closed: Promise<void> | undefined;
  const close = () => (closed ??= shutDown());
  return { app, bus, orchestrator, sessions, listen, close };
}

// On the machine itself a page may be served from another port, as while the page is being developed.
function isLocal(origin: string): boolean {
  return URL.canParse(origin) && ['localhost', '127.0.0.1', '[::1]'].includes(new URL(origin).hostname);
}

function nameOf({ address, family }: AddressInfo): string {
  if (['127.0.0.1', '0.0.0.0', '::', '::1'].includes(address)) return 'localhost';
  return family === 'IPv6' ? `[${address}]` : address;
}
