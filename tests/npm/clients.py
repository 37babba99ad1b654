# hvac through tokens, roles, policies, approle, userpass, kv, leases and wrapping: one line of JSON for each call. It knows no server.
import json
import sys

import hvac

client = hvac.Client(url=sys.argv[1], token="root")
POLICY = 'path "secret/data/*" { capabilities = ["create", "read", "update", "list"] }'


def tell(name, call):
    try:
        given = call()
    except hvac.exceptions.VaultError as error:
        given = {"error": type(error).__name__, "errors": error.errors}
    if hasattr(given, "status_code"):
        given = {"status": given.status_code}
    print(json.dumps([name, given], sort_keys=True, separators=(",", ":")))
    return given


tell("authenticated", client.is_authenticated)
tell("initialized", client.sys.is_initialized)
tell("sealed", client.sys.is_sealed)
tell("policy", lambda: client.sys.create_or_update_policy("py", POLICY))
tell("policies", client.sys.list_policies)
tell("read policy", lambda: client.sys.read_policy("py"))
service = client.auth.token.create(policies=["py"], ttl="1h", renewable=True)["auth"]["client_token"]
made = client.auth.token.create(policies=["py"], ttl="1h", type="batch", no_parent=True)
tell("batch", lambda: made)
batch = made["auth"]["client_token"]
tell("lookup", lambda: client.auth.token.lookup(batch)["data"]["type"])
tell("accessors", lambda: client.auth.token.list_accessors()["data"])
tell("renew", lambda: client.auth.token.renew(service, increment="2h")["auth"]["lease_duration"])
tell("renew a batch token", lambda: client.auth.token.renew(batch))
tell("role", lambda: client.auth.token.create_or_update_role("py", allowed_policies=["py"], orphan=True))
tell("roles", client.auth.token.list_roles)
tell("role read", lambda: client.auth.token.read_role("py")["data"])
tell("role gone", lambda: client.auth.token.delete_role("py"))
tell("approle", lambda: client.sys.enable_auth_method("approle", path="py-approle"))
tell("approle role", lambda: client.auth.approle.create_or_update_approle("web", token_policies=["py"], token_type="batch", mount_point="py-approle"))
role_id = client.auth.approle.read_role_id("web", mount_point="py-approle")["data"]["role_id"]
secret_id = client.auth.approle.generate_secret_id("web", mount_point="py-approle")["data"]["secret_id"]
tell("approle login", lambda: client.auth.approle.login(role_id, secret_id, use_token=False, mount_point="py-approle")["auth"]["token_type"])
tell("approle wrong", lambda: client.auth.approle.login(role_id, "no", use_token=False, mount_point="py-approle"))
tell("userpass", lambda: client.sys.enable_auth_method("userpass", path="py-userpass"))
tell("user", lambda: client.auth.userpass.create_or_update_user("bob", password="pw", policies="py", mount_point="py-userpass"))
tell("userpass login", lambda: client.auth.userpass.login("bob", "pw", use_token=False, mount_point="py-userpass")["auth"]["metadata"])
tell("kv write", lambda: client.secrets.kv.v2.create_or_update_secret("py", secret={"k": "v"})["data"]["version"])
tell("kv read", lambda: client.secrets.kv.v2.read_secret_version("py", raise_on_deleted_version=True)["data"]["data"])
tell("kv list", lambda: client.secrets.kv.v2.list_secrets("")["data"])
tell("kv absent", lambda: client.secrets.kv.v2.read_secret_version("none", raise_on_deleted_version=True))
tell("mounts", lambda: sorted(client.sys.list_mounted_secrets_engines()["data"]))
tell("capabilities", lambda: client.sys.get_capabilities(["sys/auth"], token=batch)["data"])
wrapped = client.secrets.kv.v2.read_configuration(mount_point="secret")
tell("kv configuration", lambda: wrapped["data"])
token = client.sys.wrap({"a": "b"}, ttl=60)["wrap_info"]["token"]
tell("unwrap", lambda: client.sys.unwrap(token)["data"])
tell("unwrap again", lambda: client.sys.unwrap(token))
tell("leases", lambda: client.sys.list_leases("auth/token/create")["data"])
tell("seal status", lambda: client.sys.read_seal_status()["sealed"])
limited = hvac.Client(url=sys.argv[1], token=batch)
tell("batch may read", lambda: limited.secrets.kv.v2.read_secret_version("py", raise_on_deleted_version=True)["data"]["data"])
tell("batch may not", limited.sys.list_policies)
tell("revoke", lambda: client.auth.token.revoke(service))
tell("revoke a batch token", lambda: client.auth.token.revoke(batch))
tell("revoked", lambda: client.auth.token.lookup(service))
