//! The paths of the API that are worth typing: what each kind of mount has below it.

use super::Known;

const SYS: &[&str] = &[
    "auth",
    "auth/",
    "capabilities",
    "capabilities-accessor",
    "capabilities-self",
    "health",
    "host-info",
    "init",
    "internal/counters/entities",
    "internal/counters/tokens",
    "internal/ui/mounts",
    "internal/ui/resultant-acl",
    "key-status",
    "leader",
    "leases/lookup",
    "leases/lookup/",
    "leases/renew",
    "leases/revoke",
    "leases/revoke-force/",
    "leases/revoke-prefix/",
    "leases/tidy",
    "locked-users",
    "mounts",
    "mounts/",
    "policies/acl",
    "policies/acl/",
    "policy",
    "policy/",
    "renew",
    "revoke",
    "rotate",
    "rotate/config",
    "rotate/keyring",
    "seal",
    "seal-status",
    "unseal",
    "wrapping/lookup",
    "wrapping/rewrap",
    "wrapping/unwrap",
    "wrapping/wrap",
];

const TOKEN: &[&str] = &[
    "accessors",
    "create",
    "create-orphan",
    "create/",
    "lookup",
    "lookup-accessor",
    "lookup-self",
    "renew",
    "renew-accessor",
    "renew-self",
    "revoke",
    "revoke-accessor",
    "revoke-orphan",
    "revoke-self",
    "roles",
    "roles/",
    "tidy",
];

const IDENTITY: &[&str] =
    &["entity", "entity-alias", "entity-alias/id/", "entity/id/", "entity/name/", "lookup/entity"];

/// What stands below a mount of a type.
fn below(kind: &str) -> &'static [&'static str] {
    match kind {
        "approle" => &["login", "role", "role/", "tidy/secret-id"],
        "userpass" => &["login/", "users", "users/"],
        "token" | "ns_token" => TOKEN,
        "system" | "ns_system" => SYS,
        "identity" | "ns_identity" => IDENTITY,
        "ssh" => &["creds/", "roles", "roles/", "verify"],
        _ => &[""],
    }
}

/// Every path that is offered.
pub(super) fn all(known: &Known) -> Vec<String> {
    let own = [
        ("auth/token/", "token"),
        ("sys/", "system"),
        ("cubbyhole/", "cubbyhole"),
        ("identity/", "identity"),
    ];
    let own = own.map(|(path, kind)| (path.to_owned(), kind));
    let auth = known.auth.iter().map(|(path, kind)| (format!("auth/{path}"), kind.as_str()));
    let engines = known.engines.iter().map(|(path, kind)| (path.clone(), kind.as_str()));
    let mut paths: Vec<String> = own
        .into_iter()
        .chain(auth)
        .chain(engines)
        .flat_map(|(mount, kind)| below(kind).iter().map(move |rest| format!("{mount}{rest}")))
        .collect();
    paths.extend(known.policies.iter().map(|name| format!("sys/policies/acl/{name}")));
    paths.extend(known.auth.iter().map(|(path, _)| format!("sys/auth/{path}tune")));
    paths.extend(known.engines.iter().map(|(path, _)| format!("sys/mounts/{path}tune")));
    paths
}
