//! Sealing a vault and opening it again: without its keys it knows nothing but its sealed entries, and says so. It knows no shares.

use crate::barrier::Barrier;
use crate::core::{Core, Outcome, State, Unsealed, WriteBatch};
use crate::door::{Call, Operation};
use crate::refusal::Refusal;
use crate::reply::{self, Reply};
use crate::sys::status;
use crate::{Request, UnixTime, keyring};

/// The root key given does not open the stored keyring, or there is none stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "this root key does not open the vault's keyring: give the key of the vault that these entries come from"
)]
pub struct WrongRootKey;

impl Core {
    /// Forgets the keys and everything that was read with them; the sealed entries stay.
    pub fn seal(&mut self) {
        if let State::Unsealed(vault) = &mut self.state {
            self.state = State::Sealed(std::mem::take(&mut vault.barrier.entries));
        }
    }

    /// Opens a sealed vault with its root key (32 bytes). An unsealed one stays as it is.
    ///
    /// # Errors
    /// [`WrongRootKey`]; the vault is then as sealed as before.
    pub fn unseal(&mut self, root_key: &[u8]) -> Result<(), WrongRootKey> {
        let State::Sealed(entries) = &mut self.state else { return Ok(()) };
        let sealed = entries.get(keyring::KEYRING).ok_or(WrongRootKey)?;
        let keyring = keyring::open(sealed, root_key).ok_or(WrongRootKey)?;
        let barrier = Barrier { entries: std::mem::take(entries), keyring };
        self.state = State::Unsealed(Box::new(Unsealed::open(barrier)));
        Ok(())
    }

    /// Whether the keys are not here.
    pub fn is_sealed(&self) -> bool {
        matches!(self.state, State::Sealed(_))
    }
}

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
    use crate::Method;
    use crate::host::{Seeded, SetClock};

    fn ask(core: &mut Core, path: &str) -> (u16, String) {
        let outcome = core.handle(&Request::new(Method::Get, path).token("root"));
        let response = core.commit(outcome);
        (response.status, String::from_utf8(response.body).unwrap())
    }

    #[test]
    fn a_sealed_vault_says_so_and_opens_with_its_own_key_only() {
        let clock = SetClock::at(UnixTime::from_secs(1_795_506_690));
        let (mut core, _) = Core::dev(Box::new(clock), Box::new(Seeded::new(1)), "root").unwrap();
        let before = ask(&mut core, "sys/policies/acl/default");
        let root_key = core.keyring().unwrap().root_key.clone();
        core.seal();
        assert!(core.is_sealed() && core.keyring().is_none() && core.next_event().is_none());
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
        assert_eq!(core.unseal(&[0; 32]), Err(WrongRootKey));
        assert_eq!(core.unseal(b"short"), Err(WrongRootKey));
        assert!(core.is_sealed());
        core.unseal(&root_key).unwrap();
        let after = ask(&mut core, "sys/policies/acl/default");
        assert_eq!((before.0, after.0), (200, 200));
    }
}
