//! Debian's browsers, and the driver of one of them. It knows no test.

use anyhow::Result;

use crate::debian;

/// The programs that the tests drive, and Debian's packages of them.
const BROWSERS: [(&str, &str); 3] = [
    ("/usr/bin/chromium", "chromium"),
    ("/usr/bin/chromedriver", "chromium-driver"),
    ("/usr/bin/firefox-esr", "firefox-esr"),
];

/// Installs the missing browsers where the user is root; elsewhere says what to install.
///
/// # Errors
/// A browser is missing and cannot be installed.
pub(crate) fn install() -> Result<()> {
    debian::install(&BROWSERS)
}
