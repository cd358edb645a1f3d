import type { EventLog } from '@parley/event-log';
import type { RealtimeServer } from '@parley/realtime';
import type { Accounts } from '../accounts/accounts.ts';
import type { ModelRegistry } from '../ai/models.ts';
import type { ChatFeed } from '../delivery/chat-feed.ts';
import type { LiveChats } from '../delivery/live-chats.ts';
import type { RealtimeEventService } from '../delivery/realtime-event-service.ts';
import type { EventDrivenOrchestrator } from '../orchestrator/orchestrator.ts';
import type { ChatSessionStateManager } from '../session-state/session-state-manager.ts';
import type { Views } from '../views/views.ts';
import type { Metrics } from './metrics.ts';

/** What the routes work with. */
export interface Services {
  orchestrator: EventDrivenOrchestrator;
  sessions: ChatSessionStateManager;
  accounts: Accounts;
  views: Views;
  live: LiveChats;
  realtime: RealtimeEventService;
  realtimeServer: RealtimeServer;
  feed: ChatFeed;
  log: EventLog;
  models: ModelRegistry;
  metrics: Metrics;
  /** Where people reach Parley, without a slash at the end. */
  publicUrl: () => string;
  /** The key that Pusher clients connect with. */
  appKey: string;
  /** Other web addresses whose pages may call the API with a token. */
  allowedOrigins: readonly string[];
  metricsToken: string | undefined;
  /** False once the server is stopping. */
  ready: () => boolean;
}
