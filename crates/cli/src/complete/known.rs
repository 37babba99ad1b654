//! What only the server knows and Tab offers: where something is mounted, and the policies.

use vaultlet_core::{Method, Request};

use super::paths;
use crate::json::Json;
use crate::product::Product;
use crate::shell::Shell;
use crate::{Host, secret};

/// Names that a server gave.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// Auth methods: path below `auth/` with a slash at its end, and type.
    pub auth: Vec<(String, String)>,
    /// Secrets engines: path with a slash at its end, and type.
    pub engines: Vec<(String, String)>,
    /// Policies.
    pub policies: Vec<String>,
}

impl Known {
    /// Asks for what the shell's token may see. The host may leave the answers uncommitted: they are only looked at.
    pub async fn ask<H: Host>(shell: &Shell, host: &mut H) -> Self {
        let mounts = ask(shell, host, Method::Get, "sys/internal/ui/mounts").await;
        let policies = ask(shell, host, Method::List, "sys/policies/acl").await;
        let table = |name: &str| {
            let table = mounts.as_ref().and_then(|json| json.member("data")?.member(name)?.as_object());
            table.map(typed).unwrap_or_default()
        };
        let names = policies.as_ref().and_then(|json| secret::texts(json.member("data")?, "keys"));
        Self { auth: table("auth"), engines: table("secret"), policies: names.unwrap_or_default() }
    }

    /// Paths that begin like `begun`, as far as their next slash.
    pub(super) fn paths(&self, begun: &str) -> Vec<String> {
        let mut offers: Vec<String> = paths::all(self)
            .into_iter()
            .filter(|path| path.starts_with(begun) && path.len() > begun.len())
            .map(|path| {
                let next = path.get(begun.len()..).and_then(|rest| rest.find('/'));
                match next {
                    Some(next) => path.get(..=begun.len() + next).unwrap_or_default().to_owned(),
                    None => path + " ",
                }
            })
            .collect();
        offers.sort();
        offers.dedup();
        offers
    }
}

async fn ask<H: Host>(shell: &Shell, host: &mut H, method: Method, path: &str) -> Option<Json> {
    let environment = shell.environment();
    let address = Product::OpenBao.variable(&environment, "ADDR").unwrap_or_default().to_owned();
    let request = Request::new(method, path).token(&shell.token());
    let answered = host.answer(&address, request).await.ok()?;
    Json::read(&answered.body)
}

/// The paths of a table of mounts, each with its type.
fn typed(table: &[(String, Json)]) -> Vec<(String, String)> {
    table.iter().map(|(path, mount)| (path.clone(), mount.text_at("type").to_owned())).collect()
}
