// A whole answer as JSON, bounded; and what it means when it is none that was asked for.

import { isObject } from '../core/json.ts';
import type { Egress } from '../dialects/dialect.ts';
import { failed, parseJson, type Failed } from './attempt.ts';
import { readBytes } from './read-bytes.ts';

export async function readJson(
  response: Response,
  sizeMax: number,
): Promise<{ readonly bytes: Uint8Array; readonly json: unknown } | Failed> {
  const bytes = await readBytes(response, sizeMax);
  if (bytes === undefined)
    return failed('protocol', 'content', 'upstream-protocol', 'the provider sent an oversized reply');
  const json = parseJson(bytes);
  return json === undefined
    ? failed('protocol', 'headers', 'upstream-protocol', 'the provider answered something that is not JSON')
    : { bytes, json };
}

/** Some providers say their errors under a good status; whatever else is not as it should be breaks the dialect. */
export function refusedInGoodBody(json: unknown, readError: Egress['readError'], otherwise: string): Failed {
  if (!isObject(json) || json['error'] === undefined || json['error'] === null)
    return failed('protocol', 'headers', 'upstream-protocol', otherwise);
  const { class: of, failure, native } = readError(200, json);
  return { kind: 'failed', class: of, phase: 'headers', failure: { ...failure, native } };
}
