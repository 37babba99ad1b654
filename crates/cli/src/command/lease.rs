//! `lease lookup|renew|revoke`, and `unwrap`.

use vaultlet_core::Method;

use super::Call;
use super::call::Ended;
use crate::Host;
use crate::client::Ask;
use crate::json::Json;
use crate::render::wrap;

/// `lease lookup ID`
pub(super) async fn lookup<H: Host>(mut call: Call<'_, H>) -> Ended {
    let id = id(&mut call, "1")?;
    let client = call.client()?;
    let ask = Ask::new(Method::Put, "sys/leases/lookup").body(&Json::object([("lease_id", Json::text(&id))]));
    match call.ask(&client, ask, &format!("error looking up lease id {id}: ")).await? {
        Some(secret) => call.show_all(&secret),
        None => Ok(0),
    }
}

/// `lease renew ID`
pub(super) async fn renew<H: Host>(mut call: Call<'_, H>) -> Ended {
    let id = id(&mut call, "1-2")?;
    let increment = Json::number(call.flags.duration("increment").0 / 1_000_000_000);
    let client = call.client()?;
    let body = Json::object([("increment", increment), ("lease_id", Json::text(&id))]);
    let ask = Ask::new(Method::Put, "sys/leases/renew").body(&body);
    match call.ask(&client, ask, &format!("Error renewing {id}: ")).await? {
        Some(secret) => call.show_all(&secret),
        None => Ok(0),
    }
}

/// `lease revoke ID`
pub(super) async fn revoke<H: Host>(mut call: Call<'_, H>) -> Ended {
    call.expect_words(1, 1)?;
    let id = call.word(0).trim().to_owned();
    let (force, prefix) = (call.flags.is("force", false), call.flags.is("prefix", false));
    let sync = call.flags.is("sync", false);
    if force && !prefix {
        return Err(call.fail(1, "Specifying -force requires also specifying -prefix"));
    }
    let client = call.client()?;
    let body = Json::object([("sync", Json::Bool(sync))]);
    let put = |path: &str| Ask::new(Method::Put, &format!("sys/leases/{path}/{id}"));
    let (ask, lead, done) = match (force, prefix) {
        (true, _) => {
            let title = call.setting.product.title();
            let warning = format!(
                "Warning! Force-removing leases can cause {title} to become out of sync with secret engines!"
            );
            call.output.error(&wrap::wrapped(&warning, 0));
            let done = format!("Success! Force revoked any leases with prefix: {id}");
            (put("revoke-force"), format!("Error force revoking leases with prefix {id}: "), done)
        }
        (false, true) => {
            let done = format!("Success! Revoked any leases with prefix: {id}");
            (put("revoke-prefix").body(&body), format!("Error revoking leases with prefix {id}: "), done)
        }
        (false, false) => (
            put("revoke").body(&body),
            format!("Error revoking lease {id}: "),
            format!("Success! Revoked lease: {id}"),
        ),
    };
    call.ask(&client, ask, &lead).await?;
    let queued = "All revocation operations queued successfully!".to_owned();
    call.say(if sync || force { &done } else { &queued });
    Ok(0)
}

/// The one argument. The real command line says for `renew` that there may be two.
fn id<H: Host>(call: &mut Call<'_, H>, expected: &str) -> Result<String, u8> {
    match call.flags.words.len() {
        0 => Err(call.fail(1, "Missing ID!")),
        1 => Ok(call.word(0).trim().to_owned()),
        count => Err(call.fail(1, &format!("Too many arguments (expected {expected}, got {count})"))),
    }
}

/// `unwrap [TOKEN]`
pub(super) async fn unwrap<H: Host>(mut call: Call<'_, H>) -> Ended {
    call.expect_words(0, 1)?;
    let client = call.client()?;
    let token = call.word(0).trim().to_owned();
    let body = if token.is_empty() { Json::Null } else { Json::object([("token", Json::text(&token))]) };
    let ask = Ask::new(Method::Put, "sys/wrapping/unwrap").body(&body);
    match call.ask(&client, ask, "Error unwrapping: ").await? {
        Some(secret) => call.show(&secret),
        None => Err(call.fail(2, "Could not find wrapped response")),
    }
}
