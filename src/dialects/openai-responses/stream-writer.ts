// Events as a stream of response events. `response.created` comes first and the whole response last; events are numbered,
// and no `[DONE]` follows. https://platform.openai.com/docs/api-reference/responses-streaming

import type { ChatEvent } from '../../core/event.ts';
import type { JsonObject } from '../../core/json.ts';
import { mergeUsage, type Usage } from '../../core/usage.ts';
import { encodeSse } from '../../streams/sse.ts';
import type { ReplyStamp, StreamWriter } from '../dialect.ts';
import { writeFinish } from './finish.ts';
import { createOutputWriter, type OutputWriter } from './output-writer.ts';
import { writeHead, type Head } from './response-object.ts';
import { writeUsage } from './usage.ts';

export function createStreamWriter(stamp: ReplyStamp): StreamWriter {
  return createResponseWriter(stamp);
}

/** `response`: the last event's, once it has been written. */
export type ResponseWriter = StreamWriter & { readonly response: () => JsonObject };

export function createResponseWriter(stamp: ReplyStamp): ResponseWriter {
  let head: Head | undefined;
  let output: OutputWriter | undefined;
  let sequence = 0;
  let usage: Usage | undefined;
  let last: JsonObject = {};

  /** Put together by hand, for this runs once for every token. */
  const frame = (type: string, fields: string): string =>
    encodeSse(`{"type":"${type}","sequence_number":${sequence++},${fields}}`, type);
  const lifecycle = (type: string, response: JsonObject): string =>
    frame(type, `"response":${JSON.stringify(response)}`);

  const begin = (first: ChatEvent): { readonly writer: OutputWriter; readonly frames: string } => {
    if (output !== undefined) return { writer: output, frames: '' };
    head = writeHead(stamp, first);
    output = createOutputWriter(head.id, frame);
    const begun = { ...head, status: 'in_progress', incomplete_details: null, output: [], usage: null };
    const frames = lifecycle('response.created', begun) + lifecycle('response.in_progress', begun);
    return { writer: output, frames };
  };
  const finish = (writer: OutputWriter, { reason, refusal }: ChatEvent & { type: 'finish' }): string => {
    const frames = writer.close(refusal);
    const end = writeFinish(reason, { refusal: writer.hasRefusal() });
    const counts = usage === undefined ? null : writeUsage(usage, stamp.cost?.(usage));
    last = { ...head, ...end, output: writer.items, usage: counts };
    return frames + lifecycle(`response.${end.status}`, last);
  };

  return {
    response: () => last,
    write: (event) => {
      if (event.type === 'failure') return '';
      const { writer, frames } = begin(event);
      if (event.type === 'usage') usage = mergeUsage(usage, event.usage);
      return frames + (event.type === 'finish' ? finish(writer, event) : writer.write(event));
    },
  };
}
