//! HTTP/1.1 as a server speaks it, without a socket: bytes come in and requests come out, answers go in and bytes come out.
//!
//! Any method is taken, `LIST` too. It knows no Vault, no time and no thread: how long a client may take is for whoever holds the socket.
//! What is refused, and with which words, is what the real server's listener does.
#![forbid(unsafe_code)]

mod answer;
mod body;
mod connection;
mod head;
mod refusal;
mod target;

pub use answer::{Answer, CONTINUE};
pub use connection::{Connection, Step};
pub use head::{Head, Persistence};
pub use refusal::Refusal;

/// The longest body that is read: 32 MiB, the real server's `max_request_size`.
pub const MAX_BODY: usize = 32 << 20;

/// The longest head, in bytes: the request line and all headers.
pub const MAX_HEAD: usize = (1 << 20) + 4096;

/// The most headers that a request may have.
pub const MAX_HEADERS: usize = 500;
