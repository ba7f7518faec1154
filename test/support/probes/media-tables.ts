// The tables of docs/translation.md for what is no chat: each row is a request that is written, at each place.

import { GatewayError } from '../../../src/core/failure.ts';
import type { Json, JsonObject } from '../../../src/core/json.ts';
import type { Loss } from '../../../src/dialects/dialect.ts';
import { sendEmbeddings } from '../embeddings-crossing.ts';
import { embeddingsPlaces, type EmbeddingsPlaceName } from '../embeddings-places.ts';
import { imagesPlaceNames, sendImages } from '../images-places.ts';
import { embeddingsProbes } from './embeddings.ts';
import { imagesProbes } from './images.ts';

type Tables = { readonly mark: string; readonly text: string };
type Sent = { readonly body: JsonObject; readonly losses: readonly Loss[] };

export const embeddingsTables: Tables = {
  mark: 'embeddings',
  text: table(
    Object.keys(embeddingsPlaces) as EmbeddingsPlaceName[],
    embeddingsProbes.map(({ field, value }) => [field, value] as const),
    { model: 'm', input: 'hello' },
    (json, name) => {
      const { bodies, losses } = sendEmbeddings(json, embeddingsPlaces[name]);
      return { body: bodies[0] ?? {}, losses };
    },
  ),
};

export const imagesTables: Tables = {
  mark: 'images',
  text: table(
    imagesPlaceNames,
    imagesProbes.map(([field, value]) => [field, value] as const),
    { model: 'm', prompt: 'a cat' },
    sendImages,
  ),
};

function table<Name extends string>(
  names: readonly Name[],
  probes: readonly (readonly [field: string, value: Json])[],
  base: JsonObject,
  send: (json: JsonObject, name: Name) => Sent,
): string {
  const head = ['field', 'for example', ...names];
  const rows = probes.map(([field, value]) => [
    code(field),
    code(JSON.stringify(value)),
    ...ditto(names.map((name) => tell(field, value, base, (json) => send(json, name)))),
  ]);
  return `${[head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
}

function tell(field: string, value: Json, base: JsonObject, send: (json: JsonObject) => Sent): string {
  try {
    const plain = send(base).body;
    const { body, losses } = send({ ...base, [field]: value });
    const named = losses.map((loss) => `*${loss.action}*`);
    if (JSON.stringify(body[field]) === JSON.stringify(value)) return [...named, 'passes'].join(', ');
    const instead = Object.keys(body).filter(
      (key) => JSON.stringify(body[key]) !== JSON.stringify(plain[key]),
    );
    const arrives = instead.map((key) => code(`${key}: ${JSON.stringify(body[key])}`)).join(', ');
    if (arrives !== '') return [...named, `as ${arrives}`].join(', ');
    return named.length > 0 ? named.join(', ') : '–';
  } catch (error) {
    if (error instanceof GatewayError) return '**400**';
    throw error;
  }
}

/** What is the same as to its left is not said again. */
function ditto(cells: readonly string[]): readonly string[] {
  return cells.map((cell, column) => (column > 0 && cell === cells[column - 1] ? '″' : cell));
}

function code(text: string): string {
  return `\`${text}\``;
}
