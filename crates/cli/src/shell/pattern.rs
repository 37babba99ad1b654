//! Patterns of file names: `*`, `?`, `[a-z]`.

use super::Files;

/// The files that a pattern matches, in order: `*.hcl`, `*/policy.hcl`, `*/`.
pub(super) fn files(files: &Files, pattern: &str) -> Vec<String> {
    let mut found = vec![if pattern.starts_with('/') { "/".to_owned() } else { String::new() }];
    let mut parts = pattern.split('/').filter(|part| !part.is_empty()).peekable();
    while let Some(part) = parts.next() {
        let goes_on = parts.peek().is_some() || pattern.ends_with('/');
        let mut longer = Vec::new();
        for front in &found {
            let names = match plain(part) {
                Some(name) => vec![name],
                None => matching(files, front, part),
            };
            for name in names.into_iter().map(|name| format!("{front}{name}")) {
                match goes_on {
                    true if files.is_directory(&name) => longer.push(name + "/"),
                    false if files.is_directory(&name) || files.read(&name).is_ok() => longer.push(name),
                    _ => {}
                }
            }
        }
        found = longer;
    }
    found
}

/// The names in a directory that match; hidden ones only if the pattern says so.
fn matching(files: &Files, directory: &str, pattern: &str) -> Vec<String> {
    let mut names = files.list(if directory.is_empty() { "." } else { directory }).unwrap_or_default();
    names.retain(|name| (pattern.starts_with('.') || !name.starts_with('.')) && matches(pattern, name));
    names
}

/// The text of a pattern in which nothing but letters stands.
fn plain(pattern: &str) -> Option<String> {
    let mut text = String::new();
    let mut letters = pattern.chars();
    while let Some(c) = letters.next() {
        match c {
            '*' | '?' | '[' => return None,
            '\\' => text.extend(letters.next()),
            c => text.push(c),
        }
    }
    Some(text)
}

/// Whether `pattern`, where a `\` takes the next letter as it stands, matches all of `text`.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    // The place after the last `*`, and how much of the text that star has taken so far.
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        if pattern.get(p) == Some(&'*') {
            star = Some((p + 1, t));
            p += 1;
        } else if let Some(next) = text.get(t).and_then(|c| one(&pattern, p, *c)) {
            p = next;
            t += 1;
        } else if let Some((after, taken)) = star {
            star = Some((after, taken + 1));
            p = after;
            t = taken + 1;
        } else {
            return false;
        }
    }
    pattern.get(p..).is_some_and(|rest| rest.iter().all(|c| *c == '*'))
}

/// The place after what matches the letter, if it does.
fn one(pattern: &[char], at: usize, c: char) -> Option<usize> {
    match pattern.get(at)? {
        '?' => Some(at + 1),
        '\\' => (pattern.get(at + 1) == Some(&c)).then_some(at + 2),
        '[' => match set(pattern, at + 1, c) {
            Some((inside, next)) => inside.then_some(next),
            None => (c == '[').then_some(at + 1),
        },
        other => (*other == c).then_some(at + 1),
    }
}

/// Whether a `[..]` holds the letter, and the place after it; none if it has no end.
fn set(pattern: &[char], begin: usize, c: char) -> Option<(bool, usize)> {
    let negated = matches!(pattern.get(begin), Some('!' | '^'));
    let first = begin + usize::from(negated);
    let (mut at, mut inside) = (first, false);
    loop {
        match (pattern.get(at)?, pattern.get(at + 1), pattern.get(at + 2)) {
            (']', ..) if at > first => return Some((inside != negated, at + 1)),
            (low, Some('-'), Some(high)) if *high != ']' => {
                inside |= (*low..=*high).contains(&c);
                at += 3;
            }
            (one, ..) => {
                inside |= *one == c;
                at += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_sets_and_escapes() {
        assert!(matches("*.hcl", "base.hcl"));
        assert!(!matches("*.hcl", "base.hcl.bak"));
        assert!(matches("b?se.*", "base.hcl"));
        assert!(matches("[a-c]*", "base"));
        assert!(!matches("[!a-c]*", "base"));
        assert!(matches("\\*", "*") && !matches("\\*", "a"));
        assert!(matches("[a", "[a") && matches("**", ""));
        assert!(!matches(&"*a".repeat(200), &"b".repeat(2000)));
    }
}
