//! Secrets engines. They know no policies and no tokens but the caller's.

pub(crate) mod cubbyhole;
pub(crate) mod kv;
