// Messages of an output. Texts that follow each other are parts of one message; it is done when something else has come
// and its parts are done.

import type { Citation } from '../../core/chat.ts';
import type { TokenLogprob } from '../../core/event.ts';
import type { JsonObject } from '../../core/json.ts';
import { writeCitation } from './citation.ts';
import { addItem, claim, finishItem, placeFields, type Output, type Place } from './output.ts';

export type OpenMessage = {
  readonly at: Place;
  readonly parts: JsonObject[];
  /** How many of them are not done. */
  open: number;
};

export type TextBlock = {
  readonly type: 'text';
  readonly isRefusal: boolean;
  /** Absent until there is something to say. */
  at: { readonly message: OpenMessage; readonly part: number } | undefined;
  text: string;
  readonly logprobs: TokenLogprob[];
  readonly annotations: JsonObject[];
};

export function newText(output: Output, isRefusal: boolean): TextBlock {
  output.hasRefusal ||= isRefusal;
  return { type: 'text', isRefusal, at: undefined, text: '', logprobs: [], annotations: [] };
}

export function writeText(
  output: Output,
  block: TextBlock,
  text: string,
  tokens: readonly TokenLogprob[] | undefined,
): string {
  if (text === '' && tokens === undefined) return '';
  const opening = openPart(output, block);
  block.text += text;
  if (tokens !== undefined) block.logprobs.push(...tokens);
  const fields = `${partFields(block)},"delta":${JSON.stringify(text)}`;
  if (block.isRefusal) return opening + output.frame('response.refusal.delta', fields);
  const logprobs = JSON.stringify(tokens ?? []);
  return opening + output.frame('response.output_text.delta', `${fields},"logprobs":${logprobs}`);
}

export function writeAnnotation(output: Output, block: TextBlock, citation: Citation): string {
  const annotation = block.isRefusal ? undefined : writeCitation(citation);
  if (annotation === undefined) return '';
  const opening = openPart(output, block);
  const index = block.annotations.push(annotation) - 1;
  const fields = `"annotation_index":${index},"annotation":${JSON.stringify(annotation)}`;
  return opening + output.frame('response.output_text.annotation.added', `${partFields(block)},${fields}`);
}

export function endText(output: Output, block: TextBlock): string {
  if (block.at === undefined) return '';
  const { message, part } = block.at;
  const whole = writePart(block);
  message.parts[part] = whole;
  message.open -= 1;
  const text = JSON.stringify(block.text);
  const said = block.isRefusal
    ? output.frame('response.refusal.done', `${partFields(block)},"refusal":${text}`)
    : output.frame(
        'response.output_text.done',
        `${partFields(block)},"text":${text},"logprobs":${JSON.stringify(block.logprobs)}`,
      );
  const ending = output.frame(
    'response.content_part.done',
    `${partFields(block)},"part":${JSON.stringify(whole)}`,
  );
  return said + ending + (message === output.message ? '' : endMessage(output, message));
}

/** What comes next is no text: the next text begins another message. */
export function leaveMessage(output: Output): string {
  const { message } = output;
  output.message = undefined;
  return message === undefined ? '' : endMessage(output, message);
}

function endMessage(output: Output, message: OpenMessage): string {
  return message.open > 0 ? '' : finishItem(output, message.at.place, writeMessage(message, 'completed'));
}

function openPart(output: Output, block: TextBlock): string {
  if (block.at !== undefined) return '';
  const { message, frames } = openMessage(output);
  const empty = writePart({ ...block, text: '', annotations: [], logprobs: [] });
  block.at = { message, part: message.parts.push(empty) - 1 };
  message.open += 1;
  const fields = `${partFields(block)},"part":${JSON.stringify(empty)}`;
  return frames + output.frame('response.content_part.added', fields);
}

function openMessage(output: Output): { readonly message: OpenMessage; readonly frames: string } {
  if (output.message !== undefined) return { message: output.message, frames: '' };
  const message: OpenMessage = { at: claim(output, 'msg'), parts: [], open: 0 };
  output.message = message;
  return { message, frames: addItem(output, message.at.place, writeMessage(message, 'in_progress')) };
}

function writeMessage({ at, parts }: OpenMessage, status: string): JsonObject {
  return { id: at.id, type: 'message', status, role: 'assistant', content: [...parts] };
}

function writePart({ isRefusal, text, annotations, logprobs }: TextBlock): JsonObject {
  return isRefusal
    ? { type: 'refusal', refusal: text }
    : { type: 'output_text', text, annotations: [...annotations], logprobs: [...logprobs] };
}

function partFields({ at }: TextBlock): string {
  return at === undefined ? '' : `${placeFields(at.message.at)},"content_index":${at.part}`;
}
