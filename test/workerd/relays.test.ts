// The same contract where it counts: over the runtime's own pipe, whose writer notices a reader that has gone.

import { relayBytes } from '../../src/streams/relay-bytes.ts';
import { AS_IT_CAME, relayEvents } from '../../src/streams/relay-events.ts';
import { plainWriter, relayContract } from '../contract/relay.contract.ts';

const createPipe = () => new IdentityTransformStream();

// The runtime's pump cannot be stopped while it waits for a body made in JavaScript, as the scripted one is; a body
// from a socket it can, which the end-to-end suite shows.
relayContract('bytes', relayBytes, createPipe, { stoppable: false, beats: false });
relayContract(
  'events',
  (source, writable, context) => relayEvents(source, writable, plainWriter, context),
  createPipe,
);
relayContract(
  'events, as they came',
  (source, writable, context) => relayEvents(source, writable, AS_IT_CAME, context),
  createPipe,
  { beats: false },
);
