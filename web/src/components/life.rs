//! How long a token has to live. Without an opened token there is nothing to say, and nothing is said.

use yew::prelude::*;

use crate::claims::Life;

#[derive(Properties, Clone, PartialEq)]
pub(crate) struct LifeProps {
    pub(crate) life: Option<Life>,
}

#[component]
pub(crate) fn LifeBar(props: &LifeProps) -> Html {
    let Some(life) = props.life else {
        return html! {
            <div class="life">
                <div class="life-top"><span>{ "ttl" }</span><span class="hatch wide">{ not_opened() }</span></div>
                <div class="bar" aria-hidden="true"></div>
            </div>
        };
    };
    if life.given == 0 {
        return html! {
            <div class="life">
                <div class="life-top"><span>{ "ttl" }</span><b>{ "0s" }</b><span>{ "never expires" }</span></div>
                <div class="life-ends"><span>{ format!("creation_time {}", life.created_text()) }</span></div>
            </div>
        };
    }
    let share = (life.left.saturating_mul(1_000) / life.given).clamp(0, 1_000);
    let word = if life.left > 0 { "counting down" } else { "over" };
    html! {
        <div class="life">
            <div class="life-top"><span>{ "ttl" }</span><b>{ life.left_text() }</b><span>{ word }</span></div>
            <svg class="bar" role="meter" aria-label="Life left" aria-valuemin="0" aria-valuemax={life.given.to_string()}
                aria-valuenow={life.left.to_string()} aria-valuetext={format!("{} of {}", life.left_text(), life.given_text())}>
                <rect width={format!("{}.{}%", share / 10, share % 10)} height="100%" />
            </svg>
            <div class="life-ends"><span>{ format!("creation_time {}", life.created_text()) }</span><span>{ format!("creation_ttl {}", life.given_text()) }</span></div>
        </div>
    }
}

/// Hatched for the eye, a word for the ear.
pub(super) fn not_opened() -> Html {
    html! { <span class="sr">{ "not opened" }</span> }
}
