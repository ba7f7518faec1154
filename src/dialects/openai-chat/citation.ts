// Citations, which this dialect calls annotations. Their ranges count in the whole content of the message; ours count in
// the block that they belong to, so both ways need to know where that block begins.
// https://platform.openai.com/docs/guides/tools-web-search#output-and-citations

import type { Citation } from '../../core/chat.ts';
import { asNumber, asString, isObject, type JsonObject } from '../../core/json.ts';
import { told } from '../told.ts';

/** An annotation of another kind than a URL is kept as it is. */
export function readCitation(annotation: JsonObject, blockStart: number): Citation {
  const fields = annotation['url_citation'];
  if (!isObject(fields)) return { native: { dialect: 'openai-chat', citation: annotation } };
  return told({
    url: asString(fields['url']),
    title: asString(fields['title']),
    // OpenRouter's: https://openrouter.ai/docs/features/web-search
    citedText: asString(fields['content']),
    ...readRange(asNumber(fields['start_index']), asNumber(fields['end_index']), blockStart),
  });
}

/** `undefined`: a citation that only its own dialect can say. */
export function writeCitation(citation: Citation, blockStart: number): JsonObject | undefined {
  const { native, url, title, citedText, start, end } = citation;
  if (native?.dialect === 'openai-chat') return native.citation;
  if (url === undefined) return undefined;
  return {
    type: 'url_citation',
    url_citation: {
      url,
      title: title ?? url,
      // Required by OpenAI's schema. An empty range says that there is none, as OpenRouter does.
      start_index: start === undefined ? 0 : start + blockStart,
      end_index: end === undefined ? 0 : end + blockStart,
      ...told({ content: citedText }),
    },
  };
}

function readRange(
  start: number | undefined,
  end: number | undefined,
  blockStart: number,
): Pick<Citation, 'start' | 'end'> {
  if (start === undefined || end === undefined || end <= start || start < blockStart) return {};
  return { start: start - blockStart, end: end - blockStart };
}
