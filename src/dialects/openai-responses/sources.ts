// Perplexity tells what it has found in an item or an event of its own, and points to it in the text by numbers, `[1]`;
// the annotations beside the text are often empty. https://docs.perplexity.ai/docs/agent-api

import type { Citation } from '../../core/chat.ts';
import { asNumber, asString, type Json } from '../../core/json.ts';
import { asList, asObject } from '../json-access.ts';
import { told } from '../told.ts';

export type Source = {
  readonly number: number | undefined;
  readonly url: string;
  readonly title: string | undefined;
};

/** `known` and what is new among the results: each address once, under its first number. */
export function addSources(known: readonly Source[], results: Json | undefined): readonly Source[] {
  const sources = [...known];
  for (const element of asList(results)) {
    const result = asObject(element) ?? {};
    const url = asString(result['url']);
    if (url === undefined || sources.some((source) => source.url === url)) continue;
    sources.push({ number: asNumber(result['id']), url, title: asString(result['title']) });
  }
  return sources;
}

/** Where the text points, in its order; all of the sources where it points nowhere. */
export function citeSources(text: string, sources: readonly Source[]): readonly Citation[] {
  const pointed = [...text.matchAll(/\[(\d{1,3})\]/g)].flatMap(({ 0: mark, 1: number, index }) => {
    const source = sources.find((candidate) => candidate.number === Number(number));
    return source === undefined ? [] : [{ ...cite(source), start: index, end: index + mark.length }];
  });
  return pointed.length > 0 ? pointed : sources.map(cite);
}

function cite({ url, title }: Source): Citation {
  return { url, ...told({ title }) };
}
