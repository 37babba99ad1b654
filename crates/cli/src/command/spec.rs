//! Which commands there are, and the flags of each. It runs nothing.

use super::mounts::Table;
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
    KeyStatus,
    KvDelete,
    KvGet,
    KvList,
    KvPut,
    LeaseLookup,
    LeaseRenew,
    LeaseRevoke,
    List,
    Login,
    MountDisable(Table),
    MountEnable(Table),
    MountList(Table),
    MountTune(Table),
    PolicyDelete,
    PolicyList,
    PolicyRead,
    PolicyWrite,
    PrintToken,
    Read,
    Rotate,
    Status,
    TokenCapabilities,
    TokenCreate,
    TokenLookup,
    TokenRenew,
    TokenRevoke,
    Unwrap,
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
pub(crate) const ALL: [Spec; 35] = [
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
    Spec::new("unwrap", "[TOKEN]", "Takes out what a wrapping token holds.", Run::Unwrap).with_field(),
    Spec::new("auth enable", "TYPE", "Enables an auth method.", Run::MountEnable(Table::Auth))
        .with(&MOUNT_ENABLE),
    Spec::new("auth disable", "PATH", "Disables an auth method.", Run::MountDisable(Table::Auth)),
    Spec::new("auth list", "", "Lists the auth methods.", Run::MountList(Table::Auth))
        .with_format()
        .with(&DETAILED),
    Spec::new("auth tune", "PATH", "Changes an auth method.", Run::MountTune(Table::Auth)).with(&MOUNT_TUNE),
    Spec::new("secrets enable", "TYPE", "Enables a secrets engine.", Run::MountEnable(Table::Secrets))
        .with(&SECRETS_ENABLE),
    Spec::new("secrets disable", "PATH", "Disables a secrets engine.", Run::MountDisable(Table::Secrets)),
    Spec::new("secrets list", "", "Lists the secrets engines.", Run::MountList(Table::Secrets))
        .with_format()
        .with(&DETAILED),
    Spec::new("secrets tune", "PATH", "Changes a secrets engine.", Run::MountTune(Table::Secrets))
        .with(&SECRETS_TUNE),
    Spec::new("kv put", "PATH K=V..", "Writes a key's values.", Run::KvPut).with_field().with(&KV_PUT),
    Spec::new("kv get", "PATH", "Reads a key's values.", Run::KvGet).with_field().with(&KV_GET),
    Spec::new("kv list", "PATH", "Lists keys.", Run::KvList).with_format().with(&KV),
    Spec::new("kv delete", "PATH", "Deletes a key's newest values.", Run::KvDelete).with_format().with(&KV),
    Spec::new("lease lookup", "ID", "Says what a lease is.", Run::LeaseLookup).with_format(),
    Spec::new("lease renew", "ID", "Lets a lease live longer.", Run::LeaseRenew)
        .with_format()
        .with(&LEASE_RENEW),
    Spec::new("lease revoke", "ID", "Ends a lease.", Run::LeaseRevoke).with(&LEASE_REVOKE),
    Spec::new("operator rotate", "", "Makes a new key to seal by.", Run::Rotate).with_format(),
    Spec::new("operator key-status", "", "Says which key seals now.", Run::KeyStatus).with_format(),
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

const DEFAULT_TTL: Flag =
    flag("default-lease-ttl", Takes::Duration, "How long leases and tokens live by default.");
const MAX_TTL: Flag = flag("max-lease-ttl", Takes::Duration, "How long leases and tokens live at most.");
const DESCRIPTION: Flag = flag("description", Takes::Text, "A text for people.");
const TOKEN_TYPE: Flag = flag("token-type", Takes::Text, "service, batch, default-service or default-batch.");
const MOUNT_PATH: Flag = flag("path", Takes::Text, "Where to mount it; its type by default.");
const LOCAL: Flag = flag("local", Takes::Bool, "Keeps it out of replication.");
const SEAL_WRAP: Flag = flag("seal-wrap", Takes::Bool, "Wraps its storage by the seal.");
const MOUNT: Flag = flag("mount", Takes::Text, "Where the engine is mounted.");

const DETAILED: [Flag; 1] = [flag("detailed", Takes::Bool, "Prints all that is known.")];
const MOUNT_ENABLE: [Flag; 7] = [DEFAULT_TTL, MAX_TTL, DESCRIPTION, TOKEN_TYPE, MOUNT_PATH, LOCAL, SEAL_WRAP];
const MOUNT_TUNE: [Flag; 4] = [DEFAULT_TTL, MAX_TTL, DESCRIPTION, TOKEN_TYPE];
const SECRETS_ENABLE: [Flag; 7] = [
    DEFAULT_TTL,
    MAX_TTL,
    DESCRIPTION,
    MOUNT_PATH,
    LOCAL,
    SEAL_WRAP,
    flag("version", Takes::Number, "The engine's version."),
];
const SECRETS_TUNE: [Flag; 3] = [DEFAULT_TTL, MAX_TTL, DESCRIPTION];
const KV: [Flag; 1] = [MOUNT];
const KV_PUT: [Flag; 2] = [MOUNT, flag("cas", Takes::Number, "The version that must be the newest.")];
const KV_GET: [Flag; 2] = [MOUNT, flag("version", Takes::Number, "The version to read.")];
const LEASE_RENEW: [Flag; 2] = [
    flag("increment", Takes::Duration, "How long it should live from now on."),
    flag("i", Takes::Duration, "The same as -increment."),
];
const LEASE_REVOKE: [Flag; 3] = [
    flag("force", Takes::Bool, "Forgets the leases even if they cannot be revoked."),
    flag("prefix", Takes::Bool, "Revokes all leases that begin like this."),
    flag("sync", Takes::Bool, "Waits until it is done."),
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
