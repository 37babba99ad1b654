//! Every provable row of the comparison table, proved with the real command line on the real server.

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};
use vaultlet_tests::row;
use vaultlet_tests::terminal::Real;

fn main() -> ExitCode {
    // A row without steps can be read but not proved, so it makes no test.
    let proofs = row::all().into_iter().filter(|(_, row)| row.is_provable());
    let trials = proofs.map(|(name, row)| Trial::test(name, move || Ok(row.prove(Real::start_as)?)));
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit_code()
}
