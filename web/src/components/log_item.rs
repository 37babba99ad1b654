//! One line of the terminal and what it printed.

use yew::prelude::*;

use super::output::Output;
use super::page::Page;
use crate::state::Item;

#[derive(Properties, Clone)]
pub(crate) struct LogItemProps {
    pub(crate) item: Item,
    pub(crate) page: Page,
}

/// What has run never changes.
impl PartialEq for LogItemProps {
    fn eq(&self, other: &Self) -> bool {
        self.item == other.item
    }
}

#[component]
pub(crate) fn LogItem(props: &LogItemProps) -> Html {
    match &props.item {
        Item::Note(text) => html! { <div class="note">{ text.to_string() }</div> },
        Item::Listed(line, offers) => html! {
            <div class="offers"><div class="cmd"><span>{ line.to_string() }</span></div><pre>{ offers.to_string() }</pre></div>
        },
        Item::Ran(entry) => html! {
            <div class="ran">
                <div class="cmd"><span>{ entry.line.clone() }</span><small>{ entry.cost() }</small></div>
                if !entry.output.is_empty() {
                    <pre><Output pieces={entry.output.clone()} page={props.page.clone()} /></pre>
                }
            </div>
        },
    }
}
