//! What a script is, once read: lists of pipelines of commands. It knows no text and runs nothing.

use std::cell::OnceCell;
use std::rc::Rc;

/// Pipelines in order.
pub(crate) type List = Vec<(Joint, Pipeline)>;

/// When a pipeline runs, given how the one before it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Joint {
    /// In any case: after `;`, a line end, or nothing.
    Always,
    /// After success: `&&`.
    And,
    /// After failure: `||`.
    Or,
}

/// Commands, each reading what the one before it prints.
#[derive(Debug, Clone)]
pub(crate) struct Pipeline {
    /// Whether a `!` turns its exit code around.
    pub(crate) negated: bool,
    pub(crate) commands: Vec<Command>,
}

/// One command with its redirections.
#[derive(Debug, Clone)]
pub(crate) struct Command {
    pub(crate) body: Body,
    pub(crate) redirects: Vec<Redirect>,
}

/// What a command does.
#[derive(Debug, Clone)]
pub(crate) enum Body {
    /// `NAME=value word word ..`
    Simple { assignments: Vec<(String, Word)>, words: Vec<Word> },
    /// `{ list; }`
    Group(List),
    /// `( list )`
    Subshell(List),
    /// `if list; then list; else list; fi`
    If { arms: Vec<(List, List)>, otherwise: List },
    /// `for NAME in words; do list; done`
    For { name: String, words: Vec<Word>, body: List },
    /// `case word in pattern|pattern) list;; esac`
    Case { word: Word, arms: Vec<(Vec<Word>, List)> },
    /// `while list; do list; done`, or `until`
    While { condition: List, body: List, until: bool },
}

/// `2>file` and the like.
#[derive(Debug, Clone)]
pub(crate) struct Redirect {
    /// 0, 1 or 2.
    pub(crate) from: u8,
    pub(crate) to: To,
}

/// Where a redirection leads.
#[derive(Debug, Clone)]
pub(crate) enum To {
    /// `< file`
    Read(Word),
    /// `> file`
    Write(Word),
    /// `>> file`
    Append(Word),
    /// `>&1`
    Same(u8),
    /// `<< END`: the text up to the line that ends it, which is read after the line that names it.
    Here(Rc<OnceCell<Word>>),
    /// `&> file`: both streams.
    Both(Word),
}

/// Pieces that stand together without a blank between them.
pub(crate) type Word = Vec<Part>;

/// A piece of a word.
#[derive(Debug, Clone)]
pub(crate) enum Part {
    /// Text outside quotes, where `~`, `*` and `?` mean something.
    Bare(String),
    /// Text that stands for itself.
    Quoted(String),
    /// `$NAME`, or `${NAME..}`
    Variable { name: String, rule: Option<Rule>, quoted: bool },
    /// `$(..)`, or backticks
    Run { list: List, quoted: bool },
    /// `$((..))`
    Sum { word: Word },
}

/// What `${NAME:-word}` and its kin give.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    pub(crate) kind: RuleKind,
    /// Whether an empty value counts as none: the colon.
    pub(crate) empty_too: bool,
    pub(crate) word: Word,
}

/// Which of the forms a rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RuleKind {
    /// `-`: the word if there is no value.
    Default,
    /// `=`: the same, and the variable is set to it.
    Assign,
    /// `+`: the word if there is a value.
    Instead,
    /// `?`: an error if there is no value.
    Require,
    /// `#`: without the shortest beginning that is the word.
    CutFront,
    /// `%`: without the shortest end that is the word.
    CutBack,
    /// `##`: without the longest beginning that is the word.
    CutLongFront,
    /// `%%`: without the longest end that is the word.
    CutLongBack,
    /// `${#NAME}`: how many characters.
    Length,
}
