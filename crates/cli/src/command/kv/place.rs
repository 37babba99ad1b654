//! Where a key is: which engine a path is below, and whether that has versions.

use vaultlet_core::Method;

use crate::Host;
use crate::client::{Ask, Client, Failure, Instead};
use crate::command::Call;
use crate::command::logical::sanitized;
use crate::json::Json;

/// Where a key is.
pub(super) struct Place {
    /// With a slash at its end: `secret/`.
    mount: String,
    /// Below the mount.
    key: String,
    pub(super) versioned: bool,
}

impl Place {
    /// The key's path; version 2 has one for each purpose.
    pub(super) fn path(&self, purpose: &str) -> String {
        match self.versioned {
            true => sanitized(&format!("{}{purpose}/{}", self.mount, self.key)),
            false => sanitized(&format!("{}{}", self.mount, self.key)),
        }
    }
}

impl<H: Host> Call<'_, H> {
    /// Asks which engine a path is below, as the real command line does before each of these commands.
    pub(super) async fn place(&mut self, client: &Client) -> Result<Place, u8> {
        let given = sanitized(&self.word(0));
        let (whole, key) = match self.flags.text("mount").filter(|mount| !mount.is_empty()).map(sanitized) {
            Some(mount) => (mount, Some(given)),
            None => (given, None),
        };
        // This one is sent in any case: what is shown is the request that matters.
        let asking = Client { instead: Instead::Send, wrap_ttl: String::new(), ..client.clone() };
        let ask = Ask::new(Method::Get, &format!("sys/internal/ui/mounts/{whole}"));
        let data = match asking.found(self.host, ask).await {
            Ok(found) => found.map_or(Json::Null, |secret| secret.data),
            Err(Failure::Api(_)) if client.instead != Instead::Send => {
                return Err(self.fail(2, &without_version(&whole)));
            }
            Err(failure) => return Err(self.tell(&failure, "", 2)),
        };
        let mount = data.text_at("path").to_owned();
        let versioned = data.value_at("options").text_at("version") == "2";
        let below = format!("{whole}/").strip_prefix(&mount).unwrap_or(&whole).to_owned();
        Ok(Place { key: key.unwrap_or_else(|| sanitized(&below)), mount, versioned })
    }

    /// The same for what only version 2 has.
    pub(super) async fn versioned(
        &mut self,
        client: &Client,
        else_says: &str,
        code: u8,
    ) -> Result<Place, u8> {
        let place = self.place(client).await?;
        if place.versioned { Ok(place) } else { Err(self.fail(code, else_says)) }
    }
}

/// Why no request can be shown.
fn without_version(path: &str) -> String {
    format!(
        "This output flag requires the success of a preflight request \nto determine the version of a KV secrets \
         engine. Please \nre-run this command with a token with read access to {path}. \nNote that if the path you \
         are trying to reach is a KV v2 path, your token's policy must \nallow read access to that path in the \
         format 'mount-path/data/foo', not just 'mount-path/foo'."
    )
}
