import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import type { EgressRequest } from '../../../src/core/ports.ts';
import { createModelCatalog, type ModelCatalog } from '../../../src/pipeline/models.ts';
import { readSettings, type Settings } from '../../../src/pipeline/settings.ts';
import { createManualClock, type ManualClock } from '../../support/manual-clock.ts';

const FRESH_MS = 300_000;

let clock: ManualClock;
let asked: EgressRequest[];
let answer: (request: EgressRequest) => Promise<Response>;
let deferred: Promise<unknown>[];
let catalog: ModelCatalog;
let settings: Settings;

function open(environment: Record<string, string>): void {
  const read = readSettings(environment);
  if ('refused' in read) throw new Error(read.refused.join('; '));
  settings = read;
  catalog = createModelCatalog(settings, {
    ...clock,
    egress: (request) => {
      asked.push(request);
      return answer(request);
    },
  });
}

beforeEach(() => {
  clock = createManualClock(Date.parse('2026-11-25'));
  asked = [];
  deferred = [];
  answer = () => Promise.resolve(listOf('gpt-5.2', 'gpt-4o'));
  open({ OPENAI_API_KEY: 'sk-a', CONFIGURATION });
});

const CONFIGURATION = JSON.stringify({
  version: 1,
  routes: { best: { targets: ['openai/gpt-5.2'] } },
  models: {
    'openai/gpt-4o': { capabilities: { vision: false }, prices: { input: 1, output: 2 } },
    'openai/mine': { contextWindow: 4096 },
    'cohere/elsewhere': { contextWindow: 1 },
  },
});

const listOf = (...ids: string[]) => Response.json({ object: 'list', data: ids.map((id) => ({ id })) });
const defer = (work: Promise<unknown>) => void deferred.push(work);
const ids = async () => (await catalog.list(defer)).map(({ id }) => id);
const enabledAt = (index: number) => settings.enabled[index]!;

describe('the catalogue of models', () => {
  it('has the routes, what the operator describes, and what providers list', async () => {
    expect(await ids()).toEqual(['best', 'openai/gpt-4o', 'openai/mine', 'openai/gpt-5.2']);
  });

  it('shows a list for five minutes, then the same one while a new one is fetched behind the answer', async () => {
    await ids();
    await clock.pass(FRESH_MS - 1);
    await ids();
    expect(asked).toHaveLength(1);

    await clock.pass(1);
    answer = () => Promise.resolve(listOf('gpt-6-astra'));
    expect(await ids()).toContain('openai/gpt-5.2');
    expect(await ids()).toContain('openai/gpt-5.2');
    expect(deferred).toHaveLength(1);
    await Promise.all(deferred);
    expect(await ids()).toContain('openai/gpt-6-astra');
    expect(asked).toHaveLength(2);
  });

  it.each([
    ['unreachable', () => Promise.reject(new Error('no route'))],
    ['refusing', () => Promise.resolve(new Response('no', { status: 401 }))],
    ['talking nonsense', () => Promise.resolve(new Response('<html>'))],
    ['listing nothing of the kind', () => Promise.resolve(Response.json({ error: 'x' }))],
  ])('keeps the last good list of a provider that is %s', async (_how, failing) => {
    await ids();
    answer = failing;
    await clock.pass(FRESH_MS);
    await ids();
    await Promise.all(deferred);
    expect(await ids()).toContain('openai/gpt-5.2');
  });

  it('goes without a provider that fails, and leaves it alone for half a minute', async () => {
    answer = () => Promise.reject(new Error('no route'));
    expect(await ids()).not.toContain('openai/gpt-5.2');
    await clock.pass(29_999);
    await ids();
    expect(asked).toHaveLength(1);
    answer = () => Promise.resolve(listOf('gpt-5.2'));
    await clock.pass(1);
    expect(await ids()).toContain('openai/gpt-5.2');
  });

  it('waits five seconds for a first list and no longer', async () => {
    answer = ({ signal }) =>
      new Promise((_resolve, reject) =>
        signal?.addEventListener('abort', () => reject(new Error('aborted'))),
      );
    const listing = ids();
    await clock.pass(5000);
    expect(await listing).toEqual(['best', 'openai/gpt-4o', 'openai/mine']);
    expect(clock.pending()).toBe(0);
  });

  it('reads page after page, and stops where a server only repeats itself', async () => {
    open({ ANTHROPIC_API_KEY: 'k' });
    const page = readFileSync('test/fixtures/anthropic/synthetic-models.json', 'utf8');
    answer = () => Promise.resolve(new Response(page));
    expect(await ids()).toEqual(['anthropic/claude-sonnet-5']);
    expect(asked.map(({ url }) => new URL(url).search)).toEqual([
      '?limit=1000',
      '?limit=1000&after_id=claude-sonnet-5',
    ]);
  });

  it('is bounded, whatever a provider sends', async () => {
    let page = 0;
    open({ ANTHROPIC_API_KEY: 'k' });
    answer = () => {
      page += 1;
      const data = Array.from({ length: 2000 }, (_, index) => ({ id: `m-${page}-${index}` }));
      return Promise.resolve(Response.json({ data, has_more: true, last_id: `m-${page}` }));
    };
    expect(await ids()).toHaveLength(5000);
    expect(asked.length).toBeLessThanOrEqual(10);
  });

  it('knows a model from the tables before any list is here, and awaits nothing for it', () => {
    const facts = catalog.facts(enabledAt(0), 'gpt-4.1');
    expect(facts.contextWindow).toBe(1_000_000);
    expect(facts.prices).toEqual({ input: 2, output: 8, cacheRead: 0.5 });
    expect(facts.capabilities).toMatchObject({ chat: true, vision: true, 'tool-calling': true });
    expect(catalog.facts(enabledAt(0), 'gpt-99-nova').capabilities).toMatchObject({
      vision: true,
      'tool-calling': true,
    });
    expect(asked).toHaveLength(0);
  });

  it('believes the operator before the tables', () => {
    const facts = catalog.facts(enabledAt(0), 'gpt-4o');
    expect(facts.capabilities).toMatchObject({ chat: true, vision: false });
    expect(facts.prices).toEqual({ input: 1, output: 2 });
  });

  it("believes a provider's list before the tables", async () => {
    open({ OPENROUTER_API_KEY: 'k' });
    const list = readFileSync('test/fixtures/openrouter/synthetic-models.json', 'utf8');
    answer = () => Promise.resolve(new Response(list));
    await ids();
    expect(catalog.facts(enabledAt(0), 'anthropic/claude-sonnet-5').prices).toEqual({
      input: 3,
      output: 15,
      cacheRead: 0.3,
    });
  });
});
