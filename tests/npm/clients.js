// One round through tokens, roles, policies, approle, userpass, kv, leases and wrapping, by each client. It knows no server.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import nodeVault from "node-vault";
import { plain } from "./wire.js";

const POLICY = 'path "secret/data/*" { capabilities = ["create", "read", "update", "list"] }';

/** node-vault through a list of calls: what each gives, or the error it throws. `options` says where to. */
export async function byNodeVault(options) {
  const vault = nodeVault({ token: "root", ...options });
  const told = [];
  // It goes on as whoever it made a token for.
  const tell = async (name, call) => {
    const { token } = vault;
    const given = await call().catch((error) => ({ error: error.message, status: error.response?.statusCode }));
    vault.token = token;
    told.push([name, given === undefined ? null : JSON.parse(plain(JSON.stringify(given)))]);
    return given;
  };
  await tell("health", () => vault.health().then(({ initialized, sealed, standby }) => ({ initialized, sealed, standby })));
  await tell("policy", () => vault.addPolicy({ name: "app", rules: POLICY }));
  await tell("policies", () => vault.policies());
  const service = await tell("service", () => vault.tokenCreate({ policies: ["app"], ttl: "1h", renewable: true }));
  // Its tokenCreate knows no type, and drops it without a word.
  await tell("tokenCreate with a type", () => vault.tokenCreate({ type: "batch" }).then(({ auth }) => auth.token_type));
  const batch = await tell("batch", () => vault.write("auth/token/create", { type: "batch", policies: ["app"], ttl: "1h" }));
  await tell("accessors", () => vault.tokenAccessors());
  await tell("renew", () => vault.tokenRenew({ token: service.auth.client_token, increment: "2h" }));
  await tell("renew a batch token", () => vault.tokenRenew({ token: batch.auth.client_token }));
  await tell("role", () => vault.addTokenRole({ role_name: "r", allowed_policies: "app", orphan: true }));
  await tell("by role", () => vault.tokenCreateRole({ role_name: "r", policies: ["app"] }));
  await tell("no such role", () => vault.tokenCreateRole({ role_name: "none" }));
  await tell("approle", () => vault.enableAuth({ mount_point: "approle", type: "approle" }));
  await tell("approle role", () => vault.addApproleRole({ role_name: "web", token_policies: "app", token_type: "batch" }));
  const { data: { role_id } } = await vault.getApproleRoleId({ role_name: "web" });
  const { data: { secret_id } } = await vault.getApproleRoleSecret({ role_name: "web" });
  await tell("approle login", () => vault.approleLogin({ role_id, secret_id }).then(({ auth }) => auth.token_type));
  await tell("approle wrong", () => vault.approleLogin({ role_id, secret_id: "no" }));
  await tell("userpass", () => vault.enableAuth({ mount_point: "userpass", type: "userpass" }));
  await tell("user", () => vault.write("auth/userpass/users/ann", { password: "pw", token_policies: "app" }));
  await tell("userpass login", () => vault.userpassLogin({ username: "ann", password: "pw" }).then(({ auth }) => auth.metadata));
  await tell("kv write", () => vault.write("secret/data/a", { data: { k: "v" } }).then(({ data }) => data.version));
  await tell("kv read", () => vault.read("secret/data/a").then(({ data }) => data.data));
  await tell("kv list", () => vault.list("secret/metadata"));
  await tell("kv absent", () => vault.read("secret/data/none"));
  await tell("lease", () => vault.read("auth/token/lookup-self").then(({ data }) => data.policies));
  await tell("wrapping", async () => {
    const wrapped = await vault.request({ path: "/secret/data/a", method: "GET", headers: { "X-Vault-Wrap-TTL": "60s" } });
    return vault.unwrap({ token: wrapped.wrap_info.token }).then(({ data }) => data.data);
  });
  vault.token = batch.auth.client_token;
  await tell("batch may read", () => vault.read("secret/data/a").then(({ data }) => data.data));
  await tell("batch may not", () => vault.policies());
  vault.token = "root";
  await tell("revoke", () => vault.tokenRevoke({ token: service.auth.client_token }));
  await tell("revoke a batch token", () => vault.tokenRevoke({ token: batch.auth.client_token }));
  await tell("revoked", () => vault.tokenLookup({ token: service.auth.client_token }));
  return told;
}

/** hvac through `clients.py`, which prints what it got as lines of JSON. */
export function byHvac(url) {
  const python = process.env.VAULTLET_PYTHON;
  if (!python) throw new Error("VAULTLET_PYTHON names no Python with hvac: `cargo xtask test npm` sets it");
  const script = join(import.meta.dirname, "clients.py");
  return plain(execFileSync(python, [script, url], { encoding: "utf8" })).trim().split("\n").map((line) => JSON.parse(line));
}

/** The real command line: what it prints, and its exit code. */
export function byBao(url) {
  const home = mkdtempSync(join(tmpdir(), "vaultlet-bao-"));
  const environment = { PATH: process.env.PATH, HOME: home, BAO_ADDR: url, BAO_TOKEN: "root" };
  const bao = (line, { input, token = "root" } = {}) => {
    const run = { env: { ...environment, BAO_TOKEN: token }, encoding: "utf8", stdio: "pipe", input };
    try {
      return { line, said: plain(execFileSync("bao", line.split(" "), run)) };
    } catch (error) {
      return { line, code: error.status, said: plain(error.stderr.replaceAll(url, "URL")) };
    }
  };
  const field = (line) => bao(`${line} -format=json`).said;
  const raw = (line) => execFileSync("bao", line.split(" "), { env: environment, encoding: "utf8" }).trim();
  try {
    const told = [
      bao("policy write app -", { input: POLICY }),
      bao("policy list"),
      bao("policy read app"),
      bao("auth enable approle"),
      bao("auth enable userpass"),
      bao("write auth/userpass/users/ann password=pw token_policies=app"),
      bao("write auth/approle/role/web token_policies=app token_type=batch"),
      bao("write auth/token/roles/r allowed_policies=app orphan=true"),
      bao("read auth/token/roles/r"),
      bao("list auth/token/roles"),
      bao("kv put -mount=secret a k=v"),
      bao("kv get -mount=secret -field=k a"),
      bao("kv list secret"),
      bao("kv get -mount=secret none"),
      bao("write -field=token_policies auth/userpass/login/ann password=pw"),
      bao("write auth/userpass/login/ann password=no"),
      bao("token capabilities sys/auth"),
      bao("read secret/none"),
      bao("nonsense"),
    ];
    const service = raw("token create -policy=app -ttl=1h -field=token");
    const batch = raw("token create -type=batch -policy=app -ttl=1h -field=token");
    told.push(bao("token lookup -field=policies -", { input: service }), { line: "lookup", said: field(`token lookup ${batch}`).replaceAll(/\d{9,}/g, "N") });
    told.push(bao(`token renew -field=token_duration ${service}`), bao(`token renew ${batch}`), bao(`token revoke ${service}`), bao(`token lookup ${service}`), bao(`token revoke ${batch}`));
    told.push(bao("kv get -mount=secret -field=k a", { token: batch }), bao("policy list", { token: batch }));
    const wrapped = raw("token create -wrap-ttl=60s -policy=app -field=wrapping_token");
    told.push(bao(`unwrap -field=token_policies ${wrapped}`), bao(`unwrap ${wrapped}`));
    return told.map(({ line, ...rest }) => ({ line: plain(line), ...rest }));
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
