// Waits for something that nobody announces: a log line, a socket that another process closes.

/** The test's own time limit bounds it. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}
