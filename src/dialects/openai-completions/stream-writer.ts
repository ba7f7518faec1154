// Events as a stream of completion chunks: each has the shape of a whole reply, the last but the usage its reason, and
// `[DONE]` ends it. https://platform.openai.com/docs/api-reference/completions/create

import type { ChatEvent } from '../../core/event.ts';
import { mergeUsage, type Usage } from '../../core/usage.ts';
import { encodeSse } from '../../streams/sse.ts';
import type { ReplyStamp, StreamWriter } from '../dialect.ts';
import { writeUsage } from '../openai-usage.ts';
import { writeFinish } from './finish.ts';

export function createStreamWriter(stamp: ReplyStamp): StreamWriter {
  let head: string | undefined;
  let usage: Usage | undefined;
  const writeChunk = (choices: string): string => encodeSse(`${head},"choices":${choices}}`);
  const writeText = (text: string): string => writeChunk(choice(text, 'null'));
  const writeEvent = (event: ChatEvent): string => {
    switch (event.type) {
      case 'text-delta':
        return writeText(event.text);
      case 'usage':
        usage = mergeUsage(usage, event.usage);
        return '';
      case 'finish': {
        const last = writeChunk(choice('', JSON.stringify(writeFinish(event.reason))));
        const counted =
          stamp.streamUsage && usage !== undefined
            ? writeChunk(`[],"usage":${JSON.stringify(writeUsage(usage, stamp.cost?.(usage)))}`)
            : '';
        return last + counted + encodeSse('[DONE]');
      }
      // Reasoning, calls, citations and pictures have no place in a text.
      case 'start':
      case 'text-start':
      case 'text-end':
      case 'reasoning-start':
      case 'reasoning-delta':
      case 'reasoning-end':
      case 'tool-call-start':
      case 'tool-call-delta':
      case 'tool-call-end':
      case 'citation':
      case 'opaque':
      case 'failure':
        return '';
    }
  };
  return {
    write: (event) => {
      if (head !== undefined || event.type === 'failure') return writeEvent(event);
      head = writeHead(stamp, event.type === 'start' ? event : undefined);
      return (stamp.echo === undefined ? '' : writeText(stamp.echo)) + writeEvent(event);
    },
  };
}

/** The beginning of every chunk, up to its choices. */
function writeHead(stamp: ReplyStamp, start: Extract<ChatEvent, { type: 'start' }> | undefined): string {
  const head = JSON.stringify({
    id: start?.id ?? stamp.id,
    object: 'text_completion',
    created: start?.createdAt ?? stamp.createdAt,
    model: start?.model ?? stamp.model,
  });
  return head.slice(0, -1);
}

/** The one choice, as text: the reason is JSON already. */
function choice(text: string, finish: string): string {
  return `[{"text":${JSON.stringify(text)},"index":0,"logprobs":null,"finish_reason":${finish}}]`;
}
