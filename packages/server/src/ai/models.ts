import type { LanguageModel } from 'ai';
import { facilitatorModel } from './facilitator/facilitator-model.ts';
import { ModelError, type ModelPort } from './model.ts';
import { sdkModel } from './sdk-model.ts';

interface ModelListing {
  id: string;
  label: string;
  note?: string;
}

/** The AI models that this server can run. */
export interface ModelRegistry {
  /** What answers where nobody chose. */
  default: string;
  list(): ModelListing[];
  has(id: string): boolean;
  /** @throws {ModelError} `ai.misconfigured` */
  get(id: string): ModelPort;
}

type Environment = Readonly<Record<string, string | undefined>>;
type Model = Exclude<LanguageModel, string>;

interface Provider {
  /** What has to be set for it, as people are told. */
  needs: string;
  ready: (environment: Environment) => boolean;
  load: (name: string, environment: Environment) => Promise<Model>;
}

const compatible = async (name: string, model: string, baseURL: string, apiKey?: string): Promise<Model> => {
  const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
  const options = { name, baseURL, includeUsage: true, ...(apiKey === undefined ? {} : { apiKey }) };
  return createOpenAICompatible(options)(model);
};

// The vendors' packages read their usual variables by themselves, and are loaded when first used.
const providers: Record<string, Provider> = {
  openai: {
    needs: 'OPENAI_API_KEY',
    ready: (environment) => Boolean(environment.OPENAI_API_KEY),
    load: async (name) => (await import('@ai-sdk/openai')).openai(name),
  },
  anthropic: {
    needs: 'ANTHROPIC_API_KEY',
    ready: (environment) => Boolean(environment.ANTHROPIC_API_KEY),
    load: async (name) => (await import('@ai-sdk/anthropic')).anthropic(name),
  },
  google: {
    needs: 'GOOGLE_GENERATIVE_AI_API_KEY',
    ready: (environment) => Boolean(environment.GOOGLE_GENERATIVE_AI_API_KEY),
    load: async (name) => (await import('@ai-sdk/google')).google(name),
  },
  ollama: {
    needs: 'nothing (OLLAMA_BASE_URL where it is not http://127.0.0.1:11434)',
    ready: () => true,
    load: (name, { OLLAMA_BASE_URL = 'http://127.0.0.1:11434' }) =>
      compatible('ollama', name, `${OLLAMA_BASE_URL.replace(/\/+$/, '')}/v1`),
  },
  compatible: {
    needs: 'OPENAI_COMPATIBLE_BASE_URL',
    ready: (environment) => Boolean(environment.OPENAI_COMPATIBLE_BASE_URL),
    load: (name, { OPENAI_COMPATIBLE_BASE_URL = '', OPENAI_COMPATIBLE_API_KEY }) =>
      compatible('compatible', name, OPENAI_COMPATIBLE_BASE_URL, OPENAI_COMPATIBLE_API_KEY),
  },
};

/**
 * The models that the environment sets up. Without any, the built-in facilitator answers.
 * @throws {ModelError} when `AI_MODEL` names what can't run here; says what to set
 */
export function modelRegistry(environment: Environment): ModelRegistry {
  const facilitator = facilitatorModel();
  const preferred = environment.AI_MODEL || facilitator.id;
  const models = new Map<string, ModelPort>([[facilitator.id, facilitator]]);

  function get(id: string): ModelPort {
    const known = models.get(id);
    if (known !== undefined) return known;
    const [vendor = '', name = ''] = splitOnce(id);
    const provider = providers[vendor];
    if (provider === undefined || name === '') {
      const sentence = `There is no AI model "${id}": write provider/model, with one of ${Object.keys(providers).join(', ')}.`;
      throw new ModelError('ai.misconfigured', { sentence });
    }
    if (!provider.ready(environment)) {
      throw new ModelError('ai.misconfigured', { sentence: `"${id}" needs ${provider.needs} to be set.` });
    }
    const load = () =>
      provider.load(name, environment).catch((cause: unknown) => {
        const sentence = `The package for "${vendor}" could not be loaded: run npm install.`;
        throw new ModelError('ai.misconfigured', { sentence, cause });
      });
    const model = sdkModel({ id, label: name, load });
    models.set(id, model);
    return model;
  }

  function has(id: string): boolean {
    try {
      return Boolean(get(id));
    } catch {
      return false;
    }
  }

  try {
    get(preferred);
  } catch (error) {
    if (!ModelError.is(error)) throw error;
    throw new ModelError('ai.misconfigured', { sentence: `AI_MODEL: ${error.message}` });
  }
  return {
    default: preferred,
    get,
    has,
    list: () => [
      ...(preferred === facilitator.id ? [] : [{ id: preferred, label: get(preferred).label }]),
      { id: facilitator.id, label: facilitator.label, note: 'No key, no network: follows simple rules.' },
    ],
  };
}

function splitOnce(id: string): [string, string] {
  const slash = id.indexOf('/');
  return slash < 0 ? [id, ''] : [id.slice(0, slash), id.slice(slash + 1)];
}
