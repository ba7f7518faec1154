// Fields that our vocabulary does not model, by the dialect that they came in.

import type { Extensions } from '../../core/chat.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { DIALECT } from './native.ts';

/** Replayed as they are. */
export function ownFields(extensions: Extensions | undefined): JsonObject {
  return extensions?.[DIALECT] ?? {};
}

/** Nothing here can carry them. One that is null or false asks for nothing and is not missed. */
export function foreignFields(extensions: Extensions | undefined): readonly (readonly [string, Json])[] {
  return Object.entries(extensions ?? {})
    .filter(([dialect]) => dialect !== DIALECT)
    .flatMap(([, fields]) => Object.entries(fields ?? {}))
    .flatMap(([name, value]) =>
      value === undefined || value === null || value === false ? [] : [[name, value] as const],
    );
}
