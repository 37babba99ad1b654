//! The policies that every vault has from the start. They grant what the real server's grant, in words of our own: the
//! text that `policy read default` answers differs there, which is declared beside the scenario that shows it.

/// What every token may do that was not made without it.
pub const DEFAULT_POLICY: &str = r#"# A token may look at itself, renew itself and revoke itself.
path "auth/token/lookup-self" { capabilities = ["read"] }
path "auth/token/renew-self" { capabilities = ["update"] }
path "auth/token/revoke-self" { capabilities = ["update"] }

# It may ask what it may do.
path "sys/capabilities-self" { capabilities = ["update"] }
path "sys/internal/ui/resultant-acl" { capabilities = ["read"] }

# It may see its own entity.
path "identity/entity/id/{{identity.entity.id}}" { capabilities = ["read"] }
path "identity/entity/name/{{identity.entity.name}}" { capabilities = ["read"] }

# It may see and renew leases whose id it knows.
path "sys/leases/renew" { capabilities = ["update"] }
path "sys/leases/lookup" { capabilities = ["update"] }

# It has a cubbyhole of its own.
path "cubbyhole/*" { capabilities = ["create", "read", "update", "delete", "list"] }

# It may wrap, look at and unwrap answers.
path "sys/wrapping/wrap" { capabilities = ["update"] }
path "sys/wrapping/lookup" { capabilities = ["update"] }
path "sys/wrapping/unwrap" { capabilities = ["update"] }

# It may hash.
path "sys/tools/hash" { capabilities = ["update"] }
path "sys/tools/hash/*" { capabilities = ["update"] }

# It may log in somewhere else through this vault.
path "identity/oidc/provider/+/authorize" { capabilities = ["read", "update"] }
"#;

/// What a wrapping token may do.
pub const RESPONSE_WRAPPING_POLICY: &str = r#"path "cubbyhole/response" { capabilities = ["create", "read"] }
path "sys/wrapping/unwrap" { capabilities = ["update"] }
path "auth/token/revoke-self" { capabilities = ["update"] }
"#;
