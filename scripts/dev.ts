// The Worker under `wrangler dev`: no account, no keys, no internet. Variables come from the process environment and
// from .dev.vars; without a provider's key the built-in sandbox answers.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { bin, quietWrangler, workerVariables } from './tools.ts';

const port = process.env['PORT'] ?? '8787';
console.log(`llm-proxy starts at http://127.0.0.1:${port}; try:

  curl http://127.0.0.1:${port}/v1/chat/completions -H 'content-type: application/json' \\
    -d '{"model":"sandbox/echo","messages":[{"role":"user","content":"hello"}]}'
`);

const child = spawn(
  process.execPath,
  [
    bin('wrangler'),
    'dev',
    '--local',
    '--port',
    port,
    '--show-interactive-dev-session=false',
    '--var',
    'ENVIRONMENT:development',
    '--var',
    'API_KEYS_REQUIRED:false',
    // Named, so that wrangler reads the process environment beside it: keys on a command line can be seen by others.
    ...(existsSync('.dev.vars') ? ['--env-file', '.dev.vars'] : []),
    ...process.argv.slice(2),
  ],
  {
    stdio: 'inherit',
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      ...workerVariables(process.env),
      ...quietWrangler,
      CLOUDFLARE_INCLUDE_PROCESS_ENV: 'true',
      X_LOCAL_OBSERVABILITY: 'false',
      X_LOCAL_EXPLORER: 'false',
    },
  },
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => process.exit(code ?? 0));
