// One vault in this process. It knows no platform and no socket.
import { body, headers, integer, object, text } from "./given.js";

// Statuses that may have no body, by the rules of Response.
const EMPTY = new Set([204, 304]);

/** A vault's engine, for the files beside this one; throws if it was freed. */
export let engineOf;

export class Vault {
  #engine;

  static {
    engineOf = (vault) => vault.#alive;
  }

  constructor(engine) {
    this.#engine = engine;
    this.transport = transport(this);
  }

  get #alive() {
    if (!this.#engine) {
      throw new Error("this vault was freed: create another one with `await createVault()`.");
    }
    return this.#engine;
  }

  request(request) {
    const answer = this.#alive.answer(asked(object("request", request, "an object such as { path: \"sys/health\" }")));
    return { status: answer.status, body: json(answer.body) };
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

  createMany(count, request = {}) {
    integer("count", count, 1, 1_000_000);
    const { path = "auth/token/create", method = "POST", ...rest } = object("request", request, "an object such as { token: \"root\" }");
    return this.#alive.create_many(count, asked({ ...rest, path, method }));
  }

  advance(span) {
    const needed = "a span such as \"1h\", or a number of seconds,";
    return this.#alive.advance(text("advance", typeof span === "number" ? `${span}` : span, needed));
  }

  onWrites(callback) {
    if (callback !== undefined && typeof callback !== "function") throw new TypeError("onWrites: a function is needed");
    this.#alive.on_writes(callback);
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

/** A request as the engine reads it. */
function asked({ path, method = "GET", token, headers: more = {}, body: sent }) {
  text("request.path", path, "a text such as \"auth/token/create\"");
  text("request.method", method, "a text such as \"POST\"");
  const pairs = headers("request.headers", more);
  if (token !== undefined) pairs.push(["X-Vault-Token", text("request.token", token, "a token's text")]);
  if (sent !== undefined && typeof sent !== "string") pairs.push(["Content-Type", "application/json"]);
  const target = `/v1/${path.replace(/^\/?(v1\/)?/, "")}`;
  return { method: method.toUpperCase(), target, headers: pairs, body: body("request.body", sent) };
}

/** Text of a body as what it says; most are JSON, and an empty one says nothing. */
function json(text) {
  if (text === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** What node-vault takes as `"request-promise"`: its requests, answered here. */
function transport(vault) {
  return {
    defaults: () => async (options) => {
      const url = new URL(options.uri);
      const asked = { method: options.method, headers: options.headers };
      if (typeof options.json === "object") asked.body = options.json;
      const { status, body } = vault.request({ ...asked, path: url.pathname + url.search });
      return { statusCode: status, body: body ?? "", request: { path: url.pathname } };
    },
  };
}
