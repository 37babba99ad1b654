// What every consumer checks. It knows no platform: the package comes in.

/** The token of HashiCorp's lesson, from 2018. */
export const LESSON =
  "b.AAAAAQKf5kVdMwjIwt4o49fDHIfEELolVEbz-rAzlKOlHTrGW_aZrFslOezTsk4JjuTwYtzNONARecYwJRjx59GQmiX6icA7gxnKKzsD3cPYtI10CHoH1GFAyGTN2K4gLIYeHBWdq6O2";

const KEYRING = {
  Keys: [
    { Term: 1, Version: 1, Value: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=" },
    { Term: 2, Version: 1, Value: "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=" },
  ],
};

function equal(left, right) {
  const [a, b] = [JSON.stringify(left), JSON.stringify(right)];
  if (a !== b) throw new Error(`${a} is not ${b}`);
}

/** Checks that `act` throws an Error, or rejects with one, whose sentence has all the words. */
async function throws(act, ...words) {
  let error;
  try {
    await act();
  } catch (thrown) {
    error = thrown;
  }
  if (!(error instanceof Error)) throw new Error(`no Error was thrown, but ${error}; expected: ${words}`);
  const missing = words.filter((word) => !error.message.includes(word));
  if (missing.length > 0) throw new Error(`"${error.message}" does not say ${JSON.stringify(missing)}`);
}

/** Makes a batch token and gives its text. */
function batch(vault, body = {}) {
  const made = vault.request({
    method: "POST",
    path: "auth/token/create",
    token: "root",
    body: { type: "batch", policies: ["base"], ...body },
  });
  equal(made.status, 200);
  return made.body.auth.client_token;
}

function lookup(vault, token) {
  return vault.request({ path: "auth/token/lookup-self", token });
}

/** The checks by name; each takes the package's exports. */
export const checks = {
  "a batch token is made and looked up": async ({ createVault }) => {
    const vault = await createVault({ rootToken: "root" });
    const { status, body } = lookup(vault, batch(vault));
    equal([status, body.data.type, body.data.policies], [200, "batch", ["base", "default"]]);
    equal(vault.writes.encryptions > 0, true);
    vault.free();
  },

  "a batch token writes nothing": async ({ createVault }) => {
    const vault = await createVault();
    const { puts, deletes } = vault.writes;
    batch(vault);
    equal([vault.writes.puts, vault.writes.deletes], [puts, deletes]);
    vault.free();
  },

  "fetch answers like a server far away": async ({ createVault }) => {
    const vault = await createVault({ rootToken: "s3cret" });
    const answer = await vault.fetch("http://127.0.0.1:8200/v1/auth/token/create", {
      method: "POST",
      headers: { "X-Vault-Token": "s3cret", "Content-Type": "application/json" },
      body: JSON.stringify({ type: "batch", policies: ["base"] }),
    });
    equal([answer.status, answer.headers.get("content-type")], [200, "application/json"]);
    const token = (await answer.json()).auth.client_token;
    const request = new Request("http://vault/v1/auth/token/lookup-self", { headers: { "X-Vault-Token": token } });
    equal((await (await vault.fetch(request)).json()).data.id, token);
    const refused = await vault.fetch("/v1/auth/token/lookup-self", { headers: { "X-Vault-Token": "nobody" } });
    equal([refused.status, await refused.json()], [403, { errors: ["permission denied"] }]);
    vault.free();
  },

  "the clock moves on until the token is dead": async ({ createVault }) => {
    const vault = await createVault({ now: 1_800_000_000_000 });
    const token = batch(vault, { ttl: "1h" });
    equal(lookup(vault, token).body.data.ttl, 3600);
    vault.advance("59m");
    equal(lookup(vault, token).body.data.ttl, 60);
    vault.advance(61);
    equal(lookup(vault, token).status, 403);
    vault.free();
  },

  "what ends while time goes by is told, in its order": async ({ createVault }) => {
    const vault = await createVault({ now: 1_800_000_000_000 });
    const make = (token, body) => vault.request({ method: "POST", path: "auth/token/create", token, body }).body.auth;
    const parent = make("root", { ttl: "2h", display_name: "parent" });
    const child = make(parent.client_token, { ttl: "90m", display_name: "child" });
    const orphan = make("root", { ttl: "1h", no_parent: true, display_name: "orphan" });
    equal(vault.advance("30m"), []);
    const [first, second, third, ...more] = vault.advance("10h");
    equal(more, []);
    equal([first.accessor, first.why, first.at], [orphan.accessor, "time", 1_800_003_600_000]);
    equal([second.accessor, second.displayName, second.why], [child.accessor, "token-child", "time"]);
    equal([third.kind, third.accessor, third.path, third.why], ["token", parent.accessor, "auth/token/create", "time"]);
    const family = make("root", { ttl: "1h" });
    const longer = make(family.client_token, { ttl: "1h" });
    equal(vault.advance(3600).map(({ accessor }) => accessor).sort(), [family.accessor, longer.accessor].sort());
    vault.free();
  },

  "many tokens are made in one call, and a callback sees each batch of writes": async ({ createVault }) => {
    const vault = await createVault();
    const batches = [];
    vault.onWrites((batch) => batches.push(batch));
    const tokens = vault.createMany(1000, { token: "root", body: { type: "batch", policies: ["default"], ttl: "1h" } });
    equal([tokens.length, new Set(tokens).size, batches.length], [1000, 1000, 0]);
    equal(lookup(vault, tokens[999]).body.data.type, "batch");
    const [service] = vault.createMany(1, { token: "root", body: { ttl: "1h" } });
    equal([lookup(vault, service).status, batches.length], [200, 1]);
    equal(batches[0].map(([key, value]) => [key.split("/").slice(0, 3).join("/"), value instanceof Uint8Array]).length, 4);
    vault.onWrites();
    vault.createMany(1, { token: "root" });
    equal(batches.length, 1);
    await throws(() => vault.createMany(0), "count");
    await throws(() => vault.createMany(3, { token: "nobody" }), "createMany", "403", "permission denied");
    await throws(() => vault.onWrites(5), "onWrites", "function");
    vault.free();
  },

  "a function is a clock": async ({ createVault }) => {
    let now = 1_800_000_000_000;
    const vault = await createVault({ now: () => now });
    const token = batch(vault, { ttl: "10s" });
    now += 9_000;
    equal(lookup(vault, token).body.data.ttl, 1);
    now += 2_000;
    equal(lookup(vault, token).status, 403);
    vault.free();
  },

  "the lesson's token is taken apart": async ({ createVault, inspect }) => {
    await createVault();
    const anatomy = inspect(LESSON);
    equal([anatomy.kind, anatomy.flavour, anatomy.bytes, anatomy.problems], ["batch", "openbao", 105, []]);
    const { term, version, nonce, sealedLength, tag } = anatomy.sealed;
    equal([term, version, nonce.length, sealedLength, tag.length], [1, 2, 24, 72, 32]);
    const names = anatomy.parts.map(({ name, start, end }) => `${name} ${start}-${end}`);
    equal(names, ["term 0-4", "version 4-5", "nonce 5-17", "ciphertext 17-89", "tag 89-105"]);
    equal(inspect("two words").problems.length, 1);
  },

  "an entry is sealed and opened with a keyring": async ({ createVault, open, seal }) => {
    await createVault();
    const entry = { policies: ["base", "default"], path: "auth/token/create", creation_time: 1_540_592_796, ttl: 1.5, meta: { a: "1" } };
    for (const [flavour, prefix] of [["openbao", "b.AAAAAgI"], ["vault", "hvb.AAAAAgI"]]) {
      const token = seal(entry, KEYRING, { flavour });
      equal(token.startsWith(prefix.slice(0, -1)), true);
      const opened = open(token, JSON.stringify(KEYRING));
      equal([opened.policies, opened.ttl, opened.meta, opened.type], [["base", "default"], 1.5, { a: "1" }, "batch"]);
      equal([opened.namespace_id, opened.parent, opened.creation_time], ["root", "", 1_540_592_796]);
    }
    const tokens = [...Array.from({ length: 100 }, () => seal(entry, KEYRING)), ...seal(entry, KEYRING, { count: 100 })];
    equal(new Set(tokens.map((token) => token.slice(9, 25))).size, 200);
    equal(open(tokens.at(-1), KEYRING).meta, { a: "1" });
    await throws(() => seal(entry, KEYRING, { count: 0 }), "count", "from 1");
  },

  "what does not open says why": async ({ createVault, open, seal }) => {
    await createVault();
    const token = seal({ policies: ["base"] }, KEYRING);
    await throws(() => open(LESSON, KEYRING), "token", "changed, or sealed under another key");
    await throws(() => open("s.abc", KEYRING), "token", "not a batch token");
    await throws(() => open(`${token}=`, KEYRING), "token", "illegal base64 data at input byte");
    await throws(() => open(token, { Keys: [] }), "keyring", "no keys");
    await throws(() => open(token, { Keys: [{ Term: 1, Value: "AAAA" }] }), "keyring", "32 are needed");
    await throws(() => open(token, "{"), "keyring");
    await throws(() => open(token, { Keys: KEYRING.Keys.slice(0, 1) }), "no key of term 2");
  },

  "two vaults without a seed have nothing in common, two with one have everything": async ({ createVault }) => {
    const tokens = async (options) => {
      const vault = await createVault({ now: 1_800_000_000_000, ...options });
      return batch(vault);
    };
    equal((await tokens({ seed: 7 })) === (await tokens({ seed: 7 })), true);
    equal((await tokens({})) === (await tokens({})), false);
  },

  "a vault is saved and opened again": async ({ createVault, readSnapshot }) => {
    const now = 1_800_000_000_000;
    const vault = await createVault({ now });
    vault.request({ method: "PUT", path: "secret/data/x", token: "root", body: { data: { a: "b" } } });
    const token = batch(vault, { ttl: "1h" });
    vault.advance("30m");
    const [snapshot, shares] = [vault.snapshot(), vault.shares];
    equal([snapshot instanceof Uint8Array, shares.length], [true, 1]);
    const read = (vault) => {
      const asked = [["secret/data/x", "root"], ["sys/key-status", "root"], ["auth/token/lookup-self", token]];
      return asked.map(([path, token]) => vault.request({ path, token })).map(({ status, body }) => [status, body.data]);
    };
    const [before, again] = [read(vault), await createVault({ snapshot, shares, now })];
    equal(read(again), before);
    equal(before[2][1].ttl, 1800);
    equal(batch(again) === batch(vault), false);
    again.advance("31m");
    equal(lookup(again, token).status, 403);
    equal(lookup(vault, token).status, 200);
    equal(readSnapshot(snapshot, shares).keys.includes("core/keyring"), true);
    const shut = await createVault({ snapshot: snapshot.buffer, shares, now, readOnly: true });
    equal(shut.request({ method: "PUT", path: "secret/data/x", token: "root", body: { data: {} } }).status, 500);
    equal(shut.request({ path: "secret/data/x", token: "root" }).status, 200);
    await throws(() => createVault({ snapshot }), "unseal shares given");
    await throws(() => createVault({ snapshot, shares: [LESSON] }), "share 1");
    await throws(() => createVault({ snapshot, shares: "x" }), "options.shares");
    await throws(() => createVault({ snapshot: "x", shares }), "snapshot", "Uint8Array");
    await throws(() => createVault({ snapshot, shares, seed: 1 }), "options.seed", "nonces");
    await throws(() => createVault({ snapshot, shares, rootToken: "root" }), "rootToken");
    await throws(() => createVault({ shares }), "shares");
  },

  "a vault begins before its initialisation": async ({ createVault }) => {
    const vault = await createVault({ initialized: false });
    const put = (path, body, token) => vault.request({ method: "PUT", path, body, token });
    equal([vault.request({ path: "sys/health" }).status, vault.shares], [501, []]);
    await throws(() => vault.snapshot(), "snapshot", "sealed");
    const { keys, keys_base64: shares, root_token: root } = put("sys/init", { secret_shares: 3, secret_threshold: 2 }).body;
    equal([keys.length, vault.request({ path: "sys/health" }).status], [3, 503]);
    equal(put("sys/unseal", { key: keys[0] }).body.progress, 1);
    equal(put("sys/unseal", { key: shares[2] }).body.sealed, false);
    equal([lookup(vault, root).status, vault.shares], [200, []]);
    const again = await createVault({ snapshot: vault.snapshot(), shares: shares.slice(1) });
    equal(put("sys/seal", undefined, root).status, 204);
    equal([lookup(vault, root).status, lookup(again, root).status], [503, 200]);
    await throws(() => createVault({ initialized: false, rootToken: "x" }), "options.rootToken");
  },

  "what is no snapshot says so": async ({ createVault, readSnapshot }) => {
    await createVault();
    await throws(() => readSnapshot("bytes", []), "snapshot", "Uint8Array");
    await throws(() => readSnapshot(new Uint8Array(9), []), "snapshot", "not a gzip file");
    await throws(() => readSnapshot(new ArrayBuffer(9), ["x"]), "snapshot", "not a gzip file");
    await throws(() => readSnapshot(new Uint8Array(), "share"), "shares");
    await throws(() => readSnapshot(new Uint8Array(), ["x", 5]), "shares", "[1]");
    const detached = new Uint8Array(9);
    structuredClone(detached, { transfer: [detached.buffer] });
    await throws(() => readSnapshot(detached, []), "snapshot");
  },

  "a wrong type names the field": async ({ createVault, inspect, open, seal }) => {
    await throws(() => createVault({ rootToken: 5 }), "options.rootToken", "string");
    await throws(() => createVault({ now: "today" }), "options.now", "milliseconds");
    await throws(() => createVault({ seed: "x" }), "options.seed");
    await throws(() => createVault({ flavour: "mint" }), "flavour", "mint");
    await throws(() => createVault({ rootTocken: "x" }), "rootTocken");
    await throws(() => createVault(5), "options");
    const vault = await createVault();
    const cyclic = {};
    cyclic.self = cyclic;
    await throws(() => vault.request(), "request", "object");
    await throws(() => vault.request({ path: 5 }), "request.path");
    await throws(() => vault.request({ path: "x", method: 5 }), "request.method");
    await throws(() => vault.request({ path: "x", token: 5 }), "request.token");
    await throws(() => vault.request({ path: "x", headers: 5 }), "request.headers");
    await throws(() => vault.request({ path: "x", headers: { a: 5 } }), "request.headers.a");
    await throws(() => vault.request({ path: "x", body: cyclic }), "request.body");
    await throws(() => vault.request({ path: "x", body: 5n }), "request.body");
    await throws(() => vault.advance(), "advance", "1h");
    await throws(() => vault.advance("soon"), "advance", "soon");
    await throws(() => vault.advance(-1), "advance");
    await throws(() => vault.advance(NaN), "advance");
    for (const nothing of [undefined, null, 5, {}]) {
      await throws(() => inspect(nothing), "inspect", "text");
      await throws(() => open(nothing, KEYRING), "open", "text");
    }
    await throws(() => open(LESSON, undefined), "keyring");
    await throws(() => open(LESSON, 5), "keyring");
    await throws(() => open(LESSON, cyclic), "keyring");
    await throws(() => seal(undefined, KEYRING), "entry");
    await throws(() => seal({ policies: "base" }, KEYRING), "entry.policies");
    await throws(() => seal({ meta: { a: 1 } }, KEYRING), "entry.meta");
    await throws(() => seal({ ttl: "1h" }, KEYRING), "entry.ttl");
    await throws(() => seal({ polices: [] }, KEYRING), "polices");
    await throws(() => seal({}, KEYRING, { flavour: 5 }), "flavour");
    equal(lookup(vault, "root").status, 200);
    vault.free();
  },

  "a freed vault says so": async ({ createVault }) => {
    const vault = await createVault();
    vault.free();
    vault.free();
    await throws(() => vault.request({ path: "sys/health" }), "freed", "createVault");
    await throws(() => vault.fetch("/v1/sys/health"), "freed", "createVault");
    await throws(() => vault.advance("1h"), "freed");
    await throws(() => vault.writes, "freed");
  },
};
