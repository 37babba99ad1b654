//! A body, read as its bytes come: by its length or in chunks. It knows no head but how long it says the body is.

use httparse::{InvalidChunkSize, Status, parse_chunk_size};

use crate::head::Length;
use crate::refusal::Refusal;
use crate::{MAX_BODY, MAX_HEAD};

/// The longest line that says how long a chunk is.
const MAX_CHUNK_LINE: usize = 4096;

/// What is read of a body so far.
#[derive(Debug)]
pub(crate) struct Body {
    bytes: Vec<u8>,
    left: Left,
}

/// What has to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Left {
    /// So many bytes, then the body is whole.
    Fixed(usize),
    /// A line with a chunk's length.
    ChunkLine,
    /// So many bytes of a chunk, then its line end.
    Chunk(usize),
    /// The line end behind a chunk.
    ChunkEnd,
    /// Trailers, up to an empty line; they are not kept.
    Trailers(usize),
    /// Nothing.
    Nothing,
}

impl Body {
    /// Nothing read yet.
    pub fn new(length: Length) -> Result<Self, Refusal> {
        let left = match length {
            Length::Chunked => Left::ChunkLine,
            Length::Fixed(0) => Left::Nothing,
            Length::Fixed(length) => {
                let length = usize::try_from(length).map_err(|_| Refusal::BodyTooLarge)?;
                if length > MAX_BODY {
                    return Err(Refusal::BodyTooLarge);
                }
                Left::Fixed(length)
            }
        };
        Ok(Self { bytes: Vec::new(), left })
    }

    /// Whether it is whole.
    pub fn is_whole(&self) -> bool {
        self.left == Left::Nothing
    }

    /// Its bytes.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// What a client's leaving now would be.
    pub fn cut_off(&self) -> Refusal {
        match self.left {
            Left::ChunkEnd => Refusal::ChunkMalformed,
            _ => Refusal::UnexpectedEnd,
        }
    }

    /// Takes what it can from the beginning of `input`, and says how much that was; 0 if more must come first.
    pub fn take(&mut self, input: &[u8]) -> Result<usize, Refusal> {
        match self.left {
            Left::Nothing => Ok(0),
            Left::Fixed(left) => {
                let taken = self.append(input, left)?;
                self.left = if taken == left { Left::Nothing } else { Left::Fixed(left - taken) };
                Ok(taken)
            }
            Left::Chunk(left) => {
                let taken = self.append(input, left)?;
                self.left = if taken == left { Left::ChunkEnd } else { Left::Chunk(left - taken) };
                Ok(taken)
            }
            Left::ChunkLine => self.chunk_line(input),
            Left::ChunkEnd => self.chunk_end(input),
            Left::Trailers(read) => self.trailer(input, read),
        }
    }

    fn append(&mut self, input: &[u8], left: usize) -> Result<usize, Refusal> {
        let taken = left.min(input.len());
        if self.bytes.len() + taken > MAX_BODY {
            return Err(Refusal::BodyTooLarge);
        }
        self.bytes.extend(input.iter().take(taken));
        Ok(taken)
    }

    fn chunk_line(&mut self, input: &[u8]) -> Result<usize, Refusal> {
        match parse_chunk_size(input) {
            Err(InvalidChunkSize) => Err(refuse_length(input)),
            Ok(Status::Partial) if input.len() > MAX_CHUNK_LINE => Err(Refusal::ChunkMalformed),
            Ok(Status::Partial) => Ok(0),
            Ok(Status::Complete((taken, length))) => {
                let length = usize::try_from(length).map_err(|_| Refusal::BodyTooLarge)?;
                if length > MAX_BODY - self.bytes.len().min(MAX_BODY) {
                    return Err(Refusal::BodyTooLarge);
                }
                self.left = if length == 0 { Left::Trailers(0) } else { Left::Chunk(length) };
                Ok(taken)
            }
        }
    }

    fn chunk_end(&mut self, input: &[u8]) -> Result<usize, Refusal> {
        match input {
            [] | [b'\r'] => Ok(0),
            [b'\r', b'\n', ..] => {
                self.left = Left::ChunkLine;
                Ok(2)
            }
            _ => Err(Refusal::ChunkMalformed),
        }
    }

    fn trailer(&mut self, input: &[u8], read: usize) -> Result<usize, Refusal> {
        let Some(end) = input.iter().position(|&byte| byte == b'\n') else {
            return if input.len() + read > MAX_HEAD { Err(Refusal::ChunkMalformed) } else { Ok(0) };
        };
        let taken = end + 1;
        if taken + read > MAX_HEAD {
            return Err(Refusal::ChunkMalformed);
        }
        let empty = matches!(input.get(..taken), Some([b'\n'] | [b'\r', b'\n']));
        self.left = if empty { Left::Nothing } else { Left::Trailers(read + taken) };
        Ok(taken)
    }
}

/// Digits alone, but too many of them, are another mistake than no digits.
fn refuse_length(input: &[u8]) -> Refusal {
    let digits = input.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
    if digits > 16 { Refusal::ChunkTooLarge } else { Refusal::ChunkLength }
}
