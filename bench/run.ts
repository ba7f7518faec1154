// npm run bench: measures the built gateway against what it stands on and against its peer. README.md says how to read
// the result.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { measureColdStarts } from './cold-start.ts';
import { judge } from './goals.ts';
import type { LoadSample } from './load-job.ts';
import { readOptions, type Options } from './options.ts';
import { cpuSeconds, machineSeconds, processTree } from './process-usage.ts';
import { isPinned } from './processes.ts';
import { markdownOf, type Machine, type Report } from './report.ts';
import { tableOf, type Table } from './results.ts';
import { Runner } from './runner.ts';
import type { Scenario } from './scenarios.ts';
import { startServer, startUpstream, type Server, type ServerName } from './servers.ts';
import type { Target } from './targets.ts';
import { workerdBinary } from './workerd.ts';

if (process.platform !== 'linux') {
  console.error('bench: CPU time is read from /proc, so this needs Linux');
  process.exit(1);
}
const COLD_STARTS = 7;

const options = readOptions(process.argv.slice(2));
const folder = mkdtempSync(path.join(tmpdir(), 'llm-proxy-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

const report = await bench(options);
publish(report, options);
process.exit(report.bad.length === 0 ? 0 : 1);

async function bench(options: Options): Promise<Report> {
  const { repeats, warmMs, windowMs } = options;
  const upstream = await startUpstream();
  const { servers, skipped } = await startServers(options.targets, upstream);
  const present = options.targets.filter(({ server }) => servers.has(server));
  const runner = new Runner(servers, upstream.port);
  for (const target of present) await runner.warmUp(target);
  const stopwatch = watchOthers();
  const total = options.scenarios.length * present.length * repeats;
  let done = 0;
  const tables: Table[] = [];
  for (const scenario of options.scenarios) {
    const rounds = new Map(present.map(({ name }): [string, LoadSample[]] => [name, []]));
    for (let round = 0; round < repeats; round++) {
      for (const target of present) {
        const sample = await runner.measure(target, scenario, { warmMs, windowMs });
        rounds.get(target.name)?.push(sample);
        done += 1;
        console.error(
          `bench: ${done}/${total} ${scenario.name} ${target.name}: ${progress(scenario, sample)}`,
        );
      }
    }
    tables.push(tableOf(scenario, rounds));
  }
  const othersShare = stopwatch();
  const coldStarts = options.complete ? await measureColdStarts(upstream, folder, COLD_STARTS) : [];
  return {
    machine: { ...describeMachine(), othersShare },
    repeats,
    windowMs,
    skipped,
    tables,
    coldStarts,
    verdicts: judge(tables),
    bad: runner.bad,
  };
}

async function startServers(
  targets: readonly Target[],
  upstream: Server,
): Promise<{ readonly servers: ReadonlyMap<ServerName, Server>; readonly skipped: readonly string[] }> {
  const servers = new Map<ServerName, Server>([['upstream', upstream]]);
  const skipped: string[] = [];
  for (const name of new Set(targets.map(({ server }) => server))) {
    if (name === 'upstream') continue;
    const started = await startServer(name, upstream, folder);
    if ('skipped' in started) {
      console.error(`bench: WITHOUT ${name}: ${started.skipped}`);
      skipped.push(`${name}, because ${started.skipped}`);
    } else servers.set(name, started);
  }
  return { servers, skipped };
}

/** The first column is what the scenario is about; added latency needs `direct` beside it and is left to the table. */
function progress(scenario: Scenario, sample: LoadSample): string {
  const [column] = scenario.columns;
  const value = column?.value(sample, undefined) ?? null;
  const figure =
    value === null
      ? `${sample.requests} answers, p50 ${sample.latencyMs.p50?.toFixed(2) ?? '–'} ms`
      : `${value.toFixed(column?.digits)} ${column?.title}`;
  return sample.firstBad === null ? figure : `${figure}, ${sample.bad} BAD: ${sample.firstBad}`;
}

/** Gives the share of the machine that was used since by processes that are not of this run. */
function watchOthers(): () => number {
  const ours = processTree(process.pid);
  const before = { ...machineSeconds(), ours: cpuSeconds(ours) };
  return () => {
    const now = machineSeconds();
    const others = now.used - before.used - (cpuSeconds(ours) - before.ours);
    return Math.max(0, others / (now.available - before.available));
  };
}

function describeMachine(): Omit<Machine, 'othersShare'> {
  const { bytes } = JSON.parse(readFileSync('dist/size.json', 'utf8')) as { readonly bytes: number };
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).trim(),
    cpu: cpus()[0]?.model.trim() ?? 'unknown CPU',
    cores: cpus().length,
    pinned: isPinned,
    node: process.versions.node,
    workerd: execFileSync(workerdBinary, ['--version'], { encoding: 'utf8' }).replace('workerd', '').trim(),
    bundleKib: Math.round(bytes / 1024),
  };
}

/** The published results are those of complete runs without bad answers. */
function publish(report: Report, { complete, jsonFile }: Options): void {
  const markdown = markdownOf(report);
  const json = `${JSON.stringify(report, null, 2)}\n`;
  console.log(markdown);
  if (jsonFile !== undefined) writeFileSync(jsonFile, json);
  if (!complete || report.bad.length > 0) return;
  const results = path.join(import.meta.dirname, 'results');
  mkdirSync(results, { recursive: true });
  writeFileSync(path.join(results, 'latest.json'), json);
  writeFileSync(path.join(results, 'latest.md'), markdown);
}
