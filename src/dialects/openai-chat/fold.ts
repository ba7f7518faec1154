// The events of a whole reply, gathered into its blocks.

import type { Citation, OpaqueReasoning } from '../../core/chat.ts';
import type { ChatEvent, TokenLogprob } from '../../core/event.ts';
import type { JsonObject } from '../../core/json.ts';
import { mergeUsage, type Usage } from '../../core/usage.ts';
import { told } from '../told.ts';
import { asFilled, asList, asObject } from '../json-access.ts';

export type Folded = {
  readonly start: ChatEvent & { readonly type: 'start' };
  /** In the order of their starts. */
  readonly texts: readonly TextBlock[];
  readonly reasonings: readonly ReasoningBlock[];
  readonly calls: readonly CallBlock[];
  /** Pictures and sound, as fields of the message. */
  readonly opaque: JsonObject;
  readonly usage: Usage | undefined;
  readonly finish: ChatEvent & { readonly type: 'finish' };
};

export type TextBlock = {
  readonly isRefusal: boolean;
  text: string;
  readonly logprobs: TokenLogprob[];
  readonly citations: Citation[];
};
export type ReasoningBlock = { text: string; opaque: OpaqueReasoning | undefined };
export type CallBlock = {
  readonly id: string;
  readonly name: string;
  readonly isCustom: boolean;
  arguments: string;
};

export function foldEvents(events: readonly ChatEvent[]): Folded {
  const folding: Folding = {
    texts: new Map(),
    reasonings: new Map(),
    calls: new Map(),
    start: { type: 'start' },
    opaque: {},
    usage: undefined,
    finish: { type: 'finish', reason: { unified: 'other' } },
  };
  for (const event of events) foldEvent(folding, event);
  return {
    ...folding,
    texts: [...folding.texts.values()],
    reasonings: [...folding.reasonings.values()],
    calls: [...folding.calls.values()],
  };
}

type Folding = {
  -readonly [Field in 'start' | 'opaque' | 'usage' | 'finish']: Folded[Field];
} & {
  readonly texts: Map<number, TextBlock>;
  readonly reasonings: Map<number, ReasoningBlock>;
  readonly calls: Map<number, CallBlock>;
};

function foldEvent(folding: Folding, event: ChatEvent): void {
  switch (event.type) {
    case 'start':
      folding.start = event;
      return;
    case 'text-start':
      folding.texts.set(event.block, {
        isRefusal: event.refusal === true,
        text: '',
        logprobs: [],
        citations: [],
      });
      return;
    case 'text-delta': {
      const text = folding.texts.get(event.block);
      if (text === undefined) return;
      text.text += event.text;
      text.logprobs.push(...(event.logprobs ?? []));
      return;
    }
    case 'citation':
      folding.texts.get(event.block)?.citations.push(event.citation);
      return;
    case 'reasoning-start':
      folding.reasonings.set(event.block, { text: '', opaque: undefined });
      return;
    case 'reasoning-delta': {
      const reasoning = folding.reasonings.get(event.block);
      if (reasoning !== undefined) reasoning.text += event.text;
      return;
    }
    case 'reasoning-end': {
      const reasoning = folding.reasonings.get(event.block);
      if (reasoning !== undefined) reasoning.opaque = event.opaque;
      return;
    }
    case 'tool-call-start': {
      const { id, name, custom } = event;
      folding.calls.set(event.block, { id, name, isCustom: custom === true, arguments: '' });
      return;
    }
    case 'tool-call-delta': {
      const call = folding.calls.get(event.block);
      if (call !== undefined) call.arguments += event.arguments;
      return;
    }
    case 'opaque':
      if (event.dialect === 'openai-chat') folding.opaque = joinMedia(folding.opaque, event.content);
      return;
    case 'usage':
      folding.usage = mergeUsage(folding.usage, event.usage);
      return;
    case 'finish':
      folding.finish = event;
      return;
    case 'text-end':
    case 'tool-call-end':
    case 'failure':
      return;
  }
}

function joinMedia(earlier: JsonObject, later: JsonObject): JsonObject {
  const images = [...asList(earlier['images']), ...asList(later['images'])];
  const pieces = [asObject(earlier['audio']), asObject(later['audio'])].filter(
    (piece) => piece !== undefined,
  );
  return {
    ...earlier,
    ...later,
    ...(images.length === 0 ? {} : { images }),
    ...(pieces.length === 0 ? {} : { audio: pieces.reduce(joinAudio) }),
  };
}

/** Streamed sound and its transcript come in pieces, its id first and its expiry last. */
function joinAudio(earlier: JsonObject, later: JsonObject): JsonObject {
  const joined = (field: string): string | undefined => {
    const pieces = [asFilled(earlier[field]), asFilled(later[field])].filter((piece) => piece !== undefined);
    return pieces.length === 0 ? undefined : pieces.join('');
  };
  return { ...earlier, ...later, ...told({ data: joined('data'), transcript: joined('transcript') }) };
}
