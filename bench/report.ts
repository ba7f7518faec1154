// The results as a person reads them.

import type { ColdStart } from './cold-start.ts';
import type { Verdict } from './goals.ts';
import type { Figure, Table } from './results.ts';
import { scenarios, type Column } from './scenarios.ts';
import { BASELINE } from './targets.ts';

export type Machine = {
  readonly date: string;
  readonly commit: string;
  readonly cpu: string;
  readonly cores: number;
  readonly pinned: boolean;
  readonly node: string;
  readonly workerd: string;
  readonly bundleKib: number;
  /** What other processes took of the machine during the run: above a tenth, only CPU ratios mean anything. */
  readonly othersShare: number;
};

export type Report = {
  readonly machine: Machine;
  readonly repeats: number;
  readonly windowMs: number;
  readonly skipped: readonly string[];
  readonly tables: readonly Table[];
  readonly coldStarts: readonly ColdStart[];
  readonly verdicts: readonly Verdict[];
  /** Targets that gave bad answers, and the first reason. */
  readonly bad: readonly string[];
};

export function markdownOf(report: Report): string {
  const { machine } = report;
  return [
    '# Benchmark',
    '',
    `${machine.date}, commit ${machine.commit}, bundle ${machine.bundleKib} KiB. ${machine.cpu}, ${machine.cores} cores, ${
      machine.pinned ? 'target and tools each on a core of their own' : 'not pinned'
    }; workerd ${machine.workerd}, Node ${machine.node}. Medians of ${report.repeats} × ${report.windowMs} ms, the targets in turn; × is the ratio to ${BASELINE} in the same round. Other processes took ${(machine.othersShare * 100).toFixed(0)} % of the machine. How to read it: [README](../README.md).`,
    '',
    ...report.skipped.map((reason) => `Left out: ${reason}.\n`),
    ...report.bad.map((reason) => `**Bad answers: ${reason}.**\n`),
    ...report.tables.flatMap(tableLines),
    ...coldStartLines(report.coldStarts),
    ...verdictLines(report.verdicts),
  ].join('\n');
}

function tableLines(table: Table): readonly string[] {
  const columns = scenarios.find(({ name }) => name === table.scenario)?.columns ?? [];
  return [
    `## ${table.scenario}: ${table.title}`,
    '',
    ...rows(
      ['target', ...columns.flatMap((column) => (column.compared ? [column.title, '×'] : [column.title]))],
      table.rows.map(({ target, figures }) => [
        target,
        ...columns.flatMap((column) => cells(column, figures[column.title])),
      ]),
    ),
    '',
  ];
}

function cells(column: Column, figure: Figure | undefined): readonly string[] {
  const value = number(figure?.median, column.digits);
  return column.compared ? [value, number(figure?.ratioToBaseline, 2)] : [value];
}

function coldStartLines(coldStarts: readonly ColdStart[]): readonly string[] {
  if (coldStarts.length === 0) return [];
  return [
    '## Cold start: a new process to its first answer',
    '',
    ...rows(
      ['worker', 'ms'],
      coldStarts.map(({ name, medianMs }) => [name, number(medianMs, 0)]),
    ),
    '',
  ];
}

function verdictLines(verdicts: readonly Verdict[]): readonly string[] {
  if (verdicts.length === 0) return [];
  return [
    '## Goals',
    '',
    ...rows(
      ['goal', 'got', ''],
      verdicts.map(({ claim, got, holds }) => [claim, got, holds ? 'holds' : '**missed**']),
    ),
    '',
  ];
}

function rows(head: readonly string[], body: readonly (readonly string[])[]): readonly string[] {
  return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '---:'))), ...body.map(line)];
}

function line(row: readonly string[]): string {
  return `| ${row.join(' | ')} |`;
}

function number(value: number | null | undefined, digits: number): string {
  return value === null || value === undefined ? '–' : value.toFixed(digits);
}
