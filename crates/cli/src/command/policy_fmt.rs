//! `policy fmt`.

use super::Call;
use super::call::Ended;
use super::data::unreadable;
use crate::Host;
use crate::hcl;

/// `policy fmt FILE`: writes it back in the usual form.
pub(super) async fn format<H: Host>(mut call: Call<'_, H>) -> Ended {
    call.expect_words(1, 1)?;
    let name = call.word(0).trim().to_owned();
    let read = call.setting.files.read(&name);
    let bytes = read
        .map_err(|error| call.fail(1, &format!("Error reading source file: {}", unreadable(&name, error))))?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    if let Err(refused) = vaultlet_core::policy::Policy::parse("", &text) {
        return Err(call.fail(1, &format!("failed to parse policy: {refused}")));
    }
    let formatted =
        hcl::formatted(&text).map_err(|why| call.fail(1, &format!("Error printing result: {why}")))?;
    if let Err(error) = call.setting.files.write(&name, formatted.as_bytes()) {
        return Err(call.fail(1, &format!("Error writing result: {}", unreadable(&name, error))));
    }
    call.say(&format!("Success! Formatted policy: {name}"));
    Ok(0)
}
