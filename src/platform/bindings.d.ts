// The bindings of wrangler.toml that are not variables.

import type { ProviderState } from '../../durable-objects/provider-state.ts';

declare global {
  namespace Cloudflare {
    interface Env {
      readonly PROVIDER_STATE: DurableObjectNamespace<ProviderState>;
    }
  }
}
