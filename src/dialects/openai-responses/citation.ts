// Citations, which this dialect calls annotations. Their ranges count in the text that they belong to, as ours do.
// https://platform.openai.com/docs/guides/tools-web-search#output-and-citations

import type { Citation } from '../../core/chat.ts';
import { asNumber, asString, type JsonObject } from '../../core/json.ts';
import { told } from '../told.ts';
import { DIALECT } from './native.ts';

/** An annotation of another kind than a URL is kept as it is. */
export function readCitation(annotation: JsonObject): Citation {
  if (annotation['type'] !== 'url_citation') return { native: { dialect: DIALECT, citation: annotation } };
  const start = asNumber(annotation['start_index']);
  const end = asNumber(annotation['end_index']);
  return told({
    url: asString(annotation['url']),
    title: asString(annotation['title']),
    // An empty range says that there is none.
    ...(start === undefined || end === undefined || end <= start ? {} : { start, end }),
  });
}

/** `undefined`: a citation that only its own dialect can say. */
export function writeCitation({ native, url, title, start, end }: Citation): JsonObject | undefined {
  if (native?.dialect === DIALECT) return native.citation;
  if (url === undefined) return undefined;
  return { type: 'url_citation', start_index: start ?? 0, end_index: end ?? 0, url, title: title ?? url };
}
