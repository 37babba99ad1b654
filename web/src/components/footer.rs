//! The foot: why the page may be trusted, and with what not.

use yew::prelude::*;

use super::icon::Icon;

#[component]
pub(crate) fn Footer() -> Html {
    html! {
        <footer class="foot" id="foot"><div>
            <div><h2>{ "Nothing leaves this tab" }</h2><ul>
                <li><Icon name="check" /><span>{ "The page forbids itself: " }<code>{ "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'" }</code></span></li>
                <li><Icon name="check" /><span>{ "Engine, shell and inspector run here. Open the network panel, or pull the cable: what is loaded goes on working." }</span></li>
            </ul></div>
            <div><h2>{ "Not for production" }</h2><p>{ "A test double holds its keys in page memory. Never paste a live token of someone else’s server into any page, this one included, without revoking it after." }</p></div>
            <div>
                <p><a href="https://github.com/vaultlet/vaultlet" rel="noreferrer">{ "Source" }</a></p>
                <p class="dim">{ "Not affiliated with HashiCorp or the OpenBao project." }</p>
            </div>
        </div></footer>
    }
}
