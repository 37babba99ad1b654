// What every entry exports, over the engine's glue. It knows no platform.
import { bytes, integer, object, text } from "./given.js";
import { Vault } from "./vault.js";
import { Engine, inspect, open, readSnapshot, seal } from "./vaultlet.js";

/** `need` makes the engine ready or says what to call; `init` loads it; `allow` refuses where a vault has no business. */
export function api(need, init, allow = () => {}) {
  return {
    async createVault(options = {}) {
      const { now, snapshot, allowProduction, ...rest } = object("options", options, "an object such as { rootToken: \"root\" }");
      allow("createVault", allowProduction);
      await init();
      if (snapshot === undefined) return new Vault(new Engine(rest, now));
      if (rest.seed !== undefined) {
        throw new TypeError("options.seed: the keys of a snapshot have sealed before, and a repeated stream would repeat nonces under them");
      }
      return new Vault(Engine.open(bytes("snapshot", snapshot), rest, now));
    },
    inspect(token) {
      need();
      return inspect(text("inspect", token, "a token's text"));
    },
    open(token, keyring) {
      need();
      return open(text("open", token, "a token's text"), keyring);
    },
    readSnapshot(snapshot, shares) {
      need();
      return readSnapshot(bytes("snapshot", snapshot), shares);
    },
    seal(entry, keyring, { flavour, count } = {}) {
      need();
      if (flavour !== undefined) text("flavour", flavour, "\"openbao\" or \"vault\"");
      if (count === undefined) return seal(entry, keyring, flavour, 1);
      return seal(entry, keyring, flavour, integer("count", count, 1, 1_000_000)).split("\n");
    },
  };
}
