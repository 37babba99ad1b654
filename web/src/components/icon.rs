//! An icon of the sprite in the page's frame.

use yew::prelude::*;

#[derive(Properties, Clone, PartialEq)]
pub(crate) struct IconProps {
    pub(crate) name: &'static str,
}

#[component]
pub(crate) fn Icon(props: &IconProps) -> Html {
    html! { <svg class="ico" aria-hidden="true"><use href={format!("#i-{}", props.name)} /></svg> }
}
