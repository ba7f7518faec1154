// What a provider can be asked for: read off what it declares, so that there is no second list to keep in step.

import type { KnownCapabilities } from '../../core/capability.ts';
import type { Provider } from '../provider.ts';

export function capabilitiesOf(provider: Provider): KnownCapabilities {
  const chats = provider.speaks.length > 0;
  return {
    chat: chats,
    streaming: chats,
    // Where there is no endpoint for it, a prompt becomes a chat of one turn.
    'text-completion': chats,
    embeddings: provider.embeddings !== undefined,
    'image-generation': provider.images !== undefined,
    'video-generation': provider.videos !== undefined,
    'model-discovery': provider.models !== undefined,
  };
}
