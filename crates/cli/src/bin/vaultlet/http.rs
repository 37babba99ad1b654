//! Requests over HTTP and HTTPS. It knows no command.

use std::collections::BTreeMap;
use std::io;

use ureq::http::Request as HttpRequest;
use ureq::tls::{RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, Error};
use vaultlet_core::{Method, Request, Response};

/// The largest answer that is read.
const LARGEST: u64 = 64 * 1024 * 1024;

/// Which servers' certificates are believed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Trust {
    /// All of them.
    skip_verify: bool,
    /// A PEM file's bytes, whose certificates are believed alone.
    ca: Option<Vec<u8>>,
}

impl Trust {
    /// From `-tls-skip-verify` and `-ca-cert`, or `.._SKIP_VERIFY` and `.._CACERT`.
    pub(crate) fn read(
        arguments: &[String],
        environment: &BTreeMap<String, String>,
        file: &dyn Fn(&str) -> io::Result<Vec<u8>>,
    ) -> Result<Self, String> {
        let set = |name: &str| {
            let value =
                ["BAO", "VAULT"].iter().find_map(|prefix| environment.get(&format!("{prefix}_{name}")));
            value.filter(|value| !value.is_empty()).cloned()
        };
        let flag = |name: &str| {
            let mut words = arguments.iter();
            let is = |word: &String| {
                word.trim_start_matches('-').split('=').next() == Some(name) && word.starts_with('-')
            };
            let found = words.find(|word| is(word))?;
            Some(
                found
                    .split_once('=')
                    .map_or_else(|| words.next().cloned().unwrap_or_default(), |(_, value)| value.to_owned()),
            )
        };
        let skips = |value: String| !matches!(value.as_str(), "0" | "f" | "false" | "False" | "FALSE");
        let skip_verify = arguments.iter().any(|word| word.trim_start_matches('-') == "tls-skip-verify")
            || set("SKIP_VERIFY").is_some_and(skips);
        let ca = match flag("ca-cert").or_else(|| set("CACERT")) {
            Some(path) => {
                Some(file(&path).map_err(|error| format!("Error loading CA File: {path}: {error}"))?)
            }
            None => None,
        };
        Ok(Self { skip_verify, ca })
    }
}

/// A client.
pub(crate) struct Http {
    agent: Agent,
}

impl Http {
    pub(crate) fn new(trust: &Trust) -> Result<Self, String> {
        let mut tls = TlsConfig::builder().disable_verification(trust.skip_verify);
        if let Some(pem) = &trust.ca {
            let certificates: Result<Vec<_>, _> = parse_pem(pem)
                .filter_map(|item| match item {
                    Ok(ureq::tls::PemItem::Certificate(certificate)) => Some(Ok(certificate)),
                    Ok(_) => None,
                    Err(error) => Some(Err(error)),
                })
                .collect();
            let certificates = certificates.map_err(|error| format!("Error loading CA File: {error}"))?;
            tls = tls.root_certs(RootCerts::new_with_certs(&certificates));
        }
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            .max_redirects(1)
            .tls_config(tls.build())
            .build();
        Ok(Self { agent: config.new_agent() })
    }

    /// Sends and waits for the answer; the error is worded as the real command line's.
    pub(crate) fn send(&self, address: &str, request: &Request) -> Result<Response, String> {
        let after = address.find("://").map_or(0, |at| at + 3);
        let authority = address.get(after..).unwrap_or_default().split('/').next().unwrap_or_default();
        let scheme = address.get(..after).unwrap_or_default();
        let mut asked = HttpRequest::builder()
            .method(request.method.as_str())
            .uri(format!("{scheme}{authority}{}", request.target));
        for (name, value) in &request.headers {
            asked = asked.header(name, value);
        }
        let takes_body = !matches!(request.method, Method::Get | Method::Head | Method::List);
        let answered = if takes_body || !request.body.is_empty() {
            asked
                .body(request.body.clone())
                .map_err(|error| error.to_string())
                .and_then(|asked| self.run(asked, authority))
        } else {
            asked.body(()).map_err(|error| error.to_string()).and_then(|asked| self.run(asked, authority))
        };
        let mut answered = answered?;
        let status = answered.status().as_u16();
        let body = answered.body_mut().with_config().limit(LARGEST).read_to_vec();
        Ok(Response { status, body: body.map_err(|error| error.to_string())? })
    }

    fn run<S: ureq::AsSendBody>(
        &self,
        asked: HttpRequest<S>,
        authority: &str,
    ) -> Result<ureq::http::Response<ureq::Body>, String> {
        self.agent.run(asked).map_err(|error| worded(error, authority))
    }
}

/// Go's words for what keeps an answer away.
fn worded(error: Error, authority: &str) -> String {
    match error {
        Error::Io(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
            format!("dial tcp {authority}: connect: connection refused")
        }
        Error::ConnectionFailed => format!("dial tcp {authority}: connect: connection refused"),
        Error::HostNotFound => {
            let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
            format!("dial tcp: lookup {host}: no such host")
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trust_comes_from_flags_and_the_environment() {
        let file = |path: &str| Ok(path.as_bytes().to_vec());
        let words = |line: &str| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let read = |line: &str, environment: &[(&str, &str)]| {
            let environment =
                environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            Trust::read(&words(line), &environment.collect(), &file).unwrap()
        };
        assert!(read("status -tls-skip-verify", &[]).skip_verify);
        assert!(read("status", &[("VAULT_SKIP_VERIFY", "true")]).skip_verify);
        assert!(!read("status", &[("VAULT_SKIP_VERIFY", "false")]).skip_verify);
        assert_eq!(read("status -ca-cert=a.pem", &[]).ca.unwrap(), b"a.pem");
        assert_eq!(read("status", &[("BAO_CACERT", "b.pem")]).ca.unwrap(), b"b.pem");
    }
}
