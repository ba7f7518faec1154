// The signer of a deployment that no other knows the key of.

import { createSigner } from '../../src/platform/signer.ts';

export const signer = createSigner('the key of a deployment in tests');
