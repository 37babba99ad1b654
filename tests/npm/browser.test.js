// A page with a plain `<script type="module">`, in headless Chromium, served on loopback.
import assert from "node:assert";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import test, { after, before } from "node:test";
import { chromium } from "playwright-core";
import { checks } from "./checks.js";

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };
const PAGE = `<!doctype html><title>consumer</title><script type="module">
  import * as vaultlet from "/vaultlet/web.js";
  import { checks } from "/checks.js";
  window.early = (() => {
    try {
      return vaultlet.inspect("root");
    } catch (error) {
      return error.message;
    }
  })();
  window.check = async (name) => checks[name](vaultlet);
</script>`;

let browser, page, server;
const requested = [];

/** The package, the checks and the page; nothing else. */
async function serve(request, response) {
  const path = normalize(new URL(request.url, "http://localhost").pathname);
  requested.push(path);
  const file = path.startsWith("/vaultlet/")
    ? join(import.meta.dirname, "node_modules", path)
    : path === "/checks.js" && join(import.meta.dirname, path);
  const body = path === "/" ? PAGE : file && (await readFile(file).catch(() => undefined));
  response.writeHead(body ? 200 : 404, { "Content-Type": TYPES[extname(path) || ".html"] ?? "text/plain" });
  response.end(body || undefined);
}

before(async () => {
  server = createServer(serve);
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  browser = await chromium.launch({
    executablePath: process.env.VAULTLET_CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-background-networking"],
  });
  page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.waitForFunction(() => "check" in window);
});

after(async () => {
  await browser?.close();
  server?.close();
});

test("a call before the engine is loaded says what to await", async () => {
  assert.match(await page.evaluate(() => window.early), /await init\(\)/);
});

for (const name of Object.keys(checks)) {
  test(name, () => page.evaluate((name) => window.check(name), name));
}

test("the page asked for the package and nothing else, the engine once", () => {
  const asked = requested.filter((path) => path !== "/favicon.ico").sort();
  const files = ["api.js", "given.js", "once.js", "vault.js", "vaultlet.js", "vaultlet_bg.wasm", "web.js"];
  assert.deepEqual(asked, ["/", "/checks.js", ...files.map((file) => `/vaultlet/${file}`)]);
});
