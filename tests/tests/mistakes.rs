//! What people ask and get wrong about batch tokens: each is shown by a transcript or a scenario, or it is said why not.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use vaultlet_tests::transcript::{self, Transcript};

/// Where a thing is shown.
enum Shown {
    /// By `tests/transcripts/mistakes/NAME.toml`.
    Transcript(&'static str),
    /// By `tests/scenarios/NAME.toml`.
    Scenario(&'static str),
    /// Not at all, because of this.
    Not(&'static str),
}
use Shown::{Not, Scenario, Transcript as Lines};

const KNOWN: [(&str, Shown); 28] = [
    ("the command line drops use limits and turns a period into a time to live", Lines("limits_dropped")),
    (
        "clients revoke their token at shutdown, and a batch token cannot be revoked",
        Lines("revoked_at_shutdown"),
    ),
    ("an agent cannot renew, so it logs in again", Lines("agent_logs_in_again")),
    ("a mount's token type against a role's", Lines("mount_against_role")),
    ("an AppRole cannot make batch tokens of limited use", Lines("approle_with_uses")),
    ("default-batch on a token role does nothing from the command line", Lines("default_batch_ignored")),
    ("a batch role has to make orphans", Lines("role_not_orphan")),
    ("there is no accessor to read a batch token back by", Lines("nothing_to_read_back")),
    ("tools that make a child token first", Lines("no_child_tokens")),
    ("renewal loops on a token that is not renewable", Lines("never_renewable")),
    ("a session dies without notice when the time is over", Lines("ends_without_notice")),
    ("whose lease it is that a batch token took", Scenario("ssh/lease_assignment")),
    ("-orphan with a role", Lines("orphan_by_role")),
    ("a batch child when its parent is revoked", Lines("dies_with_parent")),
    ("garbage in place of a token, a role that is not there", Lines("garbage")),
    ("a batch token that is too long for a header", Lines("too_long_for_a_header")),
    ("patterns that look for tokens", Lines("pattern_of_a_token")),
    ("longer tokens as stronger ones", Lines("length_is_no_strength")),
    ("whether a token can be revoked by hand", Scenario("rows/04-revocable")),
    ("a login writes an entity all the same", Lines("login_writes_an_entity")),
    ("the load on storage, by type of token", Scenario("rows/13-cost")),
    (
        "a batch token as the operation token of disaster recovery",
        Not("no recovery cluster exists here or in OpenBao"),
    ),
    ("clients without a parameter for the type", Lines("client_without_a_type")),
    ("credentials die with the token that got them", Lines("credentials_die_with_the_token")),
    ("what a dead token is answered", Lines("dead_or_unknown")),
    ("myths: never an orphan, signed, readable", Lines("myths")),
    ("a cubbyhole of one's own", Lines("no_cubbyhole")),
    ("an id for a batch token", Lines("id_ignored")),
];

#[test]
fn every_known_mistake_is_shown() {
    let transcripts = transcript::files();
    let scenarios = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    for (what, shown) in &KNOWN {
        match shown {
            Lines(name) => {
                let path = transcripts
                    .get(&format!("mistakes/{name}"))
                    .unwrap_or_else(|| panic!("{what}: no {name}"));
                let text = fs::read_to_string(path).expect("the file is readable");
                let transcript = Transcript::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
                assert!(
                    !transcript.title.is_empty() && transcript.mistake.len() > 40,
                    "{name} says what is got wrong"
                );
            }
            Scenario(name) => {
                assert!(scenarios.join(format!("{name}.toml")).exists(), "{what}: no scenario {name}")
            }
            Not(because) => assert!(because.len() > 20, "{what}: not shown, and no reason given"),
        }
    }
}

#[test]
fn every_transcript_of_a_mistake_is_listed() {
    let listed: BTreeSet<String> = KNOWN
        .iter()
        .filter_map(|(_, shown)| match shown {
            Lines(name) => Some(format!("mistakes/{name}")),
            Scenario(_) | Not(_) => None,
        })
        .collect();
    let there: BTreeSet<String> =
        transcript::files().into_keys().filter(|name| name.starts_with("mistakes/")).collect();
    assert_eq!(listed, there);
}
