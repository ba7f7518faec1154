// A request for vectors as callers send it. Official clients ask for base64 when their user has not said anything.
// https://platform.openai.com/docs/api-reference/embeddings/create
// https://openrouter.ai/docs/api-reference/embeddings: `input_type`, and inputs of several parts

import * as z from 'zod/mini';

import type { EmbeddingInput, EmbeddingRequest } from '../../core/embeddings.ts';
import { isObject, type JsonObject } from '../../core/json.ts';
import { told } from '../told.ts';
import { checkWire, wrongField } from '../wire-check.ts';
import { open, text } from '../wire-shape.ts';

/** The dialect's own limit, and so the most that any of its callers may send at once. */
export const INPUTS_MAX = 2048;

const wire = open({
  model: text,
  dimensions: z.nullish(z.int().check(z.minimum(1))),
  encoding_format: text,
  input_type: text,
  user: text,
});

/** Throws `GatewayError` 400 with the path of the field. `model`: the envelope's, where only `models` names one. */
export function readRequest(json: JsonObject): EmbeddingRequest {
  const inputs = readInputs(json['input']);
  const {
    model,
    dimensions,
    encoding_format,
    input_type,
    user,
    models: _,
    input: __,
    ...rest
  } = checkWire(wire, json);
  return {
    model: model ?? '',
    inputs,
    ...told({ dimensions, encoding: encoding_format, inputType: input_type, user }),
    extensions: told(rest),
  };
}

function readInputs(input: unknown): readonly EmbeddingInput[] {
  if (typeof input === 'string' && input !== '') return [input];
  if (!Array.isArray(input) || input.length === 0) throw wrongField('input', input, WANTED);
  // A flat list of tokens is one input.
  if (typeof input[0] === 'number') return [readTokens(input, 'input')];
  if (input.length > INPUTS_MAX) throw wrongField('input', input, `an array of at most ${INPUTS_MAX}`);
  return input.map((one: unknown, index) => readInput(one, `input[${index}]`));
}

const WANTED = 'a non-empty string or a non-empty array';

function readInput(input: unknown, path: string): EmbeddingInput {
  if (typeof input === 'string') return input;
  if (Array.isArray(input)) return readTokens(input, path);
  if (isObject(input) && Array.isArray(input['content'])) return input as JsonObject;
  throw wrongField(path, input, 'a string, an array of tokens or an object with "content"');
}

function readTokens(tokens: readonly unknown[], path: string): readonly number[] {
  if (tokens.length === 0) throw wrongField(path, tokens, 'at least one token');
  const wrong = tokens.findIndex((token) => !Number.isSafeInteger(token) || Number(token) < 0);
  if (wrong >= 0) throw wrongField(`${path}[${wrong}]`, tokens[wrong], 'a token, as the others are');
  return tokens as readonly number[];
}
