// Jest without flags and without configuration: what its users would write.
const { createVault, inspect } = require("vaultlet");
const { listen } = require("vaultlet/node");

const token = (vault, body) =>
  vault.request({ method: "POST", path: "auth/token/create", token: "root", body }).body.auth.client_token;

test("a token lives as long as its time", async () => {
  const vault = await createVault({ now: 1_800_000_000_000 });
  const batch = token(vault, { type: "batch", policies: ["default"], ttl: "1h" });
  expect(inspect(batch)).toMatchObject({ kind: "batch", flavour: "openbao", problems: [] });
  expect(vault.request({ path: "auth/token/lookup-self", token: batch }).body.data.ttl).toBe(3600);
  vault.advance("2h");
  expect(vault.request({ path: "auth/token/lookup-self", token: batch })).toEqual({ status: 403, body: { errors: ["permission denied"] } });
});

test("a vault of one entry is served by the other", async () => {
  const vault = await createVault({ rootToken: "s3cret" });
  const server = await listen({ vault });
  const answer = await fetch(`${server.url}/v1/auth/token/lookup-self`, { headers: { "X-Vault-Token": "s3cret" } });
  expect((await answer.json()).data.policies).toEqual(["root"]);
  await server.close();
});
