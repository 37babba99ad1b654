//! The comparison: its head, the bar of proofs, its rows.

use yew::prelude::*;

use super::compare_row::CompareRow;
use super::icon::Icon;
use super::page::PageProps;
use crate::rows::ROWS;
use crate::state::{Action, Progress, Proofs};

#[component]
pub(crate) fn Compare(props: &PageProps) -> Html {
    let page = &props.page;
    html! {
        <>
            <div class="lede">
                <h1 id="h-compare">
                    <span>{ "A " }<b class="s">{ "service token" }</b>{ " is the name of a record. " }</span>
                    <span>{ "A " }<b class="b">{ "batch token" }</b>{ " is the record, sealed." }</span>
                </h1>
                <p>{ "Thirteen differences follow. Run each one here, against a real token engine in this tab." }</p>
            </div>
            <ProveBar page={page.clone()} />
            <table class="cmp" role="table">
                <caption class="sr">{ "Service tokens and batch tokens compared, with a runnable proof of each row" }</caption>
                <colgroup><col class="c1" /><col class="c2" /><col class="c3" /><col /></colgroup>
                { head() }
                <tbody role="rowgroup">
                    { for (0..ROWS.len()).map(|at| html! {
                        <CompareRow key={at} {at} page={page.clone()} />
                    }) }
                </tbody>
            </table>
        </>
    }
}

fn head() -> Html {
    html! {
        <thead role="rowgroup"><tr role="row">
            <th scope="col" role="columnheader"><span class="sr">{ "Property" }</span></th>
            <th scope="col" role="columnheader" class="k-s">{ service_picture() }<b>{ "Service token" }</b>{ "4 entries in storage" }</th>
            <th scope="col" role="columnheader" class="k-b">{ batch_picture() }<b>{ "Batch token" }</b>{ "0 entries in storage" }</th>
            <th scope="col" role="columnheader"><b>{ "Proof" }</b>{ "what the engine answered" }</th>
        </tr></thead>
    }
}

fn service_picture() -> Html {
    let bar = |y: &'static str, opacity: &'static str| html! { <rect x="57" {y} width="46" height="4.500" rx="1" {opacity} /> };
    html! {
        <svg viewBox="0 0 112 28" aria-hidden="true">
            <g class="line-s"><rect x=".8" y="7" width="29" height="14" rx="2.500" /><path d="M33 14h18M47.500 10.500L51 14l-3.500 3.500" /></g>
            <g class="fill-s">{ bar("2", "1") }{ bar("8.500", ".75") }{ bar("15", ".55") }{ bar("21.500", ".4") }<text x="8" y="18">{ "s." }</text></g>
        </svg>
    }
}

fn batch_picture() -> Html {
    html! {
        <svg viewBox="0 0 112 28" aria-hidden="true">
            <g class="line-b"><rect x=".8" y="4" width="104" height="20" rx="3" /><path d="M85.500 13v-2.500a3.500 3.500 0 0 1 7 0V13" /></g>
            <g class="fill-b"><text x="8" y="18">{ "b." }</text><rect x="27" y="9" width="42" height="3" rx="1" />
                <rect x="27" y="15" width="32" height="3" rx="1" /><path d="M83 13h12v8H83z" /></g>
        </svg>
    }
}

/// Proves every row, and says how far that is.
#[component]
fn ProveBar(props: &PageProps) -> Html {
    let page = &props.page;
    let proofs = &page.state.proofs;
    let (proven, differ) = proofs.count();
    let all = Proofs::provable().count();
    let onclick = {
        let page = page.clone();
        let running = proofs.running();
        Callback::from(move |_: MouseEvent| {
            if running {
                return page.session.stop_proofs();
            }
            page.send(Action::ProofsCleared);
            page.session.prove(Proofs::provable().collect(), &page.dispatch);
        })
    };
    let (icon, word) = match (proofs.running(), proven + differ) {
        (true, _) => ("x", "Stop"),
        (false, done) if done >= all => ("play", "Run again"),
        _ => ("play", "Prove all"),
    };
    let tick = |progress: &Progress| match progress {
        Progress::Idle => html! { <i /> },
        Progress::Running => html! { <i class="rn" /> },
        Progress::Done(proof) if proof.holds() => html! { <i class="ok" /> },
        Progress::Done(_) => html! { <i class="df" /> },
    };
    html! {
        <div class="provebar">
            <button class="btn btn--main" {onclick}><Icon name={icon} />{ word }</button>
            <div class="meter" role="progressbar" aria-label="Rows proven" aria-valuemin="0" aria-valuemax={ROWS.len().to_string()}
                aria-valuenow={proven.to_string()}>{ for proofs.rows.iter().map(tick) }</div>
            <span class="count" aria-live="polite"><b>{ format!("{proven} of {}", ROWS.len()) }</b>
                <span class="dim">{ format!(" · {proven} proven, {differ} differ") }</span></span>
            <span class="note">{ "Proofs use engines of their own." }</span>
        </div>
    }
}
