//! The page: it makes the vault, keeps the state and beats once a second.

use std::rc::Rc;

use gloo_timers::callback::Interval;
use yew::prelude::*;

use super::compare::Compare;
use super::dock::Dock;
use super::footer::Footer;
use super::header::Header;
use super::inspector::Inspector;
use super::page::Page;
use super::steps::Steps;
use super::strip::{Strip, Tabs};
use super::terminal::Terminal;
use crate::samples::Sample;
use crate::session::{Dispatch, Session};
use crate::state::{Action, Section, State};

struct Store(Rc<State>);

impl Reducible for Store {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        let mut state = (*self.0).clone();
        state.apply(action);
        Rc::new(Self(Rc::new(state)))
    }
}

/// The whole playground.
#[component]
pub fn App() -> Html {
    let session = use_memo((), |()| Session::new());
    match session.as_ref() {
        Ok(session) => html! { <Desk session={Start(session.clone())} /> },
        Err(refusal) => html! {
            <main><h1>{ "Vaultlet" }</h1><p role="alert">{ format!("The engine did not start: {refusal}. Reload the page.") }</p></main>
        },
    }
}

#[derive(Clone)]
struct Start(Rc<Session>);

impl PartialEq for Start {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

#[derive(Properties, Clone, PartialEq)]
struct DeskProps {
    session: Start,
}

#[component]
fn Desk(props: &DeskProps) -> Html {
    let store = use_reducer(|| Store(Rc::default()));
    let dispatcher = store.dispatcher();
    let dispatch: Dispatch = Rc::new(move |action| dispatcher.dispatch(action));
    let page = Page { state: store.0.clone(), session: props.session.0.clone(), dispatch };
    use_effect_with((), {
        let page = page.clone();
        move |()| {
            if let Some(text) = page.session.sample(Sample::Good) {
                page.send(Action::InspectSample(Sample::Good, text));
            }
            let beat = Interval::new(1_000, move || page.send(Action::Beat));
            move || drop(beat)
        }
    });
    let shown = page.state.section;
    use_effect_with(shown, |_| to_the_top_of_a_tab());
    let part =
        |section: Section, class: &'static str| classes!(class, (shown != section).then_some("elsewhere"));
    html! {
        <>
            <a class="skip" href="#compare">{ "Skip to the comparison" }</a>
            <Header page={page.clone()} />
            <Strip page={page.clone()} />
            <Tabs page={page.clone()} />
            <main id="top">
                if shown != Section::Compare { <h1 class="sr tab-title">{ format!("Vaultlet: {}", shown.word()) }</h1> }
                <div class="split">
                    <section id="compare" class={part(Section::Compare, "cmp-part")} aria-labelledby="h-compare">
                        <Compare page={page.clone()} />
                    </section>
                    <section id="inspect" class={part(Section::Inspect, "insp")} aria-labelledby="h-inspect">
                        <Inspector page={page.clone()} />
                    </section>
                </div>
                <div class={part(Section::Lab, "dock")}><Dock page={page.clone()} /></div>
                <section id="lab" class={part(Section::Lab, "lab")} aria-label="Batch tokens lab">
                    <Steps page={page.clone()} />
                    <Terminal {page} />
                </section>
            </main>
            <Footer />
        </>
    }
}

/// A tab begins at its top. Where the sections stand below each other nothing moves.
fn to_the_top_of_a_tab() {
    let Some(window) = web_sys::window() else { return };
    let bar = window.document().and_then(|document| document.query_selector(".tabbar").ok().flatten());
    if bar.is_some_and(|bar| bar.client_height() > 0) {
        window.scroll_to_with_x_and_y(0.0, 0.0);
    }
}
