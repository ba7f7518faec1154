// What a wire format must be able to do: be read and written, as a request and as a reply, whole and streamed.
// N dialects need N of these, not N x M translators. A dialect never imports another dialect.

import type { ChatRequest } from '../core/chat.ts';
import type { ChatEvent } from '../core/event.ts';
import type { Failure, FailureClass, NativeError } from '../core/failure.ts';
import type { JsonObject } from '../core/json.ts';
import type { Usage } from '../core/usage.ts';
import type { StreamReader, StreamWriter } from '../streams/codec.ts';

export type { StreamReader, StreamWriter };

/** What callers may speak. */
export type ClientDialectId =
  | 'openai-chat'
  | 'openai-responses'
  | 'anthropic-messages'
  | 'openai-completions';
/** What providers may speak. */
export type ProviderDialectId =
  | 'openai-chat'
  | 'openai-responses'
  | 'anthropic-messages'
  | 'openai-completions'
  | 'cohere-chat';

/** A dialect that is spoken on both sides. */
export type Dialect<Field extends string = string, Traits = unknown> = ClientDialect &
  ProviderDialect<Field, Traits>;

/** Callers speak it to us. */
export type ClientDialect = {
  readonly id: ClientDialectId;
  /** Request headers of the caller that travel with a pass-through, lower case: versions and betas, never credentials. */
  readonly forwardedHeaders: readonly string[];
  /**
   * Its clients keep of a streamed reply's reasoning no more than the last piece, or not its order: what has to come back
   * is said once, for the whole reply, at its end. Absent: each block brings its own back.
   */
  readonly sealsWholeReply?: true;
  /** Its requests are a text to go on with: a chat that reads the same asks something else. */
  readonly continuesText?: true;
  readonly ingress: Ingress;
};

/**
 * We speak it to providers.
 * `Field`: the request fields that the dialect defines; a provider's quirks may name only these.
 * `Traits`: what a writer must know of the model it writes to; a provider supplies them per model.
 */
export type ProviderDialect<Field extends string = string, Traits = unknown> = PassedDialect<Field> & {
  readonly egress: Egress<Traits>;
};

/** Providers speak it, and nothing is translated into it: only callers who speak it reach them in it. */
export type PassedDialect<Field extends string = string> = {
  readonly id: ProviderDialectId;
  readonly fields: readonly Field[];
  readonly egress: ReplyEgress;
};

/** What a dialect needs for callers. */
export type Ingress = {
  /** What the pipeline must know of any body, pass-through included. Throws `GatewayError` 400. */
  readonly readEnvelope: (json: JsonObject) => Envelope;
  /** The whole request in our vocabulary. Throws `GatewayError` 400 with the path of the field. */
  readonly readRequest: (json: JsonObject) => ChatRequest;
  /** The JSON reply as the fold of the events. They end in `finish`; a `failure` is never given to it. */
  readonly writeReply: (events: readonly ChatEvent[], stamp: ReplyStamp) => JsonObject;
  readonly createStreamWriter: (stamp: ReplyStamp) => StreamWriter;
  /** Fields of a body by which a provider of the dialect tells the usage of a stream; absent: it does so unasked. */
  readonly askUsage?: (json: JsonObject) => JsonObject;
  readonly writeFailure: (
    failure: Failure,
    requestId: string,
  ) => { readonly status: number; readonly body: JsonObject };
  /** An SSE frame that makes the dialect's clients throw, for a stream whose status is already sent. */
  readonly writeStreamFailure: (failure: Failure, requestId: string) => string;
  /** SSE text that the dialect's clients skip, to keep a silent connection open. */
  readonly heartbeat: string;
  /** Where the dialect's clients look for the request's id, if not in `x-request-id`. */
  readonly requestIdHeader?: string;
};

/** What a dialect needs for callers who have tokens counted. */
export type CountIngress = Pick<Ingress, 'readEnvelope' | 'readRequest'> & {
  readonly writeCount: (tokens: number) => JsonObject;
};

/** What a dialect needs for providers that count tokens without answering. */
export type CountEgress = {
  /** Of a request that we wrote, what such a question takes. */
  readonly fields: readonly string[];
  /** `undefined`: there is no count in it. Never throws. */
  readonly readCount: (json: unknown) => number | undefined;
};

/** What a dialect needs for providers. */
export type Egress<Traits = unknown> = ReplyEgress & {
  /** Throws `GatewayError` kind `unsupported` when writing would change the request's meaning. */
  readonly writeRequest: (request: ChatRequest, traits: Traits) => WrittenRequest;
};

/** What a dialect needs for what providers say. */
export type ReplyEgress = {
  /** A 2xx JSON body as events; a body that is an error or no reply at all ends in `failure`. Never throws. */
  readonly readReply: (json: unknown) => readonly ChatEvent[];
  readonly createStreamReader: () => StreamReader;
  /** The counts in the `usage` of a reply or of one piece of a stream; absent: only its events tell them. */
  readonly readUsage?: (reply: JsonObject) => Usage | undefined;
  /** An error body of any form (JSON or text). Never throws. */
  readonly readError: (status: number, body: unknown) => ProviderError;
  /** Absent: the dialect has no such question. */
  readonly count?: CountEgress;
};

export type Envelope = {
  readonly model: string;
  /** OpenRouter's `models`: further targets in order. */
  readonly fallbackModels: readonly string[];
  readonly stream: boolean;
  /** OpenRouter's `usage: {include: true}`: the reply is to say what it cost. */
  readonly wantsCost?: true;
};

/** What a reply needs and the provider may not have said. */
export type ReplyStamp = {
  /** Used when the provider gave none. */
  readonly id: string;
  readonly model: string;
  /** Seconds since the epoch. */
  readonly createdAt: number;
  /** The caller asked for usage in the stream. */
  readonly streamUsage: boolean;
  /** The reply begins with it: see `ChatRequest.echo`. */
  readonly echo?: string;
  /** What the caller sent, for dialects whose replies repeat it. */
  readonly request?: JsonObject;
  /** For a caller who asked what the reply cost, in US dollars; `undefined`: unknown. */
  readonly cost?: ((usage: Usage) => number | undefined) | undefined;
};

export type WrittenRequest = {
  readonly body: JsonObject;
  readonly losses: readonly Loss[];
  /** Tools that had to be renamed, for the reader of the reply; absent: none had. */
  readonly toolNames?: ToolNames;
  /** The reply has to be changed back; called once for each reply. Absent: it says what was asked for. */
  readonly reviseReply?: () => ReviseReply;
};

/** From a name on the wire to the caller's own. */
export type ToolNames = ReadonlyMap<string, string>;

/** What becomes of an event. Stateful: one per reply. */
export type ReviseReply = (event: ChatEvent) => readonly ChatEvent[];

/** How replies are read. */
export type Reading = Pick<Egress, 'readReply' | 'createStreamReader'>;

/**
 * A parameter that did not arrive as the caller meant it. `field` is the caller's-side meaning in CC/AM words.
 * `best_effort`: what it asks for is likely, and nobody enforces it.
 */
export type Loss = {
  readonly action: 'dropped' | 'emulated' | 'clamped' | 'best_effort';
  readonly field: string;
};

/** A provider's error, classified by status and code, never by free text where a code exists. */
export type ProviderError = {
  readonly class: FailureClass;
  readonly failure: Failure;
  readonly native: NativeError;
};
