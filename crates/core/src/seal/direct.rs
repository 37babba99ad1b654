//! `sys/init` and `sys/unseal`: asked before there is a token or a key, answered whether the vault is sealed or not.
//!
//! This reads them. It answers what does not depend on the seal.

use zeroize::Zeroizing;

use super::body::Body;
use super::config::{SealConfig, invalid};
use super::shares::LENGTHS;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::{Method, Request, door, share};

/// What is asked.
pub(crate) enum Direct {
    /// `GET sys/init`
    Status,
    /// `PUT sys/init`, its numbers checked.
    Init(SealConfig),
    /// `PUT sys/unseal` with `reset`: what was given is dropped.
    Reset,
    /// `PUT sys/unseal` with a share.
    Share(Zeroizing<Vec<u8>>),
}

/// Reads a request, if it is one of these.
pub(crate) fn read(request: &Request) -> Option<Result<Direct, Refusal>> {
    let writes = matches!(request.method, Method::Post | Method::Put);
    match door::path(request).as_str() {
        "/v1/sys/init" => Some(in_root(request).and_then(|()| match request.method {
            Method::Get => Ok(Direct::Status),
            _ if writes => init(&Body::read(request, "InitRequest")?),
            _ => Err(Refusal::Method),
        })),
        "/v1/sys/unseal" => Some(in_root(request).and_then(|()| match request.method {
            _ if writes => unseal(&Body::read(request, "UnsealRequest")?),
            _ => Err(Refusal::Method),
        })),
        _ => None,
    }
}

/// `GET sys/init`
pub(crate) fn status(initialised: bool) -> Reply {
    Reply { bare: Some(serde_json::json!({ "initialized": initialised })), ..Reply::default() }
}

fn in_root(request: &Request) -> Result<(), Refusal> {
    if door::is_root_namespace(request) { Ok(()) } else { Err(door::not_in_namespaces()) }
}

/// There is no PGP here, so shares cannot be given out under somebody's key.
fn init(body: &Body) -> Result<Direct, Refusal> {
    let (shares, threshold) = (body.int("secret_shares")?, body.int("secret_threshold")?);
    let pgp_keys = body.texts("pgp_keys")?;
    let root_pgp = !body.text("root_token_pgp_key")?.is_empty();
    let recovery = [
        ("recovery_shares", body.int("recovery_shares")? != 0),
        ("recovery_threshold", body.int("recovery_threshold")? != 0),
        ("recovery_pgp_keys", body.texts("recovery_pgp_keys")? != 0),
    ];
    let given: Vec<&str> = recovery.into_iter().filter(|(_, given)| *given).map(|(name, _)| name).collect();
    if !given.is_empty() {
        let given = given.join(",");
        return Err(Refusal::invalid(format!("parameters {given} not applicable to seal type shamir")));
    }
    let config = SealConfig::shamir(shares, threshold)?;
    if pgp_keys != 0 && pgp_keys != usize::from(config.secret_shares) {
        return Err(invalid("count mismatch between number of provided PGP keys and number of shares"));
    }
    if pgp_keys != 0 || root_pgp {
        return Err(Refusal::invalid("PGP keys are not supported here"));
    }
    Ok(Direct::Init(config))
}

fn unseal(body: &Body) -> Result<Direct, Refusal> {
    let (key, reset, migrate) = (body.text("key")?, body.flag("reset")?, body.flag("migrate")?);
    if reset {
        return Ok(Direct::Reset);
    }
    if key.is_empty() {
        return Err(Refusal::invalid(
            "'key' must be specified in request body as JSON, or 'reset' set to true",
        ));
    }
    // What is hex may be base64, too: its length tells.
    let hex = share::unhex(&key).filter(|share| LENGTHS.contains(&share.len()));
    let share = hex.or_else(|| share::unbase64(&key));
    let share = share.ok_or_else(|| Refusal::invalid("'key' must be a valid hex or base64 string"))?;
    if migrate {
        let text = "can't perform a seal migration, no migration seal found";
        return Err(Refusal::Internal(text.to_owned()));
    }
    Ok(Direct::Share(share))
}
