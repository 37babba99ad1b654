//! The comparison as plain HTML inside the built page: readable before the wasm is there, and without JavaScript. The
//! playground draws itself in its place.

use std::fmt::Write as _;
use std::path::Path;
use std::{fs, io};

use serde::Deserialize;

/// Where the page's text goes.
const MARK: &str = "<!-- the comparison's rows -->";

/// What is needed of a row's file.
#[derive(Deserialize)]
struct Row {
    title: String,
    service: Column,
    batch: Column,
}

/// One side of a row.
#[derive(Deserialize)]
struct Column {
    answer: String,
    #[serde(default)]
    small: String,
}

/// Writes the rows of `folder` into `index.html` of a built site.
///
/// # Errors
/// Reading or writing failed, a row's file is malformed, or the page has no place for them.
pub fn prerender(site: &Path, folder: &Path) -> io::Result<()> {
    let index = site.join("index.html");
    let page = fs::read_to_string(&index)?;
    if !page.contains(MARK) {
        return Err(io::Error::new(io::ErrorKind::InvalidData, format!("index.html has no {MARK}")));
    }
    fs::write(index, page.replace(MARK, &text(&rows(folder)?)))
}

fn rows(folder: &Path) -> io::Result<Vec<Row>> {
    let entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    let mut files: Vec<_> = entries
        .into_iter()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|end| end == "toml"))
        .collect();
    files.sort();
    files.iter().map(|file| read(file)).collect()
}

fn read(file: &Path) -> io::Result<Row> {
    let text = fs::read_to_string(file)?;
    toml_edit::de::from_str(&text)
        .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, format!("{}: {error}", file.display())))
}

fn text(rows: &[Row]) -> String {
    let mut out = String::from(
        "<header class=\"top\"><span class=\"brand\"><b>Vaultlet</b><span>Vault tokens, whole, in a browser tab</span></span></header>\n\
         <main><section id=\"compare\" class=\"plain\"><div class=\"lede\">\
         <h1><span>A <b class=\"s\">service token</b> is the name of a record. </span><span>A <b class=\"b\">batch token</b> is the record, sealed.</span></h1>\
         <noscript><p>The differences can be read here. Proving them, inspecting tokens and the terminal need JavaScript.</p></noscript></div>\n\
         <table class=\"cmp\"><colgroup><col class=\"c1\"><col class=\"c2\"><col class=\"c3\"></colgroup>\
         <thead><tr><th scope=\"col\"><span class=\"sr\">Property</span></th><th scope=\"col\" class=\"k-s\"><b>Service token</b></th>\
         <th scope=\"col\" class=\"k-b\"><b>Batch token</b></th></tr></thead>\n<tbody>\n",
    );
    for row in rows {
        let (service, batch) = (cell("s", &row.service), cell("b", &row.batch));
        // Writing to a string cannot fail.
        let _ = writeln!(out, "<tr><th scope=\"row\">{}</th>{service}{batch}</tr>", escaped(&row.title));
    }
    out + "</tbody></table>\n<p class=\"dim\">Not for production. Not affiliated with HashiCorp or the OpenBao project.</p></section></main>"
}

fn cell(side: &str, column: &Column) -> String {
    let class = match column.answer.trim_end_matches(',') {
        "Yes" => "ans y",
        "No" => "ans",
        _ => "txt",
    };
    let small = if column.small.is_empty() {
        String::new()
    } else {
        format!("<small>{}</small>", escaped(&column.small))
    };
    format!(
        "<td class=\"{side}\"><span class=\"{class}\"><span>{}{small}</span></span></td>",
        escaped(&column.answer)
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rows_text_is_escaped() {
        let column = |answer: &str| Column { answer: answer.to_owned(), small: String::new() };
        let page = text(&[Row {
            title: "a < b".to_owned(),
            service: column("Yes"),
            batch: column("Stops & starts"),
        }]);
        assert!(page.contains("a &lt; b") && page.contains("Stops &amp; starts") && page.contains("ans y"));
    }

    #[test]
    fn every_row_file_can_be_read() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/scenarios/rows");
        assert_eq!(rows(&folder).unwrap().len(), 13);
    }
}
