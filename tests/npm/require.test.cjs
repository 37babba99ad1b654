// Node's `require`.
const test = require("node:test");
const assert = require("node:assert");
const vaultlet = require("vaultlet");

test("require gives what import gives", async () => {
  assert.deepEqual(Object.keys(vaultlet).sort(), Object.keys(await import("vaultlet")).sort());
});

test("every check holds", async (context) => {
  const { checks } = await import("./checks.js");
  for (const [name, check] of Object.entries(checks)) {
    await context.test(name, () => check(vaultlet));
  }
});
