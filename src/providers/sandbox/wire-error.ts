// An error as OpenAI answers it. https://platform.openai.com/docs/guides/error-codes

import { isObject, type JsonObject } from '../../core/json.ts';

export type WireError = {
  readonly status: number;
  readonly message: string;
  readonly type: string;
  readonly param?: string;
  readonly code?: string;
  readonly retryAfterSeconds?: number;
};

export type Refused = { readonly refused: WireError };

export function isRefused(answer: JsonObject | Refused): answer is Refused {
  return isObject(answer['refused']);
}

export function refuse({ status, retryAfterSeconds, ...error }: WireError): Response {
  const { message, type, param = null, code = null } = error;
  return Response.json(
    { error: { message, type, param, code } },
    {
      status,
      headers: retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) },
    },
  );
}

export function invalid(message: string, param: string, code = 'invalid_value'): WireError {
  return { status: 400, message, type: 'invalid_request_error', param, code };
}
