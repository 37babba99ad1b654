// Node's `import`.
import assert from "node:assert";
import { readFileSync } from "node:fs";
import test from "node:test";
import * as vaultlet from "vaultlet";
import { checks } from "./checks.js";

test("nothing needs to be awaited before the first call", () => {
  vaultlet.inspect("root");
});

test("a real server's snapshot opens with three of its five shares, and its tokens with the keyring", () => {
  const read = (path) => readFileSync(new URL(`../../crates/${path}`, import.meta.url));
  const recorded = JSON.parse(read("token/tests/data/recorded.json"));
  const snapshot = read("core/tests/data/raft.snap");
  const opened = vaultlet.readSnapshot(snapshot, recorded.unseal_keys_b64.slice(1, 4));
  assert.deepEqual(opened, { keyring: recorded.keyring, threshold: 3, shares: 5, keys: recorded.snapshot_keys });
  for (const { token, lookup } of recorded.tokens.filter(({ lookup }) => lookup.type === "batch")) {
    assert.deepEqual(vaultlet.open(token, opened.keyring).policies, lookup.policies);
  }
  const few = recorded.unseal_keys_b64.slice(0, 2);
  assert.throws(() => vaultlet.readSnapshot(snapshot, few), /2 of 3 unseal shares given/);
  assert.throws(() => vaultlet.readSnapshot(snapshot.subarray(0, 9000), few), /cut off/);
});

test("a real server's snapshot is a vault, read-only unless asked otherwise, and names what is not known", async () => {
  const read = (path) => readFileSync(new URL(`../../crates/core/tests/data/${path}`, import.meta.url));
  const recorded = JSON.parse(read("mounts.json"));
  const [snapshot, now] = [read("mounts.snap"), Date.parse(recorded.now)];
  const shares = recorded.shares.slice(0, 2);
  const vault = await vaultlet.createVault({ snapshot, shares, now });
  const wanted = recorded.answers.find(({ path }) => path === "kv2/data/top");
  const top = () => vault.request({ path: "kv2/data/top", token: recorded.root });
  assert.deepEqual(top().body.data, wanted.answer.data);
  assert.deepEqual(vault.unknownMounts.map(({ path, type }) => `${path} ${type}`), ["auth/jwt/ jwt", "ca/ pki", "transit/ transit"]);
  const put = (vault) => vault.request({ method: "PUT", path: "kv1/x/y", token: recorded.root, body: { a: "c" } }).status;
  assert.deepEqual([put(vault), vault.shares], [500, []]);
  assert.equal(put(await vaultlet.createVault({ snapshot, shares, now, readOnly: false })), 204);
});

for (const [name, check] of Object.entries(checks)) {
  test(name, () => check(vaultlet));
}
