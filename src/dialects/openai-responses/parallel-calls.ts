// OpenAI's models sometimes call a function that nobody has declared, `parallel`, which stands for several calls:
// `{"tool_uses":[{"recipient_name":"functions.weather","parameters":{...}}, ...]}`.
// https://community.openai.com/t/model-tries-to-call-unknown-function-multi-tool-use-parallel/490653

import { asString, type JsonObject } from '../../core/json.ts';
import { asList, asObject } from '../json-access.ts';

export type ExpandedCall = { readonly name: string; readonly arguments: string };

/** Its arguments have to be known in full before anything can be said of it. */
export function mayBeWrapper(name: string): boolean {
  return name === 'parallel' || name === 'multi_tool_use.parallel';
}

/** The calls within; `undefined` when it is a call like any other. */
export function expandCalls(text: string): readonly ExpandedCall[] | undefined {
  const uses = asList(parse(text)?.['tool_uses']).map(readUse);
  const calls = uses.filter((call) => call !== undefined);
  return calls.length > 0 && calls.length === uses.length ? calls : undefined;
}

function readUse(element: unknown): ExpandedCall | undefined {
  const use = asObject(element);
  const name = asString(use?.['recipient_name'])?.replace(/^functions\./, '') ?? '';
  const parameters = asObject(use?.['parameters']);
  return name === '' || parameters === undefined
    ? undefined
    : { name, arguments: JSON.stringify(parameters) };
}

function parse(text: string): JsonObject | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}
