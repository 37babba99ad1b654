//! `sys/capabilities`, `-self`, `-accessor`: what a token may do on some paths. It knows no rules: see `policy`.

use serde_json::{Map, json};

use crate::context::{Caller, Context};
use crate::door::Call;
use crate::fields::{Fields, Shape};
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::token_store::{Dead, Live, find, given};
use crate::{acl, identity};

/// `capabilities`: of the token in the body.
pub(crate) fn of_token(cx: &Context<'_>, call: &Call) -> Result<Reply, Refusal> {
    check_types(call)?;
    let text = call.data.get("token").and_then(|token| token.as_str()).filter(|text| !text.is_empty());
    let Some(text) = text else {
        return Err(Refusal::WrappedInternal("no token found".to_owned()));
    };
    let paths = paths(call)?;
    let token = find(cx, text).map_err(|dead| match dead {
        Dead::Undecodable(error) => Refusal::WrappedInternal(error.to_string()),
        Dead::Broken(refusal) => refusal,
        Dead::Unknown | Dead::Expired | Dead::ParentGone => {
            Refusal::WrappedInvalid("invalid token".to_owned())
        }
    })?;
    answer(cx, call, &token, &paths)
}

/// `capabilities-self`: of the caller's.
pub(crate) fn of_caller(cx: &Context<'_>, call: &Call, caller: &Caller) -> Result<Reply, Refusal> {
    check_types(call)?;
    answer(cx, call, &caller.token, &paths(call)?)
}

/// `capabilities-accessor`: of the accessor's token.
pub(crate) fn of_accessor(cx: &Context<'_>, call: &Call) -> Result<Reply, Refusal> {
    check_types(call)?;
    let fields = Fields(&call.data);
    if fields.text("accessor")?.is_empty() {
        return Err(Refusal::invalid("missing accessor"));
    }
    let token = given::required_by_accessor(cx, fields)?;
    let paths = paths(call)?;
    answer(cx, call, &token, &paths)
}

fn check_types(call: &Call) -> Result<(), Refusal> {
    let shapes = [
        ("accessor", Shape::Text),
        ("path", Shape::CommaList),
        ("paths", Shape::CommaList),
        ("token", Shape::Text),
    ];
    Fields(&call.data).check(&shapes).map(drop)
}

/// `paths`, else the older `path`.
fn paths(call: &Call) -> Result<Vec<String>, Refusal> {
    let fields = Fields(&call.data);
    let paths = fields.comma_list("paths")?;
    let paths = if paths.is_empty() { fields.comma_list("path")? } else { paths };
    if paths.is_empty() {
        return Err(Refusal::invalid("paths must be supplied"));
    }
    if paths.iter().any(String::is_empty) {
        return Err(Refusal::WrappedInvalid("missing path".to_owned()));
    }
    Ok(paths)
}

fn answer(cx: &Context<'_>, call: &Call, token: &Live, paths: &[String]) -> Result<Reply, Refusal> {
    if token.is_spent() {
        return Err(Refusal::WrappedInvalid("invalid token".to_owned()));
    }
    let known = [
        ("accessor", Shape::Text),
        ("path", Shape::CommaList),
        ("paths", Shape::CommaList),
        ("token", Shape::Text),
    ];
    let unknown = Fields(&call.data).check(&known)?;
    identity::check(cx.index, &token.entry)
        .map_err(|_| Refusal::WrappedInvalid("invalid token".to_owned()))?;
    let rules = acl::rules(cx, &token.entry).map_err(|error| Refusal::WrappedForbidden(error.to_string()))?;
    let mut data = Map::new();
    for path in paths {
        let capabilities = json!(rules.capabilities(path));
        if paths.len() == 1 {
            data.insert("capabilities".to_owned(), capabilities.clone());
        }
        data.insert(path.clone(), capabilities);
    }
    Ok(Reply::repeated(data).warn(unknown))
}

/// `sys/internal/ui/resultant-acl`: what the caller's policies together grant.
pub(crate) fn resultant(cx: &Context<'_>, caller: &Caller) -> Result<Reply, Refusal> {
    let rules =
        acl::rules(cx, &caller.token.entry).map_err(|error| Refusal::WrappedForbidden(error.to_string()))?;
    Ok(Reply::data(rules.resultant()))
}
