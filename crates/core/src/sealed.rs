//! What a vault without its keys answers: its health, its seal, and else that it is sealed. It knows no opened entry.

use vaultlet_token::Flavour;

use crate::core::{Outcome, Reach, WriteBatch};
use crate::door::{Call, Operation};
use crate::host::Rng;
use crate::refusal::Refusal;
use crate::reply::{self, Reply};
use crate::seal::config::SEAL_CONFIG;
use crate::seal::direct::{self, Direct};
use crate::seal::{Sealed, Turn, init, unseal};
use crate::sys::status;
use crate::{Request, UnixTime, ids};

/// What a sealed vault answers, or one that is not initialised.
pub(crate) fn answer(
    vault: &Sealed,
    rng: &mut dyn Rng,
    request: &Request,
    now: UnixTime,
    flavour: Flavour,
) -> Outcome {
    let (mut batch, mut encryptions, mut turn) = (WriteBatch::default(), 0, Turn::Stays);
    let answered = match direct::read(request) {
        None => Call::read(request).and_then(|call| open(vault, &call, now)),
        Some(Err(refusal)) => Err(refusal),
        Some(Ok(Direct::Status)) => Ok(direct::status(vault.entries.contains_key(SEAL_CONFIG))),
        Some(Ok(Direct::Init(config))) => {
            init::init(&vault.entries, rng, now, flavour, &config).map(|made| {
                (batch, encryptions) = (made.batch, made.encryptions);
                made.reply
            })
        }
        Some(Ok(asked @ (Direct::Reset | Direct::Share(_)))) => {
            let (answered, then) = match asked {
                Direct::Share(share) => unseal::give(vault, rng, share),
                _ => unseal::reset(vault),
            };
            turn = then;
            answered
        }
    };
    let id = ids::bytes16(rng).map_err(Refusal::from);
    let response = match answered.and_then(|reply| Ok((reply, id?))) {
        Ok((reply, id)) => reply::respond(&reply, id),
        Err(refusal) => reply::refuse(&refusal),
    };
    let ended = Vec::new();
    Outcome { response, batch, ended, encryptions, logins: Vec::new(), turn, asked: true, reach: Reach::Any }
}

fn open(vault: &Sealed, call: &Call, now: UnixTime) -> Result<Reply, Refusal> {
    let (path, operation) = (call.path.as_str(), call.operation);
    match (path, operation) {
        ("sys/health" | "sys/seal-status" | "sys/leader" | "sys/seal" | "sys/step-down", _) => {
            call.check()?
        }
        _ => return Err(Refusal::Sealed),
    }
    match (path, operation) {
        ("sys/health", Operation::Read) => status::sealed_health(vault, call, now),
        ("sys/seal-status", Operation::Read) => Ok(status::sealed_status(&vault.entries, &vault.given)),
        ("sys/leader", Operation::Read) => Ok(status::leader()),
        // It is sealed already, whoever asks.
        ("sys/seal" | "sys/step-down", Operation::Update) => Ok(Reply::nothing()),
        _ => Err(Refusal::Method),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::host::{Seeded, SetClock};
    use crate::{Core, Method};

    fn ask(core: &mut Core, path: &str) -> (u16, String) {
        let outcome = core.handle(&Request::new(Method::Get, path).token("root"));
        let response = core.commit(outcome);
        (response.status, String::from_utf8(response.body).unwrap())
    }

    #[test]
    fn a_sealed_vault_tells_its_health_and_nothing_else() {
        let clock = SetClock::at(UnixTime::from_secs(1_795_506_690));
        let (mut core, _) = Core::dev(Box::new(clock), Box::new(Seeded::new(1)), "root").unwrap();
        core.seal();
        let refused = (503, "{\"errors\":[\"Vault is sealed\"]}\n".to_owned());
        assert_eq!(ask(&mut core, "sys/policies/acl/default"), refused);
        assert_eq!(ask(&mut core, "nope"), refused);
        // What the real server answers, sealed, but for the order of its members.
        let (status, text) = ask(&mut core, "sys/health");
        let health = json!({
            "initialized": true, "sealed": true, "standby": true, "replication_performance_mode": "unknown",
            "replication_dr_mode": "unknown", "server_time_utc": 1_795_506_690, "version": "2.7.2",
        });
        assert_eq!((status, serde_json::from_str(&text).ok()), (503, Some(health)));
        assert_eq!(ask(&mut core, "sys/health?sealedcode=299").0, 299);
        let (status, text) = ask(&mut core, "sys/seal-status");
        assert!(status == 200 && text.contains("\"sealed\":true") && !text.contains("cluster"), "{text}");
    }
}
