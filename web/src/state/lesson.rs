//! The lesson's commands and what has been seen of them, whoever typed them. It knows no engine.

use crate::state::Entry;

/// One command of the lesson.
#[derive(Debug, PartialEq, Eq)]
pub struct LessonLine {
    /// The words before it, if a new thought begins.
    pub before: &'static str,
    /// The line.
    pub run: &'static str,
    /// The exit code that the lesson expects.
    pub exit: u8,
}

/// The batch-token lesson.
pub static LESSON_STEPS: [LessonLine; 7] = [
    LessonLine {
        before: "Sign in as root, then ask for a batch token. The first try is refused: it would inherit the root policy.",
        run: "vault login root",
        exit: 0,
    },
    LessonLine { before: "", run: "vault token create -type=\"batch\"", exit: 2 },
    LessonLine {
        before: "Give it a policy of its own. The token comes back with everything inside; nothing is stored.",
        run: "vault policy write base base.hcl",
        exit: 0,
    },
    LessonLine { before: "", run: "vault policy read base", exit: 0 },
    LessonLine {
        before: "",
        run: "vault token create -type=batch -policy=base -format=json | jq -r \".auth.client_token\" > token.txt",
        exit: 0,
    },
    LessonLine {
        before: "Look at it: what the server answers was inside the token all the time.",
        run: "cat token.txt",
        exit: 0,
    },
    LessonLine { before: "", run: "vault token lookup $(cat token.txt)", exit: 0 },
];

/// How a command of the lesson ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Whether as the lesson says.
    pub expected: bool,
    /// A word on it: its cost, or the status that it should have.
    pub word: String,
}

/// What has been seen of the lesson.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lesson {
    /// By command.
    pub seen: [Option<Seen>; LESSON_STEPS.len()],
    /// A lookup answered that the token is a batch token.
    pub outcome: bool,
}

impl Lesson {
    /// How many commands ended as they should.
    pub fn done(&self) -> usize {
        self.seen.iter().flatten().filter(|seen| seen.expected).count()
    }

    /// A line ended.
    pub fn ran(&mut self, entry: &Entry) {
        let at = LESSON_STEPS.iter().position(|step| words(step.run) == words(&entry.line));
        if let Some((step, seen)) = at.and_then(|at| Some((LESSON_STEPS.get(at)?, self.seen.get_mut(at)?))) {
            let expected = entry.code == step.exit;
            let word = match entry.status {
                Some(status) if expected && step.exit != 0 => format!("{status}, as it should"),
                Some(status) if !expected && status >= 400 => format!("{status}, not as it should"),
                _ if expected => entry.cost(),
                _ => format!("exit {}, not as it should", entry.code),
            };
            *seen = Some(Seen { expected, word });
        }
        self.outcome |= entry.code == 0 && looked_up_batch(entry);
    }
}

/// Whether somebody looked up a batch token, in the table or in JSON.
fn looked_up_batch(entry: &Entry) -> bool {
    entry.line.contains("token lookup")
        && entry.text().lines().any(|line| {
            let words: Vec<&str> = line.split([' ', '"', ':', ',']).filter(|word| !word.is_empty()).collect();
            words == ["type", "batch"]
        })
}

/// A line without what does not count: quotes around a word, and how many spaces there are.
fn words(line: &str) -> Vec<String> {
    line.split_whitespace().map(|word| word.replace(['"', '\''], "")).collect()
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    fn entry(line: &str, code: u8) -> Entry {
        Entry {
            line: line.to_owned(),
            code,
            status: Some(if code == 0 { 200 } else { 400 }),
            ..Entry::default()
        }
    }

    #[test]
    fn a_command_counts_however_it_was_typed() {
        let mut lesson = Lesson::default();
        lesson.ran(&entry("vault  token create -type=batch", 2));
        assert_eq!(lesson.seen[1].as_ref().unwrap().word, "400, as it should");
        assert_eq!(lesson.done(), 1);
    }

    #[test]
    fn a_command_that_ends_otherwise_does_not_count() {
        let mut lesson = Lesson::default();
        lesson.ran(&entry("vault login root", 2));
        assert_eq!(lesson.done(), 0);
        assert!(lesson.seen[0].as_ref().unwrap().word.contains("not as it should"));
    }

    #[test]
    fn the_outcome_is_observed_in_what_was_answered() {
        let mut lesson = Lesson::default();
        let mut lookup = entry("vault token lookup $(cat token.txt)", 0);
        lookup.output = vec![(vaultlet_cli::Stream::Out, "type                batch\n".to_owned())];
        lesson.ran(&entry("cat token.txt", 0));
        assert!(!lesson.outcome);
        lesson.ran(&lookup);
        assert!(lesson.outcome);
    }
}
