//! `config`: what holds for all keys of a mount.

use serde_json::json;

use super::proto::Duration;
use super::store::Store;
use crate::context::Context;
use crate::door::Call;
use crate::duration::GoDuration;
use crate::fields::{Fields, Shape};
use crate::mounts::object;
use crate::refusal::Refusal;
use crate::reply::Reply;

/// Reads the settings.
pub(super) fn read(cx: &Context<'_>, store: &Store) -> Result<Reply, Refusal> {
    let config = store.config(cx)?;
    Ok(Reply::data(object(json!({
        "cas_required": config.cas_required,
        "delete_version_after": GoDuration(Duration::nanos_of(config.delete_version_after)).to_string(),
        "max_versions": config.max_versions,
        "metadata_cas_required": false,
    }))))
}

/// Changes the settings; a negative span keeps versions for ever.
pub(super) fn write(cx: &mut Context<'_>, call: &Call, store: &Store) -> Result<Reply, Refusal> {
    let fields = Fields(&call.data);
    fields.check(&[("metadata_cas_required", Shape::Flag)])?;
    let mut config = store.config(cx)?;
    if fields.has("max_versions") {
        config.max_versions = count(fields.int("max_versions")?);
    }
    config.cas_required = fields.flag("cas_required", config.cas_required)?;
    if let Some(span) = fields.signed_duration("delete_version_after")? {
        config.delete_version_after = Duration::of(span.0);
    }
    store.put_config(cx, &config)?;
    Ok(Reply::nothing())
}

/// As the real server casts it: a negative number becomes a large one.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the real server casts so")]
pub(super) fn count(number: i64) -> u32 {
    number as u32
}
