// Serves the built site as a host that honours `_headers` would, and opens it in Chromium. It knows no page.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize, resolve } from "node:path";

import { chromium } from "playwright-core";

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

const folder = resolve(import.meta.dirname, "../..", process.env.VAULTLET_SITE ?? "dist/site");

/** The blocks of a `_headers` file: a path's pattern and the headers under it. */
async function headerRules() {
  const text = await readFile(join(folder, "_headers"), "utf8");
  const rules = [];
  for (const line of text.split("\n").filter((line) => line.trim() !== "")) {
    if (line.startsWith(" ")) {
      const at = line.indexOf(":");
      rules.at(-1).headers.push([line.slice(0, at).trim(), line.slice(at + 1).trim()]);
    } else {
      const pattern = new RegExp(`^${line.trim().replace(/[.]/g, "\\.").replace(/[*]/g, ".*")}$`);
      rules.push({ pattern, headers: [] });
    }
  }
  return rules;
}

/** Serves the site on a free loopback port. */
export async function serve() {
  const rules = await headerRules();
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, "http://localhost").pathname;
    for (const rule of rules.filter((rule) => rule.pattern.test(path))) {
      for (const [name, value] of rule.headers) response.setHeader(name, value);
    }
    const file = normalize(join(folder, path === "/" ? "index.html" : path));
    try {
      if (!file.startsWith(folder)) throw new Error("outside the site");
      const bytes = await readFile(file);
      response.setHeader("Content-Type", TYPES[extname(file)] ?? "application/octet-stream");
      response.end(bytes);
    } catch {
      response.statusCode = 404;
      response.end("not found");
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const origin = `http://127.0.0.1:${server.address().port}`;
  return { origin, close: () => new Promise((done) => server.close(done)) };
}

/** Chromium, without the requests that it makes of its own. */
export function launch() {
  const executablePath = process.env.VAULTLET_CHROMIUM ?? "/usr/bin/chromium";
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-background-networking"] });
}

/** A page with its faults written down: errors, refused policies, requests to elsewhere. */
export async function open(browser, origin, options = {}) {
  const { path = "/", ...contextOptions } = options;
  const context = await browser.newContext(contextOptions);
  const page = await context.newPage();
  const faults = [];
  page.on("console", (message) => {
    const text = message.text();
    // Chromium has no integrity for what is preloaded as fetch, and says so of the line that Trunk writes.
    if (text.startsWith("The `integrity` attribute is currently ignored for preload")) return;
    if (message.type() === "error" || message.type() === "warning") faults.push(`console: ${text}`);
  });
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  context.on("request", (request) => {
    const url = new URL(request.url());
    if (url.origin !== origin && !["blob:", "data:"].includes(url.protocol)) faults.push(`request: ${url.href}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) faults.push(`status ${response.status()}: ${response.url()}`);
  });
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  await page.goto(`${origin}${path}`);
  if (contextOptions.javaScriptEnabled !== false) await page.locator("#cmd").waitFor({ state: "attached" });
  return { page, faults, close: () => context.close() };
}
