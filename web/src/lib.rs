//! The playground: a comparison that proves itself, a token inspector and a terminal, in one page.
//!
//! It knows no token rules and no command line: it asks the engine and the shell, and shows what they answer.
#![forbid(unsafe_code)]

mod claims;
mod components;
mod host;
mod interrupt;
mod jq;
mod peek;
mod platform;
mod prompt;
mod proof;
pub mod rows;
pub mod samples;
mod session;
pub mod spans;
mod stage;
pub mod state;
mod verdict;
mod words;

pub use components::App;

// The unit tests run natively and in a browser; some ask the browser for its time.
#[cfg(all(test, target_arch = "wasm32"))]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

/// Draws the page into `#app`, in the place of what was prerendered there.
pub fn start() {
    let document = web_sys::window().and_then(|window| window.document());
    if let Some(root) = document.and_then(|document| document.get_element_by_id("app")) {
        yew::Renderer::<App>::with_root(root).render();
    }
}
