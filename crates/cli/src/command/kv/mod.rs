//! `kv`: keys and values, on both versions of the engine.

mod metadata;
mod patch;
mod place;
mod titled;
mod values;
mod versions;

use super::Call;
use super::call::Ended;
use super::spec::Kv;
use crate::Host;

/// Runs one of the commands below `kv`.
pub(super) async fn run<H: Host>(call: Call<'_, H>, run: Kv) -> Ended {
    match run {
        Kv::Put => values::put(call).await,
        Kv::Get => values::get(call).await,
        Kv::List => values::list(call).await,
        Kv::Scan => values::scan(call).await,
        Kv::Patch => patch::patch(call).await,
        Kv::Rollback => patch::rollback(call).await,
        Kv::Delete => versions::delete(call).await,
        Kv::Undelete => versions::undelete(call).await,
        Kv::Destroy => versions::destroy(call).await,
        Kv::EnableVersioning => versions::enable(call).await,
        Kv::MetadataGet => metadata::get(call).await,
        Kv::MetadataPut => metadata::put(call).await,
        Kv::MetadataPatch => metadata::patch(call).await,
        Kv::MetadataDelete => metadata::delete(call).await,
    }
}
