// TypeScript's own compiler on `types.ts`, as a project with `import` and one with `require` would run it.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import test from "node:test";

const tsc = join(import.meta.dirname, "node_modules/typescript/bin/tsc");
const strict = ["--strict", "--noEmit", "--target", "es2022", "--lib", "es2022,dom"];

for (const [module, resolution] of [["nodenext", "nodenext"], ["esnext", "bundler"]]) {
  test(`tsc --strict agrees, resolving like ${resolution}`, () => {
    const how = ["--module", module, "--moduleResolution", resolution];
    execFileSync(process.execPath, [tsc, ...strict, ...how, "types.ts"], { cwd: import.meta.dirname, encoding: "utf8", stdio: "pipe" });
  });
}
