import { describe, expect, it } from 'vitest';
import type { ResponseOutcome } from '../fields.ts';
import { given, openChat, type Scenario, uuidFor } from '../testing.ts';

const responseId = 'response-1';
const chat = openChat({ people: ['ada', 'ben'], ais: [{ id: 'helper', policy: 'never' }] });
const said = chat.says('ben', 'Hello');
const request = { type: 'ai_response.request', responseId, participantId: 'helper' } as const;
const requested = said.by('ben', request);
const start = { type: 'ai_response.start', responseId, model: 'builtin/facilitator' } as const;
const started = requested.by('helper', start);
const stop = { type: 'ai_response.stop', responseId } as const;
const fail = {
  type: 'ai_response.fail',
  responseId,
  code: 'ai.unavailable',
  message: 'The AI model could not be reached.',
  retryable: true,
} as const;

const sendAs = (scenario: Scenario, response: Omit<ResponseOutcome, 'responseId'>, replaces?: string) =>
  given(scenario).when(
    {
      type: 'message.send',
      messageId: uuidFor(900),
      text: 'Hello, Ben.',
      response: { responseId, ...response },
      ...(replaces === undefined ? {} : { replaces }),
    },
    { actor: 'helper' },
  );

describe('ai_response.request', () => {
  it('asks an AI participant, whatever its policy, about the latest message', () => {
    const outcome = given(said).when(request, { actor: 'ada' });
    outcome.yields({
      type: 'ai_response.requested',
      data: { responseId, participantId: 'helper', reason: 'asked', triggeredBy: said.lastMessageId },
    });
    expect(outcome.chat.aiReplies).toMatchObject([
      { responseId, participantId: 'helper', status: 'requested' },
    ]);
  });

  it('can be before anything was said', () => {
    const [event] = given(chat).when(request, { actor: 'ada' }).events;
    expect(event?.data).toEqual({ responseId, participantId: 'helper', reason: 'asked' });
  });

  it('refuses while it is answering, and an id that another reply has', () => {
    given(requested)
      .when({ ...request, responseId: 'response-2' }, { actor: 'ada' })
      .refuses('ai_response.in_progress');
    const two = openChat({
      ais: [
        { id: 'helper', policy: 'never' },
        { id: 'critic', policy: 'never' },
      ],
    });
    given(two.by('ada', request))
      .when({ ...request, participantId: 'critic' }, { actor: 'ada' })
      .refuses('ai_response.in_progress');
  });

  it('is for AI participants who are there and may speak', () => {
    given(said)
      .when({ ...request, participantId: 'ben' }, { actor: 'ada' })
      .refuses('participant.not_ai');
    given(said)
      .when({ ...request, participantId: 'nobody' }, { actor: 'ada' })
      .refuses('participant.not_found');
    const muted = said.by('ada', { type: 'participant.mute', participantId: 'helper', muted: true });
    given(muted).when(request, { actor: 'ada' }).refuses('participant.muted');
  });
});

describe('ai_response.start', () => {
  it('is said by the AI participant itself, or by Parley', () => {
    given(requested)
      .when(start, { actor: 'helper' })
      .yields({
        type: 'ai_response.started',
        data: { participantId: 'helper', model: 'builtin/facilitator' },
      });
    given(requested).when(start, { actor: 'parley' }).yields('ai_response.started');
    given(requested).when(start, { actor: 'ada' }).refuses('participant.not_allowed');
  });

  it('happens once, and only to a reply that was asked for', () => {
    given(started).when(start, { actor: 'helper' }).refuses('ai_response.in_progress');
    given(said).when(start, { actor: 'helper' }).refuses('ai_response.not_found');
  });
});

describe('the message of a reply', () => {
  it('completes the reply', () => {
    const usage = { inputTokens: 12, outputTokens: 5, estimated: false };
    const outcome = sendAs(started, { status: 'completed', model: 'builtin/facilitator', usage });
    outcome.yields(
      {
        type: 'message.sent',
        data: {
          author: 'helper',
          response: { responseId, status: 'completed', model: 'builtin/facilitator', usage },
        },
      },
      {
        type: 'ai_response.completed',
        data: {
          responseId,
          participantId: 'helper',
          messageId: uuidFor(900),
          model: 'builtin/facilitator',
          usage,
        },
      },
    );
    expect(outcome.chat.aiReplies).toEqual([]);
    expect(outcome.chat.aiActivity).toEqual({ helper: { lastReplyAt: started.at, messagesSince: 0 } });
  });

  it('keeps what was written before the reply broke off', () => {
    sendAs(started, {
      status: 'failed',
      code: 'ai.timeout',
      message: 'It took too long.',
      retryable: false,
    }).yields('message.sent', {
      type: 'ai_response.failed',
      data: { code: 'ai.timeout', message: 'It took too long.', retryable: false, messageId: uuidFor(900) },
    });
    sendAs(started, { status: 'failed' }).yields('message.sent', {
      type: 'ai_response.failed',
      data: { code: 'ai.broken_stream', retryable: true },
    });
  });

  it('keeps what was written before the reply was stopped, after the stop', () => {
    const stopped = started.by('ben', stop);
    sendAs(stopped, { status: 'stopped' }).yields('message.sent');
  });

  it("does not end another AI participant's reply", () => {
    const two = openChat({ ais: ['helper', 'critic'] }).says('ada', 'Hello');
    const theirs = two.chat.aiReplies.find(({ participantId }) => participantId === 'critic');
    sendAs(two, { status: 'completed', responseId: theirs?.responseId } as never).yields('message.sent');
  });

  it('is refused once the AI participant is muted or the chat archived', () => {
    const muted = started.by('ada', { type: 'participant.mute', participantId: 'helper', muted: true });
    sendAs(muted, { status: 'stopped' }).refuses('participant.muted');
    sendAs(started.by('ada', { type: 'chat.archive' }), { status: 'stopped' }).refuses('chat.archived');
  });
});

describe('ai_response.fail', () => {
  it('ends a reply that has no words, and names the message that it was to answer', () => {
    const outcome = given(started).when(fail, { actor: 'helper' });
    outcome.yields({
      type: 'ai_response.failed',
      data: {
        responseId,
        code: fail.code,
        message: fail.message,
        retryable: true,
        triggeredBy: said.lastMessageId,
      },
    });
    expect(outcome.chat.aiReplies).toEqual([]);
  });

  it('is said by the AI participant itself, or by Parley, about a reply in progress', () => {
    given(started).when(fail, { actor: 'parley' }).yields('ai_response.failed');
    given(started).when(fail, { actor: 'ben' }).refuses('participant.not_allowed');
    given(said).when(fail, { actor: 'parley' }).refuses('ai_response.not_found');
  });
});

describe('ai_response.stop', () => {
  it('ends a reply, asked for or being written, and says who stopped it', () => {
    const stopped = { type: 'ai_response.stopped', data: { responseId, by: 'ada' } } as const;
    given(requested).when(stop, { actor: 'ada' }).yields(stopped);
    given(started).when(stop, { actor: 'ada' }).yields(stopped);
    given(started).when(stop, { actor: 'parley' }).yields('ai_response.stopped');
  });

  it('refuses when there is no such reply', () => {
    given(started.by('ada', stop)).when(stop, { actor: 'ada' }).refuses('ai_response.not_found');
  });
});

describe('ai_response.regenerate', () => {
  const answered = requested.answers('helper', 'Hello, Ben.');
  const messageId = answered.lastMessageId;
  const again = { type: 'ai_response.regenerate', responseId: 'response-2', messageId } as const;

  it('asks for a message that will stand for the earlier one', () => {
    given(answered)
      .when(again, { actor: 'ben' })
      .yields({
        type: 'ai_response.requested',
        data: {
          responseId: 'response-2',
          participantId: 'helper',
          reason: 'regenerate',
          replaces: messageId,
        },
      });
    const replaced = answered.by('ben', again).answers('helper', 'Hi, Ben.');
    expect(replaced.chat.messages.slice(-2)).toMatchObject([
      { id: messageId, text: 'Hello, Ben.', replacedBy: replaced.lastMessageId },
      { text: 'Hi, Ben.', replaces: messageId },
    ]);
  });

  it('is for messages of AI participants', () => {
    given(answered)
      .when({ ...again, messageId: said.lastMessageId }, { actor: 'ben' })
      .refuses('ai_response.not_found');
    given(answered)
      .when({ ...again, messageId: uuidFor(1) }, { actor: 'ben' })
      .refuses('message.not_found');
  });

  it('refuses while it is answering, when it went, and when the message was deleted', () => {
    given(answered.by('ben', again))
      .when({ ...again, responseId: 'response-3' }, { actor: 'ben' })
      .refuses('ai_response.in_progress');
    given(answered.by('ada', { type: 'participant.remove', participantId: 'helper' }))
      .when(again, { actor: 'ben' })
      .refuses('participant.not_found');
    given(answered.by('ada', { type: 'message.delete', messageId }))
      .when(again, { actor: 'ben' })
      .refuses('message.deleted');
  });
});
