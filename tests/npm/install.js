// Puts the package into node_modules as it would be published: packed, then unpacked. It knows no test.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const here = import.meta.dirname;
const built = resolve(process.env.VAULTLET_NPM ?? join(here, "../../dist/npm"));
if (!existsSync(join(built, "vaultlet_bg.wasm"))) {
  throw new Error(`the package is not at ${built}: run \`cargo xtask package\`, or set VAULTLET_NPM to a built one`);
}

const scratch = mkdtempSync(join(tmpdir(), "vaultlet-npm-"));
try {
  const packed = execFileSync("npm", ["pack", "--json", "--pack-destination", scratch], { cwd: built, encoding: "utf8" });
  const [{ filename }] = JSON.parse(packed);
  const installed = join(here, "node_modules/vaultlet");
  rmSync(installed, { recursive: true, force: true });
  mkdirSync(installed, { recursive: true });
  execFileSync("tar", ["-xzf", join(scratch, filename), "--strip-components=1", "-C", installed]);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
