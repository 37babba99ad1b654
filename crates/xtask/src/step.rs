//! Saying what is done and how long it took. It knows no step.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// Does a step, with its name before it and its time after it.
///
/// # Errors
/// Those of the step, with its name.
pub(crate) fn step(name: &str, work: impl FnOnce() -> Result<()>) -> Result<Duration> {
    println!("\n== {name}");
    let begun = Instant::now();
    work().with_context(|| format!("the step \"{name}\" failed"))?;
    let took = begun.elapsed();
    println!("== {name}: done in {}", shown(took));
    Ok(took)
}

/// `4 min 03 s`, `12.3 s`
pub(crate) fn shown(span: Duration) -> String {
    match span.as_secs() {
        seconds @ 60.. => format!("{} min {:02} s", seconds / 60, seconds % 60),
        _ => format!("{:.1} s", span.as_secs_f64()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_shown_as_people_say_them() {
        assert_eq!(shown(Duration::from_millis(12_340)), "12.3 s");
        assert_eq!(shown(Duration::from_secs(243)), "4 min 03 s");
    }

    #[test]
    fn a_failed_step_says_its_name() {
        let error = step("a step", || anyhow::bail!("why")).unwrap_err();
        assert_eq!(format!("{error:#}"), "the step \"a step\" failed: why");
    }
}
