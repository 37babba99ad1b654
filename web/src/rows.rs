//! The comparison's rows, as their files say them. It knows neither the engine nor the page.

/// One row of the comparison.
#[derive(Debug, PartialEq, Eq)]
pub struct Row {
    /// The row's name.
    pub title: &'static str,
    /// A paragraph under the transcripts, or nothing.
    pub note: &'static str,
    /// What it begins with.
    pub server: Server,
    /// Lines run first, once for each side, and not shown; all must exit 0.
    pub setup: &'static [&'static str],
    /// What is said of service tokens.
    pub service: Column,
    /// What is said of batch tokens.
    pub batch: Column,
}

/// What a row's proof begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Server {
    /// An engine alone.
    Alone,
    /// With a standby, whose address is in `$STANDBY`.
    Standby,
    /// With a second cluster under the same keys, whose address is in `$SECONDARY`.
    Secondary,
}

impl Server {
    /// The variable that holds the address of the one beside it.
    pub fn variable(self) -> Option<&'static str> {
        match self {
            Self::Alone => None,
            Self::Standby => Some("STANDBY"),
            Self::Secondary => Some("SECONDARY"),
        }
    }
}

/// One side of a row.
#[derive(Debug, PartialEq, Eq)]
pub struct Column {
    /// What the table says.
    pub answer: &'static str,
    /// The small print under it, or nothing.
    pub small: &'static str,
    /// What proves it; nothing if it cannot be proved yet.
    pub steps: &'static [Step],
}

/// One line of a proof.
#[derive(Debug, PartialEq, Eq)]
pub struct Step {
    /// The line.
    pub run: &'static str,
    /// The exit code to expect.
    pub exit: u8,
    /// What the output must contain, runs of spaces counted as one.
    pub prints: &'static [&'static str],
    /// What it must not contain.
    pub lacks: &'static [&'static str],
    /// How many entries the line must put into storage.
    pub writes: Option<u64>,
    /// How often the active node and the one beside it must seal.
    pub encryptions: Option<(u64, u64)>,
}

/// All rows, in the table's order.
pub static ROWS: &[Row] = include!(concat!(env!("OUT_DIR"), "/rows.rs"));

impl Row {
    /// Whether there is something to run.
    pub fn provable(&self) -> bool {
        !self.service.steps.is_empty() || !self.batch.steps.is_empty()
    }
}

/// How an answer is marked: a filled dot is Yes, a hollow one No, none is neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dot {
    /// Filled.
    Yes,
    /// Hollow.
    No,
    /// None.
    Neither,
}

impl Column {
    /// The answer's mark.
    pub fn dot(&self) -> Dot {
        match self.answer.trim_end_matches(',') {
            "Yes" => Dot::Yes,
            "No" => Dot::No,
            _ => Dot::Neither,
        }
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn there_are_thirteen_rows_and_the_first_can_be_proved() {
        assert_eq!(ROWS.len(), 13);
        assert_eq!(ROWS[0].title, "Can be root tokens");
        assert!(ROWS[0].provable());
        assert_eq!(ROWS[0].batch.dot(), Dot::No);
        assert!(ROWS.iter().all(Row::provable), "no row is only read");
    }
}
