import { type Chat, messageWindow, type Participant } from '../chat.ts';

/** What is true of a chat's state after every event, whatever happened. Returns the sentences that are not. */
export function brokenInvariants(chat: Chat): string[] {
  const { turn, aiReplies, participants, messages, completion } = chat;
  const people = participants.filter((each) => each.kind === 'person' && takesPart(each));
  const eligible = people.filter(({ muted }) => !muted).map(({ id }) => id);
  const rotates = turn.mode === 'strict' || turn.mode === 'rounds';
  const answering = aiReplies.map((reply) => participants.find(({ id }) => id === reply.participantId));
  const sequences = messages.map(({ sequence }) => sequence);

  const rules: Record<string, boolean> = {
    'the turn has the mode of the settings': turn.mode === chat.settings.turnMode,
    'a mode without turns gives the turn to nobody':
      rotates || (turn.holder === null && turn.expiresAt === null),
    'a mode with turns gives it to somebody who may speak, if anybody may':
      !rotates || (eligible.length === 0 ? turn.holder === null : eligible.includes(turn.holder ?? '')),
    'a turn has an end exactly if the settings say so and somebody has it':
      (turn.expiresAt !== null) === (rotates && turn.holder !== null && chat.settings.turnSeconds !== null),
    'who has the turn has not spoken in this round':
      turn.mode !== 'rounds' || !turn.spoken.includes(turn.holder ?? ''),
    'nobody has spoken twice in a round': isUnique(turn.spoken),
    'rounds count from 1': turn.round >= 1,

    'an AI participant has one reply at a time': isUnique(
      aiReplies.map(({ participantId }) => participantId),
    ),
    'a reply has an id of its own': isUnique(aiReplies.map(({ responseId }) => responseId)),
    'only AI participants who can answer are answering': answering.every(
      (ai) => ai?.kind === 'ai' && takesPart(ai) && !ai.muted && chat.status === 'open',
    ),

    'the window holds the latest messages': messages.length === Math.min(chat.messageCount, messageWindow),
    'messages are in order': sequences.every((sequence, index) => sequence > (sequences[index - 1] ?? 0)),
    'messages have ids of their own': isUnique(messages.map(({ id }) => id)),
    'reactions are of somebody, once each': messages.every(({ reactions }) =>
      reactions.every(({ by }) => by.length > 0 && isUnique(by)),
    ),
    'deleted messages say nothing': messages.every(
      ({ deletedAt, text, reactions }) => deletedAt === undefined || (text === '' && reactions.length === 0),
    ),
    'nobody has read beyond the end': Object.values(chat.readMarkers).every(
      (marker) => marker <= chat.sequence,
    ),

    'participants are listed once': isUnique(participants.map(({ id }) => id)),
    'participants are in joining order': participants.every(
      ({ joinedAt }, index) => joinedAt > (participants[index - 1]?.joinedAt ?? 0),
    ),
    'invites let in no more than they may': chat.invites.every(
      ({ uses, maxUses }) => uses <= (maxUses ?? Infinity),
    ),
    'invites are listed once': isUnique(chat.invites.map(({ id }) => id)),
    'people mark a chat as done once': isUnique(completion.marked),
    'completion is reached when all have marked it':
      completion.reachedAt !== null ||
      people.length === 0 ||
      people.some(({ id }) => !completion.marked.includes(id)),
    'AI messages in a row are counted': chat.aiHops >= 0,
  };
  return Object.entries(rules)
    .filter(([, holds]) => !holds)
    .map(([rule]) => rule);
}

// In words of its own, not in those of the rules: what is tested must not be its own measure.
const takesPart = ({ status, role }: Participant) => status === 'joined' && role !== 'observer';
const isUnique = (values: readonly string[]) => new Set(values).size === values.length;
