// Errors of the admin API: https://www.rfc-editor.org/rfc/rfc9457

import { endCall, type Call, type Deps } from '../../pipeline/call.ts';
import type { Reply } from '../../pipeline/chat.ts';

const TITLES = {
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  502: 'Bad Gateway',
} as const;

export function problem(call: Call, deps: Deps, status: keyof typeof TITLES, detail: string): Reply {
  call.journal.status = status;
  endCall(call, 'error', deps);
  return {
    status,
    contentType: 'application/problem+json',
    body: JSON.stringify({ type: 'about:blank', title: TITLES[status], status, detail }),
    headers: status === 401 ? { 'www-authenticate': 'Bearer' } : {},
  };
}

export function answerJson(call: Call, deps: Deps, body: object): Reply {
  call.journal.status = 200;
  endCall(call, 'ok', deps);
  return { status: 200, contentType: 'application/json', body: JSON.stringify(body), headers: {} };
}
