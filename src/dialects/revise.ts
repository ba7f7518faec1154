// A reply, changed between the reader of the provider's dialect and the writer of the caller's: what a request had to ask
// for in other words (a schema as a tool, an array inside an object) comes back in the caller's own.

import type { ChatEvent } from '../core/event.ts';
import type { Reading, ReviseReply } from './dialect.ts';

/** Reads replies that are revised event by event, each with a revision of its own, whole and streamed alike. */
export function revised({ readReply, createStreamReader }: Reading, begin: () => ReviseReply): Reading {
  return {
    readReply: (json) => readReply(json).flatMap(begin()),
    createStreamReader: () => {
      const reader = createStreamReader();
      const revise = begin();
      return {
        read: (event) => reviseAll(reader.read(event), revise),
        end: () => reviseAll(reader.end(), revise),
      };
    },
  };
}

/** One revision of the other's events. */
export function andThen(first: () => ReviseReply, second: () => ReviseReply): () => ReviseReply {
  return () => {
    const [revise, reviseAgain] = [first(), second()];
    return (event) => revise(event).flatMap(reviseAgain);
  };
}

/** Nearly always there is one event. */
function reviseAll(events: readonly ChatEvent[], revise: ReviseReply): readonly ChatEvent[] {
  const [only] = events;
  if (only === undefined) return events;
  return events.length === 1 ? revise(only) : events.flatMap(revise);
}
