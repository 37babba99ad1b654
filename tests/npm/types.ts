// The types, as `tsc --strict` sees them: what is right compiles, what is wrong does not. It is never run.
import { createVault, init, inspect, open, readSnapshot, seal } from "vaultlet";
import type { Anatomy, Ended, Flavour, Keyring, TokenEntry, Vault, VaultAnswer, VaultOptions, Write } from "vaultlet";
import { listen, type Server } from "vaultlet/node";

const flavour: Flavour = "vault";
const options: VaultOptions = { rootToken: "root", now: () => Date.now(), seed: 1, flavour };

export async function use(): Promise<void> {
  await init();
  const vault: Vault = await createVault(options);
  const made: VaultAnswer = vault.request({ method: "POST", path: "auth/token/create", token: "root", body: { type: "batch" } });
  const status: number = made.status;
  const token: string = made.body.auth.client_token;
  const response: Response = await vault.fetch("/v1/sys/health", { method: "GET" });
  vault.advance("1h");
  vault.advance(60);
  const { puts, deletes, encryptions }: { puts: number; deletes: number; encryptions: number } = vault.writes;

  const anatomy: Anatomy = inspect(token);
  const term: number | undefined = anatomy.sealed?.term;
  const at: number | null | undefined = anatomy.problems[0]?.at;

  const keyring: Keyring = { Keys: [{ Term: 1, Value: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=" }] };
  const entry: TokenEntry = open(seal({ policies: ["base"], ttl: 1.5 }, keyring, { flavour: "vault" }), JSON.stringify(keyring));
  const policies: string[] = entry.policies;
  const bytes: Uint8Array = vault.snapshot();
  const saved: Vault = await createVault({ snapshot: bytes, shares: vault.shares, readOnly: true });
  await createVault({ initialized: false });
  const opened: Keyring = readSnapshot(new Uint8Array(), ["share"]).keyring;

  const ended: Ended[] = vault.advance("1h");
  const tokens: string[] = vault.createMany(10, { token: "root", body: { type: "batch" } });
  vault.onWrites((batch: Write[]) => batch.length);
  const server: Server = await listen({ vault, port: 0 });
  await server.close();

  // @ts-expect-error: `writes` is only read.
  vault.writes = { puts, deletes, encryptions };
  // @ts-expect-error: the root token is a text.
  await createVault({ rootToken: 5 });
  // @ts-expect-error: a snapshot needs its shares.
  await createVault({ snapshot: bytes });
  // @ts-expect-error: there is no such option.
  await createVault({ rootTocken: "root" });
  // @ts-expect-error: a request has a path.
  vault.request({ method: "GET" });
  // @ts-expect-error: there is no such flavour.
  seal({}, keyring, { flavour: "mint" });
  // @ts-expect-error: policies are a list.
  seal({ policies: "base" }, keyring);
  // @ts-expect-error: a token is a text.
  inspect(5);
  // @ts-expect-error: shares are a list.
  readSnapshot(new Uint8Array(), "share");
  // @ts-expect-error: the frame may be missing.
  anatomy.sealed.term;

  vault.free();
  saved.free();
  return void [ended, tokens, status, response, term, at, policies, opened];
}
