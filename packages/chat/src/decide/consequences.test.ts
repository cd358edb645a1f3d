import { describe, expect, it } from 'vitest';
import { given, openChat, type Scenario, uuidFor } from '../testing.ts';

const stop = (scenario: Scenario) =>
  ({ type: 'ai_response.stop', responseId: runningReply(scenario) }) as const;
const fail = (scenario: Scenario) =>
  ({
    type: 'ai_response.fail',
    responseId: runningReply(scenario),
    code: 'ai.unavailable',
    message: 'The AI model could not be reached.',
    retryable: true,
  }) as const;

describe('what is said while an AI participant answers', () => {
  const busy = openChat({ people: ['ada', 'ben'], ais: ['helper'] }).says('ada', 'One');
  const waiting = busy.says('ben', 'Two').says('ada', 'Three');

  it('does not ask it twice', () => {
    expect(waiting.chat.aiReplies).toHaveLength(1);
  });

  it('is answered next, once, by its latest message', () => {
    const next = waiting.answers('helper');
    expect(next.chat.aiReplies).toMatchObject([
      { participantId: 'helper', reason: 'always', triggeredBy: waiting.lastMessageId },
    ]);
    expect(next.answers('helper').chat.aiReplies).toEqual([]);
  });

  it('is answered after a failure too, but not after somebody stopped it', () => {
    given(waiting)
      .when(fail(waiting), { actor: 'helper' })
      .yields('ai_response.failed', {
        type: 'ai_response.requested',
        data: { triggeredBy: waiting.lastMessageId },
      });
    given(waiting).when(stop(waiting), { actor: 'ada' }).yields('ai_response.stopped');
  });

  it('is not answered when it was deleted meanwhile', () => {
    const said = busy.says('ben', 'Two');
    const deleted = said.by('ben', { type: 'message.delete', messageId: said.lastMessageId });
    expect(deleted.answers('helper').chat.aiReplies).toEqual([]);
  });
});

describe('strict mode', () => {
  const strict = (ais: string[]) =>
    openChat({ people: ['ada', 'ben'], ais, settings: { turnMode: 'strict' } }).says('ada', 'A');
  const chat = strict(['helper']);
  const send = { type: 'message.send', messageId: uuidFor(900), text: 'B' } as const;

  it('lets the AI answer between two people', () => {
    given(chat).when(send, { actor: 'ben' }).refuses('turn.ai_answering');
    given(chat.answers('helper'))
      .when(send, { actor: 'ben' })
      .yields('message.sent', 'turn.changed', 'ai_response.requested');
  });

  it('lets the next person speak when the reply failed, was stopped, or its AI went', () => {
    for (const over of [
      chat.by('parley', fail(chat)),
      chat.by('ben', stop(chat)),
      chat.by('ada', { type: 'participant.mute', participantId: 'helper', muted: true }),
      chat.by('ada', { type: 'participant.remove', participantId: 'helper' }),
    ]) {
      expect(given(over).when(send, { actor: 'ben' }).events.at(0)?.type).toBe('message.sent');
    }
  });

  it('waits for every AI participant', () => {
    const two = strict(['helper', 'critic']);
    given(two.answers('helper')).when(send, { actor: 'ben' }).refuses('turn.ai_answering');
    given(two.answers('helper').answers('critic'))
      .when(send, { actor: 'ben' })
      .yields('message.sent', 'turn.changed', 'ai_response.requested', 'ai_response.requested');
  });
});

function runningReply(scenario: Scenario): string {
  return scenario.chat.aiReplies[0]?.responseId ?? '';
}
