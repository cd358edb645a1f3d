import type { EventData, EventType } from './events.ts';
import type { ParticipantKind } from './fields.ts';

/** Who acts: a participant, or Parley itself (timers, recovery). */
export interface Actor {
  id: string;
  kind: ParticipantKind | 'system';
}

/** A fact that `decide` made and that is not stored yet. */
export type NewChatEvent<T extends EventType = EventType> = {
  [K in T]: {
    type: K;
    data: EventData<K>;
    /** The message it is about, when there is one. */
    subject?: string | undefined;
  };
}[T];

/** A stored event of a chat, as everything inside Parley sees it. */
export type ChatEvent<T extends EventType = EventType> = {
  [K in T]: {
    id: string;
    type: K;
    version: number;
    chatId: string;
    /** Place in the chat: 1, 2, 3 … */
    sequence: number;
    /** Place in the log of the whole server. */
    position: number;
    /** When it happened, ISO 8601 in UTC. */
    time: string;
    subject?: string | undefined;
    actor: Actor;
    /** The request that everything in this flow goes back to. */
    correlationId: string;
    /** The event that directly caused this one, when one did. */
    causationId?: string | undefined;
    data: EventData<K>;
  };
}[T];

/** CloudEvents 1.0 JSON with the documented extensions sequence, partitioning, correlation and auth context. */
export interface CloudEvent {
  specversion: '1.0';
  id: string;
  source: string;
  type: string;
  subject?: string;
  time: string;
  datacontenttype: 'application/json';
  dataschema: string;
  partitionkey: string;
  /** 20 digits, so that it sorts as text. */
  sequence: string;
  position: string;
  correlationid: string;
  causationid?: string;
  authtype: string;
  authid: string;
  data: Record<string, unknown>;
}

const padded = (number: number) => String(number).padStart(20, '0');

/** The form in which an event leaves Parley. */
export function toCloudEvent(event: ChatEvent): CloudEvent {
  return {
    specversion: '1.0',
    id: event.id,
    source: `/chats/${event.chatId}`,
    type: event.type,
    ...(event.subject === undefined ? {} : { subject: event.subject }),
    time: event.time,
    datacontenttype: 'application/json',
    dataschema: `/schemas/${event.type}/${event.version}`,
    partitionkey: event.chatId,
    sequence: padded(event.sequence),
    position: padded(event.position),
    correlationid: event.correlationId,
    ...(event.causationId === undefined ? {} : { causationid: event.causationId }),
    authtype: event.actor.kind,
    authid: event.actor.id,
    data: event.data,
  };
}

/** Reads the form in which events reach clients; the opposite of `toCloudEvent`. */
export function fromCloudEvent(event: CloudEvent): ChatEvent {
  return {
    id: event.id,
    type: event.type,
    version: Number(event.dataschema.split('/').at(-1)),
    chatId: event.partitionkey,
    sequence: Number(event.sequence),
    position: Number(event.position),
    time: event.time,
    ...(event.subject === undefined ? {} : { subject: event.subject }),
    actor: { id: event.authid, kind: event.authtype },
    correlationId: event.correlationid,
    ...(event.causationid === undefined ? {} : { causationId: event.causationid }),
    data: event.data,
  } as ChatEvent;
}
