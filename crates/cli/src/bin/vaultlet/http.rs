//! Requests over HTTP and HTTPS. It knows no command.

use std::io;
use std::thread;
use std::time::Duration;

use ureq::http::{Request as HttpRequest, Uri};
use ureq::tls::{Certificate, ClientCert, PemItem, PrivateKey, RootCerts, TlsConfig, parse_pem};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Error, Proxy, config::Config};
use vaultlet_cli::{Connection, Identity};
use vaultlet_core::{Method, Request, Response};

/// The largest answer that is read.
const LARGEST: u64 = 64 * 1024 * 1024;
/// How long to wait before a request is sent again.
const PAUSE: Duration = Duration::from_secs(1);

/// A client.
pub(crate) struct Http {
    config: Config,
    retries: u32,
    /// The name that the server's certificate must have; empty for the address's.
    server_name: String,
}

impl Http {
    pub(crate) fn new(connection: &Connection) -> Result<Self, String> {
        let mut tls = TlsConfig::builder().disable_verification(connection.skip_verify);
        if !connection.authorities.is_empty() {
            let certificates: Vec<Certificate<'static>> =
                connection.authorities.iter().flat_map(|pem| certificates(pem)).collect();
            tls = tls.root_certs(RootCerts::new_with_certs(&certificates));
        }
        if let Some(identity) = &connection.identity {
            let shown = client(identity).map_err(|why| format!("failed to setup TLS config: {why}"))?;
            tls = tls.client_cert(Some(shown));
        }
        let timeout = u64::try_from(connection.timeout).ok().filter(|nanos| *nanos > 0);
        let proxy = match connection.proxy.as_str() {
            "" => Proxy::try_from_env(),
            url => Some(Proxy::new(url).map_err(|error| error.to_string())?),
        };
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            .max_redirects(u32::from(!connection.stays))
            .max_redirects_will_error(false)
            .timeout_global(timeout.map(Duration::from_nanos))
            .proxy(proxy)
            .tls_config(tls.build())
            .build();
        Ok(Self { config, retries: connection.retries, server_name: connection.server_name.clone() })
    }

    /// Sends and waits for the answer; the error is worded as the real command line's.
    pub(crate) fn send(&self, address: &str, request: &Request) -> Result<Response, String> {
        let mut left = self.retries;
        loop {
            let answered = self.send_once(address, request);
            // What the server failed may work soon; that it does nothing is no failure.
            let failed =
                answered.as_ref().map_or(true, |answer| answer.status >= 500 && answer.status != 501);
            if !failed || left == 0 {
                return answered;
            }
            left -= 1;
            thread::sleep(PAUSE);
        }
    }

    fn send_once(&self, address: &str, request: &Request) -> Result<Response, String> {
        let (scheme, rest) = address.split_once("://").unwrap_or(("", address));
        if !["http", "https"].contains(&scheme) {
            return Err(format!("unsupported protocol scheme {scheme:?}"));
        }
        let authority = rest.split('/').next().unwrap_or_default();
        if authority.is_empty() {
            return Err("http: no Host in request URL".to_owned());
        }
        let mut asked = HttpRequest::builder().method(request.method.as_str());
        let mut agent = self.config.new_agent();
        if scheme == "https" && !self.server_name.is_empty() {
            // The name decides about the certificate; the address, about where the request goes.
            agent = Agent::with_parts(
                self.config.clone(),
                DefaultConnector::default(),
                Elsewhere { address: format!("https://{authority}") },
            );
            asked = asked
                .uri(format!("https://{}{}", self.server_name, request.target))
                .header("Host", authority);
        } else {
            asked = asked.uri(format!("{scheme}://{authority}{}", request.target));
        }
        for (name, value) in &request.headers {
            asked = asked.header(name, value);
        }
        let takes_body = !matches!(request.method, Method::Get | Method::Head | Method::List);
        let answered = if takes_body || !request.body.is_empty() {
            let asked = asked.body(request.body.clone()).map_err(|error| error.to_string())?;
            agent.run(asked)
        } else {
            let asked = asked.body(()).map_err(|error| error.to_string())?;
            agent.run(asked)
        };
        let mut answered = answered.map_err(|error| worded(error, authority))?;
        let status = answered.status().as_u16();
        let body = answered.body_mut().with_config().limit(LARGEST).read_to_vec();
        Ok(Response { status, body: body.map_err(|error| worded(error, authority))? })
    }
}

/// Finds the server where it is, whatever it is called.
#[derive(Debug)]
struct Elsewhere {
    address: String,
}

impl Resolver for Elsewhere {
    fn resolve(&self, _: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let uri = self.address.parse().map_err(|_| Error::BadUri(self.address.clone()))?;
        DefaultResolver::default().resolve(&uri, config, timeout)
    }
}

/// The certificates in a PEM text.
fn certificates(pem: &[u8]) -> Vec<Certificate<'static>> {
    let certificate = |item| match item {
        Ok(PemItem::Certificate(certificate)) => Some(certificate),
        _ => None,
    };
    parse_pem(pem).filter_map(certificate).collect()
}

/// What the client shows of itself; the reasons against it are Go's.
fn client(identity: &Identity) -> Result<ClientCert, String> {
    let chain = certificates(&identity.certificate);
    if chain.is_empty() {
        return Err("tls: failed to find any PEM data in certificate input".to_owned());
    }
    let key = PrivateKey::from_pem(&identity.key);
    let key = key.map_err(|_| match certificates(&identity.key).is_empty() {
        true => "tls: failed to find any PEM data in key input",
        false => "tls: found a certificate rather than a key in the PEM for the private key",
    })?;
    Ok(ClientCert::new_with_certs(&chain, key))
}

/// Go's words for what keeps an answer away.
fn worded(error: Error, authority: &str) -> String {
    let refused = || format!("dial tcp {authority}: connect: connection refused");
    match error {
        Error::Io(error) => match error.kind() {
            io::ErrorKind::ConnectionRefused => refused(),
            io::ErrorKind::UnexpectedEof => "EOF".to_owned(),
            _ => certificate_fault(&error.to_string()).unwrap_or_else(|| error.to_string()),
        },
        Error::ConnectionFailed => refused(),
        Error::HostNotFound => {
            let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
            format!("dial tcp: lookup {host}: no such host")
        }
        Error::Timeout(_) => "context deadline exceeded".to_owned(),
        other => certificate_fault(&other.to_string()).unwrap_or_else(|| other.to_string()),
    }
}

/// What is wrong with the server's certificate, or with its use of TLS, in Go's words.
fn certificate_fault(text: &str) -> Option<String> {
    let unverified = |why: String| Some(format!("tls: failed to verify certificate: x509: {why}"));
    if text.contains("UnknownIssuer") {
        return unverified("certificate signed by unknown authority".to_owned());
    }
    if text.contains("Expired") || text.contains("certificate expired") {
        return unverified("certificate has expired or is not yet valid".to_owned());
    }
    if text.contains("InvalidContentType") {
        return Some("http: server gave HTTP response to HTTPS client".to_owned());
    }
    if let Some((_, alert)) = text.split_once("received fatal alert: ") {
        return Some(format!("remote error: tls: {}", words_of(alert)));
    }
    let (_, rest) = text.split_once("certificate not valid for name \"")?;
    let (wanted, names) = rest.split_once('"')?;
    let of_kind: Vec<&str> = match wanted.parse::<std::net::IpAddr>() {
        Ok(_) => names.split("IpAddress(").skip(1).filter_map(|rest| rest.split(')').next()).collect(),
        Err(_) => names.split("DnsName(\"").skip(1).filter_map(|rest| rest.split('"').next()).collect(),
    };
    unverified(format!("certificate is valid for {}, not {wanted}", of_kind.join(", ")))
}

/// `CertificateRequired` as `certificate required`.
fn words_of(name: &str) -> String {
    let mut words = String::new();
    for letter in name.chars().take_while(|letter| letter.is_ascii_alphabetic()) {
        if letter.is_ascii_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.push(letter.to_ascii_lowercase());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_of_certificates_have_gos_words() {
        let told = |text: &str| certificate_fault(text).unwrap();
        assert_eq!(
            told("received fatal alert: CertificateRequired"),
            "remote error: tls: certificate required"
        );
        let text = "invalid peer certificate: certificate not valid for name \"nope\"; certificate is only valid for \
                    DnsName(\"a\"), DnsName(\"b\") or IpAddress(127.0.0.1)";
        assert_eq!(
            told(text),
            "tls: failed to verify certificate: x509: certificate is valid for a, b, not nope"
        );
        assert_eq!(certificate_fault("something else"), None);
    }
}
