import { listRefusals, toCloudEvent } from '@parley/chat';
import { listRegistry, type RegistryEntry, storedEvents } from '@parley/chat/registry';
import { openChat, uuidFor } from '@parley/chat/testing';
import { fieldsTable } from './fields-table.ts';

/** A generated page of the reference. */
export interface Page {
  /** From the root of the repository. */
  path: string;
  text: string;
}

/** The pages of the reference, made from the registries of `@parley/chat`. */
export function referencePages(): Page[] {
  return [
    { path: 'docs/reference/events.md', text: eventsPage() },
    { path: 'docs/reference/commands.md', text: commandsPage() },
    { path: 'docs/reference/errors.md', text: errorsPage() },
  ];
}

const notice = '<!-- Written by `npm run reference` from packages/chat. Change it there. -->';

function eventsPage(): string {
  const stored = listRegistry().filter(({ kind }) => kind === 'stored event');
  const passing = listRegistry().filter(({ kind }) => kind === 'passing event');
  return page(
    '# Events',
    notice,
    `Everything that happens in a chat is one of these events. The name of an event is the same everywhere: in the log, on
realtime channels, for extensions and webhooks. Stored events are facts: they are numbered per chat without gaps, never
changed, and the chat's state is what they add up to. Passing events are told to who is there and are not kept.`,
    '## Stored events at a glance',
    contents(stored),
    '## Passing events at a glance',
    contents(passing),
    '## The envelope',
    `A stored event leaves Parley as a [CloudEvent](https://cloudevents.io) 1.0 in JSON; \`data\` holds the fields that are
listed for its type below. \`dataschema\` is where the server has the JSON Schema of \`data\`. Data has exactly the fields of its
schema: a new optional field leaves the version as it is, any other change raises it.`,
    json(envelopeExample()),
    `| attribute | |
|---|---|
| \`id\` | Unique. The same event is the same id everywhere, also when it is delivered twice. |
| \`source\`, \`partitionkey\` | The chat. |
| \`subject\` | The message that the event is about, when there is one. |
| \`sequence\` | Place in the chat: 1, 2, 3 … as 20 digits, so that it sorts as text. |
| \`position\` | Place in the log of the whole server, as 20 digits. |
| \`correlationid\` | The request that everything in this flow goes back to. |
| \`causationid\` | The event that directly caused this one, when one did. |
| \`authtype\`, \`authid\` | Who acted: \`person\`, \`ai\`, \`extension\`, or \`system\` for Parley itself. |`,
    '## Stored events',
    ...stored.map(event),
    '## Passing events',
    'A passing event has no number, and nothing is lost when it is missed: the next one, or the next stored event, says more.',
    ...passing.map(event),
  );
}

function commandsPage(): string {
  const entries = listRegistry().filter(({ kind }) => kind === 'command');
  return page(
    '# Commands',
    notice,
    `A command asks for something to happen. The rules of the chat answer it with [events](events.md), or with a refusal
that has a [code](errors.md); a command that would change nothing makes no events and is no error. People give commands
over the HTTP API (\`/docs\` on a running server); \`before\` handlers hear them by the names on this page, and may change
the fields that are called amendable.`,
    '## At a glance',
    contents(entries),
    ...entries.map(command),
  );
}

function errorsPage(): string {
  const groups = Map.groupBy(listRefusals(), ({ code }) => nounOf(code));
  return page(
    '# Errors',
    notice,
    `Every expected "no" has a stable code. Over HTTP it comes as \`application/problem+json\` with the status below; \`detail\` is
a sentence for people, and may say more than the one listed here. \`details\`, when present, holds what a program wants to
know, such as the holder of the turn; \`issues\` names the fields that are wrong in a \`request.invalid\`.
What nobody expected is \`server.error\` with status 500: a defect of the server, described in its log and not to the caller.`,
    json({
      type: 'urn:parley:problem:turn.not_yours',
      title: 'Conflict',
      status: 409,
      detail: "It is somebody else's turn.",
      code: 'turn.not_yours',
      details: { holder: 'ben' },
    }),
    ...[...groups].flatMap(([noun, refusals]) => [
      `## ${noun}`,
      [
        '| code | status | |',
        '|---|---|---|',
        ...refusals.map(({ code, status, sentence }) => `| \`${code}\` | ${status} | ${sentence} |`),
      ].join('\n'),
    ]),
  );
}

function event({ name, summary, version, schema, example }: RegistryEntry): string {
  return page(`### ${name}`, `${summary} Version ${version}.`, fieldsTable(schema), json(example)).trimEnd();
}

function command({ name, summary, schema, amendable = [] }: RegistryEntry): string {
  const amendment = amendable.map((field) => `\`${field}\``).join(', ');
  return page(
    `## ${name}`,
    summary,
    fieldsTable(schema),
    ...(amendable.length === 0 ? [] : [`Amendable: ${amendment}.`]),
  ).trimEnd();
}

/** One line for each noun, with links to the headings. */
function contents(entries: RegistryEntry[]): string {
  const groups = Map.groupBy(entries, ({ name }) => nounOf(name));
  return [...groups]
    .map(([noun, group]) => {
      const links = group.map(({ name }) => `[${name.slice(noun.length + 1)}](#${anchor(name)})`);
      return `- **${noun}** ${links.join(' · ')}`;
    })
    .join('\n');
}

/** A real event of a real chat, so that the page cannot differ from what is sent. */
function envelopeExample(): object {
  const [event] = openChat()
    .happened({
      type: 'message.sent',
      subject: storedEvents['message.sent'].example.messageId,
      data: storedEvents['message.sent'].example,
    })
    .events.slice(-1);
  if (event === undefined) throw new Error('the scenario has no event');
  return toCloudEvent({ ...event, chatId: uuidFor(7), actor: { id: 'ada', kind: 'person' } });
}

/** How GitHub makes an anchor of a heading. */
const anchor = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
    .replaceAll(' ', '-');
const nounOf = (name: string) => name.slice(0, name.indexOf('.'));
const json = (value: unknown) => `\`\`\`json\n${short(value) ?? JSON.stringify(value, null, 2)}\n\`\`\``;

const page = (...blocks: string[]) => `${blocks.join('\n\n')}\n`;

/** The value on one line, if that is easy to read. */
function short(value: unknown): string | undefined {
  const line = JSON.stringify(value, null, 1).replaceAll(/\n\s*/g, ' ');
  return line.length <= 80 ? line : undefined;
}
