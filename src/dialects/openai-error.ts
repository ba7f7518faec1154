// A provider's error in any of the forms that servers of OpenAI's dialects answer in:
//   {error:{message,type,param,code}}       OpenAI, Azure; `code` may be a number or a number as text
//   {error:"text", code?, error_type?}      xAI, TGI
//   {object:"error", message, type, code}   older vLLM
//   {detail:"text" | [{loc,msg}]}           FastAPI
//   {message, statusCode?}                  API gateways
//   text and HTML
// Its codes decide where there are any, then its status; its text only where servers are known to say it nowhere else.

import type { StreamFailureClass } from '../core/event.ts';
import type { Failure } from '../core/failure.ts';
import { asString, isObject } from '../core/json.ts';
import type { ProviderError } from './dialect.ts';
import { told } from './told.ts';
import { verdictOfCode, verdictOfStatus, verdictOfText, type Verdict } from './openai-error-verdict.ts';
import { failureSentence } from './failure-sentence.ts';

/** Whose words they are: all of OpenAI's dialects have the same for errors. */
export const OPENAI_WORDS = 'openai';

/** `status`: of HTTP; 200 for an error in a good body or in a stream. */
export function readError(
  status: number,
  body: unknown,
): ProviderError & { readonly class: StreamFailureClass } {
  const report = readReport(body);
  const meant = status >= 200 && status < 300 ? (report.status ?? status) : status;
  const verdict = judge(report, meant);
  const isCallers = verdict.class === 'client';
  const native = { dialect: OPENAI_WORDS, status: meant, ...told({ type: report.type, code: report.code }) };
  const failure: Failure = {
    kind: verdict.kind,
    message: isCallers
      ? (report.message ?? failureSentence('client', meant))
      : failureSentence(verdict.class, meant),
    ...(isCallers ? { native, ...told({ param: report.param }) } : {}),
  };
  return { class: verdict.class, failure, native };
}

function judge(report: Report, status: number): Verdict {
  // OpenRouter's exception: no money for this request while others are in flight; waiting helps.
  // https://openrouter.ai/docs/api-reference/errors
  const codes = report.limitSource === 'openrouter_in_flight_budget' ? ['rate_limit_exceeded'] : report.codes;
  return verdictOfCode(codes) ?? verdictOfText(report.text, status) ?? verdictOfStatus(status);
}

type Report = {
  readonly status?: number;
  /** The provider's words, for the caller. */
  readonly message?: string;
  /** Where to look for a phrase: the message, and what an upstream of the provider said. */
  readonly text: string;
  readonly type?: string;
  readonly code?: string;
  readonly param?: string;
  /** Most telling first. */
  readonly codes: readonly string[];
  readonly limitSource?: string;
};

const MESSAGE_LENGTH_MAX = 1_000;

function readReport(body: unknown): Report {
  if (!isObject(body)) return { text: '', codes: [] };
  const error = isObject(body['error'])
    ? body['error']
    : { ...body, message: body['error'] ?? body['message'] };
  const metadata = isObject(error['metadata']) ? error['metadata'] : {};
  const inner = isObject(error['innererror']) ? error['innererror'] : {};
  const message = asString(error['message']) ?? readDetail(body['detail']);
  const type = slug(error['type']) ?? slug(body['error_type']);
  const code = slug(error['code']);
  const flagged =
    metadata['flagged_input'] === undefined && metadata['reasons'] === undefined ? [] : ['moderation'];
  return {
    text: `${message ?? ''}\n${asString(metadata['raw']) ?? ''}`,
    codes: [slug(metadata['error_type']), ...flagged, code, slug(inner['code']), type].filter(
      (word) => word !== undefined,
    ),
    ...told({
      status:
        statusNumber(error['code']) ?? statusNumber(error['status']) ?? statusNumber(body['statusCode']),
      message: message === undefined || message === '' ? undefined : message.slice(0, MESSAGE_LENGTH_MAX),
      type,
      code,
      param: asString(error['param']),
      limitSource: asString(metadata['limit_source']),
    }),
  };
}

/** https://fastapi.tiangolo.com/tutorial/handling-errors/ */
function readDetail(detail: unknown): string | undefined {
  if (!Array.isArray(detail)) return asString(detail);
  const [first]: readonly unknown[] = detail;
  if (!isObject(first)) return undefined;
  const place = Array.isArray(first['loc']) ? `${first['loc'].join('.')}: ` : '';
  return `${place}${asString(first['msg']) ?? 'invalid'}`;
}

/** A code, not a sentence (xAI) and not a status (OpenRouter, LiteLLM). */
function slug(value: unknown): string | undefined {
  return typeof value === 'string' && /^[A-Za-z][\w.-]{0,63}$/.test(value) ? value : undefined;
}

function statusNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && number >= 400 && number <= 599 ? number : undefined;
}

/** The failure of a reply that is no reply of this dialect. */
export function protocolFailure(message: string): Failure {
  return { kind: 'upstream-protocol', message };
}
