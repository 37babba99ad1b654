//! The terminal: a log that is read out, and one labelled input. Tab always leaves it.

use web_sys::{HtmlElement, HtmlInputElement};
use yew::prelude::*;

use super::log_item::LogItem;
use super::page::{Page, PageProps};
use crate::state::Action;

#[component]
pub(crate) fn Terminal(props: &PageProps) -> Html {
    let page = &props.page;
    let terminal = &page.state.terminal;
    let log = use_node_ref();
    use_effect_with((terminal.items.len() + terminal.before, terminal.running.clone()), {
        let log = log.clone();
        move |_| {
            if let Some(log) = log.cast::<HtmlElement>() {
                log.set_scroll_top(log.scroll_height());
            }
        }
    });
    html! {
        <div class="term">
            <div class="log" ref={log} role="log" aria-label="Terminal output" tabindex="0">
                if terminal.items.is_empty() && terminal.running.is_none() {
                    <div class="note">{ "base.hcl is here. Type a command, or click one of the lesson’s." }</div>
                }
                { for terminal.items.iter().enumerate().map(|(at, item)| html! {
                    <LogItem key={terminal.before + at} item={item.clone()} page={page.clone()} />
                }) }
                if let Some(line) = &terminal.running {
                    <div class="cmd"><span>{ line.clone() }</span><small>{ "running" }</small></div>
                }
            </div>
            <Prompt page={page.clone()} />
        </div>
    }
}

/// Where a line is typed. Its text is its own until Enter, so that a keystroke draws nothing else.
#[component]
fn Prompt(props: &PageProps) -> Html {
    let page = &props.page;
    let input = use_node_ref();
    let at = use_mut_ref(|| None::<usize>);
    let field = {
        let input = input.clone();
        move || input.cast::<HtmlInputElement>()
    };
    let onsubmit = {
        let (page, field, at) = (page.clone(), field.clone(), at.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(field) = field() else { return };
            *at.borrow_mut() = None;
            let lines = lines(&field.value());
            field.set_value("");
            page.run(lines);
        })
    };
    let onpaste = {
        let (page, field) = (page.clone(), field.clone());
        Callback::from(move |event: Event| {
            if let Some(field) = field() {
                paste(&page, &field, &event);
            }
        })
    };
    let onkeydown = {
        let (page, field) = (page.clone(), field.clone());
        Callback::from(move |event: KeyboardEvent| {
            if let Some(field) = field()
                && key(&page, &field, &event, &mut at.borrow_mut())
            {
                event.prevent_default();
            }
        })
    };
    let stop = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.session.interrupt())
    };
    html! {
        <form class="prompt" {onsubmit}>
            <label for="cmd">{ "Command " }<i aria-hidden="true">{ "$" }</i></label>
            <input id="cmd" ref={input} autocomplete="off" autocapitalize="off" spellcheck="false" enterkeyhint="go"
                placeholder="type here, or click a command" {onkeydown} {onpaste} />
            if page.state.terminal.running.is_some() {
                <button type="button" class="btn btn--small" onclick={stop}>{ "Stop" }</button>
            } else {
                <span class="keys"><span><kbd>{ "↑" }</kbd>{ " history" }</span><span><kbd>{ "Tab" }</kbd>{ " leaves" }</span></span>
            }
        </form>
    }
}

/// Lines to run, the empty ones left out; one that ends with `\` goes on in the next.
fn lines(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut open = false;
    for line in text.lines() {
        let (body, goes_on) = line.strip_suffix('\\').map_or((line, false), |body| (body, true));
        match lines.last_mut() {
            Some(last) if open => last.push_str(body),
            _ => lines.push(body.to_owned()),
        }
        open = goes_on;
    }
    lines.retain(|line| !line.trim().is_empty());
    lines.iter_mut().for_each(|line| *line = line.trim().trim_start_matches("$ ").to_owned());
    lines
}

/// A paste of many lines runs them one after the other; the last stays in the prompt if it has no end of line.
fn paste(page: &Page, field: &HtmlInputElement, event: &Event) {
    use wasm_bindgen::JsCast;
    let clipboard =
        event.dyn_ref::<web_sys::ClipboardEvent>().and_then(web_sys::ClipboardEvent::clipboard_data);
    let Some(text) = clipboard.and_then(|data| data.get_data("text/plain").ok()) else { return };
    if !text.trim_end_matches(['\n', '\r']).contains('\n') {
        return;
    }
    event.prevent_default();
    let typed = field.value() + &text;
    field.set_value("");
    page.run(lines(&typed));
}

/// History and the two control keys. True if the key was ours.
fn key(page: &Page, field: &HtmlInputElement, event: &KeyboardEvent, at: &mut Option<usize>) -> bool {
    let history = &page.state.terminal.history;
    match event.key().as_str() {
        "ArrowUp" | "ArrowDown" => {
            *at = step(event.key() == "ArrowUp", *at, history.len());
            field.set_value(at.and_then(|at| history.get(at)).map_or("", String::as_str));
            let end = u32::try_from(field.value().encode_utf16().count()).unwrap_or(0);
            let _ = field.set_selection_range(end, end);
            true
        }
        "l" if event.ctrl_key() => {
            page.send(Action::Clear);
            true
        }
        // With a selection it is the browser's: copy.
        "c" if event.ctrl_key() && field.selection_start() == field.selection_end() => {
            *at = None;
            field.set_value("");
            page.session.interrupt();
            true
        }
        _ => false,
    }
}

/// One line back or forth in a history of `length`; none is the empty line behind the newest.
fn step(back: bool, at: Option<usize>, length: usize) -> Option<usize> {
    match (back, at) {
        (true, None) => length.checked_sub(1),
        (true, Some(at)) => Some(at.saturating_sub(1)),
        (false, at) => at.map(|at| at + 1).filter(|at| *at < length),
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn a_paste_is_cut_into_lines() {
        assert_eq!(lines("vault login root\n\n$ vault status\r\n"), ["vault login root", "vault status"]);
        assert_eq!(lines("vault token create \\\n  -type=batch\n"), ["vault token create   -type=batch"]);
        assert_eq!(lines("  "), Vec::<String>::new());
    }

    #[test]
    fn the_history_ends_at_both_ends() {
        assert_eq!(step(true, None, 0), None);
        assert_eq!(step(true, None, 3), Some(2));
        assert_eq!(step(true, Some(0), 3), Some(0));
        assert_eq!(step(false, Some(2), 3), None);
        assert_eq!(step(false, None, 3), None);
    }
}
