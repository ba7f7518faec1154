// A streamed reply as events.
//
//   message-start -> (content-start -> content-delta* -> content-end | tool-plan-delta
//                     | tool-call-start -> tool-call-delta* -> tool-call-end | citation-start -> citation-end)*
//                 -> message-end -> [DONE]?
//
// The end is `message-end`, which may say that the reply has failed. Types that are not known are skipped.
// https://docs.cohere.com/docs/streaming

import type { ChatEvent } from '../../core/event.ts';
import { asString, isObject } from '../../core/json.ts';
import type { SseEvent } from '../../streams/sse.ts';
import type { StreamReader } from '../dialect.ts';
import {
  closeContent,
  endCall,
  fail,
  failProtocol,
  newAssembly,
  takeArguments,
  takeCall,
  takeCitation,
  takeContent,
  takeEnd,
  takeEvents,
  takeReasoning,
  takeStart,
  type Assembly,
  type Fields,
} from './assembly.ts';

export function createStreamReader(): StreamReader {
  const assembly = newAssembly();
  return {
    read: (event) => {
      if (assembly.isOver) return NOTHING;
      takeEvent(assembly, event);
      return takeEvents(assembly);
    },
    end: () => {
      if (assembly.isOver) return NOTHING;
      failProtocol(assembly, CUT);
      return takeEvents(assembly);
    },
  };
}

const NOTHING: readonly ChatEvent[] = [];
const CUT = 'the stream ended without its terminal marker';

function takeEvent(assembly: Assembly, { event, data: text }: SseEvent): void {
  if (text === '') return;
  // Undocumented, and there: https://github.com/cohere-ai/cohere-developer-experience has streams without it.
  if (text === '[DONE]') {
    failProtocol(assembly, CUT);
    return;
  }
  const data = parse(text);
  if (data === undefined) failProtocol(assembly, 'the provider sent an event that is no JSON object');
  else takeData(assembly, asString(data['type']) ?? event, data);
}

function takeData(assembly: Assembly, type: string | undefined, data: Fields): void {
  const delta = fieldsOf(data['delta']);
  const message = fieldsOf(delta['message']);
  switch (type) {
    case 'content-delta':
      return takeContent(assembly, message['content'], data['logprobs']);
    case 'message-start':
      return takeStart(assembly, data['id']);
    case 'content-start':
      closeContent(assembly);
      return takeContent(assembly, message['content'], undefined);
    case 'tool-plan-delta':
      return takeReasoning(assembly, asString(message['tool_plan']) ?? '');
    case 'tool-call-start':
      return takeCall(assembly, data['index'], only(message['tool_calls']));
    case 'tool-call-delta':
      return takeArguments(assembly, data['index'], argumentsIn(only(message['tool_calls'])));
    case 'tool-call-end':
      return endCall(assembly, data['index']);
    case 'citation-start':
      return takeCitation(assembly, only(message['citations']));
    case 'message-end':
      return takeEnd(assembly, delta);
    case undefined:
    default:
      // An error's body in place of an event.
      if (type === 'error' || (type === undefined && typeof data['message'] === 'string'))
        fail(assembly, 200, data);
  }
}

/** One thing under a name in the plural. */
function only(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : value;
}

function argumentsIn(call: unknown): unknown {
  return fieldsOf(fieldsOf(call)['function'])['arguments'];
}

function fieldsOf(value: unknown): Fields {
  return isObject(value) ? value : {};
}

function parse(text: string): Fields | undefined {
  try {
    const data: unknown = JSON.parse(text);
    return isObject(data) ? data : undefined;
  } catch {
    return undefined;
  }
}
