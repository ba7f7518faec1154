// Preloaded into a server that has no option for its address: whatever it listens on, it does so on the loopback.

import { Server } from 'node:net';

// oxlint-disable-next-line typescript/unbound-method -- the proxy passes `this` on
Server.prototype.listen = new Proxy(Server.prototype.listen, {
  apply(listen, server: Server, [address, ...rest]: unknown[]) {
    const options = typeof address === 'object' ? { ...address } : { port: address };
    const whenListening = rest.filter((argument) => typeof argument === 'function');
    return Reflect.apply(listen, server, [{ ...options, host: '127.0.0.1' }, ...whenListening]) as Server;
  },
});
