import { describe, expect, it } from 'vitest';
import { given, openChat, Scenario, scenarioStart, stamp, uuidFor } from './testing.ts';

const chat = openChat({ people: ['ada', 'ben'], ais: ['facilitator'] });

describe('Scenario', () => {
  it('stamps facts with the sequences, the time and the actor of a stored event', () => {
    const [first, second] = stamp(
      [
        { type: 'chat.updated', data: { title: 'One' } },
        { type: 'chat.archived', data: {} },
      ],
      { chatId: uuidFor(1), after: 7, at: scenarioStart, actor: { id: 'ada', kind: 'person' } },
    );
    expect(first).toMatchObject({ chatId: uuidFor(1), sequence: 8, position: 8, time: scenarioStart });
    expect(second).toMatchObject({
      type: 'chat.archived',
      sequence: 9,
      actor: { id: 'ada', kind: 'person' },
    });
    expect(first?.id).not.toBe(second?.id);
  });

  it('goes on from one scenario in two directions', () => {
    const left = chat.says('ada', 'Left');
    const right = chat.says('ada', 'Right');
    expect(chat.chat.messages).toEqual([]);
    expect(left.chat.messages.map(({ text }) => text)).toEqual(['Left']);
    expect(right.chat.messages.map(({ text }) => text)).toEqual(['Right']);
  });

  it('lets a second pass with every step, and more when told', () => {
    const later = chat.says('ada', 'Hello').after(60);
    expect(Date.parse(later.at) - Date.parse(chat.at)).toBe(61_000);
    expect(later.chat.updatedAt).toBe(chat.at);
  });

  it('takes facts that the rules would not make', () => {
    const reported = chat.happened({ type: 'participant.left', data: { participantId: 'ada' } });
    expect(reported.chat.participants.at(0)?.status).toBe('left');
  });

  it('completes the reply that an AI participant was asked for, and only such a one', () => {
    const answered = chat.says('ada', 'Hello').answers('facilitator', 'Welcome.');
    expect(answered.chat.messages.map(({ author }) => author)).toEqual(['ada', 'facilitator']);
    expect(answered.chat.aiReplies).toEqual([]);
    expect(() => chat.answers('facilitator')).toThrow('was not asked');
    expect(() => chat.lastMessageId).toThrow('nothing has been said');
  });
});

describe('given, when', () => {
  const send = { type: 'message.send', messageId: uuidFor(1), text: 'Hello' } as const;

  it('begins from single facts as well as from a scenario', () => {
    const facts = chat.events.map(({ type, data }) => ({ type, data }) as never);
    given(...facts)
      .when(send, { actor: 'ada' })
      .yields('message.sent', 'ai_response.requested');
    given().when(send, { actor: 'ada' }).refuses('chat.not_found');
  });

  it('shows the state with the new facts in it', () => {
    const at = '2026-02-01T00:00:00.000Z';
    const outcome = given(chat).when(send, { actor: 'ada', at });
    expect(outcome.chat.messages).toMatchObject([{ text: 'Hello', at }]);
    expect(outcome.events).toHaveLength(2);
  });

  it('fails when other events come, when their data differ, and when they come in another order', () => {
    const outcome = given(chat).when(send, { actor: 'ada' });
    expect(() => outcome.yields('message.sent')).toThrow('other events than expected');
    expect(() => outcome.yields()).toThrow('other events');
    expect(() => outcome.yields('ai_response.requested', 'message.sent')).toThrow('other events');
    expect(() =>
      outcome.yields({ type: 'message.sent', data: { author: 'ben' } }, 'ai_response.requested'),
    ).toThrow('other events');
    outcome.yields({ type: 'message.sent', data: { author: 'ada' } }, 'ai_response.requested');
  });

  it('fails when it is refused unexpectedly, accepted unexpectedly, or refused for another reason', () => {
    const outsider = given(chat).when(send, { actor: 'mallory' });
    expect(() => outsider.yields('message.sent')).toThrow('refused');
    expect(() => outsider.chat).toThrow('refused');
    expect(() => outsider.refuses('message.empty')).toThrow('another refusal');
    expect(() => given(chat).when(send, { actor: 'ada' }).refuses('message.empty')).toThrow('was accepted');
    outsider.refuses('chat.not_found');
  });

  it('compares the details of a refusal when they are given', () => {
    const strict = openChat({ people: ['ada', 'ben'], settings: { turnMode: 'strict' } });
    const outcome = given(strict).when(send, { actor: 'ben' });
    outcome.refuses('turn.not_yours', { holder: 'ada' });
    expect(() => outcome.refuses('turn.not_yours', { holder: 'ben' })).toThrow('another refusal');
  });

  it('lets a defect through as it is', () => {
    const unknown = { type: 'no.such_command' } as never;
    expect(() => given(chat).when(unknown, { actor: 'ada' })).toThrow(TypeError);
    expect(Scenario.nothing().chat.sequence).toBe(0);
  });
});
