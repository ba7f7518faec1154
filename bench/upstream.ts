// A fake provider on the loopback: POST …/chat/completions and …/messages, whole and streamed, behaving as the model's
// name says. Prints its port when it listens. Plain TCP, because Node's own HTTP server would cost half of what a
// gateway does.

import { createServer, type Socket } from 'node:net';
import { mark, readBehaviour, type Behaviour } from './behaviour.ts';
import { at, nowUs } from './clock.ts';
import { HttpMessageReader } from './http-message.ts';
import { streamReply, wholeReply, type Format } from './replies.ts';

const server = createServer({ noDelay: true }, serve);
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port to listen on');
  console.log(address.port);
});

function serve(socket: Socket): void {
  let head = '';
  let body: Buffer[] = [];
  const reader = new HttpMessageReader({
    onHead: (text) => {
      head = text;
    },
    onBody: (bytes, start, end) => body.push(bytes.subarray(start, end)),
    onEnd: () => {
      const request = body.length === 1 ? body[0]! : Buffer.concat(body);
      body = [];
      answer(socket, head, request);
    },
  });
  socket.on('data', (bytes: Buffer) => reader.read(bytes));
  socket.on('error', () => socket.destroy());
}

function answer(socket: Socket, head: string, body: Buffer): void {
  const [method, path] = head.split(' ', 2);
  if (method === 'GET') return void socket.write(whole('{"status":"ok"}', '200 OK'));
  const behaviour = readBehaviour(modelOf(body));
  if (behaviour === undefined) {
    socket.write(whole('{"error":{"message":"the model does not say how to behave"}}', '400 Bad Request'));
    return;
  }
  const format = path?.endsWith('/messages') === true ? 'anthropic' : 'openai';
  const send = body.includes('"stream":true')
    ? () => sendStream(socket, format, behaviour)
    : () => socket.write(WHOLE[format]);
  if (behaviour.delayMs === 0) send();
  else at(nowUs() + behaviour.delayMs * 1000, send);
}

/** A search instead of a parse: a request may be long, and what is measured here is somebody else. */
function modelOf(body: Buffer): string {
  const start = body.indexOf(MODEL);
  return start === -1 ? '' : body.toString('latin1', start, start + 100);
}

const MODEL = '"model":"';

function whole(body: string, status: string): string {
  return `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nx-request-id: req_bench\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

const WHOLE = {
  openai: Buffer.from(whole(wholeReply('openai'), '200 OK')),
  anthropic: Buffer.from(whole(wholeReply('anthropic'), '200 OK')),
};

const STREAM_HEAD =
  'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nCache-Control: no-cache\r\nx-request-id: req_bench\r\nTransfer-Encoding: chunked\r\n\r\n';

const STREAM_END = '0\r\n\r\n';

function sendStream(socket: Socket, format: Format, behaviour: Behaviour): void {
  if (behaviour.gapMs === 0) sendBlocks(socket, burst(format, behaviour.events), 0);
  else sendPaced(socket, format, behaviour);
}

/** Each event in an HTTP chunk of its own, as a provider flushes them. */
function chunk(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
}

/** The blocks of a stream without pauses: made once, because nothing in it depends on the time. */
function burst(format: Format, events: number): readonly Buffer[] {
  const key = `${format} ${events}`;
  const known = bursts.get(key);
  if (known !== undefined) return known;
  const { opening, delta, closing } = streamReply(format);
  const event = chunk(delta(mark(0)));
  const blocks = [Buffer.from(STREAM_HEAD + chunk(opening))];
  for (let sent = 0; sent < events; sent += BLOCK_EVENTS)
    blocks.push(Buffer.from(event.repeat(Math.min(BLOCK_EVENTS, events - sent))));
  blocks.push(Buffer.from(chunk(closing(events)) + STREAM_END));
  bursts.set(key, blocks);
  return blocks;
}

/** About 5 KB: fewer system calls than events, and below what a socket takes at once. */
const BLOCK_EVENTS = 16;
const bursts = new Map<string, readonly Buffer[]>();

function sendBlocks(socket: Socket, blocks: readonly Buffer[], first: number): void {
  for (let index = first; index < blocks.length; index++) {
    if (!socket.write(blocks[index]!)) {
      socket.once('drain', () => sendBlocks(socket, blocks, index + 1));
      return;
    }
  }
}

/** The opening comes with the headers, the first content one gap later. */
function sendPaced(socket: Socket, format: Format, { events, gapMs }: Behaviour): void {
  const { opening, delta, closing } = streamReply(format);
  let sent = 0;
  let dueMs = performance.now();
  const sendNext = (): void => {
    if (socket.destroyed) return;
    if (sent === events) {
      socket.write(chunk(closing(events)) + STREAM_END);
      return;
    }
    socket.write(chunk(delta(mark(nowUs()))));
    sent += 1;
    waitGap();
  };
  // From due time to due time, so that late timers do not add up.
  const waitGap = (): void => {
    dueMs += gapMs;
    setTimeout(sendNext, Math.max(0, dueMs - performance.now()));
  };
  socket.write(STREAM_HEAD + chunk(opening));
  waitGap();
}
