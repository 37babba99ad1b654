//! What is answered. It knows no socket.

use serde_json::Value;

/// One answer: a status and a body, with the headers that Vault's API gives every answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The body's bytes: JSON and a line end, or empty.
    pub body: Vec<u8>,
}

impl Response {
    /// The body as JSON, `None` when it is empty or not JSON.
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// The headers of every answer, as the real server sends them.
    pub fn headers(&self) -> Vec<(&'static str, &'static str)> {
        vec![
            ("Cache-Control", "no-store"),
            ("Content-Type", "application/json"),
            ("Strict-Transport-Security", "max-age=31536000; includeSubDomains"),
        ]
    }
}
