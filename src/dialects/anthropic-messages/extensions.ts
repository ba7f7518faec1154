// Fields that our vocabulary does not model, by the dialect that they came in.

import type { Extensions } from '../../core/chat.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { isMissed } from '../told.ts';
import { DIALECT } from './native.ts';

/** Replayed as they are. */
export function ownFields(extensions: Extensions | undefined): JsonObject {
  return extensions?.[DIALECT] ?? {};
}

/** Nothing here can carry them. */
export function foreignFields(extensions: Extensions | undefined): readonly (readonly [string, Json])[] {
  return Object.entries(extensions ?? {})
    .filter(([dialect]) => dialect !== DIALECT)
    .flatMap(([, fields]) => Object.entries(fields ?? {}))
    .flatMap(([name, value]) => (value !== undefined && isMissed(value) ? [[name, value] as const] : []));
}
