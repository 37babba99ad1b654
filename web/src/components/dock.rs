//! The lab's title bar. It peeks from the bottom while the lab is below the fold.

use yew::prelude::*;

use super::icon::Icon;
use super::page::PageProps;
use crate::state::LESSON_STEPS;

#[component]
pub(crate) fn Dock(props: &PageProps) -> Html {
    let state = &props.page.state;
    let last = state.terminal.last.as_ref();
    let answer =
        last.and_then(|entry| entry.text().lines().find(|line| !line.trim().is_empty()).map(str::to_owned));
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
