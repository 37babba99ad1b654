// Hundreds of bad inputs at the server: whatever comes, it answers with an error or sends the client away, and goes on.
import assert from "node:assert";
import { randomBytes } from "node:crypto";
import test from "node:test";
import { listen } from "vaultlet/node";
import { send } from "./wire.js";

const HEAD = "Host: x\r\nX-Vault-Token: root\r\n";
const VALID = `POST /v1/auth/token/create HTTP/1.1\r\n${HEAD}Content-Length: 39\r\n\r\n{"type":"batch","policies":["default"]}`;
const PATHS = ["auth/token/create", "auth/token/lookup", "sys/policies/acl/x", "sys/mounts/x", "sys/init", "sys/unseal", "identity/entity", "cubbyhole/x", "sys/leases/lookup"];
const BODIES = ["", "{", "[]", "null", "5", '"', '{"a":', '{"type":{}}', '{"ttl":"-1h"}', '{"num_uses":-1}', '{"policies":5}', '{"meta":[1]}', "\0", "\u{fffd}", '{"id":"a b"}', "[".repeat(2000), '{"type":"batch","ttl":1e99}', '{"policy":"path \\"x\\" {"}'];

/** What is sent, by kind; each is one client's bytes. */
function* inputs() {
  // A request cut off anywhere.
  for (let end = 0; end < VALID.length; end += 1) yield ["cut off", VALID.slice(0, end), true];
  // One byte of it changed.
  for (let at = 0; at < VALID.length; at += 1) {
    const bytes = Buffer.from(VALID, "latin1");
    bytes[at] ^= 1 << at % 8;
    yield ["one bit", bytes, true];
  }
  // Noise, and noise behind a good head.
  for (let round = 0; round < 100; round += 1) {
    yield ["noise", randomBytes(1 + round * 7), true];
    yield ["noise in a body", Buffer.concat([Buffer.from(`POST /v1/${PATHS[round % PATHS.length]} HTTP/1.1\r\n${HEAD}Content-Length: 64\r\n\r\n`), randomBytes(64)]), true];
  }
  // Bodies that are none, everywhere.
  for (const path of PATHS) {
    for (const body of BODIES) {
      const length = Buffer.byteLength(body);
      for (const method of ["POST", "PUT", "PATCH"]) yield ["a wrong body", `${method} /v1/${path} HTTP/1.1\r\n${HEAD}Content-Length: ${length}\r\n\r\n${body}`, true];
    }
  }
}

test("whatever is sent, there is an error or an end, and the vault goes on", async (context) => {
  const server = await listen({ rootToken: "root", times: { request: 2000 } });
  context.after(() => server.close());
  const all = [...inputs()];
  assert.ok(all.length > 800, `${all.length} inputs`);
  const ask = async () => {
    for (let next = all.pop(); next; next = all.pop()) {
      const [kind, bytes, leave] = next;
      const { text, closed } = await send(server.port, bytes, { leave, silence: 2000 });
      assert.ok(closed, `${kind}: the client was left waiting`);
      assert.match(text, /^(HTTP\/1\.[01] \d{3} |$)/, kind);
      assert.doesNotMatch(text, /panicked|unreachable|RuntimeError/, kind);
    }
  };
  await Promise.all(Array.from({ length: 8 }, ask));
  const { status, body } = server.vault.request({ path: "auth/token/lookup-self", token: "root" });
  assert.deepEqual([status, body.data.id], [200, "root"]);
  const { text } = await send(server.port, VALID);
  assert.match(text, /^HTTP\/1\.1 200 OK/);
});
