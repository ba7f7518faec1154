// A provider's body that a test writes by hand, and that remembers how it was read.

export type ScriptedBody = {
  readonly stream: ReadableStream<Uint8Array>;
  readonly push: (text: string) => void;
  readonly close: () => void;
  readonly break: () => void;
  readonly cancelled: () => boolean;
  /** Bytes that the reader asked for and got. */
  readonly pulled: () => number;
};

/** Pushed text waits in the body until it is read: `pulled` shows back-pressure. */
export function scriptedBody(...initial: readonly string[]): ScriptedBody {
  const encoder = new TextEncoder();
  const queue = initial.map((text) => encoder.encode(text));
  let ending: 'close' | 'break' | undefined;
  let wake: (() => void) | undefined;
  let cancelled = false;
  let pulled = 0;
  const stream = new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        while (queue.length === 0 && ending === undefined && !cancelled) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
        const next = queue.shift();
        if (next !== undefined) {
          pulled += next.byteLength;
          controller.enqueue(next);
        } else if (ending === 'close') controller.close();
        else if (ending === 'break') controller.error(new Error('the socket broke'));
      },
      cancel: () => {
        cancelled = true;
        wake?.();
      },
    },
    { highWaterMark: 0 },
  );
  const change = (act: () => void) => (): void => {
    act();
    wake?.();
  };
  return {
    stream,
    push: (text) => change(() => queue.push(encoder.encode(text)))(),
    close: change(() => (ending = 'close')),
    break: change(() => (ending = 'break')),
    cancelled: () => cancelled,
    pulled: () => pulled,
  };
}
