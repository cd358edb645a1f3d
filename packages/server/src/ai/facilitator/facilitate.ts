import { gistOf, isQuestion, looksEnglish, plainText, saidBack, sentencesOf } from './gist.ts';
import * as phrases from './phrases.ts';

/** The conversation as the facilitator sees it. */
export interface Situation {
  /** Its name. */
  selfName: string;
  /** The people in the chat, in joining order. */
  people: readonly { id: string; name: string }[];
  /** Oldest first; `author` null for what it said itself. Authors may have left. */
  turns: readonly { author: string | null; name?: string; text: string }[];
  /** Decides between equally good words: the same for the same reply. */
  seed: string;
}

/**
 * What a facilitator without any AI says next: it says back what the last person said, brings in who has not
 * spoken, asks one open question; gives a recap on request. Pure: the same situation gives the same words.
 */
export function facilitate(situation: Situation): string {
  const { selfName, turns } = situation;
  const last = turns.findLast(({ author }) => author !== null);
  if (last === undefined) return phrases.greeting(selfName);
  if (wantsRecap(last.text)) return recap(situation);
  if (asksWhatItIs(last.text)) return phrases.aboutItself(selfName);
  return `${acknowledge(situation, last)} ${moveOn(situation, last)}`;
}

type Turn = Situation['turns'][number];

const wantsRecap = (text: string) =>
  /\b(recap|summary|summari[sz]e|sum (it |this |that )?up|where (are|do) we( stand)?|what have we (said|got))\b/i.test(
    text,
  );

const asksWhatItIs = (text: string) =>
  /\b(who|what) are you\b|\bare you (an? )?(ai|bot|robot|human|person|real|machine|chatgpt|llm)\b/i.test(
    text,
  );

function acknowledge(situation: Situation, last: Turn): string {
  const name = nameOf(situation, last);
  const gist = gistOf(last.text);
  if (gist === undefined || plainText(last.text).split(' ').length < 3) {
    return choose(situation, phrases.short)(name);
  }
  if (isQuestion(last.text)) {
    return choose(situation, phrases.askings)(name, gistOf(sentencesOf(last.text).at(-1) ?? '') ?? gist);
  }
  if (/\b(i|i'm|i've|my|me)\b/i.test(gist) && looksEnglish(gist)) {
    return choose(situation, phrases.openings)(name, saidBack(gist));
  }
  return choose(situation, phrases.quotings)(name, gist.replace(/[.]$/, ''));
}

/** Brings in who has not spoken, hands on a question, or asks one. One thing, not all of them. */
function moveOn(situation: Situation, last: Turn): string {
  const { people, turns } = situation;
  const others = people.filter(({ id }) => id !== last.author);
  const recent = turns.slice(-12);
  const silent = others.find(({ id }) => !recent.some(({ author }) => author === id));
  if (silent !== undefined) return choose(situation, phrases.invitations)(silent.name);
  const next = longestSilent(others, turns);
  if (next !== undefined && isQuestion(last.text)) return choose(situation, phrases.handings)(next.name);
  return choose(situation, phrases.questions);
}

function longestSilent(people: Situation['people'], turns: Situation['turns']) {
  const spokeAt = (id: string) => turns.findLastIndex(({ author }) => author === id);
  return people.toSorted((a, b) => spokeAt(a.id) - spokeAt(b.id))[0];
}

function recap(situation: Situation): string {
  const { turns } = situation;
  const said = new Map<string, string[]>();
  for (const turn of turns) {
    if (turn.author === null || wantsRecap(turn.text)) continue;
    const gist = gistOf(turn.text);
    const name = nameOf(situation, turn);
    if (gist !== undefined) said.set(name, [...(said.get(name) ?? []), gist].slice(-3));
  }
  if (said.size === 0) return 'There is nothing to recap yet: nobody has said much. Who begins?';
  const lines = [...said].slice(0, 8).map(([name, gists]) => `- **${name}**: ${gists.join(' · ')}`);
  return `What I have heard so far:\n\n${lines.join('\n')}\n\nWhat is missing, and what comes next?`.slice(
    0,
    2_000,
  );
}

function nameOf({ people }: Situation, { author, name }: Turn): string {
  return people.find(({ id }) => id === author)?.name ?? name ?? 'somebody';
}

/** One of several phrasings, by the seed, and none that it has used in its latest turns. */
function choose<T extends string | ((...words: never[]) => string)>(
  situation: Situation,
  from: readonly T[],
): T {
  const own = situation.turns.filter(({ author }) => author === null).slice(-3);
  const fresh = from.filter((phrase) => !own.some(({ text }) => text.includes(mark(phrase))));
  const choices = fresh.length > 0 ? fresh : from;
  return choices[hash(situation.seed) % choices.length] as T;
}

/** The longest part of a phrasing that does not depend on what is put into it. */
function mark(phrase: string | ((...words: never[]) => string)): string {
  const text = typeof phrase === 'string' ? phrase : (phrase as (...words: string[]) => string)('\n', '\n');
  return text.split('\n').reduce((longest, part) => (part.length > longest.length ? part : longest), '');
}

function hash(text: string): number {
  let value = 0;
  for (const character of text) value = (Math.imul(value, 31) + (character.codePointAt(0) ?? 0)) >>> 0;
  return value;
}
