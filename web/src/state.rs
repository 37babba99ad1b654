//! What the page shows, and how each action changes it: plain data. It knows neither the engine nor the DOM.

mod inspected;
mod lesson;
mod proofs;
mod terminal;

use std::rc::Rc;

pub use inspected::{Inspected, Origin};
pub use lesson::{LESSON_STEPS, Lesson, LessonLine};
pub use proofs::{Line, Observed, Progress, Proof, Proofs};
pub use terminal::{Entry, Item, Terminal};

use crate::samples::Sample;

/// A part of the page; on a phone only one is shown at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Section {
    /// The table.
    #[default]
    Compare,
    /// The inspector.
    Inspect,
    /// The lesson and the terminal.
    Lab,
}

impl Section {
    /// All, in the page's order.
    pub const ALL: [Self; 3] = [Self::Compare, Self::Inspect, Self::Lab];

    /// The element's id.
    pub fn id(self) -> &'static str {
        match self {
            Self::Compare => "compare",
            Self::Inspect => "inspect",
            Self::Lab => "lab",
        }
    }

    /// What the page calls it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Compare => "Compare",
            Self::Inspect => "Inspect",
            Self::Lab => "Lab",
        }
    }
}

/// Everything that is shown and is not the engine's.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct State {
    /// The part that a phone shows.
    pub section: Section,
    /// The table's proofs.
    pub proofs: Proofs,
    /// The inspector's token.
    pub inspected: Inspected,
    /// The terminal.
    pub terminal: Terminal,
    /// The lesson's commands.
    pub lesson: Lesson,
    /// Counts what may have changed in the engine: each second, each command, each jump of its clock.
    pub beat: u64,
}

/// What can happen.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// A second passed, or the engine was changed.
    Beat,
    /// Another part is to be shown.
    Show(Section),
    /// A row's proof begins.
    ProofStarted(usize),
    /// A row's proof ended.
    ProofEnded(usize, Rc<Proof>),
    /// A row's proof was stopped.
    ProofStopped(usize),
    /// All rows are to be proved: forget what was.
    ProofsCleared,
    /// A row is opened or closed.
    RowToggled(usize),
    /// A token is to be looked at.
    Inspect(String, Origin),
    /// A sample is to be looked at, sealed as this text.
    InspectSample(Sample, String),
    /// A byte's lowest bit is flipped, or flipped back.
    Flip(usize),
    /// A byte is pointed at, or none.
    Point(Option<usize>),
    /// The inspector's field got or lost the focus.
    FieldFocused(bool),
    /// A line begins to run.
    LineStarted(String),
    /// A line ended, and the tokens that it made.
    LineEnded(Rc<Entry>, Vec<String>),
    /// A word from the page itself, not from a command.
    Note(String),
    /// Tab was pressed twice in a line: what could stand there.
    Listed(String, String),
    /// The terminal is to be emptied.
    Clear,
}

impl State {
    /// Lets an action happen.
    pub fn apply(&mut self, action: Action) {
        match action {
            Action::Beat => {}
            Action::Show(section) => self.section = section,
            Action::ProofStarted(row) => self.proofs.started(row),
            Action::ProofEnded(row, proof) => self.proofs.ended(row, proof),
            Action::ProofStopped(row) => self.proofs.stopped(row),
            Action::ProofsCleared => self.proofs.clear(),
            Action::RowToggled(row) => self.proofs.toggle(row),
            Action::Inspect(text, origin) => self.inspected.look_at(text, origin),
            Action::InspectSample(sample, text) => self.inspected.look_at_sample(sample, text),
            Action::Flip(byte) => self.inspected.flip(byte),
            Action::Point(byte) => self.inspected.lit = byte,
            Action::FieldFocused(focused) => self.inspected.focused = focused,
            Action::LineStarted(line) => self.terminal.started(line),
            Action::LineEnded(entry, made) => self.line_ended(entry, made),
            Action::Note(text) => self.terminal.note(text),
            Action::Listed(line, offers) => self.terminal.listed(line, offers),
            Action::Clear => self.terminal.clear(),
        }
        self.beat += 1;
    }

    fn line_ended(&mut self, entry: Rc<Entry>, made: Vec<String>) {
        self.lesson.ran(&entry);
        self.terminal.ended(entry);
        for token in made {
            self.inspected.made(token);
        }
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn a_token_made_in_the_terminal_is_looked_at_at_once() {
        let mut state = State::default();
        state.apply(Action::LineStarted("vault token create".to_owned()));
        let entry = Rc::new(Entry { line: "vault token create".to_owned(), ..Entry::default() });
        state.apply(Action::LineEnded(entry, vec!["b.one".to_owned()]));
        assert_eq!(state.inspected.text, "b.one");
        assert_eq!(state.terminal.items.len(), 1);
        assert_eq!(state.terminal.running, None);
    }

    #[test]
    fn every_action_is_a_beat() {
        let mut state = State::default();
        state.apply(Action::Beat);
        state.apply(Action::Show(Section::Lab));
        assert_eq!((state.beat, state.section), (2, Section::Lab));
    }
}
