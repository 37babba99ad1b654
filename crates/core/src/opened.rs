//! A few entries as they were read last, so that a token used again and again is opened once. It knows no storage: whoever writes an
//! entry says that what was read of it is over.

use std::any::Any;
use std::collections::BTreeMap;
use std::mem;
use std::ops::Deref;
use std::rc::Rc;

/// What may be kept opened.
pub(crate) trait Keep: 'static {
    /// Overwrites what is secret in it.
    fn wipe(&mut self);
}

/// A value whose secrets are overwritten when the last holder lets go of it.
#[derive(Debug)]
pub(crate) struct Wiped<T: Keep>(pub T);

impl<T: Keep> Deref for Wiped<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Keep> Drop for Wiped<T> {
    fn drop(&mut self) {
        self.0.wipe();
    }
}

/// How many are kept for sure; up to twice as many may be.
const ROOM: usize = 256;

/// Entries by their keys. When the young ones are many they become the old ones, and those that nobody asked for since go.
pub(crate) struct Opened {
    /// How many young ones there may be; with none nothing is kept.
    pub room: usize,
    young: BTreeMap<String, Rc<dyn Any>>,
    old: BTreeMap<String, Rc<dyn Any>>,
}

impl Default for Opened {
    fn default() -> Self {
        Self { room: ROOM, young: BTreeMap::new(), old: BTreeMap::new() }
    }
}

impl Opened {
    /// What was read at a key, if it is kept.
    pub fn find<T: Keep>(&mut self, key: &str) -> Option<Rc<Wiped<T>>> {
        if let Some(value) = self.young.get(key) {
            return Rc::clone(value).downcast().ok();
        }
        let value: Rc<Wiped<T>> = Rc::clone(self.old.get(key)?).downcast().ok()?;
        self.keep(key, Rc::clone(&value));
        Some(value)
    }

    /// Keeps what was read.
    pub fn keep<T: Keep>(&mut self, key: &str, value: Rc<Wiped<T>>) {
        if self.young.len() >= self.room {
            self.old = mem::take(&mut self.young);
        }
        if self.room > 0 {
            self.young.insert(key.to_owned(), value);
        }
    }

    /// Lets go of what was read: another value stands there now.
    pub fn forget(&mut self, key: &str) {
        self.young.remove(key);
        self.old.remove(key);
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    struct Secret(u32, Rc<Cell<u32>>);

    impl Keep for Secret {
        fn wipe(&mut self) {
            self.1.set(self.1.get() + 1);
        }
    }

    #[test]
    fn what_is_asked_for_stays_and_the_rest_is_wiped() {
        let wiped = Rc::new(Cell::new(0));
        let mut opened = Opened { room: 2, ..Opened::default() };
        for number in 0..9 {
            opened.keep(&number.to_string(), Rc::new(Wiped(Secret(number, Rc::clone(&wiped)))));
            assert_eq!(opened.find::<Secret>("0").map(|kept| kept.0.0), Some(0));
        }
        assert!(opened.young.len() + opened.old.len() <= 4);
        assert!(wiped.get() >= 5);
        opened.forget("0");
        assert!(opened.find::<Secret>("0").is_none());
        drop(opened);
        assert_eq!(wiped.get(), 9);
    }

    #[test]
    fn without_room_nothing_is_kept() {
        let mut opened = Opened { room: 0, ..Opened::default() };
        opened.keep("a", Rc::new(Wiped(Secret(1, Rc::default()))));
        assert!(opened.find::<Secret>("a").is_none());
    }
}
