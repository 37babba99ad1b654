//! `curl`: a request to any address, answered by whatever answers this terminal. It knows no socket.
//!
//! It prints no progress, which would differ from run to run, and follows no redirections, which Vault's API has none of.

mod answer;
mod ask;
mod options;

pub(crate) use options::words as curl_options;

use answer::Answered;
use ask::{Asked, Url};
use options::Options;

use crate::Host;
use crate::output::Output;
use crate::shell::Runner;

/// Why a transfer failed: curl's own number, which is its exit code, and words.
type Fault = (u8, String);

const MORE: &str = "curl: try 'curl --help' or 'curl --manual' for more information";

/// `curl [OPTIONS] URLS`
pub(super) async fn curl<H: Host>(
    runner: &mut Runner<'_, H>,
    arguments: &[String],
    output: &mut Output,
) -> u8 {
    if arguments.is_empty() {
        output.error(MORE);
        return 2;
    }
    let options = match Options::read(arguments) {
        Ok(options) => options,
        Err(error) => return misused(output, &error),
    };
    if options.is("help") {
        output.line(&options::help());
        return 0;
    }
    let asked = match Asked::read(&options, &runner.shell.files, &mut runner.stdin) {
        Ok(asked) => asked,
        Err(error) => return misused(output, &error),
    };
    for name in asked.missing.iter().filter(|_| !options.is("silent")) {
        output.error(&format!("Warning: Couldn't read data from file \"{name}\", this makes an empty POST."));
    }
    let mut code = 0;
    for url in &options.urls {
        code = 0;
        if let Err(fault) = transfer(runner, &options, &asked, url, output).await {
            code = told(&options, &fault, output);
        }
    }
    code
}

/// One request and what is printed of its answer.
async fn transfer<H: Host>(
    runner: &mut Runner<'_, H>,
    options: &Options,
    asked: &Asked,
    url: &str,
    output: &mut Output,
) -> Result<(), Fault> {
    let place = Url::read(url)?;
    let request = asked.request(&place);
    let method = request.method.as_str().to_owned();
    let answered = runner.host.answer(&place.origin(), request).await;
    let response = answered.map_err(|unreachable| place.fault(&unreachable.0))?;
    let answered = Answered { url, method: &method, response: &response, now: runner.host.now() };
    let failed = options.is("fail") && response.status >= 400;
    let fault = (failed || options.is("fail-with-body") && response.status >= 400)
        .then(|| (22, format!("The requested URL returned error: {}", response.status)));
    if !failed {
        let bytes = answered.printed(options.is("include"));
        match options.value("output").filter(|name| *name != "-") {
            None => output.raw(&bytes),
            Some(name) => {
                let written = runner.shell.files.write(name, &bytes);
                written.map_err(|_| (23, "Failure writing output to destination".to_owned()))?;
            }
        }
    }
    if let Some(format) = options.value("write-out") {
        let code = fault.as_ref().map_or(0, |(code, _)| *code);
        answered.write_out(format, code, output);
    }
    fault.map_or(Ok(()), Err)
}

/// Tells why a transfer failed, unless it is to be silent; gives the code to end with.
fn told(options: &Options, (code, words): &Fault, output: &mut Output) -> u8 {
    if !options.is("silent") || options.is("show-error") {
        output.error(&format!("curl: ({code}) {words}"));
    }
    *code
}

fn misused(output: &mut Output, error: &str) -> u8 {
    output.error(&format!("curl: {error}"));
    output.error(MORE);
    2
}
