// A provider is a place where dialects are spoken: addresses, credentials, and where it differs from its dialect. Data.
// A provider's id is compared nowhere outside its own file; what the pipeline must know of it is a property here.

import type { ChatRequest } from '../core/chat.ts';
import type { JsonObject } from '../core/json.ts';
import type { VideoProgress, VideoRequest } from '../core/video.ts';
import type { ModelFacts } from '../core/model-facts.ts';
import type {
  CountEgress,
  PassedDialect,
  ProviderDialect,
  ProviderDialectId,
  ReplyEgress,
  WrittenRequest,
} from '../dialects/dialect.ts';
import type { ImagesFormat, ImagesTraits } from '../dialects/images-format.ts';
import type { EmbeddingsFormat, EmbeddingsTraits } from '../dialects/embeddings-format.ts';

export type Provider = {
  readonly id: string;
  /** Replaced by `<PROVIDER>_BASE_URL`; absent means that the operator must give one. */
  readonly baseUrl?: string;
  /** Needs no key: enabled by its base URL, or always. */
  readonly keyless?: 'with-base-url' | 'always';
  /** Headers that carry the credential. `key` is '' for a keyless provider. */
  readonly auth: (key: string) => Readonly<Record<string, string>>;
  /** In order of preference; the caller's own dialect, if it is among them and serves the request, comes first. */
  readonly speaks: readonly Spoken[];
  /** Absent: it makes no vectors. */
  readonly embeddings?: EmbeddingsOffer;
  /** Absent: it makes no pictures. */
  readonly images?: ImagesOffer;
  /** Whether a bare model name looks like one of its own; absent: it may have any name. */
  readonly offers?: (model: string) => boolean;
  /** What is known of a model by its name. */
  readonly facts?: (model: string) => ModelFacts;
  /** Absent: it has no list for programs. */
  readonly models?: ModelList;
  /** Absent: it makes no videos. */
  readonly videos?: VideoOffer;
  /** Who takes back what was encrypted or signed at a place; absent: the provider, wherever it is and whatever the model. */
  readonly reasoningOrigin?: (place: Place) => string;
  /** When the client hangs up: does hanging up stop the bill? Sources: RESILIENCE of each provider's page. */
  readonly onHangUp: 'abort' | 'drain';
  readonly timeouts?: Partial<Timeouts>;
  /** Answers in this isolate, without network. */
  readonly local?: (request: LocalRequest) => Promise<Response>;
};

export type LocalRequest = {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly body: string;
  readonly signal?: AbortSignal;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Waits, for answers that take their time. */
  readonly sleep: (ms: number) => Promise<void>;
};

/** One dialect at one provider. */
export type Spoken = {
  readonly dialect: SpokenDialect;
  readonly url: (place: Place) => string;
  readonly headers: Readonly<Record<string, string>>;
  readonly quirks: ErasedQuirks;
  /** Where it counts the tokens of a request without answering it; absent: nowhere. */
  readonly counter?: Counter;
  /** Whether it is the dialect for this request; absent: for every one. `body` is the caller's, whatever dialect it is in. */
  readonly serves?: (model: string, body: JsonObject) => boolean;
  /** Differs from the dialect in more than quirks can say: requests and replies are always translated, never passed through. */
  readonly isVariant?: true;
  /**
   * A chat request in this dialect, with what this provider's model cannot take left out and named. Absent: only callers who
   * speak the dialect are served in it.
   */
  readonly write?: (request: ChatRequest, model: string) => WrittenRequest;
};

export type Counter = CountEgress & { readonly url: (place: Place) => string };

/** Embeddings at one provider. */
export type EmbeddingsOffer = {
  readonly format: EmbeddingsFormat;
  readonly url: (place: Place) => string;
  readonly traits: (model: string) => EmbeddingsTraits;
  readonly readError: ReplyEgress['readError'];
};

/** Pictures at one provider. */
export type ImagesOffer = {
  readonly format: ImagesFormat;
  readonly url: (place: Place) => string;
  readonly traits: (model: string) => ImagesTraits;
  readonly readError: ReplyEgress['readError'];
};

/** A provider's dialect without the type of its traits: what the pipeline sees. */
export type SpokenDialect = {
  readonly id: ProviderDialectId;
  readonly egress: ReplyEgress;
};

export type Place = {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly model: string;
  /** `AZURE_OPENAI_API_VERSION` and its like. */
  readonly apiVersion?: string;
};

/** Where a provider differs from its dialect. Checked against the dialect's fields by the compiler. */
export type Quirks<Field extends string> = {
  /** Top-level request fields that it refuses, or ignores in silence: taken out and named in the warnings. */
  readonly drop?: readonly NoInfer<Field>[];
  /** Fields that may not just be taken out: 400 when the value asks for what the provider does not do. */
  readonly refuse?: { readonly [Name in NoInfer<Field>]?: (value: unknown) => boolean };
  readonly rename?: { readonly [From in NoInfer<Field>]?: NoInfer<Field> };
  /** Fields that it needs, whatever callers send. */
  readonly set?: { readonly [Name in NoInfer<Field>]?: JsonObject[string] };
};
export type ErasedQuirks = {
  readonly drop?: readonly string[];
  readonly refuse?: Readonly<Record<string, ((value: unknown) => boolean) | undefined>>;
  readonly rename?: Readonly<Record<string, string | undefined>>;
  readonly set?: JsonObject;
};

/** A list that is fetched, or one that is known. */
export type ModelList = FetchedModels | { readonly names: readonly string[] };
export type FetchedModels = {
  readonly url: (place: Omit<Place, 'model'>) => string;
  readonly headers?: Readonly<Record<string, string>>;
};

/** Videos: a job that is begun and polled, or one call that is answered when the video is there. */
export type VideoOffer = {
  readonly createUrl: (place: Omit<Place, 'model'>) => string;
  /** Throws `GatewayError` unsupported where leaving something out would make another video. */
  readonly write: (request: VideoRequest) => WrittenRequest;
  /** The id of the job, or the video's address where there are no jobs; `undefined` for an answer that is neither. */
  readonly readCreated: (json: unknown) => string | undefined;
  readonly readError: ReplyEgress['readError'];
  /** Absent: what `readCreated` gives is the address of the finished video. */
  readonly jobs?: {
    readonly url: (place: Omit<Place, 'model'>, job: string) => string;
    /** `undefined` for an answer that says nothing of a job. */
    readonly read: (json: unknown, status: number) => VideoProgress | undefined;
    /** With our credential; absent: the finished job names an address for anyone. */
    readonly contentUrl?: (place: Omit<Place, 'model'>, job: string) => string;
  };
};

/** In ms. `headers` counts from the request, `firstContent` from the headers, `idle` between bytes. */
export type Timeouts = {
  readonly headersMs: number;
  readonly firstContentMs: number;
  readonly idleMs: number;
  readonly totalMs: number;
};

type Binding<Field extends string> = {
  readonly url: (place: Place) => string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly quirks?: Quirks<Field>;
  readonly serves?: Spoken['serves'];
  readonly countUrl?: (place: Place) => string;
};

/** Binds a dialect to a provider: checks the quirks and the traits against it, then forgets its type. */
export function speak<Field extends string, Traits>(
  dialect: ProviderDialect<Field, Traits>,
  at: Binding<Field> & {
    readonly traits: (model: string) => Traits;
    readonly isVariant?: true;
    /** What the provider calls the model, where that is more than the name it is known by here. */
    readonly nameOf?: (model: string) => string;
  },
): Spoken {
  return {
    ...pass(dialect, at),
    ...(at.isVariant === undefined ? {} : { isVariant: at.isVariant }),
    write: (request, model) =>
      dialect.egress.writeRequest({ ...request, model: at.nameOf?.(model) ?? model }, at.traits(model)),
  };
}

/** The same for a dialect that nothing is translated into. */
export function pass<Field extends string>(dialect: PassedDialect<Field>, at: Binding<Field>): Spoken {
  const { count } = dialect.egress;
  return {
    dialect,
    url: at.url,
    headers: at.headers ?? {},
    quirks: at.quirks ?? {},
    ...(at.serves === undefined ? {} : { serves: at.serves }),
    ...(at.countUrl === undefined || count === undefined ? {} : { counter: { ...count, url: at.countUrl } }),
  };
}
