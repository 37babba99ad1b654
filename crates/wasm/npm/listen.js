// Vault's HTTP API on a port. It knows sockets and their times; what the bytes say is the engine's affair.
import { createServer as plain } from "node:net";
import { createServer as secure } from "node:tls";
import { integer, object, text } from "./given.js";
import { development } from "./production.js";
import { engineOf } from "./vault.js";
import { Socket } from "./vaultlet.js";

const LOOPBACK = /^(localhost|127(\.\d+){3}|::1)$/;

// The real server's own times, in milliseconds.
const TIMES = { request: 30_000, idle: 300_000, stop: 5_000 };

/** Serves a vault; `create` makes one if none is given. */
export async function listen(options, create) {
  const given = object("options", options, "an object such as { port: 8200 }");
  const { vault, host = "127.0.0.1", port = 0, tls, allowRemote, allowProduction, times, ...rest } = given;
  development("listen", allowProduction);
  text("options.host", host, "an address such as \"127.0.0.1\"");
  integer("options.port", port, 0, 65_535);
  if (!LOOPBACK.test(host) && allowRemote !== true) {
    throw new Error(`listen: ${host} can be reached from elsewhere, and this is no real Vault: set allowRemote: true if that is wanted.`);
  }
  const served = vault ?? (await create({ ...rest, allowProduction }));
  const server = new Server(served, { ...TIMES, ...times }, tls);
  await server.start(host, port);
  return server;
}

class Server {
  #server;
  #clients = new Set();
  #times;
  #stopping;

  constructor(vault, times, tls) {
    this.vault = vault;
    this.#times = times;
    this.scheme = tls ? "https" : "http";
    this.#server = tls ? secure(tls) : plain();
    this.#server.on(tls ? "secureConnection" : "connection", (socket) => this.#serve(socket));
    // A client that speaks no TLS is its own affair.
    this.#server.on("tlsClientError", (_, socket) => socket.destroy());
  }

  async start(host, port) {
    await new Promise((resolve, reject) => {
      this.#server.once("error", (error) => reject(new Error(problem(error, host, port), { cause: error })));
      this.#server.listen({ host, port }, resolve);
    });
    const { address, port: bound, family } = this.#server.address();
    this.port = bound;
    this.address = family === "IPv6" ? `[${address}]:${bound}` : `${address}:${bound}`;
    this.url = `${this.scheme}://${this.address}`;
  }

  /** Stops: no new connection, idle ones closed at once, what is under way answered. */
  close() {
    this.#stopping ??= new Promise((resolve) => {
      const late = setTimeout(() => this.#clients.forEach((client) => client.drop()), this.#times.stop);
      this.#server.close(() => {
        clearTimeout(late);
        resolve();
      });
      this.#clients.forEach((client) => client.leave());
    });
    return this.#stopping;
  }

  [Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose")]() {
    return this.close();
  }

  #serve(socket) {
    const client = new Client(socket, this.vault, this.#times);
    this.#clients.add(client);
    socket.once("close", () => {
      this.#clients.delete(client);
      client.gone();
    });
  }
}

class Client {
  #socket;
  #http;
  #vault;
  #times;
  #timer;
  #wasIdle;
  #leaving = false;

  constructor(socket, vault, times) {
    [this.#socket, this.#vault, this.#times] = [socket, vault, times];
    this.#http = new Socket((socket.remoteAddress ?? "").replace(/^::ffff:/, ""));
    socket.setNoDelay(true);
    // A client that resets its connection is its own affair; "close" follows.
    socket.on("error", () => {});
    socket.on("data", (bytes) => this.#answer((engine) => this.#http.receive(engine, bytes)));
    socket.on("end", () => this.#answer((engine) => this.#http.end(engine)));
    socket.on("drain", () => socket.resume());
    this.#watch();
  }

  leave() {
    this.#leaving = true;
    if (this.#http.idle) this.#socket.end();
  }

  drop() {
    this.#socket.destroy();
  }

  gone() {
    clearTimeout(this.#timer);
    this.#http.free();
  }

  #answer(take) {
    let engine;
    try {
      engine = engineOf(this.#vault);
    } catch {
      // The vault was freed under its server: nobody is there to answer.
      return this.drop();
    }
    const out = take(engine);
    if (out.length > 0 && !this.#socket.write(out)) this.#socket.pause();
    if (this.#http.closed || (this.#leaving && this.#http.idle)) this.#socket.end();
    this.#watch();
  }

  /** A request has so long to come whole, however slowly its bytes drip; between requests there is more time. */
  #watch() {
    const idle = this.#http.idle;
    if (idle && this.#wasIdle && this.#timer) return void this.#timer.refresh();
    if (idle === this.#wasIdle) return;
    this.#wasIdle = idle;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.drop(), idle ? this.#times.idle : this.#times.request);
    this.#timer.unref();
  }
}

function problem(error, host, port) {
  if (error.code === "EADDRINUSE") return `listen: ${host}:${port} is in use: stop what listens there, or give another port (0 finds a free one).`;
  if (error.code === "EACCES") return `listen: ${host}:${port} is not allowed here: ports below 1024 need rights, give another one.`;
  return `listen: ${host}:${port}: ${error.message}`;
}
