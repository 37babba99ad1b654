//! HCL 1 in the usual form: `policy fmt`. It knows no policies; who calls has refused what is none.

mod print;
mod scan;
mod tree;

/// The text in the usual form; the reason, in the real parser's words, if it cannot be read.
pub(crate) fn formatted(text: &str) -> Result<String, String> {
    let text = text.replace("\r\n", "\n");
    if text.trim_start().starts_with('{') {
        return Err("At 1:1: expected: IDENT | STRING got: LBRACE".to_owned());
    }
    let words = scan::words(&text)?;
    let file = tree::read(words)?;
    Ok(print::file(&file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_the_usual_form_stays() {
        let usual = "# lead\npath \"a\" {\n  capabilities = [\"read\"] # line\n  policy       = \"x\"\n\n  # last\n}\n";
        assert_eq!(formatted(usual).unwrap(), usual);
        assert_eq!(formatted("").unwrap(), "\n");
    }

    #[test]
    fn hostile_texts_are_refused() {
        for text in ["path \"x\" {", "a = [", "\"", "/*", "}", "a = <<E\nx", "= 1", "a b", "a = ]"] {
            assert!(formatted(text).is_err(), "{text}");
        }
        let deep = "a = ".to_owned() + &"[".repeat(100_000);
        assert!(formatted(&deep).is_err());
    }
}
