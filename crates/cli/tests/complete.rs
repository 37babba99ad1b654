//! What Tab offers, and how the line looks after it.

mod hosts;

use hosts::{Silent, now};
use vaultlet_cli::{Known, Shell};

fn shell() -> Shell {
    let mut shell = Shell::new();
    for name in ["base.hcl", "batch.hcl", "token.txt", "a b.txt", ".hidden"] {
        shell.write_file(name, b"x");
    }
    now(shell.run(
        &mut Silent::default(),
        "mkdir policies; touch policies/ops.hcl; export VAULT_ADDR=http://x; T=1",
    ));
    shell
}

fn known() -> Known {
    let pairs = |pairs: &[(&str, &str)]| {
        pairs.iter().map(|(path, kind)| ((*path).to_owned(), (*kind).to_owned())).collect::<Vec<_>>()
    };
    Known {
        auth: pairs(&[("approle/", "approle"), ("token/", "token"), ("people/", "userpass")]),
        engines: pairs(&[("secret/", "kv"), ("sys/", "system"), ("team/kv/", "kv")]),
        policies: ["base", "batch-ops", "default", "root"].map(str::to_owned).to_vec(),
    }
}

/// What is offered where a `|` stands in the line.
fn offered(line: &str) -> Vec<String> {
    let (line, cursor) = (line.replacen('|', "", 1), line.find('|').unwrap_or(line.len()));
    shell().complete(&line, cursor, &known()).shown().into_iter().map(str::to_owned).collect()
}

/// The line after Tab, the cursor as a `|`; the same line if nothing is sure.
fn completed(line: &str) -> String {
    let (plain, cursor) = (line.replacen('|', "", 1), line.find('|').unwrap_or(line.len()));
    match shell().complete(&plain, cursor, &known()).line() {
        Some((line, cursor)) => format!("{}|{}", &line[..cursor], &line[cursor..]),
        None => line.to_owned(),
    }
}

#[test]
fn commands_and_their_words() {
    assert_eq!(completed("vau|"), "vault |");
    assert_eq!(offered("ca|"), ["cat"]);
    assert_eq!(offered("vault tok|"), ["token"]);
    assert_eq!(offered("vault token re|"), ["renew", "revoke"]);
    assert_eq!(completed("vault token re|"), "vault token re|");
    assert_eq!(completed("bao token rene|"), "bao token renew |");
    assert_eq!(completed("cat x && vault token lo|"), "cat x && vault token lookup |");
    assert_eq!(completed("x=$(vault token cr|"), "x=$(vault token create |");
    assert_eq!(completed("X=1 vaul| status"), "X=1 vault | status");
    assert!(offered("|").len() > 30 && offered("nope |").len() > 3);
}

#[test]
fn flags_and_their_values() {
    assert_eq!(offered("vault token create -exp|"), ["-explicit-max-ttl="]);
    assert_eq!(completed("vault token create -orp|"), "vault token create -orphan |");
    assert_eq!(completed("vault token create -type=b|"), "vault token create -type=batch |");
    assert_eq!(completed("vault token create --format=j|"), "vault token create --format=json |");
    assert_eq!(
        offered("vault token create -policy=|"),
        ["-policy=base", "-policy=batch-ops", "-policy=default", "-policy=root"]
    );
    assert_eq!(completed("vault token create -policy bat|"), "vault token create -policy batch-ops |");
    assert_eq!(offered("vault token create -nope|"), Vec::<String>::new());
    assert_eq!(offered("curl --hea|"), ["--head", "--header"]);
    assert_eq!(completed("curl -X LI|"), "curl -X LIST |");
}

#[test]
fn paths_go_on_one_name_at_a_time() {
    assert_eq!(offered("vault read au|"), ["auth/"]);
    assert_eq!(completed("vault read au|"), "vault read auth/|");
    assert_eq!(offered("vault read auth/|"), ["auth/approle/", "auth/people/", "auth/token/"]);
    assert_eq!(completed("vault write auth/token/cre|"), "vault write auth/token/create|");
    assert_eq!(
        offered("vault write auth/token/cre|"),
        ["auth/token/create", "auth/token/create-orphan", "auth/token/create/"]
    );
    assert_eq!(completed("vault read sys/policies/acl/bat|"), "vault read sys/policies/acl/batch-ops |");
    assert_eq!(
        offered("vault list auth/people/|"),
        ["auth/people/login/", "auth/people/users", "auth/people/users/"]
    );
    assert_eq!(completed("vault read sec|"), "vault read secret/|");
    assert_eq!(completed("curl $VAULT_ADDR/v1/sys/hea|"), "curl $VAULT_ADDR/v1/sys/health |");
}

#[test]
fn policies_mounts_and_files() {
    assert_eq!(offered("vault policy read ba|"), ["base", "batch-ops"]);
    assert_eq!(completed("vault policy write base ba|"), "vault policy write base ba|");
    assert_eq!(offered("vault policy write base ba|"), ["base.hcl", "batch.hcl"]);
    assert_eq!(completed("vault auth disable app|"), "vault auth disable approle/ |");
    assert_eq!(offered("vault kv get |"), ["secret/", "team/kv/"]);
    assert_eq!(
        completed("vault write auth/token/create @tok|"),
        "vault write auth/token/create @token.txt |"
    );
    assert_eq!(completed("vault kv put secret/x a=@tok|"), "vault kv put secret/x a=@token.txt |");
    assert_eq!(completed("cat tok|"), "cat token.txt |");
    assert_eq!(completed("cat a|"), "cat a\\ b.txt |");
    assert_eq!(completed("cat 'a|"), "cat 'a b.txt' |");
    assert_eq!(completed("jq . <tok|"), "jq . <token.txt |");
    assert_eq!(completed("cat pol|"), "cat policies/|");
    assert_eq!(completed("cat policies/|"), "cat policies/ops.hcl |");
    assert_eq!(offered("cd |"), ["policies/"]);
    assert_eq!(offered("cat .h|"), [".hidden"]);
}

#[test]
fn variables() {
    assert_eq!(completed("echo $VAULT_|"), "echo $VAULT_ADDR|");
    assert_eq!(completed("curl \"$VAULT_A|/v1\""), "curl \"$VAULT_ADDR|/v1\"");
    assert_eq!(completed("echo ${VAULT_A|"), "echo ${VAULT_ADDR|");
    assert_eq!(completed("export VAULT_NAM|"), "export VAULT_NAMESPACE=|");
}

#[test]
fn no_line_and_no_place_is_too_odd() {
    for line in [
        "",
        "'",
        "\"$",
        "\\",
        "$(",
        "${",
        "vault \u{0}",
        "é'日",
        "a <",
        "vault token create -policy=",
        "curl @",
    ] {
        for cursor in 0..=line.len() + 1 {
            let completion = shell().complete(line, cursor, &known());
            if let Some((line, cursor)) = completion.line() {
                assert!(line.is_char_boundary(cursor), "{line}");
            }
        }
    }
}
