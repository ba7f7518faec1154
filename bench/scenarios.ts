// The tables: what is asked and which figures count.

import type { Behaviour } from './behaviour.ts';
import type { LoadSample, Pace } from './load-job.ts';

export type Scenario = {
  readonly name: string;
  readonly title: string;
  readonly stream: boolean;
  /** Of the request; the fewer bytes, the more the fixed costs show. */
  readonly messages: number;
  readonly behaviour: Behaviour;
  readonly pace: Pace;
  readonly columns: readonly Column[];
};

export type Column = {
  readonly title: string;
  readonly digits: number;
  /** Whether its ratio to the baseline is shown as well. */
  readonly compared: boolean;
  /** What the sample says, where that can be said; `direct` is the upstream's own of the same round. */
  readonly value: (sample: LoadSample, direct: LoadSample | undefined) => number | null;
};

const cpuPerRequest: Column = {
  title: 'CPU ms / request',
  digits: 3,
  compared: true,
  value: ({ cpuSeconds, requests }) => (requests === 0 ? null : (cpuSeconds * 1e3) / requests),
};
const cpuPerEvent: Column = {
  title: 'CPU µs / event',
  digits: 1,
  compared: true,
  value: ({ cpuSeconds, events }) => (events === 0 ? null : (cpuSeconds * 1e6) / events),
};
const requestsPerSecond: Column = {
  title: 'requests / s',
  digits: 0,
  compared: false,
  value: (sample) => sample.requestsPerSecond,
};
const eventsPerSecond: Column = {
  title: 'events / s',
  digits: 0,
  compared: false,
  value: (sample) => sample.eventsPerSecond,
};
const transit: Column = {
  title: 'event transit p50 ms',
  digits: 2,
  compared: false,
  value: (sample) => sample.transitMs.p50,
};
const memory: Column = {
  title: 'peak MB',
  digits: 0,
  compared: false,
  value: (sample) => sample.peakMemoryMb,
};

function added(title: string, read: (sample: LoadSample) => number | null): Column {
  return {
    title,
    digits: 2,
    compared: false,
    value: (sample, direct) => {
      const value = read(sample);
      const without = direct === undefined ? null : read(direct);
      return value === null || without === null ? null : value - without;
    },
  };
}

const addedLatency = [
  added('added p50 ms', ({ latencyMs }) => latencyMs.p50),
  added('added p99 ms', ({ latencyMs }) => latencyMs.p99),
];
const addedFirst = [
  added('first byte added p50 ms', ({ firstByteMs }) => firstByteMs.p50),
  added('first event added p50 ms', ({ firstEventMs }) => firstEventMs.p50),
  added('first event added p99 ms', ({ firstEventMs }) => firstEventMs.p99),
];

const atOnce: Behaviour = { delayMs: 0, events: 0, gapMs: 0 };

/** Two messages are 650 bytes; 252 are 200 KB. */
const SHORT = 2;
const LONG = 252;

export const scenarios: readonly Scenario[] = [
  {
    name: 'tput',
    title: 'Whole answers, 64 connections, 0.65 KB asked, 1.2 KB answered',
    stream: false,
    messages: SHORT,
    behaviour: atOnce,
    pace: { kind: 'closed', connections: 64 },
    columns: [cpuPerRequest, requestsPerSecond],
  },
  {
    name: 'tput200k',
    title: 'Whole answers, 16 connections, 200 KB asked in 252 messages',
    stream: false,
    messages: LONG,
    behaviour: atOnce,
    pace: { kind: 'closed', connections: 16 },
    columns: [cpuPerRequest, requestsPerSecond],
  },
  {
    name: 'lat200',
    title: 'Whole answers, 200 requests/s, provider takes 60 ms',
    stream: false,
    messages: SHORT,
    behaviour: { ...atOnce, delayMs: 60 },
    pace: { kind: 'open', perSecond: 200 },
    columns: [...addedLatency, cpuPerRequest, memory],
  },
  {
    name: 'burst50',
    title: 'Streams of 50 events without pauses, 32 connections',
    stream: true,
    messages: SHORT,
    behaviour: { ...atOnce, events: 50 },
    pace: { kind: 'closed', connections: 32 },
    columns: [cpuPerEvent, eventsPerSecond],
  },
  {
    name: 'burst500',
    title: 'Streams of 500 events without pauses, 32 connections',
    stream: true,
    messages: SHORT,
    behaviour: { ...atOnce, events: 500 },
    pace: { kind: 'closed', connections: 32 },
    columns: [cpuPerEvent, eventsPerSecond],
  },
  {
    name: 'paced50',
    title: 'Streams of 50 events, one each 5 ms, 32 connections',
    stream: true,
    messages: SHORT,
    behaviour: { ...atOnce, events: 50, gapMs: 5 },
    pace: { kind: 'closed', connections: 32 },
    columns: [cpuPerEvent, transit],
  },
  {
    name: 'paced500',
    title: 'Streams of 500 events, one each 5 ms, 32 connections',
    stream: true,
    messages: SHORT,
    behaviour: { ...atOnce, events: 500, gapMs: 5 },
    pace: { kind: 'closed', connections: 32 },
    columns: [cpuPerEvent, transit],
  },
  {
    name: 'ttfb',
    title: 'Streams of 20 events, 20 streams/s, provider takes 60 ms and pauses 10 ms',
    stream: true,
    messages: SHORT,
    behaviour: { delayMs: 60, events: 20, gapMs: 10 },
    pace: { kind: 'open', perSecond: 20 },
    columns: [...addedFirst, transit],
  },
];
