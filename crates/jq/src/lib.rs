//! The jq language for the shell, on the jaq crates.
