//! Writes what the real server answers into a scenario file, and leaves the rest of the file as it is.

use toml_edit::{DocumentMut, Item, Table, Value};

use super::{Expected, Names, Scenario, Step, run, wrap};
use crate::driver::Driver;

/// The file's text with every answer as `driver` gives it now.
///
/// # Errors
/// Where the text is no scenario, or a request of it cannot be made.
pub fn record(text: &str, driver: &mut dyn Driver) -> Result<String, String> {
    let scenario = Scenario::parse(text)?;
    let mut document: DocumentMut = text.parse().map_err(|error| format!("{error}"))?;
    let tables = document.get_mut("step").and_then(Item::as_array_of_tables_mut).ok_or("no [[step]]")?;
    let mut names = Names::default();
    for (step, table) in scenario.steps.iter().zip(tables.iter_mut()) {
        match step {
            Step::Advance(span) => driver.advance(*span),
            Step::Ask(ask) => write(table, &run::ask(ask, driver, &mut names)?)?,
        }
    }
    Ok(document.to_string())
}

fn write(table: &mut Table, expected: &Expected) -> Result<(), String> {
    if let Some(by) = expected.by {
        table["by"] = by.word().into();
    }
    table["status"] = i64::from(expected.status).into();
    table["answer"] = Item::Value(literal(&wrap(&expected.answer))?);
    Ok(())
}

/// A text in the quotes that let it be read: `'..'` where it fits on a line, else `'''..'''` on lines of its own.
fn literal(text: &str) -> Result<Value, String> {
    let quoted = match (text.contains('\n'), text.contains('\'')) {
        (false, false) => format!("'{text}'"),
        _ if text.contains("'''") => return Ok(text.into()),
        _ => format!("'''\n{text}\n'''"),
    };
    quoted.parse().map_err(|error| format!("{error}"))
}
