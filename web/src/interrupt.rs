//! Ctrl+C: a future that can be given up. It knows no shell.

use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::{Poll, Waker};

/// A wish to stop, asked for at most once a run.
#[derive(Default)]
pub(crate) struct Interrupt {
    wanted: Cell<bool>,
    waker: RefCell<Option<Waker>>,
}

impl Interrupt {
    /// Asks to stop.
    pub(crate) fn ask(&self) {
        self.wanted.set(true);
        if let Some(waker) = self.waker.borrow_mut().take() {
            waker.wake();
        }
    }

    /// Forgets an older wish.
    pub(crate) fn reset(&self) {
        self.wanted.set(false);
    }

    /// Runs `work` to its end, or until somebody asks to stop: then `work` is dropped where it stands.
    pub(crate) async fn or_end<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let mut work = pin!(work);
        poll_fn(|cx| {
            if self.wanted.get() {
                return Poll::Ready(None);
            }
            *self.waker.borrow_mut() = Some(cx.waker().clone());
            work.as_mut().poll(cx).map(Some)
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use std::task::Context;

    use super::*;

    fn poll_once<T>(work: impl Future<Output = T>) -> Poll<T> {
        pin!(work).poll(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn work_that_ends_is_not_interrupted() {
        let interrupt = Interrupt::default();
        assert_eq!(poll_once(interrupt.or_end(async { 1 })), Poll::Ready(Some(1)));
    }

    #[test]
    fn work_that_never_ends_is_given_up() {
        let interrupt = Interrupt::default();
        assert_eq!(poll_once(interrupt.or_end(std::future::pending::<()>())), Poll::Pending);
        interrupt.ask();
        assert_eq!(poll_once(interrupt.or_end(std::future::pending::<()>())), Poll::Ready(None));
    }
}
