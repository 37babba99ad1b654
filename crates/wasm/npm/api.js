// What both entries export, over the engine's glue. It knows no platform.
import { Engine, inspect, open, seal } from "./vaultlet.js";

// Statuses that may have no body, by the rules of Response.
const EMPTY = new Set([204, 304]);

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

  request({ method = "GET", path, token, headers = {}, body }) {
    if (typeof path !== "string") {
      throw new TypeError("request.path: a text such as \"auth/token/create\" is needed");
    }
    const pairs = Object.entries(headers);
    if (token !== undefined) pairs.push(["X-Vault-Token", token]);
    if (body !== undefined && typeof body !== "string") {
      pairs.push(["Content-Type", "application/json"]);
    }
    const answer = this.#alive.answer({
      method: method.toUpperCase(),
      target: `/v1/${path.replace(/^\/?(v1\/)?/, "")}`,
      headers: pairs,
      body: body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body),
    });
    return { status: answer.status, body: answer.body === "" ? null : JSON.parse(answer.body) };
  }

  async fetch(input, options = {}) {
    const request = new Request(new URL(typeof input === "string" ? input : input.url ?? input, "http://vaultlet"), {
      ...(typeof input === "object" && "method" in input ? { method: input.method, headers: input.headers } : {}),
      ...options,
    });
    const url = new URL(request.url);
    const body = typeof input === "object" && "text" in input && !options.body ? await input.text() : await request.text();
    const answer = this.#alive.answer({
      method: request.method,
      target: url.pathname + url.search,
      headers: [...request.headers],
      body,
    });
    const empty = EMPTY.has(answer.status) || request.method === "HEAD";
    return new Response(empty ? null : answer.body, { status: answer.status, headers: answer.headers });
  }

  advance(span) {
    this.#alive.advance(typeof span === "number" ? `${span}` : span);
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
      const { now, ...rest } = options;
      return new Vault(new Engine(rest, now));
    },
    inspect(token) {
      need();
      if (typeof token !== "string") throw new TypeError("inspect: a token's text is needed");
      return inspect(token);
    },
    open(token, keyring) {
      need();
      if (typeof token !== "string") throw new TypeError("open: a token's text is needed");
      return open(token, keyring);
    },
    seal(entry, keyring, { flavour } = {}) {
      need();
      return seal(entry, keyring, flavour);
    },
  };
}
