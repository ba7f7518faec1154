// `/admin/cache`: what the cache of this isolate has seen, and withdrawing what it remembers, everywhere.

import type { Scope } from '../../cache/generations.ts';
import type { Call, Deps } from '../../pipeline/call.ts';
import type { Reply } from '../../pipeline/chat.ts';
import { refuse } from './authorize.ts';
import { answerJson, problem } from './problem.ts';

/** `GET`: figures of the isolate that answers, and how its stores fare. */
export function showCache(call: Call, deps: Deps): Promise<Reply> {
  const refusal = refuse(call, deps);
  return Promise.resolve(refusal ?? answerJson(call, deps, deps.cache.report()));
}

/** `DELETE ?tag=faq`, or another of the scopes. Gone here at once, elsewhere within the bound that docs/storage.md states. */
export async function clearCache(
  call: Call,
  deps: Deps,
  query: Readonly<Record<string, string>>,
): Promise<Reply> {
  const refusal = refuse(call, deps);
  if (refusal !== undefined) return refusal;
  const scope = readScope(query);
  if (scope === undefined) {
    const detail = 'say exactly one of all=true, entry, tag, model, category or tenant, as a query parameter';
    return problem(call, deps, 400, detail);
  }
  if (await deps.cache.invalidate(scope, call.defer)) return answerJson(call, deps, { invalidated: scope });
  return problem(call, deps, 502, 'withdrawn in this isolate; not every store of the cache could be told');
}

function readScope(query: Readonly<Record<string, string>>): Scope | undefined {
  const [only, second] = Object.entries(query);
  if (only === undefined || second !== undefined) return undefined;
  const [name, value] = only;
  if (name === 'all') return value === 'true' ? { of: 'all' } : undefined;
  if (value === '' || value.length > VALUE_LENGTH_MAX) return undefined;
  // A query parameter that is called `key` is taken for a credential, and refused.
  const of = name === 'entry' ? 'key' : name;
  return of === 'key' || of === 'tag' || of === 'model' || of === 'category' || of === 'tenant'
    ? { of, is: value }
    : undefined;
}

const VALUE_LENGTH_MAX = 256;
