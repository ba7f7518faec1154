// The lines of a stream in any split, of which only the beginning and the end are kept: for lines that are too large to
// be held and too much to be decoded.

export type LineEnds = {
  readonly head: string;
  readonly tail: string;
  /** `head` is all of it. */
  readonly whole: boolean;
};

export type LineEndsReader = {
  /** The lines that became complete with these bytes. */
  readonly feed: (bytes: Uint8Array) => readonly LineEnds[];
  /** The last line, if it has no end. */
  readonly end: () => readonly LineEnds[];
};

/** `kept`: bytes of each end. */
export function createLineEnds(kept: number): LineEndsReader {
  let head = '';
  let tail = '';
  let length = 0;

  const add = (piece: Uint8Array): void => {
    length += piece.byteLength;
    if (head.length < kept) head += latin1(piece.subarray(0, kept - head.length));
    tail = (tail + latin1(piece.subarray(-kept))).slice(-kept);
  };
  const take = (): LineEnds => {
    const line = { head: head.replace(/\r$/, ''), tail, whole: length <= kept };
    [head, tail, length] = ['', '', 0];
    return line;
  };
  return {
    feed: (bytes) => {
      const lines: LineEnds[] = [];
      let start = 0;
      for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
        add(bytes.subarray(start, end));
        lines.push(take());
        start = end + 1;
      }
      add(bytes.subarray(start));
      return lines;
    },
    end: () => (length === 0 ? [] : [take()]),
  };
}

const LINE_FEED = 0x0a;

/** One character a byte, so that a cut in the middle of a character does no harm. */
function latin1(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
const decoder = new TextDecoder('latin1');
