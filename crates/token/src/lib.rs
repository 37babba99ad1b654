//! What a Vault or OpenBao token is: its text, its sealed frame, the entry inside, the keyring that opens it.
//!
//! It knows no clock, no randomness, no storage, no HTTP and no JavaScript: nonces come in, and whether a token is
//! alive is the server's question.
//!
//! ```
//! use vaultlet_token::{Kind, Token, frame::Frame};
//! let text = "b.AAAAAQKf5kVdMwjIwt4o49fDHIfEELolVEbz-rAzlKOlHTrGW_aZrFslOezTsk4JjuTwYtzNONARecYwJRjx59GQmiX6icA7gxnKKzsD3cPYtI10CHoH1GFAyGTN2K4gLIYeHBWdq6O2";
//! let token = Token::parse(text);
//! let bytes = token.sealed_bytes()?;
//! let frame = Frame::split(&bytes)?;
//! assert_eq!((token.kind, frame.term, frame.version), (Kind::Batch, 1, 2));
//! assert_eq!((frame.nonce.len(), frame.ciphertext.len(), frame.tag.len()), (12, 72, 16));
//! # Ok::<(), vaultlet_token::TokenError>(())
//! ```
#![forbid(unsafe_code)]

pub mod anatomy;
pub mod entry;
mod error;
pub mod frame;
pub mod keyring;
mod keyring_json;
mod proto;
pub mod signed;
pub mod token;

pub use error::TokenError;
pub use token::{Flavour, Kind, Token, batch_token};
