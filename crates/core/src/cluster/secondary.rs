//! A second cluster, as performance replication makes one: the same keys, policies, mounts and roles, and a token store of its own. It knows
//! where things are stored, and nothing of what they mean.
//!
//! So a service token of the first cluster is not known here, an orphan batch token opens under the same keys, and a batch token with a
//! parent is refused, because its parent is a service token. None of that is a rule here: it follows from what is replicated.

use std::collections::BTreeMap;

use crate::core::{Core, Outcome, Role, WriteBatch};
use crate::dev;
use crate::host::{Clock, Rng};
use crate::{Refusal, Request, Response, reply};

/// What each cluster has for itself: its tokens and their leases, its name, the users that it has locked.
const LOCAL: [&str; 6] = [
    "sys/token/id/",
    "sys/token/accessor/",
    "sys/token/parent/",
    "sys/expire/",
    "core/cluster/local/",
    "core/login/",
];

/// What a second cluster makes of a request.
#[derive(Debug)]
pub enum Staged {
    /// It concerns this cluster alone: keep the batch, then commit.
    Here(Outcome),
    /// It would change what is the first cluster's.
    ForPrimary,
}

/// The active node of a second cluster.
pub struct Secondary {
    core: Core,
}

impl Secondary {
    /// Begins with what is replicated of `primary`, and a root token of its own. Also the batch that a host must keep.
    ///
    /// # Errors
    /// [`Refusal::Sealed`] if `primary` is sealed, another if the generator fails.
    pub fn found(
        primary: &Core,
        clock: Box<dyn Clock>,
        rng: Box<dyn Rng>,
        root_token: &str,
    ) -> Result<(Self, WriteBatch), Refusal> {
        let keyring = primary.keyring().ok_or(Refusal::Sealed)?;
        let local = primary.local_folders();
        let shared = |(key, value): (&str, &[u8])| {
            (!is_local(&local, key)).then(|| (key.to_owned(), Some(value.to_vec())))
        };
        let mut batch = WriteBatch::of(primary.entries().filter_map(shared).collect());
        let mut core = Core::replica(clock, rng, BTreeMap::new());
        core.apply(batch.clone());
        if !core.open_with(&keyring.root_key) {
            return Err(Refusal::Sealed);
        }
        core.set_role(Role::Secondary);
        let own = dev::root_token(&mut core, root_token)?;
        batch.writes.extend(own.writes.iter().cloned());
        core.apply(own);
        Ok((Self { core }, batch))
    }

    /// Takes what is replicated of a batch of the first cluster, and gives it for the host to keep.
    pub fn feed(&mut self, batch: &WriteBatch) -> WriteBatch {
        let local = self.core.local_folders();
        let writes = batch.writes.iter().filter(|(key, _)| !is_local(&local, key)).cloned().collect();
        let shared = WriteBatch::of(writes);
        self.core.apply(shared.clone());
        shared
    }

    /// Stages a request: it may write what is this cluster's own.
    pub fn handle(&mut self, request: &Request) -> Staged {
        let outcome = self.core.handle(request);
        let local = self.core.local_folders();
        if outcome.batch.writes.iter().all(|(key, _)| is_local(&local, key)) {
            return Staged::Here(outcome);
        }
        Staged::ForPrimary
    }

    /// Lets an answer happen, once its batch is kept.
    pub fn commit(&mut self, outcome: Outcome) -> Response {
        self.core.commit(outcome)
    }

    /// Answers at once: for hosts that keep nothing. What would change the first cluster is refused.
    pub fn ask(&mut self, request: &Request) -> Response {
        match self.handle(request) {
            Staged::Here(outcome) => self.commit(outcome),
            Staged::ForPrimary => reply::refuse(&Refusal::ReadOnly),
        }
    }

    /// Its engine, to look at.
    pub fn core(&self) -> &Core {
        &self.core
    }
}

fn is_local(folders: &[String], key: &str) -> bool {
    LOCAL.iter().any(|folder| key.starts_with(folder)) || folders.iter().any(|folder| key.starts_with(folder))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::host::{Seeded, SetClock};
    use crate::{Method, UnixTime};

    fn create(core: &mut Core, by: &str, path: &str, body: &serde_json::Value) -> String {
        let outcome = core.handle(&Request::new(Method::Post, path).token(by).json(body));
        let answer = core.commit(outcome).json().unwrap();
        answer["auth"]["client_token"].as_str().unwrap().to_owned()
    }

    /// A first cluster with a policy that lets tokens make tokens, and a second one.
    fn pair() -> (Core, Secondary) {
        let clock = SetClock::at(UnixTime::from_secs(1_795_506_690));
        let (mut core, _) = Core::dev(Box::new(clock.clone()), Box::new(Seeded::new(1)), "root").unwrap();
        let policy = json!({ "policy": "path \"auth/token/create\" { capabilities = [\"update\"] }" });
        let write = Request::new(Method::Post, "sys/policies/acl/maker").token("root").json(&policy);
        let outcome = core.handle(&write);
        assert_eq!(core.commit(outcome).status, 204);
        let secondary = Secondary::found(&core, Box::new(clock), Box::new(Seeded::new(2)), "second");
        (core, secondary.unwrap().0)
    }

    fn look_up(secondary: &mut Secondary, token: &str) -> (u16, String) {
        let response = secondary.ask(&Request::new(Method::Get, "auth/token/lookup-self").token(token));
        (response.status, String::from_utf8(response.body).unwrap())
    }

    #[test]
    fn only_orphan_batch_tokens_cross_clusters() {
        let (mut core, mut secondary) = pair();
        let service = create(
            &mut core,
            "root",
            "auth/token/create",
            &json!({ "policies": ["default", "maker"], "ttl": "1h" }),
        );
        let child = create(&mut core, &service, "auth/token/create", &json!({ "type": "batch" }));
        let orphan = create(
            &mut core,
            "root",
            "auth/token/create-orphan",
            &json!({ "policies": ["default"], "type": "batch" }),
        );
        let refused = (403, "{\"errors\":[\"permission denied\"]}\n".to_owned());
        assert_eq!(look_up(&mut secondary, "root"), refused);
        assert_eq!(look_up(&mut secondary, &service), refused);
        assert_eq!(look_up(&mut secondary, &child), refused);
        assert_eq!(look_up(&mut secondary, &orphan).0, 200);
        assert_eq!(look_up(&mut secondary, "second").0, 200);
    }

    #[test]
    fn policies_and_keys_follow_and_are_the_first_clusters_to_write() {
        let (mut core, mut secondary) = pair();
        let policy = json!({ "policy": "path \"sys/policies/acl/*\" { capabilities = [\"read\"] }" });
        for (path, body) in [("sys/policies/acl/reader", policy), ("sys/rotate", json!({}))] {
            let outcome = core.handle(&Request::new(Method::Post, path).token("root").json(&body));
            secondary.feed(&outcome.batch);
            core.commit(outcome);
        }
        let orphan = create(
            &mut core,
            "root",
            "auth/token/create-orphan",
            &json!({ "policies": ["reader"], "type": "batch" }),
        );
        assert!(orphan.starts_with("b.AAAAAg"), "sealed under term 2: {orphan}");
        let read = Request::new(Method::Get, "sys/policies/acl/reader").token(&orphan);
        assert_eq!(secondary.ask(&read).status, 200);
        let write = Request::new(Method::Post, "sys/policies/acl/x").token("second");
        assert!(matches!(
            secondary.handle(&write.json(&json!({ "policy": "path \"x\" {}" }))),
            Staged::ForPrimary
        ));
        let own =
            Request::new(Method::Post, "auth/token/create").token("second").json(&json!({ "ttl": "1h" }));
        assert_eq!(secondary.ask(&own).status, 200);
    }
}
