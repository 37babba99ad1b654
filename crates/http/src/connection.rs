//! One connection's state: what has come, and what that is. Requests come out one by one, also if the client sent many at once.

use crate::body::Body;
use crate::head::{self, Head};
use crate::refusal::Refusal;

/// What the bytes so far amount to.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// More must come.
    Wait,
    /// The client waits for [`crate::CONTINUE`] before it sends its body.
    Continue,
    /// A whole request, with its body. The next step is for the one after it.
    Request(Head, Vec<u8>),
    /// The client is told so, and the connection ends.
    Refuse(Refusal),
    /// There is nothing left to do: the client left, or the last request was the last.
    Close,
}

/// One client's connection, from its first byte to its last.
#[derive(Debug, Default)]
pub struct Connection {
    /// What came and is not read yet begins at `read`.
    bytes: Vec<u8>,
    read: usize,
    pending: Option<(Head, Body)>,
    /// The client will send no more.
    ended: bool,
    closed: bool,
}

impl Connection {
    /// A connection on which nothing has come yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes what the socket gave.
    pub fn receive(&mut self, bytes: &[u8]) {
        if !self.closed {
            self.bytes.extend_from_slice(bytes);
        }
    }

    /// The client will send no more; what it has sent is still answered.
    pub fn end(&mut self) {
        self.ended = true;
    }

    /// Whether the client is between two requests, so that nobody waits for anybody.
    pub fn is_idle(&self) -> bool {
        self.pending.is_none() && self.unread().is_empty()
    }

    /// What has come, one thing at a time; to be called again until it says [`Step::Wait`] or [`Step::Close`].
    pub fn step(&mut self) -> Step {
        if self.closed {
            return Step::Close;
        }
        let step = self.next().unwrap_or_else(Step::Refuse);
        self.forget_what_is_read();
        match &step {
            Step::Refuse(_) | Step::Close => self.close(),
            // What follows a last request is not read.
            Step::Request(head, _) if !head.persistence.keep => self.close(),
            _ => {}
        }
        step
    }

    fn next(&mut self) -> Result<Step, Refusal> {
        let (head, mut body) = match self.pending.take() {
            Some(pending) => pending,
            None => match head::read(self.unread())? {
                None if self.ended => return Ok(Step::Close),
                None => return Ok(Step::Wait),
                Some((head, taken)) => {
                    self.read += taken;
                    let body = Body::new(head.length)?;
                    if head.expects && !body.is_whole() {
                        self.pending = Some((head, body));
                        // Also if its body is already there, as the real listener does.
                        return Ok(Step::Continue);
                    }
                    (head, body)
                }
            },
        };
        while !body.is_whole() {
            let taken = body.take(self.unread())?;
            self.read += taken;
            if taken == 0 {
                if self.ended {
                    return Err(body.cut_off());
                }
                self.pending = Some((head, body));
                return Ok(Step::Wait);
            }
        }
        Ok(Step::Request(head, body.into_bytes()))
    }

    fn unread(&self) -> &[u8] {
        self.bytes.get(self.read..).unwrap_or_default()
    }

    fn forget_what_is_read(&mut self) {
        if self.read == self.bytes.len() {
            self.bytes.clear();
            self.read = 0;
        } else if self.read > 64 << 10 {
            self.bytes.drain(..self.read);
            self.read = 0;
        }
    }

    fn close(&mut self) {
        self.closed = true;
        self.bytes = Vec::new();
        self.read = 0;
        self.pending = None;
    }
}
