//! Paths that need the `sudo` capability, as far as the real command line knows them. It asks nobody.

/// Paths that begin like this, and have one name after it or many.
const BELOW: [&str; 11] = [
    "sys/audit/",
    "sys/auth/",
    "sys/config/auditing/request-headers/",
    "sys/config/ui/headers/",
    "sys/internal/inspect/router/",
    "sys/leases/lookup/",
    "sys/leases/revoke-force/",
    "sys/leases/revoke-prefix/",
    "sys/raw/",
    "sys/revoke-force/",
    "sys/revoke-prefix/",
];

/// These paths alone.
const ALONE: [&str; 14] = [
    "auth/token/accessors",
    "pki/root",
    "pki/root/sign-self-issued",
    "sys/audit",
    "sys/config/auditing/request-headers",
    "sys/config/cors",
    "sys/config/ui/headers",
    "sys/internal/inspect/request",
    "sys/leases",
    "sys/leases/lookup",
    "sys/raw",
    "sys/remount",
    "sys/rotate",
    "sys/rotate/keyring",
];

/// Whether a request to `path` needs it.
pub(super) fn is_needed(path: &str) -> bool {
    let below = BELOW.iter().any(|begin| path.strip_prefix(begin).is_some_and(|rest| !rest.is_empty()));
    let plugin = path.strip_prefix("sys/plugins/catalog/").is_some_and(|rest| rest.split('/').count() < 3);
    below || plugin || ALONE.contains(&path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_real_one_knows_is_known() {
        for path in
            ["sys/auth/a/b", "sys/plugins/catalog/a/b", "sys/remount", "sys/leases/lookup", "sys/rotate"]
        {
            assert!(is_needed(path), "{path}");
        }
        for path in
            ["sys/auth", "sys/plugins/catalog/a/b/c", "sys/mounts/x", "sys/rotate/config", "a/pki/root"]
        {
            assert!(!is_needed(path), "{path}");
        }
    }
}
