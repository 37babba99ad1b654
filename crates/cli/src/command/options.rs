//! The flags of the commands, and what each is for. It runs nothing.

use crate::flags::Flag;
use crate::flags::Takes::{Bool, Count, Duration, Number, Pairs, Text, Texts};

/// What every command has that asks the server.
pub(super) const HTTP: [Flag; 18] = [
    Flag::new("address", Text, "Where the server is; https://127.0.0.1:8200 if nothing says otherwise.")
        .variable("ADDR"),
    Flag::new("agent-address", Text, "Where an agent is, which is asked in place of the server.")
        .variable("AGENT_ADDR"),
    Flag::new("ca-cert", Text, "A PEM file with the certificate that the server's must come from.")
        .variable("CACERT"),
    Flag::new("ca-path", Text, "A directory of such files; -ca-cert goes before it.").variable("CAPATH"),
    Flag::new("client-cert", Text, "A PEM file with the certificate that the client shows.")
        .variable("CLIENT_CERT"),
    Flag::new("client-key", Text, "A PEM file with the key of the client's certificate.")
        .variable("CLIENT_KEY"),
    Flag::new("disable-redirects", Bool, "Does not follow the server to another address.")
        .variable("DISABLE_REDIRECTS"),
    Flag::new("header", Pairs, "A header to send with each request; none of the server's own."),
    Flag::new("mfa", Texts, "What proves a second factor, for the header of that.").variable("MFA"),
    Flag::new("namespace", Text, "The namespace in which paths are meant.").or("ns").variable("NAMESPACE"),
    Flag::new("non-interactive", Bool, "Never asks the person at the keyboard."),
    Flag::new("output-curl-string", Bool, "Prints the request as a line for curl, and does not send it."),
    Flag::new("output-policy", Bool, "Prints the policy that the request needs, and does not send it."),
    Flag::new("policy-override", Bool, "Goes past a policy that lets itself be overridden."),
    Flag::new("tls-server-name", Text, "The name that the server's certificate must have.")
        .variable("TLS_SERVER_NAME"),
    Flag::new("tls-skip-verify", Bool, "Believes any certificate, so that anybody may listen.")
        .variable("SKIP_VERIFY"),
    Flag::new("unlock-key", Text, "The key that unlocks a namespace whose API is locked."),
    Flag::new("wrap-ttl", Duration, "Puts the answer behind a token that lives this long, for unwrap.")
        .variable("WRAP_TTL"),
];

pub(super) const FORMAT: [Flag; 1] =
    [Flag::new("format", Text, "How to print: table, json or yaml; raw too for read.").variable("FORMAT")];
pub(super) const FIELD: [Flag; 1] =
    [Flag::new("field", Text, "Prints this one value alone, without a line end where it is piped on.")];

pub(super) const WRITE: [Flag; 1] = [Flag::new("force", Bool, "Goes on without any data.").or("f")];

pub(super) const LIST: [Flag; 3] = [
    Flag::new("after", Text, "Lists the names that come after this one."),
    DETAILED,
    Flag::new("limit", Number, "Lists this many names at most."),
];

pub(super) const LOGIN: [Flag; 5] = [
    Flag::new("method", Text, "How to log in: token, if nothing is said, or userpass."),
    Flag::new("no-print", Bool, "Keeps the token without printing it."),
    Flag::new("no-store", Bool, "Prints the token without keeping it."),
    Flag::new("path", Text, "Where the auth method is mounted; below its type's name if nothing is said."),
    Flag::new("token-only", Bool, "Prints the token alone, and does not keep it."),
];

pub(super) const TOKEN_CREATE: [Flag; 14] = [
    Flag::new("display-name", Text, "A name for people, which stands in the audit log."),
    Flag::new("entity-alias", Text, "The alias of an entity that the token belongs to; only with -role."),
    Flag::new("explicit-max-ttl", Duration, "The end of the token's life, however often it is renewed."),
    Flag::new("id", Text, "The token's text, in place of a random one."),
    Flag::new("metadata", Pairs, "A key and a value to keep with the token."),
    Flag::new("no-default-policy", Bool, "Leaves the default policy out."),
    Flag::new("orphan", Bool, "Makes a token without a parent, which lives on when its maker's is revoked."),
    Flag::new("period", Duration, "Each renewal gives this long, without end."),
    Flag::new("policy", Texts, "A policy for the token."),
    Flag::new("renewable", Bool, "Whether the token can be renewed; true if nothing is said."),
    Flag::new("role", Text, "The token role to make it by."),
    Flag::new("ttl", Duration, "How long the token lives at first."),
    Flag::new("type", Text, "service, if nothing is said, or batch."),
    Flag::new("use-limit", Number, "How many requests the token can make; 0 is any number."),
];

const ACCESSOR: Flag = Flag::new("accessor", Bool, "The argument is an accessor, not a token.");
const INCREMENT: Flag =
    Flag::new("increment", Duration, "How long it should live from now on; the server may give less.");

pub(super) const TOKEN_LOOKUP: [Flag; 1] = [ACCESSOR];
pub(super) const TOKEN_RENEW: [Flag; 2] = [ACCESSOR, INCREMENT.or("i")];
pub(super) const TOKEN_REVOKE: [Flag; 3] = [
    ACCESSOR,
    Flag::new("mode", Text, "orphan leaves its children alive; path revokes all that a path made."),
    Flag::new("self", Bool, "Revokes the token in use."),
];

pub(super) const LEASE_RENEW: [Flag; 1] = [INCREMENT];
pub(super) const LEASE_REVOKE: [Flag; 3] = [
    Flag::new("force", Bool, "Forgets the leases even if they cannot be revoked; only with -prefix.").or("f"),
    Flag::new("prefix", Bool, "Revokes all leases whose ids begin like the argument."),
    Flag::new("sync", Bool, "Waits until it is done."),
];

const RESPONSE_HEADERS: Flag =
    Flag::new("allowed-response-headers", Texts, "A header that the plugin may set in its answers.");
const AUDIT_REQUEST: Flag =
    Flag::new("audit-non-hmac-request-keys", Texts, "A key of requests that the audit log shows plainly.");
const AUDIT_RESPONSE: Flag =
    Flag::new("audit-non-hmac-response-keys", Texts, "A key of answers that the audit log shows plainly.");
const DEFAULT_TTL: Flag = Flag::new("default-lease-ttl", Duration, "How long leases live by default.");
const MAX_TTL: Flag = Flag::new("max-lease-ttl", Duration, "How long leases live at most.");
const DESCRIPTION: Flag = Flag::new("description", Text, "A text for people.");
const ENTROPY: Flag =
    Flag::new("external-entropy-access", Bool, "Lets it use an outer source of randomness.");
const VISIBILITY: Flag =
    Flag::new("listing-visibility", Text, "Who sees it in the list for people: unauth, or hidden.");
const LOCAL: Flag = Flag::new("local", Bool, "Keeps it out of replication.");
const OPTIONS: Flag = Flag::new("options", Pairs, "An option of the mount and its value.");
const REQUEST_HEADERS: Flag =
    Flag::new("passthrough-request-headers", Texts, "A header of requests that is handed to the plugin.");
const MOUNT_PATH: Flag =
    Flag::new("path", Text, "Where to mount it; below its type's name if nothing is said.");
const PLUGIN_NAME: Flag = Flag::new("plugin-name", Text, "The plugin's name in the server's catalog.");
const PLUGIN_VERSION: Flag = Flag::new("plugin-version", Text, "Which version of the plugin to run.");
const SEAL_WRAP: Flag = Flag::new("seal-wrap", Bool, "Wraps what it stores by the seal too.");
const TOKEN_TYPE: Flag =
    Flag::new("token-type", Text, "What it gives: default-service, default-batch, service or batch.");
const VERSION: Flag = Flag::new("version", Number, "The version of the engine or method, where it has some.");
const DETAILED: Flag = Flag::new("detailed", Bool, "Prints all that is known.");

pub(super) const MOUNT_LIST: [Flag; 1] = [DETAILED];

pub(super) const AUTH_ENABLE: [Flag; 17] = [
    RESPONSE_HEADERS,
    AUDIT_REQUEST,
    AUDIT_RESPONSE,
    DEFAULT_TTL,
    DESCRIPTION,
    ENTROPY,
    VISIBILITY,
    LOCAL,
    MAX_TTL,
    OPTIONS,
    REQUEST_HEADERS,
    MOUNT_PATH,
    PLUGIN_NAME,
    PLUGIN_VERSION,
    SEAL_WRAP,
    TOKEN_TYPE,
    VERSION,
];

pub(super) const SECRETS_ENABLE: [Flag; 17] = [
    RESPONSE_HEADERS,
    AUDIT_REQUEST,
    AUDIT_RESPONSE,
    DEFAULT_TTL,
    DESCRIPTION,
    ENTROPY,
    Flag::new("force-no-cache", Bool, "Lets it keep nothing in memory."),
    VISIBILITY,
    LOCAL,
    MAX_TTL,
    OPTIONS,
    REQUEST_HEADERS,
    MOUNT_PATH,
    PLUGIN_NAME,
    PLUGIN_VERSION,
    SEAL_WRAP,
    VERSION,
];

pub(super) const AUTH_TUNE: [Flag; 16] = [
    RESPONSE_HEADERS,
    AUDIT_REQUEST,
    AUDIT_RESPONSE,
    DEFAULT_TTL,
    DESCRIPTION,
    VISIBILITY,
    MAX_TTL,
    OPTIONS,
    REQUEST_HEADERS,
    PLUGIN_VERSION,
    TOKEN_TYPE,
    Flag::new("user-lockout-counter-reset-duration", Duration, "When failed logins are forgotten."),
    Flag::new("user-lockout-disable", Bool, "Locks nobody out."),
    Flag::new("user-lockout-duration", Duration, "How long a user is locked out."),
    Flag::new("user-lockout-threshold", Count, "How many failed logins lock a user out."),
    VERSION,
];

pub(super) const SECRETS_TUNE: [Flag; 11] = [
    RESPONSE_HEADERS,
    AUDIT_REQUEST,
    AUDIT_RESPONSE,
    DEFAULT_TTL,
    DESCRIPTION,
    VISIBILITY,
    MAX_TTL,
    OPTIONS,
    REQUEST_HEADERS,
    PLUGIN_VERSION,
    VERSION,
];

const MOUNT: Flag = Flag::new("mount", Text, "Where the engine is mounted; the argument is then below it.");
const CAS: Flag = Flag::new("cas", Number, "Writes only if this is the newest version; 0 for a new key.");
const VERSIONS: Flag = Flag::new("versions", Texts, "The versions meant, with commas between them.");
const CAS_REQUIRED: Flag = Flag::new("cas-required", Bool, "Whether each write must say -cas.");
const CUSTOM: Flag = Flag::new("custom-metadata", Pairs, "A key and a value of your own.");
const DELETE_AFTER: Flag =
    Flag::new("delete-version-after", Duration, "How long after its making a version is deleted.");
const MAX_VERSIONS: Flag = Flag::new("max-versions", Number, "How many versions to keep; 0 for the mount's.");

pub(super) const KV: [Flag; 1] = [MOUNT];
pub(super) const KV_PUT: [Flag; 2] = [CAS, MOUNT];
pub(super) const KV_GET: [Flag; 2] = [MOUNT, Flag::new("version", Number, "The version to read.")];
pub(super) const KV_VERSIONS: [Flag; 2] = [MOUNT, VERSIONS];
pub(super) const KV_PATCH: [Flag; 4] = [
    CAS,
    Flag::new(
        "method",
        Text,
        "patch sends the change; rw reads, changes and writes. Both, if nothing is said.",
    ),
    MOUNT,
    Flag::new("remove-data", Texts, "A key to take away."),
];
pub(super) const KV_ROLLBACK: [Flag; 2] =
    [MOUNT, Flag::new("version", Number, "The version to write again as the newest.")];
pub(super) const KV_METADATA_PUT: [Flag; 5] = [CAS_REQUIRED, CUSTOM, DELETE_AFTER, MAX_VERSIONS, MOUNT];
pub(super) const KV_METADATA_PATCH: [Flag; 6] = [
    CAS_REQUIRED,
    CUSTOM,
    DELETE_AFTER,
    MAX_VERSIONS,
    MOUNT,
    Flag::new("remove-custom-metadata", Texts, "A key of your own to take away."),
];

pub(super) const INIT: [Flag; 8] = [
    Flag::new("key-shares", Number, "How many shares the root key is split into; 5 if nothing is said.")
        .or("n"),
    Flag::new("key-threshold", Number, "How many shares unseal; 3 if nothing is said.").or("t"),
    Flag::new("pgp-keys", Texts, "Files of public PGP keys, with commas between them: one for each share."),
    Flag::new("recovery-pgp-keys", Texts, "The same for the recovery key's shares."),
    Flag::new("recovery-shares", Number, "How many shares the recovery key is split into."),
    Flag::new("recovery-threshold", Number, "How many shares of the recovery key are needed."),
    Flag::new("root-token-pgp-key", Text, "A file of a public PGP key for the root token."),
    Flag::new("status", Bool, "Only asks: 0 is initialized, 2 is not, 1 is an error."),
];
pub(super) const UNSEAL: [Flag; 2] = [
    Flag::new("migrate", Bool, "Gives the share towards a change of the seal."),
    Flag::new("reset", Bool, "Forgets the shares given so far."),
];
