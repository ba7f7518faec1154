// The request as it lies on the wire. https://platform.openai.com/docs/api-reference/completions/create

import * as z from 'zod/mini';

import { anyObject, flag, number, open, picked, text, wholeNumber } from '../wire-shape.ts';

const tokens = z.array(z.int());

export const completionsRequest = open({
  model: text,
  models: z.nullish(z.array(z.string())),
  prompt: z.union([z.string(), z.array(z.string()), tokens, z.array(tokens)]),
  stream: flag,
  stream_options: z.nullish(picked({ include_usage: flag })),
  max_tokens: wholeNumber,
  temperature: number,
  top_p: number,
  frequency_penalty: number,
  presence_penalty: number,
  logit_bias: z.nullish(anyObject),
  logprobs: wholeNumber,
  n: wholeNumber,
  best_of: wholeNumber,
  echo: flag,
  suffix: text,
  seed: wholeNumber,
  stop: z.nullish(z.union([z.string(), z.array(z.string())])),
  user: text,
});

export type WireRequest = z.infer<typeof completionsRequest>;
