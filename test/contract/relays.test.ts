import { relayBytes } from '../../src/streams/relay-bytes.ts';
import { AS_IT_CAME, relayEvents } from '../../src/streams/relay-events.ts';
import { plainWriter, relayContract } from './relay.contract.ts';

const createPipe = () =>
  new TransformStream<Uint8Array, Uint8Array>(undefined, undefined, { highWaterMark: 0 });

// Stopping the pump to say something in between could lose what it holds for a slow caller: bytes go by as they come.
relayContract('bytes', relayBytes, createPipe, { beats: false });
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
