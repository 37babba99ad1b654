// Where a wasm file is imported as a module and nothing may be fetched or compiled: workerd and what is like it.
import { api } from "./api.js";
import { initSync } from "./vaultlet.js";
import module from "./vaultlet_bg.wasm";

let loaded = false;

function load() {
  if (!loaded) initSync({ module });
  loaded = true;
}

/** Loads the engine; not needed here, where the first call does it. */
export async function init() {
  load();
}

export const { createVault, inspect, open, readSnapshot, seal } = api(load, init);
