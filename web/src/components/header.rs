//! The top: what this is, the product's spelling, the theme.

use vaultlet_token::Flavour;
use yew::prelude::*;

use super::icon::Icon;
use super::page::PageProps;
use crate::platform;
use crate::state::{Action, Section};

const THEMES: [&str; 3] = ["system", "light", "dark"];
const THEME_KEY: &str = "vaultlet.theme";

#[component]
pub(crate) fn Header(props: &PageProps) -> Html {
    html! {
        <header class="top">
            <a class="brand" href="#top">
                { brand() }
                <b>{ "Vaultlet" }</b><span>{ "Vault tokens, whole, in a browser tab" }</span>
            </a>
            <nav class="nav" aria-label="Sections">
                { for Section::ALL.map(|section| html! { <a href={format!("#{}", section.id())}>{ section.word() }</a> }) }
            </nav>
            <div class="tools">
                <Flavours page={props.page.clone()} />
                <Theme />
            </div>
        </header>
    }
}

fn brand() -> Html {
    html! {
        <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M1.5 21.5h2.2c1 0 1.3-.8 1.3-1.6V6.5A3.5 3.5 0 0 1 8.500 3h7A3.5 3.5 0 0 1 19 6.500v13.4c0 .8.3 1.600 1.300 1.600h2.200"
                fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" />
            <circle class="fill-b" cx="12" cy="10.400" r="2.500" /><path class="fill-b" d="M12 11l2 6.500h-4z" />
        </svg>
    }
}

/// How new tokens are spelled.
#[component]
fn Flavours(props: &PageProps) -> Html {
    let now = props.page.session.look().flavour;
    let choice = |flavour: Flavour, name: &'static str, prefixes: &'static str| {
        let page = props.page.clone();
        let onchange = Callback::from(move |_: Event| {
            page.session.set_flavour(flavour);
            page.send(Action::Beat);
        });
        html! {
            <label><input type="radio" name="flavour" checked={now == flavour} {onchange} /><span>{ name }<code>{ prefixes }</code></span></label>
        }
    };
    html! {
        <fieldset class="seg-ctl">
            <legend class="sr">{ "New tokens are spelled as by" }</legend>
            { choice(Flavour::OpenBao, "OpenBao", "s. b.") }
            { choice(Flavour::Vault, "Vault", "1.10+ hvs. hvb.") }
        </fieldset>
    }
}

/// Light, dark, or as the system has it.
#[component]
fn Theme() -> Html {
    let theme = use_state(current);
    let onclick = {
        let theme = theme.clone();
        Callback::from(move |_: MouseEvent| {
            let at = THEMES.iter().position(|word| *word == *theme).unwrap_or(0);
            let next = THEMES.get(at + 1).copied().unwrap_or("system");
            apply(next);
            theme.set(next);
        })
    };
    html! {
        <button class="btn btn--bare" {onclick} title={format!("Theme: {}", *theme)}>
            <Icon name="theme" /><span class="sr">{ "Theme: " }</span><span class="theme-word">{ *theme }</span>
        </button>
    }
}

fn root() -> Option<web_sys::Element> {
    web_sys::window()?.document()?.document_element()
}

fn current() -> &'static str {
    let set = root().and_then(|root| root.get_attribute("data-theme")).unwrap_or_default();
    THEMES.into_iter().find(|word| *word == set).unwrap_or("system")
}

fn apply(theme: &str) {
    let kept = (theme != "system").then_some(theme);
    platform::keep(THEME_KEY, kept);
    if let Some(root) = root() {
        let _ = match kept {
            Some(theme) => root.set_attribute("data-theme", theme),
            None => root.remove_attribute("data-theme"),
        };
    }
}
