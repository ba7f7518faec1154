// A request that only one client has words for. Its own dialect carries it untouched; the other one carries what it can
// and names the rest, or refuses where an answer would be one to another question.

import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { expect } from 'vitest';
import { parse } from './bilingual.ts';
import { ask, type Question } from './clients/ask.ts';
import {
  isPassThrough,
  type Cell,
  type Delivery,
  type Place,
  type Scenario,
  type Upstream,
} from './matrix.ts';
import { replyFor, TEXT, type Json, type Replies } from './replies.ts';
import { TARGETS, type World } from './world.ts';

export type Monolingual = {
  readonly name: string;
  readonly question: Question;
  /** Why the other client has no such scenario. */
  readonly why: string;
  /** Why a delivery has none. */
  readonly except?: Partial<Record<Delivery, string>>;
  readonly elsewhere:
    /** The field that the error names. */
    | { readonly refused: string }
    /** What arrives, `stream` and its options aside, and the value of `x-llm-proxy-warnings`. */
    | { readonly arrives: Json; readonly warnings?: string };
  readonly replies?: Replies;
  readonly models?: Partial<Record<Upstream, string>>;
};

export function monolingual(scenario: Monolingual): Scenario {
  return {
    name: scenario.name,
    cell: (place): Cell => {
      const none =
        place.client === scenario.question.client ? scenario.except?.[place.delivery] : scenario.why;
      if (none !== undefined) return { none };
      return (world) =>
        isPassThrough(place) ? passes(scenario, place, world) : crosses(scenario, place, world);
    },
  };
}

async function passes(scenario: Monolingual, place: Place, world: World): Promise<void> {
  const { delivery, upstream } = place;
  const { straight, through, named } = prepare(scenario, place, world);
  const yardstick = await ask(straight, scenario.question, { model: named.model, delivery });
  const heard = await ask(through, scenario.question, {
    model: `${TARGETS[upstream].provider}/${named.model}`,
    delivery,
  });
  expect(heard.reply).toEqual(yardstick.reply);
  const [sent, arrived] = world.provider.asked;
  expect(arrived?.body).toBe(sent?.body);
}

async function crosses(scenario: Monolingual, place: Place, world: World): Promise<void> {
  const { delivery, upstream } = place;
  const { through, named } = prepare(scenario, place, world);
  const model = `${TARGETS[upstream].provider}/${named.model}`;
  const { elsewhere, question } = scenario;
  if ('refused' in elsewhere) {
    const error = await ask(through, question, { model, delivery }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(
      question.client === 'openai' ? OpenAI.BadRequestError : Anthropic.BadRequestError,
    );
    expect(error).toMatchObject(
      question.client === 'openai'
        ? { param: elsewhere.refused }
        : { apiMessage: expect.stringContaining(elsewhere.refused) as string },
    );
    expect(world.provider.asked).toHaveLength(0);
    return;
  }
  const heard = await ask(through, question, { model, delivery });
  const { stream, stream_options: _options, ...body } = parse(world.provider.asked[0]?.body);
  expect(body).toEqual({ model: named.model, ...elsewhere.arrives });
  expect(stream).toBe(delivery === 'whole' ? undefined : true);
  if (heard.headers !== undefined) {
    expect(heard.headers.get('x-llm-proxy-warnings')).toBe(elsewhere.warnings ?? null);
  }
}

function prepare(scenario: Monolingual, { upstream, delivery }: Place, world: World) {
  const { replies = TEXT, models = {} } = scenario;
  world.provider.answer(replyFor(replies, upstream, delivery));
  return { ...world, named: { model: models[upstream] ?? TARGETS[upstream].model } };
}
