//! A row's proof: not run, running, proven, or different from what is documented.

use yew::prelude::*;

use super::compare_row::RowProps;
use super::icon::Icon;
use crate::rows::ROWS;
use crate::state::{Action, Progress, Proof};

#[component]
pub(crate) fn ProofCell(props: &RowProps) -> Html {
    let Some(row) = ROWS.get(props.at) else { return Html::default() };
    let page = &props.page;
    let inner = match page.state.proofs.rows.get(props.at) {
        _ if !row.provable() => {
            html! { <span class="obs dim">{ "No proof yet: its steps need what this tab cannot run." }</span> }
        }
        Some(Progress::Done(proof)) => done(props, row.title, proof),
        Some(Progress::Running) => html! {
            <><span class="spin" aria-hidden="true"></span><span class="obs">{ "Running both sides" }</span>{ stop(props) }</>
        },
        _ => prove(props, row.title),
    };
    html! { <div class="proof">{ inner }</div> }
}

fn prove(props: &RowProps, title: &str) -> Html {
    let (page, at) = (props.page.clone(), props.at);
    let onclick = Callback::from(move |_: MouseEvent| {
        page.session.prove(vec![at], &page.dispatch);
        if !page.state.proofs.open.contains(&at) {
            page.send(Action::RowToggled(at));
        }
    });
    html! {
        <button class="btn btn--small" {onclick}><Icon name="play" />{ "Prove it" }<span class="sr">{ format!(": {title}") }</span></button>
    }
}

fn stop(props: &RowProps) -> Html {
    let page = props.page.clone();
    let onclick = Callback::from(move |_: MouseEvent| page.session.stop_proofs());
    html! { <button class="btn btn--small" {onclick}>{ "Stop" }</button> }
}

fn done(props: &RowProps, title: &str, proof: &Proof) -> Html {
    let open = props.page.state.proofs.open.contains(&props.at);
    let status = proof.observed.status.map(|status| html! { <><code>{ status }</code>{ " " }</> });
    let (badge, word) = if proof.holds() {
        (
            html! { <span class="badge ok" role="img" aria-label="Proven"><Icon name="check" /></span> },
            Html::default(),
        )
    } else {
        (
            html! { <span class="badge df" role="img" aria-label="Differs"><Icon name="neq" /></span> },
            html! { <em>{ "Differs. " }</em> },
        )
    };
    html! {
        <>
            { badge }
            <span class="obs">{ word }{ status }{ &proof.observed.text }</span>
            <button class="caret" aria-expanded={open.to_string()} aria-controls={open.then(|| format!("row-{}", props.at))}
                aria-label={format!("Transcripts: {title}")} onclick={props.page.on(Action::RowToggled(props.at))}><Icon name="caret" /></button>
        </>
    }
}
