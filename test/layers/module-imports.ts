/** One import of a source file, in whatever form it is written. */
export interface ModuleImport {
  /** As it stands in the source: `./chat.ts`, `@parley/chat`. */
  specifier: string;
  /** `import type`, which leaves nothing behind when the program runs. */
  typeOnly: boolean;
  /** The names that are taken, as the other module calls them; `*` for all of it. */
  names: string[];
}

/** What `import(name)` imports when `name` is not written out: nobody can tell. */
export const computed = '(computed)';

/**
 * Every import of a TypeScript source: static, re-export, dynamic, `import('…')` in types, `require` and workers.
 * Works on formatted code; comments are taken out first, so that an example in a doc comment is no import.
 */
export function moduleImports(source: string): ModuleImport[] {
  const code = withoutComments(source);
  return [
    ...[...code.matchAll(fromClause)].map(([, type, clause = '', specifier = '']) => ({
      specifier,
      typeOnly: type !== undefined,
      names: namesOf(clause),
    })),
    ...[...code.matchAll(wholeModule)].map(([, ...specifiers]) => ({
      specifier: specifiers.find((specifier) => specifier !== undefined) ?? computed,
      typeOnly: false,
      names: ['*'],
    })),
  ];
}

const quoted = String.raw`['"\`]([^'"\`\n]+)['"\`]`;
const fromClause = new RegExp(
  String.raw`(?<![\w.$])(?:import|export)\s+(type\s+(?!from\b))?([\w$*{},\s]*?)\s*\bfrom\s*${quoted}`,
  'g',
);
const wholeModule = new RegExp(
  [
    String.raw`(?<![\w.$])import\s*${quoted}`,
    String.raw`(?<![\w.$])import\s*\(\s*(?:${quoted}|(?=[^'"\`\s]))`,
    String.raw`(?<![\w.$])require\s*\(\s*${quoted}`,
    String.raw`new\s+Worker\(\s*new\s+URL\(\s*${quoted}`,
  ].join('|'),
  'g',
);

function namesOf(clause: string): string[] {
  const [, named] = clause.match(/\{([^}]*)\}/) ?? [];
  const rest = clause.replace(/\{[^}]*\}/, '').replaceAll(/[\s,]/g, '');
  const names = (named ?? '')
    .split(',')
    .map(
      (name) =>
        name
          .trim()
          .replace(/^type\s+/, '')
          .split(/\s+as\s+/)[0] ?? '',
    )
    .filter((name) => name !== '');
  if (rest === '') return names;
  return [...names, rest.startsWith('*') ? '*' : 'default'];
}

/** Strings stay as they are, so that `//` in an address does not count as a comment. */
function withoutComments(source: string): string {
  const strings = String.raw`"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|\`(?:\\.|[^\`\\])*\``;
  const comments = String.raw`\/\*[\s\S]*?\*\/|\/\/[^\n]*`;
  return source.replaceAll(new RegExp(`(${strings})|${comments}`, 'g'), '$1');
}
