// What would be published, file by file.
import assert from "node:assert";
import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import test from "node:test";

test("the package has these files and no others", () => {
  const root = join(import.meta.dirname, "node_modules/vaultlet");
  const files = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
  assert.deepEqual(files, [
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "api.js",
    "bin/flags.js",
    "bin/inspect-command.js",
    "bin/server-command.js",
    "bin/vaultlet.js",
    "given.js",
    "index.d.cts",
    "index.d.ts",
    "inline.d.ts",
    "inline.js",
    "listen.js",
    "node.cjs",
    "node.d.cts",
    "node.d.ts",
    "node.js",
    "once.js",
    "package.json",
    "packed.js",
    "production.js",
    "server.cjs",
    "server.js",
    "vault.js",
    "vaultlet.js",
    "vaultlet_bg.wasm",
    "web.js",
    "workerd.js",
  ]);
});
