// On Node the first call loads the engine from disk, synchronously: nothing waits, and `require` works too.
import { readFileSync } from "node:fs";
import { api } from "./api.js";
import { development } from "./production.js";
import { initSync } from "./vaultlet.js";

let loaded = false;

function load() {
  if (!loaded) {
    initSync({ module: readFileSync(new URL("./vaultlet_bg.wasm", import.meta.url)) });
    loaded = true;
  }
}

/** Loads the engine; not needed on Node, where the first call does it. */
export async function init() {
  load();
}

export const { createVault, inspect, open, readSnapshot, seal } = api(load, init, development);
