//! Columns of text, each as wide as its widest cell. It knows no secrets.

/// What stands between two columns.
const GLUE: &str = "    ";
/// What stands for an empty cell.
const EMPTY: &str = "n/a";

/// Rows to lines without a line end; the last column is not filled up.
pub(crate) fn columns(rows: &[Vec<String>]) -> String {
    let cell = |cell: &String| if cell.is_empty() { EMPTY.to_owned() } else { cell.clone() };
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(cell).collect()).collect();
    let mut widths: Vec<usize> = Vec::new();
    for row in &rows {
        for (index, cell) in row.iter().enumerate() {
            let width = cell.chars().count();
            match widths.get_mut(index) {
                Some(widest) => *widest = width.max(*widest),
                None => widths.push(width),
            }
        }
    }
    rows.iter().map(|row| line(row, &widths)).collect::<Vec<_>>().join("\n")
}

fn line(row: &[String], widths: &[usize]) -> String {
    let mut line = String::new();
    for (index, (cell, width)) in row.iter().zip(widths).enumerate() {
        line.push_str(cell);
        if index + 1 < row.len() {
            line.push_str(&" ".repeat(width.saturating_sub(cell.chars().count())));
            line.push_str(GLUE);
        }
    }
    line
}

/// A header, dashes under it, and rows.
pub(crate) fn titled(titles: &[&str], rows: Vec<Vec<String>>) -> String {
    let header = titles.iter().map(|title| (*title).to_owned()).collect();
    let dashes = titles.iter().map(|title| "-".repeat(title.len())).collect();
    let mut all: Vec<Vec<String>> = vec![header, dashes];
    all.extend(rows);
    columns(&all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_counted_not_bytes() {
        let rows = [["∞", "x"], ["ab", ""]].map(|row| row.map(str::to_owned).to_vec());
        assert_eq!(columns(&rows), "∞     x\nab    n/a");
    }
}
