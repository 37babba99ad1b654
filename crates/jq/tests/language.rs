//! jq lines as people write them against Vault's answers, and what goes wrong with them.

use vaultlet_jq::{Ran, run};

fn jq(arguments: &[&str], input: &str) -> Ran {
    let arguments: Vec<String> = arguments.iter().map(|word| (*word).to_owned()).collect();
    run(&arguments, input.as_bytes(), 1_795_460_913.5)
}

/// Standard output of a run that succeeds.
fn out(arguments: &[&str], input: &str) -> String {
    let ran = jq(arguments, input);
    assert_eq!((String::from_utf8_lossy(&ran.stderr).as_ref(), ran.code), ("", 0), "{arguments:?}");
    String::from_utf8_lossy(&ran.stdout).into_owned()
}

/// Standard error and the code.
fn wrong(arguments: &[&str], input: &str) -> (String, u8) {
    let ran = jq(arguments, input);
    (String::from_utf8_lossy(&ran.stderr).into_owned(), ran.code)
}

#[test]
fn values_are_printed_in_jqs_layout() {
    assert_eq!(
        out(&["."], r#"{"b":[1,1.50,"<é>"],"a":{}}"#),
        "{\n  \"b\": [\n    1,\n    1.50,\n    \"<é>\"\n  ],\n  \"a\": {}\n}\n"
    );
    assert_eq!(out(&["-c", "."], r#"{"b": [], "a": null}"#), "{\"b\":[],\"a\":null}\n");
    assert_eq!(out(&["-Sc", "."], r#"{"b":1,"a":2}"#), "{\"a\":2,\"b\":1}\n");
    assert_eq!(out(&["--tab", "."], "[1]"), "[\n\t1\n]\n");
    assert_eq!(out(&["--indent", "1", "."], "[1]"), "[\n 1\n]\n");
    assert_eq!(out(&["-a", "."], "\"é😀\\u0001\""), "\"\\u00e9\\ud83d\\ude00\\u0001\"\n");
}

#[test]
fn a_token_is_taken_out_of_an_answer() {
    let answer = r#"{"auth":{"client_token":"b.AAAA","policies":["base","default"]}}"#;
    assert_eq!(out(&["-r", ".auth.client_token"], answer), "b.AAAA\n");
    assert_eq!(out(&["-j", ".auth.policies[]"], answer), "basedefault");
    assert_eq!(out(&[".auth.policies | length"], answer), "2\n");
    assert_eq!(
        out(&["-c", "[.auth.policies[] | select(startswith(\"b\")) | ascii_upcase]"], answer),
        "[\"BASE\"]\n"
    );
    assert_eq!(out(&["-r", "@base64 \"x\\(.auth.client_token)\""], answer), "xYi5BQUFB\n");
}

#[test]
fn input_is_read_as_the_options_say() {
    assert_eq!(out(&["-c", "."], "1 2\n[3]"), "1\n2\n[3]\n");
    assert_eq!(out(&["-cs", "."], "1 2\n[3]"), "[1,2,[3]]\n");
    assert_eq!(out(&["-n", "1+1"], "nonsense"), "2\n");
    assert_eq!(out(&["-cn", "[inputs]"], "1 2"), "[1,2]\n");
    assert_eq!(out(&["-R", "."], "a\nb"), "\"a\"\n\"b\"\n");
    assert_eq!(out(&["-Rs", "."], "a\nb"), "\"a\\nb\"\n");
    assert_eq!(out(&["."], ""), "");
}

#[test]
fn variables_come_from_the_arguments() {
    assert_eq!(
        out(&["-n", "--arg", "a", "1", "--argjson", "b", "[2]", "-c", "[$a, $b]"], ""),
        "[\"1\",[2]]\n"
    );
    assert_eq!(
        out(&["-nc", "$ARGS", "--args", "x", "y"], ""),
        "{\"positional\":[\"x\",\"y\"],\"named\":{}}\n"
    );
    assert_eq!(out(&["-nc", "[now, ($ENV|length)]"], ""), "[1795460913.5,0]\n");
}

#[test]
fn exit_codes_are_jqs() {
    assert_eq!(wrong(&["-e", ".a"], "{}"), (String::new(), 1));
    assert_eq!(wrong(&["-e", "empty"], "{}"), (String::new(), 4));
    assert_eq!(wrong(&["-n", "error(\"x\")"], ""), ("jq: error (at <unknown>): x\n".to_owned(), 5));
    assert_eq!(wrong(&["error({})"], "1\n"), ("jq: error (at <stdin>:1) (not a string): {}\n".to_owned(), 5));
    assert_eq!(
        wrong(&["foo"], "1"),
        ("jq: error: foo/0 is not defined at <top-level>\njq: 1 compile error\n".to_owned(), 3)
    );
    assert_eq!(wrong(&[".["], "1").1, 3);
    assert_eq!(wrong(&["-x", "."], "1").1, 2);
    assert_eq!(
        wrong(&["."], "{\"a\":"),
        ("jq: parse error: Unfinished JSON term at the end of the input\n".to_owned(), 2)
    );
    assert_eq!(wrong(&["-n", "\"a\" | debug"], ""), ("[\"DEBUG:\",\"a\"]\n".to_owned(), 0));
    assert_eq!(wrong(&["-n", "\"a\" | halt_error"], ""), ("a".to_owned(), 5));
    assert_eq!(wrong(&["halt"], "1 2"), (String::new(), 0));
}

#[test]
fn what_came_before_an_error_is_printed() {
    let ran = jq(&[".a"], "{\"a\":1} nonsense");
    assert_eq!((ran.stdout.as_slice(), ran.code), (&b"1\n"[..], 2));
    let ran = jq(&["1, error(\"x\"), 2"], "0 0");
    assert_eq!((ran.stdout.as_slice(), ran.code), (&b"1\n1\n"[..], 5));
}

#[test]
fn computed_numbers_have_no_needless_point() {
    assert_eq!(out(&["-c", "[., .+1, .*0.5, 10/2]"], "3.0"), "[3.0,4,1.5,5]\n");
}

#[test]
fn nothing_is_too_deep_to_be_refused() {
    assert_eq!(wrong(&["."], &"[".repeat(200_000)).1, 2);
    assert_eq!(wrong(&[&"[".repeat(200_000)], "1").1, 3);
}
