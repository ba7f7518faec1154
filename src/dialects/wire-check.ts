// Checks a request body against the schema of its wire format. What is wrong becomes one sentence for the caller: the
// path of the field, what was got, what was wanted. A long value is described and never repeated.

import type * as z from 'zod/mini';

import { invalidRequest } from '../core/failure.ts';

/** The body as the schema reads it. Throws `GatewayError` 400 with the path of the first wrong field. */
export function checkWire<Schema extends z.ZodMiniType>(schema: Schema, json: unknown): z.infer<Schema> {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const [first] = result.error.issues;
  if (first === undefined) throw new Error('a failed check without an issue');
  const { path, wanted } = locate(first);
  throw wrongField(writePath(path), valueAt(json, path), [...new Set(wanted)].join(' or '));
}

/** 400 that says what a field was and should be. */
export function wrongField(path: string, value: unknown, wanted: string): Error {
  return invalidRequest(`${path}: got ${describe(value)}, wanted ${wanted}`, path);
}

type Issue = z.core.$ZodIssue;
type Finding = { readonly path: readonly PropertyKey[]; readonly wanted: readonly string[] };

/** Of a union, the alternative that came furthest into the value is the one that the caller meant. */
function locate(issue: Issue, parent: readonly PropertyKey[] = []): Finding {
  const path = [...parent, ...issue.path];
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return { path, wanted: [wantedBy(issue)] };
  const findings = issue.errors.flatMap(([first]) => (first === undefined ? [] : [locate(first, path)]));
  const depth = Math.max(...findings.map((finding) => finding.path.length));
  const furthest = findings.filter((finding) => finding.path.length === depth);
  const place = writePath(furthest[0]?.path ?? path);
  const agreeing = furthest.filter((finding) => writePath(finding.path) === place);
  return { path: furthest[0]?.path ?? path, wanted: agreeing.flatMap((finding) => finding.wanted) };
}

function wantedBy(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return NOUNS[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return literals(issue.values);
    case 'invalid_union':
      return 'options' in issue && issue.options !== undefined ? literals(issue.options) : 'another value';
    case 'too_small':
      return issue.origin === 'array' ? `an array of at least ${issue.minimum}` : `at least ${issue.minimum}`;
    case 'too_big':
      return issue.origin === 'array' ? `an array of at most ${issue.maximum}` : `at most ${issue.maximum}`;
    case 'custom':
      return issue.message;
    case 'invalid_format':
    case 'invalid_key':
    case 'invalid_element':
    case 'not_multiple_of':
    case 'unrecognized_keys':
      return 'another value';
  }
}

const NOUNS: Readonly<Record<string, string | undefined>> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  array: 'an array',
};

function literals(values: readonly unknown[]): string {
  return values.map((value) => JSON.stringify(value)).join(' or ');
}

const ECHOED_LENGTH_MAX = 64;

function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : `an array of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value === 'string' && value.length > ECHOED_LENGTH_MAX)
    return `a string of ${value.length} characters`;
  return JSON.stringify(value);
}

/** `messages[2].content[0].type` */
function writePath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}

function valueAt(json: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    json,
  );
}
