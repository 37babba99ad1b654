//! The shell without a server: what runs is told by what it prints.

mod hosts;

use hosts::{Silent, now};
use vaultlet_cli::{Shell, Stream};

/// Standard output, standard error and the exit code of a script in a new shell.
fn run(script: &str) -> (String, String, u8) {
    let mut shell = Shell::new();
    shell.write_file("a.txt", b"one\ntwo\nthree\n");
    let ran = now(shell.run(&mut Silent::default(), script));
    (ran.text(Stream::Out), ran.text(Stream::Err), ran.code)
}

/// Standard output of a script that succeeds and complains of nothing.
fn out(script: &str) -> String {
    let (out, err, code) = run(script);
    assert_eq!((err.as_str(), code), ("", 0), "{script}");
    out
}

#[test]
fn quotes_keep_words_together() {
    assert_eq!(out(r#"echo 'a  b' "c  $HOME" d\ e f"g"'h'"#), "a  b c  /home/vaultlet d e fgh\n");
    assert_eq!(out(r#"echo "a\"b\$c\d" '' "" x"#), "a\"b$c\\d   x\n");
    assert_eq!(out("printf '[%s]' \"\" a '' "), "[][a][]");
}

#[test]
fn variables_are_split_unless_quoted() {
    assert_eq!(out("x='a  b'; printf '[%s]' $x \"$x\" ${x}c"), "[a][b][a  b][a][bc]");
    assert_eq!(out("echo ${nope:-default} ${x:=set} $x ${HOME:+yes} ${#HOME}"), "default set set yes 14\n");
    assert_eq!(out("f=base.hcl; echo ${f%.hcl} ${f#base}"), "base .hcl\n");
    assert_eq!(out("echo $((1 + 2 * 3)) \"$(( (1+1) * 2 ))\""), "7 4\n");
    assert_eq!(run("echo ${nope:?is missing}"), (String::new(), "sh: nope: is missing\n".to_owned(), 2));
}

#[test]
fn commands_are_substituted_without_their_last_line_ends() {
    assert_eq!(out("echo \"[$(printf 'a\\n\\n')]\" `echo b`"), "[a] b\n");
    assert_eq!(out("echo $(echo $(echo deep) \"$(echo 'a  b')\")"), "deep a b\n");
    assert_eq!(run("x=$(false)").2, 1);
    assert_eq!(run("echo $(nope)"), ("\n".to_owned(), "sh: nope: not found\n".to_owned(), 0));
}

#[test]
fn pipes_and_files_carry_bytes() {
    assert_eq!(out("cat a.txt | grep t | sort -r | head -n 1"), "two\n");
    assert_eq!(out("echo x > b; echo y >> b; cat < b; wc -l b"), "x\ny\n2 b\n");
    assert_eq!(out("echo x 2>&1 >/dev/null; nope 2>/dev/null || cat a.txt | wc -l"), "3\n");
    assert_eq!(out("nope > all 2>&1; cat all; true"), "sh: nope: not found\n");
    assert_eq!(
        run("cat nope.txt"),
        (String::new(), "cat: nope.txt: No such file or directory\n".to_owned(), 1)
    );
    assert_eq!(run("cat < nope.txt").1, "sh: nope.txt: No such file or directory\n");
}

#[test]
fn lists_stop_where_they_should() {
    assert_eq!(out("true && echo a || echo b; false || echo c"), "a\nc\n");
    assert_eq!(run("false && echo a; echo $?"), ("1\n".to_owned(), String::new(), 0));
    assert_eq!(run("! true").2, 1);
    assert_eq!(run("echo a; exit 3; echo b"), ("a\n".to_owned(), String::new(), 3));
    assert_eq!(out("(exit 3) || echo $?; { echo a; echo b; } | wc -l"), "3\n2\n");
}

#[test]
fn here_documents_comments_and_continued_lines() {
    assert_eq!(
        out("cat <<EOF # a comment\n$HOME \\$x `echo y`\nEOF\necho after"),
        "/home/vaultlet $x y\nafter\n"
    );
    assert_eq!(out("cat <<'EOF' | wc -c\n$HOME\nEOF"), "6\n");
    assert_eq!(out("cat <<-EOF\n\ta\n\tEOF\n"), "a\n");
    assert_eq!(out("echo a \\\n  b # c\n# d\necho e#f"), "a b\ne#f\n");
}

#[test]
fn loops_and_conditions() {
    assert_eq!(out("for x in a 'b c' $(echo d); do echo \"<$x>\"; done"), "<a>\n<b c>\n<d>\n");
    assert_eq!(out("if [ -f a.txt ] && grep -q two a.txt; then echo y; else echo n; fi"), "y\n");
    assert_eq!(out("i=0; while [ $i -lt 3 ]; do i=$((i+1)); done; echo $i"), "3\n");
    assert!(run("while true; do :; done").1.contains("more than"));
}

#[test]
fn loops_are_left_and_gone_on_with() {
    assert_eq!(
        out("for i in 1 2; do for j in a b; do [ $j = b ] && continue 2; echo $i$j; done; done"),
        "1a\n2a\n"
    );
    assert_eq!(out("for i in 1 2; do while true; do break 2; done; echo no; done; echo end"), "end\n");
    assert_eq!(out("break; continue; echo on"), "on\n");
    assert_eq!(
        run("set -e; for i in 1 2; do echo $i; false; done; echo no"),
        ("1\n".to_owned(), String::new(), 1)
    );
    assert_eq!(out("set -e; if false; then echo a; fi; false || true; ! true; echo on"), "on\n");
    assert_eq!(run("set -o pipefail; false | true").2, 1);
    assert_eq!(run("set -u; echo $nope; echo no").1, "sh: nope: parameter not set\n");
    assert_eq!(run("set -x").1, "sh: set: -x: only -e, -u and -o pipefail are known here\n");
}

#[test]
fn variables_before_a_command_are_its_own() {
    assert_eq!(out("X=1 env | grep X; echo \"[$X]\""), "X=1\n[]\n");
    assert_eq!(out("X=1; env | grep -c X || true; export X; env | grep X"), "0\nX=1\n");
    assert_eq!(out("echo a | export Y=1; echo \"[$Y]\""), "[]\n");
}

#[test]
fn file_names_are_matched() {
    assert_eq!(
        out("touch b.hcl a.hcl; echo *.hcl '*.hcl' *.none; ls"),
        "a.hcl b.hcl *.hcl *.none\na.hcl\na.txt\nb.hcl\n"
    );
}

#[test]
fn what_is_wrong_is_told_in_one_line() {
    assert_eq!(run("echo 'a").1, "sh: line 1: unexpected end of file while looking for matching `''\n");
    assert_eq!(run("true\n)").1, "sh: line 2: syntax error near unexpected token `)'\n");
    assert_eq!(run("echo a &").1, "sh: line 1: `&': this shell has no background jobs\n");
    assert_eq!(run("a | | b").2, 2);
    assert_eq!(run("f() { echo; }").1, "sh: line 1: syntax error near `(': this shell has no functions\n");
    assert_eq!(run("case a in b) echo").1, "sh: line 1: syntax error: `esac' is missing\n");
}

#[test]
fn a_cleared_screen_shows_what_came_after() {
    let ran = now(Shell::new().run(&mut Silent::default(), "echo a; clear; echo b"));
    assert!(ran.clear);
    assert_eq!(ran.text(Stream::Out), "b\n");
}

#[test]
fn state_lasts_from_line_to_line() {
    let mut shell = Shell::new();
    let mut host = Silent::default();
    now(shell.run(&mut host, "x=1; echo hi > f"));
    assert_eq!(now(shell.run(&mut host, "echo $x $(cat f)")).text(Stream::Out), "1 hi\n");
    assert_eq!(shell.history(), ["x=1; echo hi > f", "echo $x $(cat f)"]);
    assert_eq!(shell.read_file("f").unwrap(), b"hi\n");
    now(shell.run(&mut host, "false"));
    assert_eq!(now(shell.run(&mut host, "echo $?")).text(Stream::Out), "1\n");
    assert!(shell.wants_more("cat <<EOF") && !shell.wants_more("echo )"));
    assert!(shell.wants_more("vault login \\\n") && !shell.wants_more("vault login \\\n root\n"));
}

#[test]
fn tools_do_as_their_namesakes() {
    assert_eq!(
        out("printf 'b 2\\na 10\\na 9\\n' | sort -k2 -n | cut -d ' ' -f 1 | uniq -c"),
        "      1 b\n      2 a\n"
    );
    assert_eq!(out("echo Hello | tr a-z A-Z | tr -d L"), "HEO\n");
    assert_eq!(out("echo -n hello | base64 | base64 -d; echo; tail -n +2 a.txt | head -1"), "hello\ntwo\n");
    assert_eq!(out("printf '%-5s|%5s|%03d|%x\\n' a b 7 255"), "a    |    b|007|ff\n");
    assert_eq!(out("echo a | tee f g; cat f g; rm f g; ls"), "a\na\na\na.txt\n");
    assert_eq!(
        out("grep -n 't[wh]' a.txt; grep -v t a.txt; grep -c . a.txt; grep -o 'e*$' a.txt"),
        "2:two\n3:three\none\n3\ne\nee\n"
    );
    assert_eq!(out("date +%s; sleep 5s; date -u +%FT%TZ"), "1795460913\n2026-11-23T19:08:38Z\n");
}
