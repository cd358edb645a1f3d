import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import { Refusal } from '@parley/chat';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';

const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self' ws: wss:",
  "manifest-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

// Where the page has views of its own. Everything else that is not found is a 404.
const pageAddresses = ['/', '/chats/*', '/invites/*', '/setup', '/sign-in'];

/** The web page, when it is built. */
export function pageRoutes(folder: string): FastifyPluginAsyncZod {
  return async (app) => {
    if (!existsSync(join(folder, 'index.html'))) {
      app.get('/', { schema: { hide: true } }, async () => {
        const sentence = 'The web page is not built: run `npm run build`. The API is described at /docs.';
        throw new Refusal('request.not_found', { sentence });
      });
      return;
    }
    await app.register(fastifyStatic, { root: folder, serve: false, cacheControl: false });
    app.get('/assets/*', { schema: { hide: true } }, (request, reply) => {
      const { '*': file } = request.params as { '*': string };
      reply.header('cache-control', 'public, max-age=31536000, immutable');
      return reply.sendFile(`assets/${file}`);
    });
    serveAtTop(app, folder);
    for (const address of pageAddresses) {
      app.get(address, { schema: { hide: true } }, (_request, reply) => sendPage(reply));
    }
  };
}

function serveAtTop(app: FastifyInstance, folder: string): void {
  for (const file of ['favicon.svg', 'favicon.ico', 'manifest.webmanifest', 'robots.txt']) {
    if (!existsSync(join(folder, file))) continue;
    app.get(`/${file}`, { schema: { hide: true } }, (_request, reply) =>
      reply.header('cache-control', 'public, max-age=3600').sendFile(file),
    );
  }
}

function sendPage(reply: FastifyReply): FastifyReply {
  return reply
    .header('content-security-policy', contentSecurityPolicy)
    .header('referrer-policy', 'same-origin')
    .header('cache-control', 'no-cache')
    .sendFile('index.html');
}
