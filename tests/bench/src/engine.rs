//! What is measured of the engine: whole requests, from their bytes to the bytes of the answer, the same natively and in wasm. It knows no clock.

use vaultlet_core::host::{Seeded, SetClock};
use vaultlet_core::{Core, Method, Request, Response, UnixTime};

/// What a token is asked for with, as the command line sends it.
const SERVICE: &str = r#"{"policies":["base"],"ttl":"1h","explicit_max_ttl":"0s","period":"0s","display_name":"","num_uses":0,"renewable":true,"type":"service","no_default_policy":false,"entity_alias":""}"#;
const BATCH: &str = r#"{"policies":["base"],"ttl":"1h","explicit_max_ttl":"0s","period":"0s","display_name":"","num_uses":0,"renewable":true,"type":"batch","no_default_policy":false,"entity_alias":""}"#;
const POLICY: &str = r#"{"policy":"path \"secret/data/*\" { capabilities = [\"read\", \"list\"] } path \"auth/token/create\" { capabilities = [\"update\"] }"}"#;

/// A vault with a policy, a service token and a batch token, ready to be asked over and over.
#[cfg_attr(target_arch = "wasm32", wasm_bindgen::prelude::wasm_bindgen)]
pub struct Engine {
    core: Core,
    service: String,
    batch: String,
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen::prelude::wasm_bindgen)]
impl Engine {
    /// Under keys that are no secret, at a time that stands.
    #[cfg_attr(target_arch = "wasm32", wasm_bindgen::prelude::wasm_bindgen(constructor))]
    #[allow(clippy::new_without_default, reason = "nothing of it is a default")]
    #[allow(clippy::expect_used, reason = "the seeded generator does not fail")]
    pub fn new() -> Engine {
        let clock = SetClock::at(UnixTime::from_secs(1_795_460_913));
        let (core, _) =
            Core::dev(Box::new(clock), Box::new(Seeded::new(1)), "root").expect("a generator that gives");
        let mut engine = Engine { core, service: String::new(), batch: String::new() };
        engine.ask(Method::Post, "sys/policies/acl/base", "root", POLICY);
        engine.service = engine.create_under("root");
        engine.batch = client_token(&engine.ask(Method::Post, "auth/token/create", "root", BATCH));
        engine
    }

    /// Makes service tokens with a parent, and gives how many were made.
    pub fn create_service(&mut self, rounds: u32) -> u32 {
        self.count(rounds, Method::Post, "auth/token/create", "root", SERVICE)
    }

    /// Makes batch tokens, and gives how many were made.
    pub fn create_batch(&mut self, rounds: u32) -> u32 {
        self.count(rounds, Method::Post, "auth/token/create", "root", BATCH)
    }

    /// A service token looks itself up; gives how often it was answered.
    pub fn lookup_service(&mut self, rounds: u32) -> u32 {
        self.count(rounds, Method::Get, "auth/token/lookup-self", &self.service.clone(), "")
    }

    /// A batch token looks itself up; gives how often it was answered.
    pub fn lookup_batch(&mut self, rounds: u32) -> u32 {
        self.count(rounds, Method::Get, "auth/token/lookup-self", &self.batch.clone(), "")
    }
}

impl Engine {
    /// Makes one service token below `parent`.
    pub fn create_under(&mut self, parent: &str) -> String {
        client_token(&self.ask(Method::Post, "auth/token/create", parent, SERVICE))
    }

    /// Makes one batch token and looks it up; whether it was found.
    pub fn make_and_look_up_batch(&mut self) -> bool {
        let token = client_token(&self.ask(Method::Post, "auth/token/create", "root", BATCH));
        self.ask(Method::Get, "auth/token/lookup-self", &token, "").status == 200
    }

    /// The engine, to be asked for more.
    pub fn core(&self) -> &Core {
        &self.core
    }

    /// Answers one request and commits it.
    pub fn ask(&mut self, method: Method, path: &str, token: &str, body: &str) -> Response {
        let mut request = Request::new(method, path).token(token).header("Content-Type", "application/json");
        request.body = body.as_bytes().to_vec();
        let outcome = self.core.handle(&request);
        self.core.commit(outcome)
    }

    fn count(&mut self, rounds: u32, method: Method, path: &str, token: &str, body: &str) -> u32 {
        let mut request = Request::new(method, path).token(token).header("Content-Type", "application/json");
        request.body = body.as_bytes().to_vec();
        let mut answered = 0;
        for _ in 0..rounds {
            let outcome = self.core.handle(&request);
            answered += u32::from(self.core.commit(outcome).status == 200);
        }
        answered
    }
}

/// The token in an answer, empty if there is none.
pub fn client_token(response: &Response) -> String {
    let body = response.json().unwrap_or_default();
    let token = body.pointer("/auth/client_token").and_then(|token| token.as_str());
    token.unwrap_or_default().to_owned()
}
