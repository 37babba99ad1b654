//! What every component is given: the state, the vault, and where actions go.

use std::rc::Rc;

use yew::prelude::*;

use crate::session::{Dispatch, Session};
use crate::state::{Action, Origin, Section, State};

/// One drawing of the page.
#[derive(Clone)]
pub(crate) struct Page {
    pub(crate) state: Rc<State>,
    pub(crate) session: Rc<Session>,
    pub(crate) dispatch: Dispatch,
}

impl PartialEq for Page {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.state, &other.state) && Rc::ptr_eq(&self.session, &other.session)
    }
}

/// The one property of most components.
#[derive(Properties, Clone, PartialEq)]
pub(crate) struct PageProps {
    pub(crate) page: Page,
}

impl Page {
    /// Lets an action happen.
    pub(crate) fn send(&self, action: Action) {
        (self.dispatch)(action);
    }

    /// A callback that lets an action happen.
    pub(crate) fn on<E: 'static>(&self, action: Action) -> Callback<E> {
        let page = self.clone();
        Callback::from(move |_| page.send(action.clone()))
    }

    /// Runs lines in the terminal.
    pub(crate) fn run(&self, lines: impl IntoIterator<Item = String>) {
        self.session.run(lines, &self.dispatch);
    }

    /// Shows a token in the inspector, wherever the reader is.
    pub(crate) fn inspect(&self, token: &str) {
        self.send(Action::Inspect(token.to_owned(), Origin::Clicked));
        self.send(Action::Show(Section::Inspect));
    }
}
