import { dirname, join, normalize } from 'node:path';
import { computed, moduleImports } from './module-imports.ts';

/** A source file of a package, by its path from the root of the repository. */
export interface SourceFile {
  path: string;
  text: string;
}

/** What a package may import. `types` are packages of which it may import types alone. */
interface Layer {
  ours: string[];
  types?: string[];
  /** Other people's packages; any when absent. */
  others?: string[];
  /** May it use what only Node has? */
  node: boolean;
}

/** The plan of the house: who may import whom. A package that is not in it has no place yet. */
const layers: Record<string, Layer> = {
  chat: { ours: [], others: ['zod'], node: false },
  'event-log': { ours: [], node: true },
  'event-bus': { ours: [], node: true },
  realtime: { ours: [], node: true },
  client: { ours: ['chat'], node: false },
  web: { ours: ['client'], types: ['chat'], node: false },
  server: { ours: ['chat', 'event-log', 'event-bus', 'realtime'], node: true },
};

/** What only `main.ts` takes, because it alone knows which adapters are in use. */
const adapters: Record<string, string[]> = {
  '@parley/event-log': ['memoryEventLog', 'openSqliteEventLog', 'SqliteReader'],
  '@parley/event-bus': ['inProcessEventBus'],
  '@parley/realtime': ['createRealtimeServer'],
  'packages/server/src/accounts/accounts.ts': ['Accounts'],
  'packages/server/src/ai/models.ts': ['modelRegistry'],
  'packages/server/src/views/views.ts': ['Views'],
};

/** Files besides `main.ts` that take an adapter, and why. */
const mayTakeAdapters = [
  'packages/server/src/main.ts',
  // The face of the package: it hands them on to those who embed Parley.
  'packages/server/src/index.ts',
  // Belongs to the SQLite adapter of the views: a thread of its own reads the log's file.
  'packages/server/src/views/projector.worker.ts',
];

/** Folders of the server that keep to themselves: AIs write and nothing else, and nobody is above the HTTP API. */
const serverFolders: { folder: string; mayNotImport: string[] }[] = [
  {
    folder: 'ai/',
    mayNotImport: [
      'api/',
      'delivery/',
      'orchestrator/',
      'session-state/',
      'handlers/',
      'views/',
      'accounts/',
    ],
  },
  ...['accounts/', 'delivery/', 'handlers/', 'orchestrator/', 'session-state/', 'views/'].map((folder) => ({
    folder,
    mayNotImport: ['api/'],
  })),
];

/** The sentences that say where a file breaks the plan; none when it keeps to it. */
export function violations({ path, text }: SourceFile): string[] {
  const [, name = ''] = path.match(/^packages\/([^/]+)\//) ?? [];
  const layer = layers[name];
  if (layer === undefined) return [`${path}: the plan in test/layers/plan.ts has no package ${name}`];
  const isTest = /\.test\.tsx?$|\/src\/properties\//.test(path);
  const found = moduleImports(text).flatMap((taken) => {
    const { specifier, typeOnly, names } = taken;
    if (specifier.startsWith('.')) {
      const target = normalize(join(dirname(path), specifier));
      if (!target.startsWith(`packages/${name}/`)) return [`imports ${specifier}, which leaves the package`];
      return isTest ? [] : [...foreignAdapter(path, target, names, typeOnly), ...foreignFolder(path, target)];
    }
    if (isTest) return [];
    if (specifier === computed) return ['imports what nobody can read from its source'];
    if (specifier.startsWith('@parley/')) {
      return [
        ...foreignPackage(name, layer, specifier, typeOnly),
        ...foreignAdapter(path, specifier, names, typeOnly),
      ];
    }
    if (specifier.startsWith('node:'))
      return layer.node ? [] : [`imports ${specifier}, and has to run without Node`];
    const allowed = layer.others === undefined || layer.others.includes(specifier);
    return allowed ? [] : [`imports ${specifier}`];
  });
  return [...found, ...(isTest ? [] : impurities(name, text)), ...publishing(path, text, isTest)].map(
    (sentence) => `${path} ${sentence}`,
  );
}

function foreignPackage(name: string, layer: Layer, specifier: string, typeOnly: boolean): string[] {
  const [, imported = ''] = specifier.split('/');
  if (layer.ours.includes(imported)) return [];
  if (!layer.types?.includes(imported)) return [`imports ${specifier}, which is not below ${name}`];
  return typeOnly ? [] : [`imports more than types from ${specifier}`];
}

function foreignAdapter(path: string, target: string, names: string[], typeOnly: boolean): string[] {
  const isServer = path.startsWith('packages/server/');
  if (!isServer || typeOnly || mayTakeAdapters.includes(path)) return [];
  return (adapters[target] ?? [])
    .filter((adapter) => names.includes(adapter) || names.includes('*'))
    .map((adapter) => `takes the adapter ${adapter}: only main.ts does`);
}

function foreignFolder(path: string, target: string): string[] {
  const inServer = (file: string) => file.replace('packages/server/src/', '');
  return serverFolders
    .filter(({ folder }) => inServer(path).startsWith(folder))
    .flatMap(({ mayNotImport }) => mayNotImport)
    .filter((folder) => inServer(target).startsWith(folder))
    .map((folder) => `imports from ${folder}`);
}

/** The rules of a chat read no clock, throw no dice and wait for nothing. */
function impurities(name: string, text: string): string[] {
  if (name !== 'chat') return [];
  const impure =
    /\bDate\.now\(|new Date\(\)|\bMath\.random\(|\brandomUUID\(|\bsetTimeout\(|\bprocess\.|\bfetch\(/g;
  return [...text.matchAll(impure)].map(([use]) => `uses ${use}, and has to be pure`);
}

/** Only `delivery/` publishes to channels; the bus has a method of the same name. */
function publishing(path: string, text: string, isTest: boolean): string[] {
  if (isTest || !path.startsWith('packages/server/src/') || path.includes('/delivery/')) return [];
  return [...text.matchAll(/([\w#]+)\.publish\(/g)]
    .filter(([, receiver = '']) => !/bus$/i.test(receiver))
    .map(([call]) => `calls ${call}…): only delivery/ publishes`);
}
