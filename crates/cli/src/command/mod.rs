//! The real command line: words and flags to requests, answers to text. It knows no shell syntax and no engine.

mod call;
mod connection;
mod data;
mod help;
mod init;
mod keyring;
pub(crate) mod known;
mod kv;
mod lease;
mod logical;
mod login;
mod mount_list;
mod mounts;
mod options;
mod policy;
mod policy_fmt;
mod print;
mod seal;
mod shown;
pub(crate) mod spec;
mod status;
mod token;
mod token_change;

use std::collections::BTreeMap;

pub(crate) use call::Call;
use spec::{Run, Spec};

use crate::Host;
use crate::flags;
use crate::output::{Output, Shown};
use crate::product::Product;
use crate::render::Format;
use crate::shell::Files;

/// What a command line is run in.
pub(crate) struct Setting<'a> {
    pub(crate) product: Product,
    pub(crate) environment: BTreeMap<String, String>,
    pub(crate) files: &'a mut Files,
    pub(crate) stdin: &'a mut Vec<u8>,
    /// Whether standard output is a terminal.
    pub(crate) terminal: bool,
}

/// Runs `vault ARGUMENTS`; gives the exit code.
pub(crate) async fn run<H: Host>(
    host: &mut H,
    setting: Setting<'_>,
    arguments: &[String],
    output: &mut Output,
) -> u8 {
    match shown::wanted(arguments) {
        Some(wanted) => {
            let mut printed = Output { shown: Shown::Wanted, ..Output::default() };
            let code = run_any(host, setting, arguments, &mut printed).await;
            shown::finish(wanted, code, printed, output)
        }
        None => run_any(host, setting, arguments, output).await,
    }
}

async fn run_any<H: Host>(
    host: &mut H,
    setting: Setting<'_>,
    arguments: &[String],
    output: &mut Output,
) -> u8 {
    if let [only] = arguments
        && ["-v", "-version", "--version"].contains(&only.as_str())
    {
        print::version(setting.product, output);
        return 0;
    }
    let Some((spec, rest)) = spec::find(arguments) else {
        return help::groups(setting.product, arguments, output);
    };
    let asks_help = |word: &&String| ["-h", "-help", "--help"].contains(&word.as_str());
    if rest.iter().take_while(|word| *word != "--").any(|word| asks_help(&word)) {
        help::command(setting.product, spec, output);
        return 0;
    }
    let name = wanted_format(rest).or(setting.product.variable(&setting.environment, "FORMAT"));
    let Some(format) = Format::named(name.unwrap_or_default()) else {
        output.error(&format!("Invalid output format: {}", name.unwrap_or_default()));
        return 1;
    };
    // These two look at nothing that stands after them.
    let known =
        if spec.is_offline() { Ok(flags::Parsed::default()) } else { flags::parse(&spec.flags(), rest) };
    match known {
        Err(error) => {
            output.error(&error);
            1
        }
        Ok(_) if format == Format::Raw && spec.run != Run::Read => {
            output.error("This command does not support the -format=raw option.");
            1
        }
        Ok(parsed) => {
            warn_of_late_flags(&parsed.words, output);
            run_spec(spec, Call::new(host, setting, parsed, format, output)).await
        }
    }
}

async fn run_spec<H: Host>(spec: &Spec, call: Call<'_, H>) -> u8 {
    let ended = match spec.run {
        Run::Version => print::version_of(call),
        Run::PrintToken => print::token(call).await,
        Run::Status => status::status(call).await,
        Run::Login => login::login(call).await,
        Run::Read => logical::read(call).await,
        Run::Write => logical::write(call).await,
        Run::List => logical::list(call).await,
        Run::Patch => logical::patch(call).await,
        Run::Scan => logical::scan(call).await,
        Run::Delete => logical::delete(call).await,
        Run::PolicyWrite => policy::write(call).await,
        Run::PolicyRead => policy::read(call).await,
        Run::PolicyList => policy::list(call).await,
        Run::PolicyDelete => policy::delete(call).await,
        Run::PolicyFmt => policy_fmt::format(call).await,
        Run::MountEnable(table) => mounts::enable(call, table).await,
        Run::MountDisable(table) => mounts::disable(call, table).await,
        Run::MountTune(table) => mounts::tune(call, table).await,
        Run::MountList(table) => mount_list::list(call, table).await,
        Run::MountMove(table) => mounts::relocate(call, table).await,
        Run::LeaseLookup => lease::lookup(call).await,
        Run::LeaseRenew => lease::renew(call).await,
        Run::LeaseRevoke => lease::revoke(call).await,
        Run::Unwrap => lease::unwrap(call).await,
        Run::KeyStatus => keyring::status(call).await,
        Run::Rotate => keyring::rotate(call).await,
        Run::Init => init::init(call).await,
        Run::Unseal => seal::unseal(call).await,
        Run::Seal => seal::seal(call).await,
        Run::Kv(run) => kv::run(call, run).await,
        Run::TokenCreate => token::create(call).await,
        Run::TokenLookup => token::lookup(call).await,
        Run::TokenCapabilities => token::capabilities(call).await,
        Run::TokenRenew => token_change::renew(call).await,
        Run::TokenRevoke => token_change::revoke(call).await,
    };
    // Both are exit codes; an error is one that ended the command early.
    ended.unwrap_or_else(|code| code)
}

/// The value of `-format`, wherever it stands.
fn wanted_format(arguments: &[String]) -> Option<&str> {
    let mut found = None;
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let Some(flag) = word.strip_prefix("--").or_else(|| word.strip_prefix('-')) else { continue };
        match flag.split_once('=') {
            Some(("format", value)) => found = Some(value),
            None if flag == "format" => found = words.next().map(String::as_str),
            _ => {}
        }
    }
    found
}

/// The real one says which words look like flags and stand too late to be ones.
fn warn_of_late_flags(words: &[String], output: &mut Output) {
    let late = |word: &&String| {
        let bare = word.trim_start_matches('-');
        // These are seen wherever they stand.
        let seen =
            ["format", "output-curl-string", "output-policy"].contains(&bare) || bare.starts_with("format=");
        word.starts_with('-') && *word != "-" && !seen
    };
    let late: Vec<&str> = words.iter().skip(1).filter(late).map(String::as_str).collect();
    if !late.is_empty() {
        output.error(&format!(
            "Command flags must be provided before positional arguments. The following arguments will not be parsed \
             as flags: [{}]",
            late.join(",")
        ));
    }
}
