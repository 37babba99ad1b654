//! Scripts that `sh` and our shell both run: what they print and how they end is the same.

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use libtest_mimic::{Arguments, Trial};
use vaultlet_cli::{Shell, Stream};
use vaultlet_tests::real_cli::Ran;
use vaultlet_tests::scenario::Server;
use vaultlet_tests::terminal::{Machine, ready};

/// The files that every script finds in its directory.
const FILES: [(&str, &str); 4] = [
    ("a.txt", "one\ntwo\nthree\n"),
    ("b.txt", "cherry 10\napple 9\nbanana 100\n"),
    ("policy.hcl", "path \"secret/*\" {\n  capabilities = [\"read\"]\n}\n"),
    (
        "token.json",
        "{\"auth\":{\"client_token\":\"s.abc\",\"policies\":[\"base\",\"default\"],\"lease_duration\":3600},\"data\":null}\n",
    ),
];

fn main() -> ExitCode {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("shell");
    let mut trials = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder is readable") {
        let path = entry.expect("the folder is readable").path();
        if path.extension().is_none_or(|extension| extension != "txt") {
            continue;
        }
        let area = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).expect("the file is readable");
        for (index, script) in text.split("---\n").enumerate() {
            let script = script.to_owned();
            let name = format!("{area} {:02} {}", index + 1, script.lines().next().unwrap_or_default());
            trials.push(Trial::test(name, move || Ok(compare(&script)?)));
        }
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn compare(script: &str) -> Result<(), String> {
    let (expected, got) = (real(script), ours(script));
    if (&expected.stdout, expected.code, complaints(&expected)) == (&got.stdout, got.code, complaints(&got)) {
        return Ok(());
    }
    Err(format!("{script}\nsh: {expected:#?}\nours: {got:#?}"))
}

/// What the tools complained of, and whether the shell itself did: its words are its own. Ours send nobody to `--help`,
/// and know one kind of quotes.
fn complaints(ran: &Ran) -> (String, bool) {
    let text = ran.stderr.replace(['‘', '’'], "'");
    let lines = text.lines().filter(|line| !line.starts_with("Try '"));
    let (own, tools): (Vec<&str>, Vec<&str>) = lines.partition(|line| line.starts_with("sh: "));
    (tools.join("\n"), !own.is_empty())
}

fn real(script: &str) -> Ran {
    let directory = tempfile::tempdir().expect("a directory can be made");
    for (name, text) in FILES {
        fs::write(directory.path().join(name), text).expect("the directory takes files");
    }
    let mut command = Command::new("sh");
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.env("HOME", "/home/vaultlet").env("LC_ALL", "C.UTF-8").env("TZ", "UTC");
    let output = command.args(["-c", script]).current_dir(directory.path()).stdin(Stdio::null()).output();
    let output = output.expect("sh runs");
    Ran {
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        code: output.status.code().unwrap_or(-1),
    }
}

fn ours(script: &str) -> Ran {
    let mut shell = Shell::new();
    for (name, text) in FILES {
        shell.write_file(name, text.as_bytes());
    }
    let ran = ready(shell.run(&mut Machine::start(Server::Dev), script));
    Ran { stdout: ran.text(Stream::Out), stderr: ran.text(Stream::Err), code: i32::from(ran.code) }
}
