// A JSON reply as events: the steps of a stream, each with all of its part. https://docs.cohere.com/reference/chat

import type { ChatEvent } from '../../core/event.ts';
import { asNumber, asString, isObject } from '../../core/json.ts';
import {
  closeContent,
  endCall,
  fail,
  failProtocol,
  newAssembly,
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

/** `json`: what `JSON.parse` made of a body that came with a 2xx status. */
export function readReply(json: unknown): readonly ChatEvent[] {
  const assembly = newAssembly();
  const message = isObject(json) ? json['message'] : undefined;
  if (isObject(json) && isObject(message)) takeReply(assembly, json, message);
  // An error's message is a text.
  else if (isObject(json) && typeof message === 'string') fail(assembly, 200, json);
  else failProtocol(assembly, 'the provider answered with something that is no chat message');
  return takeEvents(assembly);
}

function takeReply(assembly: Assembly, reply: Fields, message: Fields): void {
  takeStart(assembly, reply['id']);
  takeReasoning(assembly, asString(message['tool_plan']) ?? '');
  takeContents(assembly, reply, message);
  for (const [index, call] of listOf(message['tool_calls']).entries()) {
    takeCall(assembly, index, call);
    if (assembly.isOver) return;
    endCall(assembly, index);
  }
  takeEnd(assembly, reply);
}

/** Probabilities are told of the text alone, and citations beside all the content. */
function takeContents(assembly: Assembly, reply: Fields, message: Fields): void {
  const contents = listOf(message['content']);
  const citations = listOf(message['citations']).filter(isObject);
  const firstText = contents.findIndex((content) => isObject(content) && content['type'] === 'text');
  for (const [index, content] of contents.entries()) {
    closeContent(assembly);
    takeContent(assembly, content, index === firstText ? reply['logprobs'] : undefined);
    for (const citation of citations) {
      if ((asNumber(citation['content_index']) ?? firstText) === index) takeCitation(assembly, citation);
    }
  }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
