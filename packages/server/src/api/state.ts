import { type Actor, abilities, type Chat, requireAbility } from '@parley/chat';
import * as api from '@parley/chat/api';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { actorOf } from '../accounts/caller.ts';
import type { SerializedChat } from '../session-state/session-state-manager.ts';
import { callerOf } from './access.ts';
import { chatParams } from './params.ts';
import { RecentAnswers } from './recent-answers.ts';
import type { Services } from './services.ts';

// Two servers never give the same tag to two different states.
const boot = Date.now().toString(36);

// About 10 MB of text in the usual case.
const answersKept = 500;

/** The one call for everything that a page needs of a chat. */
export function stateRoutes({ sessions, live }: Services): FastifyPluginAsyncZod {
  return async (app) => {
    const recent = new RecentAnswers(answersKept);

    app.get(
      '/v1/chats/:chatId/state',
      {
        schema: {
          tags: ['chats'],
          summary: 'Get everything that a page needs to show a chat, now or as it was',
          description:
            'Chat, participants, turn, latest messages, read markers, completion, settings, AI replies in ' +
            'progress, who is here and writing, and what you may do now. Send `If-None-Match` to get a 304 ' +
            'when nothing has changed; `?at=` gives the state right after that sequence number.',
          params: chatParams,
          querystring: api.stateQuery,
        },
      },
      (request, reply) => {
        const { chatId } = request.params;
        const actor = actorOf(callerOf(request));
        const { at } = request.query;

        async function answerPast(sequence: number, { chat }: SerializedChat) {
          const { me } = viewOf(chat, actor);
          const past = JSON.stringify(await sessions.loadAt(chatId, sequence));
          const nothing = '{"present":[],"typing":[],"replies":{}}';
          return reply.type('application/json').send(`{"chat":${past},"live":${nothing},"me":${me()}}`);
        }

        function answer({ chat, json }: SerializedChat) {
          const { tag, me } = viewOf(chat, actor, live.version(chatId));
          reply.header('etag', tag).header('cache-control', 'private, no-cache');
          if (request.headers['if-none-match'] === tag) return reply.code(304).send();
          const body = recent.get(
            chatId + tag,
            () => `{"chat":${json},"live":${JSON.stringify(live.state(chatId))},"me":${me()}}`,
          );
          return reply.type('application/json; charset=utf-8').send(body);
        }

        if (at !== undefined) return sessions.loadSerialized(chatId).then((now) => answerPast(at, now));
        // In the usual case there is nothing to wait for.
        const known = sessions.recallSerialized(chatId);
        return known === undefined ? sessions.loadSerialized(chatId).then(answer) : answer(known);
      },
    );
  };
}

/** Who reads a chat, what they may do in it, and a tag for all that their answer depends on. */
function viewOf(chat: Chat, actor: Actor, liveVersion = 0): { tag: string; me: () => string } {
  const participant = requireAbility(chat, actor, 'read');
  const may = abilities(chat, participant, new Date().toISOString());
  const { id: participantId, role } = participant;
  // The composer can open by time alone.
  const tag = `"${boot}-${chat.sequence}-${liveVersion}-${participantId}-${may.composer.open ? 1 : 0}"`;
  return { tag, me: () => JSON.stringify({ participantId, role, may }) };
}
