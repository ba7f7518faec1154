// Every place that makes pictures, and what it would be sent.

import type { JsonObject } from '../../src/core/json.ts';
import { fitImages } from '../../src/dialects/images-fit.ts';
import { gateBody, BODY_LIMITS } from '../../src/http/body-gate.ts';
import { retarget } from '../../src/pipeline/body-edit.ts';
import { providers } from '../../src/providers/index.ts';
import type { ImagesOffer, Provider } from '../../src/providers/provider.ts';

export const imagesOffers = {
  openai: offerOf(providers.openai),
  'azure-openai': offerOf(providers['azure-openai']),
  openrouter: offerOf(providers.openrouter),
  'openai-compatible': offerOf(providers['openai-compatible']),
  sandbox: offerOf(providers.sandbox),
  xai: offerOf(providers.xai),
  blackbox: offerOf(providers.blackbox),
};
export type ImagesPlaceName = keyof typeof imagesOffers;
export const imagesPlaceNames = Object.keys(imagesOffers) as ImagesPlaceName[];

function offerOf({ images }: Provider): ImagesOffer {
  if (images === undefined) throw new Error('it makes no pictures');
  return images;
}

/** What would be sent. Throws as the gateway refuses. */
export function sendImages(json: JsonObject, name: ImagesPlaceName) {
  const { format, traits } = imagesOffers[name];
  const { set, drop, losses } = fitImages(json, traits('painter'), `${name}/painter`);
  const body = gateBody(new TextEncoder().encode(JSON.stringify(json)), BODY_LIMITS);
  const text =
    format.id === 'openai-images'
      ? retarget(body, 'painter', { set, drop })
      : JSON.stringify(format.writeRequest({ ...json, model: 'painter' }));
  return { body: JSON.parse(text) as JsonObject, losses };
}
