//! What a command printed: errors marked, tokens coloured by segment and a click away from the inspector.

use vaultlet_cli::Stream;
use vaultlet_token::anatomy::inspect;
use yew::prelude::*;

use super::page::Page;
use super::token_text::TokenText;
use crate::spans::spans;
use crate::words::{Piece, pieces};

#[derive(Properties, Clone)]
pub(crate) struct OutputProps {
    pub(crate) pieces: Vec<(Stream, String)>,
    pub(crate) page: Page,
}

/// What was printed never changes: a new state of the page is no reason to draw it again.
impl PartialEq for OutputProps {
    fn eq(&self, other: &Self) -> bool {
        self.pieces == other.pieces
    }
}

#[component]
pub(crate) fn Output(props: &OutputProps) -> Html {
    let draw = |(stream, text): &(Stream, String)| {
        let class = (*stream == Stream::Err).then_some("err");
        html! { <span {class}>{ for pieces(text).into_iter().map(|piece| one(&props.page, &piece)) }</span> }
    };
    html! { <>{ for props.pieces.iter().map(draw) }</> }
}

fn one(page: &Page, piece: &Piece<'_>) -> Html {
    let token = match piece {
        Piece::Text(text) => return html! { text },
        Piece::Token(token) => (*token).to_owned(),
    };
    let spans = spans(&token, &inspect(&token), &[], None);
    let onclick = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.inspect(&token))
    };
    html! { <a class="tk" href="#inspect" title="Look at it in the inspector" {onclick}><TokenText {spans} /></a> }
}
