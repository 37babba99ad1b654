//! How far the table's proofs are. It knows no engine.

use std::collections::BTreeSet;
use std::rc::Rc;

use vaultlet_cli::Stream;

use crate::rows::ROWS;

/// A line of a proof that has run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Line {
    /// The line.
    pub run: String,
    /// What it printed, in order.
    pub output: Vec<(Stream, String)>,
    /// Its exit code.
    pub code: u8,
    /// The HTTP status of the last answer, if it asked anything.
    pub status: Option<u16>,
    /// How many entries it put into storage.
    pub puts: u64,
    /// How often the active node and the standby sealed for it, where there are two.
    pub encryptions: Option<(u64, u64)>,
    /// What was not as the row says.
    pub fault: Option<String>,
}

/// What the proof cell shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Observed {
    /// The HTTP status of the last step of the batch side.
    pub status: Option<u16>,
    /// The error's text, or the line of output that the step asked for.
    pub text: String,
}

/// A row's proof.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Proof {
    /// The service side's lines.
    pub service: Vec<Line>,
    /// The batch side's lines.
    pub batch: Vec<Line>,
    /// What was seen in the end.
    pub observed: Observed,
    /// What was not as the row says; nothing if the claim holds.
    pub fault: Option<String>,
}

impl Proof {
    /// Whether every step did what the row says.
    pub fn holds(&self) -> bool {
        self.fault.is_none()
    }
}

/// How far a row is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Progress {
    /// Not run.
    #[default]
    Idle,
    /// Running.
    Running,
    /// It ran.
    Done(Rc<Proof>),
}

/// All rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proofs {
    /// By row.
    pub rows: Vec<Progress>,
    /// Rows whose transcripts are shown.
    pub open: BTreeSet<usize>,
}

impl Default for Proofs {
    fn default() -> Self {
        Self { rows: vec![Progress::Idle; ROWS.len()], open: BTreeSet::new() }
    }
}

impl Proofs {
    /// Rows that can be run.
    pub fn provable() -> impl Iterator<Item = usize> {
        ROWS.iter().enumerate().filter(|(_, row)| row.provable()).map(|(at, _)| at)
    }

    /// How many rows hold, and how many do not.
    pub fn count(&self) -> (usize, usize) {
        let done = || {
            self.rows
                .iter()
                .filter_map(|row| if let Progress::Done(proof) = row { Some(proof) } else { None })
        };
        (done().filter(|proof| proof.holds()).count(), done().filter(|proof| !proof.holds()).count())
    }

    /// Whether a row is running.
    pub fn running(&self) -> bool {
        self.rows.contains(&Progress::Running)
    }

    pub(super) fn started(&mut self, row: usize) {
        self.set(row, Progress::Running);
    }

    pub(super) fn ended(&mut self, row: usize, proof: Rc<Proof>) {
        self.set(row, Progress::Done(proof));
    }

    pub(super) fn stopped(&mut self, row: usize) {
        self.set(row, Progress::Idle);
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    pub(super) fn toggle(&mut self, row: usize) {
        if !self.open.remove(&row) {
            self.open.insert(row);
        }
    }

    fn set(&mut self, row: usize, progress: Progress) {
        if let Some(slot) = self.rows.get_mut(row) {
            *slot = progress;
        }
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn what_holds_and_what_differs_is_counted_apart() {
        let mut proofs = Proofs::default();
        proofs.ended(0, Rc::new(Proof::default()));
        proofs.ended(1, Rc::new(Proof { fault: Some("exit 0, not 2".to_owned()), ..Proof::default() }));
        proofs.started(2);
        assert_eq!(proofs.count(), (1, 1));
        assert!(proofs.running());
    }

    #[test]
    fn a_row_that_is_not_there_changes_nothing() {
        let mut proofs = Proofs::default();
        proofs.started(99);
        assert_eq!(proofs, Proofs::default());
    }
}
