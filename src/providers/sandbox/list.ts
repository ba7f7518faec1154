// A member that should be a list, read as one whatever it is.

import type { Json } from '../../core/json.ts';

export function list(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}
