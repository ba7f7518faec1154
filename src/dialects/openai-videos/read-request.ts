// A job as OpenAI's clients ask for one, as JSON or as a form that was read into the same fields.
// https://platform.openai.com/docs/api-reference/videos/create

import { unsupported } from '../../core/failure.ts';
import { isObject, type Json, type JsonObject } from '../../core/json.ts';
import type { VideoRequest, VideoSize } from '../../core/video.ts';
import type { Envelope, Loss } from '../dialect.ts';
import { readRouting } from '../envelope.ts';
import { told } from '../told.ts';
import { wrongField } from '../wire-check.ts';

export type VideoWire = {
  readonly envelope: Envelope;
  readonly request: VideoRequest;
  /** Fields that no provider's job has a place for. */
  readonly losses: readonly Loss[];
};

const FIELDS: ReadonlySet<string> = new Set([
  'model',
  'models',
  'prompt',
  'seconds',
  'size',
  'input_reference',
]);

/** Throws `GatewayError` 400 with the path of the field. */
export function readVideoRequest(json: JsonObject): VideoWire {
  const envelope = { ...readRouting(json), stream: false };
  const { prompt } = json;
  if (typeof prompt !== 'string' || prompt.trim() === '')
    throw wrongField('prompt', prompt, 'a non-empty string');
  const unknown = Object.keys(json).filter((field) => !FIELDS.has(field) && json[field] !== null);
  return {
    envelope,
    request: {
      model: envelope.model,
      prompt,
      ...told({
        seconds: readSeconds(json['seconds']),
        size: readSize(json['size']),
        firstFrame: readReference(json['input_reference']),
      }),
    },
    losses: unknown.map((field) => ({ action: 'dropped', field })),
  };
}

/** OpenAI's clients write `"4"`. */
function readSeconds(value: Json | undefined): number | undefined {
  if (value === undefined || value === null) return undefined;
  const seconds = typeof value === 'string' && /^\d{1,4}(\.\d{1,3})?$/.test(value) ? Number(value) : value;
  if (typeof seconds !== 'number' || seconds <= 0) throw wrongField('seconds', value, 'a positive number');
  return seconds;
}

function readSize(value: Json | undefined): VideoSize | undefined {
  if (value === undefined || value === null) return undefined;
  const sides = typeof value === 'string' ? /^([1-9]\d{0,4})x([1-9]\d{0,4})$/.exec(value) : null;
  if (sides === null) throw wrongField('size', value, 'a size of the form "1280x720"');
  return { width: Number(sides[1]), height: Number(sides[2]) };
}

function readReference(value: Json | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) throw wrongField('input_reference', value, 'an image file or {"image_url": …}');
  if (value['file_id'] !== undefined && value['file_id'] !== null) {
    throw unsupported('a file that was uploaded to OpenAI cannot be read here', 'input_reference.file_id');
  }
  const url = value['image_url'];
  if (typeof url !== 'string' || !/^(https:\/\/|data:image\/)/i.test(url))
    throw wrongField('input_reference.image_url', url, 'an https address or a data URL of an image');
  return url;
}
