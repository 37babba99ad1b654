//! Child processes that never outlive the test that started them. It knows nothing of what they do.

use std::process::{Child, Command, Stdio};

/// A process that is killed when this is dropped, and also when the whole test process dies at once.
#[derive(Debug)]
pub(crate) struct Kept {
    child: Child,
    guard: Child,
}

impl Kept {
    /// Starts `command`.
    pub(crate) fn start(command: &mut Command) -> Self {
        let program = command.get_program().to_string_lossy().into_owned();
        let child = command.stdin(Stdio::null()).spawn();
        let child = child.unwrap_or_else(|error| panic!("{program} does not start: {error}"));
        let guard = guard(child.id());
        Self { child, guard }
    }

    /// Whether it still runs.
    pub(crate) fn is_running(&mut self) -> bool {
        self.child.try_wait().is_ok_and(|status| status.is_none())
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        // The guard goes first: once the child is gone its number may belong to another process.
        let _ = self.guard.kill();
        let _ = self.guard.wait();
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A shell that waits for the end of its input and then kills `pid`.
///
/// Its input is a pipe from this process, so it ends however this process ends: by Ctrl+C or an abort, too,
/// where no destructor runs.
fn guard(pid: u32) -> Child {
    Command::new("sh")
        .args(["-c", "read -r _; kill -9 \"$1\"", "guard", &pid.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("sh starts")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(pid: u32) -> bool {
        Command::new("kill").args(["-0", &pid.to_string()]).stderr(Stdio::null()).status().unwrap().success()
    }

    #[test]
    fn a_process_ends_with_its_owner() {
        let kept = Kept::start(Command::new("sleep").arg("60"));
        let (child, guard) = (kept.child.id(), kept.guard.id());
        assert!(runs(child) && runs(guard));
        drop(kept);
        assert!(!runs(child) && !runs(guard));
    }

    #[test]
    fn the_guard_kills_when_its_input_ends() {
        let mut kept = Kept::start(Command::new("sleep").arg("60"));
        drop(kept.guard.stdin.take());
        kept.guard.wait().unwrap();
        assert!(!kept.child.wait().unwrap().success());
    }
}
