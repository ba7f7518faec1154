// One request in the words of both clients, which makes each the yardstick of the other: what arrives at an upstream must
// be what the upstream's own client sends there, and what a client hears what the upstream's own client hears, both
// measured with nothing in between.

import { expect } from 'vitest';
import { ask, inWordsOf, type Words } from './clients/ask.ts';
import { CLIENT, isPassThrough, type Cell, type Place, type Scenario, type Upstream } from './matrix.ts';
import { replyFor, TEXT, type Json, type Replies } from './replies.ts';
import { TARGETS, type World } from './world.ts';

export type Bilingual = {
  readonly name: string;
  readonly words: Words;
  /** Absent: a text. */
  readonly replies?: Replies;
  /** Where the model matters. */
  readonly models?: Partial<Record<Upstream, string>>;
  /** Top-level fields of a translation that differ from the other client's words; `undefined`: is not there. */
  readonly arrives?: Partial<Record<Upstream, Json>>;
  /** What `x-llm-proxy-warnings` says of a translation to this upstream; absent: nothing is lost. */
  readonly warnings?: Partial<Record<Upstream, string>>;
};

export function bilingual(scenario: Bilingual): Scenario {
  return {
    name: scenario.name,
    cell:
      (place): Cell =>
      (world) =>
        compare(scenario, place, world),
  };
}

async function compare(scenario: Bilingual, place: Place, world: World): Promise<void> {
  const { client, upstream, delivery } = place;
  const { words, replies = TEXT, models = {}, arrives = {}, warnings = {} } = scenario;
  const target = TARGETS[upstream];
  const model = models[upstream] ?? target.model;
  world.provider.answer(replyFor(replies, upstream, delivery));

  const yardstick = await ask(world.straight, inWordsOf(CLIENT[upstream], words), { model, delivery });
  const heard = await ask(world.through, inWordsOf(client, words), {
    model: `${target.provider}/${model}`,
    delivery,
  });

  expect(heard.meaning).toEqual(yardstick.meaning);
  if (isPassThrough(place)) expect(heard.reply).toEqual(yardstick.reply);
  const [sent, arrived] = world.provider.asked;
  expect(arrived?.path).toBe(sent?.path);
  if (isPassThrough(place)) expect(arrived?.body).toBe(sent?.body);
  else expect(parse(arrived?.body)).toEqual({ ...parse(sent?.body), ...arrives[upstream] });
  if (heard.headers === undefined) return;
  expect(heard.headers.get('x-llm-proxy-provider')).toBe(target.provider);
  expect(heard.headers.get('x-llm-proxy-model')).toBe(model);
  expect(heard.headers.get('x-llm-proxy-warnings')).toBe(
    isPassThrough(place) ? null : (warnings[upstream] ?? null),
  );
}

export function parse(body: string | undefined): Json {
  return JSON.parse(body ?? 'null') as Json;
}
