// The package's figures beside others', in one run on one machine: medians of five, printed as tables. Usage: node figures.js
import { execFileSync, spawn } from "node:child_process";
import { createCipheriv, randomBytes, webcrypto } from "node:crypto";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { gcm } from "@noble/ciphers/aes.js";
import * as vaultlet from "vaultlet";
import { freePort, answers, realServer } from "./real.js";

const BIN = join(import.meta.dirname, "node_modules/vaultlet/bin/vaultlet.js");
const ROUNDS = 5;

const median = (times) => times.toSorted((a, b) => a - b)[times.length >> 1];
const row = (...cells) => console.log(cells.map((cell, at) => String(cell).padEnd(at === 0 ? 34 : 14)).join(""));

async function medianOf(run) {
  const times = [];
  for (let round = 0; round < ROUNDS; round += 1) times.push(await run());
  return median(times);
}

/** The package's server in a process of its own, as the real one. */
async function ourServer() {
  const port = await freePort();
  const flags = ["server", "-dev", "-dev-root-token-id=root", `-dev-listen-address=127.0.0.1:${port}`];
  const child = spawn(process.execPath, [BIN, ...flags], { stdio: "ignore" });
  const url = `http://127.0.0.1:${port}`;
  await answers(url);
  return { port, url, pid: child.pid, stop: async () => child.kill("SIGKILL") };
}

async function starts() {
  console.log("\nstart to first answer, ms");
  const script = `
    const { createVault, init } = await import("vaultlet");
    await init();
    const begun = performance.now();
    const vault = await createVault({ rootToken: "root" });
    vault.request({ path: "auth/token/lookup-self", token: "root" });
    console.log(performance.now() - begun);`;
  const inProcess = () => Number(execFileSync(process.execPath, ["--input-type=module", "-e", script], { cwd: import.meta.dirname, encoding: "utf8" }));
  row("in process, engine loaded", (await medianOf(inProcess)).toFixed(1));
  for (const [name, start] of [["package's server", ourServer], ["bao server -dev", realServer]]) {
    const took = await medianOf(async () => {
      const begun = performance.now();
      const server = await start();
      const ms = performance.now() - begun;
      await server.stop();
      return ms;
    });
    row(name, took.toFixed(0));
  }
}

const post = (body) => `POST /v1/auth/token/create HTTP/1.1\r\nHost: x\r\nX-Vault-Token: root\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
const REQUESTS = {
  "batch create": () => post('{"type":"batch","policies":["default"]}'),
  "service create": () => post('{"policies":["default"],"ttl":"1h"}'),
  "lookup-self": (token) => `GET /v1/auth/token/lookup-self HTTP/1.1\r\nHost: x\r\nX-Vault-Token: ${token}\r\n\r\n`,
};

/** Asks over eight connections, each one request at a time, `count` in all; gives requests a second. */
async function rate(port, request, count) {
  let left = count;
  const begun = performance.now();
  const client = () =>
    new Promise((resolve, reject) => {
      const socket = connect(port, "127.0.0.1");
      let text = "";
      const next = () => (left-- > 0 ? socket.write(request) : void (socket.destroy(), resolve()));
      socket.setEncoding("latin1");
      socket.setNoDelay(true);
      socket.on("connect", next);
      socket.on("error", reject);
      socket.on("data", (piece) => {
        text += piece;
        const head = text.indexOf("\r\n\r\n");
        const length = head < 0 ? undefined : Number(/content-length: (\d+)/i.exec(text)[1]);
        if (length === undefined || text.length < head + 4 + length) return;
        if (!text.startsWith("HTTP/1.1 200")) return void reject(new Error(text));
        text = "";
        next();
      });
    });
  await Promise.all(Array.from({ length: 8 }, client));
  return count / ((performance.now() - begun) / 1000);
}

const resident = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024;

async function rates() {
  const [ours, real] = await Promise.all([ourServer(), realServer()]);
  console.log("\nrequests a second over loopback, 8 connections");
  row("", "vaultlet", "bao", "ratio");
  for (const [name, request] of Object.entries(REQUESTS)) {
    const of = async ({ port, url }) => {
      const made = await fetch(`${url}/v1/auth/token/create`, { method: "POST", headers: { "X-Vault-Token": "root" }, body: '{"policies":["default"]}' });
      const text = request((await made.json()).auth.client_token);
      await rate(port, text, 500);
      return medianOf(() => rate(port, text, 2000));
    };
    const [one, other] = [await of(ours), await of(real)];
    row(name, one.toFixed(0), other.toFixed(0), (one / other).toFixed(1));
  }
  await Promise.all([ours.stop(), real.stop()]);
}

async function memory() {
  console.log("\nresident MiB after 80,000 service tokens");
  const sizes = [];
  for (const [name, start] of [["vaultlet", ourServer], ["bao", realServer]]) {
    const server = await start();
    await rate(server.port, REQUESTS["service create"](), 80_000);
    sizes.push(resident(server.pid));
    row(name, sizes.at(-1).toFixed(0));
    await server.stop();
  }
  row("ratio", (sizes[0] / sizes[1]).toFixed(2));
}

const KEY = Buffer.from("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", "hex");
const ENTRY = { policies: ["base", "default"], path: "auth/token/create", display_name: "token", creation_time: 1_795_000_000, ttl: 3600 };
const COUNT = 1000;

/** The same work by each: 1,000 tokens, from the entry's bytes to their text. */
async function sealing() {
  const keyring = { Keys: [{ Term: 1, Version: 1, Value: KEY.toString("base64") }] };
  const [sample] = vaultlet.seal(ENTRY, keyring, { count: 1 });
  const plain = Buffer.alloc(Buffer.from(sample.slice(2), "base64url").length - 33, 7);
  const head = Buffer.from("0000000102", "hex");
  const text = (nonce, ...sealed) => `b.${Buffer.concat([head, nonce, ...sealed]).toString("base64url")}`;
  const web = await webcrypto.subtle.importKey("raw", KEY, "AES-GCM", false, ["encrypt"]);
  const many = (one) => () => Array.from({ length: COUNT }, one);
  const ways = {
    vaultlet: () => vaultlet.seal(ENTRY, keyring, { count: COUNT }),
    "node:crypto": many(() => {
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", KEY, nonce);
      return text(nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag());
    }),
    "@noble/ciphers": many(() => {
      const nonce = randomBytes(12);
      return text(nonce, gcm(KEY, nonce).encrypt(plain));
    }),
    WebCrypto: () =>
      Promise.all(
        many(async () => {
          const nonce = randomBytes(12);
          return text(nonce, Buffer.from(await webcrypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, web, plain)));
        })(),
      ),
  };
  console.log(`\nsealing from JavaScript, ${COUNT} tokens a call, us a token (plaintext of ${plain.length} bytes)`);
  let ours;
  for (const [name, way] of Object.entries(ways)) {
    for (let round = 0; round < 20; round += 1) await way();
    const took = await medianOf(async () => {
      const begun = performance.now();
      await way();
      return ((performance.now() - begun) * 1000) / COUNT;
    });
    ours ??= took;
    row(name, took.toFixed(1), `${(took / ours).toFixed(1)}x`);
  }
}

await starts();
await rates();
await memory();
await sealing();
