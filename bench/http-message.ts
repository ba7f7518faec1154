// Cuts a TCP stream into HTTP/1.1 messages: as much of the protocol as both ends of a benchmark need and no more, because
// what a measuring tool spends per byte limits what it can measure.

export type MessageHandler = {
  readonly onHead: (head: string) => void;
  /** A part of the body, without copying it out of what was read: `bytes` from `start` to before `end`. */
  readonly onBody: (bytes: Buffer, start: number, end: number) => void;
  readonly onEnd: () => void;
};

type State = 'head' | 'fixed' | 'chunk-size' | 'chunk' | 'chunk-end' | 'trailer';

export class HttpMessageReader {
  readonly #handler: MessageHandler;
  #state: State = 'head';
  /** A head or a line that was cut by the end of a read. */
  #partial: Buffer = EMPTY;
  #bytesLeft = 0;

  constructor(handler: MessageHandler) {
    this.#handler = handler;
  }

  read(received: Buffer): void {
    const bytes = this.#partial.length === 0 ? received : Buffer.concat([this.#partial, received]);
    this.#partial = EMPTY;
    let position = 0;
    while (position < bytes.length) {
      const next = this.#step(bytes, position);
      if (next === position) {
        this.#partial = bytes.subarray(position);
        return;
      }
      position = next;
    }
  }

  /** Where the next step begins; the same position when what is there is not enough. */
  #step(bytes: Buffer, position: number): number {
    switch (this.#state) {
      case 'head':
        return this.#readHead(bytes, position);
      case 'fixed':
      case 'chunk':
        return this.#readBody(bytes, position);
      case 'chunk-size':
        return this.#readLine(bytes, position, (line) => {
          this.#bytesLeft = Number.parseInt(line, 16);
          if (Number.isNaN(this.#bytesLeft)) throw new Error(`a chunk size was expected, got ${line}`);
          this.#state = this.#bytesLeft === 0 ? 'trailer' : 'chunk';
        });
      case 'chunk-end':
        return this.#readLine(bytes, position, () => {
          this.#state = 'chunk-size';
        });
      case 'trailer':
        return this.#readLine(bytes, position, (line) => {
          if (line === '') this.#end();
        });
    }
  }

  #readHead(bytes: Buffer, position: number): number {
    const end = bytes.indexOf(HEAD_END, position);
    if (end === -1) return position;
    const head = bytes.toString('latin1', position, end + 2);
    this.#handler.onHead(head);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    this.#bytesLeft = Number(length ?? 0);
    if (/\r\ntransfer-encoding: *chunked/i.test(head)) this.#state = 'chunk-size';
    else if (this.#bytesLeft > 0) this.#state = 'fixed';
    else this.#end();
    return end + HEAD_END.length;
  }

  #readBody(bytes: Buffer, position: number): number {
    const end = Math.min(bytes.length, position + this.#bytesLeft);
    this.#bytesLeft -= end - position;
    this.#handler.onBody(bytes, position, end);
    if (this.#bytesLeft > 0) return end;
    if (this.#state === 'chunk') this.#state = 'chunk-end';
    else this.#end();
    return end;
  }

  #readLine(bytes: Buffer, position: number, take: (line: string) => void): number {
    const end = bytes.indexOf(LINE_END, position);
    if (end === -1) return position;
    take(bytes.toString('latin1', position, end));
    return end + LINE_END.length;
  }

  #end(): void {
    this.#state = 'head';
    this.#handler.onEnd();
  }
}

const EMPTY = Buffer.alloc(0);
const HEAD_END = Buffer.from('\r\n\r\n');
const LINE_END = Buffer.from('\r\n');
