//! What came to its end with a request, or by time alone, and why: for whoever shows it. Nothing here decides anything.

/// A token or a secret's lease that ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// What it was.
    pub what: What,
    /// Why it ended.
    pub why: Why,
}

/// What ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A service token. Batch tokens end unseen: nothing is stored of them.
    Token {
        /// Its accessor.
        accessor: String,
        /// Its display name.
        display_name: String,
        /// The path that made it.
        path: String,
    },
    /// The lease of a secret.
    Lease {
        /// Its id.
        id: String,
    },
}

/// Why something ends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Why {
    /// Somebody asked for it.
    #[default]
    Asked,
    /// Its time was over.
    Time,
    /// The token that it belongs to ended: its parent, or the one that took the lease.
    Token,
}

impl Why {
    /// The reason in one word: `asked`, `time` or `token`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Time => "time",
            Self::Token => "token",
        }
    }
}

/// What ended so far in one request.
#[derive(Debug, Default)]
pub(crate) struct Endings {
    /// Why things end now.
    pub cause: Why,
    noted: Vec<Ended>,
    kept: usize,
}

impl Endings {
    /// Notes an end.
    pub fn note(&mut self, what: What) {
        self.noted.push(Ended { what, why: self.cause });
    }

    /// What is noted so far stays, also if the request is refused.
    pub fn keep(&mut self) {
        self.kept = self.noted.len();
    }

    /// Takes back what was noted since.
    pub fn undo_to_kept(&mut self) {
        self.noted.truncate(self.kept);
    }

    /// All of it.
    pub fn take(&mut self) -> Vec<Ended> {
        std::mem::take(&mut self.noted)
    }
}
