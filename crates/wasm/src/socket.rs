//! One client's connection to the engine: the socket's bytes in, the answers' bytes out. It knows no socket: the JavaScript beside it does.

use std::net::{IpAddr, Ipv4Addr};

use vaultlet_core::{Method, Request};
use vaultlet_http::{Answer, CONTINUE, Connection, Head, Step};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::engine::Engine;

/// An HTTP/1.1 connection that an engine answers.
#[wasm_bindgen]
pub struct Socket {
    connection: Connection,
    remote: IpAddr,
    closed: bool,
}

#[wasm_bindgen]
impl Socket {
    /// A connection from an address, such as `127.0.0.1`; tokens with bound CIDRs are judged by it.
    #[wasm_bindgen(constructor)]
    pub fn new(remote: &str) -> Self {
        let remote = remote.parse().unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
        Self { connection: Connection::new(), remote, closed: false }
    }

    /// Takes what came and gives what is to be sent, which may be nothing.
    pub fn receive(&mut self, engine: &mut Engine, bytes: &[u8]) -> Vec<u8> {
        self.connection.receive(bytes);
        self.answer(engine)
    }

    /// The client will send no more: what it sent is answered still.
    pub fn end(&mut self, engine: &mut Engine) -> Vec<u8> {
        self.connection.end();
        self.answer(engine)
    }

    /// Whether the socket is to be closed once all is sent.
    #[wasm_bindgen(getter)]
    pub fn closed(&self) -> bool {
        self.closed
    }

    /// Whether the client is between two requests.
    #[wasm_bindgen(getter)]
    pub fn idle(&self) -> bool {
        self.connection.is_idle()
    }
}

impl Socket {
    fn answer(&mut self, engine: &mut Engine) -> Vec<u8> {
        let mut out = Vec::new();
        loop {
            match self.connection.step() {
                Step::Wait => return out,
                Step::Continue => out.extend_from_slice(CONTINUE),
                Step::Request(head, body) => out.append(&mut self.serve(engine, head, body)),
                Step::Refuse(refusal) => out.append(&mut refusal.answer(&engine.http_date())),
                Step::Close => {
                    self.closed = true;
                    return out;
                }
            }
        }
    }

    fn serve(&self, engine: &mut Engine, head: Head, body: Vec<u8>) -> Vec<u8> {
        let persistence = head.persistence;
        let method = Method::parse(&head.method);
        let head_only = method == Method::Head;
        // `OPTIONS *` asks whether anybody is there.
        if head.target == "*" {
            let answer = Answer { status: 200, headers: &[], body: b"", date: &engine.http_date() };
            return answer.bytes(head_only, persistence);
        }
        let request =
            Request { method, target: head.target, headers: head.headers, body, remote: self.remote };
        let response = engine.ask(&request);
        let moved = request.moved();
        let mut headers = response.headers();
        if let Some(to) = &moved {
            headers.retain(|(name, _)| *name != "Content-Type");
            headers.extend([("Content-Type", "text/html; charset=utf-8"), ("Location", to)]);
        }
        let answer = Answer {
            status: response.status,
            headers: &headers,
            body: &response.body,
            date: &engine.http_date(),
        };
        answer.bytes(head_only, persistence)
    }
}
