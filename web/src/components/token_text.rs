//! A token's letters in the colours of what they carry. A letter of two segments changes colour inside, at the bit.

use yew::prelude::*;

use crate::spans::Span;

#[derive(Properties, Clone, PartialEq)]
pub(crate) struct TokenTextProps {
    pub(crate) spans: Vec<Span>,
}

#[component]
pub(crate) fn TokenText(props: &TokenTextProps) -> Html {
    html! { <>{ for props.spans.iter().map(letters) }</> }
}

fn letters(span: &Span) -> Html {
    let mut class = classes!(span.segment.class());
    if let Some(split) = span.split {
        class.push(format!("mix to-{} at-{}", split.to.class(), split.at));
    }
    if span.flipped {
        class.push("flipped");
    }
    if span.lit {
        class.push("lit");
    }
    html! { <span {class}>{ &span.text }</span> }
}
