// The request bodies. Two requests of one scenario differ by wire format only.

import { modelName } from './behaviour.ts';
import type { LoadJob } from './load-job.ts';
import type { Scenario } from './scenarios.ts';
import { pathOf, type Target } from './targets.ts';

export function requestOf(
  target: Target,
  scenario: Scenario,
  upstreamPort: number,
): Pick<LoadJob, 'path' | 'headers' | 'body' | 'marks'> {
  return {
    path: pathOf(target.format),
    headers: target.headers(upstreamPort),
    body: JSON.stringify(bodyOf(target, scenario)),
    marks: scenario.stream ? scenario.behaviour.events : 1,
  };
}

function bodyOf({ format, family }: Target, scenario: Scenario): object {
  const common = {
    model: modelName(family, scenario.behaviour),
    max_tokens: 1024,
    temperature: 0.7,
    ...(scenario.stream ? { stream: true } : {}),
  };
  switch (format) {
    case 'openai':
      return {
        ...common,
        // Asked for by every caller that counts tokens; without it there is nothing to count.
        ...(scenario.stream ? { stream_options: { include_usage: true } } : {}),
        messages: [{ role: 'system', content: SYSTEM }, ...conversation(scenario.messages - 1)],
      };
    case 'anthropic':
      return { ...common, system: SYSTEM, messages: conversation(scenario.messages - 1) };
  }
}

/** The user has the first and the last word. */
function conversation(messages: number): readonly object[] {
  return Array.from({ length: messages }, (_, index) => ({
    role: index % 2 === 0 ? 'user' : 'assistant',
    content: index === 0 ? QUESTION : PARAGRAPH,
  }));
}

const SYSTEM =
  'You are a careful assistant. Answer briefly, say what you do not know, and never invent a source.';
const QUESTION =
  'Summarise the report below in three sentences for somebody who has not read it.\n\n"Revenue rose in every region but one; the exception lost its largest customer in March and has not replaced it. Costs grew more slowly than revenue, mostly because two offices moved together. The board asks whether the third office should follow, and by when."';
const PARAGRAPH = `Then consider this as well:\n${'the quick brown fox jumps over the lazy dog, "again" and again. '.repeat(11)}`;
