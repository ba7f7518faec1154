// What a request says and its reading does not: values that the vocabulary has no place for, or carries in another form.
// They belong to the key, so that whatever a reader overlooks makes another key and never the same one. In the worst case
// the same question in two dialects has two.

import type { JsonObject } from '../core/json.ts';

/** Sorted. `json` is the body, `reading` the question in the vocabulary. */
export function residueOf(json: JsonObject, reading: object): readonly string[] {
  const read = new Map<string, number>();
  forEachValue(reading, '', (_, value) => read.set(value, (read.get(value) ?? 0) + 1));
  const residue: string[] = [];
  forEachValue(withoutHandover(json), '', (name, value) => {
    const left = read.get(value) ?? 0;
    if (left > 0) read.set(value, left - 1);
    else if (!WORDS.has(`${name}: ${value}`)) residue.push(`${name}: ${value}`);
  });
  return residue.toSorted((a, b) => (a < b ? -1 : 1));
}

/** Where it goes is in the key by itself, and how it is handed over is no part of the question. */
function withoutHandover({
  model: _model,
  models: _models,
  stream: _stream,
  stream_options: _options,
  ...question
}: JsonObject): JsonObject {
  return question;
}

/** `name` is the member's that holds the value, or the list that it is in. `null` and what is absent say nothing. */
function forEachValue(value: unknown, name: string, visit: (name: string, value: string) => void): void {
  if (value === undefined || value === null) return;
  if (typeof value !== 'object') visit(name, JSON.stringify(value));
  else if (Array.isArray(value)) for (const item of value) forEachValue(item, name, visit);
  else {
    // In order, so that of two equal values it is always the same one that is found to be read.
    const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
    for (const [member, inner] of members) forEachValue(inner, member, visit);
  }
}

/** What dialects say to tell their forms apart: the reading has it in its own form. */
const WORDS: ReadonlySet<string> = new Set([
  'type: "text"',
  'type: "input_text"',
  'type: "output_text"',
  'type: "message"',
  'role: "user"',
  'role: "assistant"',
  'role: "system"',
  'role: "developer"',
  // The default of one dialect's function tools, said by another's clients.
  'type: "function"',
]);
