//! Our program and the real one side by side, against real servers that speak TLS: what they print is equal.
#![cfg(feature = "live")]

use std::path::PathBuf;
use std::process::Command;

use vaultlet_tests::openbao::{self, OpenBao};

/// Our program, built from this checkout.
fn vaultlet() -> PathBuf {
    let built = Command::new(env!("CARGO")).args(["build", "-q", "-p", "vaultlet-cli"]).status();
    assert!(built.expect("cargo starts").success(), "the program builds");
    let test = std::env::current_exe().expect("a test has a path");
    let folder = test.ancestors().nth(2).expect("tests are built below their profile's folder");
    folder.join("vaultlet")
}

/// A line with `$HOME` in the place of the folder of certificates; stdout, stderr and code.
fn run(program: &PathBuf, server: &OpenBao, home: &OpenBao, line: &str) -> (String, String, Option<i32>) {
    let home = home.home().display().to_string();
    let words = line.split_whitespace().map(|word| word.replace("$HOME", &home));
    let (variables, arguments): (Vec<String>, Vec<String>) = words.partition(|word| word.starts_with("BAO_"));
    let mut command = Command::new(program);
    command.env_clear().env("HOME", &home).env("BAO_ADDR", format!("https://{}", server.authority()));
    command.env("BAO_TOKEN", "root").args(arguments);
    command.envs(variables.iter().filter_map(|variable| variable.split_once('=')));
    let output = command.output().expect("the program starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr), output.status.code())
}

#[test]
fn certificates_are_believed_as_flags_and_variables_say() {
    let (ours, real, server) = (vaultlet(), openbao::binary(), OpenBao::dev_tls());
    let lines = [
        ("token lookup -field=type", 2),
        ("token lookup -field=type -ca-cert=$HOME/vault-ca.pem", 0),
        ("BAO_CACERT=$HOME/vault-ca.pem token lookup -field=type", 0),
        ("token lookup -field=type -ca-path=$HOME", 0),
        ("BAO_CAPATH=$HOME token lookup -field=type", 0),
        ("token lookup -field=type -tls-skip-verify", 0),
        ("BAO_SKIP_VERIFY=true token lookup -field=type", 0),
        ("token lookup -field=type -ca-cert=$HOME/vault-ca.pem -tls-server-name=localhost", 0),
        ("token lookup -field=type -ca-cert=$HOME/vault-ca.pem -tls-server-name=nope", 2),
        ("BAO_TLS_SERVER_NAME=nope token lookup -field=type -ca-cert=$HOME/vault-ca.pem", 2),
        ("token lookup -ca-cert=$HOME/vault-key.pem", 2),
        ("token lookup -client-cert=$HOME/vault-cert.pem -client-key=$HOME/vault-cert.pem", 2),
        ("token lookup -output-curl-string -ca-path=$HOME -client-cert=a -client-key=b", 2),
        ("status -ca-cert=$HOME/vault-ca.pem -field=sealed", 0),
    ];
    for (line, code) in lines {
        let printed = run(&real, &server, &server, line);
        assert_eq!(printed.2, Some(code), "{line}: {printed:?}");
        assert_eq!(run(&ours, &server, &server, line), printed, "{line}");
    }
}

#[test]
fn a_client_shows_its_certificate() {
    let (ours, real, first) = (vaultlet(), openbao::binary(), OpenBao::dev_tls());
    let server = OpenBao::asking_for_certificates(&first);
    let shown = "-client-cert=$HOME/vault-cert.pem -client-key=$HOME/vault-key.pem";
    for line in ["operator init -status", "status", "operator init -status -format=json"] {
        let line = format!("{line} -ca-cert=$HOME/vault-ca.pem {shown}");
        let printed = run(&real, &server, &first, &line);
        assert_eq!(printed.2, Some(2), "{line}: {printed:?}");
        assert_eq!(run(&ours, &server, &first, &line), printed, "{line}");
    }
    // The real one's words without a certificate depend on when the connection breaks.
    let (_, said, code) = run(&ours, &server, &first, "status -ca-cert=$HOME/vault-ca.pem");
    assert!(said.starts_with("Error checking seal status: Get \"https://") && code == Some(1), "{said}");
}
