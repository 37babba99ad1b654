// Node's `import`.
import test from "node:test";
import * as vaultlet from "vaultlet";
import { checks } from "./checks.js";

test("nothing needs to be awaited before the first call", () => {
  vaultlet.inspect("root");
});

for (const [name, check] of Object.entries(checks)) {
  test(name, () => check(vaultlet));
}
