//! `identity/lookup/entity`: an entity by one of its names.

use crate::context::Context;
use crate::door::Call;
use crate::fields::Fields;
use crate::refusal::Refusal;
use crate::reply::Reply;

/// By `name`, `id`, `alias_id`, or `alias_name` with `alias_mount_accessor`; nobody is 204.
pub(crate) fn entity(cx: &Context<'_>, call: &Call) -> Result<Reply, Refusal> {
    let fields = Fields(&call.data);
    let [name, id, alias_id, alias_name, accessor] =
        ["name", "id", "alias_id", "alias_name", "alias_mount_accessor"].map(|field| fields.text(field));
    let (name, id, alias_id, alias_name, accessor) = (name?, id?, alias_id?, alias_name?, accessor?);
    let by_alias = !alias_name.is_empty() || !accessor.is_empty();
    let asked = [!name.is_empty(), !id.is_empty(), !alias_id.is_empty(), by_alias];
    match asked.iter().filter(|&&asked| asked).count() {
        // A parameter that is there and empty asks for nobody.
        0 if ["name", "id", "alias_id", "alias_name", "alias_mount_accessor"]
            .iter()
            .any(|name| fields.given(name)) =>
        {
            return Ok(Reply::nothing());
        }
        0 => return Err(Refusal::invalid("query parameter not supplied")),
        1 => {}
        _ => {
            let text = "query parameter conflict; please supply distinct set of query parameters";
            return Err(Refusal::invalid(text));
        }
    }
    if by_alias && (alias_name.is_empty() || accessor.is_empty()) {
        return Err(Refusal::invalid("both 'alias_name' and 'alias_mount_accessor' needs to be set"));
    }
    let entities = &cx.index.entities;
    let found = if !name.is_empty() {
        entities.named(&name)
    } else if !id.is_empty() {
        entities.get(&id)
    } else if by_alias {
        entities.with_alias(&accessor, &alias_name)
    } else {
        entities.alias(&alias_id).map(|(entity, _)| entity)
    };
    Ok(found.map_or_else(Reply::nothing, |entity| Reply::data(super::entity::shown(cx, entity))))
}
