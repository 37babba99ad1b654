//! The strip: is the engine alive, what time is it there, what did the last command cost. And the tabs of a phone.

use yew::prelude::*;

use super::page::{Page, PageProps};
use crate::state::{Action, Section};

const MINUTE: i64 = 60_000_000_000;

#[component]
pub(crate) fn Strip(props: &PageProps) -> Html {
    let page = &props.page;
    let look = page.session.look();
    let now = look.now.to_string();
    let chip = match look.term {
        Some(term) => {
            html! { <><span class="chip-dot" aria-hidden="true"></span><span>{ format!("this tab · unsealed · key term {term}") }</span></> }
        }
        None => {
            html! { <><span class="chip-dot sealed" aria-hidden="true"></span><span>{ "this tab · sealed" }</span></> }
        }
    };
    let last = page.state.terminal.last.as_ref().map(|entry| format!("last command +{}", entry.puts));
    html! {
        <div class="strip" role="region" aria-label="Engine">
            <div class="chip">{ chip }</div>
            <div class="clock" role="group" aria-label="The engine's clock">
                <span>{ "now" }</span>
                <time datetime={now.clone()} title={now.clone()}>{ clock_face(&now) }</time>
                { jump(page, "+1m", "one minute", MINUTE) }
                { jump(page, "+1h", "one hour", 60 * MINUTE) }
            </div>
            <div class="writes">
                <span>{ "storage writes" }</span><b>{ look.puts }</b>
                <span class="dim">{ last.unwrap_or_else(|| "no command yet".to_owned()) }</span>
            </div>
            <div class="last"><span>{ "Nothing leaves this tab." }</span><a href="#foot">{ "How so?" }</a></div>
        </div>
    }
}

/// `14:26:36` of `2026-11-24T14:26:36.5Z`.
fn clock_face(now: &str) -> String {
    now.get(11..19).unwrap_or(now).to_owned()
}

fn jump(page: &Page, word: &'static str, span: &'static str, nanos: i64) -> Html {
    let page = page.clone();
    let onclick = Callback::from(move |_: MouseEvent| {
        let mut watched = page.state.inspected.made.clone();
        let shown = page.state.inspected.text.trim().to_owned();
        if !watched.contains(&shown) {
            watched.push(shown);
        }
        let ended = page.session.advance(nanos, &watched);
        let mut note = format!("The engine’s clock went on by {span}.");
        for token in &ended {
            note += &format!(" Its time is over: {}", short(token));
        }
        page.send(Action::Note(note));
    });
    html! { <button class="btn btn--small" title={format!("Move the engine’s clock on by {span}")} {onclick}>{ word }</button> }
}

/// A token's first and last letters.
pub(crate) fn short(token: &str) -> String {
    let letters: Vec<char> = token.chars().collect();
    match (letters.get(..10), letters.get(letters.len().saturating_sub(4)..)) {
        (Some(first), Some(last)) if letters.len() > 18 => {
            format!("{}…{}", first.iter().collect::<String>(), last.iter().collect::<String>())
        }
        _ => token.to_owned(),
    }
}

/// The sections as tabs, where there is room for one only.
#[component]
pub(crate) fn Tabs(props: &PageProps) -> Html {
    let shown = props.page.state.section;
    let tab = |section: Section| {
        let current = (shown == section).then_some("true");
        html! { <button aria-current={current} onclick={props.page.on(Action::Show(section))}>{ section.word() }</button> }
    };
    html! { <nav class="tabbar" aria-label="Parts">{ for Section::ALL.map(tab) }</nav> }
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn the_clock_shows_hours_minutes_and_seconds() {
        assert_eq!(clock_face("2026-11-24T14:26:36.877680924Z"), "14:26:36");
    }

    #[test]
    fn a_long_token_is_shortened_and_a_short_one_is_not() {
        assert_eq!(short("b.AAAAAQKf5kVdMwjIwt4o49fDHI"), "b.AAAAAQKf…fDHI");
        assert_eq!(short("root"), "root");
    }
}
