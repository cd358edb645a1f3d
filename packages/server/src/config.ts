import { z } from 'zod';

const text = z.string().trim().min(1);

/** Every variable that Parley reads, besides those of AI vendors; the help text is made from it. */
const variables = {
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000).describe('Port to listen on'),
  HOST: text.default('127.0.0.1').describe('Address to listen on; 0.0.0.0 for every network'),
  PARLEY_DATA_DIR: text.default('./data').describe('Folder that holds everything'),
  PARLEY_PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Address at which people reach Parley, when a proxy stands before it'),
  PARLEY_APP_KEY: text
    .min(8)
    .max(100)
    .optional()
    .describe('Key of your app; made on first start when absent'),
  PARLEY_APP_SECRET: text
    .min(32, 'must have at least 32 characters')
    .optional()
    .describe('Secret that goes with the key, at least 32 characters'),
  PARLEY_ALLOWED_ORIGINS: text
    .transform((list) => list.split(',').map((origin) => origin.trim()))
    .pipe(z.array(z.url({ protocol: /^https?$/ })))
    .optional()
    .describe('Other web addresses whose pages may call Parley with a token, separated by commas'),
  PARLEY_RATE_LIMIT: z.coerce
    .number()
    .int()
    .min(0)
    .default(20)
    .describe('Commands a second that one person may give; five times as many at once; 0 = no limit'),
  PARLEY_TRUST_PROXY: z
    .enum(['true', 'false'])
    .default('false')
    .describe('Whether X-Forwarded-For of the proxy before Parley is believed'),
  PARLEY_METRICS_TOKEN: text.min(16).optional().describe('Bearer token with which Prometheus reads /metrics'),
  PARLEY_LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('How much is logged'),
  AI_MODEL: text.optional().describe('Model that answers by default, as provider/model'),
} as const;

const schema = z.object(variables);

export interface Config {
  port: number;
  host: string;
  dataFolder: string;
  /** Without a slash at the end; undefined = the address that Parley listens on. */
  publicUrl: string | undefined;
  appKey: string | undefined;
  appSecret: string | undefined;
  allowedOrigins: string[];
  rateLimit: number;
  trustProxy: boolean;
  metricsToken: string | undefined;
  logLevel: string;
}

/** Thrown for a setting that can't be used; says which one and what it must be. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads the configuration from the environment.
 * @throws {ConfigError} naming every variable that is wrong, misspelt ones of Parley's own included
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  // An empty variable is how many tools say "not set".
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(set);
  const wrong = parsed.success
    ? []
    : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  const unknown = Object.keys(set)
    .filter((name) => name.startsWith('PARLEY_') && !(name in variables))
    .map((name) => `${name}: there is no such setting; see parley --help`);
  if (!parsed.success || unknown.length > 0) {
    throw new ConfigError(['Parley cannot start with these settings:', ...wrong, ...unknown].join('\n  '));
  }
  const value = parsed.data;
  return {
    port: value.PORT,
    host: value.HOST,
    dataFolder: value.PARLEY_DATA_DIR,
    publicUrl: value.PARLEY_PUBLIC_URL?.replace(/\/+$/, ''),
    appKey: value.PARLEY_APP_KEY,
    appSecret: value.PARLEY_APP_SECRET,
    allowedOrigins: value.PARLEY_ALLOWED_ORIGINS?.map((url) => new URL(url).origin) ?? [],
    rateLimit: value.PARLEY_RATE_LIMIT,
    trustProxy: value.PARLEY_TRUST_PROXY === 'true',
    metricsToken: value.PARLEY_METRICS_TOKEN,
    logLevel: value.PARLEY_LOG_LEVEL,
  };
}

/** The text of `parley --help`. */
export function helpText(): string {
  const lines = Object.entries(variables).map(([name, definition]) => {
    const fallback = definition.safeParse(undefined);
    const value = fallback.success && fallback.data !== undefined ? ` (${String(fallback.data)})` : '';
    return `  ${name.padEnd(24)} ${definition.description}${value}`;
  });
  return [
    'Parley: a chat server in which people and AI participants hold a conversation together.',
    '',
    'Usage: parley [--help] [--version]',
    '',
    'Settings are read from the environment:',
    ...lines,
    '',
    "For AI models set the vendor's usual key (OPENAI_API_KEY, ANTHROPIC_API_KEY, GOOGLE_GENERATIVE_AI_API_KEY),",
    'or OPENAI_COMPATIBLE_BASE_URL for a server of your own. Without any, a rule-based facilitator answers.',
  ].join('\n');
}
