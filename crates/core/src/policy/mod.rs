//! Policies and what they grant. Only root is known so far; the reader of policy texts follows.
use crate::duration::GoDuration;
use serde_json::{Map, Value};
pub struct Policy {
    pub name: String,
}
#[derive(Debug, thiserror::Error)]
#[error("x")]
pub struct PolicyError;
impl Policy {
    pub fn parse(name: &str, _text: &str) -> Result<Self, PolicyError> {
        Ok(Self { name: name.to_owned() })
    }
}
#[derive(Debug, Clone, Copy)]
pub enum PolicyOperation {
    Create,
    Read,
    Update,
    Patch,
    Delete,
    List,
    Scan,
}
pub struct AclRequest<'a> {
    pub operation: PolicyOperation,
    pub path: &'a str,
    pub data: &'a Map<String, Value>,
    pub wrap_ttl: Option<GoDuration>,
}
pub struct Verdict {
    pub allowed: bool,
    pub root: bool,
    pub sudo: bool,
}
pub struct Acl {
    root: bool,
}
impl Acl {
    pub fn new<'a>(p: impl IntoIterator<Item = &'a Policy>) -> Self {
        Self { root: p.into_iter().any(|p| p.name == "root") }
    }
    pub fn check(&self, _r: &AclRequest<'_>) -> Verdict {
        Verdict { allowed: self.root, root: self.root, sudo: self.root }
    }
}
pub const DEFAULT_POLICY: &str = "";
pub const RESPONSE_WRAPPING_POLICY: &str = "";
