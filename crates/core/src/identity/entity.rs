//! `identity/entity`: entities, made, read, changed, listed, deleted. It knows no login.

use serde_json::{Map, Value, json};

use super::proto::Entity;
use super::{alias, folder, new_entity, packer, save};
use crate::UnixTime;
use crate::context::Context;
use crate::door::{Call, Operation};
use crate::fields::Fields;
use crate::mounts::object;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::token_store::policies::sanitise;

const FIELDS: [&str; 5] = ["id", "name", "metadata", "policies", "disabled"];

/// How an entity is named.
pub(crate) enum Which<'a> {
    /// By what the body says.
    Body,
    Id(&'a str),
    Name(&'a str),
}

/// Answers `entity/id/:id` and `entity/name/:name`.
pub(crate) fn dispatch(cx: &mut Context<'_>, call: &Call, which: &Which<'_>) -> Result<Reply, Refusal> {
    let entity = match which {
        Which::Id(id) => cx.index.entities.get(id),
        Which::Name(name) => cx.index.entities.named(name),
        Which::Body => None,
    };
    match call.operation {
        Operation::Read => {
            let unknown = Fields(&call.data).unknown(&FIELDS);
            Ok(Reply::data(shown(cx, entity.ok_or(Refusal::NotFound)?)).warn(unknown))
        }
        Operation::Update => write(cx, call, which),
        Operation::Delete => {
            if let Some(id) = entity.map(|entity| entity.id.clone()) {
                delete(cx, &id)?;
            }
            Ok(Reply::nothing())
        }
        _ => Err(Refusal::UnsupportedOperation),
    }
}

/// Makes an entity, or changes the one that is named.
pub(crate) fn write(cx: &mut Context<'_>, call: &Call, which: &Which<'_>) -> Result<Reply, Refusal> {
    let fields = Fields(&call.data);
    let (id, name) = match which {
        Which::Body => (fields.text("id")?, fields.text("name")?),
        Which::Id(id) => ((*id).to_owned(), fields.text("name")?),
        Which::Name(name) => (fields.text("id")?, (*name).to_owned()),
    };
    let metadata = fields.pairs("metadata")?;
    let policies = fields.comma_list("policies")?;
    let disabled = fields.flag("disabled", false)?;
    let named = cx.index.entities.named(&name).filter(|_| !name.is_empty());
    let known = if id.is_empty() {
        named.cloned()
    } else {
        let known = cx.index.entities.get(&id);
        Some(known.cloned().ok_or_else(|| Refusal::invalid("entity not found from id"))?)
    };
    if named.is_some_and(|named| known.as_ref().is_some_and(|known| known.id != named.id)) {
        return Err(Refusal::invalid("entity name is already in use"));
    }
    let is_new = known.is_none();
    let mut entity = match known {
        Some(entity) => entity,
        None => new_entity(cx)?,
    };
    if !name.is_empty() {
        entity.name = name;
    }
    if fields.has("metadata") {
        entity.metadata = metadata;
    }
    if fields.has("policies") {
        entity.policies = sanitise(&policies);
        if entity.policies.iter().any(|policy| policy == "root") {
            return Err(Refusal::invalid("policies cannot contain root"));
        }
    }
    if fields.has("disabled") {
        entity.disabled = disabled;
    }
    entity.last_update_time = Some(cx.now.into());
    save(cx, &entity)?;
    if !is_new {
        return Ok(Reply::nothing());
    }
    let data = object(json!({ "aliases": null, "id": entity.id, "name": entity.name }));
    Ok(Reply { warnings: fields.unknown(&FIELDS).into_iter().collect(), ..Reply::data(data) })
}

/// `entity/batch-delete`
pub(crate) fn delete_all(cx: &mut Context<'_>, call: &Call) -> Result<Reply, Refusal> {
    let ids = Fields(&call.data).comma_list("entity_ids")?;
    if ids.is_empty() {
        return Err(Refusal::invalid("missing entity ids to delete"));
    }
    for id in ids {
        delete(cx, &id)?;
    }
    Ok(Reply::nothing())
}

fn delete(cx: &mut Context<'_>, id: &str) -> Result<(), Refusal> {
    if cx.index.entities.get(id).is_none() {
        return Ok(());
    }
    let folder = folder(cx)?;
    packer::store(cx, &folder, id, None)
}

/// `LIST entity/id`: ids, with each one's name and aliases.
pub(crate) fn list_ids(cx: &Context<'_>) -> Result<Reply, Refusal> {
    let mut reply = Reply::keys(cx.index.entities.all().map(|entity| entity.id.clone()).collect())?;
    let mut known = alias::Mounts::new(cx);
    let mut one = |entity: &Entity| {
        let mut line = object(json!({ "name": entity.name }));
        let aliases: Vec<Value> =
            entity.aliases.iter().map(|alias| Value::Object(known.short(alias))).collect();
        if !aliases.is_empty() {
            line.insert("aliases".to_owned(), Value::from(aliases));
        }
        (entity.id.clone(), Value::Object(line))
    };
    let lines: Map<String, Value> = cx.index.entities.all().map(&mut one).collect();
    reply.data.get_or_insert_default().insert("key_info".to_owned(), Value::Object(lines));
    Ok(reply)
}

/// `LIST entity/name`: names, in the order of the ids.
pub(crate) fn list_names(cx: &Context<'_>) -> Result<Reply, Refusal> {
    Reply::keys(cx.index.entities.all().map(|entity| entity.name.clone()).collect())
}

/// What a read answers.
pub(crate) fn shown(cx: &Context<'_>, entity: &Entity) -> Map<String, Value> {
    let aliases: Vec<Value> =
        entity.aliases.iter().map(|alias| Value::Object(alias::shown(cx, alias))).collect();
    let time = |time: Option<super::proto::Timestamp>| UnixTime::from(time.unwrap_or_default()).to_string();
    object(json!({
        "aliases": aliases,
        "creation_time": time(entity.creation_time),
        "direct_group_ids": [],
        "disabled": entity.disabled,
        "group_ids": [],
        "id": entity.id,
        "inherited_group_ids": [],
        "last_update_time": time(entity.last_update_time),
        "merged_entity_ids": if entity.merged_entity_ids.is_empty() { Value::Null } else { json!(entity.merged_entity_ids) },
        "metadata": if entity.metadata.is_empty() { Value::Null } else { json!(entity.metadata) },
        "name": entity.name,
        "namespace_id": entity.namespace_id,
        "policies": entity.policies,
    }))
}
