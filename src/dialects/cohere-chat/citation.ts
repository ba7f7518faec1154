// Citations: which words of the answer rest on which documents or results of tools.
// https://docs.cohere.com/docs/documents-and-citations

import type { Citation } from '../../core/chat.ts';
import { asNumber, asString, isObject, type JsonObject } from '../../core/json.ts';
import { told } from '../told.ts';
import { DIALECT } from './native.ts';

/** Those of thinking and of plans support what no caller is shown with citations. */
export function isOfText(citation: Readonly<Record<string, unknown>>): boolean {
  return (citation['type'] ?? 'TEXT_CONTENT') === 'TEXT_CONTENT';
}

/** Where several sources agree, the first of them stands for all; Cohere's own words keep the rest. */
export function readCitation(citation: Readonly<Record<string, unknown>>): Citation {
  const source = sourceOf(citation['sources']);
  return {
    ...told({
      url: webAddress(source['url']),
      title: asString(source['title']),
      citedText: asString(source['snippet']) ?? asString(source['text']),
      start: asNumber(citation['start']),
      end: asNumber(citation['end']),
    }),
    native: { dialect: DIALECT, citation: citation as JsonObject },
  };
}

/** The fields of a document or of a tool's output, whose names are whatever the caller chose. */
function sourceOf(sources: unknown): Readonly<Record<string, unknown>> {
  const [first]: readonly unknown[] = Array.isArray(sources) ? sources : [];
  if (!isObject(first)) return {};
  const content = first['document'] ?? first['tool_output'];
  return isObject(content) ? content : {};
}

function webAddress(value: unknown): string | undefined {
  return typeof value === 'string' && /^https?:\/\//i.test(value) ? value : undefined;
}
