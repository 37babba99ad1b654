//! The terminal: a log that is read out, and below it the prompt.

use web_sys::HtmlElement;
use yew::prelude::*;

use super::log_item::LogItem;
use super::page::PageProps;
use super::prompt::Prompt;

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
