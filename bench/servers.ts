// The servers of a run and how each is started: the fake provider, the baselines, the gateway, its peer.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { freePort, isInstalled, launch, launchTool, untilAnswering } from './processes.ts';
import { bundleWorker, workerdBinary, writeWorkerConfig } from './workerd.ts';

export type ServerName = 'upstream' | 'nginx' | 'hono' | 'gateway' | 'portkey';
export type Server = { readonly port: number; readonly pid: number };
/** `readyMs`: from the start of the process to its first answer. */
export type StartedWorker = Server & { readonly readyMs: number };
export type NotHere = { readonly skipped: string };

export async function startUpstream(): Promise<Server> {
  const child = launchTool(path.join(import.meta.dirname, 'upstream.ts'));
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout?.once('data', (line: Buffer) => resolve(Number(line)));
    child.once('exit', () => reject(new Error('the upstream did not start')));
  });
  return { port, pid: idOf(child) };
}

/** Every other server stands in front of the upstream; its files go into the folder. */
export function startServer(
  name: Exclude<ServerName, 'upstream'>,
  upstream: Server,
  folder: string,
): Promise<Server | NotHere> {
  switch (name) {
    case 'nginx':
      return startNginx(upstream, folder);
    case 'hono':
      return startHono(upstream, folder);
    case 'gateway':
      return startGateway(upstream, folder);
    case 'portkey':
      return startPortkey(folder);
  }
}

export async function startHono(upstream: Server, folder: string): Promise<StartedWorker> {
  const bundle = path.join(folder, 'hono.bundle.js');
  await bundleWorker(path.join(import.meta.dirname, 'baselines', 'hono.ts'), bundle);
  const bindings = { UPSTREAM: `http://127.0.0.1:${upstream.port}` };
  return startWorker({ name: 'hono', bundle, bindings, folder });
}

export async function startEmpty(folder: string): Promise<StartedWorker> {
  const bundle = path.join(folder, 'empty.bundle.js');
  await bundleWorker(path.join(import.meta.dirname, 'baselines', 'empty.ts'), bundle);
  return startWorker({ name: 'empty', bundle, bindings: {}, folder });
}

/** As an operator runs it: keys required, one log line a request. */
export function startGateway(upstream: Server, folder: string): Promise<StartedWorker> {
  const bindings = {
    ENVIRONMENT: 'development',
    ALLOW_INSECURE_PROVIDERS: '1',
    API_KEYS: CLIENT_KEY,
    API_KEYS_REQUIRED: 'true',
    LOG_LEVEL: 'info',
    OPENAI_API_KEY: 'sk-bench',
    OPENAI_BASE_URL: `http://127.0.0.1:${upstream.port}/v1`,
    ANTHROPIC_API_KEY: 'sk-bench',
    ANTHROPIC_BASE_URL: `http://127.0.0.1:${upstream.port}`,
  };
  return startWorker({ name: 'gateway', bundle: 'dist/index.js', bindings, folder });
}

export const CLIENT_KEY = 'bench-key';

type Worker = {
  readonly name: string;
  readonly bundle: string;
  readonly bindings: Readonly<Record<string, string>>;
  readonly folder: string;
};

async function startWorker({ folder, ...worker }: Worker): Promise<StartedWorker> {
  const port = await freePort();
  const config = writeWorkerConfig(folder, { ...worker, port });
  const startMs = performance.now();
  const child = launch({
    side: 'target',
    command: workerdBinary,
    args: ['serve', config],
    log: path.join(folder, `${worker.name}.log`),
  });
  await untilAnswering(port, '/health/live');
  return { port, pid: idOf(child), readyMs: performance.now() - startMs };
}

async function startNginx(upstream: Server, folder: string): Promise<Server | NotHere> {
  if (!isInstalled('nginx')) return { skipped: 'nginx is not installed' };
  const port = await freePort();
  const config = path.join(folder, 'nginx.conf');
  writeFileSync(config, nginxConfig(port, upstream.port, folder));
  const child = launch({
    side: 'target',
    command: 'nginx',
    args: ['-p', folder, '-c', config, '-e', path.join(folder, 'nginx-error.log')],
    log: path.join(folder, 'nginx.log'),
  });
  await untilAnswering(port, '/health');
  return { port, pid: idOf(child) };
}

/** One process, connections kept on both sides, nothing buffered: a proxy for streams. */
function nginxConfig(port: number, upstreamPort: number, folder: string): string {
  return `daemon off;
master_process off;
pid ${folder}/nginx.pid;
events { worker_connections 4096; }
http {
  access_log off;
  keepalive_requests 100000000;
  client_body_temp_path ${folder}/nginx-body;
  client_body_buffer_size 1m;
  proxy_temp_path ${folder}/nginx-proxy;
  fastcgi_temp_path ${folder}/nginx-fastcgi;
  uwsgi_temp_path ${folder}/nginx-uwsgi;
  scgi_temp_path ${folder}/nginx-scgi;
  upstream provider { server 127.0.0.1:${upstreamPort}; keepalive 256; keepalive_requests 100000000; }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://provider;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;
    }
  }
}
`;
}

/** The gateway that most people would compare with, as its npm package ships it: on Node. */
const PORTKEY = '@portkey-ai/gateway';
const PORTKEY_MANIFEST = JSON.stringify({
  private: true,
  dependencies: { [PORTKEY]: '1.15.2' },
  // The last 1.x answers every stream with 500: https://github.com/honojs/node-server/pull/382
  overrides: { '@hono/node-server': '1.13.8' },
});

async function startPortkey(folder: string): Promise<Server | NotHere> {
  const home = path.resolve('node_modules/.cache/bench-portkey');
  if (!installPortkey(home)) return { skipped: `npm could not install ${PORTKEY}` };
  const port = await freePort();
  const child = launch({
    side: 'target',
    command: process.execPath,
    args: [
      '--import',
      path.join(import.meta.dirname, 'loopback-only.ts'),
      path.join(home, 'node_modules', PORTKEY, 'build', 'start-server.js'),
      '--headless',
      `--port=${port}`,
    ],
    log: path.join(folder, 'portkey.log'),
    env: { NODE_ENV: 'production' },
  });
  await untilAnswering(port, '/');
  return { port, pid: idOf(child) };
}

/** Once: the manifest is only there when the installation was complete. */
function installPortkey(home: string): boolean {
  const done = path.join(home, 'installed.json');
  if (existsSync(done) && readFileSync(done, 'utf8') === PORTKEY_MANIFEST) return true;
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  writeFileSync(path.join(home, 'package.json'), PORTKEY_MANIFEST);
  console.error(`bench: installing ${PORTKEY} into ${path.relative('.', home)}`);
  const install = ['install', '--ignore-scripts', '--no-audit', '--no-fund'];
  const { status } = spawnSync('npm', install, { cwd: home, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status === 0) writeFileSync(done, PORTKEY_MANIFEST);
  return status === 0;
}

function idOf(child: { readonly pid?: number | undefined }): number {
  if (child.pid === undefined) throw new Error('the process did not start');
  return child.pid;
}
