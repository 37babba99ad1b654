// The real server, started for a test and stopped by it. It knows no test.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A port that is free now. */
export async function freePort() {
  const server = createServer();
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

/** Starts `bao server -dev` with the root token "root"; gives its port, its url and how to stop it. */
export async function realServer() {
  const home = mkdtempSync(join(tmpdir(), "vaultlet-real-"));
  const port = await freePort();
  const flags = ["-dev", "-dev-root-token-id=root", `-dev-listen-address=127.0.0.1:${port}`, "-dev-no-store-token"];
  const child = spawn("bao", ["server", ...flags], { env: { PATH: process.env.PATH, HOME: home }, stdio: "ignore" });
  const failed = new Promise((_, reject) => child.once("error", (error) => reject(new Error(`bao does not start: ${error.message}; \`cargo xtask test npm\` puts it on the path`))));
  const url = `http://127.0.0.1:${port}`;
  await Promise.race([failed, answers(url)]);
  const stop = async () => {
    const gone = new Promise((exited) => child.once("exit", exited));
    child.kill("SIGKILL");
    await gone;
    rmSync(home, { recursive: true, force: true });
  };
  return { port, url, pid: child.pid, home, stop };
}

/** Waits until a server is unsealed and active. */
export async function answers(url) {
  for (const end = Date.now() + 30_000; Date.now() < end; ) {
    const answer = await fetch(`${url}/v1/sys/health`).catch(() => undefined);
    if (answer?.status === 200) return;
    await new Promise((later) => setTimeout(later, 50));
  }
  throw new Error(`${url} did not answer within 30 s`);
}
