//! `meta.json`: which server a snapshot is of. It knows no entry.

use serde::Deserialize;

use super::SnapshotError;
use crate::UnixTime;

/// What stands in the place of a server's `bolt-snapshot`. Its number counts the forms of the file; later ones open earlier ones.
pub(super) const ID: &str = "vaultlet-1";

/// Which server a snapshot is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A real server.
    Server,
    /// [`Core::snapshot`](crate::Core::snapshot), at that time.
    Vaultlet(UnixTime),
}

#[derive(Deserialize)]
struct Meta {
    #[serde(rename = "ID", default)]
    id: String,
    #[serde(rename = "Time", default)]
    time: String,
}

/// Reads it. What a real server says in it is nothing that opening needs.
pub(super) fn read(meta: &[u8]) -> Result<Origin, SnapshotError> {
    let Ok(Meta { id, time }) = serde_json::from_slice(meta) else { return Ok(Origin::Server) };
    match id.strip_prefix("vaultlet-") {
        None => Ok(Origin::Server),
        Some("1") => Ok(Origin::Vaultlet(UnixTime::parse(&time).unwrap_or_default())),
        Some(_) => Err(SnapshotError::Version(id)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_of_the_future_is_refused_by_its_name() {
        let read = |meta: &str| read(meta.as_bytes());
        assert_eq!(read(r#"{"Version":1,"ID":"bolt-snapshot"}"#), Ok(Origin::Server));
        assert_eq!(read("no JSON"), Ok(Origin::Server));
        let time = UnixTime::from_secs(1_795_460_913);
        assert_eq!(read(&format!(r#"{{"ID":"{ID}","Time":"{time}"}}"#)), Ok(Origin::Vaultlet(time)));
        assert_eq!(read(r#"{"ID":"vaultlet-2"}"#), Err(SnapshotError::Version("vaultlet-2".to_owned())));
    }
}
