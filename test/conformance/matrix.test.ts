// MATRIX.md is what the suite says it is: every scenario, every cell, and the reason for each that is empty.

import { expect, test } from 'vitest';
import { CLIENT, CLIENTS, DELIVERIES, UPSTREAMS, type Place, type Scenario } from './matrix.ts';
import { CONVERSATIONS, FAILURES, HANG_UPS } from './suite.ts';

/** After a change: `npx vitest run --project e2e test/conformance/matrix.test.ts -u` */
test('MATRIX.md shows the suite as it is', async () => {
  await expect(render()).toMatchFileSnapshot('MATRIX.md');
});

test('no two scenarios have one name', () => {
  const names = [...CONVERSATIONS, ...FAILURES, ...HANG_UPS].map(({ name }) => name);
  expect(names).toEqual([...new Set(names)]);
});

const COLUMNS = CLIENTS.flatMap((client) => UPSTREAMS.map((upstream) => ({ client, upstream })));

function render(): string {
  const reasons: string[] = [];
  const groups = Object.entries({ Conversations: CONVERSATIONS, Failures: FAILURES, 'Hang-ups': HANG_UPS });
  const tables = groups.map(([title, scenarios]) => `## ${title}\n\n${table(scenarios, reasons)}`);
  return `${INTRODUCTION}\n${tables.join('\n')}\n${footnotes(reasons)}`;
}

const INTRODUCTION = `# The matrix

Written by \`matrix.test.ts\`; do not edit. In each cell: whole, streamed, helper. \`●\` is a test, \`○\` a test of what is
known to be missing, a number the reason why there is none.
`;

function table(scenarios: readonly Scenario[], reasons: string[]): string {
  const head = COLUMNS.map(({ client, upstream }) => `${client} → ${CLIENT[upstream]}`);
  const rows = scenarios.map((scenario) => [
    scenario.name,
    ...COLUMNS.map((column) =>
      DELIVERIES.map((delivery) => mark(scenario, { ...column, delivery }, reasons)).join(' '),
    ),
  ]);
  return [['scenario', ...head], head.map(() => '---').concat('---'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |\n`)
    .join('');
}

function mark({ cell }: Scenario, place: Place, reasons: string[]): string {
  const filled = cell(place);
  if (typeof filled === 'function') return '●';
  return 'none' in filled ? note(filled.none, reasons) : `○${note(filled.missing, reasons)}`;
}

function note(reason: string, reasons: string[]): string {
  if (!reasons.includes(reason)) reasons.push(reason);
  return String(reasons.indexOf(reason) + 1);
}

function footnotes(reasons: readonly string[]): string {
  return reasons.map((reason, place) => `${place + 1}. ${reason}\n`).join('');
}
