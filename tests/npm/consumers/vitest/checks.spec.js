// Vitest, with no configuration.
import { test } from "vitest";
import * as vaultlet from "vaultlet";
import { checks } from "../../checks.js";

for (const [name, check] of Object.entries(checks)) {
  test(name, () => check(vaultlet));
}
