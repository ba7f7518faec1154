// Upstash's REST protocol on a loopback port, as far as the cache speaks it, in front of a real redis-server or of a map.
// https://upstash.com/docs/redis/features/restapi

import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage } from 'node:http';
import { createConnection, type AddressInfo } from 'node:net';
import { until } from './until.ts';

/** One command and its reply; rejects with the server's words. */
export type RedisBackend = {
  readonly run: (command: readonly string[]) => Promise<string | number | null>;
  readonly stop: () => void;
};

export type UpstashRest = {
  readonly url: string;
  readonly token: string;
  readonly commands: (readonly string[])[];
  /** `dead`: connections are reset. `silent`: nothing is ever answered. */
  readonly be: (mood: 'well' | 'dead' | 'silent') => void;
  readonly stop: () => Promise<void>;
};

export async function startUpstashRest(backend: RedisBackend): Promise<UpstashRest> {
  const token = 'upstash-token';
  const commands: (readonly string[])[] = [];
  let mood: 'well' | 'dead' | 'silent' = 'well';
  const server = createServer((request, response) => {
    void read(request).then(async (body) => {
      const command = JSON.parse(body) as readonly unknown[];
      const words = command.map(String);
      commands.push(words);
      if (mood === 'silent') return;
      if (mood === 'dead') return void response.socket?.resetAndDestroy();
      const isOurs = request.headers.authorization === `Bearer ${token}`;
      const answer = isOurs
        ? await backend.run(words).then(
            (result) => ({ status: 200, body: { result } }),
            (error: Error) => ({ status: 400, body: { error: error.message } }),
          )
        : { status: 401, body: { error: 'WRONGPASS' } };
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    commands,
    be: (next) => {
      mood = next;
    },
    stop: async () => {
      backend.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** Enough of Redis for texts with a time to live that nobody waits for. */
export function mapBackend(): RedisBackend {
  const texts = new Map<string, string>();
  return {
    run: ([name = '', key = '', value = '']) => {
      switch (name.toLowerCase()) {
        case 'get':
          return Promise.resolve(texts.get(key) ?? null);
        case 'set':
          texts.set(key, value);
          return Promise.resolve('OK');
        case 'del':
          return Promise.resolve(texts.delete(key) ? 1 : 0);
        default:
          return Promise.reject(new Error(`ERR unknown command '${name}'`));
      }
    },
    stop: () => undefined,
  };
}

/** A redis-server of its own, in memory. Throws where none is installed: see `hasRedisServer`. */
export async function redisBackend(port: number): Promise<RedisBackend> {
  const server = spawn('redis-server', ['--port', String(port), '--save', '', '--appendonly', 'no'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let said = '';
  server.stdout.on('data', (data: Buffer) => (said += data.toString('utf8')));
  await until(() => said.includes('Ready to accept connections'));
  return {
    run: (command) => ask(port, command),
    stop: () => void server.kill(),
  };
}

/** https://redis.io/docs/latest/develop/reference/protocol-spec/: one connection a command is enough here. */
function ask(port: number, command: readonly string[]): Promise<string | number | null> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(port, '127.0.0.1');
    let received = Buffer.alloc(0);
    socket.on('error', reject);
    socket.on('data', (data) => {
      received = Buffer.concat([received, data]);
      const reply = readReply(received);
      if (reply === undefined) return;
      socket.destroy();
      if (reply instanceof Error) reject(reply);
      else resolve(reply);
    });
    const words = command.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('');
    socket.write(`*${command.length}\r\n${words}`);
  });
}

/** `undefined` while it is not all there. */
function readReply(bytes: Buffer): string | number | null | Error | undefined {
  const end = bytes.indexOf('\r\n');
  if (end < 0) return undefined;
  const line = bytes.toString('utf8', 1, end);
  switch (String.fromCharCode(bytes[0] ?? 0)) {
    case '+':
      return line;
    case '-':
      return new Error(line);
    case ':':
      return Number(line);
    default: {
      const size = Number(line);
      if (size < 0) return null;
      return bytes.length < end + 4 + size ? undefined : bytes.toString('utf8', end + 2, end + 2 + size);
    }
  }
}
