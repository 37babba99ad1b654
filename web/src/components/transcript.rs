//! Both sides of a proof, line by line.

use std::rc::Rc;

use yew::prelude::*;

use super::output::Output;
use super::page::Page;
use crate::state::{Line, Proof};

#[derive(Properties, Clone, PartialEq)]
pub(crate) struct TranscriptsProps {
    pub(crate) proof: Rc<Proof>,
    pub(crate) note: &'static str,
    pub(crate) page: Page,
}

#[component]
pub(crate) fn Transcripts(props: &TranscriptsProps) -> Html {
    let proof = &props.proof;
    html! {
        <div class="pair">
            { side(&props.page, html! { <b class="k-s">{ "Service" }</b> }, &proof.service) }
            { side(&props.page, html! { <b class="k-b">{ "Batch" }</b> }, &proof.batch) }
            if let Some(fault) = &proof.fault { <p class="fault">{ fault }</p> }
            if !props.note.is_empty() { <p class="aside">{ props.note }</p> }
        </div>
    }
}

fn side(page: &Page, name: Html, lines: &[Line]) -> Html {
    let status = lines.last().and_then(|line| line.status);
    html! {
        <div><h2>{ name }<span>{ status }</span></h2>{ for lines.iter().map(|line| transcript(page, line)) }</div>
    }
}

fn transcript(page: &Page, line: &Line) -> Html {
    html! {
        <pre><b>{ format!("$ {}\n", line.run) }</b><Output pieces={line.output.clone()} page={page.clone()} /></pre>
    }
}
