//! What a token is: text, frame, entry, keyring. Knows no clock, randomness, storage, HTTP or JavaScript.
#![forbid(unsafe_code)]
