//! What is inside an opened token, field by field. A raw parent token is masked until asked for.

use yew::prelude::*;

use super::life::not_opened;
use crate::claims::{Claim, NAMES};

#[derive(Properties, Clone, PartialEq)]
pub(crate) struct ClaimsProps {
    pub(crate) claims: Vec<Claim>,
}

#[component]
pub(crate) fn Claims(props: &ClaimsProps) -> Html {
    if props.claims.is_empty() {
        let hatched = |name: &&'static str| html! { <div><dt>{ *name }</dt><dd><span class="hatch">{ not_opened() }</span></dd></div> };
        return html! { <dl class="claims" aria-label="Claims, not opened">{ for NAMES.iter().map(hatched) }</dl> };
    }
    html! {
        <dl class="claims" aria-label="Opened claims">
            { for props.claims.iter().map(|claim| html! { <Field key={claim.name} claim={claim.clone()} /> }) }
        </dl>
    }
}

#[derive(Properties, Clone, PartialEq)]
struct FieldProps {
    claim: Claim,
}

#[component]
fn Field(props: &FieldProps) -> Html {
    let claim = &props.claim;
    let asked = use_state(|| None::<String>);
    // What was asked for is this value; another token's parent is masked again.
    let shown = !claim.secret || asked.as_ref() == Some(&claim.value);
    let onclick = {
        let (asked, value) = (asked.clone(), claim.value.clone());
        Callback::from(move |_: MouseEvent| asked.set(Some(value.clone())))
    };
    html! {
        <div><dt>{ claim.name }</dt><dd>
            if shown { { claim.value.clone() } } else {
                { "••••••••" }<button class="btn btn--small" {onclick}>{ "Show" }<span class="sr">{ format!(" the {}", claim.name) }</span></button>
            }
        </dd></div>
    }
}
