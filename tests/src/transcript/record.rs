//! Writes what the real command line prints into a transcript file, and leaves the rest of the file as it is.

use toml_edit::{DocumentMut, Item, Table, Value};

use super::{Transcript, run};
use crate::real_cli::Ran;
use crate::scenario::Names;
use crate::terminal::Terminal;

/// The file's text with everything printed as `terminal` prints it now.
///
/// # Errors
/// Where the text is no transcript.
pub fn record(text: &str, terminal: &mut dyn Terminal) -> Result<String, String> {
    let transcript = Transcript::parse(text)?;
    let mut document: DocumentMut = text.parse().map_err(|error| format!("{error}"))?;
    let tables = document.get_mut("step").and_then(Item::as_array_of_tables_mut).ok_or("no [[step]]")?;
    let mut names = Names::default();
    run::prepare(&transcript, terminal);
    for (step, table) in transcript.steps.iter().zip(tables.iter_mut()) {
        write(table, &run::masked(terminal, &step.run, &mut names))?;
    }
    Ok(document.to_string())
}

fn write(table: &mut Table, ran: &Ran) -> Result<(), String> {
    for (key, text) in [("stdout", &ran.stdout), ("stderr", &ran.stderr)] {
        table.remove(key);
        if !text.is_empty() {
            table[key] = Item::Value(literal(text)?);
        }
    }
    table["code"] = i64::from(ran.code).into();
    Ok(())
}

/// A text in the quotes that let it be read: lines as they stand, a last line end included.
fn literal(text: &str) -> Result<Value, String> {
    let quoted = match (text.contains('\n'), text.contains('\'')) {
        (false, false) => format!("'{text}'"),
        _ if text.contains("'''") || text.ends_with('\'') || text.contains('\r') => return Ok(text.into()),
        _ => format!("'''\n{text}'''"),
    };
    quoted.parse().map_err(|error| format!("{error}"))
}
