// What would be published, file by file.
import assert from "node:assert";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";

test("the package has these files and no others", () => {
  const files = readdirSync(join(import.meta.dirname, "node_modules/vaultlet")).sort();
  assert.deepEqual(files, [
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "api.js",
    "index.d.ts",
    "node.js",
    "package.json",
    "vaultlet.js",
    "vaultlet_bg.wasm",
    "web.js",
  ]);
});
