// A request whose conversation brings back what we have sealed: it is restored word for word for whoever made it, and left
// out for anybody else. A seal that is broken or forged is none, and no reason to fail.

import type { AssistantMessage, AssistantPart, ChatRequest, ReasoningPart } from '../core/chat.ts';
import { looksSealed, type ReasoningSeal } from './reasoning-seal.ts';

export function holdsSeal({ messages }: ChatRequest): boolean {
  return messages.some((message) => message.role === 'assistant' && message.parts.some(isSealed));
}

export type OpenedRequest = {
  readonly request: ChatRequest;
  /** Something that was sealed stays behind. */
  readonly isReduced: boolean;
};

export function openRequest(request: ChatRequest, { open }: ReasoningSeal): OpenedRequest {
  let isReduced = false;
  const openOr = (data: string) => {
    const opened = open(data);
    isReduced ||= opened === undefined;
    return opened;
  };
  const messages = request.messages.map((message) =>
    message.role === 'assistant' && message.parts.some(isSealed) ? openMessage(message, openOr) : message,
  );
  return { request: { ...request, messages }, isReduced };
}

type Sealed = ReasoningPart & { readonly opaque: NonNullable<ReasoningPart['opaque']> };

function isSealed(part: AssistantPart): part is Sealed {
  return part.type === 'reasoning' && part.opaque !== undefined && looksSealed(part.opaque.data);
}

function openMessage(message: AssistantMessage, open: ReasoningSeal['open']): AssistantMessage {
  let isWhole = false;
  const restored = message.parts.map((part): readonly Piece[] => {
    if (!isSealed(part)) return [{ part, isRestored: false }];
    const opened = open(part.opaque.data);
    if (opened === undefined)
      return part.text === '' ? [] : [{ part: withoutOpaque(part), isRestored: false }];
    isWhole ||= opened.scope === 'reply';
    return opened.blocks.map((block) => ({ part: block, isRestored: true }));
  });
  const pieces = restored.flat();
  // What was reasoned in the whole reply stands in the seal: the rest repeats it, or what a client has left of it.
  const kept = isWhole
    ? pieces.filter(({ part, isRestored }) => isRestored || part.type !== 'reasoning')
    : pieces;
  return { ...message, parts: kept.map(({ part }) => part) };
}

type Piece = { readonly part: AssistantPart; readonly isRestored: boolean };

function withoutOpaque({ type, text }: ReasoningPart): ReasoningPart {
  return { type, text };
}
