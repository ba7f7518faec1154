import { relayBytes } from '../../src/streams/relay-bytes.ts';
import { relayEvents } from '../../src/streams/relay-events.ts';
import { plainWriter, relayContract } from './relay.contract.ts';

const createPipe = () =>
  new TransformStream<Uint8Array, Uint8Array>(undefined, undefined, { highWaterMark: 0 });

relayContract('bytes', relayBytes, createPipe);
relayContract(
  'events',
  (source, writable, context) => relayEvents(source, writable, plainWriter, context),
  createPipe,
);
