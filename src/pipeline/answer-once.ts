// A request that may be answered from memory, and whose answer is remembered for the next one.

import type { Call, Deps } from './call.ts';
import type { Reply } from './chat.ts';
import type { Wire } from './exchange.ts';
import { createKeeper } from './keep.ts';
import type { Memo } from './memo.ts';
import type { Targets } from './plan.ts';
import { isServable, lastResort, recall } from './recall.ts';
import { renew } from './renew.ts';
import { replay } from './replay.ts';

export async function answerOnce(
  memo: Memo,
  wire: Wire,
  targets: Targets,
  call: Call,
  deps: Deps,
  answer: (call: Call) => Promise<Reply>,
): Promise<Reply> {
  const found = await recall(memo, call, deps);
  if (isServable(found)) {
    const reply = replay(found, wire, call, deps);
    if (found.freshness !== 'fresh') renew(memo, wire, targets, call, deps);
    return reply;
  }
  const keeper = createKeeper(memo, call, deps);
  try {
    return await answer(keeper === undefined ? call : { ...call, keeper });
  } catch (error) {
    const old = lastResort(found, error, call, deps);
    if (old === undefined) throw error;
    return replay(old, wire, call, deps);
  }
}
