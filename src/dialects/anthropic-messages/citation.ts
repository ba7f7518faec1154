// Citations of text blocks. Ours keep Anthropic's own beside what every dialect can show.
// https://docs.anthropic.com/en/docs/build-with-claude/citations

import type { Citation } from '../../core/chat.ts';
import { asString, type JsonObject } from '../../core/json.ts';
import { told } from '../told.ts';
import { DIALECT } from './native.ts';

export function readCitation(citation: JsonObject): Citation {
  return {
    ...told({
      url: asString(citation['url']),
      title: asString(citation['title']) ?? asString(citation['document_title']),
      citedText: asString(citation['cited_text']),
    }),
    native: { dialect: DIALECT, citation },
  };
}

/** For a caller: a foreign citation becomes that of a web search, with nothing behind its encrypted index. */
export function showCitation({ url, title, citedText, native }: Citation): JsonObject {
  if (native?.dialect === DIALECT) return native.citation;
  return {
    type: 'web_search_result_location',
    url: url ?? '',
    title: title ?? null,
    cited_text: citedText ?? '',
    encrypted_index: '',
  };
}

/** For the provider: only what it made itself, which an empty encrypted index is not. */
export function returnCitation({ native }: Citation): JsonObject | undefined {
  return native?.dialect === DIALECT && native.citation['encrypted_index'] !== ''
    ? native.citation
    : undefined;
}
