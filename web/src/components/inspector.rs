//! The inspector: any token text, what it is, how it stands, what is inside.

use vaultlet_token::anatomy::{Anatomy, inspect};
use yew::prelude::*;

use super::bytes::Bytes;
use super::claims::Claims;
use super::icon::Icon;
use super::life::LifeBar;
use super::page::{Page, PageProps};
use super::strip::short;
use super::token_field::TokenField;
use crate::claims;
use crate::samples::Sample;
use crate::spans::Segment;
use crate::state::{Action, Origin};
use crate::verdict::{Badge, Verdict, judge};

#[component]
pub(crate) fn Inspector(props: &PageProps) -> Html {
    let page = &props.page;
    let shown = &page.state.inspected;
    let anatomy = inspect(&shown.text);
    let standing = page.session.standing(&shown.text);
    let verdict = judge(&anatomy, &standing, &shown.flipped);
    let life = claims::life(&standing, page.session.look().now);
    html! {
        <>
            <div class="insp-head">
                <h2 id="h-inspect">{ sign(&anatomy) }{ "Inspect a token" }</h2>
                <span class="acts">{ copy(page) }
                    <button class="btn btn--bare btn--small" onclick={page.on(Action::Inspect(String::new(), Origin::Typed))}>{ "Clear" }</button>
                </span>
            </div>
            <TokenField page={page.clone()} />
            { made(page) }
            <div class="verdict" role="status">{ badge(verdict.badge) }<p><b>{ verdict.head.clone() }</b>{ " " }{ said(&verdict) }</p></div>
            { samples(page) }
            if !anatomy.parts.is_empty() { <Bytes page={page.clone()} /> }
            { wrapper(&anatomy) }
            if anatomy.kind == "batch" && anatomy.sealed.is_some() || life.is_some() {
                <LifeBar {life} />
                <Claims claims={claims::claims(&standing)} />
            }
        </>
    }
}

fn said(verdict: &Verdict) -> Html {
    html! { { verdict.text.clone() } }
}

/// Ring or square: the sign of the kind.
fn sign(anatomy: &Anatomy) -> Html {
    match anatomy.kind {
        "batch" => html! { <span class="sw b" aria-hidden="true"></span> },
        "service" | "custom" => html! { <span class="sw s" aria-hidden="true"></span> },
        _ => Html::default(),
    }
}

fn copy(page: &Page) -> Html {
    let text = page.state.inspected.text.clone();
    let disabled = text.is_empty();
    let onclick = Callback::from(move |_: MouseEvent| {
        if let Some(window) = web_sys::window() {
            // Refused where the page has no right to it; the field itself can be copied.
            let _ = window.navigator().clipboard().write_text(&text);
        }
    });
    html! { <button class="btn btn--bare btn--small" {onclick} {disabled}><Icon name="copy" />{ "Copy" }</button> }
}

/// The tokens made in this tab.
fn made(page: &Page) -> Html {
    let inspected = &page.state.inspected;
    let chip = |(at, token): (usize, &String)| {
        let onclick = page.on(Action::Inspect(token.clone(), Origin::Clicked));
        let pressed = (inspected.text == *token).to_string();
        let kind = if inspect(token).kind == "batch" { "b" } else { "s" };
        let unseen = at == 0 && inspected.unseen;
        html! {
            <button {onclick} aria-pressed={pressed}><span class={classes!("sw", kind)} aria-hidden="true"></span>{ short(token) }
                if unseen { <b class="unseen">{ "new" }</b> }
            </button>
        }
    };
    html! {
        if !inspected.made.is_empty() {
            <div class="samples made" role="group" aria-label="Made in this tab"><span>{ "Made here" }</span>{ for inspected.made.iter().enumerate().map(chip) }</div>
        }
    }
}

fn badge(badge: Badge) -> Html {
    let (class, icon) = match badge {
        Badge::Good => ("ok", "check"),
        Badge::Bad => ("df", "x"),
        Badge::Late => ("late", "clock"),
        Badge::Cut => ("late", "cut"),
        Badge::Locked => ("lock", "lock"),
        Badge::Nothing => return Html::default(),
    };
    html! { <span class={classes!("badge", class)} role="img" aria-label={badge.word()}><Icon name={icon} /></span> }
}

fn samples(page: &Page) -> Html {
    let button = |sample: Sample| {
        let pressed = (page.state.inspected.sample == Some(sample)).to_string();
        let onclick = {
            let page = page.clone();
            Callback::from(move |_: MouseEvent| {
                if let Some(text) = page.session.sample(sample) {
                    page.send(Action::InspectSample(sample, text));
                }
            })
        };
        html! { <button aria-pressed={pressed} {onclick}>{ sample.word() }</button> }
    };
    html! { <div class="samples" role="group" aria-label="See a batch token as"><span>{ "See one" }</span>{ for Sample::ALL.map(button) }</div> }
}

/// The fields of a signed wrapper.
fn wrapper(anatomy: &Anatomy) -> Html {
    let Some(signed) = &anatomy.signed else { return Html::default() };
    let field = |name: &'static str, value: String| html! { <div><dt>{ name }</dt><dd>{ value }</dd></div> };
    html! {
        <dl class={classes!("claims", "wide", Segment::Id.class())} aria-label="The signed wrapper">
            { field("inner token", signed.inner.clone()) }
            { field("wrapper version", signed.version.to_string()) }
            { field("local index", signed.local_index.to_string()) }
            { field("index epoch", signed.index_epoch.to_string()) }
            { field("hmac", signed.hmac.clone()) }
        </dl>
    }
}
