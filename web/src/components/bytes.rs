//! A token's bytes by segment. One tab stop: arrows move, Space flips the lowest bit of the byte.

use vaultlet_token::anatomy::{Anatomy, Part, inspect};
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use super::icon::Icon;
use super::page::{Page, PageProps};
use crate::spans::Segment;
use crate::state::{Action, Inspected};

/// More bytes than this are only counted: no token has them.
const SHOWN: usize = 1_024;
/// Bytes in a line.
const LINE: usize = 16;

#[component]
pub(crate) fn Bytes(props: &PageProps) -> Html {
    let page = &props.page;
    let anatomy = inspect(&page.state.inspected.text);
    let last = anatomy.bytes.min(SHOWN).saturating_sub(1);
    let cursor = use_state(|| 0_usize);
    let stop = (*cursor).min(last);
    let onkeydown = {
        let cursor = cursor.clone();
        Callback::from(move |event: KeyboardEvent| {
            if let Some(next) = moved(&event.key(), stop, last) {
                event.prevent_default();
                cursor.set(next);
                focus(next);
            }
        })
    };
    let onfocusin = {
        let (page, cursor) = (page.clone(), cursor.clone());
        Callback::from(move |event: FocusEvent| {
            if let Some(byte) = byte_of(event.target()) {
                cursor.set(byte);
                page.send(Action::Point(Some(byte)));
            }
        })
    };
    let onmouseover = {
        let page = page.clone();
        Callback::from(move |event: MouseEvent| {
            let byte = byte_of(event.target());
            if byte != page.state.inspected.lit {
                page.send(Action::Point(byte));
            }
        })
    };
    // A button's Space and Enter are clicks too.
    let onclick = {
        let page = page.clone();
        Callback::from(move |event: MouseEvent| {
            if let Some(byte) = byte_of(event.target()) {
                page.send(Action::Flip(byte));
            }
        })
    };
    html! {
        <>
            <dl class="bytes" aria-label="Bytes by segment" {onclick} {onkeydown} {onfocusin} {onmouseover} onmouseleave={page.on(Action::Point(None))}
                onfocusout={page.on(Action::Point(None))}>
                { prefix(&anatomy) }
                { for anatomy.parts.iter().map(|part| row(page, part, stop)) }
            </dl>
            { toy(page, &anatomy) }
        </>
    }
}

fn prefix(anatomy: &Anatomy) -> Html {
    let meaning = match (anatomy.kind, anatomy.flavour) {
        ("batch", Some("vault")) => "a batch token, in Vault’s spelling since 1.10",
        ("batch", _) => "a batch token, in the spelling of OpenBao and of Vault before 1.10",
        (_, Some("vault")) => "a service token, in Vault’s spelling since 1.10",
        _ => "a service token, in the spelling of OpenBao and of Vault before 1.10",
    };
    html! {
        <>
            <dt class="p">{ "prefix" }</dt>
            <dd class="p"><span class="w">{ anatomy.prefix.clone() }</span><em>{ meaning }</em></dd>
            <dd class="sz"></dd>
        </>
    }
}

fn row(page: &Page, part: &Part, stop: usize) -> Html {
    let class = Segment::of_part(part.name).class();
    let count = part.end - part.start;
    let size = format!("{count} {}", if count == 1 { "byte" } else { "bytes" });
    let inspected = &page.state.inspected;
    let lit = inspected.lit.is_some_and(|byte| (part.start..part.end).contains(&byte));
    let shown = (part.start..part.end.min(SHOWN)).zip(hex_pairs(&part.hex));
    // Long rows speak for themselves; the sentence stands under them.
    let meaning = html! { <em class={(count > LINE / 4).then_some("below")}>{ part.meaning.clone() }</em> };
    html! {
        <>
            <dt class={classes!(class, lit.then_some("lit"))} data-n={size.clone()}>{ word(part.name) }</dt>
            <dd {class}>{ for shown.map(|(at, hex)| byte(inspected, part.name, at, hex, stop)) }
                if part.end > SHOWN { <em class="below">{ format!("and {} more", part.end - part.start.max(SHOWN)) }</em> }
                { meaning }
            </dd>
            <dd class="sz">{ size }</dd>
        </>
    }
}

fn byte(inspected: &Inspected, part: &str, at: usize, hex: &str, stop: usize) -> Html {
    let flipped = inspected.flipped.contains(&at);
    let class = classes!(flipped.then_some("flipped"), (inspected.lit == Some(at)).then_some("lit"));
    let state = if flipped { ", flipped" } else { "" };
    html! {
        <button {class} data-byte={at.to_string()} tabindex={if at == stop { "0" } else { "-1" }}
            aria-label={format!("byte {at}, {}, {hex}{state}", word(part))}>{ hex }</button>
    }
}

fn hex_pairs(hex: &str) -> impl Iterator<Item = &str> {
    (0..hex.len() / 2).filter_map(|at| hex.get(at * 2..at * 2 + 2))
}

fn word(part: &str) -> &str {
    if part == "term" { "key term" } else { part }
}

/// Flips a bit, or all of them back.
fn toy(page: &Page, anatomy: &Anatomy) -> Html {
    let Some(sealed) = &anatomy.sealed else { return Html::default() };
    let flipped = page.state.inspected.flipped.clone();
    let back = !flipped.is_empty();
    let middle = 17 + sealed.sealed_length / 3;
    let onclick = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| {
            let bytes = if flipped.is_empty() { vec![middle.min(104)] } else { flipped.clone() };
            bytes.into_iter().for_each(|byte| page.send(Action::Flip(byte)));
        })
    };
    html! {
        <div class="toy"><button class="btn btn--small" {onclick}><Icon name="flip" />{ if back { "Flip it back" } else { "Flip a bit" } }</button>
            <span>{ "or click any byte. The tag guards every one of them." }</span></div>
    }
}

fn moved(key: &str, at: usize, last: usize) -> Option<usize> {
    let next = match key {
        "ArrowRight" => at + 1,
        "ArrowLeft" => at.saturating_sub(1),
        "ArrowDown" => at + LINE,
        "ArrowUp" => at.saturating_sub(LINE),
        "Home" => 0,
        "End" => last,
        _ => return None,
    };
    Some(next.min(last))
}

fn byte_of(target: Option<web_sys::EventTarget>) -> Option<usize> {
    use wasm_bindgen::JsCast;
    target?.dyn_into::<Element>().ok()?.get_attribute("data-byte")?.parse().ok()
}

fn focus(byte: usize) {
    use wasm_bindgen::JsCast;
    let document = web_sys::window().and_then(|window| window.document());
    let found = document
        .and_then(|document| document.query_selector(&format!("[data-byte=\"{byte}\"]")).ok().flatten());
    if let Some(button) = found.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
        let _ = button.focus();
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn arrows_stay_inside() {
        assert_eq!(moved("ArrowLeft", 0, 104), Some(0));
        assert_eq!(moved("ArrowDown", 100, 104), Some(104));
        assert_eq!(moved("Tab", 3, 104), None);
    }
}
