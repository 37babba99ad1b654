//! Which commands there are, and the flags of each. It runs nothing.

use crate::flags::{Flag, Takes};

/// A command.
#[derive(Debug)]
pub(crate) struct Spec {
    /// Its words: `token create`.
    pub(crate) name: &'static str,
    /// What stands after them.
    pub(crate) arguments: &'static str,
    /// What it does, in a sentence.
    pub(crate) says: &'static str,
    /// Whether it asks the server, and so has the flags for that.
    pub(crate) asks: bool,
    /// Whether it has `-format`.
    pub(crate) formats: bool,
    /// Whether it has `-field`.
    pub(crate) fields: bool,
    pub(crate) own: &'static [Flag],
    pub(crate) run: Run,
}

/// What a command runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Run {
    Delete,
    List,
    Login,
    PolicyDelete,
    PolicyList,
    PolicyRead,
    PolicyWrite,
    PrintToken,
    Read,
    Status,
    TokenCapabilities,
    TokenCreate,
    TokenLookup,
    TokenRenew,
    TokenRevoke,
    Version,
    Write,
}

impl Spec {
    /// All flags that it knows.
    pub(crate) fn flags(&self) -> impl Iterator<Item = &'static Flag> {
        let http: &[Flag] = if self.asks { &HTTP } else { &[] };
        let format: &[Flag] = if self.formats { &FORMAT } else { &[] };
        let field: &[Flag] = if self.fields { &FIELD } else { &[] };
        http.iter().chain(field).chain(format).chain(self.own)
    }

    const fn new(name: &'static str, arguments: &'static str, says: &'static str, run: Run) -> Self {
        Self { name, arguments, says, asks: true, formats: false, fields: false, own: &[], run }
    }

    const fn with_format(self) -> Self {
        Self { formats: true, ..self }
    }

    const fn with_field(self) -> Self {
        Self { fields: true, formats: true, ..self }
    }

    const fn with(self, own: &'static [Flag]) -> Self {
        Self { own, ..self }
    }

    const fn offline(self) -> Self {
        Self { asks: false, ..self }
    }
}

/// The command that a line begins with, and the words after it.
pub(crate) fn find(arguments: &[String]) -> Option<(&'static Spec, &[String])> {
    let fits = |spec: &&Spec| {
        let words: Vec<&str> = spec.name.split(' ').collect();
        arguments.len() >= words.len() && arguments.iter().zip(&words).all(|(one, other)| one == other)
    };
    let spec = ALL.iter().filter(fits).max_by_key(|spec| spec.name.split(' ').count())?;
    Some((spec, arguments.get(spec.name.split(' ').count()..).unwrap_or_default()))
}

const fn flag(name: &'static str, takes: Takes, says: &'static str) -> Flag {
    Flag { name, takes, says }
}

/// Every command, in the order of the help.
pub(crate) const ALL: [Spec; 17] = [
    Spec::new("read", "PATH [K=V..]", "Reads what is at a path.", Run::Read).with_field(),
    Spec::new("write", "PATH [K=V..]", "Writes to a path.", Run::Write).with_field().with(&WRITE),
    Spec::new("delete", "PATH [K=V..]", "Deletes what is at a path.", Run::Delete).with_field(),
    Spec::new("list", "PATH", "Lists the names below a path.", Run::List).with_format(),
    Spec::new("login", "[TOKEN | K=V..]", "Logs in and keeps the token for the next commands.", Run::Login)
        .with_field()
        .with(&LOGIN),
    Spec::new("status", "", "Says whether the server is sealed, and what it is.", Run::Status).with_format(),
    Spec::new("version", "", "Says which version this is.", Run::Version).offline(),
    Spec::new("print token", "", "Prints the token that commands use.", Run::PrintToken),
    Spec::new(
        "policy write",
        "NAME FILE",
        "Makes a policy from a file, or from - for input.",
        Run::PolicyWrite,
    ),
    Spec::new("policy read", "NAME", "Prints a policy.", Run::PolicyRead).with_format(),
    Spec::new("policy list", "", "Lists the policies.", Run::PolicyList).with_format(),
    Spec::new("policy delete", "NAME", "Deletes a policy.", Run::PolicyDelete),
    Spec::new("token create", "", "Makes a token.", Run::TokenCreate).with_field().with(&TOKEN_CREATE),
    Spec::new("token lookup", "[TOKEN]", "Says what a token is.", Run::TokenLookup)
        .with_field()
        .with(&ACCESSOR),
    Spec::new("token renew", "[TOKEN]", "Lets a token live longer.", Run::TokenRenew)
        .with_format()
        .with(&TOKEN_RENEW),
    Spec::new("token revoke", "[TOKEN]", "Ends a token, and what it made.", Run::TokenRevoke)
        .with(&TOKEN_REVOKE),
    Spec::new(
        "token capabilities",
        "[TOKEN] PATH",
        "Says what a token may do at a path.",
        Run::TokenCapabilities,
    )
    .with_format()
    .with(&ACCESSOR),
];

const HTTP: [Flag; 20] = [
    flag("address", Takes::Text, "Where the server is."),
    flag("agent-address", Takes::Text, "Where an agent is, which is asked in place of the server."),
    flag("ca-cert", Takes::Text, "A file with the certificate that the server's must come from."),
    flag("ca-path", Takes::Text, "A directory of such files."),
    flag("client-cert", Takes::Text, "A file with the client's certificate."),
    flag("client-key", Takes::Text, "A file with the key of the client's certificate."),
    flag("disable-redirects", Takes::Bool, "Does not follow the server to another address."),
    flag("header", Takes::Pairs, "A header to send, as key=value."),
    flag("mfa", Takes::Texts, "Credentials of a second factor."),
    flag("namespace", Takes::Text, "The namespace to work in."),
    flag("ns", Takes::Text, "The same as -namespace."),
    flag("non-interactive", Takes::Bool, "Never asks the person at the keyboard."),
    flag("output-curl-string", Takes::Bool, "Prints the request as a line for curl, and does not send it."),
    flag("output-policy", Takes::Bool, "Prints the policy that the request needs, and does not send it."),
    flag("policy-override", Takes::Bool, "Goes past a policy that may be gone past."),
    flag("tls-server-name", Takes::Text, "The name that the server's certificate must have."),
    flag("tls-skip-verify", Takes::Bool, "Does not verify the server's certificate."),
    flag("unlock-key", Takes::Text, "The key of a locked namespace."),
    flag("wrap-ttl", Takes::Duration, "Puts the answer behind a token that lives this long."),
    flag("no-color", Takes::Bool, "Prints without colours."),
];

const FORMAT: [Flag; 1] = [flag("format", Takes::Text, "How to print: table, json or yaml.")];
const FIELD: [Flag; 1] = [flag("field", Takes::Text, "Prints this one value alone.")];
const ACCESSOR: [Flag; 1] = [flag("accessor", Takes::Bool, "The argument is an accessor, not a token.")];

const WRITE: [Flag; 2] =
    [flag("force", Takes::Bool, "Writes without any data."), flag("f", Takes::Bool, "The same as -force.")];

const LOGIN: [Flag; 5] = [
    flag("method", Takes::Text, "How to log in: token, userpass, approle."),
    flag("no-print", Takes::Bool, "Keeps the token without printing it."),
    flag("no-store", Takes::Bool, "Prints the token without keeping it."),
    flag("path", Takes::Text, "Where the auth method is mounted."),
    flag("token-only", Takes::Bool, "Prints the token alone, and does not keep it."),
];

const TOKEN_CREATE: [Flag; 14] = [
    flag("display-name", Takes::Text, "A name for people."),
    flag("entity-alias", Takes::Text, "The alias of an entity that the role lets the token have."),
    flag("explicit-max-ttl", Takes::Duration, "How long the token can live at most, however often renewed."),
    flag("id", Takes::Text, "The token's text, in place of a random one."),
    flag("metadata", Takes::Pairs, "A key and a value to keep with the token."),
    flag("no-default-policy", Takes::Bool, "Leaves the default policy out."),
    flag("orphan", Takes::Bool, "Makes a token without a parent."),
    flag("period", Takes::Duration, "Every renewal gives this long, without end."),
    flag("policy", Takes::Texts, "A policy for the token."),
    flag("renewable", Takes::Bool, "Whether the token can be renewed."),
    flag("role", Takes::Text, "The token role to make it by."),
    flag("ttl", Takes::Duration, "How long the token lives."),
    flag("type", Takes::Text, "service or batch."),
    flag("use-limit", Takes::Number, "How many requests it can make."),
];

const TOKEN_RENEW: [Flag; 3] = [
    flag("accessor", Takes::Bool, "The argument is an accessor, not a token."),
    flag("increment", Takes::Duration, "How long it should live from now on."),
    flag("i", Takes::Duration, "The same as -increment."),
];

const TOKEN_REVOKE: [Flag; 3] = [
    flag("accessor", Takes::Bool, "The argument is an accessor, not a token."),
    flag("mode", Takes::Text, "orphan leaves its children alive; path revokes what was made by a path."),
    flag("self", Takes::Bool, "Revokes the token in use."),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_name_wins() {
        let line = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let words = line("token create -ttl=1h");
        let (spec, rest) = find(&words).unwrap();
        assert_eq!((spec.name, rest), ("token create", &["-ttl=1h".to_owned()][..]));
        assert!(find(&line("token")).is_none());
        assert!(find(&line("nope")).is_none());
    }
}
