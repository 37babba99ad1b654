// The engine inside the script, for where no file can be fetched: one file, loaded once by `await init()` or `createVault`.
import { api } from "./api.js";
import { once } from "./once.js";
import packed from "./packed.js";
import load from "./vaultlet.js";

/** Unpacks the engine: gzip in base64. */
async function unpack() {
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return load({ module_or_path: await new Response(stream).arrayBuffer() });
}

const { init, need } = once(unpack);

export { init };
export const { createVault, inspect, open, readSnapshot, seal } = api(need, init);
