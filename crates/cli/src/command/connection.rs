//! How requests travel, from flags, files and the environment. It sends nothing.

use super::Call;
use crate::flags::boolean;
use crate::{Connection, Host, Identity};
use vaultlet_core::duration::GoDuration;

/// A second.
const SECOND: i64 = 1_000_000_000;

impl<H: Host> Call<'_, H> {
    /// Reads it; what cannot be read ends the command.
    pub(super) fn connection(&mut self) -> Result<Connection, u8> {
        // The environment is read first, and complained of even where a flag stands in for it.
        self.environment().map_err(|why| self.fail(2, &format!("failed to read environment: {why}")))?;
        self.flagged().map_err(|why| self.fail(2, &format!("failed to setup TLS config: {why}")))
    }

    /// The same for `curl`, in the real command line's order.
    pub(super) fn curl_options(&self, connection: &Connection) -> String {
        let path = |flag, variable| self.flags.text(flag).or(self.variable(variable)).unwrap_or_default();
        let directory = path("ca-path", "CAPATH");
        let file = match path("ca-cert", "CACERT") {
            "" if !directory.is_empty() => "passed-in-memory",
            file => file,
        };
        let (certificate, key) = (path("client-cert", "CLIENT_CERT"), path("client-key", "CLIENT_KEY"));
        let named = [("cacert", file), ("capath", directory), ("cert", certificate), ("key", key)];
        let named = named.into_iter().filter(|(_, path)| !path.is_empty());
        let insecure = if connection.skip_verify { " --insecure" } else { "" };
        insecure.to_owned() + &named.map(|(name, path)| format!(" --{name} '{path}'")).collect::<String>()
    }

    fn environment(&self) -> Result<Connection, String> {
        let text = |name| self.variable(name).unwrap_or_default();
        let flag = |name: &str| match self.variable(name) {
            Some(value) => boolean(value).ok_or_else(|| format!("could not parse {}", self.named(name))),
            None => Ok(false),
        };
        if !text("RATE_LIMIT").split(':').all(|part| part.is_empty() || part.parse::<f64>().is_ok()) {
            return Err(format!("{} was provided but incorrectly formatted", self.named("RATE_LIMIT")));
        }
        let retries = self.variable("MAX_RETRIES").map(str::parse::<u32>).transpose();
        let retries = retries
            .map_err(|_| format!("strconv.ParseInt: parsing {:?}: invalid syntax", text("MAX_RETRIES")))?;
        flag("SRV_LOOKUP")?;
        Ok(Connection {
            timeout: self.timeout()?,
            retries: retries.unwrap_or_default(),
            skip_verify: flag("SKIP_VERIFY")?,
            stays: flag("DISABLE_REDIRECTS")?,
            authorities: self.authorities(text("CACERT"), text("CAPATH"))?,
            identity: self.identity(text("CLIENT_CERT"), text("CLIENT_KEY"))?,
            server_name: text("TLS_SERVER_NAME").to_owned(),
            proxy: self.variable("PROXY_ADDR").or(self.variable("HTTP_PROXY")).unwrap_or_default().to_owned(),
        })
    }

    fn flagged(&self) -> Result<Connection, String> {
        let given = |name| self.flags.text(name).unwrap_or_default();
        let mut connection = self.environment()?;
        connection.skip_verify |= self.flags.is("tls-skip-verify", false);
        connection.stays |= self.flags.is("disable-redirects", false);
        if !given("ca-cert").is_empty() || !given("ca-path").is_empty() {
            connection.authorities = self.authorities(given("ca-cert"), given("ca-path"))?;
        }
        if !given("client-cert").is_empty() || !given("client-key").is_empty() {
            connection.identity = self.identity(given("client-cert"), given("client-key"))?;
        }
        if !given("tls-server-name").is_empty() {
            given("tls-server-name").clone_into(&mut connection.server_name);
        }
        Ok(connection)
    }

    /// The variable that was read, by its whole name.
    fn named(&self, name: &str) -> String {
        format!("{}_{name}", self.setting.product.prefix())
    }

    fn timeout(&self) -> Result<i64, String> {
        match self.variable("CLIENT_TIMEOUT") {
            None => Ok(60 * SECOND),
            Some(text) => match GoDuration::parse_lenient(text) {
                Ok(span) => Ok(span.0),
                Err(_) => Err(format!("could not parse {:?}", self.named("CLIENT_TIMEOUT"))),
            },
        }
    }

    /// The PEM texts of a file, else of all files of a directory.
    fn authorities(&self, file: &str, directory: &str) -> Result<Vec<Vec<u8>>, String> {
        let read = |path: &str| {
            let bytes =
                self.setting.files.read(path).map_err(|error| super::data::unreadable(path, error))?;
            let holds = String::from_utf8_lossy(&bytes).contains("-----BEGIN CERTIFICATE-----");
            if holds { Ok(bytes) } else { Err(format!("Couldn't parse PEM in: {path}")) }
        };
        if !file.is_empty() {
            let text = read(file).map_err(|why| format!("Error loading CA File: {why}"))?;
            return Ok(vec![text]);
        }
        if directory.is_empty() {
            return Ok(Vec::new());
        }
        let names = self.setting.files.list(directory);
        let names = names.map_err(|error| format!("lstat {directory}: {error}"))?;
        // What is no certificate lies there by right, as keys do.
        Ok(names
            .iter()
            .filter_map(|name| read(&format!("{}/{name}", directory.trim_end_matches('/'))).ok())
            .collect())
    }

    fn identity(&self, certificate: &str, key: &str) -> Result<Option<Identity>, String> {
        let read =
            |path: &str| self.setting.files.read(path).map_err(|error| super::data::unreadable(path, error));
        match (certificate.is_empty(), key.is_empty()) {
            (true, true) => Ok(None),
            (false, false) => Ok(Some(Identity { certificate: read(certificate)?, key: read(key)? })),
            _ => Err("both client cert and client key must be provided".to_owned()),
        }
    }
}
