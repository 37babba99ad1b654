//! What keys and pastes do to the line that is being typed. It knows no page and no shell.

/// Text cut into what can be run and what cannot yet.
#[derive(Debug, PartialEq, Eq, Default)]
pub(crate) struct Scripts {
    /// Lines that are whole, in order; a here-document's lines belong to the line that begins it.
    pub(crate) whole: Vec<String>,
    /// What is left: a last line without an end, or lines that want more.
    pub(crate) rest: String,
}

/// Cuts a paste into scripts. A prompt that was copied along, `$ `, is taken off.
pub(crate) fn scripts(text: &str, wants_more: impl Fn(&str) -> bool) -> Scripts {
    let text = text.replace("\r\n", "\n");
    let mut scripts = Scripts::default();
    for line in text.split_inclusive('\n') {
        let begins = scripts.rest.is_empty();
        let line = if begins { without_prompt(line) } else { line };
        scripts.rest.push_str(line);
        let Some(script) = scripts.rest.strip_suffix('\n') else { break };
        if script.trim().is_empty() {
            scripts.rest.clear();
        } else if !wants_more(&scripts.rest) {
            scripts.whole.push(joined(script));
            scripts.rest.clear();
        }
    }
    scripts
}

/// The line's end stays, also where nothing stands before it.
fn without_prompt(line: &str) -> &str {
    let blanks = [' ', '\t'];
    line.trim_start_matches(blanks).trim_start_matches("$ ").trim_start_matches(blanks)
}

/// A command that was continued by `\` at line ends, in one line; a here-document stays as it is.
fn joined(script: &str) -> String {
    let script = script.trim_end();
    let continued = script.lines().rev().skip(1).all(|line| line.ends_with('\\'));
    if continued && !script.contains("<<") { script.replace("\\\n", "") } else { script.to_owned() }
}

/// What an editing key leaves of a line: its text, the cursor in it in bytes, and what was taken out.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Edited {
    pub(crate) text: String,
    pub(crate) at: usize,
    pub(crate) taken: Option<String>,
}

/// What Ctrl and a letter do as in any shell: A and E go to the ends, U and K take all before and behind the cursor, W
/// takes the word before it, Y puts back what was taken last.
pub(crate) fn edited(letter: &str, text: &str, at: usize, taken: &str) -> Option<Edited> {
    let (front, back) = text.split_at_checked(at)?;
    let line = front.rfind('\n').map_or(0, |end| end + 1);
    let end = back.find('\n').unwrap_or(back.len());
    let keep = |text: String, at: usize, taken: Option<&str>| {
        Some(Edited { text, at, taken: taken.map(str::to_owned) })
    };
    match letter {
        "a" => keep(text.to_owned(), line, None),
        "e" => keep(text.to_owned(), at + end, None),
        "u" => keep(back.to_owned(), 0, Some(front)),
        "k" => keep(front.to_owned(), at, Some(back)),
        "w" => {
            let word = front.trim_end();
            let begin = word.rfind(char::is_whitespace).map_or(0, |at| {
                at + word.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
            });
            let (kept, cut) = front.split_at_checked(begin)?;
            keep(format!("{kept}{back}"), begin, Some(cut))
        }
        "y" => keep(format!("{front}{taken}{back}"), at + taken.len(), None),
        _ => None,
    }
}

/// Lines called back by the arrows.
#[derive(Debug, Default)]
pub(crate) struct Recall {
    at: Option<usize>,
    /// The line that was being typed.
    draft: String,
}

impl Recall {
    /// One line back or forth; the line that was being typed stands behind the newest.
    pub(crate) fn step(&mut self, back: bool, history: &[String], typed: &str) -> String {
        if self.at.is_none() {
            typed.clone_into(&mut self.draft);
        }
        self.at = match (back, self.at) {
            (true, None) => history.len().checked_sub(1),
            (true, Some(at)) => Some(at.saturating_sub(1)),
            (false, at) => at.map(|at| at + 1).filter(|at| *at < history.len()),
        };
        self.at.and_then(|at| history.get(at)).unwrap_or(&self.draft).clone()
    }

    /// The next step begins at the newest line again.
    pub(crate) fn reset(&mut self) {
        *self = Self::default();
    }
}

/// A search through the history, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Search {
    /// The line that was being typed.
    pub(crate) before: String,
    /// What is looked for.
    pub(crate) query: String,
    /// How many lines that match are passed over.
    pub(crate) skip: usize,
}

impl Search {
    /// The line that is found.
    pub(crate) fn found<'a>(&self, history: &'a [String]) -> Option<&'a String> {
        let mut seen: Vec<&String> = Vec::new();
        for line in history.iter().rev().filter(|line| !self.query.is_empty() && line.contains(&self.query)) {
            if !seen.contains(&line) {
                seen.push(line);
            }
        }
        seen.get(self.skip).copied()
    }

    /// The same search, at the next older line that matches, if there is one.
    pub(crate) fn older(&self, history: &[String]) -> Self {
        let older = Self { skip: self.skip + 1, ..self.clone() };
        if older.found(history).is_some() { older } else { self.clone() }
    }
}

/// A place in UTF-16 units, as the page counts, in bytes.
pub(crate) fn bytes(text: &str, units: u32) -> usize {
    let mut left = units as usize;
    let fits = |c: &char| {
        let fits = left >= c.len_utf16();
        left = left.saturating_sub(c.len_utf16());
        fits
    };
    text.chars().take_while(fits).map(char::len_utf8).sum()
}

/// A place in bytes in UTF-16 units.
pub(crate) fn units(text: &str, bytes: usize) -> u32 {
    let front = text.get(..bytes).unwrap_or(text);
    u32::try_from(front.encode_utf16().count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    fn cut(text: &str) -> (Vec<String>, String) {
        let wants_more =
            |text: &str| text.ends_with("\\\n") || text.contains("<<EOF") && !text.ends_with("\nEOF\n");
        let scripts = scripts(text, wants_more);
        (scripts.whole, scripts.rest)
    }

    fn lines(lines: &[&str]) -> Vec<String> {
        lines.iter().map(|line| (*line).to_owned()).collect()
    }

    #[test]
    fn a_paste_is_cut_into_lines() {
        assert_eq!(
            cut("vault login root\n\n$ vault status\r\n"),
            (lines(&["vault login root", "vault status"]), String::new())
        );
        assert_eq!(cut("a \\\n  b\n"), (lines(&["a   b"]), String::new()));
        assert_eq!(cut("a\nhalf"), (lines(&["a"]), "half".to_owned()));
        assert_eq!(cut("  \n"), (lines(&[]), String::new()));
    }

    #[test]
    fn a_here_document_is_one_script_with_its_blanks() {
        let text = "cat <<EOF\n  $ a\n\nEOF\necho b\n";
        assert_eq!(cut(text), (lines(&["cat <<EOF\n  $ a\n\nEOF", "echo b"]), String::new()));
        assert_eq!(cut("cat <<EOF\n a\n"), (lines(&[]), "cat <<EOF\n a\n".to_owned()));
    }

    #[test]
    fn keys_edit_as_in_a_shell() {
        let edit = |letter: &str, text: &str, at: usize| {
            let edited = edited(letter, text, at, "old").unwrap();
            (edited.text, edited.at, edited.taken.unwrap_or_default())
        };
        let expect = |text: &str, at: usize, taken: &str| (text.to_owned(), at, taken.to_owned());
        assert_eq!(edit("a", "one two", 5), expect("one two", 0, ""));
        assert_eq!(edit("e", "one two", 1), expect("one two", 7, ""));
        assert_eq!(edit("u", "one two", 4), expect("two", 0, "one "));
        assert_eq!(edit("k", "one two", 4), expect("one ", 4, "two"));
        assert_eq!(edit("w", "one two  x", 9), expect("one x", 4, "two  "));
        assert_eq!(edit("w", "日本", 6), expect("", 0, "日本"));
        assert_eq!(edit("y", "ab", 1), expect("aoldb", 4, ""));
        assert_eq!(edit("a", "one\ntwo", 5), expect("one\ntwo", 4, ""));
        assert!(edited("a", "日", 1, "").is_none() && edited("x", "", 0, "").is_none());
    }

    #[test]
    fn the_history_ends_at_both_ends_and_keeps_what_was_typed() {
        let history = lines(&["one", "two"]);
        let mut recall = Recall::default();
        assert_eq!(recall.step(true, &[], "x"), "x");
        assert_eq!(recall.step(true, &history, "half"), "two");
        assert_eq!(recall.step(true, &history, "two"), "one");
        assert_eq!(recall.step(true, &history, "one"), "one");
        assert_eq!(recall.step(false, &history, "one"), "two");
        assert_eq!(recall.step(false, &history, "two"), "half");
    }

    #[test]
    fn a_search_finds_the_newest_first_and_each_line_once() {
        let history = lines(&["vault status", "echo vault", "vault status", "date"]);
        let search = Search { query: "vault".to_owned(), ..Search::default() };
        assert_eq!(search.found(&history).unwrap(), "vault status");
        let older = search.older(&history);
        assert_eq!(older.found(&history).unwrap(), "echo vault");
        assert_eq!(older.older(&history), older);
        assert_eq!(Search::default().found(&history), None);
    }

    #[test]
    fn places_are_counted_in_both_ways() {
        assert_eq!((bytes("a🔑b", 3), units("a🔑b", 5)), (5, 3));
        assert_eq!((bytes("ab", 9), units("ab", 9)), (2, 2));
    }
}
