//! The lab's title bar. It peeks from the bottom while the lab is below the fold.

use yew::prelude::*;

use super::icon::Icon;
use super::page::PageProps;
use crate::state::LESSON_STEPS;

#[component]
pub(crate) fn Dock(props: &PageProps) -> Html {
    let state = &props.page.state;
    let last = state.terminal.last.as_ref();
    let answer = last.and_then(|entry| gist(&entry.text()));
    let lesson = &state.lesson;
    html! {
        <>
            <h2><Icon name="term" /><a href="#lab">{ "Terminal and lab" }</a></h2>
            if let Some(entry) = last {
                <span class="last" aria-hidden="true"><b>{ "$ " }</b>{ entry.line.clone() }<i>{ answer }</i></span>
            }
            <span class="right">
                <span class="ticks" aria-hidden="true">{ for lesson.seen.iter().map(|seen| {
                    let class = seen.as_ref().filter(|seen| seen.expected).map(|_| "ok");
                    html! { <i {class} /> }
                }) }</span>
                <span>{ format!("{} of {} commands", lesson.done(), LESSON_STEPS.len()) }</span>
            </span>
        </>
    }
}

/// One line of an answer: the refusal, or the first that is no table's head.
fn gist(text: &str) -> Option<String> {
    let refusal = text.lines().find_map(|line| line.strip_prefix("* "));
    let is_head = |line: &str| line.starts_with("Key  ") || line.starts_with("---");
    let first = || text.lines().find(|line| !line.trim().is_empty() && !is_head(line));
    let words = refusal.or_else(first)?.split_whitespace();
    Some(words.collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn a_refusal_or_the_first_line_is_the_gist() {
        let refused = "Error making API request.\n\nCode: 403. Errors:\n\n* permission denied\n";
        assert_eq!(gist(refused).as_deref(), Some("permission denied"));
        assert_eq!(gist("Key    Value\n---    -----\ntype   batch\n").as_deref(), Some("type batch"));
        assert_eq!(gist(""), None);
    }
}
