//! `operator unseal|seal`.

use vaultlet_core::Method;

use super::Call;
use super::call::Ended;
use super::status;
use crate::Host;
use crate::client::Ask;
use crate::json::Json;
use crate::render::wrap;

/// What the real command line says when it cannot ask for a key.
const NO_TERMINAL: &str = "An error occurred attempting to ask for an unseal key. The raw error message is shown \
    below, but usually this is because you attempted to pipe a value into the unseal command or you are executing \
    outside of a terminal (tty). You should run the unseal command from a terminal for maximum security. If this is \
    not an option, the unseal key can be provided as the first argument to the unseal command. The raw error was:  \
    file descriptor 0 is not a terminal";

/// What it says when it may not ask.
const UNASKED: &str = "Refusing to read from stdin with -non-interactive specified; specify unseal key as an argument \
    to this command";

/// `operator unseal [KEY]`
pub(super) async fn unseal<H: Host>(mut call: Call<'_, H>) -> Ended {
    let count = call.flags.words.len();
    if count > 1 {
        return Err(call.fail(1, &format!("Too many arguments (expected 1, got {count})")));
    }
    let client = call.client()?;
    let reset = call.flags.is("reset", false);
    let key = call.word(0).trim().to_owned();
    if key.is_empty() && !reset {
        if call.flags.is("non-interactive", false) {
            return Err(call.fail(1, &wrap::wrapped(UNASKED, 0)));
        }
        call.output.raw(b"Unseal Key (will be hidden): \n");
        return Err(call.fail(1, &wrap::wrapped(NO_TERMINAL, 0)));
    }
    let lead = if reset { "Error resetting unseal process: " } else { "Error unsealing: " };
    let body = match reset {
        true => Json::object([("reset", Json::Bool(true))]),
        false => Json::object([
            ("key", Json::text(&key)),
            ("reset", Json::Bool(false)),
            ("migrate", Json::Bool(call.flags.is("migrate", false))),
        ]),
    };
    let answered = client.ask(call.host, Ask::new(Method::Put, "sys/unseal").body(&body)).await;
    let response = call.told(answered, lead)?;
    let seal = Json::read(&response.body).unwrap_or(Json::Null);
    status::show(&mut call, &client, &seal).await
}

/// `operator seal`
pub(super) async fn seal<H: Host>(mut call: Call<'_, H>) -> Ended {
    call.expect_words(0, 0)?;
    let client = call.client()?;
    call.ask(&client, Ask::new(Method::Put, "sys/seal"), "Error sealing: ").await?;
    call.say("Success! Vault is sealed.");
    Ok(0)
}
