// Every check, for whoever runs a script: Deno, Bun.
import * as vaultlet from "vaultlet";
import { checks } from "../checks.js";

for (const [name, check] of Object.entries(checks)) {
  try {
    await check(vaultlet);
  } catch (error) {
    throw new Error(`${name}: ${error.message}`, { cause: error });
  }
}
console.log(`${Object.keys(checks).length} checks hold`);
