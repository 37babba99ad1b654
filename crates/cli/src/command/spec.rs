//! Which commands there are. It runs nothing.

use super::mounts::Table;
use super::options;
use crate::flags::Flag;

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
    asks: bool,
    /// Whether it has `-format`.
    formats: bool,
    /// Whether it has `-field`.
    fields: bool,
    own: &'static [Flag],
    pub(crate) run: Run,
}

/// What a command runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Run {
    Delete,
    Init,
    KeyStatus,
    Kv(Kv),
    LeaseLookup,
    LeaseRenew,
    LeaseRevoke,
    List,
    Login,
    MountDisable(Table),
    MountEnable(Table),
    MountList(Table),
    MountMove(Table),
    MountTune(Table),
    Patch,
    PolicyDelete,
    PolicyFmt,
    PolicyList,
    PolicyRead,
    PolicyWrite,
    PrintToken,
    Read,
    Rotate,
    Scan,
    Seal,
    Status,
    TokenCapabilities,
    TokenCreate,
    TokenLookup,
    TokenRenew,
    TokenRevoke,
    Unseal,
    Unwrap,
    Version,
    Write,
}

/// What a command below `kv` runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kv {
    Delete,
    Destroy,
    EnableVersioning,
    Get,
    List,
    MetadataDelete,
    MetadataGet,
    MetadataPatch,
    MetadataPut,
    Patch,
    Put,
    Rollback,
    Scan,
    Undelete,
}

impl Spec {
    /// All flags that it knows, in the order of their names.
    pub(crate) fn flags(&self) -> Vec<Flag> {
        let given = |is: bool, flags: &'static [Flag]| if is { flags } else { &[] };
        let sets = [
            given(self.asks, &options::HTTP),
            given(self.fields, &options::FIELD),
            given(self.formats, &options::FORMAT),
            self.own,
        ];
        let mut flags: Vec<Flag> = sets.concat();
        flags.sort_by_key(|flag| flag.name);
        flags
    }

    /// Whether it asks no server, and has no flags at all.
    pub(crate) fn is_offline(&self) -> bool {
        !self.asks
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

const AUTH: Table = Table::Auth;
const SECRETS: Table = Table::Secrets;

/// Every command, in the order of the help.
pub(crate) const ALL: [Spec; 53] = [
    Spec::new("read", "PATH [K=V..]", "Reads what is at a path.", Run::Read).with_field(),
    Spec::new("write", "PATH [K=V..]", "Writes to a path.", Run::Write).with_field().with(&options::WRITE),
    Spec::new("patch", "PATH [K=V..]", "Changes a part of what is at a path.", Run::Patch)
        .with_field()
        .with(&options::WRITE),
    Spec::new("delete", "PATH [K=V..]", "Deletes what is at a path.", Run::Delete).with_field(),
    Spec::new("list", "PATH", "Lists the names below a path.", Run::List).with_format().with(&options::LIST),
    Spec::new("scan", "PATH", "Lists the names below a path, and all below them.", Run::Scan)
        .with_format()
        .with(&options::LIST),
    Spec::new("login", "[TOKEN | K=V..]", "Logs in and keeps the token for the next commands.", Run::Login)
        .with_field()
        .with(&options::LOGIN),
    Spec::new("status", "", "Says whether the server is sealed, and what it is.", Run::Status).with_field(),
    Spec::new("unwrap", "[TOKEN]", "Takes out what a wrapping token holds.", Run::Unwrap).with_field(),
    Spec::new("version", "", "Says which version this is.", Run::Version).offline(),
    Spec::new("print token", "", "Prints the token that commands use.", Run::PrintToken).offline(),
    Spec::new(
        "policy write",
        "NAME FILE",
        "Makes a policy from a file, or from - for input.",
        Run::PolicyWrite,
    ),
    Spec::new("policy read", "NAME", "Prints a policy.", Run::PolicyRead).with_format(),
    Spec::new("policy list", "", "Lists the policies.", Run::PolicyList).with_format(),
    Spec::new("policy delete", "NAME", "Deletes a policy.", Run::PolicyDelete),
    Spec::new("policy fmt", "FILE", "Puts a policy's file into the usual form.", Run::PolicyFmt),
    Spec::new("token create", "", "Makes a token.", Run::TokenCreate)
        .with_field()
        .with(&options::TOKEN_CREATE),
    Spec::new("token lookup", "[TOKEN]", "Says what a token is.", Run::TokenLookup)
        .with_field()
        .with(&options::TOKEN_LOOKUP),
    Spec::new("token renew", "[TOKEN]", "Lets a token live longer.", Run::TokenRenew)
        .with_format()
        .with(&options::TOKEN_RENEW),
    Spec::new("token revoke", "[TOKEN]", "Ends a token, and what it made.", Run::TokenRevoke)
        .with(&options::TOKEN_REVOKE),
    Spec::new("token capabilities", "[TOKEN] PATH", "Says what a token may do.", Run::TokenCapabilities)
        .with_format(),
    Spec::new("auth enable", "TYPE", "Enables an auth method.", Run::MountEnable(AUTH))
        .with(&options::AUTH_ENABLE),
    Spec::new("auth disable", "PATH", "Disables an auth method.", Run::MountDisable(AUTH)),
    Spec::new("auth list", "", "Lists the auth methods.", Run::MountList(AUTH))
        .with_format()
        .with(&options::MOUNT_LIST),
    Spec::new("auth move", "FROM TO", "Moves an auth method to another path.", Run::MountMove(AUTH)),
    Spec::new("auth tune", "PATH", "Changes an auth method.", Run::MountTune(AUTH)).with(&options::AUTH_TUNE),
    Spec::new("secrets enable", "TYPE", "Enables a secrets engine.", Run::MountEnable(SECRETS))
        .with(&options::SECRETS_ENABLE),
    Spec::new("secrets disable", "PATH", "Disables a secrets engine.", Run::MountDisable(SECRETS)),
    Spec::new("secrets list", "", "Lists the secrets engines.", Run::MountList(SECRETS))
        .with_format()
        .with(&options::MOUNT_LIST),
    Spec::new("secrets move", "FROM TO", "Moves a secrets engine to another path.", Run::MountMove(SECRETS)),
    Spec::new("secrets tune", "PATH", "Changes a secrets engine.", Run::MountTune(SECRETS))
        .with(&options::SECRETS_TUNE),
    kv("kv put", "KEY K=V..", "Writes a key's values.", Kv::Put).with_field().with(&options::KV_PUT),
    kv("kv get", "KEY", "Reads a key's values.", Kv::Get).with_field().with(&options::KV_GET),
    kv("kv list", "PATH", "Lists keys.", Kv::List).with_format().with(&options::KV),
    kv("kv scan", "PATH", "Lists keys, and all below them.", Kv::Scan).with_format().with(&options::KV),
    kv("kv patch", "KEY K=V..", "Changes some of a key's values.", Kv::Patch)
        .with_field()
        .with(&options::KV_PATCH),
    kv("kv delete", "KEY", "Deletes versions of a key, which can be taken back.", Kv::Delete)
        .with_field()
        .with(&options::KV_VERSIONS),
    kv("kv undelete", "KEY", "Takes back that versions are deleted.", Kv::Undelete)
        .with_format()
        .with(&options::KV_VERSIONS),
    kv("kv destroy", "KEY", "Ends versions of a key for good.", Kv::Destroy)
        .with_format()
        .with(&options::KV_VERSIONS),
    kv("kv rollback", "KEY", "Writes an old version again as the newest.", Kv::Rollback)
        .with_format()
        .with(&options::KV_ROLLBACK),
    kv("kv enable-versioning", "PATH", "Gives an engine of version 1 versions.", Kv::EnableVersioning)
        .with_format(),
    kv("kv metadata get", "KEY", "Says what is known of a key.", Kv::MetadataGet)
        .with_format()
        .with(&options::KV),
    kv("kv metadata put", "KEY", "Sets how a key is kept.", Kv::MetadataPut)
        .with_format()
        .with(&options::KV_METADATA_PUT),
    kv("kv metadata patch", "KEY", "Changes some of how a key is kept.", Kv::MetadataPatch)
        .with_format()
        .with(&options::KV_METADATA_PATCH),
    kv("kv metadata delete", "KEY", "Deletes a key with all its versions.", Kv::MetadataDelete)
        .with(&options::KV),
    Spec::new("lease lookup", "ID", "Says what a lease is.", Run::LeaseLookup).with_format(),
    Spec::new("lease renew", "ID", "Lets a lease live longer.", Run::LeaseRenew)
        .with_format()
        .with(&options::LEASE_RENEW),
    Spec::new("lease revoke", "ID", "Ends a lease.", Run::LeaseRevoke).with(&options::LEASE_REVOKE),
    Spec::new("operator init", "", "Makes a new vault in an empty server.", Run::Init)
        .with_format()
        .with(&options::INIT),
    Spec::new("operator unseal", "[KEY]", "Gives a share of the key that unseals.", Run::Unseal)
        .with_format()
        .with(&options::UNSEAL),
    Spec::new("operator seal", "", "Seals the server, until it is unsealed.", Run::Seal),
    Spec::new("operator rotate", "", "Makes a new key to seal entries by.", Run::Rotate).with_format(),
    Spec::new("operator key-status", "", "Says which key seals entries now.", Run::KeyStatus).with_format(),
];

const fn kv(name: &'static str, arguments: &'static str, says: &'static str, run: Kv) -> Spec {
    Spec::new(name, arguments, says, Run::Kv(run))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn the_longest_name_wins() {
        let words = line("token create -ttl=1h");
        let (spec, rest) = find(&words).unwrap();
        assert_eq!((spec.name, rest), ("token create", &["-ttl=1h".to_owned()][..]));
        assert_eq!(find(&line("kv metadata get x")).unwrap().0.name, "kv metadata get");
        assert!(find(&line("token")).is_none());
        assert!(find(&line("nope")).is_none());
    }

    #[test]
    fn no_command_knows_a_flag_twice() {
        for spec in &ALL {
            let mut names: Vec<&str> = spec.flags().iter().map(|flag| flag.name).collect();
            names.dedup();
            assert_eq!(names.len(), spec.flags().len(), "{}", spec.name);
        }
    }
}
