//! `identity/entity-alias`: names at auth mounts, and the entities that they stand for. It knows no login.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::proto::{Alias, Entity, Timestamp};
use super::{new_alias, new_entity, save};
use crate::UnixTime;
use crate::context::Context;
use crate::door::Call;
use crate::fields::Fields;
use crate::mounts::{Mount, object};
use crate::refusal::Refusal;
use crate::reply::Reply;

/// The mounts that aliases belong to, and which accessors of mounts that are gone were met already.
pub(crate) struct Mounts<'a> {
    all: &'a crate::mounts::Mounts,
    gone: BTreeSet<String>,
}

impl<'a> Mounts<'a> {
    /// Nothing met yet.
    pub fn new(cx: &Context<'a>) -> Self {
        Self { all: &cx.index.mounts, gone: BTreeSet::new() }
    }

    /// An alias in a list of entities.
    pub fn short(&mut self, alias: &Alias) -> Map<String, Value> {
        let mut line = object(json!({
            "id": alias.id,
            "mount_accessor": alias.mount_accessor,
            "name": alias.name,
        }));
        self.add_mount(&mut line, alias);
        line
    }

    /// Of a mount that is gone, the real server says nothing the first time and empty texts from then on.
    fn add_mount(&mut self, line: &mut Map<String, Value>, alias: &Alias) {
        let (kind, path) = match of_accessor(self.all, &alias.mount_accessor) {
            Some(mount) => (mount.kind.clone(), mount.full_path()),
            None if self.gone.insert(alias.mount_accessor.clone()) => return,
            None => (String::new(), String::new()),
        };
        line.insert("mount_path".to_owned(), json!(path));
        line.insert("mount_type".to_owned(), json!(kind));
    }
}

fn of_accessor<'m>(mounts: &'m crate::mounts::Mounts, accessor: &str) -> Option<&'m Mount> {
    mounts.of("auth").find(|mount| mount.accessor == accessor)
}

/// Makes an alias or changes one, by its id or by its mount and name.
pub(crate) fn write(cx: &mut Context<'_>, call: &Call, id: Option<&str>) -> Result<Reply, Refusal> {
    let fields = Fields(&call.data);
    let asked = Asked::read(fields, id)?;
    if !asked.id.is_empty() {
        let known = cx.index.entities.alias(&asked.id);
        let (entity, alias) = known.ok_or_else(|| Refusal::invalid("invalid alias ID provided"))?;
        let (entity, alias) = (entity.clone(), alias.clone());
        return change(cx, &asked, entity, alias);
    }
    if asked.name.is_empty() || asked.mount_accessor.is_empty() {
        return Err(Refusal::invalid("'id' or 'mount_accessor' and 'name' must be provided"));
    }
    let mount = of_accessor(&cx.index.mounts, &asked.mount_accessor);
    let unknown = || Refusal::invalid(format!("invalid mount accessor \"{}\"", asked.mount_accessor));
    let mount = mount.ok_or_else(unknown)?;
    if let Some(entity) = cx.index.entities.with_alias(&mount.accessor, &asked.name) {
        let alias = entity.aliases.iter().find(|alias| alias.mount_accessor == mount.accessor).cloned();
        return change(cx, &asked, entity.clone(), alias.unwrap_or_default());
    }
    make(cx, &asked, mount)
}

/// What is asked of an alias.
struct Asked {
    id: String,
    name: String,
    mount_accessor: String,
    canonical_id: String,
    custom_metadata: std::collections::BTreeMap<String, String>,
}

impl Asked {
    fn read(fields: Fields<'_>, id: Option<&str>) -> Result<Self, Refusal> {
        let canonical_id = fields.text("canonical_id")?;
        Ok(Self {
            id: id.map_or_else(|| fields.text("id"), |id| Ok(id.to_owned()))?,
            name: fields.text("name")?,
            mount_accessor: fields.text("mount_accessor")?,
            canonical_id: if canonical_id.is_empty() { fields.text("entity_id")? } else { canonical_id },
            custom_metadata: fields.pairs("custom_metadata")?,
        })
    }
}

fn entity_of(cx: &Context<'_>, id: &str, otherwise: &str) -> Result<Entity, Refusal> {
    cx.index.entities.get(id).cloned().ok_or_else(|| Refusal::invalid(otherwise))
}

fn make(cx: &mut Context<'_>, asked: &Asked, mount: &Mount) -> Result<Reply, Refusal> {
    let mut entity = if asked.canonical_id.is_empty() {
        new_entity(cx)?
    } else {
        entity_of(cx, &asked.canonical_id, "invalid canonical ID")?
    };
    check_free(&entity, &mount.accessor, "")?;
    let mut alias = new_alias(cx, &entity.id, mount, &asked.name)?;
    // What is made through the API does not keep what the mount is.
    (alias.mount_type, alias.mount_path) = (String::new(), String::new());
    alias.custom_metadata.clone_from(&asked.custom_metadata);
    let answer = ids(&entity, &alias);
    entity.aliases.push(alias);
    save(cx, &entity)?;
    Ok(answer)
}

/// An entity has one alias at a mount.
fn check_free(entity: &Entity, mount_accessor: &str, but: &str) -> Result<(), Refusal> {
    let taken = entity.aliases.iter().any(|alias| alias.mount_accessor == mount_accessor && alias.id != but);
    if taken {
        return Err(Refusal::invalid("Alias already exists for requested entity and mount accessor"));
    }
    Ok(())
}

fn change(cx: &mut Context<'_>, asked: &Asked, mut old: Entity, mut alias: Alias) -> Result<Reply, Refusal> {
    let before = alias.clone();
    if !asked.mount_accessor.is_empty() {
        if of_accessor(&cx.index.mounts, &asked.mount_accessor).is_none() {
            return Err(Refusal::invalid(format!("invalid mount accessor \"{}\"", asked.mount_accessor)));
        }
        alias.mount_accessor.clone_from(&asked.mount_accessor);
    }
    if !asked.name.is_empty() {
        alias.name.clone_from(&asked.name);
    }
    let moves = !asked.canonical_id.is_empty() && asked.canonical_id != old.id;
    let otherwise = "given 'canonical_id' is not associated with an entity";
    let mut new = if moves { Some(entity_of(cx, &asked.canonical_id, otherwise)?) } else { None };
    check_free(new.as_ref().unwrap_or(&old), &alias.mount_accessor, &alias.id)?;
    alias.custom_metadata.clone_from(&asked.custom_metadata);
    if !moves && asked.id.is_empty() && alias == before {
        return Ok(Reply::nothing());
    }
    alias.last_update_time = Some(cx.now.into());
    old.aliases.retain(|known| known.id != alias.id);
    let entity = new.as_mut().unwrap_or(&mut old);
    alias.canonical_id.clone_from(&entity.id);
    let answer = ids(entity, &alias);
    entity.aliases.push(alias);
    save(cx, &old)?;
    if let Some(new) = new {
        save(cx, &new)?;
    }
    Ok(answer)
}

fn ids(entity: &Entity, alias: &Alias) -> Reply {
    Reply::data(object(json!({ "canonical_id": entity.id, "id": alias.id })))
}

/// Reads an alias.
pub(crate) fn read(cx: &Context<'_>, id: &str) -> Result<Reply, Refusal> {
    let (_, alias) = cx.index.entities.alias(id).ok_or(Refusal::NotFound)?;
    let mut data = shown(cx, alias);
    data.insert("namespace_id".to_owned(), json!(alias.namespace_id));
    Ok(Reply::data(data))
}

/// Deletes an alias; its entity stays.
pub(crate) fn delete(cx: &mut Context<'_>, id: &str) -> Result<Reply, Refusal> {
    let Some((entity, _)) = cx.index.entities.alias(id) else { return Ok(Reply::nothing()) };
    let mut entity = entity.clone();
    entity.aliases.retain(|alias| alias.id != id);
    save(cx, &entity)?;
    Ok(Reply::nothing())
}

/// `LIST entity-alias/id`
pub(crate) fn list(cx: &Context<'_>) -> Result<Reply, Refusal> {
    let aliases = || cx.index.entities.aliases().map(|(_, alias)| alias);
    let mut reply = Reply::keys(aliases().map(|alias| alias.id.clone()).collect())?;
    let mut known = Mounts::new(cx);
    let mut one = |alias: &Alias| {
        let mut line = object(json!({
            "canonical_id": alias.canonical_id,
            "custom_metadata": custom_metadata(alias),
            "local": alias.local,
            "metadata": if alias.metadata.is_empty() { Value::Null } else { json!(alias.metadata) },
            "mount_accessor": alias.mount_accessor,
            "name": alias.name,
        }));
        known.add_mount(&mut line, alias);
        (alias.id.clone(), Value::Object(line))
    };
    let lines: Map<String, Value> = aliases().map(&mut one).collect();
    reply.data.get_or_insert_default().insert("key_info".to_owned(), Value::Object(lines));
    Ok(reply)
}

/// None is `{}` as long as the alias is as the API made it, and null after a change or a login.
fn custom_metadata(alias: &Alias) -> Value {
    let untouched = alias.mount_type.is_empty() && alias.creation_time == alias.last_update_time;
    if alias.custom_metadata.is_empty() && !untouched { Value::Null } else { json!(alias.custom_metadata) }
}

/// An alias as its entity shows it.
pub(crate) fn shown(cx: &Context<'_>, alias: &Alias) -> Map<String, Value> {
    let time = |time: Option<Timestamp>| UnixTime::from(time.unwrap_or_default()).to_string();
    let mount = of_accessor(&cx.index.mounts, &alias.mount_accessor);
    let (kind, path) = mount.map_or_else(
        || (alias.mount_type.clone(), alias.mount_path.clone()),
        |mount| (mount.kind.clone(), mount.full_path()),
    );
    let merged = &alias.merged_from_canonical_ids;
    object(json!({
        "canonical_id": alias.canonical_id,
        "creation_time": time(alias.creation_time),
        "custom_metadata": custom_metadata(alias),
        "id": alias.id,
        "last_update_time": time(alias.last_update_time),
        "local": alias.local,
        "merged_from_canonical_ids": if merged.is_empty() { Value::Null } else { json!(merged) },
        "metadata": if alias.metadata.is_empty() { Value::Null } else { json!(alias.metadata) },
        "mount_accessor": alias.mount_accessor,
        "mount_path": path,
        "mount_type": kind,
        "name": alias.name,
    }))
}
