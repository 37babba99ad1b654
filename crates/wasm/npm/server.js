// `vaultlet/node`: what the package exports on Node, and the server besides.
import { listen as serve } from "./listen.js";
import { createVault } from "./node.js";

export * from "./node.js";

/** Vault's HTTP API on a loopback port. */
export function listen(options = {}) {
  return serve(options, createVault);
}
