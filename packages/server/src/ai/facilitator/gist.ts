/** What somebody said, cut down to the sentence that carries most of it. */

const longest = 160;

// Words that say little about what a sentence is about, and show that it is English.
const filler = new Set(
  `a about all also am an and are as at be been but by can could did do does for from had has have he her him his how
  i if in is it its just like me more my no not of on or our out really she so some than that the their them then there
  they think this to too up us very was we well were what when which who will with would you your`.split(
    /\s+/,
  ),
);

/** Message text without what only formats it: code, links, quotes, emphasis, headings. */
export function plainText(text: string): string {
  return text
    .replace(/```[\s\S]*?(```|$)/g, ' ')
    .replace(/`([^`]*)`/g, '$1')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/https?:\/\/\S+/g, '')
    .replace(/^\s*(>|#+|[-*+]|\d+\.)\s+/gm, '')
    .replace(/[*_~<>|]+/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

export function sentencesOf(text: string): string[] {
  // A line of a list is a sentence of its own.
  return text
    .replace(/```[\s\S]*?(```|$)/g, '\n')
    .split('\n')
    .flatMap((line) => plainText(line).split(/(?<=[.!?…。！？])\s+/))
    .map((sentence) => sentence.trim())
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));
}

/** The sentence with most to say, shortened at a word; undefined when there is none. */
export function gistOf(text: string): string | undefined {
  const sentences = sentencesOf(text);
  const best = sentences.reduce<{ sentence: string; weight: number } | undefined>((found, sentence) => {
    const weight = Math.min(12, contentWords(sentence).length);
    return found === undefined || weight > found.weight ? { sentence, weight } : found;
  }, undefined);
  return best && shorten(best.sentence);
}

export function isQuestion(text: string): boolean {
  return /[?？؟]\s*$/.test(sentencesOf(text).at(-1) ?? '');
}

export function looksEnglish(text: string): boolean {
  const words = wordsOf(text);
  return words.length > 0 && words.filter((word) => filler.has(word)).length / words.length >= 0.2;
}

const pronouns: Record<string, string> = {
  i: 'you',
  me: 'you',
  my: 'your',
  mine: 'yours',
  myself: 'yourself',
  "i'm": "you're",
  "i've": "you've",
  "i'd": "you'd",
  "i'll": "you'll",
  am: 'are',
};

/** Said back to who said it: "I want my garden" becomes "you want your garden". English only. */
export function saidBack(sentence: string): string {
  const turned = sentence
    .replace(/[.!…]+$/, '')
    .replace(/\bI was\b/g, 'you were')
    .replace(/[\p{L}]+(?:['’][\p{L}]+)?/gu, (word) => {
      const swapped = pronouns[word.toLowerCase().replace('’', "'")];
      return swapped ?? word;
    });
  const [first = ''] = turned;
  // Names and acronyms keep their capital; an ordinary first word loses it inside a sentence.
  const ordinary = /^[A-Z][a-z']* /.test(turned) && filler.has(turned.split(' ', 1)[0]?.toLowerCase() ?? '');
  return ordinary ? first.toLowerCase() + turned.slice(1) : turned;
}

function wordsOf(text: string): string[] {
  return (
    plainText(text)
      .toLowerCase()
      .match(/[\p{L}']+/gu) ?? []
  );
}

const contentWords = (sentence: string) => wordsOf(sentence).filter((word) => !filler.has(word));

function shorten(sentence: string): string {
  if (sentence.length <= longest) return sentence;
  const cut = sentence.slice(0, longest).toWellFormed();
  const space = cut.lastIndexOf(' ');
  return `${cut.slice(0, space > longest / 2 ? space : longest).replace(/[,;:\s\ufffd]+$/, '')} …`;
}
