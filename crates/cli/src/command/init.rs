//! `operator init`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use vaultlet_core::Method;

use super::Call;
use super::call::Ended;
use super::data::unreadable;
use crate::Host;
use crate::client::{Ask, Client, Instead};
use crate::json::Json;
use crate::render::{Format, texts, wrap};

/// How many shares there are, and how many unseal, if nothing is said.
const SHARES: (i64, i64) = (5, 3);

/// `operator init`
pub(super) async fn init<H: Host>(mut call: Call<'_, H>) -> Ended {
    let keys = Keys::read(&mut call)?;
    call.expect_words(0, 0)?;
    let client = call.client()?;
    // Whether there is a recovery key to split; it is asked in any case.
    let asking = Client { instead: Instead::Send, ..client.clone() };
    let seal = asking.ask(call.host, Ask::new(Method::Get, "sys/seal-status")).await;
    let seal = Json::read(&call.told(seal, "")?.body).unwrap_or(Json::Null);
    if call.flags.is("status", false) {
        return state(call, &client).await;
    }
    let body = keys.body(&call, seal.bool_at("recovery_seal"));
    let answered = client.ask(call.host, Ask::new(Method::Put, "sys/init").body(&body)).await;
    let answered = call.told(answered, "Error initializing: ")?;
    let made = Json::read(&answered.body).unwrap_or(Json::Null);
    let counts = (body.number_at("secret_shares"), body.number_at("secret_threshold"));
    match call.format {
        Format::Table => {
            let text = told(&made, counts, call.setting.product.command());
            call.say(&text);
            Ok(0)
        }
        _ => call.show_data(&whole(&made, &body)),
    }
}

/// `-status`: the code tells.
async fn state<H: Host>(mut call: Call<'_, H>, client: &Client) -> Ended {
    let answered = client.ask(call.host, Ask::new(Method::Get, "sys/init")).await;
    let answered = call.told(answered, "Error checking initialization status: ")?;
    let initialized = Json::read(&answered.body).is_some_and(|json| json.bool_at("initialized"));
    match (call.format, initialized) {
        (Format::Table, true) => call.say("Vault is initialized"),
        (Format::Table, false) => call.say("Vault is not initialized"),
        _ => {
            call.show_data(&Json::object([("Initialized", Json::Bool(initialized))]))?;
        }
    }
    if initialized { Ok(0) } else { Err(2) }
}

/// Public PGP keys, in base64.
struct Keys {
    unseal: Option<Vec<String>>,
    recovery: Option<Vec<String>>,
    root: String,
}

impl Keys {
    fn read<H: Host>(call: &mut Call<'_, H>) -> Result<Self, u8> {
        let unseal = keys(call, "pgp-keys")?;
        let recovery = keys(call, "recovery-pgp-keys")?;
        let root = keys(call, "root-token-pgp-key")?.and_then(|keys| keys.into_iter().next());
        Ok(Self { unseal, recovery, root: root.unwrap_or_default() })
    }

    /// What is sent. Without a recovery key, all that is said of it is left out.
    fn body<H: Host>(&self, call: &Call<'_, H>, has_recovery: bool) -> Json {
        let number = |name, default| {
            Json::number(if call.flags.given(name) { call.flags.number(name) } else { default })
        };
        let only = |is: bool, value: Json| if is { value } else { Json::number(0) };
        Json::object([
            ("secret_shares", only(!has_recovery, number("key-shares", SHARES.0))),
            ("secret_threshold", only(!has_recovery, number("key-threshold", SHARES.1))),
            ("pgp_keys", texts(self.unseal.as_ref())),
            ("recovery_shares", only(has_recovery, number("recovery-shares", SHARES.0))),
            ("recovery_threshold", only(has_recovery, number("recovery-threshold", SHARES.1))),
            ("recovery_pgp_keys", texts(self.recovery.as_ref())),
            ("root_token_pgp_key", Json::text(&self.root)),
        ])
    }
}

/// The files that a flag names, in base64; one that holds base64 already is taken as it is.
fn keys<H: Host>(call: &mut Call<'_, H>, flag: &str) -> Result<Option<Vec<String>>, u8> {
    let Some(given) = call.flags.text(flag).map(str::to_owned) else { return Ok(None) };
    let mut keys = Vec::new();
    for name in given.split(',').map(str::trim) {
        let read = match name.strip_prefix("keybase:") {
            Some(_) => Err("keybase.io is not asked: give the key as a file".to_owned()),
            None => {
                call.setting.files.read(name.trim_start_matches('@')).map_err(|error| unreadable(name, error))
            }
        };
        let bytes =
            read.map_err(|why| call.fail(1, &format!("invalid value {given:?} for flag -{flag}: {why}")))?;
        let text = String::from_utf8_lossy(&bytes).trim().to_owned();
        keys.push(if STANDARD.decode(&text).is_ok() { text } else { STANDARD.encode(&bytes) });
    }
    Ok(Some(keys))
}

/// The keys, and what is to be done with them.
fn told(made: &Json, (shares, threshold): (i64, i64), command: &str) -> String {
    let mut text = String::new();
    for (name, key) in [("Unseal", "keys_base64"), ("Recovery", "recovery_keys_base64")] {
        let keys = made.value_at(key);
        for (index, share) in keys.as_list().unwrap_or_default().iter().filter_map(Json::as_str).enumerate() {
            text.push_str(&format!("{name} Key {}: {share}\n", index + 1));
        }
    }
    text.push_str(&format!("\nInitial Root Token: {}\n\n", made.text_at("root_token")));
    if shares == 0 {
        // The shares above are the recovery key's: the seal unseals by itself.
        return text + "Success! Vault is initialized";
    }
    let paragraphs = [
        format!(
            "Vault initialized with {shares} key shares and a key threshold of {threshold}. Please securely distribute \
             the key shares printed above. When the Vault is re-sealed, restarted, or stopped, you must supply at least \
             {threshold} of these keys to unseal it before it can start servicing requests."
        ),
        format!(
            "Vault does not store the generated root key. Without at least {threshold} keys to reconstruct the root \
             key, Vault will remain permanently sealed!"
        ),
        format!(
            "It is possible to generate new unseal keys, provided you have a quorum of existing unseal keys shares. See \
             \"{command} operator {}\" for more information.",
            if command == "bao" { "rotate-keys" } else { "rekey" }
        ),
    ];
    text + &paragraphs.map(|paragraph| wrap::wrapped(&paragraph, 0)).join("\n\n")
}

/// The answer in one value, in the real command line's order.
fn whole(made: &Json, asked: &Json) -> Json {
    Json::object([
        ("unseal_keys_b64", made.value_at("keys_base64")),
        ("unseal_keys_hex", made.value_at("keys")),
        ("unseal_shares", asked.value_at("secret_shares")),
        ("unseal_threshold", asked.value_at("secret_threshold")),
        ("recovery_keys_b64", made.value_at("recovery_keys_base64")),
        ("recovery_keys_hex", made.value_at("recovery_keys")),
        ("recovery_keys_shares", asked.value_at("recovery_shares")),
        ("recovery_keys_threshold", asked.value_at("recovery_threshold")),
        ("root_token", made.value_at("root_token")),
    ])
}
