//! Policies' texts. It knows no vault.

use serde_json::Map;
use vaultlet_core::policy::{Acl, AclRequest, Policy, PolicyOperation};

/// A policy is understood or refused with a reason; one that is understood answers for any path.
pub(crate) fn policy(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let policy = match Policy::parse("Fuzzed", &text) {
        Ok(policy) => policy,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    assert_eq!(Policy::parse("fuzzed", &text).as_ref(), Ok(&policy));
    let acl = Acl::new([&policy]);
    let words = text.split(['"', '\n', ' ']).filter(|word| word.contains('/')).take(8);
    for path in words.chain(["", "/", "secret/data/x", "auth/token/create", "a/+/b*"]) {
        let capabilities = acl.capabilities(path);
        assert!(capabilities.is_sorted() && !capabilities.is_empty());
        let data = &Map::new();
        let read = acl.check(&AclRequest { operation: PolicyOperation::Read, path, data, wrap_ttl: None });
        assert!(!read.root, "only a policy named root is root");
        assert!(!read.allowed || !capabilities.contains(&"deny"), "{path} is denied and allowed");
        let _ = acl.reaches(path);
    }
    let _ = acl.resultant();
}
