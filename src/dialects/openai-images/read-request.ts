// A request for pictures as callers send it, read as far as we must understand it; the rest is for providers.
// https://platform.openai.com/docs/api-reference/images/create

import * as z from 'zod/mini';

import type { JsonObject } from '../../core/json.ts';
import { checkWire } from '../wire-check.ts';
import { flag, open, text } from '../wire-shape.ts';

const wire = open({
  prompt: z.string().check(z.minLength(1)),
  n: z.nullish(z.int().check(z.minimum(1))),
  size: text,
  quality: text,
  background: text,
  moderation: text,
  output_format: text,
  response_format: text,
  style: text,
  user: text,
  stream: flag,
});

/** Throws `GatewayError` 400 with the path of the field. */
export function checkRequest(json: JsonObject): void {
  checkWire(wire, json);
}
