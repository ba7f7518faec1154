// Writes the tables of docs/translation.md: what becomes of each field of a request in the other dialect, found out by
// sending it. The text around the tables is written by hand. `--check` fails when the tables are not what the code does.

import { readFileSync, writeFileSync } from 'node:fs';
import { asString, isObject, type Json } from '../src/core/json.ts';
import { anthropicMessages } from '../src/dialects/anthropic-messages/index.ts';
import type { ClientDialect } from '../src/dialects/dialect.ts';
import { openaiChat } from '../src/dialects/openai-chat/index.ts';
import { openaiCompletions } from '../src/dialects/openai-completions/index.ts';
import { openaiResponses } from '../src/dialects/openai-responses/index.ts';

import { representatives, translatedAt, type TargetDialectId } from '../test/support/places.ts';
import { anthropicMessagesProbes } from '../test/support/probes/anthropic-messages.ts';
import { embeddingsTables, imagesTables } from '../test/support/probes/media-tables.ts';
import { openaiChatProbes } from '../test/support/probes/openai-chat.ts';
import { openaiCompletionsProbes } from '../test/support/probes/openai-completions.ts';
import { openaiResponsesProbes } from '../test/support/probes/openai-responses.ts';
import {
  fateOf,
  writePath,
  type Change,
  type Fate,
  type Probe,
  type ProbeGroup,
} from '../test/support/probes/probe.ts';

const FILE = 'docs/translation.md';
/** In a cell: changes, and characters of a value. */
const CHANGES_MAX = 3;
const LENGTH_MAX = 64;
/** Fields that say nothing about the circumstances of a probe. */
const USUAL: readonly string[] = ['model', 'messages', 'input', 'prompt', 'max_tokens', 'tools', 'stream'];

const written = readFileSync(FILE, 'utf8');
const text = [
  tables(openaiChat, 'anthropic-messages', openaiChatProbes),
  tables(openaiChat, 'openai-responses', openaiChatProbes),
  tables(anthropicMessages, 'openai-chat', anthropicMessagesProbes),
  tables(anthropicMessages, 'openai-responses', anthropicMessagesProbes),
  tables(openaiResponses, 'openai-chat', openaiResponsesProbes),
  tables(openaiResponses, 'anthropic-messages', openaiResponsesProbes),
  tables(openaiChat, 'cohere-chat', openaiChatProbes),
  tables(anthropicMessages, 'cohere-chat', anthropicMessagesProbes),
  tables(openaiResponses, 'cohere-chat', openaiResponsesProbes),
  tables(openaiCompletions, 'openai-chat', openaiCompletionsProbes),
  tables(openaiCompletions, 'openai-responses', openaiCompletionsProbes),
  tables(openaiCompletions, 'anthropic-messages', openaiCompletionsProbes),
  tables(openaiCompletions, 'cohere-chat', openaiCompletionsProbes),
  embeddingsTables,
  imagesTables,
].reduce(insert, written);
if (!process.argv.includes('--check')) writeFileSync(FILE, text);
else if (written !== text) {
  console.error(`${FILE} is not what the code does: node scripts/with-node.mjs scripts/translation.ts`);
  process.exit(1);
}

type Tables = { readonly mark: string; readonly text: string };

/** Between the lines `<!-- tables: from -> to -->` and `<!-- end -->`. */
function insert(document: string, { mark, text }: Tables): string {
  const begin = `<!-- tables: ${mark} -->\n`;
  const start = document.indexOf(begin);
  const end = document.indexOf('<!-- end -->', start);
  if (start === -1 || end === -1) throw new Error(`${FILE} has no place for the tables ${mark}`);
  return `${document.slice(0, start)}${begin}\n${text}\n${document.slice(end)}`;
}

function tables(caller: ClientDialect, target: TargetDialectId, groups: readonly ProbeGroup[]): Tables {
  const places = translatedAt(caller.id, target, representatives[target]);
  const head = ['field', 'for example', ...places.map(({ model }) => `\`${model}\``)];
  const sections = groups.map(({ title, probes }) => {
    const rows = probes
      .filter(isKnown)
      .map((probe) => [
        code(writePlace(probe)),
        code(brief(probe.value)) + beside(probe),
        ...ditto(places.map((place) => tell(fateOf(probe, caller, place), probe))),
      ]);
    return [`### ${title}`, '', ...[head, head.map(() => '---'), ...rows].map(line), ''].join('\n');
  });
  return { mark: `${caller.id} -> ${target}`, text: sections.join('\n') };
}

/** Fields that nobody knows are all alike: one row is enough. */
function isKnown({ path, value }: Probe): boolean {
  return path[0] === 'a_field_of_tomorrow' || !JSON.stringify([path, value]).includes('a_field_of_tomorrow');
}

/** `messages[user].content[image].source`: elements of lists by their kind. */
function writePlace({ base, path, value }: Probe): string {
  let around: Json | undefined = base;
  let text = '';
  for (const [depth, key] of path.entries()) {
    around = depth === path.length - 1 ? value : stepInto(around, key);
    if (typeof key === 'string') text += text === '' ? key : `.${key}`;
    else text += `[${kindOf(around)}]`;
  }
  return text;
}

function stepInto(json: Json | undefined, key: string | number): Json | undefined {
  if (Array.isArray(json)) return typeof key === 'number' ? (json[key] as Json) : undefined;
  return isObject(json) ? json[key] : undefined;
}

function kindOf(json: Json | undefined): string {
  if (!isObject(json)) return '';
  const { role, type, source } = json;
  const kind = asString(role) ?? asString(type) ?? '';
  return isObject(source) ? `${kind}/${asString(source['type']) ?? ''}` : kind;
}

/** What else is asked for in the same request. */
function beside({ base, path }: Probe): string {
  const others = Object.keys(base).filter((name) => !USUAL.includes(name) && name !== path[0]);
  return others.length === 0 ? '' : ` beside ${others.map(code).join(', ')}`;
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** What is the same as to its left is not said again. */
function ditto(cells: readonly string[]): readonly string[] {
  return cells.map((cell, column) => (column > 0 && cell === cells[column - 1] ? '″' : cell));
}

function tell(fate: Fate, probe: Probe): string {
  switch (fate.kind) {
    case 'refused':
      return '**400**';
    case 'gone':
      return `– (${probe.idle ?? '**silently lost**'})`;
    case 'carried':
      return carry(fate.changes, probe);
    case 'named': {
      const own = writePath(probe.path).replaceAll('[]', '');
      const losses = fate.losses.map(({ action, field }) =>
        field === own ? `*${action}*` : `*${action}*, named ${code(field)}`,
      );
      const rest = fate.changes.length === 0 ? '' : `; ${carry(fate.changes, probe)}`;
      return `${losses.join('; ')}${rest}`;
    }
  }
}

function carry(changes: readonly Change[], { path, value }: Probe): string {
  const shown = changes.slice(0, CHANGES_MAX).map((change) => {
    const isSame = JSON.stringify(change.value) === JSON.stringify(value);
    if (isSame && writePath(change.path) === writePath(path)) return 'passes';
    const place = code(writePath(change.path));
    if (isSame) return `as ${place}`;
    return change.value === undefined ? `without ${place}` : `as ${place}: ${code(brief(change.value))}`;
  });
  return [...shown, ...(changes.length > CHANGES_MAX ? ['…'] : [])].join(', ');
}

function brief(value: Json): string {
  const json = JSON.stringify(value);
  return json.length <= LENGTH_MAX ? json : `${json.slice(0, LENGTH_MAX - 1)}…`;
}

/** Within a cell of a table. */
function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|').replaceAll('`', "'")}\``;
}
