import { STATUS_CODES } from 'node:http';
import { Refusal, type RefusalCode } from '@parley/chat';
import type { Problem } from '@parley/chat/api';
import type { FastifyBaseLogger, FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { asRefusal } from '../orchestrator/storage-refusals.ts';

/** Answers every error as problem+json (RFC 9457) with a stable code, and never with a stack. */
export function answerErrors(logger: FastifyBaseLogger) {
  return (error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply =>
    answer(logger, error, request, reply);
}

function answer(
  logger: FastifyBaseLogger,
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const problem = problemOf(error);
  if (problem.status >= 500 && problem.code === 'server.error')
    logger.error({ err: error, request: request.id });
  else logger.debug({ code: problem.code, request: request.id }, problem.detail);
  const wait = retryAfter(problem);
  if (wait !== undefined) reply.header('retry-after', wait);
  return reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}

function problemOf(error: FastifyError): Problem {
  const refusal = asRefusal(error);
  if (Refusal.is(refusal)) return refusalProblem(refusal);
  if (hasZodFastifySchemaValidationErrors(error)) {
    const issues = error.validation.map(({ instancePath, message = 'is not valid' }) => ({
      path: `${error.validationContext ?? 'body'}${instancePath}`,
      message,
    }));
    const [first] = issues;
    const detail = first ? `${first.path}: ${first.message}` : undefined;
    return { ...refusalProblem(new Refusal('request.invalid', sentence(detail))), issues };
  }
  const code = fastifyCodes[error.code];
  if (code !== undefined) return refusalProblem(new Refusal(code));
  if (error.statusCode !== undefined && error.statusCode < 500) {
    return refusalProblem(new Refusal('request.invalid', sentence(error.message)));
  }
  const detail = 'Something went wrong on the server. Nothing is lost: try again.';
  return { type: typeOf('server.error'), title: titleOf(500), status: 500, detail, code: 'server.error' };
}

function refusalProblem({ code, status, message, details }: Refusal): Problem {
  const problem = { type: typeOf(code), title: titleOf(status), status, detail: message, code };
  return details === undefined ? problem : { ...problem, details };
}

const fastifyCodes: Record<string, RefusalCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'request.too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'request.unsupported_media_type',
  FST_ERR_CTP_INVALID_JSON_BODY: 'request.malformed_json',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'request.malformed_json',
};

const sentence = (detail: string | undefined) => (detail === undefined ? {} : { sentence: detail });
const typeOf = (code: string) => `urn:parley:problem:${code}`;
const titleOf = (status: number) => STATUS_CODES[status] ?? 'Error';

/** Whole seconds until another try makes sense. */
function retryAfter({ status, details }: Problem): number | undefined {
  if (status !== 429 && status !== 503) return undefined;
  const at = details?.retryAt;
  if (typeof at !== 'string') return 1;
  return Math.max(1, Math.ceil((Date.parse(at) - Date.now()) / 1000));
}
