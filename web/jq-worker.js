// Runs jq away from the page, so that a program without an end can be given up. It knows neither the page nor the engine.
import init, { run } from "./vaultlet-jq.js";

const ready = init({ module_or_path: new URL("./vaultlet-jq_bg.wasm", import.meta.url) });

onmessage = async ({ data }) => {
  await ready;
  const { stdout, stderr, code } = run(data.args, data.input);
  postMessage({ stdout, stderr, code });
};
