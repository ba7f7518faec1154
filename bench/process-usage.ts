// What a process and its descendants have used, as Linux counts it. CPU time is the figure this benchmark trusts:
// unlike a duration it does not grow when somebody else needs the machine.

import { readFileSync, writeFileSync } from 'node:fs';

/** The process and everything it started. */
export function processTree(pid: number): readonly number[] {
  const children = read(`/proc/${pid}/task/${pid}/children`).trim();
  if (children === '') return [pid];
  return [pid, ...children.split(' ').flatMap((child) => processTree(Number(child)))];
}

/** User and system time together. */
export function cpuSeconds(pids: readonly number[]): number {
  return sum(pids.map((pid) => ticks(read(`/proc/${pid}/stat`)))) / TICKS_PER_SECOND;
}

/** Of the whole machine since it started: what all processes used, and what there was to use. */
export function machineSeconds(): { readonly used: number; readonly available: number } {
  const [, ...fields] = read('/proc/stat').split('\n', 1)[0]?.split(/ +/) ?? [];
  const counts = fields.map((count) => Number(count) / TICKS_PER_SECOND);
  // Field 4 is idle, 5 waits for a disk; 9 and 10 are parts of 1 and 2.
  const available = sum(counts.slice(0, 8));
  return { used: available - (counts[3] ?? 0) - (counts[4] ?? 0), available };
}

/** Starts the peak anew, so that it belongs to one measurement. */
export function resetPeakMemory(pids: readonly number[]): void {
  for (const pid of pids) writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

export function peakMemoryMb(pids: readonly number[]): number {
  return sum(pids.map((pid) => Number(/VmHWM:\s*(\d+)/.exec(read(`/proc/${pid}/status`))?.[1] ?? 0))) / 1024;
}

/** USER_HZ: fixed in the kernel's interface whatever its own tick is. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
const TICKS_PER_SECOND = 100;

/** Fields 14 and 15; the name before them may hold spaces, but ends with the last parenthesis. */
function ticks(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
}

/** Empty when the process is gone. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
