// A gateway and a provider behind it that is OpenAI and Anthropic at once: its path says which of them is asked.

import { startFakeProvider, type Answer, type Asked, type FakeProvider } from './fake-provider.ts';
import { startGateway, type Gateway } from './gateway.ts';

export type Stage = {
  readonly provider: FakeProvider;
  readonly gateway: Gateway;
  readonly stop: () => Promise<void>;
};

/** `environment` is told where the provider is, to make it more of them; `configuration` lacks its version alone. */
export async function startStage(
  environment: (providerUrl: string) => Readonly<Record<string, string>> = () => ({}),
  configuration: Readonly<Record<string, unknown>> = {},
): Promise<Stage> {
  const provider = await startFakeProvider();
  const gateway = await startGateway({
    OPENAI_API_KEY: 'sk-openai',
    OPENAI_BASE_URL: `${provider.url}/v1`,
    ANTHROPIC_API_KEY: 'sk-ant',
    ANTHROPIC_BASE_URL: provider.url,
    CONFIGURATION: JSON.stringify({ version: 1, ...configuration }),
    ...environment(provider.url),
  });
  return {
    provider,
    gateway,
    stop: async () => {
      await gateway.stop();
      await provider.stop();
    },
  };
}

export type Cues = {
  /** What the provider answers when it is asked for this model. */
  readonly cue: (model: string, answer: Answer) => void;
  /** What it was asked for this model. */
  readonly asked: (model: string) => readonly Asked[];
};

/** Lets tests run side by side on one stage: the provider goes by the model, and each test has one of its own. */
export function cueByModel({ provider }: Stage): Cues {
  const answers = new Map<string, Answer>();
  const modelOf = ({ body }: Asked): string => (JSON.parse(body) as { readonly model: string }).model;
  provider.answer((asked) => answers.get(modelOf(asked)) ?? { status: 404, pieces: [] });
  return {
    cue: (model, answer) => void answers.set(model, answer),
    asked: (model) => provider.asked.filter((one) => modelOf(one) === model),
  };
}
