//! Tokens to look at. It knows no page: what needs keys is sealed under the vault's own.

use vaultlet_core::host::Rng;
use vaultlet_core::{Core, UnixTime};
use vaultlet_token::entry::{TokenEntry, TokenType};

/// The lesson's token of 2018, whose keyring nobody has any more.
pub const LESSON: &str = "b.AAAAAQKf5kVdMwjIwt4o49fDHIfEELolVEbz-rAzlKOlHTrGW_aZrFslOezTsk4JjuTwYtzNONARecYwJRjx59GQmiX6icA7gxnKKzsD3cPYtI10CHoH1GFAyGTN2K4gLIYeHBWdq6O2";

/// How the samples' token may be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sample {
    /// Alive.
    Good,
    /// Its time is over.
    Expired,
    /// Its parent is gone.
    ParentRevoked,
    /// One bit is not as it was sealed.
    Tampered,
    /// Sealed under a key that is not here.
    NoKeyring,
}

impl Sample {
    /// All of them, in the page's order.
    pub const ALL: [Self; 5] =
        [Self::Good, Self::Expired, Self::ParentRevoked, Self::Tampered, Self::NoKeyring];

    /// What the page calls it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Expired => "expired",
            Self::ParentRevoked => "parent revoked",
            Self::Tampered => "tampered",
            Self::NoKeyring => "no keyring",
        }
    }

    /// Which byte was flipped.
    pub fn flipped(self) -> Option<usize> {
        (self == Self::Tampered).then_some(41)
    }
}

const HOUR: i64 = 3_600;

/// Makes a sample's token, sealed under the vault's own key; none if the vault is sealed or has no randomness to give.
pub fn make(sample: Sample, core: &Core, now: UnixTime, rng: &mut dyn Rng) -> Option<String> {
    if sample == Sample::NoKeyring {
        return Some(LESSON.to_owned());
    }
    let mut nonce = [0; 12];
    rng.fill(&mut nonce).ok()?;
    core.keyring()?.seal_token(core.flavour(), nonce, &entry(sample, now)).ok()
}

fn entry(sample: Sample, now: UnixTime) -> TokenEntry {
    let now = i64::try_from(now.secs()).unwrap_or(0);
    let (age, hours) = if sample == Sample::Expired { (2 * HOUR, 1) } else { (0, 768) };
    TokenEntry {
        parent: if sample == Sample::ParentRevoked {
            "s.parentRevokedAWhileAgo0".to_owned()
        } else {
            String::new()
        },
        policies: vec!["base".to_owned(), "default".to_owned()],
        path: "auth/token/create".to_owned(),
        display_name: "token".to_owned(),
        creation_time: now - age,
        ttl: hours * HOUR * 1_000_000_000,
        namespace_id: "root".to_owned(),
        token_type: TokenType::Batch,
        ..TokenEntry::default()
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use vaultlet_core::Standing;
    use vaultlet_core::host::{Seeded, SetClock};

    use super::*;
    use crate::spans::flip;

    fn standing(sample: Sample) -> Standing {
        let now = UnixTime::from_secs(1_800_000_000);
        let (mut core, _) = Core::dev(Box::new(SetClock::at(now)), Box::new(Seeded::new(1)), "root").unwrap();
        let mut text = make(sample, &core, now, &mut Seeded::new(2)).unwrap();
        if let Some(byte) = sample.flipped() {
            text = flip(&text, byte);
        }
        core.standing(&text)
    }

    #[test]
    fn every_sample_stands_as_it_says() {
        assert!(matches!(standing(Sample::Good), Standing::Valid { .. }));
        assert!(matches!(standing(Sample::Expired), Standing::Expired { entry: Some(_) }));
        assert!(matches!(standing(Sample::ParentRevoked), Standing::ParentGone { entry: Some(_) }));
        assert!(matches!(standing(Sample::Tampered), Standing::NotOpened(_)));
        assert!(matches!(standing(Sample::NoKeyring), Standing::NotOpened(_)));
    }
}
