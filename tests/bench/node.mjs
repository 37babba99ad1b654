// Measures in wasm under Node, and prints nanoseconds a token: the middle of five runs.
// Usage: node node.mjs FOLDER, where wasm-bindgen has written the bench's glue for Node.
import { createRequire } from "node:module";
import { resolve } from "node:path";

const { Engine, Work } = createRequire(import.meta.url)(resolve(process.argv[2], "bench.js"));
const ROUNDS = 20_000;
const work = new Work();

function median(run) {
  run(); // The engine compiles wasm twice: the first run is not of the better code.
  const times = Array.from({ length: 5 }, () => {
    const begun = performance.now();
    run();
    return ((performance.now() - begun) * 1e6) / ROUNDS;
  });
  return times.sort((a, b) => a - b)[2];
}

console.log(`seal ${median(() => work.seal(ROUNDS)).toFixed(0)}`);
console.log(`open ${median(() => work.open(ROUNDS)).toFixed(0)}`);
console.log(`bytes-seal ${median(() => work.seal_bytes(ROUNDS)).toFixed(0)}`);
console.log(`bytes-open ${median(() => work.open_bytes(ROUNDS)).toFixed(0)}`);

const engine = new Engine();
const REQUESTS = 2_000;
for (const [name, run] of [
  ["lookup-service", "lookup_service"],
  ["lookup-batch", "lookup_batch"],
  ["create-batch", "create_batch"],
  ["create-service", "create_service"],
]) {
  const each = (median(() => engine[run](REQUESTS)) * ROUNDS) / REQUESTS;
  console.log(`${name} ${each.toFixed(0)}`);
}
