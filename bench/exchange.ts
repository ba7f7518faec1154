// One keep-alive connection of the load generator: sends a prepared request, reads the answer, tells when which part of
// it came.

import { connect, type Socket } from 'node:net';
import { MARK, MARK_DIGITS } from './behaviour.ts';
import { nowUs } from './clock.ts';
import { HttpMessageReader } from './http-message.ts';

export type Exchange = {
  readonly dueUs: number;
  readonly endedUs: number;
  readonly firstByteUs: number;
  readonly firstMarkUs: number;
  readonly marks: number;
  /** Why the answer is bad, as far as the protocol shows it. */
  readonly trouble: string | null;
};

export type ExchangeObserver = {
  readonly onMark: (sentUs: number, arrivedUs: number) => void;
  readonly onEnd: (exchange: Exchange, connection: Connection) => void;
};

export class Connection {
  readonly #port: number;
  readonly #request: Buffer;
  readonly #observer: ExchangeObserver;
  #socket: Socket | undefined;
  #reader: HttpMessageReader;
  #asked = false;
  #arrivedUs = 0;

  #dueUs = 0;
  #firstByteUs = 0;
  #firstMarkUs = 0;
  #marks = 0;
  #status = '';
  /** The last byte of the body so far: a mark may be cut in two. */
  #lastByte = 0;

  constructor(port: number, request: Buffer, observer: ExchangeObserver) {
    this.#port = port;
    this.#request = request;
    this.#observer = observer;
    this.#reader = this.#createReader();
  }

  get busy(): boolean {
    return this.#asked;
  }

  ask(dueUs: number): void {
    this.#asked = true;
    this.#dueUs = dueUs;
    this.#firstByteUs = 0;
    this.#firstMarkUs = 0;
    this.#marks = 0;
    this.#status = '';
    this.#lastByte = 0;
    this.#socket ??= this.#open();
    this.#socket.write(this.#request);
  }

  close(): void {
    this.#asked = false;
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  #open(): Socket {
    const socket = connect({ port: this.#port, host: '127.0.0.1', noDelay: true });
    this.#reader = this.#createReader();
    socket.on('data', (bytes: Buffer) => {
      this.#arrivedUs = nowUs();
      try {
        this.#reader.read(bytes);
      } catch (error) {
        this.#end(`not HTTP: ${String(error)}`);
      }
    });
    socket.on('error', (error) => this.#end(error.message));
    socket.on('close', () => {
      if (this.#socket === socket) this.#end('the connection was closed');
    });
    return socket;
  }

  #createReader(): HttpMessageReader {
    return new HttpMessageReader({
      onHead: (head) => {
        this.#status = head.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length);
      },
      onBody: (bytes, start, end) => this.#readBody(bytes, start, end),
      onEnd: () => this.#end(this.#status === '200' ? null : `status ${this.#status}`),
    });
  }

  #readBody(bytes: Buffer, start: number, end: number): void {
    if (this.#firstByteUs === 0) this.#firstByteUs = this.#arrivedUs;
    // A mark whose time was cut counts, its time does not.
    if (this.#lastByte === AT && bytes[start] === AT) this.#take(0);
    for (
      let at = bytes.indexOf(MARK_BYTES, start);
      at !== -1 && at + 1 < end;
      at = bytes.indexOf(MARK_BYTES, at + 2)
    ) {
      const timeEnd = at + MARK_BYTES.length + MARK_DIGITS;
      this.#take(timeEnd <= end ? Number(bytes.toString('latin1', at + MARK_BYTES.length, timeEnd)) : 0);
    }
    this.#lastByte = bytes[end - 1] ?? 0;
  }

  #take(sentUs: number): void {
    this.#marks += 1;
    if (this.#firstMarkUs === 0) this.#firstMarkUs = this.#arrivedUs;
    this.#observer.onMark(sentUs, this.#arrivedUs);
  }

  #end(trouble: string | null): void {
    if (trouble !== null) {
      this.#socket?.destroy();
      this.#socket = undefined;
    }
    if (!this.#asked) return;
    this.#asked = false;
    this.#observer.onEnd(
      {
        dueUs: this.#dueUs,
        endedUs: nowUs(),
        firstByteUs: this.#firstByteUs,
        firstMarkUs: this.#firstMarkUs,
        marks: this.#marks,
        trouble,
      },
      this,
    );
  }
}

const MARK_BYTES = Buffer.from(MARK);
const AT = MARK_BYTES[0];
