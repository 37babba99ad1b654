//! `login`: by token here; other methods write to their login path.

use std::collections::BTreeMap;

use vaultlet_core::Method;

use super::Call;
use super::call::Ended;
use crate::Host;
use crate::client::{Ask, Client};
use crate::json::Json;
use crate::render::{Format, wrap};
use crate::secret::{Auth, Secret};

/// What the real command line says when it cannot ask for a token.
const NO_TERMINAL: &str = "Error authenticating: An error occurred attempting to ask for a token. The raw error \
    message is shown below, but usually this is because you attempted to pipe a value into the command or you are \
    executing outside of a terminal (tty). If you want to pipe the value, pass \"-\" as the argument to read from \
    stdin. The raw error was: file descriptor 0 is not a terminal";

/// `login [TOKEN | K=V..]`
pub(super) async fn login<H: Host>(mut call: Call<'_, H>) -> Ended {
    let method = call.flags.text("method").unwrap_or("token").to_owned();
    let config = config(&mut call, &method)?;
    let mut client = call.client()?;
    let secret = match method.as_str() {
        "token" => by_token(&mut call, &mut client, config).await?,
        "userpass" => by_password(&mut call, &mut client, config).await?,
        _ => return Err(unknown(&mut call, &method)),
    };
    let token_only = call.flags.is("token-only", false);
    let no_store = call.flags.is("no-store", false) || token_only;
    let token = secret.auth.as_ref().map(|auth| auth.client_token.clone()).unwrap_or_default();
    if no_store {
        if !token_only {
            say_not_stored(&mut call);
        }
    } else {
        store(&mut call, &token)?;
    }
    if call.flags.is("no-print", false) {
        return Ok(0);
    }
    if token_only {
        return call.show_field(&secret, "token");
    }
    if call.format == Format::Table && !call.flags.given("field") {
        welcome(&mut call);
    }
    call.show(&secret)
}

/// The words as settings of the method; one word alone is a token.
fn config<H: Host>(call: &mut Call<'_, H>, method: &str) -> Result<BTreeMap<String, String>, u8> {
    let mut words = call.flags.words.clone();
    if let Some(first) = words.first_mut()
        && method == "token"
        && !first.contains('=')
    {
        *first = if first == "-" { "token=-".to_owned() } else { format!("token={first}") };
    }
    let stdin = Some(call.stdin());
    let read = super::data::read(&words, &mut super::data::Sources { files: call.setting.files, stdin });
    let data = read.map_err(|why| call.fail(1, &format!("Error parsing configuration: {why}")))?;
    let text = |value: Json| match value {
        Json::Text(text) => text,
        other => other.to_string(),
    };
    Ok(data.into_iter().map(|(key, value)| (key, text(value))).collect())
}

async fn by_token<H: Host>(
    call: &mut Call<'_, H>,
    client: &mut Client,
    mut config: BTreeMap<String, String>,
) -> Result<Secret, u8> {
    let Some(token) = config.remove("token") else {
        if call.flags.is("non-interactive", false) {
            let why = "'token' not supplied and refusing to pull from stdin";
            return Err(call.fail(2, &format!("Error authenticating: {why}")));
        }
        call.output.error("Token (will be hidden): ");
        return Err(call.fail(2, NO_TERMINAL));
    };
    if token.trim().is_empty() {
        let why = "a token must be passed to auth, please view the help for more information";
        return Err(call.fail(2, &format!("Error authenticating: {why}")));
    }
    token.trim().clone_into(&mut client.token);
    let ask = Ask::new(Method::Get, "auth/token/lookup-self");
    let lead = "Error authenticating: error looking up token: ";
    let found = call.ask(client, ask, lead).await?;
    let mut auth = found.map(|secret| Auth::of_lookup(&secret.data)).unwrap_or_default();
    client.token.clone_into(&mut auth.client_token);
    Ok(Secret::of(auth))
}

async fn by_password<H: Host>(
    call: &mut Call<'_, H>,
    client: &mut Client,
    mut config: BTreeMap<String, String>,
) -> Result<Secret, u8> {
    let path = call
        .flags
        .text("path")
        .filter(|path| !path.is_empty())
        .unwrap_or("userpass")
        .trim_matches('/')
        .to_owned();
    let Some(user) = config.remove("username").filter(|user| !user.is_empty()) else {
        return Err(call.fail(2, "Error authenticating: 'username' must be specified"));
    };
    let Some(password) = config.remove("password").filter(|password| !password.is_empty()) else {
        if call.flags.is("non-interactive", false) {
            let why = "'password' must be specified and refusing to pull from stdin";
            return Err(call.fail(2, &format!("Error authenticating: {why}")));
        }
        call.output.error("Password (will be hidden): ");
        return Err(call.fail(2, "Error authenticating: file descriptor 0 is not a terminal"));
    };
    // Who logs in is nobody yet.
    client.token.clear();
    let body = Json::object([("password", Json::Text(password))]);
    let ask = Ask::new(Method::Put, &format!("auth/{path}/login/{user}")).body(&body);
    let secret = call.ask(client, ask, "Error authenticating: ").await?;
    secret.ok_or_else(|| call.fail(2, "Error authenticating: empty response from credential provider"))
}

fn unknown<H: Host>(call: &mut Call<'_, H>, method: &str) -> u8 {
    let command = call.setting.product.command();
    call.fail(
        1,
        &wrap::wrapped(
            &format!(
                "Unknown auth method: {method}. Use \"{command} auth list\" to see the complete list of auth methods. \
                 Additionally, some auth methods are only available via the HTTP API."
            ),
            0,
        ),
    )
}

fn store<H: Host>(call: &mut Call<'_, H>, token: &str) -> Result<(), u8> {
    let file = call.token_file();
    if let Err(error) = call.setting.files.write_secret(&file, token.as_bytes()) {
        let text = format!("Error storing token: open {file}: {error}");
        return Err(call.fail(2, &text));
    }
    let product = call.setting.product;
    if call.variable("TOKEN").is_some() {
        let name = product.prefix();
        let text = format!(
            "WARNING! The {name}_TOKEN environment variable is set! The value of this variable will take precedence; \
             if this is unwanted please unset {name}_TOKEN or update its value accordingly."
        );
        call.output.error(&format!("{}\n", wrap::wrapped(&text, 0)));
    }
    Ok(())
}

fn say_not_stored<H: Host>(call: &mut Call<'_, H>) {
    let name = call.setting.product.prefix();
    let text = format!(
        "The token was not stored in token helper. Set the {name}_TOKEN environment variable or pass the token below \
         with each request to Vault."
    );
    call.output.error(&format!("{}\n", wrap::wrapped(&text, 0)));
}

fn welcome<H: Host>(call: &mut Call<'_, H>) {
    let (command, title) = (call.setting.product.command(), call.setting.product.title());
    let text = format!(
        "Success! You are now authenticated. The token information displayed below is already stored in the token \
         helper. You do NOT need to run \"{command} login\" again. Future {title} requests will automatically use this \
         token."
    );
    call.say(&format!("{}\n", wrap::wrapped(&text, 0)));
}
