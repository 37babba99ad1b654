//! Files: `ls`, `rm`, `cp`, `mv`, `mkdir`, `touch`, `tee`, `pwd`, `test`.

use super::{Io, options};

/// `pwd`
pub(super) fn pwd(io: &mut Io<'_>) -> u8 {
    let directory = io.files.directory.clone();
    io.output.line(&directory);
    0
}

/// `ls [-1al] [NAMES]`
pub(super) fn ls(io: &mut Io<'_>) -> u8 {
    let options = match options::read(io.arguments, "1aAl", "", &[("all", 'a'), ("almost-all", 'A')]) {
        Ok(options) => options,
        Err(error) => return io.misused(&error),
    };
    let mut names = if options.words.is_empty() { vec![".".to_owned()] } else { options.words.clone() };
    names.sort();
    let (directories, files): (Vec<_>, Vec<_>) = names.iter().partition(|name| io.files.is_directory(name));
    let mut code = 0;
    for name in &files {
        match io.files.read(name) {
            Ok(bytes) => listed(io, name, Some(bytes.len()), options.has('l')),
            Err(error) => {
                io.output.error(&format!("ls: cannot access '{name}': {}", error.capital()));
                code = 2;
            }
        }
    }
    for (index, name) in directories.iter().enumerate() {
        if names.len() > 1 {
            let gap = if index > 0 || !files.is_empty() { "\n" } else { "" };
            io.output.line(&format!("{gap}{name}:"));
        }
        if options.has('a') {
            listed(io, ".", None, options.has('l'));
            listed(io, "..", None, options.has('l'));
        }
        for entry in io.files.list(name).unwrap_or_default() {
            if options.has('a') || options.has('A') || !entry.starts_with('.') {
                let size = io.files.read(&format!("{name}/{entry}")).ok().map(|bytes| bytes.len());
                listed(io, &entry, size, options.has('l'));
            }
        }
    }
    code
}

fn listed(io: &mut Io<'_>, name: &str, size: Option<usize>, long: bool) {
    let kind = if size.is_some() { "-rw-r--r--" } else { "drwxr-xr-x" };
    let line = if long { format!("{kind} {:>8} {name}", size.unwrap_or_default()) } else { name.to_owned() };
    io.output.line(&line);
}

/// `rm [-fr] FILES`
pub(super) fn rm(io: &mut Io<'_>) -> u8 {
    let options = match options::read(io.arguments, "frR", "", &[("force", 'f'), ("recursive", 'r')]) {
        Ok(options) => options,
        Err(error) => return io.fail(&error),
    };
    if options.words.is_empty() && !options.has('f') {
        return io.fail("missing operand");
    }
    let all = options.has('r') || options.has('R');
    let mut code = 0;
    for name in &options.words {
        let removed = if all { io.files.remove_all(name) } else { io.files.remove(name) };
        match removed {
            Err(crate::shell::FileError::Missing) if options.has('f') => {}
            Err(error) => code = io.fail(&format!("cannot remove '{name}': {}", error.capital())),
            Ok(()) => {}
        }
    }
    code
}

/// `cp FROM TO`
pub(super) fn cp(io: &mut Io<'_>) -> u8 {
    let [from, to] = io.arguments else { return io.misused("usage: cp FROM TO") };
    let to = into_directory(io, from, to);
    let copied = io.files.read(from).and_then(|bytes| io.files.write(&to, &bytes));
    copied.map_or_else(|error| io.fail(&format!("cannot stat '{from}': {}", error.capital())), |()| 0)
}

/// `mv FROM TO`
pub(super) fn mv(io: &mut Io<'_>) -> u8 {
    let [from, to] = io.arguments else { return io.misused("usage: mv FROM TO") };
    let to = into_directory(io, from, to);
    if io.files.absolute(from) == io.files.absolute(&to) {
        return io.fail(&format!("'{from}' and '{to}' are the same file"));
    }
    let read = io.files.read(from);
    let moved = read.and_then(|bytes| io.files.write(&to, &bytes)).and_then(|()| io.files.remove(from));
    moved.map_or_else(|error| io.fail(&format!("cannot stat '{from}': {}", error.capital())), |()| 0)
}

/// A directory as the target means the same name in it.
fn into_directory(io: &Io<'_>, from: &str, to: &str) -> String {
    let name = from.rsplit('/').next().unwrap_or(from);
    if io.files.is_directory(to) { format!("{to}/{name}") } else { to.to_owned() }
}

/// `mkdir [-p] NAMES`
pub(super) fn mkdir(io: &mut Io<'_>) -> u8 {
    let options = match options::read(io.arguments, "p", "", &[("parents", 'p')]) {
        Ok(options) => options,
        Err(error) => return io.misused(&error),
    };
    if options.words.is_empty() {
        return io.fail("missing operand");
    }
    let mut code = 0;
    for name in &options.words {
        let above =
            name.match_indices('/').filter_map(|(at, _)| name.get(..at)).filter(|part| !part.is_empty());
        let parts: Vec<&str> = above.chain([name.as_str()]).collect();
        for part in if options.has('p') { parts } else { vec![name.as_str()] } {
            match io.files.make_directory(part) {
                Err(crate::shell::FileError::Exists) if options.has('p') => {}
                Err(error) => {
                    code = io.fail(&format!("cannot create directory '{part}': {}", error.capital()));
                }
                Ok(()) => {}
            }
        }
    }
    code
}

/// `touch FILES`
pub(super) fn touch(io: &mut Io<'_>) -> u8 {
    let mut code = 0;
    for name in io.arguments {
        if let Err(error) = io.files.append(name, b"") {
            code = io.fail(&format!("cannot touch '{name}': {}", error.capital()));
        }
    }
    code
}

/// `tee [-a] FILES`
pub(super) fn tee(io: &mut Io<'_>) -> u8 {
    let options = match options::read(io.arguments, "a", "", &[("append", 'a')]) {
        Ok(options) => options,
        Err(error) => return io.misused(&error),
    };
    let bytes = std::mem::take(io.stdin);
    let mut code = 0;
    for name in &options.words {
        let written =
            if options.has('a') { io.files.append(name, &bytes) } else { io.files.write(name, &bytes) };
        if let Err(error) = written {
            code = io.fail(&format!("{name}: {}", error.capital()));
        }
    }
    io.output.raw(&bytes);
    code
}

/// `test EXPRESSION`, or `[ EXPRESSION ]`
pub(super) fn test(io: &mut Io<'_>) -> u8 {
    let mut words: Vec<&str> = io.arguments.iter().map(String::as_str).collect();
    if io.name == "[" && words.pop() != Some("]") {
        return io.misused("missing ]");
    }
    match holds(io, &words) {
        Some(holds) => u8::from(!holds),
        None => {
            let text = format!("{}: unexpected expression", words.join(" "));
            io.misused(&text)
        }
    }
}

fn holds(io: &Io<'_>, words: &[&str]) -> Option<bool> {
    if words.len() > 3 {
        for (operator, any) in [("-o", true), ("-a", false)] {
            if let Some(at) = words.iter().position(|word| *word == operator).filter(|at| *at > 0) {
                let (one, other) = (words.get(..at)?, words.get(at + 1..)?);
                let (one, other) = (holds(io, one)?, holds(io, other)?);
                return Some(if any { one || other } else { one && other });
            }
        }
    }
    Some(match words {
        [] => false,
        ["!", rest @ ..] if !rest.is_empty() => !holds(io, rest)?,
        [one] => !one.is_empty(),
        ["-n", text] => !text.is_empty(),
        ["-z", text] => text.is_empty(),
        ["-e", name] => io.files.is_directory(name) || io.files.read(name).is_ok(),
        ["-f" | "-r", name] => io.files.read(name).is_ok(),
        ["-s", name] => io.files.read(name).is_ok_and(|bytes| !bytes.is_empty()),
        ["-d", name] => io.files.is_directory(name),
        [one, "=" | "==", other] => one == other,
        [one, "!=", other] => one != other,
        [one, operator, other] => {
            let (one, other): (i64, i64) = (one.trim().parse().ok()?, other.trim().parse().ok()?);
            match *operator {
                "-eq" => one == other,
                "-ne" => one != other,
                "-lt" => one < other,
                "-le" => one <= other,
                "-gt" => one > other,
                "-ge" => one >= other,
                _ => return None,
            }
        }
        _ => return None,
    })
}
