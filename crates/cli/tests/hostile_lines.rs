//! Any line gets an answer: nothing panics, and what is no script is told of in one line.

#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a broken expectation is a failed test")]

mod hosts;

use hosts::{Silent, now};
use proptest::prelude::*;
use vaultlet_cli::{Known, Shell, Stream};

/// Pieces that scripts are made of, so that most lines get past the reader.
const PIECES: &[&str] = &[
    "echo",
    "cat",
    "printf",
    "vault",
    "token create",
    "curl",
    "jq",
    "grep",
    "sort",
    "head",
    "tail",
    "wc",
    "cut",
    "tr",
    "base64",
    "read",
    "test",
    "[",
    "]",
    "date",
    "sleep",
    "seq",
    "ls",
    "rm -rf",
    "cd",
    "export",
    "set -eu",
    "a.txt",
    "$x",
    "${x",
    "${x:-",
    "${x%%",
    "}",
    "$(",
    ")",
    "`",
    "$((",
    "))",
    "'",
    "\"",
    "\\",
    "\n",
    ";",
    ";;",
    "&",
    "&&",
    "||",
    "|",
    "<",
    ">",
    ">>",
    "2>&1",
    "<<EOF",
    "<<-'E'",
    "EOF",
    "if",
    "then",
    "else",
    "fi",
    "for",
    "in",
    "while",
    "do",
    "done",
    "case",
    "esac",
    "{",
    "(",
    "!",
    "#",
    "*",
    "?",
    "[a-z]",
    "~",
    "x=1",
    "-",
    "--",
    "-n",
    "+2",
    "-99999999999999999999",
    "%",
    "%d",
    "%5s",
    "%-.3f",
    "é",
    "日本",
    "\u{0}",
    "\u{202e}",
    "\r",
    "\t",
    "é́",
    "http://x",
    "-H",
    "-d",
    "@-",
    "-k2,1nr",
    "-t",
    "9223372036854775807",
    "0x",
    "/",
    "..",
    "/dev/null",
];

fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => proptest::sample::select(PIECES.to_vec()).prop_map(str::to_owned),
        1 => any::<String>(),
        1 => "[ -~]{0,12}",
    ]
}

fn script() -> impl Strategy<Value = String> {
    (proptest::collection::vec(piece(), 0..24), any::<bool>())
        .prop_map(|(pieces, spaced)| pieces.join(if spaced { " " } else { "" }))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_line_gets_an_answer(script in script(), cursor in 0..80_usize) {
        let mut shell = Shell::new();
        shell.write_file("a.txt", b"one\ntwo\n\xff\n");
        let mut host = Silent::default();
        let unfinished = shell.wants_more(&script) && !script.ends_with("\\\n");
        let ran = now(shell.run(&mut host, &script));
        let told = ran.text(Stream::Err);
        let no_script = told.starts_with("sh: line ");
        prop_assert!(no_script || !unfinished, "{:?}", told);
        prop_assert!(!no_script || (ran.code == 2 && told.matches('\n').count() == 1), "{:?}", told);
        if let Some((line, at)) = shell.complete(&script, cursor, &Known::default()).line() {
            prop_assert!(line.is_char_boundary(at));
        }
        // And the shell lives.
        let ran = now(shell.run(&mut host, "echo alive"));
        prop_assert_eq!(ran.text(Stream::Out), "alive\n");
    }

    #[test]
    fn every_word_of_a_tool_gets_an_answer(name in 0..40_usize, words in proptest::collection::vec(piece(), 0..5)) {
        let names = ["head", "tail", "wc", "cut", "sort", "uniq", "grep", "tr", "base64", "printf", "date", "sleep",
            "seq", "test", "ls", "tee", "cp", "mv", "mkdir", "touch", "cat", "echo", "read", "set", "curl", "jq",
            "export", "unset", "cd", "env", "vault", "bao", "rm", "command", "type", "exit", "help", "history", "pwd", "["];
        let mut shell = Shell::new();
        shell.write_file("a.txt", b"one two\n\n\xc3\x28 3\n");
        let quoted: Vec<String> = words.iter().map(|word| format!("'{}'", word.replace('\'', "'\\''"))).collect();
        let line = format!("cat a.txt | {} {}", names[name], quoted.join(" "));
        now(shell.run(&mut Silent::default(), &line));
    }
}
