//! What a vault without its keys answers: its health and its seal, and else that it is sealed. It knows no entries.

use crate::core::{Outcome, WriteBatch};
use crate::door::{Call, Operation};
use crate::refusal::Refusal;
use crate::reply::{self, Reply};
use crate::sys::status;
use crate::{Request, UnixTime};

/// What a sealed vault answers.
pub(crate) fn answer(request: &Request, now: UnixTime, id: [u8; 16]) -> Outcome {
    let answered = Call::read(request).and_then(|call| open(&call, now));
    let response = match answered {
        Ok(reply) => reply::respond(&reply, id),
        Err(refusal) => reply::refuse(&refusal),
    };
    Outcome { response, batch: WriteBatch::default(), encryptions: 0, logins: Vec::new(), asked: true }
}

fn open(call: &Call, now: UnixTime) -> Result<Reply, Refusal> {
    match (call.path.as_str(), call.operation) {
        ("sys/health", Operation::Read) => status::sealed_health(call, now),
        ("sys/seal-status", Operation::Read) => Ok(status::sealed_status()),
        ("sys/leader", Operation::Read) => Ok(status::leader()),
        _ => Err(Refusal::Sealed),
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
