//! All entities, found by id, by name and by alias. They know no storage.

use std::collections::BTreeMap;

use super::proto::{Alias, Entity};

/// The entities of a vault, as of the last commit.
#[derive(Debug, Clone, Default)]
pub(crate) struct Entities {
    by_id: BTreeMap<String, Entity>,
    /// Lower-case name to id.
    by_name: BTreeMap<String, String>,
    /// Mount accessor and lower-case alias name to entity id.
    by_alias: BTreeMap<(String, String), String>,
    /// Alias id to entity id.
    by_alias_id: BTreeMap<String, String>,
}

impl Entities {
    /// Adds an entity.
    pub fn add(&mut self, entity: Entity) {
        self.by_name.insert(entity.name.to_lowercase(), entity.id.clone());
        for alias in &entity.aliases {
            self.by_alias.insert(alias_key(alias), entity.id.clone());
            self.by_alias_id.insert(alias.id.clone(), entity.id.clone());
        }
        self.by_id.insert(entity.id.clone(), entity);
    }

    /// Takes an entity away.
    pub fn remove(&mut self, id: &str) {
        let Some(entity) = self.by_id.remove(id) else { return };
        self.by_name.remove(&entity.name.to_lowercase());
        for alias in &entity.aliases {
            self.by_alias.remove(&alias_key(alias));
            self.by_alias_id.remove(&alias.id);
        }
    }

    /// By id.
    pub fn get(&self, id: &str) -> Option<&Entity> {
        self.by_id.get(id)
    }

    /// By name, whatever its case.
    pub fn named(&self, name: &str) -> Option<&Entity> {
        self.get(self.by_name.get(&name.to_lowercase())?)
    }

    /// By a name at an auth mount, whatever its case.
    pub fn with_alias(&self, mount_accessor: &str, name: &str) -> Option<&Entity> {
        self.get(self.by_alias.get(&(mount_accessor.to_owned(), name.to_lowercase()))?)
    }

    /// The alias of an id, and its entity.
    pub fn alias(&self, id: &str) -> Option<(&Entity, &Alias)> {
        let entity = self.get(self.by_alias_id.get(id)?)?;
        Some((entity, entity.aliases.iter().find(|alias| alias.id == id)?))
    }

    /// All, by id.
    pub fn all(&self) -> impl Iterator<Item = &Entity> {
        self.by_id.values()
    }

    /// All aliases, by their ids.
    pub fn aliases(&self) -> impl Iterator<Item = (&Entity, &Alias)> {
        self.by_alias_id.keys().filter_map(|id| self.alias(id))
    }
}

fn alias_key(alias: &Alias) -> (String, String) {
    (alias.mount_accessor.clone(), alias.name.to_lowercase())
}
