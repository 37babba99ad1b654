//! A shell's variables, and which of them its commands see. It knows no syntax.

use std::collections::BTreeMap;

/// Variables by name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Variables {
    values: BTreeMap<String, Variable>,
}

#[derive(Debug, Clone, Default)]
struct Variable {
    value: Option<String>,
    exported: bool,
}

impl Variables {
    /// A variable's value.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.values.get(name)?.value.as_deref()
    }

    /// The names of the variables that have a value, in order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.values.iter().filter(|(_, variable)| variable.value.is_some()).map(|(name, _)| name.as_str())
    }

    /// Sets a variable; if it was exported it stays so.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.values.entry(name.to_owned()).or_default().value = Some(value.to_owned());
    }

    /// Lets commands see a variable.
    pub(crate) fn export(&mut self, name: &str) {
        self.values.entry(name.to_owned()).or_default().exported = true;
    }

    /// Forgets a variable.
    pub(crate) fn unset(&mut self, name: &str) {
        self.values.remove(name);
    }

    /// What commands see.
    pub(crate) fn environment(&self) -> BTreeMap<String, String> {
        let seen = |(name, variable): (&String, &Variable)| {
            let value = variable.value.as_ref().filter(|_| variable.exported)?;
            Some((name.clone(), value.clone()))
        };
        self.values.iter().filter_map(seen).collect()
    }
}
