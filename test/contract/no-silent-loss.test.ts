// "Nothing is lost in silence": a field of a request arrives in some form, or is named as a loss, or the request is refused;
// and where none of this is so, a reason is written beside the probe and shown in docs/translation.md.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { isObject, type Json } from '../../src/core/json.ts';
import { anthropicMessages } from '../../src/dialects/anthropic-messages/index.ts';
import { openaiChat } from '../../src/dialects/openai-chat/index.ts';
import { openaiCompletions } from '../../src/dialects/openai-completions/index.ts';
import { openaiResponses } from '../../src/dialects/openai-responses/index.ts';
import { request as anthropicRequest } from '../support/anthropic-messages-arbitraries.ts';
import { wireRequest } from '../support/openai-chat-request-arbitraries.ts';
import { completionsRequest } from '../support/openai-completions-arbitraries.ts';
import { responsesRequest } from '../support/openai-responses-arbitraries.ts';
import { everywhere, representatives, targetDialectIds, translatedAt } from '../support/places.ts';
import { anthropicMessagesProbes } from '../support/probes/anthropic-messages.ts';
import { openaiChatProbes } from '../support/probes/openai-chat.ts';
import { openaiCompletionsProbes } from '../support/probes/openai-completions.ts';
import { openaiResponsesProbes } from '../support/probes/openai-responses.ts';
import { fateOf, writePath, type Path, type Probe } from '../support/probes/probe.ts';
import { translatable } from '../support/translatable.ts';

const callers = [
  { caller: openaiChat, groups: openaiChatProbes, requests: wireRequest('cache_control') },
  { caller: anthropicMessages, groups: anthropicMessagesProbes, requests: anthropicRequest },
  { caller: openaiResponses, groups: openaiResponsesProbes, requests: responsesRequest },
  { caller: openaiCompletions, groups: openaiCompletionsProbes, requests: completionsRequest },
] as const;
const ways = callers.flatMap((way) =>
  targetDialectIds.filter((id) => id !== way.caller.id).map((target) => ({ ...way, target })),
);

describe.each(callers)('a caller who speaks $caller.id', ({ caller, groups }) => {
  const probes = groups.flatMap((group) => group.probes);

  it('is asked about every field of the dialect', () => {
    const probed = new Set(probes.map(({ path }) => path[0]));
    expect(caller.fields.filter((field) => !probed.has(field))).toEqual([]);
  });

  it('is given no reason where none is needed', () => {
    const places = targetDialectIds.flatMap((target) => translatedAt(caller.id, target, everywhere[target]));
    const needless = probes.filter(
      (probe) =>
        probe.idle !== undefined && places.every((place) => fateOf(probe, caller, place).kind !== 'gone'),
    );
    expect(needless.map(nameOf)).toEqual([]);
  });
});

describe.each(ways)('a caller who speaks $caller.id, of a model that is asked in $target,', (way) => {
  const { caller, target, groups, requests } = way;
  const probes = groups.flatMap((group) => group.probes);
  const places = translatedAt(caller.id, target, everywhere[target]);

  it.each(probes.map((probe) => [nameOf(probe), probe] as const))(
    'loses nothing in silence: %s',
    (_, probe) => {
      const silent = places.filter(
        (place) => fateOf(probe, caller, place).kind === 'gone' && !isIdle(probe, place.model),
      );
      expect(silent.map(({ model }) => model)).toEqual([]);
    },
  );

  it('does not get another number without a name', () => {
    for (const probe of probes) {
      for (const place of places) {
        const fate = fateOf(probe, caller, place);
        if (fate.kind !== 'carried' || typeof probe.value !== 'number') continue;
        expect(JSON.stringify(fate.changes)).toContain(String(probe.value));
      }
    }
  });

  it('may use fields of tomorrow anywhere, and is told which are left out', () => {
    const some = translatedAt(caller.id, target, representatives[target]);
    fc.assert(
      fc.property(requests, fc.nat(), fc.constantFrom(...some), (body, draw, place) => {
        const base = translatable(body);
        const objects = objectsIn(base);
        const path = [...(objects[draw % objects.length] ?? []), 'a_field_of_tomorrow'];
        expect(fateOf({ base, path, value: 'tomorrow' }, caller, place).kind).not.toBe('gone');
      }),
      { numRuns: 300 },
    );
  });
});

function isIdle({ idle, idleAt }: Probe, model: string): boolean {
  return idle !== undefined && (idleAt === undefined || idleAt.test(model));
}

function nameOf({ path, value }: Probe): string {
  return `${writePath(path)} ${JSON.stringify(value)}`;
}

/** What is free in form is carried or left out whole, by a name that stands for all of it. */
const FREE: readonly string[] = [
  'a_field_of_tomorrow',
  'annotations',
  'citations',
  'context_management',
  'definition',
  'format',
  'input',
  'input_schema',
  'logit_bias',
  'metadata',
  'parameters',
  'prompt_cache_options',
  'reasoning',
  'schema',
];
const WHOLE: readonly Json[] = ['search_result', 'server_tool_use'];

/** Paths of the objects that have a form. */
function objectsIn(json: Json | undefined, path: Path = []): readonly Path[] {
  if (Array.isArray(json)) return json.flatMap((item: Json, place) => objectsIn(item, [...path, place]));
  if (!isObject(json)) return [];
  if (WHOLE.includes(json['type'] ?? null)) return [];
  const inside = Object.entries(json).filter(([name]) => !FREE.includes(name));
  return [path, ...inside.flatMap(([name, field]) => objectsIn(field, [...path, name]))];
}
