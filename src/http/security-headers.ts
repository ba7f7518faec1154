// Headers of every response of ours, for the browser that may be at the other end. The API is for servers, so a
// browser is allowed nothing: a page that needs more (the dashboard) says so itself.

/** `cache-control` is the default of what is not meant to be stored; a stream adds `no-transform` to it. */
export const SECURITY_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  // Binds browsers alone. `same-site`, not `same-origin`: a dashboard on a sibling host may show an image of ours.
  'cross-origin-resource-policy': 'same-site',
  // Without includeSubDomains: what else lives under the operator's domain is not ours to decide.
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;
