// Other runtimes and test runners, each as its users start it.
import assert from "node:assert";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { checks } from "./checks.js";

const here = import.meta.dirname;
const modules = join(here, "node_modules");
const count = Object.keys(checks).length;
const environment = { ...process.env, NODE_ENV: "test", NODE_OPTIONS: "", CI: "1" };

/** What a program says; its own words if it fails. */
function run(program, args, cwd = here) {
  try {
    return execFileSync(program, args, { cwd, env: environment, encoding: "utf8", stdio: "pipe" });
  } catch (error) {
    throw new Error(`${program} ${args.join(" ")}\n${error.stdout}\n${error.stderr}`, { cause: error });
  }
}

test("Vitest", () => {
  assert.match(run(process.execPath, [join(modules, "vitest/vitest.mjs"), "run", "--root", "consumers/vitest"]), new RegExp(`${count} passed`));
});

test("Jest without flags", () => {
  run(process.execPath, [join(modules, "jest/bin/jest.js"), "--rootDir", "consumers/jest"]);
});

test("Bun", () => {
  const bun = join(modules, "bun/bin/bun.exe");
  assert.ok(existsSync(bun), "bun is installed");
  assert.equal(run(bun, ["consumers/all.js"]), `${count} checks hold\n`);
});

test("Deno, allowed to read files and nothing else", () => {
  const rights = ["--allow-read", "--allow-env", "--node-modules-dir=manual", "--no-lock"];
  assert.equal(run("deno", ["run", ...rights, "consumers/all.js"]), `${count} checks hold\n`);
});

test("publint finds nothing", () => {
  const said = run(process.execPath, [join(modules, "publint/src/cli.js"), "run", "node_modules/vaultlet", "--strict"]);
  assert.match(said, /All good/);
});

test("are the types wrong? They are not", () => {
  run(process.execPath, [join(modules, "@arethetypeswrong/cli/dist/index.js"), "--pack", "node_modules/vaultlet", "--exclude-entrypoints", "wasm", "--ignore-rules", "cjs-resolves-to-esm"]);
});
