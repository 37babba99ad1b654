//! The field that takes any token: a text area whose letters are drawn, coloured, by what lies under it.

use vaultlet_token::anatomy::inspect;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::page::PageProps;
use super::token_text::TokenText;
use crate::spans::spans;
use crate::state::{Action, Origin};

#[component]
pub(crate) fn TokenField(props: &PageProps) -> Html {
    let page = &props.page;
    let shown = &page.state.inspected;
    let anatomy = inspect(&shown.text);
    let spans = spans(&shown.text, &anatomy, &shown.flipped, shown.lit);
    let size = match (anatomy.characters, anatomy.bytes) {
        (0, _) => "empty".to_owned(),
        (characters, 0) => format!("{characters} characters"),
        (characters, bytes) => format!("{characters} characters, {bytes} bytes"),
    };
    let oninput = {
        let page = page.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(field) = event.target_dyn_into::<HtmlTextAreaElement>() {
                page.send(Action::Inspect(field.value(), Origin::Typed));
            }
        })
    };
    html! {
        <>
            <div class="tok-label"><label for="token">{ "Paste any token" }</label><span>{ size }</span></div>
            <div class="tok">
                <div class="tok-letters" aria-hidden="true"><TokenText {spans} />{ "\u{200b}" }</div>
                <textarea id="token" rows="1" value={shown.text.clone()} {oninput} spellcheck="false" autocomplete="off" autocapitalize="off"
                    onfocus={page.on(Action::FieldFocused(true))} onblur={page.on(Action::FieldFocused(false))} />
            </div>
        </>
    }
}
