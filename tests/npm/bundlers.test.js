// Vite and webpack build a page, and every check holds in it, in headless Chromium.
import assert from "node:assert";
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import test, { after, before } from "node:test";
import { chromium } from "playwright-core";
import { checks } from "./checks.js";

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };
const page = join(import.meta.dirname, "consumers/bundled");

const run = (name, file, args) =>
  execFileSync(process.execPath, [join(import.meta.dirname, "node_modules", file), ...args], { cwd: page, stdio: "pipe", env: { ...process.env, NODE_ENV: "production" } });

const BUNDLERS = {
  vite: (out) => run("vite", "vite/bin/vite.js", ["build", "--outDir", out, "--logLevel", "warn", "--base", "./"]),
  webpack: (out) => {
    run("webpack", "webpack/bin/webpack.js", ["--mode", "production", "--entry", "./main.js", "--output-path", out, "--output-filename", "main.js"]);
    copyFileSync(join(page, "index.html"), join(out, "index.html"));
  },
};

let browser;

before(async () => {
  browser = await chromium.launch({
    executablePath: process.env.VAULTLET_CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-background-networking"],
  });
});

after(() => browser?.close());

for (const [name, build] of Object.entries(BUNDLERS)) {
  test(`${name} builds a page in which every check holds`, async (context) => {
    const out = mkdtempSync(join(tmpdir(), "vaultlet-bundled-"));
    context.after(() => rmSync(out, { recursive: true, force: true }));
    build(out);
    const { asked, url, close } = await serve(out);
    context.after(close);
    const tab = await browser.newPage();
    await tab.goto(url);
    await tab.waitForFunction(() => "check" in window);
    for (const entry of ["vaultlet", "inline"]) {
      for (const check of Object.keys(checks)) {
        await context.test(`${entry}: ${check}`, () => tab.evaluate(([check, entry]) => window.check(check, entry), [check, entry]));
      }
    }
    assert.equal(asked.filter((path) => path.endsWith(".wasm")).length, 1, `the engine is loaded once: ${asked}`);
  });
}

async function serve(folder) {
  const asked = [];
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, "http://localhost").pathname;
    asked.push(path);
    const body = await readFile(join(folder, path === "/" ? "index.html" : path)).catch(() => undefined);
    response.writeHead(body ? 200 : 404, { "Content-Type": TYPES[extname(path) || ".html"] ?? "text/plain" });
    response.end(body);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return { asked, url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}
