import type { AISettings, ParticipantKind, ResponseOutcome, Role, TurnMode } from './fields.ts';
import type { Settings } from './settings.ts';

/** How many of the latest messages a chat's state holds; older ones are read from the log by the page. */
export const messageWindow = 50;

export interface Participant {
  id: string;
  kind: ParticipantKind;
  name: string;
  role: Role;
  /** `joined`, or how the participant went; those who went stay listed, since they are authors of messages. */
  status: 'joined' | 'left' | 'removed';
  muted: boolean;
  ai?: AISettings | undefined;
  /** The sequence at which they (last) joined. */
  joinedAt: number;
  /** For `messagesPerMinute`: when this person's latest messages were sent, oldest first. */
  recentSends: string[];
}

export interface Message {
  id: string;
  author: string;
  text: string;
  /** Where `message.sent` stands in the chat. */
  sequence: number;
  at: string;
  replyTo?: string | undefined;
  editedAt?: string | undefined;
  /** The text is empty when the message was deleted or redacted. */
  deletedAt?: string | undefined;
  /** Who put each reaction, in the order it was first used. */
  reactions: { emoji: string; by: string[] }[];
  response?: ResponseOutcome | undefined;
  replaces?: string | undefined;
  /** A regenerated reply that stands for this one. */
  replacedBy?: string | undefined;
}

export interface Turn {
  mode: TurnMode;
  /** Null when the mode has no turns, or nobody may speak. */
  holder: string | null;
  round: number;
  /** Who has spoken or was skipped in this round. */
  spoken: string[];
  expiresAt: string | null;
}

/** An AI reply that is asked for or being written. */
export interface AIReply {
  responseId: string;
  participantId: string;
  status: 'requested' | 'started';
  reason: string;
  triggeredBy?: string | undefined;
  replaces?: string | undefined;
  model?: string | undefined;
  /** Sequence of the request. */
  requestedAt: number;
}

export interface Invite {
  id: string;
  role: Role;
  expiresAt: string;
  maxUses: number | null;
  uses: number;
}

/** Everything that is true of a chat after its event number `sequence`. Plain JSON; never changed in place. */
export interface Chat {
  id: string;
  sequence: number;
  title: string;
  status: 'open' | 'archived';
  createdBy: string;
  createdAt: string;
  updatedAt: string;
  forkedFrom?: { chatId: string; at: number } | undefined;
  /** In joining order. */
  participants: Participant[];
  turn: Turn;
  settings: Settings;
  /** The latest ones, oldest first; at most `messageWindow`. */
  messages: Message[];
  messageCount: number;
  /** By participant: everything up to this sequence is read. */
  readMarkers: Record<string, number>;
  completion: { marked: string[]; reachedAt: string | null };
  aiReplies: AIReply[];
  /** AI messages since a person last spoke. */
  aiHops: number;
  /** By AI participant: when its last reply ended, and how many messages people sent since. */
  aiActivity: Record<string, { lastReplyAt: string | null; messagesSince: number }>;
  invites: Invite[];
  extensions: { name: string; version: string }[];
}

/** A chat's state when it has no events yet; `sequence` 0 means that it does not exist. */
export function emptyChat(id: string, settings: Settings): Chat {
  return {
    id,
    sequence: 0,
    title: '',
    status: 'open',
    createdBy: '',
    createdAt: '',
    updatedAt: '',
    participants: [],
    turn: { mode: settings.turnMode, holder: null, round: 1, spoken: [], expiresAt: null },
    settings,
    messages: [],
    messageCount: 0,
    readMarkers: {},
    completion: { marked: [], reachedAt: null },
    aiReplies: [],
    aiHops: 0,
    aiActivity: {},
    invites: [],
    extensions: [],
  };
}

export function findParticipant(chat: Chat, id: string): Participant | undefined {
  return chat.participants.find((participant) => participant.id === id);
}

export function joined(chat: Chat, id: string): Participant | undefined {
  const participant = findParticipant(chat, id);
  return participant?.status === 'joined' ? participant : undefined;
}

/** People who are in the chat and may take part in it: not observers. */
export function isActivePerson(participant: Participant): boolean {
  return participant.kind === 'person' && participant.status === 'joined' && participant.role !== 'observer';
}
