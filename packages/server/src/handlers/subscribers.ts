import type { ChatFeed } from '../delivery/chat-feed.ts';
import type { RealtimeEventService } from '../delivery/realtime-event-service.ts';
import type { ChatBus } from '../orchestrator/orchestrator.ts';
import type { ChatSessionStateManager } from '../session-state/session-state-manager.ts';
import type { AnswerRequests } from './answer-requests.ts';
import { limitRate } from './limit-rate.ts';
import { requireKnownModel } from './require-known-model.ts';
import type { TurnDeadlines } from './turn-deadlines.ts';

export interface Subscribers {
  bus: ChatBus;
  sessions: ChatSessionStateManager;
  realtime: RealtimeEventService;
  feed: ChatFeed;
  answers: AnswerRequests;
  deadlines: TurnDeadlines;
  models: { has(id: string): boolean };
  /** Commands a second for one person; 0 = no limit. */
  rateLimit: number;
}

/** Who hears what, in order of priority. */
export function subscribe(parts: Subscribers): void {
  const { bus, sessions, realtime, feed, answers, deadlines } = parts;

  // Before a command: the first refusal ends it.
  bus.before('*', limitRate(parts.rateLimit), { name: 'limit-rate', priority: 0, onFailure: 'closed' });
  for (const command of ['chat.create', 'participant.add', 'participant.update'] as const) {
    const name = `require-known-model.${command}`;
    bus.before(command, requireKnownModel(parts.models), { name, priority: 10, onFailure: 'closed' });
  }

  // After an event, on every node: its own cache first, then the sockets that are connected to it.
  const everywhere = 'everywhere';
  bus.on('*', (event) => sessions.apply(event), {
    name: 'session-state',
    priority: 0,
    delivery: everywhere,
  });
  bus.on('*', (event) => realtime.broadcast(event, sessions.peek(event.chatId)), {
    name: 'broadcast',
    priority: 10,
    delivery: everywhere,
  });
  bus.on('*', ({ chatId }) => feed.announce(chatId), { name: 'feed', priority: 11, delivery: everywhere });
  bus.on(
    ['participant.left', 'participant.removed'],
    ({ chatId, data }) => realtime.shutOut(chatId, data.participantId),
    { name: 'shut-out', priority: 12, delivery: everywhere },
  );
  bus.on('ai_response.stopped', (event) => answers.stop(event), {
    name: 'stop-answer',
    priority: 20,
    delivery: everywhere,
  });
  bus.on(
    ['turn.changed', 'chat.archived'],
    (event) => {
      const { holder, expiresAt } =
        event.type === 'turn.changed' ? event.data : { holder: null, expiresAt: null };
      if (holder === null || expiresAt === null) deadlines.clear(event.chatId);
      else deadlines.set({ chatId: event.chatId, holder, expiresAt });
    },
    { name: 'turn-deadlines', priority: 30, delivery: everywhere },
  );

  // After an event, on one node, and again after a crash until it is done.
  bus.on('ai_response.requested', (event, context) => answers.answer(event, context), {
    name: 'answer-requests',
    priority: 40,
    delivery: 'once',
    from: 'beginning',
    // Longer than the service's own limit for a whole reply.
    timeLimit: 240_000,
    concurrency: 256,
  });
}
