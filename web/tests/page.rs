//! The page drawn into a real document: what stands in it and what a token does to it.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use gloo_timers::future::TimeoutFuture;
use vaultlet_web::samples::LESSON;
use vaultlet_web::{App, rows::ROWS};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Document, Element, Event, HtmlElement, HtmlTextAreaElement};

wasm_bindgen_test_configure!(run_in_browser);

fn document() -> Document {
    web_sys::window().unwrap().document().unwrap()
}

/// Draws the page where something was prerendered.
async fn drawn() -> Element {
    let root = document().create_element("div").unwrap();
    let before = document().create_element("p").unwrap();
    before.set_text_content(Some("prerendered"));
    root.append_child(&before).unwrap();
    document().body().unwrap().append_child(&root).unwrap();
    yew::Renderer::<App>::with_root(root.clone()).render();
    says(&root, ".verdict", "Opens with this tab’s keyring.").await;
    root
}

/// Waits until an element's text is as asked for; drawing takes its time.
async fn says(root: &Element, selector: &str, words: &str) {
    for _ in 0..200 {
        let found = root.query_selector(selector).unwrap();
        if found.and_then(|element| element.text_content()).is_some_and(|text| text.contains(words)) {
            return;
        }
        TimeoutFuture::new(20).await;
    }
    panic!("{selector} never said {words:?}");
}

fn one(root: &Element, selector: &str) -> Element {
    root.query_selector(selector).unwrap().expect(selector)
}

fn text(root: &Element, selector: &str) -> String {
    one(root, selector).text_content().unwrap()
}

fn click(root: &Element, selector: &str) {
    one(root, selector).dyn_into::<HtmlElement>().unwrap().click();
}

fn count(root: &Element, selector: &str) -> u32 {
    root.query_selector_all(selector).unwrap().length()
}

fn paste(root: &Element, token: &str) {
    let field: HtmlTextAreaElement = one(root, "textarea").dyn_into().unwrap();
    field.set_value(token);
    let init = web_sys::EventInit::new();
    init.set_bubbles(true);
    field.dispatch_event(&Event::new_with_event_init_dict("input", &init).unwrap()).unwrap();
}

#[wasm_bindgen_test]
async fn the_page_takes_the_place_of_what_was_prerendered() {
    let root = drawn().await;
    assert_eq!(count(&root, "p:first-child:only-child"), 0);
    assert_eq!(count(&root, ".cmp tbody th"), u32::try_from(ROWS.len()).unwrap());
    root.remove();
}

#[wasm_bindgen_test]
async fn a_token_of_this_tab_stands_opened_in_the_inspector() {
    let root = drawn().await;
    assert!(text(&root, ".claims").contains("[base default]"));
    root.remove();
}

#[wasm_bindgen_test]
async fn the_token_of_2018_is_taken_apart_and_stays_closed() {
    let root = drawn().await;
    paste(&root, LESSON);
    says(&root, ".tok-label", "142 characters, 105 bytes").await;
    says(&root, ".verdict", "cannot be opened without its keyring").await;
    assert_eq!(count(&root, "[data-byte]"), 105);
    assert!(!text(&root, ".claims").contains("base"), "what did not open is not in the page");
    root.remove();
}

#[wasm_bindgen_test]
async fn a_flipped_bit_is_named_and_flipped_back() {
    let root = drawn().await;
    click(&root, "[data-byte=\"41\"]");
    says(&root, ".verdict", "tampered at byte 41").await;
    click(&root, "[data-byte=\"41\"]");
    says(&root, ".verdict", "Opens with this tab’s keyring.").await;
    root.remove();
}
