import { describe, expect, it } from 'vitest';
import type { ReplyPolicy } from './fields.ts';
import { given, openChat, type Scenario, uuidFor } from './testing.ts';

/** Why the AI participants are asked when this person says this; by AI participant. */
function reasons(chat: Scenario, author: string, text: string, replyTo?: string): Record<string, string> {
  const command = { type: 'message.send', messageId: uuidFor(900), text } as const;
  const { events } = given(chat).when(replyTo ? { ...command, replyTo } : command, { actor: author });
  const requests = events.filter((event) => event.type === 'ai_response.requested');
  return Object.fromEntries(requests.map(({ data }) => [data.participantId, data.reason]));
}

const withPolicy = (policy: ReplyPolicy, every = 5) =>
  openChat({ people: ['ada', 'ben'], ais: [{ id: 'helper', policy, every }] });

describe('the reply policy of an AI participant', () => {
  it('`always` answers every message of a person', () => {
    expect(reasons(withPolicy('always'), 'ben', 'Hello')).toEqual({ helper: 'always' });
  });

  it('`mentioned` answers who addresses it', () => {
    const chat = withPolicy('mentioned');
    expect(reasons(chat, 'ben', 'Hello')).toEqual({});
    expect(reasons(chat, 'ben', 'What do you think, @Helper?')).toEqual({ helper: 'mentioned' });
  });

  it('`mentioned` answers everything when it is alone with one person', () => {
    const alone = openChat({
      people: ['ada', { id: 'ola', role: 'observer' }],
      ais: [{ id: 'helper', policy: 'mentioned' }],
    });
    expect(reasons(alone, 'ada', 'Hello')).toEqual({ helper: 'mentioned' });
  });

  it.each(['Sure?', '本当？', 'هل؟'])('`question` answers %s', (text) => {
    expect(reasons(withPolicy('question'), 'ben', text)).toEqual({ helper: 'question' });
    expect(reasons(withPolicy('question'), 'ben', 'Sure.')).toEqual({});
  });

  it('`every_n` answers the n-th message since its last reply', () => {
    const chat = withPolicy('every_n', 3).says('ada', 'One');
    expect(reasons(chat, 'ben', 'Two')).toEqual({});
    const due = chat.says('ben', 'Two');
    expect(reasons(due, 'ada', 'Three')).toEqual({ helper: 'every_n' });
    const answered = due.says('ada', 'Three').answers('helper').says('ada', 'One').says('ben', 'Two');
    expect(reasons(answered, 'ben', 'Three')).toEqual({ helper: 'every_n' });
  });

  it('`round_end` and `never` answer nothing in a chat without turns', () => {
    expect(reasons(withPolicy('round_end'), 'ben', 'Hello?')).toEqual({});
    expect(reasons(withPolicy('never'), 'ben', 'Hello?')).toEqual({});
  });

  it.each(['question', 'every_n', 'round_end', 'never'] as const)(
    '`%s` answers when it is mentioned',
    (policy) => {
      expect(reasons(withPolicy(policy), 'ben', '@helper say something')).toEqual({ helper: 'mentioned' });
    },
  );
});

describe('being mentioned', () => {
  const chat = openChat({
    people: ['ada', 'ben'],
    ais: [{ id: 'f', name: 'Facilitator (rule-based)', policy: 'mentioned' }],
  });

  it.each([
    '@facilitator?',
    'hello @Facilitator',
    '(@facilitator)',
    '@Facilitator (rule-based), go on',
    '@facilitators are fine, but @facilitator is better',
  ])('is by full or first name, in any case: %s', (text) => {
    expect(reasons(chat, 'ben', text)).toEqual({ f: 'mentioned' });
  });

  it.each(['facilitator', '@facilitators', 'mail@facilitator.example', '@ facilitator', '@'])(
    'is not: %s',
    (text) => {
      expect(reasons(chat, 'ben', text)).toEqual({});
    },
  );

  it('is also by a reply to what it said', () => {
    const answered = chat.says('ben', '@facilitator hello').answers('f', 'Hello.');
    expect(reasons(answered, 'ada', 'Thanks', answered.lastMessageId)).toEqual({ f: 'mentioned' });
    const [first] = answered.chat.messages;
    expect(reasons(answered, 'ada', 'Thanks', first?.id)).toEqual({});
  });
});

describe('turn modes', () => {
  const modes = (policy: ReplyPolicy) =>
    (['strict', 'moderated', 'rounds'] as const).map((turnMode) =>
      openChat({ people: ['ada', 'ben'], ais: [{ id: 'helper', policy }], settings: { turnMode } }),
    );

  it('have AI participants answer every message, or every round, whatever their own policy', () => {
    const [strict, moderated, rounds] = modes('mentioned');
    if (!strict || !moderated || !rounds) throw new Error('a mode is missing');
    expect(reasons(strict, 'ada', 'Hello')).toEqual({ helper: 'after_message' });
    expect(reasons(moderated, 'ada', 'Hello')).toEqual({ helper: 'after_message' });
    expect(reasons(rounds, 'ada', '@helper hello')).toEqual({});
    expect(reasons(rounds.says('ada', 'Hello'), 'ben', 'Hi')).toEqual({ helper: 'round_end' });
  });

  it('leave those alone that answer on request only', () => {
    const [strict, moderated, rounds] = modes('never');
    if (!strict || !moderated || !rounds) throw new Error('a mode is missing');
    expect(reasons(strict, 'ada', 'Hello')).toEqual({});
    expect(reasons(moderated, 'ada', '@helper hello')).toEqual({ helper: 'mentioned' });
    expect(reasons(rounds.says('ada', 'Hello'), 'ben', 'Hi')).toEqual({});
  });

  it('ask nobody at the end of a round in which nothing was said', () => {
    const rounds = openChat({ people: ['ada'], ais: ['helper'], settings: { turnMode: 'rounds' } });
    given(rounds).when({ type: 'turn.skip' }, { actor: 'ada' }).yields('turn.skipped', 'turn.changed');
    const answered = rounds.says('ada', 'Hello').answers('helper');
    given(answered).when({ type: 'turn.skip' }, { actor: 'ada' }).yields('turn.skipped', 'turn.changed');
  });
});

describe('AI participants among themselves', () => {
  const asked = openChat({
    people: ['ada', 'ben'],
    ais: [
      { id: 'pro', policy: 'mentioned' },
      { id: 'con', policy: 'mentioned' },
    ],
    settings: { aiHops: 2 },
  }).says('ada', '@pro begin');

  it('answer when one addresses the other, until a person has to speak', () => {
    const first = asked.answers('pro', 'I am for it. @con?');
    expect(first.chat.aiReplies).toMatchObject([{ participantId: 'con', reason: 'mentioned' }]);
    const second = first.answers('con', 'I am not. @pro?');
    expect(second.chat.aiReplies).toEqual([]);
    const spoken = second.says('ada', '@pro go on').answers('pro', '@con?');
    expect(spoken.chat.aiReplies).toMatchObject([{ participantId: 'con' }]);
  });

  it('never answer one another when no hops are allowed', () => {
    const none = asked.by('ada', { type: 'settings.change', changes: { aiHops: 0 } });
    expect(none.answers('pro', '@con?').chat.aiReplies).toEqual([]);
  });

  it('do not answer what is not addressed to them', () => {
    const both = openChat({ people: ['ada'], ais: ['pro', 'con'] })
      .says('ada', 'Hello')
      .answers('pro', 'Hi.');
    expect(both.chat.aiReplies.map(({ participantId }) => participantId)).toEqual(['con']);
    expect(both.answers('con', 'Hi.').chat.aiReplies).toEqual([]);
  });

  it('do not answer one another where people have turns', () => {
    const strict = openChat({
      people: ['ada', 'ben'],
      ais: [{ id: 'pro' }, { id: 'con', policy: 'never' }],
      settings: { turnMode: 'strict' },
    })
      .says('ada', 'Hello')
      .answers('pro', '@con what do you say?');
    expect(strict.chat.aiReplies).toEqual([]);
  });
});

describe('the cool-down', () => {
  const rested = openChat({ people: ['ada', 'ben'], ais: ['helper'], settings: { aiCooldownSeconds: 30 } })
    .says('ada', 'Hello')
    .answers('helper');

  it('holds an AI participant back after its last reply', () => {
    expect(reasons(rested.after(28), 'ben', 'And?')).toEqual({});
    expect(reasons(rested.after(29), 'ben', 'And?')).toEqual({ helper: 'always' });
  });

  it('does not hold it back when it is mentioned', () => {
    expect(reasons(rested, 'ben', '@helper and?')).toEqual({ helper: 'mentioned' });
  });
});

describe('an AI participant that cannot speak', () => {
  it.each(['muted', 'left', 'observer'])('is not asked: %s', (state) => {
    const chat = withPolicy('always');
    const silent =
      state === 'observer'
        ? chat.happened({
            type: 'participant.role_changed',
            data: { participantId: 'helper', role: 'observer' },
          })
        : state === 'muted'
          ? chat.by('ada', { type: 'participant.mute', participantId: 'helper', muted: true })
          : chat.by('ada', { type: 'participant.remove', participantId: 'helper' });
    expect(reasons(silent, 'ben', '@helper?')).toEqual({});
  });
});
