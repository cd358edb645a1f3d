import { sendMessageBody } from '@parley/chat/api';
import fastify from 'fastify';
import { validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';

/** What a bare Fastify does with the same requests, in a process of its own: checks the body, and answers. */

const app = fastify({ logger: false }).withTypeProvider<ZodTypeProvider>();
app.setValidatorCompiler(validatorCompiler);
app.setSerializerCompiler(() => (data) => JSON.stringify(data));

const body = 'x'.repeat(Number(process.argv[2] ?? 0));
app.post('/v1/chats/:chatId/messages', { schema: { body: sendMessageBody } }, async (request, reply) =>
  reply.code(201).send({ messageId: request.body.id, sequence: 1 }),
);
app.get('/state', (_request, reply) => reply.type('application/json; charset=utf-8').send(body));

process.send?.({ url: await app.listen({ port: 0, host: '127.0.0.1' }) });
