// Entries of the cache for tests: complete, and different only in what a test says.

import { SCHEMA, sizeOf, type Entry } from '../../src/cache/entry.ts';

export function entry(fields: Partial<Entry> = {}): Entry {
  const value = fields.value ?? '{"events":[]}';
  return {
    schema: SCHEMA,
    key: 'key',
    tenant: 'tenant',
    category: 'response_cache',
    model: 'openai/gpt-4o',
    tags: [],
    priority: 3,
    value,
    size: sizeOf({ value, tags: fields.tags ?? [] }),
    createdAt: 1_000_000,
    ttlMs: 3_600_000,
    floorMs: 600_000,
    capMs: 86_400_000,
    makingMs: 1000,
    accessCount: 0,
    hits: 0,
    lastAccessedAt: 1_000_000,
    averageAccessMs: 0,
    ...fields,
  };
}
