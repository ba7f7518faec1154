// The output of a response while it is written: items get their places and ids, and the frames that add and end them.
// The state is changed in place, because this runs over every event of every stream.

import type { JsonObject } from '../../core/json.ts';
import type { OpenMessage } from './output-message.ts';

export type Output = {
  readonly responseId: string;
  /** A frame of an event's type and its fields, a JSON text without braces. */
  readonly frame: (type: string, fields: string) => string;
  /** The items that are done, by their places. */
  readonly done: JsonObject[];
  places: number;
  /** The message that the next text belongs to. */
  message: OpenMessage | undefined;
  hasRefusal: boolean;
};

/** Where an item stands and how it is called, the same whenever it is spoken of. */
export type Place = { readonly id: string; readonly place: number };

export function newOutput(responseId: string, frame: Output['frame']): Output {
  return { responseId, frame, done: [], places: 0, message: undefined, hasRefusal: false };
}

/** As OpenAI's begin: clients that send items back are refused there for other beginnings, and for more than 64 characters. */
export type IdPrefix = 'msg' | 'rs' | 'fc' | 'ctc' | 'item';

export function claim(output: Output, prefix: IdPrefix): Place {
  const place = output.places++;
  const response = output.responseId.replace(/[^\w-]/g, '').slice(-RESPONSE_PART_LENGTH_MAX);
  return { id: `${prefix}_${response}_${place}`, place };
}

const RESPONSE_PART_LENGTH_MAX = 48;

export function addItem({ frame }: Output, place: number, item: JsonObject): string {
  return frame('response.output_item.added', `"output_index":${place},"item":${JSON.stringify(item)}`);
}

export function finishItem({ frame, done }: Output, place: number, item: JsonObject): string {
  done[place] = item;
  return frame('response.output_item.done', `"output_index":${place},"item":${JSON.stringify(item)}`);
}

/** What every event about an item begins with. */
export function placeFields({ id, place }: Place): string {
  return `"item_id":${JSON.stringify(id)},"output_index":${place}`;
}
