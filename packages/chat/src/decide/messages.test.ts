import { describe, expect, it } from 'vitest';
import { messageWindow } from '../chat.ts';
import type { ChatCommand } from '../commands.ts';
import { given, openChat, type Scenario, uuidFor } from '../testing.ts';
import { referencedMessages } from './context.ts';

const chat = openChat({ people: ['ada', 'ben'] });
const said = chat.says('ada', 'Hello');
const messageId = said.lastMessageId;
const send = (fields: Partial<ChatCommand<'message.send'>> = {}): ChatCommand<'message.send'> => ({
  type: 'message.send',
  messageId: uuidFor(900),
  text: 'Hi',
  ...fields,
});

describe('message.send', () => {
  it('says something in the name of who acts', () => {
    const outcome = given(chat).when(send(), { actor: 'ben' });
    outcome.yields({ type: 'message.sent', data: { messageId: uuidFor(900), author: 'ben', text: 'Hi' } });
    expect(outcome.events[0]?.subject).toBe(uuidFor(900));
    expect(outcome.chat).toMatchObject({
      messageCount: 1,
      messages: [{ author: 'ben', text: 'Hi', sequence: 4 }],
    });
  });

  it('refuses nothing but white space', () => {
    given(chat)
      .when(send({ text: ' \n\t' }), { actor: 'ben' })
      .refuses('message.empty');
  });

  it('refuses an id that a message has already', () => {
    given(said).when(send({ messageId }), { actor: 'ben' }).refuses('message.id_taken');
  });

  it('replies to a message that is there', () => {
    given(said)
      .when(send({ replyTo: messageId }), { actor: 'ben' })
      .yields({ type: 'message.sent', data: { replyTo: messageId } });
    given(said)
      .when(send({ replyTo: uuidFor(1) }), { actor: 'ben' })
      .refuses('message.not_found');
    given(said.by('ada', { type: 'message.delete', messageId }))
      .when(send({ replyTo: messageId }), { actor: 'ben' })
      .refuses('message.deleted');
  });

  it('does not take a person at their word who claims to be the reply of a model', () => {
    const response = { responseId: 'r', status: 'completed' } as const;
    const [event] = given(chat).when(send({ response, replaces: uuidFor(1) }), { actor: 'ben' }).events;
    expect(event?.data).toEqual({ messageId: uuidFor(900), author: 'ben', text: 'Hi' });
  });
});

describe('message.edit', () => {
  const edit = (text: string) => ({ type: 'message.edit', messageId, text }) as const;

  it('changes what one said, and shows that it was changed', () => {
    const outcome = given(said).when(edit('Hello!'), { actor: 'ada' });
    outcome.yields({ type: 'message.edited', data: { messageId, text: 'Hello!' } });
    expect(outcome.chat.messages[0]).toMatchObject({ text: 'Hello!', editedAt: said.at });
  });

  it('does nothing when the text is the same', () => {
    given(said).when(edit('Hello'), { actor: 'ada' }).yields();
  });

  it('is for the author alone, whatever the role', () => {
    given(chat.says('ben', 'Mine', { id: messageId }))
      .when(edit('Theirs'), { actor: 'ada' })
      .refuses('message.not_yours');
  });

  it('refuses an empty text, and a message that is not there or no longer', () => {
    given(said).when(edit('  '), { actor: 'ada' }).refuses('message.empty');
    given(chat).when(edit('Hello!'), { actor: 'ada' }).refuses('message.not_found');
    given(said.by('ada', { type: 'message.delete', messageId }))
      .when(edit('Hello!'), { actor: 'ada' })
      .refuses('message.deleted');
  });
});

describe('message.delete', () => {
  const remove = { type: 'message.delete', messageId } as const;

  it('takes the text and the reactions away and leaves the place', () => {
    const outcome = given(said.by('ben', { type: 'reaction.add', messageId, emoji: '👍' })).when(remove, {
      actor: 'ada',
    });
    outcome.yields({ type: 'message.deleted', data: { messageId } });
    expect(outcome.chat.messages[0]).toMatchObject({ id: messageId, text: '', reactions: [], author: 'ada' });
    expect(outcome.chat.messageCount).toBe(1);
  });

  it('is for the author and for hosts', () => {
    given(said).when(remove, { actor: 'ben' }).refuses('message.not_yours');
    given(chat.says('ben', 'Rude', { id: messageId }))
      .when(remove, { actor: 'ada' })
      .yields('message.deleted');
  });

  it('happens once', () => {
    given(said.by('ada', remove)).when(remove, { actor: 'ada' }).refuses('message.deleted');
    given(chat).when(remove, { actor: 'ada' }).refuses('message.not_found');
  });
});

describe('messages older than the window', () => {
  const long = talk(chat, messageWindow + 1);
  const [first] = talk(chat, 1).chat.messages;
  if (first === undefined) throw new Error('nothing was said');

  it('leave the state and are counted still', () => {
    expect(long.chat.messages).toHaveLength(messageWindow);
    expect(long.chat.messageCount).toBe(messageWindow + 1);
    expect(long.chat.messages.some(({ id }) => id === first.id)).toBe(false);
  });

  it('can be changed when they are handed in, and are unknown when not', () => {
    const command = { type: 'message.edit', messageId: first.id, text: 'Later' } as const;
    given(long).when(command, { actor: 'ada' }).refuses('message.not_found');
    given(long)
      .when(command, { actor: 'ada', older: [first] })
      .yields('message.edited');
    given(long)
      .when(command, { actor: 'ada', older: [{ ...first, deletedAt: long.at }] })
      .refuses('message.deleted');
  });

  it('are named by the commands that need them', () => {
    expect(referencedMessages(send({ replyTo: first.id }))).toEqual([first.id]);
    expect(referencedMessages(send())).toEqual([]);
    expect(referencedMessages({ type: 'message.delete', messageId })).toEqual([messageId]);
    expect(referencedMessages({ type: 'turn.skip' })).toEqual([]);
  });
});

function talk(scenario: Scenario, count: number): Scenario {
  let next = scenario;
  for (let number = 1; number <= count; number++) next = next.says('ada', `Message ${number}`);
  return next;
}
