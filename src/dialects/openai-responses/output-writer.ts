// Events as the items of an output, and the frames that tell of them: the two come from one place, so that a reply in one
// piece is what its stream comes to. OpenAI's clients check every identity: an item has one id and one place, is added
// before anything is said of it, and is done with all that was said; a part likewise.
// https://platform.openai.com/docs/api-reference/responses-streaming

import type { Citation, OpaqueReasoning } from '../../core/chat.ts';
import type { ChatEvent, TokenLogprob } from '../../core/event.ts';
import { asString, type JsonObject } from '../../core/json.ts';
import { told } from '../told.ts';
import { writeCitation } from './citation.ts';
import { DIALECT } from './native.ts';
import { showEncrypted } from './opaque.ts';
import { itemId } from './output-item.ts';

/** Makes a frame of an event's type and its fields, a JSON text without braces. */
export type Frame = (type: string, fields: string) => string;

export type OutputWriter = {
  readonly write: (event: ChatEvent) => string;
  /** Ends what has no end. A refusal that no block has told is one more message. */
  readonly close: (refusal: string | undefined) => string;
  /** The items that are done, in order. */
  readonly output: () => readonly JsonObject[];
  readonly hasRefusal: () => boolean;
};

type Message = { readonly id: string; readonly place: number; readonly parts: JsonObject[]; open: number };
type TextBlock = {
  readonly type: 'text';
  readonly isRefusal: boolean;
  /** Absent until there is something to say. */
  at: { readonly message: Message; readonly part: number } | undefined;
  text: string;
  readonly logprobs: TokenLogprob[];
  readonly annotations: JsonObject[];
};
type ReasoningBlock = { readonly type: 'reasoning'; at: Place | undefined; text: string };
type CallBlock = {
  readonly type: 'call';
  readonly at: Place;
  readonly isCustom: boolean;
  readonly callId: string;
  readonly name: string;
  text: string;
};
type Place = { readonly id: string; readonly place: number };
type Block = TextBlock | ReasoningBlock | CallBlock;

export function createOutputWriter(responseId: string, frame: Frame): OutputWriter {
  const blocks = new Map<number, Block>();
  const done: JsonObject[] = [];
  let places = 0;
  let current: Message | undefined;
  let hasRefusal = false;

  const claim = (kind: Parameters<typeof itemId>[0]): Place => {
    const place = places++;
    return { id: itemId(kind, responseId, place), place };
  };
  const itemFrame = (type: 'added' | 'done', place: number, item: JsonObject): string =>
    frame(`response.output_item.${type}`, `"output_index":${place},"item":${JSON.stringify(item)}`);
  const finishItem = (place: number, item: JsonObject): string => {
    done[place] = item;
    return itemFrame('done', place, item);
  };

  // ==== Messages ====

  const openMessage = (): { readonly message: Message; readonly frames: string } => {
    if (current !== undefined) return { message: current, frames: '' };
    const { id, place } = claim('message');
    current = { id, place, parts: [], open: 0 };
    return { message: current, frames: itemFrame('added', place, writeMessage(current, 'in_progress')) };
  };
  /** The next text begins another message; this one is done as soon as its parts are. */
  const leaveMessage = (): string => {
    const left = current;
    current = undefined;
    return left === undefined || left.open > 0 ? '' : finishItem(left.place, writeMessage(left, 'completed'));
  };
  const openPart = (block: TextBlock): string => {
    if (block.at !== undefined) return '';
    const { message, frames } = openMessage();
    const part = message.parts.length;
    const empty = writePart({ ...block, text: '', annotations: [], logprobs: [] });
    message.parts.push(empty);
    message.open += 1;
    block.at = { message, part };
    return (
      frames + frame('response.content_part.added', `${partFields(block.at)},"part":${JSON.stringify(empty)}`)
    );
  };
  const sayText = (block: TextBlock, text: string, tokens: readonly TokenLogprob[] | undefined): string => {
    if (text === '' && tokens === undefined) return '';
    const opening = openPart(block);
    block.text += text;
    if (tokens !== undefined) block.logprobs.push(...tokens);
    const fields = `${partFields(block.at)},"delta":${JSON.stringify(text)}`;
    return block.isRefusal
      ? opening + frame('response.refusal.delta', fields)
      : opening + frame('response.output_text.delta', `${fields},"logprobs":${JSON.stringify(tokens ?? [])}`);
  };
  const cite = (block: TextBlock, citation: Citation): string => {
    const annotation = block.isRefusal ? undefined : writeCitation(citation);
    if (annotation === undefined) return '';
    const opening = openPart(block);
    const index = block.annotations.push(annotation) - 1;
    const fields = `"annotation_index":${index},"annotation":${JSON.stringify(annotation)}`;
    return opening + frame('response.output_text.annotation.added', `${partFields(block.at)},${fields}`);
  };
  const endText = (block: TextBlock): string => {
    if (block.at === undefined) return '';
    const { message, part } = block.at;
    const whole = writePart(block);
    message.parts[part] = whole;
    message.open -= 1;
    const place = partFields(block.at);
    const text = JSON.stringify(block.text);
    const said = block.isRefusal
      ? frame('response.refusal.done', `${place},"refusal":${text}`)
      : frame(
          'response.output_text.done',
          `${place},"text":${text},"logprobs":${JSON.stringify(block.logprobs)}`,
        );
    const ending = frame('response.content_part.done', `${place},"part":${JSON.stringify(whole)}`);
    const left = message !== current && message.open === 0;
    return said + ending + (left ? finishItem(message.place, writeMessage(message, 'completed')) : '');
  };

  // ==== Reasoning ====

  const openReasoning = (block: ReasoningBlock): string => {
    if (block.at !== undefined) return '';
    const leaving = leaveMessage();
    block.at = claim('reasoning');
    const { id, place } = block.at;
    return leaving + itemFrame('added', place, { id, type: 'reasoning', summary: [] });
  };
  const sayReasoning = (block: ReasoningBlock, text: string): string => {
    if (text === '') return '';
    const opening = openReasoning(block);
    const fields = summaryFields(block.at);
    const begin =
      block.text === ''
        ? frame('response.reasoning_summary_part.added', `${fields},"part":${summaryPart('')}`)
        : '';
    block.text += text;
    const delta = `${fields},"delta":${JSON.stringify(text)}`;
    return opening + begin + frame('response.reasoning_summary_text.delta', delta);
  };
  const endReasoning = (block: ReasoningBlock, opaque: OpaqueReasoning | undefined): string => {
    const encrypted = showEncrypted(opaque);
    if (block.at === undefined && encrypted === undefined) return '';
    const opening = openReasoning(block);
    const { id, place } = block.at ?? claim('reasoning');
    const fields = summaryFields({ id, place });
    const told_ =
      block.text === ''
        ? ''
        : frame('response.reasoning_summary_text.done', `${fields},"text":${JSON.stringify(block.text)}`) +
          frame('response.reasoning_summary_part.done', `${fields},"part":${summaryPart(block.text)}`);
    const item = {
      id,
      type: 'reasoning',
      summary: block.text === '' ? [] : [{ type: 'summary_text', text: block.text }],
      // Only here: what stands in an item that has just begun may be incomplete, and clients do not rely on it.
      ...told({ encrypted_content: encrypted }),
    };
    return opening + told_ + finishItem(place, item);
  };

  // ==== Calls and others ====

  const startCall = (event: ChatEvent & { type: 'tool-call-start' }): string => {
    const leaving = leaveMessage();
    const isCustom = event.custom === true;
    const at = claim(isCustom ? 'custom' : 'call');
    const block: CallBlock = { type: 'call', at, isCustom, callId: event.id, name: event.name, text: '' };
    blocks.set(event.block, block);
    return leaving + itemFrame('added', at.place, writeCall(block, 'in_progress'));
  };
  const sayArguments = (block: CallBlock, text: string): string => {
    if (text === '') return '';
    block.text += text;
    const type = block.isCustom ? 'response.custom_tool_call_input' : 'response.function_call_arguments';
    return frame(`${type}.delta`, `${itemFields(block.at)},"delta":${JSON.stringify(text)}`);
  };
  const endCall = (block: CallBlock): string => {
    // Clients parse the arguments, and '' is no JSON.
    const rest = block.text === '' && !block.isCustom ? sayArguments(block, '{}') : '';
    const text = JSON.stringify(block.text);
    const ending = block.isCustom
      ? frame('response.custom_tool_call_input.done', `${itemFields(block.at)},"input":${text}`)
      : frame(
          'response.function_call_arguments.done',
          `${itemFields(block.at)},"name":${JSON.stringify(block.name)},"arguments":${text}`,
        );
    return rest + ending + finishItem(block.at.place, writeCall(block, 'completed'));
  };
  /** Items that this dialect knows; every item has an id here, and Perplexity's have none. */
  const writeOpaque = (content: JsonObject): string => {
    const leaving = leaveMessage();
    const { id, place } = claim('opaque');
    const own = asString(content['id']) ?? '';
    const item = { ...content, id: own === '' ? id : own };
    return leaving + itemFrame('added', place, item) + finishItem(place, item);
  };

  const endBlock = (number: number, opaque?: OpaqueReasoning): string => {
    const block = blocks.get(number);
    blocks.delete(number);
    switch (block?.type) {
      case undefined:
        return '';
      case 'text':
        return endText(block);
      case 'reasoning':
        return endReasoning(block, opaque);
      case 'call':
        return endCall(block);
    }
  };
  const startText = (number: number, isRefusal: boolean): void => {
    hasRefusal ||= isRefusal;
    blocks.set(number, { type: 'text', isRefusal, at: undefined, text: '', logprobs: [], annotations: [] });
  };
  const refuse = (text: string): string => {
    startText(REFUSAL_BLOCK, true);
    const block = blocks.get(REFUSAL_BLOCK);
    return (block?.type === 'text' ? sayText(block, text, undefined) : '') + endBlock(REFUSAL_BLOCK);
  };

  return {
    output: () => done,
    hasRefusal: () => hasRefusal,
    close: (refusal) => {
      let text = '';
      for (const number of [...blocks.keys()]) text += endBlock(number);
      if (refusal !== undefined && refusal !== '' && !hasRefusal) {
        text += refuse(refusal);
        hasRefusal = false;
      }
      return text + leaveMessage();
    },
    write: (event) => {
      const block = 'block' in event ? blocks.get(event.block) : undefined;
      switch (event.type) {
        case 'text-start':
          startText(event.block, event.refusal === true);
          return '';
        case 'text-delta':
          return block?.type === 'text' ? sayText(block, event.text, event.logprobs) : '';
        case 'citation':
          return block?.type === 'text' ? cite(block, event.citation) : '';
        case 'reasoning-start':
          blocks.set(event.block, { type: 'reasoning', at: undefined, text: '' });
          return '';
        case 'reasoning-delta':
          return block?.type === 'reasoning' ? sayReasoning(block, event.text) : '';
        case 'tool-call-start':
          return startCall(event);
        case 'tool-call-delta':
          return block?.type === 'call' ? sayArguments(block, event.arguments) : '';
        case 'text-end':
        case 'tool-call-end':
          return endBlock(event.block);
        case 'reasoning-end':
          return endBlock(event.block, event.opaque);
        case 'opaque':
          return event.dialect === DIALECT ? writeOpaque(event.content) : '';
        case 'start':
        case 'usage':
        case 'finish':
        case 'failure':
          return '';
      }
    },
  };
}

/** No block of a reply has this number. */
const REFUSAL_BLOCK = -1;

function writeMessage({ id, parts }: Message, status: string): JsonObject {
  return { id, type: 'message', status, role: 'assistant', content: [...parts] };
}

function writePart({ isRefusal, text, annotations, logprobs }: TextBlock): JsonObject {
  return isRefusal
    ? { type: 'refusal', refusal: text }
    : { type: 'output_text', text, annotations: [...annotations], logprobs: [...logprobs] };
}

function writeCall({ at, isCustom, callId, name, text }: CallBlock, status: string): JsonObject {
  return isCustom
    ? { id: at.id, type: 'custom_tool_call', status, call_id: callId, name, input: text }
    : { id: at.id, type: 'function_call', status, call_id: callId, name, arguments: text };
}

function itemFields(at: Place): string {
  return `"item_id":${JSON.stringify(at.id)},"output_index":${at.place}`;
}

function partFields(at: TextBlock['at']): string {
  return at === undefined ? '' : `${itemFields(at.message)},"content_index":${at.part}`;
}

function summaryFields(at: Place | undefined): string {
  return at === undefined ? '' : `${itemFields(at)},"summary_index":0`;
}

function summaryPart(text: string): string {
  return JSON.stringify({ type: 'summary_text', text });
}
