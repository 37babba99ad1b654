//! The lesson: commands to click, ticked when they were seen to run, whoever typed them.

use yew::prelude::*;

use super::icon::Icon;
use super::page::PageProps;
use crate::state::LESSON_STEPS;

#[component]
pub(crate) fn Steps(props: &PageProps) -> Html {
    let page = &props.page;
    let lesson = &page.state.lesson;
    let done = lesson.outcome;
    let number = if done {
        html! { <span class="num ok" role="img" aria-label="Done"><Icon name="check" /></span> }
    } else {
        html! { <span class="num now-step" aria-hidden="true">{ "1" }</span> }
    };
    html! {
        <div class="steps"><div class="step">
            <h2 class="step-head">{ number }{ "Create a batch token" }<small>{ format!("{} of {} run", lesson.done(), LESSON_STEPS.len()) }</small></h2>
            <div class="step-body">
                { for (0..LESSON_STEPS.len()).map(|at| html! { <RunCommand key={at} {at} page={page.clone()} /> }) }
                <div class="outcome" role="status">
                    if done { <Icon name="check" />{ "Observed: a lookup answered type batch." } }
                </div>
            </div>
        </div></div>
    }
}

#[component]
fn RunCommand(props: &super::compare_row::RowProps) -> Html {
    let page = &props.page;
    let Some(step) = LESSON_STEPS.get(props.at) else { return Html::default() };
    let seen = page.state.lesson.seen.get(props.at).and_then(Option::as_ref);
    let onclick = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.run([step.run.to_owned()]))
    };
    let (class, icon, word) = match seen {
        Some(seen) if seen.expected => ("run done", "check", seen.word.clone()),
        Some(seen) => ("run odd", "neq", seen.word.clone()),
        None => ("run", "play", "click to run".to_owned()),
    };
    html! {
        <>
            if !step.before.is_empty() { <p>{ step.before }</p> }
            <button {class} {onclick}><Icon name={icon} /><span>{ step.run }</span><small>{ word }</small></button>
        </>
    }
}
