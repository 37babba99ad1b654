// `vaultlet server -dev`: a vault on a port, with the banner that scripts wait for. It knows no sockets.
import { randomBytes } from "node:crypto";
import { listen } from "../server.js";
import { flags } from "./flags.js";

const HELP = `Usage: vaultlet server -dev [options]

Starts Vault's HTTP API on this machine, unsealed, with all in memory. Stop it with Ctrl+C.

    -dev                          Start ready to use (the only way to start so far)
    -dev-root-token-id=ID         The root token; made at random if not given
    -dev-listen-address=HOST:PORT Where to listen: 127.0.0.1:8200 if not given; port 0 finds a free one
    -flavour=openbao|vault        The spelling of new tokens: s. and b., or hvs. and hvb.
    -allow-remote                 Listen on an address that other machines reach
    -allow-production             Start also when NODE_ENV is "production"
`;

const KNOWN = {
  dev: "switch",
  "dev-root-token-id": "value",
  "dev-listen-address": "value",
  "dev-no-store-token": "switch",
  "allow-remote": "switch",
  "allow-production": "switch",
  flavour: "value",
  h: "switch",
  help: "switch",
};

export async function server(args) {
  const { found, rest } = flags(args, KNOWN);
  if (found.h || found.help) return void process.stdout.write(HELP);
  if (rest.length > 0) throw new Error(`server takes flags alone, not "${rest[0]}".`);
  if (!found.dev) throw new Error("server needs -dev. Run \"vaultlet server -h\" for the flags that there are.");
  const rootToken = found["dev-root-token-id"] ?? process.env.BAO_DEV_ROOT_TOKEN_ID ?? process.env.VAULT_DEV_ROOT_TOKEN_ID ?? `s.${word()}`;
  const address = found["dev-listen-address"] ?? process.env.BAO_DEV_LISTEN_ADDRESS ?? process.env.VAULT_DEV_LISTEN_ADDRESS ?? "127.0.0.1:8200";
  const started = await listen({
    ...place(address),
    rootToken,
    flavour: found.flavour,
    allowRemote: found["allow-remote"],
    allowProduction: found["allow-production"],
  });
  process.stdout.write(banner(started, rootToken));
  await stopped();
  process.stdout.write("==> Vaultlet shutdown triggered\n");
  await started.close();
}

function place(address) {
  const match = /^(?:\[([^\]]+)\]|([^:]*)):(\d+)$/.exec(address);
  if (!match) throw new Error(`the address "${address}" is none: give HOST:PORT, such as 127.0.0.1:8200.`);
  return { host: match[1] ?? (match[2] || "127.0.0.1"), port: Number(match[3]) };
}

/** 24 letters and digits, each as likely as the others. */
function word() {
  const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  const drawn = [...randomBytes(256)].filter((byte) => byte < 4 * letters.length).map((byte) => letters[byte % letters.length]);
  return drawn.slice(0, 24).join("");
}

function banner({ url }, rootToken) {
  return `==> Vaultlet server configuration:

             Api Address: ${url}
                 Storage: inmem
                 Version: speaks OpenBao v2.7.2

==> Vaultlet server started!

WARNING! dev mode is enabled! In this mode, Vaultlet runs entirely in-memory
and starts unsealed. Nothing is kept when it stops.

You may need to set the following environment variables:

    $ export BAO_ADDR='${url}'
    $ export VAULT_ADDR='${url}'

Root Token: ${rootToken}

Development mode should NOT be used in production installations!

`;
}

function stopped() {
  return new Promise((resolve) => ["SIGINT", "SIGTERM"].forEach((signal) => process.once(signal, resolve)));
}
