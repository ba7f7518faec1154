// A gateway and a provider behind it that is OpenAI and Anthropic at once: its path says which of them is asked.

import { startFakeProvider, type FakeProvider } from './fake-provider.ts';
import { startGateway, type Gateway } from './gateway.ts';

export type Stage = {
  readonly provider: FakeProvider;
  readonly gateway: Gateway;
  readonly stop: () => Promise<void>;
};

/** `configuration` as the operator writes it, its version aside. */
export async function startStage(
  environment: Readonly<Record<string, string>> = {},
  configuration: Readonly<Record<string, unknown>> = {},
): Promise<Stage> {
  const provider = await startFakeProvider();
  const gateway = await startGateway({
    OPENAI_API_KEY: 'sk-openai',
    OPENAI_BASE_URL: `${provider.url}/v1`,
    ANTHROPIC_API_KEY: 'sk-ant',
    ANTHROPIC_BASE_URL: provider.url,
    CONFIGURATION: JSON.stringify({ version: 1, ...configuration }),
    ...environment,
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
