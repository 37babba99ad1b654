//! The two products whose words are spoken: Vault and OpenBao. It knows no command.

use std::collections::BTreeMap;

/// Whose command line a line asks for: `vault` or `bao`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Product {
    /// HashiCorp's Vault, as `vault`.
    Vault,
    /// OpenBao, as `bao`.
    OpenBao,
}

impl Product {
    /// The product whose command has this name.
    pub fn named(command: &str) -> Option<Self> {
        match command {
            "vault" => Some(Self::Vault),
            "bao" => Some(Self::OpenBao),
            _ => None,
        }
    }

    /// What its texts call it.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Vault => "Vault",
            Self::OpenBao => "OpenBao",
        }
    }

    /// Its command.
    pub(crate) fn command(self) -> &'static str {
        match self {
            Self::Vault => "vault",
            Self::OpenBao => "bao",
        }
    }

    /// How its environment variables begin.
    pub(crate) fn prefix(self) -> &'static str {
        match self {
            Self::Vault => "VAULT",
            Self::OpenBao => "BAO",
        }
    }

    /// An environment variable by its name without the prefix: `TOKEN`. OpenBao falls back to Vault's. Empty is unset.
    pub(crate) fn variable<'a>(
        self,
        environment: &'a BTreeMap<String, String>,
        name: &str,
    ) -> Option<&'a str> {
        let prefixes: &[&str] = match self {
            Self::Vault => &["VAULT"],
            Self::OpenBao => &["BAO", "VAULT"],
        };
        let value = |prefix: &&str| environment.get(&format!("{prefix}_{name}"));
        prefixes.iter().find_map(value).map(String::as_str).filter(|value| !value.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn openbao_falls_back_to_vaults_variables() {
        let environment = [("VAULT_TOKEN", "v"), ("BAO_ADDR", "b"), ("VAULT_ADDR", "va")];
        let environment = environment.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        assert_eq!(Product::OpenBao.variable(&environment, "TOKEN"), Some("v"));
        assert_eq!(Product::OpenBao.variable(&environment, "ADDR"), Some("b"));
        assert_eq!(Product::Vault.variable(&environment, "ADDR"), Some("va"));
        assert_eq!(Product::Vault.variable(&environment, "FORMAT"), None);
    }
}
