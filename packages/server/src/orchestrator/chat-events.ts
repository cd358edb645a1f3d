import type { Actor, ChatEvent, EventType, NewChatEvent } from '@parley/chat';
import { storedEvents } from '@parley/chat/registry';
import type { Json, NewEvent, StoredEvent } from '@parley/event-log';
import { v7 as uuidv7 } from 'uuid';

/** Who acted, and which request and event it goes back to. */
export interface EventOrigin {
  actor: Actor;
  correlationId: string;
  causationId?: string | undefined;
  /** A `before` handler changed the command that it came from. */
  amended?: boolean | undefined;
}

/** A committed event as the bus carries it: events of one chat share a key and stay in order. */
export type CommittedEvent = ChatEvent & { key: string };

/** The form in which the log keeps a fact that `decide` made. The stream is the chat's id. */
export function toLog(fact: NewChatEvent, at: string, origin: EventOrigin): NewEvent {
  const { actor, correlationId, causationId, amended } = origin;
  return {
    id: uuidv7(),
    type: fact.type,
    version: storedEvents[fact.type].version,
    time: at,
    ...(fact.subject === undefined ? {} : { subject: fact.subject }),
    meta: {
      actor: { id: actor.id, kind: actor.kind },
      correlationId,
      ...(causationId === undefined ? {} : { causationId }),
      ...(amended ? { amended } : {}),
    },
    data: fact.data as Record<string, Json>,
  };
}

/** A stored event as everything else inside Parley sees it. */
export function fromLog(stored: StoredEvent): CommittedEvent {
  const { actor, correlationId, causationId } = stored.meta as unknown as EventOrigin;
  return {
    id: stored.id,
    type: stored.type as EventType,
    version: stored.version,
    chatId: stored.stream,
    key: stored.stream,
    sequence: stored.sequence,
    position: stored.position,
    time: stored.time,
    ...(stored.subject === undefined ? {} : { subject: stored.subject }),
    actor,
    correlationId,
    ...(causationId === undefined ? {} : { causationId }),
    data: stored.data,
  } as CommittedEvent;
}
