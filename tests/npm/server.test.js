// What the server does beyond answering: where it listens, how long it waits, how it stops.
import assert from "node:assert";
import { execFileSync, spawn } from "node:child_process";
import { connect } from "node:net";
import { join } from "node:path";
import test, { after } from "node:test";
import { createVault } from "vaultlet";
import { listen as start } from "vaultlet/node";
import { send } from "./wire.js";

const BIN = join(import.meta.dirname, "node_modules/vaultlet/bin/vaultlet.js");
const HEALTH = "GET /v1/sys/health HTTP/1.1\r\nHost: x\r\n\r\n";

const started = [];

/** A server that is stopped at the end, whatever becomes of its test. */
async function listen(options) {
  const server = await start(options);
  started.push(server);
  return server;
}

after(() => Promise.all(started.map((server) => server.close())));

/** A client that has sent something and waits; `closed` says when it was sent away. */
async function waiting(port, bytes) {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  const closed = new Promise((resolve) => socket.once("close", resolve));
  await new Promise((connected) => socket.once("connect", connected));
  if (bytes !== "") socket.write(bytes);
  socket.resume();
  return { socket, closed };
}

test("its clock moves while clients talk to it", async () => {
  const server = await listen({ rootToken: "root", now: 1_800_000_000_000 });
  const ask = async (path, token, body) => {
    const init = { headers: { "X-Vault-Token": token }, ...(body && { method: "POST", body: JSON.stringify(body) }) };
    const answer = await fetch(`${server.url}/v1/${path}`, init);
    return { status: answer.status, body: await answer.json() };
  };
  const made = await ask("auth/token/create", "root", { type: "batch", policies: ["default"], ttl: "1h" });
  const token = made.body.auth.client_token;
  assert.equal((await ask("auth/token/lookup-self", token)).body.data.ttl, 3600);
  server.vault.advance("2h");
  assert.equal((await ask("auth/token/lookup-self", token)).status, 403);
  await server.close();
});

test("it listens on this machine alone unless it is told otherwise", async () => {
  await assert.rejects(listen({ host: "0.0.0.0" }), /allowRemote: true/);
  const server = await listen({ host: "0.0.0.0", allowRemote: true });
  assert.match(server.address, /^0\.0\.0\.0:\d+$/);
  await assert.rejects(listen({ port: server.port, host: "0.0.0.0", allowRemote: true }), /in use.*another port/);
  await server.close();
});

test("it refuses in production unless that is allowed", async () => {
  const before = process.env.NODE_ENV;
  process.env.NODE_ENV = "production";
  try {
    await assert.rejects(createVault(), /NODE_ENV is "production".*allowProduction: true/);
    await assert.rejects(listen(), /NODE_ENV is "production"/);
    await (await listen({ allowProduction: true })).close();
    (await createVault({ allowProduction: true })).free();
  } finally {
    if (before === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = before;
  }
});

test("wrong options are named", async () => {
  await assert.rejects(listen(5), /options/);
  await assert.rejects(listen({ port: "8200" }), /options\.port/);
  await assert.rejects(listen({ port: 70_000 }), /options\.port/);
  await assert.rejects(listen({ host: 5 }), /options\.host/);
  await assert.rejects(listen({ rootTocken: "x" }), /rootTocken/);
});

test("a client that drips its request is sent away in time, and so is one that says nothing", async () => {
  const server = await listen({ times: { request: 300, idle: 300 } });
  const silent = await waiting(server.port, "");
  const slow = await waiting(server.port, "GET /v1/sys/health HTTP/1.1\r\n");
  const drip = setInterval(() => slow.socket.write("A: x\r\n"), 50);
  await Promise.all([silent.closed, slow.closed]);
  clearInterval(drip);
  assert.match((await send(server.port, HEALTH)).text, /^HTTP\/1\.1 200/);
  await server.close();
});

test("it stops gracefully: idle clients at once, one in the middle of a request after its answer", async () => {
  const server = await listen();
  const idle = await waiting(server.port, HEALTH);
  const busy = await waiting(server.port, "PUT /v1/sys/capabilities-self HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{");
  let answered = "";
  busy.socket.on("data", (bytes) => (answered += bytes));
  await new Promise((later) => setTimeout(later, 50));
  const stopped = server.close();
  await idle.closed;
  await assert.rejects(fetch(server.url));
  busy.socket.write("}");
  await Promise.all([busy.closed, stopped]);
  assert.match(answered, /^HTTP\/1\.1 403/);
});

test("a client that never ends does not keep it from stopping", async () => {
  const server = await listen({ times: { stop: 100 } });
  const busy = await waiting(server.port, "GET /v1/sys/he");
  await new Promise((later) => setTimeout(later, 50));
  await Promise.all([server.close(), busy.closed]);
});

test("a vault freed under its server sends its clients away", async () => {
  const server = await listen();
  server.vault.free();
  assert.deepEqual(await send(server.port, HEALTH), { text: "", closed: true });
  await server.close();
});

test("the command says where it listens, answers, and stops when it is told", async () => {
  const child = spawn(process.execPath, [BIN, "server", "-dev", "-dev-root-token-id", "root", "-dev-listen-address=127.0.0.1:0"]);
  let banner = "";
  await new Promise((told) => child.stdout.on("data", (text) => (banner += text).includes("Root Token: root") && told()));
  const url = /export BAO_ADDR='([^']+)'/.exec(banner)[1];
  const answer = await fetch(`${url}/v1/auth/token/lookup-self`, { headers: { "X-Vault-Token": "root" } });
  assert.equal(answer.status, 200);
  const exited = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  assert.equal(await exited, 0);
});

test("the command explains what it does not understand", () => {
  const run = (...args) => {
    try {
      return execFileSync(process.execPath, [BIN, ...args], { encoding: "utf8", stdio: "pipe" });
    } catch (error) {
      return `${error.status} ${error.stderr}`;
    }
  };
  assert.match(run("sever"), /^1 vaultlet: there is no command "sever"/);
  assert.match(run("server"), /^1 vaultlet: server needs -dev/);
  assert.match(run("server", "-dev", "-prot=1"), /^1 vaultlet: there is no flag -prot/);
  assert.match(run("server", "-dev", "-dev-listen-address=here"), /^1 vaultlet: the address "here"/);
  assert.match(run("server", "-dev", "-dev-listen-address=0.0.0.0:0"), /^1 vaultlet: listen: 0\.0\.0\.0 can be reached/);
  assert.match(run("inspect"), /^1 vaultlet: inspect takes one token/);
  assert.match(run("inspect", "root"), /^kind +\w+/);
  assert.match(run("-h"), /^Usage: vaultlet/);
  assert.match(run("version"), /^vaultlet \d+\.\d+\.\d+ /);
});
