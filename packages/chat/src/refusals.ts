/** Every expected "no", in one place: a stable code, the HTTP status at the edge, and a sentence that helps. */
const refusals = {
  'auth.required': [401, 'Sign in first, or send a valid bearer token.'],
  'auth.invalid_token': [
    401,
    'This token is not valid here: check its signature, its key id and its expiry.',
  ],
  'auth.invalid_credentials': [401, 'This e-mail address and password do not belong together.'],
  'auth.forbidden': [403, 'Your account may not do this.'],
  'auth.setup_required': [503, 'Parley has no owner yet: open the first-run link that the server printed.'],
  'auth.setup_done': [410, 'Parley has an owner already: sign in instead.'],
  'auth.setup_token': [403, 'This first-run link is not the one that the server printed last.'],
  'auth.email_taken': [409, 'An account with this e-mail address exists already: sign in instead.'],
  'auth.wrong_origin': [403, 'Requests with a cookie must come from the address of this Parley.'],

  'request.invalid': [400, 'The request does not fit what this endpoint takes.'],
  'request.malformed_json': [400, 'The body is not valid JSON.'],
  'request.unsupported_media_type': [415, 'Send the body as application/json.'],
  'request.too_large': [413, 'The body is larger than this endpoint takes.'],
  'request.not_found': [404, 'There is nothing at this address.'],
  'request.rate_limited': [429, 'Too many requests: wait a little and try again.'],
  'request.extension_refused': [422, 'This was refused.'],
  'server.overloaded': [503, 'The server has more to store than it can: try again in a moment.'],
  'server.stopping': [503, 'The server is stopping: try again in a moment.'],
  'server.storage_failed': [
    507,
    'The server cannot store this now; its disk may be full. Nothing was changed.',
  ],

  'chat.not_found': [404, 'There is no such chat, or you are not in it.'],
  'chat.exists': [409, 'A chat with this id exists already.'],
  'chat.archived': [409, 'This chat is archived: restore it to go on.'],
  'chat.not_archived': [409, 'This chat is not archived.'],
  'chat.sequence_not_found': [404, 'This chat has no such sequence number yet.'],

  'participant.not_found': [404, 'There is no such participant in this chat.'],
  'participant.already_joined': [409, 'This participant is in the chat already.'],
  'participant.muted': [403, 'You are muted in this chat: a host can lift that.'],
  'participant.observer': [403, 'Observers read along; a host can make you a member.'],
  'participant.not_allowed': [403, 'Your role in this chat does not allow this.'],
  'participant.last_host': [409, 'A chat needs a host: make somebody else a host first.'],
  'participant.not_a_person': [422, 'This is for people; the participant named is not one.'],
  'participant.not_ai': [422, 'This is for AI participants; the participant named is not one.'],

  'invite.not_found': [404, 'This invite does not exist, has expired, was revoked, or is used up.'],

  'message.not_found': [404, 'There is no such message in this chat.'],
  'message.id_taken': [409, 'Another message has this id already: make a new id for every message.'],
  'message.deleted': [409, 'This message was deleted.'],
  'message.not_yours': [403, 'Only who wrote a message may change it.'],
  'message.empty': [422, 'A message needs some text.'],
  'message.ahead': [422, 'This sequence number is beyond the end of the chat.'],

  'turn.not_yours': [409, "It is somebody else's turn."],
  'turn.ai_answering': [409, 'An AI participant is answering: your turn comes right after.'],
  'turn.rate_limited': [429, 'You have sent as many messages as this chat allows in a minute.'],
  'turn.not_used': [409, 'This chat has no turns: everybody may speak.'],
  'turn.not_eligible': [422, 'The turn can only go to a person who may speak.'],
  'turn.not_expired': [409, 'The turn has not expired.'],

  'ai_response.not_found': [404, 'There is no such AI reply in progress.'],
  'ai_response.in_progress': [409, 'This AI participant is answering already.'],
  'ai_response.nothing_to_answer': [409, 'There is nothing to answer yet.'],
  'ai.unknown_model': [422, 'There is no such AI model here: see GET /v1/models.'],

  'completion.already_marked': [409, 'You have marked this chat as done already.'],
  'completion.not_marked': [409, 'You have not marked this chat as done.'],
} as const satisfies Record<string, readonly [status: number, sentence: string]>;

export type RefusalCode = keyof typeof refusals;

const mark = Symbol.for('parley.refusal');

/**
 * An expected "no". Thrown by `decide` and at the edges; nothing was changed.
 * `details` goes to the caller with the code, so it must hold nothing secret.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: RefusalCode;
  readonly status: number;
  readonly details: Readonly<Record<string, unknown>> | undefined;
  readonly [mark] = true;

  constructor(code: RefusalCode, options: { sentence?: string; details?: Record<string, unknown> } = {}) {
    super(options.sentence ?? refusals[code][1]);
    this.code = code;
    this.status = refusals[code][0];
    this.details = options.details;
  }

  /** By mark and not by `instanceof`, because two copies of this package may be installed. */
  static is(error: unknown): error is Refusal {
    return typeof error === 'object' && error !== null && mark in error;
  }
}

/** The codes with status and sentence, for the reference page and the OpenAPI description. */
export function listRefusals(): { code: RefusalCode; status: number; sentence: string }[] {
  return Object.entries(refusals).map(([code, [status, sentence]]) => ({
    code: code as RefusalCode,
    status,
    sentence,
  }));
}
