//! The `token_…` parameters that every auth method's roles have. They know no method.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::cidr;
use crate::fields::Fields;
use crate::mounts::object;
use crate::refusal::Refusal;

const SECOND: i64 = 1_000_000_000;

/// What tokens a role gives, as the server stores it in the role's entry; spans are nanoseconds.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct TokenFields {
    pub token_bound_cidrs: Option<Vec<String>>,
    pub token_explicit_max_ttl: i64,
    pub token_max_ttl: i64,
    pub token_no_default_policy: bool,
    pub token_num_uses: i64,
    pub token_period: i64,
    pub token_policies: Option<Vec<String>>,
    /// 0 default, 1 service, 2 batch.
    pub token_type: u32,
    pub token_ttl: i64,
    pub token_strictly_bind_ip: bool,
}

/// The names of the parameters.
pub(crate) const NAMES: [&str; 10] = [
    "token_bound_cidrs",
    "token_explicit_max_ttl",
    "token_max_ttl",
    "token_no_default_policy",
    "token_num_uses",
    "token_period",
    "token_policies",
    "token_type",
    "token_ttl",
    "token_strictly_bind_ip",
];

impl TokenFields {
    /// Takes over what was given, if it goes together.
    pub fn update(&mut self, fields: Fields<'_>) -> Result<(), Refusal> {
        self.take(fields)?;
        self.check()
    }

    /// Takes over what was given.
    pub fn take(&mut self, fields: Fields<'_>) -> Result<(), Refusal> {
        check_types(fields)?;
        if fields.has("token_bound_cidrs") {
            let blocks = fields.comma_list("token_bound_cidrs")?;
            let blocks: Vec<String> =
                blocks.iter().map(|block| cidr::bound(block)).collect::<Result<_, _>>()?;
            self.token_bound_cidrs = Some(blocks).filter(|blocks| !blocks.is_empty());
        }
        for (name, span) in [
            ("token_explicit_max_ttl", &mut self.token_explicit_max_ttl),
            ("token_max_ttl", &mut self.token_max_ttl),
            ("token_period", &mut self.token_period),
            ("token_ttl", &mut self.token_ttl),
        ] {
            if let Some(given) = fields.duration(name)? {
                *span = given.0;
            }
        }
        self.token_no_default_policy =
            fields.flag("token_no_default_policy", self.token_no_default_policy)?;
        if fields.has("token_policies") {
            self.token_policies = Some(fields.comma_list("token_policies")?).filter(|list| !list.is_empty());
        }
        self.token_strictly_bind_ip = fields.flag("token_strictly_bind_ip", self.token_strictly_bind_ip)?;
        if fields.has("token_num_uses") {
            self.token_num_uses = fields.int("token_num_uses")?;
        }
        if fields.has("token_type") {
            self.token_type = token_type(&fields.text("token_type")?)?;
        }
        Ok(())
    }

    fn check(&self) -> Result<(), Refusal> {
        let conflict = self.token_strictly_bind_ip && self.token_bound_cidrs.is_some();
        let is_batch = self.token_type == 2;
        let found = if conflict {
            "'token_strictly_bind_ip' conflicts with 'token_bound_cidrs'; set only one"
        } else if self.token_max_ttl > 0 && self.token_ttl > self.token_max_ttl {
            "'token_ttl' cannot be greater than 'token_max_ttl'"
        } else if is_batch && self.token_period != 0 {
            "'token_type' cannot be 'batch' or 'default_batch' when set to generate periodic tokens"
        } else if is_batch && self.token_num_uses != 0 {
            "'token_type' cannot be 'batch' or 'default_batch' when set to generate tokens with limited use count"
        } else if self.token_num_uses < 0 {
            "'token_num_uses' cannot be negative"
        } else {
            return Ok(());
        };
        Err(Refusal::invalid(found))
    }

    /// What a read of the role shows of them.
    pub fn shown(&self) -> Map<String, Value> {
        object(json!({
            "token_bound_cidrs": self.token_bound_cidrs.clone().unwrap_or_default(),
            "token_explicit_max_ttl": self.token_explicit_max_ttl / SECOND,
            "token_max_ttl": self.token_max_ttl / SECOND,
            "token_no_default_policy": self.token_no_default_policy,
            "token_num_uses": self.token_num_uses,
            "token_period": self.token_period / SECOND,
            "token_policies": self.token_policies.clone().unwrap_or_default(),
            "token_strictly_bind_ip": self.token_strictly_bind_ip,
            "token_ttl": self.token_ttl / SECOND,
            "token_type": match self.token_type { 1 => "service", 2 => "batch", _ => "default" },
        }))
    }
}

/// Every parameter has its type before any is taken over.
fn check_types(fields: Fields<'_>) -> Result<(), Refusal> {
    for name in ["token_explicit_max_ttl", "token_max_ttl", "token_period", "token_ttl"] {
        fields.duration(name)?;
    }
    for name in ["token_no_default_policy", "token_strictly_bind_ip"] {
        fields.flag(name, false)?;
    }
    fields.comma_list("token_bound_cidrs")?;
    fields.comma_list("token_policies")?;
    fields.text("token_type")?;
    fields.int("token_num_uses").map(drop)
}

fn token_type(word: &str) -> Result<u32, Refusal> {
    match word {
        "" | "default" => Ok(0),
        "service" => Ok(1),
        "batch" => Ok(2),
        _ => Err(Refusal::invalid(format!("invalid 'token_type' value \"{word}\""))),
    }
}

/// A parameter that has an old name: the new name wins, and the old one's value is remembered only as long as only it is
/// used. `new` has taken over the new name's value already.
pub(crate) fn upgrade<T: Clone + Default>(
    fields: Fields<'_>,
    names: (&str, &str),
    given: T,
    old: &mut T,
    new: &mut T,
) {
    let (old_name, new_name) = names;
    match (fields.has(old_name), fields.has(new_name)) {
        (true, false) => {
            *old = given.clone();
            *new = given;
        }
        (true, true) => *old = new.clone(),
        (false, true) => *old = T::default(),
        (false, false) => {}
    }
}
