//! Where a line is typed: editing, history, search and completion. Its text is its own until Enter, so that a keystroke
//! draws nothing else. Shift+Tab and Esc always leave it, and with an empty line Tab does.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, HtmlTextAreaElement};
use yew::prelude::*;

use super::page::{Page, PageProps};
use crate::prompt::{self, Recall, Search};
use crate::state::Action;

/// How many offers are listed.
const MOST_LISTED: usize = 60;

/// What a keystroke works with.
#[derive(Clone)]
struct Typing {
    page: Page,
    input: NodeRef,
    hand: Rc<RefCell<Hand>>,
    search: UseStateHandle<Option<Search>>,
    /// Whether lines stand there that want more.
    open: UseStateHandle<bool>,
}

/// What is remembered from one key to the next.
#[derive(Default)]
struct Hand {
    recall: Recall,
    /// What Ctrl+U, K or W took last.
    taken: String,
    /// The line and the place at which Tab was pressed last, with nothing sure to add.
    tab: Option<(String, usize)>,
}

#[component]
pub(crate) fn Prompt(props: &PageProps) -> Html {
    let typing = Typing {
        page: props.page.clone(),
        input: use_node_ref(),
        hand: use_mut_ref(Hand::default),
        search: use_state(|| None),
        open: use_state(|| false),
    };
    let onkeydown = on(&typing, |typing, event: KeyboardEvent| {
        if !event.is_composing() && typing.key(&event).unwrap_or(false) {
            event.prevent_default();
        }
    });
    let onpaste = on(&typing, |typing, event: Event| {
        typing.paste(&event);
    });
    let oninput = on(&typing, |typing, _: InputEvent| typing.changed());
    let stop = on(&typing, |typing, _: MouseEvent| typing.page.session.interrupt());
    let found =
        typing.search.as_ref().map(|search| match search.found(&typing.page.state.terminal.history) {
            Some(line) => line.clone(),
            None if search.query.is_empty() => "Type a part of a line that has run.".to_owned(),
            None => "No line like that has run.".to_owned(),
        });
    let (label, sign) = if found.is_some() { ("Search ", "⌕") } else { ("Command ", "$") };
    html! {
        <div class="prompt">
            if let Some(found) = found {
                <output class="found" for="cmd">{ found }</output>
            }
            <label for="cmd">{ label }<i aria-hidden="true">{ sign }</i></label>
            <textarea id="cmd" ref={&typing.input} rows="1" wrap="off" autocomplete="off" autocapitalize="off" spellcheck="false"
                enterkeyhint="go" aria-describedby="cmd-keys" placeholder="type here, or click a command"
                {onkeydown} {onpaste} {oninput} />
            if typing.page.state.terminal.running.is_some() {
                <button type="button" class="btn btn--small" onclick={stop}>{ "Stop" }</button>
            } else {
                <span class="keys" id="cmd-keys">{ keys(typing.search.is_some(), *typing.open) }</span>
            }
        </div>
    }
}

/// A word on the keys that matter now.
fn keys(searching: bool, open: bool) -> Html {
    let key =
        |key: &str, does: &str| html! { <span><kbd>{ key.to_owned() }</kbd>{ format!(" {does}") }</span> };
    match (searching, open) {
        (true, _) => {
            html! { <>{ key("Ctrl+R", "older") }{ key("Enter", "runs it") }{ key("Esc", "takes it") }</> }
        }
        (_, true) => html! { <>{ key("Enter", "goes on: this wants more") }{ key("Ctrl+C", "drops it") }</> },
        _ => html! { <>{ key("↑", "history") }{ key("Tab", "completes") }{ key("Esc", "leaves") }</> },
    }
}

/// A callback with the typing at hand.
fn on<E: 'static>(typing: &Typing, run: impl Fn(&Typing, E) + 'static) -> Callback<E> {
    let typing = typing.clone();
    Callback::from(move |event| run(&typing, event))
}

impl Typing {
    fn field(&self) -> Option<HtmlTextAreaElement> {
        self.input.cast()
    }

    /// Puts a text into the field, the cursor at this place in bytes.
    fn set(&self, text: &str, at: usize) {
        let Some(field) = self.field() else { return };
        field.set_value(text);
        let at = prompt::units(text, at);
        let _ = field.set_selection_range(at, at);
        self.changed();
    }

    /// The text has changed: the field is as high as its lines, and a search looks for it.
    fn changed(&self) {
        let Some(field) = self.field() else { return };
        let text = field.value();
        let rows = text.split('\n').count().clamp(1, 8);
        field.set_rows(u32::try_from(rows).unwrap_or(1));
        if let Some(search) = self.search.as_ref() {
            self.search.set(Some(Search { query: text, skip: 0, ..search.clone() }));
        } else if *self.open && rows == 1 {
            self.open.set(false);
        }
    }

    /// One key. True if it was ours; none if there is no field to type in.
    fn key(&self, event: &KeyboardEvent) -> Option<bool> {
        let field = self.field()?;
        let (text, at) = (field.value(), self.cursor(&field));
        let key = event.key();
        if event.alt_key() || event.meta_key() {
            return Some(false);
        }
        if key != "Tab" {
            self.hand.borrow_mut().tab = None;
        }
        if let Some(search) = self.search.as_ref() {
            return Some(self.search_key(search, &key, event.ctrl_key()));
        }
        Some(match (key.as_str(), event.ctrl_key()) {
            ("Enter", false) if !event.shift_key() => self.enter(&text),
            ("Tab", false) if !event.shift_key() => self.tab(&text, at),
            ("Escape", false) => field.blur().is_ok(),
            ("ArrowUp", false) if !text.get(..at)?.contains('\n') => self.recall(true, &text),
            ("ArrowDown", false) if !text.get(at..)?.contains('\n') => self.recall(false, &text),
            ("l", true) => {
                self.page.send(Action::Clear);
                true
            }
            ("r", true) => {
                self.search.set(Some(Search { before: text, ..Search::default() }));
                field.set_value("");
                true
            }
            // With a selection it is the browser's: copy.
            ("c", true) if field.selection_start() == field.selection_end() => {
                self.hand.borrow_mut().recall.reset();
                self.set("", 0);
                self.page.session.interrupt();
                true
            }
            (letter, true) if !event.shift_key() => self.edit(letter, &text, at),
            _ => false,
        })
    }

    /// Where the cursor stands, in bytes.
    fn cursor(&self, field: &HtmlTextAreaElement) -> usize {
        let end = field.selection_end().ok().flatten().unwrap_or_default();
        prompt::bytes(&field.value(), end)
    }

    fn edit(&self, letter: &str, text: &str, at: usize) -> bool {
        let edited = prompt::edited(letter, text, at, &self.hand.borrow().taken);
        let Some(edited) = edited else { return false };
        if let Some(taken) = edited.taken {
            self.hand.borrow_mut().taken = taken;
        }
        self.set(&edited.text, edited.at);
        true
    }

    fn recall(&self, back: bool, text: &str) -> bool {
        let line = self.hand.borrow_mut().recall.step(back, &self.page.state.terminal.history, text);
        self.set(&line, line.len());
        true
    }

    /// Runs what is whole. What wants more gets a new line, which is the browser's to make.
    fn enter(&self, text: &str) -> bool {
        if !text.trim().is_empty() && self.page.session.wants_more(&format!("{text}\n")) {
            self.open.set(true);
            return false;
        }
        self.run(&format!("{text}\n"));
        true
    }

    fn run(&self, text: &str) {
        let scripts = prompt::scripts(text, |text| self.page.session.wants_more(text));
        self.hand.borrow_mut().recall.reset();
        self.open.set(!scripts.rest.trim_end().is_empty() && scripts.rest.ends_with('\n'));
        self.set(&scripts.rest, scripts.rest.len());
        self.page.run(scripts.whole);
    }

    /// Completes; a second Tab at the same place lists. With an empty line Tab moves on as it does everywhere.
    fn tab(&self, text: &str, at: usize) -> bool {
        if text.trim().is_empty() {
            return false;
        }
        let completion = self.page.session.complete(text, at);
        if let Some((line, at)) = completion.line() {
            self.set(&line, at);
            return true;
        }
        let here = Some((text.to_owned(), at));
        let again = std::mem::replace(&mut self.hand.borrow_mut().tab, here.clone()) == here;
        let offers = completion.shown();
        if again && offers.len() > 1 {
            let more = offers.len().saturating_sub(MOST_LISTED);
            let more = if more > 0 { format!("  and {more} more") } else { String::new() };
            let listed: Vec<&str> = offers.into_iter().take(MOST_LISTED).collect();
            self.page.send(Action::Listed(text.to_owned(), listed.join("  ") + &more));
        }
        true
    }

    fn search_key(&self, search: &Search, key: &str, ctrl: bool) -> bool {
        let history = &self.page.state.terminal.history;
        let found = search.found(history);
        match (key, ctrl) {
            ("r", true) => self.search.set(Some(search.older(history))),
            ("g" | "c", true) => self.end_search(&search.before),
            ("Enter", false) => {
                self.end_search("");
                if let Some(found) = found {
                    self.run(&format!("{found}\n"));
                }
            }
            (
                "Escape" | "Tab" | "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown" | "Home" | "End",
                false,
            ) => {
                self.end_search(found.unwrap_or(&search.before));
            }
            _ => return false,
        }
        true
    }

    fn end_search(&self, text: &str) {
        let Some(field) = self.field() else { return };
        field.set_value(text);
        field.set_rows(u32::try_from(text.split('\n').count().clamp(1, 8)).unwrap_or(1));
        let end = prompt::units(text, text.len());
        let _ = field.set_selection_range(end, end);
        self.search.set(None);
    }

    /// A paste of many lines runs them one after the other, as a terminal does; what is not whole stays.
    fn paste(&self, event: &Event) {
        let clipboard = event.dyn_ref::<ClipboardEvent>().and_then(ClipboardEvent::clipboard_data);
        let pasted = clipboard.and_then(|data| data.get_data("text/plain").ok()).unwrap_or_default();
        let Some(field) = self.field().filter(|_| pasted.contains('\n') && self.search.is_none()) else {
            return;
        };
        event.prevent_default();
        let text = field.value();
        let begin = prompt::bytes(&text, field.selection_start().ok().flatten().unwrap_or_default());
        let (front, _) = text.split_at_checked(begin).unwrap_or((&text, ""));
        let back = text.get(self.cursor(&field)..).unwrap_or_default();
        self.run(&format!("{front}{pasted}{back}"));
    }
}
