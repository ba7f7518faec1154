// The layers, enforced: a folder imports only from rows above its own, and the effects live in one of them.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const ROWS = [
  ['core'],
  ['streams'],
  ['dialects', 'routing', 'cache'],
  ['providers'],
  ['pipeline'],
  ['http', 'jobs'],
  ['platform'],
] as const;

const rowOf = (folder: string): number =>
  ROWS.findIndex((row) => (row as readonly string[]).includes(folder));
const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.ts'),
);
const source = (file: string): string => readFileSync(path.join('src', file), 'utf8');
const withoutComments = (text: string): string =>
  text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '');

/** Whether `from` may import `to`; both are paths below src/. */
export function mayImport(from: string, to: string): boolean {
  const [fromFolder = '', toFolder = ''] = [from, to].map((file) =>
    file.includes('/') ? file.split('/')[0] : '',
  );
  if (fromFolder === '') return toFolder !== 'platform' || from === 'index.ts';
  if (fromFolder === toFolder) {
    // Two dialects share a folder and nothing else; what they have in common lies beside them, in dialects/*.ts.
    const [fromDialect, toDialect] = [from, to].map((file) => file.split('/').slice(1, -1)[0]);
    return fromFolder !== 'dialects' || toDialect === undefined || fromDialect === toDialect;
  }
  if (toFolder === '') return fromFolder === 'platform';
  return rowOf(toFolder) < rowOf(fromFolder);
}

describe('the layers', () => {
  it('know every folder', () => {
    const folders = new Set(
      files.filter((file) => file.includes('/')).map((file) => file.split('/')[0] ?? ''),
    );
    expect([...folders].filter((folder) => rowOf(folder) < 0)).toEqual([]);
  });

  it.each(files)('%s imports only from above itself', (file) => {
    const imports = [...source(file).matchAll(/from '(\.[^']+)'/g)].map(([, target]) =>
      path.join(path.dirname(file), target ?? ''),
    );
    expect(imports.filter((target) => !mayImport(file, target))).toEqual([]);
  });

  it('would notice a breach', () => {
    expect(mayImport('routing/retry.ts', 'pipeline/chat.ts')).toBe(false);
    expect(mayImport('dialects/openai-chat/wire.ts', 'routing/retry.ts')).toBe(false);
    expect(mayImport('dialects/openai-chat/wire.ts', 'dialects/anthropic-messages/wire.ts')).toBe(false);
    expect(mayImport('http/call.ts', 'platform/ports.ts')).toBe(false);
    expect(mayImport('app.ts', 'platform/ports.ts')).toBe(false);
  });
});

describe('a Durable Object', () => {
  const objects = readdirSync('durable-objects').filter((file) => file.endsWith('.ts'));

  it.each(objects)(
    '%s is a shell around src/routing and src/core, and imports nothing else of ours',
    (file) => {
      const text = readFileSync(path.join('durable-objects', file), 'utf8');
      const imports = [...text.matchAll(/from '(\.[^']+)'/g)].map(([, target]) => target ?? '');
      expect(imports.filter((target) => !/^\.\.\/src\/(routing|core)\//.test(target))).toEqual([]);
    },
  );
});

describe('effects', () => {
  const EFFECTS =
    /\bfetch\(|\bDate\.now\(|new Date\(\)|\bMath\.random\(|\bsetTimeout\(|\bsetInterval\(|crypto\.(randomUUID|getRandomValues)|\bcaches\./;

  it.each(files.filter((file) => !file.startsWith('platform/') && file !== 'index.ts'))(
    '%s has none',
    (file) => {
      expect(withoutComments(source(file))).not.toMatch(EFFECTS);
    },
  );

  it('has one call site of fetch', () => {
    const callers = files.filter(
      (file) => /(?<![.\w])fetch\(/.test(withoutComments(source(file))) && file !== 'index.ts',
    );
    expect(callers).toEqual(['platform/egress.ts']);
  });
});

describe('a provider', () => {
  const ids = readdirSync('src/providers')
    .filter((file) => !['index.ts', 'provider.ts'].includes(file) && file.endsWith('.ts'))
    .map((file) => path.basename(file, '.ts'));

  it('is compared by its id nowhere outside its own file', () => {
    const shared = files.filter((file) => !file.startsWith('providers/'));
    const breaches = shared.filter((file) =>
      ids.some((id) => new RegExp(`[!=]==\\s*'${id}'|case '${id}'`).test(withoutComments(source(file)))),
    );
    expect(breaches).toEqual([]);
  });
});
