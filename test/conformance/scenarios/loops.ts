// The SDKs' own loops: `runTools` and `toolRunner` call the application's functions and send back what they return, until
// the model has no more calls.

import { betaTool } from '@anthropic-ai/sdk/helpers/beta/json-schema';
import { expect } from 'vitest';
import { CLIENT, isPassThrough, type Cell, type Client, type Place, type Scenario } from '../matrix.ts';
import { PARALLEL, replyFor, TEXT } from '../replies.ts';
import { toolTurns } from '../tool-turns.ts';
import { TARGETS, type Clients, type World } from '../world.ts';

const question = { role: 'user', content: 'Do what has to be done.' } as const;

/** The tools that the recorded replies call, whichever upstream they come from. */
const NAMES = ['get_population', 'get_area', 'create_file', 'delete_file'];
const parameters = {
  type: 'object',
  properties: { city: { type: 'string' }, path: { type: 'string' } },
} as const;

type Ran = { readonly name: string; readonly input: unknown };
type Loop = (
  clients: Clients,
  model: string,
  stream: boolean,
) => Promise<{ text: string; ran: readonly Ran[] }>;

const runTools: Loop = async ({ openai }, model, stream) => {
  const ran: Ran[] = [];
  const tools = NAMES.map((name) => ({
    type: 'function' as const,
    function: {
      name,
      description: name,
      parameters,
      parse: JSON.parse,
      function: (input: object) => {
        ran.push({ name, input });
        return 'done';
      },
    },
  }));
  const request = { model, messages: [question], tools };
  const runner = stream
    ? openai.chat.completions.runTools({ ...request, stream: true })
    : openai.chat.completions.runTools(request);
  return { text: (await runner.finalContent()) ?? '', ran };
};

const toolRunner: Loop = async ({ anthropic }, model, stream) => {
  const ran: Ran[] = [];
  const tools = NAMES.map((name) =>
    betaTool({
      name,
      description: name,
      inputSchema: parameters,
      run: (input) => {
        ran.push({ name, input });
        return 'done';
      },
    }),
  );
  const request = { model, max_tokens: 1024, messages: [question], tools };
  const runner = stream
    ? anthropic.beta.messages.toolRunner({ ...request, stream: true })
    : anthropic.beta.messages.toolRunner(request);
  const { content } = await runner.runUntilDone();
  return { text: content.map((block) => (block.type === 'text' ? block.text : '')).join(''), ran };
};

const LOOPS: Readonly<Record<Client, Loop>> = { openai: runTools, anthropic: toolRunner };

async function loop({ client, upstream, delivery }: Place, world: World): Promise<void> {
  const { provider, model } = TARGETS[upstream];
  const isStream = delivery === 'helper';
  const play = (clients: Clients, speaker: Client, name: string) => {
    world.provider.answer([replyFor(PARALLEL, upstream, delivery), replyFor(TEXT, upstream, delivery)]);
    return LOOPS[speaker](clients, name, isStream);
  };
  const yardstick = await play(world.straight, CLIENT[upstream], model);
  const asked = world.provider.asked.length;
  const heard = await play(world.through, client, `${provider}/${model}`);

  expect(heard).toEqual(yardstick);
  expect(heard.ran).toHaveLength(2);
  // Anthropic's runner first tries to keep the conversation at the provider, which costs no call where none can.
  expect(asked).toBe(2);
  expect(world.provider.asked).toHaveLength(4);
  const [, sent, , arrived = { body: '' }] = world.provider.asked;
  if (isPassThrough({ client, upstream })) {
    expect(arrived.body).toBe(sent?.body);
    return;
  }
  const { calls, results } = toolTurns(upstream, arrived.body);
  expect(calls.map(({ name, input }) => ({ name, input }))).toEqual(heard.ran);
  expect(results).toEqual(calls.map(({ id }) => ({ callId: id, text: 'done' })));
}

export const loops: readonly Scenario[] = [
  {
    name: "the SDK's own tool loop",
    cell: (place): Cell =>
      place.delivery === 'streamed' ? { none: 'the loop is a helper' } : (world) => loop(place, world),
  },
];
