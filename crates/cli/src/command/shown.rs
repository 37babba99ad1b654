//! `-output-curl-string` and `-output-policy`: a command that prints its request, and what it says when it makes none.

use crate::output::{Output, Shown, Stream};

/// What is printed in place of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    Curl,
    Policy,
}

/// Whether a line asks for it, wherever the flag stands; one with `=true` is not seen here.
pub(super) fn wanted(arguments: &[String]) -> Option<Wanted> {
    let asks = |name: &str| {
        arguments.iter().take_while(|word| *word != "--").any(|word| {
            word.strip_prefix("--").or_else(|| word.strip_prefix('-')).is_some_and(|flag| flag == name)
        })
    };
    match (asks("output-curl-string"), asks("output-policy")) {
        (true, _) => Some(Wanted::Curl),
        (false, true) => Some(Wanted::Policy),
        (false, false) => None,
    }
}

/// Hands on what the command printed, with the real command line's complaint if it made no request.
pub(super) fn finish(wanted: Wanted, code: u8, mut printed: Output, output: &mut Output) -> u8 {
    let (name, what) = match wanted {
        Wanted::Curl => ("cURL command", "cURL string"),
        Wanted::Policy => ("policy", "policy"),
    };
    if printed.shown == Shown::Done {
        printed.pieces.retain(|(stream, _)| *stream == Stream::Out);
        output.append(printed);
        return 0;
    }
    match code {
        0 => {
            printed.pieces.retain(|(stream, _)| *stream == Stream::Out);
            printed.push(Stream::Err, format!("Could not generate {name}").as_bytes());
        }
        127 => {}
        _ => printed.error(&format!("Unable to generate {what} from command")),
    }
    output.append(printed);
    if code == 0 { 1 } else { code }
}
