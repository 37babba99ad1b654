//! One row of the comparison, and its transcripts when it is open.

use yew::prelude::*;

use super::page::Page;
use super::proof_cell::ProofCell;
use super::transcript::Transcripts;
use crate::rows::{Column, Dot, ROWS};
use crate::state::Progress;

#[derive(Properties, Clone, PartialEq)]
pub(crate) struct RowProps {
    pub(crate) at: usize,
    pub(crate) page: Page,
}

#[component]
pub(crate) fn CompareRow(props: &RowProps) -> Html {
    let Some(row) = ROWS.get(props.at) else { return Html::default() };
    let proofs = &props.page.state.proofs;
    let done = match proofs.rows.get(props.at) {
        Some(Progress::Done(proof)) => Some(proof.clone()),
        _ => None,
    };
    let open = done.filter(|_| proofs.open.contains(&props.at));
    html! {
        <>
            <tr role="row" class={classes!(open.is_some().then_some("open"))}>
                <th scope="row" role="rowheader">{ row.title }</th>
                <td class="s" role="cell">{ answer(&row.service) }</td>
                <td class="b" role="cell">{ answer(&row.batch) }</td>
                <td class="pr" role="cell"><ProofCell at={props.at} page={props.page.clone()} /></td>
            </tr>
            if let Some(proof) = open {
                <tr class="detail" role="row" id={format!("row-{}", props.at)}>
                    <td colspan="4" role="cell"><Transcripts {proof} note={row.note} page={props.page.clone()} /></td>
                </tr>
            }
        </>
    }
}

fn answer(column: &Column) -> Html {
    let small = html! { if !column.small.is_empty() { <small>{ column.small }</small> } };
    match column.dot() {
        Dot::Yes => html! { <span class="ans y"><span>{ column.answer }{ small }</span></span> },
        Dot::No => html! { <span class="ans"><span>{ column.answer }{ small }</span></span> },
        Dot::Neither => html! { <span class="txt">{ column.answer }{ small }</span> },
    }
}
