//! Sealed storage, and the journal of what a request would write. It knows no meaning of what is stored.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{BuildHasherDefault, DefaultHasher};
use std::rc::Rc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use vaultlet_token::entry::TokenEntry;
use vaultlet_token::keyring::Keyring;
use vaultlet_token::{Flavour, TokenError};
use zeroize::Zeroizing;

use crate::context::Noted;
use crate::core::Reach;
use crate::ended::Endings;
use crate::host::Rng;
use crate::opened::{Keep, Opened, Wiped};
use crate::refusal::Refusal;
use crate::{UnixTime, WriteBatch, ids};

/// Sealed entries by storage key, and the keys that open them.
pub(crate) struct Barrier {
    /// What is stored, sealed.
    pub entries: BTreeMap<String, Vec<u8>>,
    /// The keys.
    pub keyring: Keyring,
    /// A few entries as they were read last.
    pub opened: RefCell<Opened>,
}

impl Barrier {
    /// Of what is stored, and the keys that open it.
    pub fn new(entries: BTreeMap<String, Vec<u8>>, keyring: Keyring) -> Self {
        Self { entries, keyring, opened: RefCell::default() }
    }

    /// Opens what is stored at `key`, if anything.
    pub fn read(&self, key: &str) -> Result<Option<Zeroizing<Vec<u8>>>, Refusal> {
        let open =
            |sealed: &Vec<u8>| self.keyring.open(sealed, key.as_bytes()).map_err(|error| broken(key, &error));
        self.entries.get(key).map(open).transpose()
    }

    /// The keys below `prefix`.
    pub fn keys_below(&self, prefix: &str) -> impl Iterator<Item = &String> {
        self.entries
            .range(prefix.to_owned()..)
            .map(|(key, _)| key)
            .take_while(move |key| key.starts_with(prefix))
    }
}

/// When the leases of a batch end, by their places in it.
pub(crate) type Ends = BTreeMap<usize, Option<UnixTime>>;

/// What one request has written so far, over what is stored. Dropping it undoes it.
pub(crate) struct Journal<'a> {
    barrier: &'a Barrier,
    rng: &'a mut dyn Rng,
    /// Which of the writes to a key is the last. It is only asked, never listed, so it needs no order and no secret hasher.
    last: HashMap<String, usize, BuildHasherDefault<DefaultHasher>>,
    /// The keys whose last write puts something.
    put: BTreeSet<String>,
    writes: Vec<(String, Option<Vec<u8>>)>,
    /// When the leases end that were written, by the place of the write.
    ends: Ends,
    encryptions: u64,
    /// How many of the writes, and how many encryptions, stay if the request is refused.
    kept: (usize, u64),
    /// Logins that failed or succeeded, to be remembered in memory.
    logins: Vec<Noted>,
    reach: Reach,
    /// What came to its end.
    pub endings: Endings,
}

impl<'a> Journal<'a> {
    /// Over what is stored, with a generator for nonces and ids.
    pub fn new(barrier: &'a Barrier, rng: &'a mut dyn Rng) -> Self {
        let (last, put, ends) = (HashMap::default(), BTreeSet::new(), BTreeMap::new());
        let (writes, logins) = (Vec::new(), Vec::new());
        let endings = Endings::default();
        Self {
            barrier,
            rng,
            last,
            put,
            writes,
            ends,
            encryptions: 0,
            kept: (0, 0),
            logins,
            reach: Reach::Any,
            endings,
        }
    }

    /// The keys of the barrier.
    pub fn keyring(&self) -> &Keyring {
        &self.barrier.keyring
    }

    /// What is stored, sealed, without what this request writes.
    pub fn entries(&self) -> &BTreeMap<String, Vec<u8>> {
        &self.barrier.entries
    }

    /// How often this request has sealed so far.
    pub fn encryptions(&self) -> u64 {
        self.encryptions
    }

    /// The generator.
    pub fn rng(&mut self) -> &mut dyn Rng {
        self.rng
    }

    /// What stands at `key` now, opened.
    pub fn read(&self, key: &str) -> Result<Option<Zeroizing<Vec<u8>>>, Refusal> {
        let Some(written) = self.written(key) else { return self.barrier.read(key) };
        let open = |sealed: &Vec<u8>| self.barrier.keyring.open(sealed, key.as_bytes());
        written.map(open).transpose().map_err(|error| broken(key, &error))
    }

    /// As [`Journal::read_json`], and what is stored is kept opened for the next time.
    pub fn read_kept<T: DeserializeOwned + Keep>(&self, key: &str) -> Result<Option<Rc<Wiped<T>>>, Refusal> {
        if self.written(key).is_some() {
            return Ok(self.read_json(key)?.map(|value| Rc::new(Wiped(value))));
        }
        if let Some(known) = self.barrier.opened.borrow_mut().find(key) {
            return Ok(Some(known));
        }
        let value = self.read_json(key)?.map(|value| Rc::new(Wiped(value)));
        if let Some(value) = &value {
            self.barrier.opened.borrow_mut().keep(key, Rc::clone(value));
        }
        Ok(value)
    }

    /// What stands at `key` now, read as JSON.
    pub fn read_json<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, Refusal> {
        let Some(bytes) = self.read(key)? else { return Ok(None) };
        serde_json::from_slice(&bytes).map(Some).map_err(|error| {
            Refusal::Internal(format!("stored entry {key:?} is not what it should be: {error}"))
        })
    }

    /// The names directly below `prefix` (which ends with `/`), folders with their slash, sorted.
    pub fn list(&self, prefix: &str) -> Vec<String> {
        let written = self.written_below(prefix);
        let stored = self.barrier.keys_below(prefix).filter(|key| !self.last.contains_key(*key));
        let mut names: Vec<String> = stored
            .chain(written)
            .filter_map(|key| key.strip_prefix(prefix))
            .map(|rest| rest.split_inclusive('/').next().unwrap_or_default().to_owned())
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Every key below `prefix`, sorted.
    pub fn all_below(&self, prefix: &str) -> Vec<String> {
        let stored = self.barrier.keys_below(prefix).filter(|key| !self.last.contains_key(*key));
        let mut keys: Vec<String> = stored.chain(self.written_below(prefix)).cloned().collect();
        keys.sort_unstable();
        keys
    }

    /// Seals `plaintext` and stages it at `key`.
    pub fn put(&mut self, key: &str, plaintext: &[u8]) -> Result<(), Refusal> {
        let sealed = self.seal(key, plaintext)?;
        self.write(key, Some(sealed));
        Ok(())
    }

    /// Stages a value as JSON, as the server's encoder writes it: with a line end.
    pub fn put_json(&mut self, key: &str, value: &impl Serialize) -> Result<(), Refusal> {
        let mut bytes = json(value)?;
        bytes.push(b'\n');
        self.put(key, &bytes)
    }

    /// Stages a value as JSON without a line end, as the server's marshaller writes it.
    pub fn put_compact(&mut self, key: &str, value: &impl Serialize) -> Result<(), Refusal> {
        let bytes = json(value)?;
        self.put(key, &bytes)
    }

    /// Stages bytes that are sealed already, such as the keyring under the root key.
    pub fn put_sealed(&mut self, key: &str, sealed: Vec<u8>) {
        self.write(key, Some(sealed));
    }

    /// Says when the lease ends that was just written: who applies the batch need not open it to know.
    pub fn ends(&mut self, end: Option<UnixTime>) {
        if let Some(at) = self.writes.len().checked_sub(1) {
            self.ends.insert(at, end);
        }
    }

    /// Stages a deletion; what is not there is deleted too.
    pub fn delete(&mut self, key: &str) {
        self.write(key, None);
    }

    /// Seals an entry into a batch token: an encryption, and no write.
    pub fn seal_token(&mut self, flavour: Flavour, entry: &TokenEntry) -> Result<String, Refusal> {
        let nonce = self.nonce()?;
        self.encryptions += 1;
        let sealed = self.barrier.keyring.seal_token(flavour, nonce, entry);
        sealed.map_err(|error| Refusal::Internal(error.to_string()))
    }

    /// Whether anything is written so far.
    pub fn has_writes(&self) -> bool {
        !self.writes.is_empty()
    }

    /// What is written so far stays, also if the request is refused.
    pub fn keep(&mut self) {
        self.kept = (self.writes.len(), self.encryptions);
        self.endings.keep();
    }

    /// Takes back what was written since the last [`Journal::keep`].
    pub fn undo_to_kept(&mut self) {
        let (writes, encryptions) = self.kept;
        self.writes.truncate(writes);
        self.encryptions = encryptions;
        self.endings.undo_to_kept();
        self.ends.split_off(&writes);
        self.last = self.writes.iter().enumerate().map(|(at, (key, _))| (key.clone(), at)).collect();
        let put = self.writes.iter().map(|(key, _)| key).filter(|key| self.written(key).flatten().is_some());
        self.put = put.cloned().collect();
    }

    /// Remembers how a login went, even if the request is refused.
    pub fn note(&mut self, login: Noted) {
        self.logins.push(login);
    }

    /// The logins noted.
    pub fn take_logins(&mut self) -> Vec<Noted> {
        std::mem::take(&mut self.logins)
    }

    /// Whatever it writes, only the active node of a cluster may answer this request.
    pub fn leave_to_active(&mut self) {
        self.reach = Reach::Active;
    }

    /// Who may answer it.
    pub fn take_reach(&mut self) -> Reach {
        std::mem::take(&mut self.reach)
    }

    /// What the request wrote, and how often it sealed.
    pub fn finish(self) -> (WriteBatch, u64) {
        (WriteBatch { writes: self.writes, ends: self.ends }, self.encryptions)
    }

    /// 24 letters for a new token, accessor or cubbyhole.
    pub fn id(&mut self) -> Result<String, Refusal> {
        Ok(ids::base62(self.rng, 24)?)
    }

    /// A new UUID.
    pub fn uuid(&mut self) -> Result<String, Refusal> {
        Ok(ids::uuid(ids::bytes16(self.rng)?))
    }

    /// A nonce that was never used: drawn, not counted, because batch tokens leave no trace to count from.
    pub fn nonce(&mut self) -> Result<[u8; 12], Refusal> {
        let mut nonce = [0u8; 12];
        self.rng.fill(&mut nonce)?;
        Ok(nonce)
    }

    fn write(&mut self, key: &str, value: Option<Vec<u8>>) {
        self.last.insert(key.to_owned(), self.writes.len());
        match value {
            Some(_) => drop(self.put.insert(key.to_owned())),
            None => drop(self.put.remove(key)),
        }
        self.writes.push((key.to_owned(), value));
    }

    /// What this request has written at a key, if it has.
    fn written(&self, key: &str) -> Option<Option<&Vec<u8>>> {
        let (_, value) = self.writes.get(*self.last.get(key)?)?;
        Some(value.as_ref())
    }

    fn written_below(&self, prefix: &str) -> impl Iterator<Item = &String> {
        self.put.range(prefix.to_owned()..).take_while(move |key| key.starts_with(prefix))
    }

    fn seal(&mut self, key: &str, plaintext: &[u8]) -> Result<Vec<u8>, Refusal> {
        let nonce = self.nonce()?;
        self.encryptions += 1;
        let sealed = self.barrier.keyring.seal(nonce, key.as_bytes(), plaintext);
        sealed.map_err(|error| Refusal::Internal(error.to_string()))
    }
}

fn json(value: &impl Serialize) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    let bytes = serde_json::to_vec(value).map_err(|error| Refusal::Internal(error.to_string()))?;
    Ok(Zeroizing::new(bytes))
}

fn broken(key: &str, error: &TokenError) -> Refusal {
    Refusal::Internal(format!("stored entry {key:?} cannot be read: {error}"))
}
