//! One sentence on a token: what it is and how it stands. It knows neither keys nor the page.

use vaultlet_core::Standing;
use vaultlet_token::anatomy::{Anatomy, Problem};

/// The badge beside the sentence. Its form differs too, never the colour alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Badge {
    /// A round check.
    Good,
    /// A cross in a square.
    Bad,
    /// A clock in a ring.
    Late,
    /// A cut chain in a ring.
    Cut,
    /// A lock in a square.
    Locked,
    /// None.
    Nothing,
}

impl Badge {
    /// What a screen reader hears.
    pub fn word(self) -> &'static str {
        match self {
            Self::Good => "Good:",
            Self::Bad => "Bad:",
            Self::Late => "Over:",
            Self::Cut => "Cut off:",
            Self::Locked => "Locked:",
            Self::Nothing => "",
        }
    }
}

/// What is said of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The badge.
    pub badge: Badge,
    /// The first sentence.
    pub head: String,
    /// What follows.
    pub text: String,
}

/// Judges a token by its text, by how it stands in this tab's vault, and by the bytes that were flipped here.
pub fn judge(anatomy: &Anatomy, standing: &Standing, flipped: &[usize]) -> Verdict {
    match anatomy.kind {
        "unknown" if anatomy.characters == 0 => verdict(
            Badge::Nothing,
            "No token yet.",
            "Paste one here, click one, or make one in the terminal.",
        ),
        "batch" => judge_batch(anatomy, standing, flipped),
        _ => judge_name(anatomy, standing),
    }
}

fn judge_batch(anatomy: &Anatomy, standing: &Standing, flipped: &[usize]) -> Verdict {
    let Some(sealed) = &anatomy.sealed else {
        return verdict(Badge::Bad, "Not a whole batch token.", problems(anatomy));
    };
    let lengths = format!("{} bytes, {} of them sealed.", anatomy.bytes, sealed.sealed_length);
    match standing {
        Standing::Valid { .. } => verdict(
            Badge::Good,
            format!("Batch token, sealed under key term {}.", sealed.term),
            format!("{lengths} Opens with this tab’s keyring."),
        ),
        Standing::Expired { .. } => verdict(
            Badge::Late,
            "Batch token, expired.",
            "It opens, but its time is over: every request with it answers 403.",
        ),
        Standing::ParentGone { .. } => verdict(
            Badge::Cut,
            "Batch token, parent revoked.",
            "It opens, but it stopped working with its parent: 403 bad token.",
        ),
        Standing::Sealed => {
            verdict(Badge::Locked, "Batch token, and the vault in this tab is sealed.", lengths)
        }
        Standing::NotOpened(_) | Standing::Unknown => judge_unopened(anatomy, sealed.term, flipped, standing),
    }
}

fn judge_unopened(anatomy: &Anatomy, term: u32, flipped: &[usize], standing: &Standing) -> Verdict {
    if let [byte] = flipped {
        return verdict(
            Badge::Bad,
            format!("Batch token, tampered at byte {byte}."),
            "One bit is enough: the tag no longer fits, so nothing opens.",
        );
    }
    if !flipped.is_empty() {
        let bytes: Vec<String> = flipped.iter().map(ToString::to_string).collect();
        return verdict(
            Badge::Bad,
            format!("Batch token, tampered at bytes {}.", bytes.join(", ")),
            "The tag no longer fits, so nothing opens.",
        );
    }
    if !anatomy.problems.is_empty() {
        return verdict(Badge::Bad, "Batch token that no server opens.", problems(anatomy));
    }
    let why = match standing {
        Standing::NotOpened(why) if why.contains("no key of term") => {
            format!("This tab’s keyring has no key of term {term}.")
        }
        _ => "It does not open with this tab’s: changed, or sealed under another key.".to_owned(),
    };
    let sealed = anatomy.sealed.as_ref().map_or(0, |sealed| sealed.sealed_length);
    let version = anatomy.sealed.as_ref().map_or(0, |sealed| sealed.version);
    let text = format!(
        "{why} Key term {term}, version {version}, {sealed} sealed bytes: that is all anyone can see.{}",
        warning(anatomy)
    );
    verdict(Badge::Locked, "Batch token that cannot be opened without its keyring.", text)
}

fn judge_name(anatomy: &Anatomy, standing: &Standing) -> Verdict {
    let kind = match (anatomy.kind, &anatomy.signed) {
        ("service", Some(_)) => "Service token in a signed wrapper",
        ("service", None) => "Service token",
        ("recovery", _) => "Recovery token",
        ("custom", _) => "Token with an id of its maker’s own",
        _ => return verdict(Badge::Bad, "Not a token.", problems(anatomy)),
    };
    match standing {
        Standing::Valid { .. } => verdict(
            Badge::Good,
            format!("{kind}, found in this tab’s storage."),
            "The text is only a name; the record is kept by the server.",
        ),
        Standing::Expired { .. } => {
            verdict(Badge::Late, format!("{kind}, expired."), "Every request with it answers 403.")
        }
        Standing::ParentGone { .. } => verdict(
            Badge::Cut,
            format!("{kind}, revoked with its parent."),
            "Every request with it answers 403.",
        ),
        Standing::Sealed => {
            verdict(Badge::Locked, format!("{kind}."), "The vault in this tab is sealed and cannot say more.")
        }
        Standing::NotOpened(why) => {
            verdict(Badge::Bad, format!("{kind} that is refused."), format!("{why}."))
        }
        Standing::Unknown => unknown_name(anatomy, kind),
    }
}

fn unknown_name(anatomy: &Anatomy, kind: &str) -> Verdict {
    if !anatomy.problems.is_empty() {
        let head = if anatomy.kind == "custom" { "Not a Vault token." } else { "Not a whole service token." };
        return verdict(Badge::Bad, head, problems(anatomy));
    }
    if anatomy.kind == "custom" {
        return verdict(
            Badge::Bad,
            "Not a token of this tab.",
            "It has no token’s prefix, and no token of that id is stored here.",
        );
    }
    let text = format!(
        "This tab’s storage has no record of that name, so the answer is 403. Nothing is inside to open.{}",
        warning(anatomy)
    );
    verdict(Badge::Locked, format!("{kind}, not known here."), text)
}

/// What to say of a token that looks like a live one of somebody's server.
fn warning(anatomy: &Anatomy) -> &'static str {
    if anatomy.flavour == Some("vault") {
        " If it is live on a server of yours, revoke it: it has been in a page now."
    } else {
        ""
    }
}

fn problems(anatomy: &Anatomy) -> String {
    let texts: Vec<String> = anatomy.problems.iter().map(problem).collect();
    texts.join(" ")
}

fn problem(problem: &Problem) -> String {
    let mut text = problem.text.clone();
    if let Some(first) = text.get(..1).map(str::to_uppercase) {
        text.replace_range(..1, &first);
    }
    match problem.at {
        Some(at) if !text.contains(&format!("character {at}")) => {
            format!("{text} (at character {at}, counted from 0).")
        }
        _ => format!("{text}."),
    }
}

fn verdict(badge: Badge, head: impl Into<String>, text: impl Into<String>) -> Verdict {
    Verdict { badge, head: head.into(), text: text.into() }
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use vaultlet_token::anatomy::inspect;

    use super::*;
    use crate::samples::LESSON;

    fn said(text: &str, standing: &Standing, flipped: &[usize]) -> String {
        let verdict = judge(&inspect(text), standing, flipped);
        format!("{:?} {} {}", verdict.badge, verdict.head, verdict.text)
    }

    #[test]
    fn only_a_flip_made_here_is_named_by_its_byte() {
        let unopened = Standing::NotOpened("does not open: changed, or sealed under another key".to_owned());
        assert!(said(LESSON, &unopened, &[41]).contains("tampered at byte 41"));
        let pasted = said(LESSON, &unopened, &[]);
        assert!(
            !pasted.contains("at byte") && pasted.contains("changed, or sealed under another key"),
            "{pasted}"
        );
    }

    #[test]
    fn a_broken_token_is_told_where_it_is_broken() {
        let broken = said(&LESSON.replacen("kV", "k+", 1), &Standing::Unknown, &[]);
        assert!(broken.contains("at character 12"), "{broken}");
        assert!(said("b.AAAAAQ", &Standing::Unknown, &[]).contains("Too short for a sealed token"));
        assert!(said("two words", &Standing::Unknown, &[]).contains("at character 3"));
    }

    #[test]
    fn what_looks_live_is_said_to_be_revoked() {
        assert!(said("hvs.JlNTS5wVPPnb1P72poUjUR4o", &Standing::Unknown, &[]).contains("revoke it"));
        assert!(!said("s.JlNTS5wVPPnb1P72poUjUR4o", &Standing::Unknown, &[]).contains("revoke it"));
    }

    #[test]
    fn an_empty_field_is_no_fault() {
        assert!(said("", &Standing::Unknown, &[]).starts_with("Nothing No token yet."));
    }
}
