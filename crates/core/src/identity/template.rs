//! What stands for the names in a policy's templated paths. It knows no policy.

use super::proto::Entity;

/// The value of a template's name for an entity: its id, name, metadata, and the same of its aliases by their mounts.
pub(crate) fn value(entity: &Entity, name: &str) -> Option<String> {
    let name = name.strip_prefix("identity.entity.")?;
    if let Some(key) = name.strip_prefix("metadata.") {
        return entity.metadata.get(key).cloned();
    }
    if let Some((accessor, name)) = name.strip_prefix("aliases.").and_then(|name| name.split_once('.')) {
        let alias = entity.aliases.iter().find(|alias| alias.mount_accessor == accessor)?;
        return match name.split_once('.') {
            None if name == "id" => Some(alias.id.clone()),
            None if name == "name" => Some(alias.name.clone()),
            Some(("metadata", key)) => alias.metadata.get(key).cloned(),
            Some(("custom_metadata", key)) => alias.custom_metadata.get(key).cloned(),
            _ => None,
        };
    }
    match name {
        "id" => Some(entity.id.clone()),
        "name" => Some(entity.name.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::proto::Alias;
    use super::*;

    #[test]
    fn names_have_values_or_none() {
        let alias =
            Alias { name: "eve".to_owned(), mount_accessor: "auth_x_1".to_owned(), ..Alias::default() };
        let entity = Entity {
            id: "i".to_owned(),
            name: "n".to_owned(),
            metadata: [("team".to_owned(), "blue".to_owned())].into(),
            aliases: vec![alias],
            ..Entity::default()
        };
        for (name, expected) in [
            ("identity.entity.id", Some("i")),
            ("identity.entity.name", Some("n")),
            ("identity.entity.metadata.team", Some("blue")),
            ("identity.entity.metadata.none", None),
            ("identity.entity.aliases.auth_x_1.name", Some("eve")),
            ("identity.entity.aliases.auth_x_2.name", None),
            ("identity.entity.aliases.auth_x_1.metadata.none", None),
            ("identity.groups.ids.x.name", None),
            ("", None),
        ] {
            assert_eq!(value(&entity, name).as_deref(), expected, "{name}");
        }
    }
}
