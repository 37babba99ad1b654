//! Serving the playground on loopback, with the headers that its host would send. It knows nothing of the page.

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use tiny_http::{Header, Request, Response, Server};

use crate::{places, site};

/// The first port that is tried.
const PORT: u16 = 8300;

/// Builds the site, unless it is there already, and serves it until it is stopped.
///
/// # Errors
/// The build fails, or no port is free.
pub(crate) fn play() -> Result<()> {
    site::build_if_changed()?;
    let folder = places::dist("site");
    let rules = rules(&fs::read_to_string(folder.join("_headers"))?);
    let listener = (PORT..PORT + 100)
        .find_map(|port| TcpListener::bind(("127.0.0.1", port)).ok())
        .context("no port from 8300 to 8399 is free on loopback")?;
    let server = Server::from_listener(listener, None).map_err(|error| anyhow!(error))?;
    println!("\nThe playground: http://{}/ (Ctrl+C stops it)", server.server_addr());
    for request in server.incoming_requests() {
        // A visitor that has gone away is no fault.
        let _ = answer(request, &folder, &rules);
    }
    Ok(())
}

/// Headers for the paths that match a pattern.
struct Rule {
    pattern: String,
    headers: Vec<Header>,
}

/// Reads a `_headers` file: a pattern on a line of its own, its headers below it, indented.
fn rules(text: &str) -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        match (line.strip_prefix("  "), rules.last_mut()) {
            (Some(header), Some(rule)) => rule.headers.extend(header.parse::<Header>().ok()),
            _ => rules.push(Rule { pattern: line.trim().to_owned(), headers: Vec::new() }),
        }
    }
    rules
}

impl Rule {
    fn matches(&self, path: &str) -> bool {
        match self.pattern.split_once('*') {
            Some((before, after)) => {
                path.len() >= before.len() + after.len() && path.starts_with(before) && path.ends_with(after)
            }
            None => path == self.pattern,
        }
    }
}

fn answer(request: Request, folder: &Path, rules: &[Rule]) -> Result<()> {
    let path = request.url().split(['?', '#']).next().unwrap_or_default().to_owned();
    let Some(file) = locate(folder, &path).and_then(|file| File::open(file).ok()) else {
        return Ok(request.respond(Response::from_string("There is no such page.\n").with_status_code(404))?);
    };
    let mut response = Response::from_file(file).with_header(header("Content-Type", media_type(&path))?);
    for rule in rules.iter().filter(|rule| rule.matches(&path)) {
        rule.headers.iter().cloned().for_each(|header| response.add_header(header));
    }
    Ok(request.respond(response)?)
}

/// The file of a path, none if the path leaves the folder.
fn locate(folder: &Path, path: &str) -> Option<PathBuf> {
    let below = Path::new(path.strip_prefix('/')?);
    let plain = below.components().all(|part| matches!(part, Component::Normal(_)));
    let file = folder.join(if path == "/" { Path::new("index.html") } else { below });
    (plain && file.is_file()).then_some(file)
}

fn header(name: &str, value: &str) -> Result<Header> {
    Header::from_bytes(name, value).map_err(|()| anyhow!("{name} cannot be {value}"))
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" | "webmanifest" => "application/json",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "wasm" => "application/wasm",
        _ => "text/html; charset=utf-8",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_belong_to_the_patterns_above_them() {
        let rules = rules("/\n  A: 1\n/*.js\n  B: 2\n\n/*\n  C: 3\n");
        let of = |path: &str| -> Vec<String> {
            let matching = rules.iter().filter(|rule| rule.matches(path));
            matching.flat_map(|rule| &rule.headers).map(|header| header.field.to_string()).collect()
        };
        assert_eq!(of("/"), ["A", "C"]);
        assert_eq!(of("/a/b.js"), ["B", "C"]);
        assert_eq!(of("/style.css"), ["C"]);
    }

    #[test]
    fn nothing_outside_the_folder_is_served() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        assert!(locate(folder, "/Cargo.toml").is_some());
        for path in ["/../token/Cargo.toml", "//etc/passwd", "/src", "etc", "/./src/../../token/Cargo.toml"] {
            assert_eq!(locate(folder, path), None, "{path}");
        }
    }
}
