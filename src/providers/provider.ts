// A provider is a place where dialects are spoken: addresses, credentials, and where it differs from its dialect. Data.
// A provider's id is compared nowhere outside its own file; what the pipeline must know of it is a property here.

import type { ChatRequest } from '../core/chat.ts';
import type { JsonObject } from '../core/json.ts';
import type {
  CountEgress,
  Egress,
  ProviderDialect,
  ProviderDialectId,
  WrittenRequest,
} from '../dialects/dialect.ts';

export type Provider = {
  readonly id: string;
  /** Replaced by `<PROVIDER>_BASE_URL`; absent means that the operator must give one. */
  readonly baseUrl?: string;
  /** Needs no key: enabled by its base URL, or always. */
  readonly keyless?: 'with-base-url' | 'always';
  /** Headers that carry the credential. `key` is '' for a keyless provider. */
  readonly auth: (key: string) => Readonly<Record<string, string>>;
  /** In order of preference; the caller's own dialect, if it is among them, comes first. */
  readonly speaks: readonly Spoken[];
  /** Whether a bare model name looks like one of its own; absent: it may have any name. */
  readonly offers?: (model: string) => boolean;
  /** Absent: it has no list for programs. */
  readonly models?: ModelList;
  /** When the client hangs up: does hanging up stop the bill? Sources: RESILIENCE of each provider's page. */
  readonly onHangUp: 'abort' | 'drain';
  readonly timeouts?: Partial<Timeouts>;
  /** Answers in this isolate, without network. */
  readonly local?: (request: LocalRequest) => Promise<Response>;
};

export type LocalRequest = {
  readonly url: string;
  readonly body: string;
  readonly signal?: AbortSignal;
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
  /** Whether this dialect serves this model here; absent: all. */
  readonly for?: (model: string) => boolean;
  /** A chat request in this dialect, with what this provider's model cannot take left out and named. */
  readonly write: (request: ChatRequest, model: string) => WrittenRequest;
};

export type Counter = CountEgress & { readonly url: (place: Place) => string };

/** A provider's dialect without the type of its traits: what the pipeline sees. */
export type SpokenDialect = {
  readonly id: ProviderDialectId;
  readonly egress: Omit<Egress, 'writeRequest'>;
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
  /** Fields that it needs and callers do not send. */
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

/** In ms. `headers` counts from the request, `firstContent` from the headers, `idle` between bytes. */
export type Timeouts = {
  readonly headersMs: number;
  readonly firstContentMs: number;
  readonly idleMs: number;
  readonly totalMs: number;
};

/** Binds a dialect to a provider: checks the quirks and the traits against it, then forgets its type. */
export function speak<Field extends string, Traits>(
  dialect: ProviderDialect<Field, Traits>,
  at: {
    readonly url: (place: Place) => string;
    readonly traits: (model: string) => Traits;
    readonly headers?: Readonly<Record<string, string>>;
    readonly quirks?: Quirks<Field>;
    readonly for?: (model: string) => boolean;
    readonly countUrl?: (place: Place) => string;
  },
): Spoken {
  const { count } = dialect.egress;
  return {
    dialect,
    url: at.url,
    headers: at.headers ?? {},
    quirks: at.quirks ?? {},
    ...(at.for === undefined ? {} : { for: at.for }),
    ...(at.countUrl === undefined || count === undefined ? {} : { counter: { ...count, url: at.countUrl } }),
    write: (request, model) => dialect.egress.writeRequest(request, at.traits(model)),
  };
}
