// Outside Node the engine is fetched: call `await init()` once, or `createVault`, which does.
import load from "./vaultlet.js";
import { api } from "./api.js";

let ready = false;
let loading;

function need() {
  if (!ready) {
    throw new Error("vaultlet is not loaded yet: call `await init()` once before this, or `await createVault()`.");
  }
}

/** Loads the engine, once, from beside this file or from what is given: a URL, a Response, bytes or a module. */
export function init(source) {
  loading ??= load(source === undefined ? undefined : { module_or_path: source }).then(
    () => {
      ready = true;
    },
    (error) => {
      loading = undefined;
      throw new Error(`vaultlet's engine did not load: ${error.message}`, { cause: error });
    },
  );
  return loading;
}

export const { createVault, inspect, open, readSnapshot, seal } = api(need, init);
