//! What the terminal shows, and the lines that can be called back. It knows no shell.

use std::rc::Rc;

use vaultlet_cli::Stream;

/// How many items stay on the screen, and how many lines in the history.
const KEPT: usize = 500;

/// A line that has run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entry {
    /// The line.
    pub line: String,
    /// What it printed, in order.
    pub output: Vec<(Stream, String)>,
    /// Its exit code.
    pub code: u8,
    /// How many entries it put into storage.
    pub puts: u64,
    /// The HTTP status of the last answer, if it asked anything.
    pub status: Option<u16>,
    /// Whether it cleared the screen.
    pub clear: bool,
}

impl Entry {
    /// What it cost, as the page says it.
    pub fn cost(&self) -> String {
        cost(self.puts)
    }

    /// Everything that it printed.
    pub fn text(&self) -> String {
        self.output.iter().map(|(_, text)| text.as_str()).collect()
    }
}

/// Something on the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// A line and its output.
    Ran(Rc<Entry>),
    /// A word from the page itself.
    Note(Rc<str>),
    /// A line that is still being typed, and what Tab offers in it.
    Listed(Rc<str>, Rc<str>),
}

/// The terminal.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Terminal {
    /// What is on the screen.
    pub items: Vec<Item>,
    /// How many items were shown before them.
    pub before: usize,
    /// The line that is running.
    pub running: Option<String>,
    /// The lines that were run, the oldest first, none twice in a row.
    pub history: Vec<String>,
    /// The last line that ended.
    pub last: Option<Rc<Entry>>,
}

impl Terminal {
    /// A line begins to run.
    pub fn started(&mut self, line: String) {
        if self.history.last() != Some(&line) {
            self.history.push(line.clone());
            let spare = self.history.len().saturating_sub(KEPT);
            self.history.drain(..spare);
        }
        self.running = Some(line);
    }

    /// A line ended.
    pub fn ended(&mut self, entry: Rc<Entry>) {
        self.running = None;
        if entry.clear {
            self.clear();
        }
        // `clear` itself leaves nothing behind.
        if !entry.clear || !entry.output.is_empty() {
            self.push(Item::Ran(entry.clone()));
        }
        self.last = Some(entry);
    }

    /// A word from the page itself.
    pub fn note(&mut self, text: String) {
        self.push(Item::Note(text.into()));
    }

    /// What Tab offers in a line.
    pub fn listed(&mut self, line: String, offers: String) {
        self.push(Item::Listed(line.into(), offers.into()));
    }

    /// Empties the screen; the history stays.
    pub fn clear(&mut self) {
        self.items.clear();
        self.before = 0;
    }

    fn push(&mut self, item: Item) {
        self.items.push(item);
        let spare = self.items.len().saturating_sub(KEPT);
        self.items.drain(..spare);
        self.before += spare;
    }
}

/// "+0 writes", "+1 write".
pub(crate) fn cost(puts: u64) -> String {
    format!("+{puts} {}", if puts == 1 { "write" } else { "writes" })
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    fn ran(line: &str, clear: bool) -> Rc<Entry> {
        Rc::new(Entry { line: line.to_owned(), clear, ..Entry::default() })
    }

    #[test]
    fn clear_leaves_nothing_on_the_screen_but_everything_in_the_history() {
        let mut terminal = Terminal::default();
        terminal.started("date".to_owned());
        terminal.ended(ran("date", false));
        terminal.started("clear".to_owned());
        terminal.ended(ran("clear", true));
        assert_eq!(terminal.items, []);
        assert_eq!(terminal.history, ["date", "clear"]);
    }

    #[test]
    fn the_same_line_twice_is_once_in_the_history() {
        let mut terminal = Terminal::default();
        terminal.started("date".to_owned());
        terminal.started("date".to_owned());
        assert_eq!(terminal.history, ["date"]);
    }

    #[test]
    fn the_screen_does_not_grow_without_end() {
        let mut terminal = Terminal::default();
        (0..KEPT + 3).for_each(|_| terminal.ended(ran("date", false)));
        assert_eq!((terminal.items.len(), terminal.before), (KEPT, 3));
    }

    #[test]
    fn one_write_is_not_plural() {
        assert_eq!((cost(0), cost(1)), ("+0 writes".to_owned(), "+1 write".to_owned()));
    }
}
