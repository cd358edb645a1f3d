const longest = 16_000;

/**
 * Makes a model's words fit to be shown and stored, piece by piece: no control characters, whole characters only,
 * at most 16,000 of them, and without its own name in front, which models like to imitate.
 */
export function cleaner(name: string): { take(text: string): string; end(): string } {
  let begun = false;
  let held = '';
  let length = 0;

  function pass(text: string): string {
    const words = text.slice(0, longest - length);
    length += words.length;
    return words.isWellFormed() ? words : words.toWellFormed();
  }

  function take(text: string): string {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    held += text.replace(/[\u0000-\u0008\u000b-\u001f\u007f\u2028\u2029]/g, '');
    if (!begun) {
      held = held.trimStart();
      if (mayBecome(held, `${name}:`)) return '';
      if (held.startsWith(`${name}:`)) held = held.slice(name.length + 1).trimStart();
      begun = held !== '';
    }
    // Half of a character waits for its other half.
    const cut = /[\ud800-\udbff]$/.test(held) ? held.length - 1 : held.length;
    const words = held.slice(0, cut);
    held = held.slice(cut);
    return pass(words);
  }

  function end(): string {
    const words = pass(held);
    held = '';
    return words;
  }
  return { take, end };
}

const mayBecome = (text: string, prefix: string) => text.length < prefix.length && prefix.startsWith(text);
