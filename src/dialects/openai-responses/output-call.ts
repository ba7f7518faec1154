// Calls of an output, and the items of hosted tools.

import type { ChatEvent } from '../../core/event.ts';
import { asString, type JsonObject } from '../../core/json.ts';
import { leaveMessage } from './output-message.ts';
import { addItem, claim, finishItem, placeFields, type Output, type Place } from './output.ts';

export type CallBlock = {
  readonly type: 'call';
  readonly at: Place;
  readonly isCustom: boolean;
  readonly callId: string;
  readonly name: string;
  text: string;
};

export function startCallItem(
  output: Output,
  { id: callId, name, custom }: ChatEvent & { readonly type: 'tool-call-start' },
): { readonly block: CallBlock; readonly frames: string } {
  const leaving = leaveMessage(output);
  const isCustom = custom === true;
  const at = claim(output, isCustom ? 'ctc' : 'fc');
  const block: CallBlock = { type: 'call', at, isCustom, callId, name, text: '' };
  return { block, frames: leaving + addItem(output, at.place, writeCall(block, 'in_progress')) };
}

export function writeArguments({ frame }: Output, block: CallBlock, text: string): string {
  if (text === '') return '';
  block.text += text;
  const type = block.isCustom ? 'response.custom_tool_call_input' : 'response.function_call_arguments';
  return frame(`${type}.delta`, `${placeFields(block.at)},"delta":${JSON.stringify(text)}`);
}

/** Clients parse the arguments, and '' is no JSON. */
export function endCallItem(output: Output, block: CallBlock): string {
  const rest = block.text === '' && !block.isCustom ? writeArguments(output, block, '{}') : '';
  const fields = placeFields(block.at);
  const text = JSON.stringify(block.text);
  const ending = block.isCustom
    ? output.frame('response.custom_tool_call_input.done', `${fields},"input":${text}`)
    : output.frame(
        'response.function_call_arguments.done',
        `${fields},"name":${JSON.stringify(block.name)},"arguments":${text}`,
      );
  return rest + ending + finishItem(output, block.at.place, writeCall(block, 'completed'));
}

/** Whole. Every item has an id here, and Perplexity's have none. */
export function writeHostedItem(output: Output, content: JsonObject): string {
  const leaving = leaveMessage(output);
  const { id, place } = claim(output, 'item');
  const own = asString(content['id']) ?? '';
  const item = { ...content, id: own === '' ? id : own };
  return leaving + addItem(output, place, item) + finishItem(output, place, item);
}

function writeCall({ at, isCustom, callId, name, text }: CallBlock, status: string): JsonObject {
  return isCustom
    ? { id: at.id, type: 'custom_tool_call', status, call_id: callId, name, input: text }
    : { id: at.id, type: 'function_call', status, call_id: callId, name, arguments: text };
}
