//! `token renew|revoke`.

use vaultlet_core::Method;

use super::Call;
use super::call::Ended;
use crate::Host;
use crate::client::Ask;
use crate::json::Json;

/// `token renew [TOKEN]`
pub(super) async fn renew<H: Host>(mut call: Call<'_, H>) -> Ended {
    if call.flags.words.len() > 1 {
        let count = call.flags.words.len();
        return Err(call.fail(1, &format!("Too many arguments (expected 1, got {count})")));
    }
    let increment = Json::number(call.flags.duration("increment").0 / 1_000_000_000);
    let given = call.word(0);
    let ask = match (call.flags.words.is_empty(), call.flags.is("accessor", false)) {
        (true, _) => {
            Ask::new(Method::Put, "auth/token/renew-self").body(&Json::object([("increment", increment)]))
        }
        (false, true) => Ask::new(Method::Post, "auth/token/renew-accessor")
            .body(&Json::object([("accessor", Json::text(given.trim())), ("increment", increment)])),
        (false, false) => Ask::new(Method::Put, "auth/token/renew")
            .body(&Json::object([("increment", increment), ("token", Json::text(given.trim()))])),
    };
    let client = call.client()?;
    match call.ask(&client, ask, "Error renewing token: ").await? {
        Some(secret) => call.show_all(&secret),
        None => Ok(0),
    }
}

/// `token revoke [TOKEN]`
pub(super) async fn revoke<H: Host>(mut call: Call<'_, H>) -> Ended {
    let own = call.flags.is("self", false);
    let by_accessor = call.flags.is("accessor", false);
    let mode = call.flags.text("mode").unwrap_or_default().to_owned();
    let given = call.word(0).trim().to_owned();
    checked(&mut call, own, by_accessor, &mode)?;
    let token = Json::object([("token", Json::text(&given))]);
    let ask = match mode.as_str() {
        "" if own => Ask::new(Method::Put, "auth/token/revoke-self"),
        "" if by_accessor => Ask::new(Method::Post, "auth/token/revoke-accessor")
            .body(&Json::object([("accessor", Json::text(&given))])),
        "" => Ask::new(Method::Put, "auth/token/revoke").body(&token),
        "orphan" => Ask::new(Method::Put, "auth/token/revoke-orphan").body(&token),
        "path" => Ask::new(Method::Put, &format!("sys/leases/revoke-prefix/{given}")),
        other => return Err(call.fail(1, &format!("Invalid mode: {other}"))),
    };
    let client = call.client()?;
    call.ask(&client, ask, "Error revoking token: ").await?;
    call.say("Success! Revoked token (if it existed)");
    Ok(0)
}

fn checked<H: Host>(call: &mut Call<'_, H>, own: bool, by_accessor: bool, mode: &str) -> Result<(), u8> {
    let count = call.flags.words.len();
    let complaint = match count {
        0 if !own => Some(format!("Not enough arguments (expected 1 or -self, got {count})")),
        1.. if own => Some(format!("Too many arguments with -self (expected 0, got {count})")),
        2.. => Some(format!("Too many arguments (expected 1 or -self, got {count})")),
        _ if own && by_accessor => Some("Cannot use -self with -accessor!".to_owned()),
        _ if own && !mode.is_empty() => Some("Cannot use -self with -mode!".to_owned()),
        _ if by_accessor && mode == "orphan" => Some("Cannot use -accessor with -mode=orphan!".to_owned()),
        _ if by_accessor && mode == "path" => Some("Cannot use -accessor with -mode=path!".to_owned()),
        _ => None,
    };
    match complaint {
        Some(complaint) => Err(call.fail(1, &complaint)),
        None => Ok(()),
    }
}
