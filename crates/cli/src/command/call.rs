//! One run of a command: its flags, who answers, and where its text goes.

use super::Setting;
use crate::Host;
use crate::client::{Ask, Client, Failure, Instead};
use crate::flags::Parsed;
use crate::json::Json;
use crate::output::{Output, Shown};
use crate::render::{self, Format, field, table, wrap};
use crate::secret::Secret;

/// Where the real command line looks for a server.
const DEFAULT_ADDRESS: &str = "https://127.0.0.1:8200";

/// An exit code that ends a command early.
pub(crate) type Ended = Result<u8, u8>;

/// One run of a command.
pub(crate) struct Call<'a, H> {
    pub(crate) host: &'a mut H,
    pub(crate) setting: Setting<'a>,
    pub(crate) flags: Parsed,
    pub(crate) format: Format,
    pub(crate) output: &'a mut Output,
}

impl<'a, H: Host> Call<'a, H> {
    pub(crate) fn new(
        host: &'a mut H,
        setting: Setting<'a>,
        flags: Parsed,
        format: Format,
        output: &'a mut Output,
    ) -> Self {
        Self { host, setting, flags, format, output }
    }

    /// An environment variable by its name without the product's prefix.
    pub(crate) fn variable(&self, name: &str) -> Option<&str> {
        self.setting.product.variable(&self.setting.environment, name)
    }

    /// A flag, else its environment variable.
    fn setting_of(&self, flag: &str, variable: &str) -> Option<String> {
        let given = self.flags.text(flag).filter(|text| !text.is_empty());
        given.or_else(|| self.variable(variable)).map(str::to_owned)
    }

    /// A word after the flags; empty if there is none.
    pub(crate) fn word(&self, index: usize) -> String {
        self.flags.words.get(index).cloned().unwrap_or_default()
    }

    /// A line for standard output.
    pub(crate) fn say(&mut self, text: &str) {
        self.output.line(text);
    }

    /// A line for standard error, and the code to end with.
    pub(crate) fn fail(&mut self, code: u8, text: &str) -> u8 {
        self.output.error(text);
        code
    }

    /// Ends the command unless the number of words is right.
    pub(crate) fn expect_words(&mut self, least: usize, most: usize) -> Result<(), u8> {
        let count = self.flags.words.len();
        let expected = if least == most { least.to_string() } else { format!("{least}-{most}") };
        if count < least {
            return Err(self.fail(1, &format!("Not enough arguments (expected {expected}, got {count})")));
        }
        if count > most {
            return Err(self.fail(1, &format!("Too many arguments (expected {expected}, got {count})")));
        }
        Ok(())
    }

    /// The client that the flags, the environment and the token file describe.
    pub(crate) fn client(&mut self) -> Result<Client, u8> {
        let address =
            self.setting_of("agent-address", "AGENT_ADDR").or_else(|| self.setting_of("address", "ADDR"));
        let address = address.unwrap_or_else(|| DEFAULT_ADDRESS.to_owned());
        let connection = self.connection()?;
        let curl_options = self.curl_options(&connection);
        check_address(&address).map_err(|why| self.fail(2, &format!("failed to create client: {why}")))?;
        let headers = self.headers()?;
        let shows = |name| self.flags.is(name, false);
        let instead = match (shows("output-curl-string"), shows("output-policy")) {
            (true, _) => Instead::ShowCurl,
            (false, true) => Instead::ShowPolicy,
            (false, false) => Instead::Send,
        };
        self.host.connect_by(&connection).map_err(|why| self.fail(2, &why))?;
        Ok(Client {
            product: self.setting.product,
            address,
            token: self.token(),
            namespace: self.namespace(),
            wrap_ttl: self.wrap_ttl(),
            headers,
            curl_options,
            instead,
        })
    }

    /// The token that commands use: from the environment, else from the file.
    pub(crate) fn token(&self) -> String {
        if let Some(token) = self.variable("TOKEN") {
            return token.to_owned();
        }
        let bytes = self.setting.files.read(&self.token_file()).unwrap_or_default();
        String::from_utf8_lossy(&bytes).trim().to_owned()
    }

    /// The file that keeps the token from one command to the next.
    pub(crate) fn token_file(&self) -> String {
        let home = self.setting.environment.get("HOME").map_or("", String::as_str);
        format!("{}/.vault-token", home.trim_end_matches('/'))
    }

    fn namespace(&self) -> String {
        let given = self.setting_of("namespace", "NAMESPACE").unwrap_or_default();
        let bare = given.trim_matches('/');
        if bare.is_empty() { String::new() } else { format!("{bare}/") }
    }

    fn wrap_ttl(&self) -> String {
        let given = self.setting_of("wrap-ttl", "WRAP_TTL").unwrap_or_default();
        match vaultlet_core::duration::GoDuration::parse_lenient(&given) {
            Ok(span) if span.0 == 0 => String::new(),
            Ok(span) => span.to_string(),
            // The server is the one to refuse it.
            Err(_) => given,
        }
    }

    fn headers(&mut self) -> Result<Vec<(String, String)>, u8> {
        let mut headers = Vec::new();
        for (name, value) in self.flags.pairs("header") {
            if name.to_ascii_lowercase().starts_with("x-vault-") {
                let why = "Header starting by 'X-Vault-' are for internal usage only";
                return Err(self.fail(2, &format!("failed to setup Headers[{name}]: {why}")));
            }
            headers.push((canonical(&name), value));
        }
        let mut mfa: Vec<String> = self.flags.texts("mfa").to_vec();
        if mfa.is_empty() {
            mfa.extend(self.variable("MFA").map(str::to_owned));
        }
        headers.extend(mfa.into_iter().map(|value| ("X-Vault-Mfa".to_owned(), value)));
        if self.flags.is("policy-override", false) {
            headers.push(("X-Vault-Policy-Override".to_owned(), "true".to_owned()));
        }
        Ok(headers)
    }

    /// Asks; a failure is told with `lead` before it and ends the command.
    pub(crate) async fn ask(&mut self, client: &Client, ask: Ask, lead: &str) -> Result<Option<Secret>, u8> {
        let answered = client.secret(self.host, ask).await;
        self.told(answered, lead)
    }

    /// Asks for data, without which there is nothing to do.
    pub(crate) async fn data_of(&mut self, client: &Client, ask: Ask, lead: &str) -> Result<Json, u8> {
        let data = self.ask(client, ask, lead).await?.map_or(Json::Null, |secret| secret.data);
        if data == Json::Null {
            return Err(self.fail(2, &format!("{lead}data from server response is empty")));
        }
        Ok(data)
    }

    /// The same for reading: "not found" is no failure.
    pub(crate) async fn find(&mut self, client: &Client, ask: Ask, lead: &str) -> Result<Option<Secret>, u8> {
        let answered = client.found(self.host, ask).await;
        self.told(answered, lead)
    }

    /// Tells a failure and ends the command.
    pub(crate) fn told<T>(&mut self, answered: Result<T, Failure>, lead: &str) -> Result<T, u8> {
        answered.map_err(|failure| self.tell(&failure, lead, 2))
    }

    /// Tells a failure; gives the code to end with.
    pub(crate) fn tell(&mut self, failure: &Failure, lead: &str, code: u8) -> u8 {
        match failure {
            Failure::Curl(text) | Failure::Policy(text) if self.output.shown == Shown::Wanted => {
                self.output.show(text);
                0
            }
            failure => self.fail(code, &format!("{lead}{failure}")),
        }
    }

    /// Prints an answer, or the one field of it that was asked for.
    pub(crate) fn show(&mut self, secret: &Secret) -> Ended {
        match self.flags.text("field").filter(|name| !name.is_empty()).map(str::to_owned) {
            Some(name) => self.show_field(secret, &name),
            None => self.show_all(secret),
        }
    }

    /// Prints an answer.
    pub(crate) fn show_all(&mut self, secret: &Secret) -> Ended {
        match self.format {
            Format::Table => {
                self.warn(&secret.warnings);
                if let Some(table) = table::secret(secret) {
                    self.output.line(&table);
                }
                Ok(0)
            }
            _ => self.show_data(&render::secret(secret)),
        }
    }

    /// Prints one value of an answer.
    pub(crate) fn show_field(&mut self, secret: &Secret, name: &str) -> Ended {
        if self.format == Format::Table {
            self.warn(&secret.warnings);
        }
        let Some(text) = field::field(secret, name, self.format) else {
            return Err(self.fail(1, &format!("Field {name:?} not present in secret")));
        };
        self.value(&text);
        Ok(0)
    }

    /// Prints a value alone.
    pub(crate) fn value(&mut self, text: &str) {
        self.output.raw(text.as_bytes());
        // Nobody wants a line end in `$(..)`; a reader does.
        if self.setting.terminal && !text.ends_with('\n') {
            self.output.raw(b"\n");
        }
    }

    /// Prints data in a format that is no table.
    pub(crate) fn show_data(&mut self, json: &Json) -> Ended {
        match self.format {
            Format::Pretty => {
                Err(self.fail(1, "Could not parse output: cannot use the pretty formatter for this type"))
            }
            format => {
                let text = render::data(json, format);
                self.output.raw(text.as_bytes());
                if !text.ends_with('\n') {
                    self.output.raw(b"\n");
                }
                Ok(0)
            }
        }
    }

    /// What the server warns of, for people.
    pub(crate) fn warn(&mut self, warnings: &[String]) {
        if warnings.is_empty() {
            return;
        }
        let product = self.setting.product.title();
        self.output.error(&format!("WARNING! The following warnings were returned from {product}:\n"));
        for warning in warnings {
            self.output.error(&wrap::wrapped(&format!("* {warning}"), 2));
            self.output.error("");
        }
    }

    /// All of standard input.
    pub(crate) fn stdin(&mut self) -> Vec<u8> {
        std::mem::take(self.setting.stdin)
    }
}

/// What Go's parser of URLs says against an address.
fn check_address(address: &str) -> Result<(), String> {
    let (scheme, rest) = address.split_once(':').unwrap_or(("", ""));
    let names = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
    let why = if address.starts_with(':') {
        "missing protocol scheme".to_owned()
    } else if address.contains(':')
        && !scheme.contains('/')
        && !scheme.starts_with(|c: char| c.is_ascii_alphabetic())
    {
        "first path segment in URL cannot contain colon".to_owned()
    } else if rest.starts_with("//") && rest.contains(' ') && scheme.chars().all(names) {
        "invalid character \" \" in host name".to_owned()
    } else {
        return Ok(());
    };
    Err(format!("parse {address:?}: {why}"))
}

/// A header's name as Go writes it: `X-Vault-Token`.
fn canonical(name: &str) -> String {
    let part = |part: &str| {
        let lower = part.to_ascii_lowercase();
        let mut letters = lower.chars();
        letters
            .next()
            .map(|first| first.to_ascii_uppercase().to_string() + letters.as_str())
            .unwrap_or_default()
    };
    name.split('-').map(part).collect::<Vec<_>>().join("-")
}
