// Real clients, unchanged, against the package's server and the real one: they cannot tell.
import assert from "node:assert";
import test, { after, before } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { createVault } from "vaultlet";
import { listen } from "vaultlet/node";
import { byBao, byHvac, byNodeVault } from "./clients.js";
import { realServer } from "./real.js";

let real, ours;

before(async () => {
  [real, ours] = await Promise.all([realServer(), listen({ rootToken: "root" })]);
});

after(async () => {
  await Promise.all([real?.stop(), ours?.close()]);
});

// The server answers in this process, so a client in another must not be waited for here.
/** Step by step, so that a difference names its step. */
function alike(actual, expected) {
  const step = (told) => told[0] ?? told.line;
  assert.deepEqual(actual.map(step), expected.map(step));
  const differ = expected.flatMap((wanted, at) => (isDeepStrictEqual(actual[at], wanted) ? [] : [{ ours: actual[at], real: wanted }]));
  assert.equal(differ.length, 0, JSON.stringify(differ, undefined, 1));
}

test("hvac", async () => {
  alike(await aside("byHvac", ours.url), byHvac(real.url));
});

test("the real command line", async () => {
  alike(await aside("byBao", ours.url), byBao(real.url));
});

test("node-vault, over the port and without one", async () => {
  const untouched = await realServer();
  const expected = await byNodeVault({ endpoint: untouched.url }).finally(untouched.stop);
  const fresh = await listen({ rootToken: "root" });
  alike(await byNodeVault({ endpoint: fresh.url }), expected);
  await fresh.close();
  const vault = await createVault({ rootToken: "root" });
  alike(await byNodeVault({ "request-promise": vault.transport }), expected);
});

/** Runs a client of `clients.js` in a thread of its own. */
async function aside(client, url) {
  const { Worker } = await import("node:worker_threads");
  const code = `
    const { parentPort, workerData: [client, url] } = require("node:worker_threads");
    import(${JSON.stringify(new URL("./clients.js", import.meta.url).href)})
      .then((clients) => parentPort.postMessage(clients[client](url)))
      .catch((error) => { throw error; });`;
  const worker = new Worker(code, { eval: true, workerData: [client, url] });
  return new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
}
