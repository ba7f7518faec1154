// Changes members of a body in the caller's own text: everything else, key order, spacing, the way numbers are written,
// stays as it came. This is what makes a pass-through a pass-through.

import type { Body, Member } from '../core/body.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { ErasedQuirks } from '../providers/provider.ts';

/** What to do with top-level members, by key. */
type Edit = {
  /** Replaces the value, or appends the member. */
  readonly set: Readonly<Record<string, Json | undefined>>;
  readonly drop: readonly string[];
  readonly rename: Readonly<Record<string, string | undefined>>;
};

/** The body with a target's model and its provider's quirks, otherwise the caller's text. `asked`: fields of our own. */
export function retarget(body: Body, model: string, quirks: ErasedQuirks, asked: JsonObject = {}): string {
  const ours = Object.entries(asked).filter(([field]) => quirks.drop?.includes(field) !== true);
  return editBody(body, {
    set: { ...Object.fromEntries(ours), ...quirks.set, model },
    // These are this gateway's own: the targets are ours to choose, and the cost is ours to tell. OpenRouter, whose
    // fields they are, tells the cost unasked.
    drop: [...droppedBy(quirks, body.json), 'models', 'usage'],
    rename: quirks.rename ?? {},
  });
}

/** The same for a body that we wrote ourselves. */
export function applyQuirks(body: JsonObject, quirks: ErasedQuirks): JsonObject {
  const { rename = {}, set = {} } = quirks;
  const dropped = droppedBy(quirks, body);
  const kept = Object.entries(body).filter(([key]) => !dropped.includes(key));
  return { ...Object.fromEntries(kept.map(([key, value]) => [rename[key] ?? key, value])), ...set };
}

/** The fields of this body that its provider will not see; of a renamed one that is there under both names, the old. */
export function droppedBy({ drop = [], rename = {} }: ErasedQuirks, body: JsonObject): readonly string[] {
  const doubled = Object.entries(rename).filter(([, to]) => to !== undefined && body[to] !== undefined);
  return [...drop, ...doubled.map(([from]) => from)].filter((field) => body[field] !== undefined);
}

function editBody({ text, members }: Body, edit: Edit): string {
  const [first] = members;
  const last = members.at(-1);
  if (first === undefined || last === undefined) return text;

  let edited = '';
  let previousEnd = first.start;
  for (const member of members) {
    const gap = text.slice(previousEnd, member.start);
    previousEnd = member.end;
    const piece = editMember(text, member, edit);
    if (piece !== undefined) edited += edited === '' ? piece : gap + piece;
  }
  for (const [key, value] of Object.entries(edit.set)) {
    if (value === undefined || members.some((member) => member.key === key)) continue;
    edited += `${edited === '' ? '' : ','}${JSON.stringify(key)}:${JSON.stringify(value)}`;
  }
  return text.slice(0, first.start) + edited + text.slice(last.end);
}

/** The member's new text, or `undefined` when it is dropped. */
function editMember(text: string, member: Member, edit: Edit): string | undefined {
  if (edit.drop.includes(member.key)) return undefined;
  // Own properties only: a caller's field may be called `toString`.
  const value = Object.hasOwn(edit.set, member.key) ? edit.set[member.key] : undefined;
  if (value !== undefined) return text.slice(member.start, member.valueStart) + JSON.stringify(value);
  const renamed = Object.hasOwn(edit.rename, member.key) ? edit.rename[member.key] : undefined;
  return renamed === undefined
    ? text.slice(member.start, member.end)
    : `${JSON.stringify(renamed)}:${text.slice(member.valueStart, member.end)}`;
}
