// What both entries export, over the engine's glue. It knows no platform.
import { Engine, inspect, open, readSnapshot, seal } from "./vaultlet.js";

// Statuses that may have no body, by the rules of Response.
const EMPTY = new Set([204, 304]);

/** A text, or an error that names what is none. */
function text(name, value, needed) {
  if (typeof value !== "string") throw new TypeError(`${name}: ${needed} is needed, not ${kind(value)}`);
  return value;
}

function kind(value) {
  return value === null ? "null" : Array.isArray(value) ? "an array" : typeof value;
}

/** Bytes, or an error that names what are none. */
function bytesOf(name, value) {
  if (value instanceof ArrayBuffer) return value.byteLength === 0 ? new Uint8Array() : new Uint8Array(value);
  if (!(value instanceof Uint8Array)) throw new TypeError(`${name}: a Uint8Array is needed, not ${kind(value)}`);
  // Bytes that were given away to a worker have no length any more, and cannot be copied.
  return value.byteLength === 0 ? new Uint8Array() : value;
}

function headerPairs(headers) {
  if (typeof headers !== "object" || headers === null) {
    throw new TypeError(`request.headers: an object of texts is needed, not ${kind(headers)}`);
  }
  return Object.entries(headers).map(([name, value]) => [name, text(`request.headers.${name}`, value, "a text")]);
}

/** A text as it is, anything else as JSON. */
function encode(body) {
  if (body === undefined) return "";
  if (typeof body === "string") return body;
  try {
    return JSON.stringify(body);
  } catch (error) {
    throw new TypeError(`request.body: it cannot be sent as JSON: ${error.message}`, { cause: error });
  }
}

class Vault {
  #engine;

  constructor(engine) {
    this.#engine = engine;
  }

  get #alive() {
    if (!this.#engine) {
      throw new Error("this vault was freed: create another one with `await createVault()`.");
    }
    return this.#engine;
  }

  request(request) {
    if (typeof request !== "object" || request === null) {
      throw new TypeError(`request: an object such as { path: "sys/health" } is needed, not ${kind(request)}`);
    }
    const { method = "GET", path, token, headers = {}, body } = request;
    text("request.path", path, "a text such as \"auth/token/create\"");
    text("request.method", method, "a text such as \"POST\"");
    const pairs = headerPairs(headers);
    if (token !== undefined) pairs.push(["X-Vault-Token", text("request.token", token, "a token's text")]);
    if (body !== undefined && typeof body !== "string") pairs.push(["Content-Type", "application/json"]);
    const answer = this.#alive.answer({
      method: method.toUpperCase(),
      target: `/v1/${path.replace(/^\/?(v1\/)?/, "")}`,
      headers: pairs,
      body: encode(body),
    });
    return { status: answer.status, body: answer.body === "" ? null : JSON.parse(answer.body) };
  }

  async fetch(input, options = {}) {
    const asked = new Request(input instanceof Request ? input : new URL(input, "http://vaultlet"), options);
    const url = new URL(asked.url);
    const answer = this.#alive.answer({
      method: asked.method,
      target: url.pathname + url.search,
      headers: [...asked.headers],
      body: await asked.text(),
    });
    const empty = EMPTY.has(answer.status) || asked.method === "HEAD";
    return new Response(empty ? null : answer.body, { status: answer.status, headers: answer.headers });
  }

  advance(span) {
    const needed = "a span such as \"1h\", or a number of seconds,";
    this.#alive.advance(text("advance", typeof span === "number" ? `${span}` : span, needed));
  }

  snapshot() {
    return this.#alive.snapshot();
  }

  get shares() {
    return this.#alive.shares();
  }

  get unknownMounts() {
    return this.#alive.unknownMounts();
  }

  get writes() {
    return this.#alive.writes();
  }

  free() {
    this.#engine?.free();
    this.#engine = undefined;
  }
}

/** `need` makes the engine ready or says what to call; `init` loads it. */
export function api(need, init) {
  return {
    async createVault(options = {}) {
      await init();
      if (typeof options !== "object" || options === null) {
        throw new TypeError(`options: an object such as { rootToken: "root" } is needed, not ${kind(options)}`);
      }
      const { now, snapshot, ...rest } = options;
      if (snapshot === undefined) return new Vault(new Engine(rest, now));
      if (rest.seed !== undefined) {
        throw new TypeError("options.seed: the keys of a snapshot have sealed before, and a repeated stream would repeat nonces under them");
      }
      return new Vault(Engine.open(bytesOf("snapshot", snapshot), rest, now));
    },
    inspect(token) {
      need();
      return inspect(text("inspect", token, "a token's text"));
    },
    open(token, keyring) {
      need();
      return open(text("open", token, "a token's text"), keyring);
    },
    readSnapshot(bytes, shares) {
      need();
      return readSnapshot(bytesOf("snapshot", bytes), shares);
    },
    seal(entry, keyring, { flavour } = {}) {
      need();
      if (flavour !== undefined) text("flavour", flavour, "\"openbao\" or \"vault\"");
      return seal(entry, keyring, flavour);
    },
  };
}
