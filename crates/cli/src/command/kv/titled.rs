//! The texts of `kv`: titles over paths and tables. It asks nobody.

use crate::json::Json;
use crate::render::{columns, table};

/// A path under its title, with an empty line after it.
pub(super) fn path(name: &str, path: &str) -> String {
    format!("{}\n{path}\n", title(name, path.chars().count()))
}

/// Members under a title.
pub(super) fn members(name: &str, data: &Json) -> String {
    let members = data.as_object().unwrap_or_default();
    let widest = members.iter().map(|(key, _)| key.chars().count()).max().unwrap_or_default();
    let rows = members.iter().map(|(key, value)| vec![key.clone(), table::cell(key, value)]).collect();
    format!("{}\n{}", title(name, widest + 9), columns::titled(&["Key", "Value"], rows))
}

/// A title between equal signs, about as wide as what it stands over.
fn title(name: &str, width: usize) -> String {
    let signs = width.saturating_sub(name.len() + 2);
    let half = "=".repeat(if signs == 0 { 2 } else { signs.div_ceil(2) });
    format!("{half} {name} {half}")
}
