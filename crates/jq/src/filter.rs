//! Runs a filter over the values of an input. It knows no arguments.

use std::cell::RefCell;

use jaq_core::data::HasLut;
use jaq_core::load::{Arena, File, Loader};
use jaq_core::native::{Fun, bome, run as native, v};
use jaq_core::{Compiler, Ctx, DataT, Filter, Lut, Vars};
use jaq_json::{Val, read};
use jaq_std::input::{HasInputs, Inputs, RcIter};

use crate::Ran;
use crate::options::Options;
use crate::values::{Pieces, Torn};

/// Programs nested deeper than this are refused: they are read by recursion.
const DEEPEST: usize = 200;

/// What filters of ours can reach while they run.
struct Kind;

#[derive(Clone)]
struct Reach<'a> {
    lut: &'a Lut<Kind>,
    inputs: Inputs<'a, Val>,
    /// Seconds since 1970.
    now: f64,
    /// What `debug` and `stderr` print.
    aside: &'a RefCell<Vec<u8>>,
}

impl DataT for Kind {
    type V<'a> = Val;
    type Data<'a> = Reach<'a>;
}

impl<'a> HasLut<'a, Kind> for Reach<'a> {
    fn lut(&self) -> &'a Lut<Kind> {
        self.lut
    }
}

impl<'a> HasInputs<'a, Val> for Reach<'a> {
    fn inputs(&self) -> Inputs<'a, Val> {
        self.inputs
    }
}

/// Filters that ours take the place of: jaq's would ask the platform.
const OURS: [&str; 4] = ["now", "env", "debug_empty", "stderr_empty"];

fn functions() -> impl Iterator<Item = Fun<Kind>> {
    let theirs = jaq_core::funs::<Kind>().chain(jaq_std::funs::<Kind>()).chain(jaq_json::funs::<Kind>());
    let inputs = jaq_std::input::funs::<Kind>().into_vec().into_iter().map(|fun| native::<Kind>(fun));
    let ours: [Fun<Kind>; 4] = [
        native(("now", v(0), |cv| bome(Ok(Val::from(cv.0.data().now))))),
        native(("env", v(0), |_| bome(Ok(Val::Obj(Default::default()))))),
        native(("debug_empty", v(0), |cv| {
            aside(&cv.0, &format!("[\"DEBUG:\",{}]\n", cv.1));
            Box::new(std::iter::empty())
        })),
        native(("stderr_empty", v(0), |cv| {
            match &cv.1 {
                Val::TStr(text) => aside(&cv.0, &String::from_utf8_lossy(text)),
                value => aside(&cv.0, &value.to_string()),
            }
            Box::new(std::iter::empty())
        })),
    ];
    theirs
        .filter(|(name, arguments, _)| !(OURS.contains(name) && arguments.is_empty()))
        .chain(inputs)
        .chain(ours)
}

fn aside(ctx: &Ctx<'_, Kind>, text: &str) {
    ctx.data().aside.borrow_mut().extend_from_slice(text.as_bytes());
}

/// Runs the filter of `options`; gives the exit code.
pub(crate) fn run(options: &Options, input: &[u8], now: f64, ran: &mut Ran) -> u8 {
    match compiled(options) {
        Ok(filter) => over(options, &filter, input, now, ran),
        Err(reasons) => {
            let count = reasons.len();
            for reason in reasons {
                ran.complain(&format!("jq: error: {reason} at <top-level>"));
            }
            ran.complain(&format!("jq: {count} compile error{}", if count == 1 { "" } else { "s" }));
            3
        }
    }
}

/// The filter, or each reason why it is none.
fn compiled(options: &Options) -> Result<Filter<Kind>, Vec<String>> {
    if depth(&options.filter) > DEEPEST {
        return Err(vec!["the program is nested too deeply".to_owned()]);
    }
    let names: Vec<String> = options.named.iter().map(|(name, _)| format!("${name}")).collect();
    let globals = ["$ENV", "$ARGS", "$__prog_args"].into_iter().chain(names.iter().map(String::as_str));
    let definitions = jaq_core::defs().chain(jaq_std::defs()).chain(jaq_json::defs());
    let arena = Arena::default();
    let loaded = Loader::new(definitions).load(&arena, File { code: options.filter.as_str(), path: () });
    let modules = loaded
        .map_err(|errors| errors.into_iter().flat_map(|(_, error)| load_error(error)).collect::<Vec<_>>())?;
    let filter = Compiler::default().with_funs(functions()).with_global_vars(globals).compile(modules);
    filter.map_err(|errors| {
        let undefined = |(name, undefined): (&str, jaq_core::compile::Undefined)| match undefined {
            jaq_core::compile::Undefined::Filter(arity) => format!("{name}/{arity} is not defined"),
            _ => format!("{name} is not defined"),
        };
        errors.into_iter().flat_map(|(_, errors)| errors).map(undefined).collect()
    })
}

fn load_error(error: jaq_core::load::Error<&str>) -> Vec<String> {
    use jaq_core::load::Error;
    let found = |text: &str| match text.trim().chars().next() {
        Some(_) => format!("unexpected {:?}", text.split_whitespace().next().unwrap_or_default()),
        None => "unexpected end of the program".to_owned(),
    };
    match error {
        Error::Io(errors) => errors.into_iter().map(|(name, reason)| format!("{name}: {reason}")).collect(),
        Error::Lex(errors) => {
            let one = |(expected, at): (jaq_core::load::lex::Expect<&str>, &str)| {
                format!("syntax error, {} ({} was expected)", found(at), expected.as_str())
            };
            errors.into_iter().map(one).collect()
        }
        Error::Parse(errors) => {
            let one = |(expected, at): (jaq_core::load::parse::Expect<&str>, &str)| {
                format!("syntax error, {} ({} was expected)", found(at), expected.as_str())
            };
            errors.into_iter().map(one).collect()
        }
    }
}

/// How deeply brackets are nested, those inside texts included.
fn depth(program: &str) -> usize {
    let (mut open, mut deepest) = (0usize, 0);
    for c in program.chars() {
        match c {
            '(' | '[' | '{' => open += 1,
            ')' | ']' | '}' => open = open.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(open);
    }
    deepest
}

/// What is known while the inputs go by.
#[derive(Default)]
struct Reading {
    lines: usize,
    /// Why the input ends early.
    torn: Option<String>,
}

fn over(options: &Options, filter: &Filter<Kind>, input: &[u8], now: f64, ran: &mut Ran) -> u8 {
    let reading = RefCell::new(Reading::default());
    let values: Box<dyn Iterator<Item = Result<Val, String>>> = Box::new(inputs(options, input, &reading));
    let inputs: Box<RcIter<dyn Iterator<Item = Result<Val, String>>>> = Box::new(RcIter::new(values));
    let aside = RefCell::new(Vec::new());
    let reach = Reach { lut: &filter.lut, inputs: &*inputs, now, aside: &aside };
    let mut last = Last::default();
    let mut code = 0;
    if options.null_input {
        code = last.one(options, filter, &reach, Val::Null, "<unknown>".to_owned(), ran);
    } else {
        let mut values = &*inputs;
        while let (Some(Ok(value)), None) = (values.next(), last.halted) {
            let place = format!("<stdin>:{}", reading.borrow().lines);
            code = last.one(options, filter, &reach, value, place, ran);
        }
    }
    if let Some(code) = last.halted {
        return code;
    }
    if let Some(torn) = &reading.borrow().torn {
        ran.complain(&format!("jq: parse error: {torn}"));
        return 2;
    }
    match (code, options.exit_status, last.truth) {
        (0, true, None) => 4,
        (0, true, Some(false)) => 1,
        (code, ..) => code,
    }
}

/// What the filter last gave.
#[derive(Default)]
struct Last {
    /// Whether the last value is neither false nor null; none if there was no value.
    truth: Option<bool>,
    /// The code with which the filter ended everything.
    halted: Option<u8>,
}

impl Last {
    /// Runs the filter on one value; gives the code that this leaves.
    fn one(
        &mut self,
        options: &Options,
        filter: &Filter<Kind>,
        reach: &Reach<'_>,
        value: Val,
        place: String,
        ran: &mut Ran,
    ) -> u8 {
        let vars = Vars::new(variables(options));
        let ctx = Ctx::<Kind>::new(reach.clone(), vars);
        for result in filter.id.run((ctx, value)) {
            ran.stderr.append(&mut reach.aside.borrow_mut());
            match result {
                Ok(value) => {
                    self.truth = Some(!matches!(value, Val::Null | Val::Bool(false)));
                    ran.print(options, &value);
                }
                Err(exception) => return self.failed(exception, &place, ran),
            }
        }
        ran.stderr.append(&mut reach.aside.borrow_mut());
        0
    }

    fn failed(&mut self, exception: jaq_core::Exn<'_, Val>, place: &str, ran: &mut Ran) -> u8 {
        match exception.get_err() {
            Ok(error) => {
                let line = match error.into_val() {
                    Val::TStr(text) => format!("jq: error (at {place}): {}", String::from_utf8_lossy(&text)),
                    value => format!("jq: error (at {place}) (not a string): {value}"),
                };
                ran.complain(&line);
                5
            }
            Err(other) => {
                let code = other.get_halt().ok().and_then(|code| u8::try_from(code).ok()).unwrap_or(5);
                self.halted = Some(code);
                code
            }
        }
    }
}

/// The values of the global variables, in the order of their names.
fn variables(options: &Options) -> Vec<Val> {
    let named: jaq_json::Map =
        options.named.iter().map(|(name, value)| (Val::from(name.clone()), value.clone())).collect();
    let positional: Val = options.positional.iter().cloned().collect();
    let arguments = [("positional", positional.clone()), ("named", Val::obj(named))];
    let arguments: jaq_json::Map =
        arguments.into_iter().map(|(key, value)| (Val::from(key.to_owned()), value)).collect();
    let globals = [Val::Obj(Default::default()), Val::obj(arguments), positional];
    globals.into_iter().chain(options.named.iter().map(|(_, value)| value.clone())).collect()
}

/// The values to run on, as the options want them.
fn inputs<'a>(
    options: &Options,
    input: &'a [u8],
    reading: &'a RefCell<Reading>,
) -> Box<dyn Iterator<Item = Result<Val, String>> + 'a> {
    let text = |bytes: &[u8]| Val::from(String::from_utf8_lossy(bytes).into_owned());
    if options.raw_input {
        if options.slurp {
            return Box::new(std::iter::once(Ok(text(input))));
        }
        let lines = input.split_inclusive(|byte| *byte == b'\n');
        return Box::new(lines.map(move |line| {
            reading.borrow_mut().lines += 1;
            Ok(text(line.strip_suffix(b"\n").unwrap_or(line)))
        }));
    }
    let mut pieces = Pieces::new(input);
    let mut values = std::iter::from_fn(move || {
        let piece = pieces.next()?;
        let mut reading = reading.borrow_mut();
        let value = match piece {
            Ok(piece) => {
                reading.lines = piece.lines;
                read::parse_single(piece.text).map_err(|error| format!("{error} of {}", short(piece.text)))
            }
            Err(Torn::Unfinished) => Err("Unfinished JSON term at the end of the input".to_owned()),
            Err(Torn::TooDeep) => Err("Exceeds depth limit for parsing".to_owned()),
        };
        if let Err(reason) = &value {
            reading.torn = Some(reason.clone());
        }
        Some(value)
    });
    if !options.slurp {
        return Box::new(values);
    }
    let mut all = Vec::new();
    for value in values.by_ref() {
        match value {
            Ok(value) => all.push(value),
            Err(reason) => return Box::new(std::iter::once(Err(reason))),
        }
    }
    Box::new(std::iter::once(Ok(all.into_iter().collect())))
}

/// The beginning of a text, for a sentence.
fn short(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let begin: String = text.chars().take(11).collect();
    if text.chars().count() > 11 { format!("{begin}..") } else { begin }
}
