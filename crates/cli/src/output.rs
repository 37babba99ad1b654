//! What a command prints, piece by piece. It knows no terminal.

/// Where a piece of output goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Out,
    /// Standard error.
    Err,
}

/// What a script printed, in the order in which it did, and how it ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ran {
    /// The pieces of output.
    pub output: Vec<(Stream, Vec<u8>)>,
    /// The exit code of the last command.
    pub code: u8,
    /// Whether the script asked to clear the screen; what was printed before is not in `output`.
    pub clear: bool,
}

impl Ran {
    /// Everything printed to one stream, as text.
    pub fn text(&self, stream: Stream) -> String {
        let bytes: Vec<u8> =
            self.output.iter().filter(|(to, _)| *to == stream).flat_map(|(_, bytes)| bytes.clone()).collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// Whether a request is to be printed in place of being sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Shown {
    /// Nobody waits for one.
    #[default]
    Unwanted,
    /// It is waited for.
    Wanted,
    /// It is printed.
    Done,
}

/// Output as it is made: pieces for two streams, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Output {
    pub(crate) pieces: Vec<(Stream, Vec<u8>)>,
    /// Whether the screen was cleared before the first piece.
    pub(crate) clear: bool,
    pub(crate) shown: Shown,
}

impl Output {
    /// Bytes for standard output, as they stand.
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.push(Stream::Out, bytes);
    }

    /// A line for standard output.
    pub(crate) fn line(&mut self, text: &str) {
        self.push(Stream::Out, format!("{text}\n").as_bytes());
    }

    /// A line for standard error.
    pub(crate) fn error(&mut self, text: &str) {
        self.push(Stream::Err, format!("{text}\n").as_bytes());
    }

    /// A request, printed in place of being sent.
    pub(crate) fn show(&mut self, text: &str) {
        self.shown = Shown::Done;
        self.line(text);
    }

    /// Bytes for one of the streams.
    pub(crate) fn push(&mut self, stream: Stream, bytes: &[u8]) {
        match self.pieces.last_mut() {
            _ if bytes.is_empty() => {}
            Some((last, piece)) if *last == stream => piece.extend_from_slice(bytes),
            _ => self.pieces.push((stream, bytes.to_vec())),
        }
    }

    /// What `other` printed, after this.
    pub(crate) fn append(&mut self, other: Self) {
        if other.clear {
            self.clear();
        }
        for (stream, bytes) in other.pieces {
            self.push(stream, &bytes);
        }
    }

    /// Forgets what was printed, and remembers that the screen was cleared.
    pub(crate) fn clear(&mut self) {
        self.pieces.clear();
        self.clear = true;
    }
}
