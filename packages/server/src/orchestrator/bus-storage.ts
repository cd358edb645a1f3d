import type { BusStorage } from '@parley/event-bus';
import type { EventLog } from '@parley/event-log';
import { type CommittedEvent, fromLog } from './chat-events.ts';

/** The event log as the place where durable handlers read what they missed and keep how far they are. */
export function busStorage(log: EventLog): BusStorage<CommittedEvent> {
  return {
    read: async (after, limit) => (await log.readAll({ after, limit })).map(fromLog),
    head: () => log.head(),
    loadCheckpoint: (handler) => log.loadCheckpoint(handler),
    saveCheckpoint: (handler, position) => log.saveCheckpoint(handler, position),
    deadLetter: ({ handler, event, attempts, error }) =>
      log.addDeadLetter({
        handler,
        position: event.position,
        stream: event.chatId,
        attempts,
        error,
        failedAt: new Date().toISOString(),
      }),
  };
}
