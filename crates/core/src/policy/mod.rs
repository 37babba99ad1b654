//! Policies and what they grant. They know no tokens and no storage.

mod acl;
mod default;
mod hcl;
mod parse;
mod scan;

pub use acl::{Acl, AclRequest, PolicyOperation, TemplateError, Verdict};
pub use default::{DEFAULT_POLICY, RESPONSE_WRAPPING_POLICY};
pub use parse::{Policy, PolicyError};
