// Outside Node the engine is fetched: call `await init()` once, or `createVault`, which does.
import { api } from "./api.js";
import { once } from "./once.js";
import load from "./vaultlet.js";

// From beside this file, or from what is given: a URL, a Response, bytes or a module.
const { init, need } = once((source) => load(source === undefined ? undefined : { module_or_path: source }));

export { init };
export const { createVault, inspect, open, readSnapshot, seal } = api(need, init);
