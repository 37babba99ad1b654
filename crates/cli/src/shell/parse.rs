//! Text to syntax: the grammar of a plain POSIX shell. It runs nothing and knows no variables.

use std::cell::OnceCell;
use std::rc::Rc;

use super::scan::Scanner;
use super::syntax::{Body, Command, Joint, List, Part, Pipeline, Redirect, To, Word};

/// Words that begin or end a compound command when they stand first.
const RESERVED: [&str; 14] =
    ["if", "then", "elif", "else", "fi", "for", "while", "until", "do", "done", "case", "esac", "{", "}"];

/// Where and why a text is no script.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub(crate) struct Syntax {
    /// Counted from one.
    pub(crate) line: usize,
    /// What is wrong there.
    pub(crate) reason: String,
    /// Whether more text could make it right, as with an open quote.
    pub(crate) unfinished: bool,
}

/// Reads a whole script.
pub(crate) fn parse(script: &str) -> Result<List, Syntax> {
    read(script).map(|(list, _)| list)
}

/// Whether more lines could make a script whole, or belong to its last command.
pub(crate) fn wants_more(script: &str) -> bool {
    match read(script) {
        Ok((_, is_continued)) => is_continued,
        Err(wrong) => wrong.unfinished,
    }
}

/// A script, and whether its last line is continued.
fn read(script: &str) -> Result<(List, bool), Syntax> {
    let mut parser = Parser { scan: Scanner::new(script), depth: 0 };
    let list = parser.list(&[])?;
    match parser.scan.peek() {
        None => parser.scan.no_pending_here().map(|()| (list, parser.scan.is_continued)),
        Some(';') => Err(parser.scan.wrong("syntax error near unexpected token `;;'")),
        Some(found) => Err(parser.scan.wrong(&format!("syntax error near unexpected token `{found}'"))),
    }
}

/// Reads a list that stands between `$(` and `)`; the scanner is left after the `)`.
pub(super) fn substitution(scan: &mut Scanner, depth: usize) -> Result<List, Syntax> {
    let mut parser = Parser { scan: std::mem::take(scan), depth: depth + 1 };
    let list = parser.enclosed();
    *scan = parser.scan;
    list
}

struct Parser {
    scan: Scanner,
    /// How many compound commands and substitutions are open, so that no input exhausts the stack.
    depth: usize,
}

/// Deeper nesting is refused.
pub(super) const DEEPEST: usize = 40;

impl Parser {
    /// Up to the `)` that closes it.
    fn enclosed(&mut self) -> Result<List, Syntax> {
        let list = self.list(&[])?;
        match self.scan.next() {
            Some(')') => Ok(list),
            Some(found) => Err(self.scan.wrong(&format!("syntax error near unexpected token `{found}'"))),
            None => Err(self.scan.unfinished("unexpected end of file while looking for matching `)'")),
        }
    }

    /// Pipelines up to the end, a `)`, or one of the reserved words `ends`, which is left standing.
    fn list(&mut self, ends: &[&str]) -> Result<List, Syntax> {
        if self.depth > DEEPEST {
            return Err(self.scan.wrong("nested too deeply"));
        }
        let mut list = List::new();
        let mut joint = Joint::Always;
        loop {
            self.scan.blanks_and_lines()?;
            let at_end = self.scan.peek().is_none_or(|c| c == ')')
                || self.scan.starts_with(";;")
                || self.at_reserved(ends);
            if at_end && joint == Joint::Always {
                return Ok(list);
            }
            list.push((joint, self.pipeline()?));
            joint = match self.separator()? {
                Some(joint) => joint,
                None => return Ok(list),
            };
        }
    }

    /// What stands after a pipeline; `None` when the list ends there.
    fn separator(&mut self) -> Result<Option<Joint>, Syntax> {
        self.scan.blanks();
        if self.scan.take("&&") {
            return Ok(Some(Joint::And));
        }
        if self.scan.take("||") {
            return Ok(Some(Joint::Or));
        }
        match self.scan.peek() {
            None | Some(')') => Ok(None),
            Some(';') => {
                if self.scan.starts_with(";;") {
                    return Ok(None);
                }
                self.scan.next();
                Ok(Some(Joint::Always))
            }
            Some('\n') => self.scan.line_end().map(|()| Some(Joint::Always)),
            Some('&') => Err(self.scan.wrong("`&': this shell has no background jobs")),
            Some(found) => Err(self.scan.wrong(&format!("syntax error near unexpected token `{found}'"))),
        }
    }

    fn pipeline(&mut self) -> Result<Pipeline, Syntax> {
        self.scan.blanks();
        let negated = self.scan.take_word("!");
        let mut commands = vec![self.command()?];
        loop {
            self.scan.blanks();
            if self.scan.starts_with("||") || !self.scan.take("|") {
                return Ok(Pipeline { negated, commands });
            }
            self.scan.blanks_and_lines()?;
            commands.push(self.command()?);
        }
    }

    fn command(&mut self) -> Result<Command, Syntax> {
        self.scan.blanks();
        self.depth += 1;
        let body = match self.compound() {
            Some(body) => body?,
            None => {
                self.depth -= 1;
                return self.simple();
            }
        };
        self.depth -= 1;
        let mut redirects = Vec::new();
        loop {
            self.scan.blanks();
            match self.redirect()? {
                Some(redirect) => redirects.push(redirect),
                None => return Ok(Command { body, redirects }),
            }
        }
    }

    fn compound(&mut self) -> Option<Result<Body, Syntax>> {
        if self.scan.take("(") {
            return Some(self.enclosed().map(Body::Subshell));
        }
        let word = RESERVED.iter().find(|word| self.scan.take_word(word))?;
        Some(match *word {
            "{" => self.block(&["}"]).map(Body::Group),
            "if" => self.conditional(),
            "for" => self.for_each(),
            "while" => self.while_loop(false),
            "until" => self.while_loop(true),
            "case" => self.case(),
            other => Err(self.scan.wrong(&format!("syntax error near unexpected token `{other}'"))),
        })
    }

    /// A list and the reserved word that ends it.
    fn block(&mut self, ends: &[&str]) -> Result<List, Syntax> {
        let list = self.list(ends)?;
        let ended = ends.first().is_some_and(|end| self.scan.take_word(end));
        let end = ends.first().copied().unwrap_or_default();
        match ended {
            true if list.is_empty() => {
                Err(self.scan.wrong(&format!("syntax error near unexpected token `{end}'")))
            }
            true => Ok(list),
            false => Err(self.scan.missing(end)),
        }
    }

    fn conditional(&mut self) -> Result<Body, Syntax> {
        let mut arms = Vec::new();
        loop {
            let condition = self.block(&["then"])?;
            let body = self.list(&["elif", "else", "fi"])?;
            arms.push((condition, body));
            if self.scan.take_word("elif") {
                continue;
            }
            let otherwise = if self.scan.take_word("else") { self.list(&["fi"])? } else { List::new() };
            if self.scan.take_word("fi") {
                return Ok(Body::If { arms, otherwise });
            }
            return Err(self.scan.unfinished("syntax error: `fi' is missing"));
        }
    }

    fn for_each(&mut self) -> Result<Body, Syntax> {
        self.scan.blanks();
        let name = self.scan.name();
        if name.is_empty() {
            return Err(self.scan.wrong("syntax error: `for' needs a name"));
        }
        self.scan.blanks_and_lines()?;
        if !self.scan.take_word("in") {
            return Err(self.scan.wrong("syntax error: `for NAME' needs `in'"));
        }
        let mut words = Vec::new();
        loop {
            self.scan.blanks();
            match self.scan.word(self.depth)? {
                Some(word) => words.push(word),
                None => break,
            }
        }
        self.separator()?;
        let body = self.do_block()?;
        Ok(Body::For { name, words, body })
    }

    fn case(&mut self) -> Result<Body, Syntax> {
        self.scan.blanks();
        let word = self.scan.word(self.depth)?;
        let word = word.ok_or_else(|| self.scan.wrong("syntax error: `case' needs a word"))?;
        self.scan.blanks_and_lines()?;
        if !self.scan.take_word("in") {
            return Err(self.scan.missing("in"));
        }
        let mut arms = Vec::new();
        loop {
            self.scan.blanks_and_lines()?;
            if self.scan.take_word("esac") {
                return Ok(Body::Case { word, arms });
            }
            let patterns = self.patterns()?;
            arms.push((patterns, self.list(&["esac"])?));
            self.scan.blanks_and_lines()?;
            if !self.scan.take(";;") && !self.scan.at_word("esac") {
                return Err(self.scan.missing("esac"));
            }
        }
    }

    /// `(a|b)`, the first bracket being optional.
    fn patterns(&mut self) -> Result<Vec<Word>, Syntax> {
        self.scan.take("(");
        let mut patterns = Vec::new();
        loop {
            self.scan.blanks();
            match self.scan.word(self.depth)? {
                Some(word) => patterns.push(word),
                None => return Err(self.scan.missing("esac")),
            }
            self.scan.blanks();
            if self.scan.take(")") {
                return Ok(patterns);
            }
            if !self.scan.take("|") {
                return Err(self.scan.missing(")"));
            }
        }
    }

    fn while_loop(&mut self, until: bool) -> Result<Body, Syntax> {
        let condition = self.block(&["do"])?;
        let body = self.block(&["done"])?;
        Ok(Body::While { condition, body, until })
    }

    fn do_block(&mut self) -> Result<List, Syntax> {
        self.scan.blanks_and_lines()?;
        if self.scan.take_word("do") {
            return self.block(&["done"]);
        }
        Err(self.scan.unfinished("syntax error: `do' is missing"))
    }

    fn simple(&mut self) -> Result<Command, Syntax> {
        let (mut assignments, mut words, mut redirects) = (Vec::new(), Vec::new(), Vec::new());
        loop {
            self.scan.blanks();
            if let Some(redirect) = self.redirect()? {
                redirects.push(redirect);
                continue;
            }
            let Some(word) = self.scan.word(self.depth)? else { break };
            match assignment(&word) {
                Some(assigned) if words.is_empty() => assignments.push(assigned),
                _ => words.push(word),
            }
        }
        if self.scan.starts_with("(") && !words.is_empty() {
            return Err(self.scan.wrong("syntax error near `(': this shell has no functions"));
        }
        if assignments.is_empty() && words.is_empty() && redirects.is_empty() {
            return Err(match self.scan.peek() {
                None => self.scan.unfinished("syntax error: unexpected end of file"),
                Some('\n') => self.scan.wrong("syntax error near unexpected token `newline'"),
                Some(found) => self.scan.wrong(&format!("syntax error near unexpected token `{found}'")),
            });
        }
        Ok(Command { body: Body::Simple { assignments, words }, redirects })
    }

    fn redirect(&mut self) -> Result<Option<Redirect>, Syntax> {
        if self.scan.take("&>") {
            return Ok(Some(Redirect { from: 1, to: To::Both(self.target()?) }));
        }
        let Some((from, operator)) = self.scan.redirection() else { return Ok(None) };
        let to = match operator {
            "<<" => To::Here(self.here(false)?),
            "<<-" => To::Here(self.here(true)?),
            "<" => To::Read(self.target()?),
            ">>" => To::Append(self.target()?),
            ">&" | "<&" => To::Same(self.stream()?),
            _ => To::Write(self.target()?),
        };
        let default = if operator.starts_with('<') { 0 } else { 1 };
        Ok(Some(Redirect { from: from.unwrap_or(default), to }))
    }

    /// The word that a redirection leads to.
    fn target(&mut self) -> Result<Word, Syntax> {
        self.scan.blanks();
        let word = self.scan.word(self.depth)?;
        word.ok_or_else(|| self.scan.wrong("syntax error: a redirection leads nowhere"))
    }

    fn stream(&mut self) -> Result<u8, Syntax> {
        match self.scan.next() {
            Some(digit @ '0'..='2') => Ok(if digit == '1' { 1 } else { u8::from(digit == '2') * 2 }),
            _ => Err(self.scan.wrong("only the streams 0, 1 and 2 can be redirected")),
        }
    }

    fn here(&mut self, strip: bool) -> Result<Rc<OnceCell<Word>>, Syntax> {
        let word = self.target()?;
        let quoted = word.iter().any(|part| matches!(part, Part::Quoted(_)));
        let mut end = String::new();
        for part in &word {
            match part {
                Part::Bare(text) | Part::Quoted(text) => end.push_str(text),
                _ => return Err(self.scan.wrong("the word that ends a here-document is plain text")),
            }
        }
        Ok(self.scan.expect_here(end, strip, quoted))
    }

    fn at_reserved(&self, ends: &[&str]) -> bool {
        ends.iter().any(|end| self.scan.at_word(end))
    }
}

/// `NAME=value`, taken apart.
fn assignment(word: &Word) -> Option<(String, Word)> {
    let Some(Part::Bare(text)) = word.first() else { return None };
    let (name, value) = text.split_once('=')?;
    if !is_name(name) {
        return None;
    }
    let value = (!value.is_empty()).then(|| Part::Bare(value.to_owned()));
    Some((name.to_owned(), value.into_iter().chain(word.iter().skip(1).cloned()).collect()))
}

/// Whether a text can name a variable.
pub(crate) fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_quote_wants_more_and_a_stray_bracket_does_not() {
        assert!(parse("echo 'a").unwrap_err().unfinished);
        assert!(parse("echo \"a").unwrap_err().unfinished);
        assert!(parse("echo $(date").unwrap_err().unfinished);
        assert!(parse("cat <<EOF\nx\n").unwrap_err().unfinished);
        assert!(parse("cat <<EOF").unwrap_err().unfinished);
        assert!(parse("echo a &&").unwrap_err().unfinished);
        assert!(parse("echo \\").unwrap_err().unfinished);
        assert!(!parse("echo )").unwrap_err().unfinished);
        assert!(parse("if true; then echo").unwrap_err().unfinished);
    }

    #[test]
    fn errors_say_where() {
        let error = parse("true\necho a\n| cat").unwrap_err();
        assert_eq!(error.to_string(), "line 3: syntax error near unexpected token `|'");
    }

    #[test]
    fn deep_nesting_is_refused() {
        let script = "$(".repeat(100_000);
        assert!(parse(&script).unwrap_err().reason.contains("nested"));
        let script = "( ".repeat(100_000);
        assert!(parse(&script).unwrap_err().reason.contains("nested"));
        let script = "${a:-".repeat(100_000);
        assert!(parse(&script).unwrap_err().reason.contains("nested"));
    }
}
