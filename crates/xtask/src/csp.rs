//! The built page's content security policy: it hashes the inline script that Trunk writes, puts the policy into the page
//! and into a `_headers` file for hosts that honour one. It knows nothing of what the page does.

use std::path::Path;
use std::{fs, io};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// What the page may do, but for the scripts: nothing that is not here.
const PAGE: &str = "default-src 'none'; style-src 'self'; img-src 'self'; connect-src 'self'; worker-src 'self'; \
    base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types vaultlet";

/// A worker loaded from an address does not inherit the page's policy: its script's own header carries this one.
const WORKER: &str = "default-src 'none'; connect-src 'self'; script-src 'self' 'wasm-unsafe-eval'";

/// Writes the policy into `index.html` and `_headers` of a built site.
///
/// # Errors
/// Reading or writing failed, or the page is not one that Trunk built.
pub fn protect(site: &Path) -> io::Result<()> {
    let index = site.join("index.html");
    let page = fs::read_to_string(&index)?;
    let policy = page_policy(&page);
    fs::write(&index, with_meta(&page, &policy)?)?;
    fs::write(site.join("_headers"), headers(&policy))
}

/// The page's policy, with the hash of each of its inline scripts.
fn page_policy(page: &str) -> String {
    let hashes: String = inline_scripts(page).map(|script| format!(" 'sha256-{}'", hash(script))).collect();
    format!("{PAGE}; script-src 'self' 'wasm-unsafe-eval'{hashes}")
}

/// The texts of scripts that have no `src`.
fn inline_scripts(page: &str) -> impl Iterator<Item = &str> {
    page.split("<script").skip(1).filter_map(|rest| {
        let (attributes, rest) = rest.split_once('>')?;
        let (text, _) = rest.split_once("</script>")?;
        (!attributes.contains("src=")).then_some(text)
    })
}

fn hash(script: &str) -> String {
    STANDARD.encode(Sha256::digest(script))
}

/// The policy stands before anything that it rules over.
fn with_meta(page: &str, policy: &str) -> io::Result<String> {
    let charset = "<meta charset=\"utf-8\">";
    let Some((before, after)) = page.split_once(charset) else {
        return Err(io::Error::new(io::ErrorKind::InvalidData, format!("index.html has no {charset}")));
    };
    if after.contains("http-equiv=\"Content-Security-Policy\"") {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "index.html has a policy already: build the site anew",
        ));
    }
    Ok(format!(
        "{before}{charset}\n<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">{after}"
    ))
}

/// Netlify's and Cloudflare's form. What a `<meta>` cannot say, frame-ancestors, is said here.
fn headers(policy: &str) -> String {
    let page = format!("  Content-Security-Policy: {policy}; frame-ancestors 'none'\n");
    format!(
        "/\n{page}/index.html\n{page}/*.js\n  Content-Security-Policy: {WORKER}\n/*\n  X-Content-Type-Options: nosniff\n  \
         Referrer-Policy: no-referrer\n  Cross-Origin-Opener-Policy: same-origin\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUILT: &str = "<head>\n<meta charset=\"utf-8\">\n<script src=\"/theme.js\"></script>\n<script type=\"module\">start()</script></head>";

    #[test]
    fn only_the_inline_script_is_hashed() {
        let policy = page_policy(BUILT);
        assert!(policy.contains(&format!("'sha256-{}'", hash("start()"))), "{policy}");
        assert_eq!(policy.matches("sha256-").count(), 1);
    }

    #[test]
    fn the_policy_stands_before_the_first_script() {
        let page = with_meta(BUILT, "default-src 'none'").unwrap();
        assert!(page.find("Content-Security-Policy") < page.find("<script"));
        assert!(with_meta(&page, "x").is_err());
    }

    #[test]
    fn a_page_without_the_mark_is_refused() {
        assert!(with_meta("<head></head>", "x").is_err());
    }
}
