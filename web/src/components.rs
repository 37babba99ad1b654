//! What is drawn, one component a file. They know neither the engine's inside nor each other's state.

mod app;
mod bytes;
mod claims;
mod compare;
mod compare_row;
mod dock;
mod footer;
mod header;
mod icon;
mod inspector;
mod life;
mod log_item;
mod output;
mod page;
mod prompt;
mod proof_cell;
mod steps;
mod strip;
mod terminal;
mod token_field;
mod token_text;
mod transcript;

pub use app::App;
