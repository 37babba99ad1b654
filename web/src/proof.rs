//! A row of the comparison, proved: its steps run on both sides, each on engines of its own. It knows no page.

use std::rc::Rc;

use vaultlet_cli::{Shell, Stream};

use crate::host::BASE_HCL;
use crate::jq::Jq;
use crate::platform::TabClock;
use crate::rows::{Column, Row, Step};
use crate::stage::{BESIDE, Stage};
use crate::state::{Line, Observed, Proof};

/// Proves a row on a copy of `clock`. Engines, files and tokens of the page do not move.
pub(crate) async fn prove(row: &Row, clock: &TabClock, jq: &Rc<Jq>) -> Proof {
    let (service, first) = side("service", row, &row.service, clock, jq).await;
    let (batch, second) = side("batch", row, &row.batch, clock, jq).await;
    let observed = observed(batch.last(), row.batch.steps.last());
    Proof { service, batch, observed, fault: first.or(second) }
}

/// Runs one side: its lines, and what was not as the row says.
async fn side(
    name: &str,
    row: &Row,
    column: &Column,
    clock: &TabClock,
    jq: &Rc<Jq>,
) -> (Vec<Line>, Option<String>) {
    let mut host = match Stage::new(row.server, clock.apart(), jq.clone()) {
        Ok(host) => host,
        Err(refusal) => return (Vec::new(), Some(format!("{name}: no engine started: {refusal}"))),
    };
    let mut shell = Shell::new();
    shell.write_file("base.hcl", BASE_HCL.as_bytes());
    if let Some(name) = row.server.variable() {
        shell.export(name, BESIDE);
    }
    for line in row.setup {
        let ran = run(&mut shell, &mut host, line).await;
        if ran.code != 0 {
            let fault = format!("{name}: the setup `{line}` ended with {}: {}", ran.code, text(&ran));
            return (vec![ran], Some(fault));
        }
    }
    let mut lines = Vec::new();
    for step in column.steps {
        let mut ran = run(&mut shell, &mut host, step.run).await;
        ran.fault = fault(step, &ran);
        lines.push(ran);
    }
    let fault = lines.iter().find_map(|line| line.fault.as_ref().map(|fault| format!("{name}: {fault}")));
    (lines, fault)
}

async fn run(shell: &mut Shell, host: &mut Stage, line: &str) -> Line {
    let (before, sealed) = (host.puts(), host.encryptions());
    host.status = None;
    let ran = shell.run(host, line).await;
    Line {
        run: line.to_owned(),
        output: ran
            .output
            .iter()
            .map(|(to, bytes)| (*to, String::from_utf8_lossy(bytes).into_owned()))
            .collect(),
        code: ran.code,
        status: host.status,
        puts: host.puts() - before,
        encryptions: host.encryptions().zip(sealed).map(|(now, then)| (now.0 - then.0, now.1 - then.1)),
        fault: None,
    }
}

fn text(line: &Line) -> String {
    line.output.iter().map(|(_, text)| text.as_str()).collect()
}

/// Runs of spaces count as one, so that no table's width is claimed.
fn squeezed(text: &str) -> String {
    let lines: Vec<String> = text
        .lines()
        .map(|line| line.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "))
        .collect();
    lines.join("\n")
}

/// What is not as the step says.
fn fault(step: &Step, line: &Line) -> Option<String> {
    if line.code != step.exit {
        return Some(format!("documented: exit {}; observed: exit {}", step.exit, line.code));
    }
    let text = squeezed(&text(line));
    if let Some(missing) = step.prints.iter().find(|wanted| !text.contains(&squeezed(wanted))) {
        return Some(format!("documented: “{missing}”; observed: it was not printed"));
    }
    if let Some(surplus) = step.lacks.iter().find(|unwanted| text.contains(&squeezed(unwanted))) {
        return Some(format!("documented: no “{surplus}”; observed: it was printed"));
    }
    if let Some(writes) = step.writes.filter(|writes| *writes != line.puts) {
        return Some(format!("documented: {writes} writes; observed: {}", line.puts));
    }
    let wanted = step.encryptions.filter(|_| line.encryptions != step.encryptions)?;
    let sealed =
        |(active, standby)| format!("{active} times sealed on the active node, {standby} on the standby");
    let observed = line.encryptions.map_or_else(|| "one engine".to_owned(), sealed);
    Some(format!("documented: {}; observed: {observed}", sealed(wanted)))
}

/// The error's text or the line that holds the first of what the step asked for, and what it cost if that is the point.
fn observed(line: Option<&Line>, step: Option<&Step>) -> Observed {
    let (Some(line), Some(step)) = (line, step) else { return Observed::default() };
    if let Some((active, standby)) = line.encryptions.filter(|_| step.encryptions.is_some()) {
        let text = format!("sealed {standby} on the standby, {active} on the active node");
        return Observed { status: line.status, text };
    }
    if step.writes.is_some() {
        return Observed { status: line.status, text: format!("{} entries put into storage", line.puts) };
    }
    let output = text(line);
    let error = line.output.iter().filter(|(to, _)| *to == Stream::Err);
    let error: String = error.map(|(_, text)| text.as_str()).collect();
    let refusal = error.lines().find_map(|line| line.strip_prefix("* ")).map(str::to_owned);
    let asked = || {
        let wanted = squeezed(step.prints.first()?);
        squeezed(&output).lines().find(|line| line.contains(&wanted)).map(str::to_owned)
    };
    let first = || output.lines().find(|line| !line.trim().is_empty()).map(str::to_owned);
    let text = refusal.or_else(asked).or_else(first).unwrap_or_else(|| format!("exit {}", line.code));
    Observed { status: line.status, text }
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use crate::rows::ROWS;

    fn line(code: u8, out: &str, err: &str) -> Line {
        let output = vec![(Stream::Out, out.to_owned()), (Stream::Err, err.to_owned())];
        Line { code, output, status: Some(if code == 0 { 200 } else { 400 }), ..Line::default() }
    }

    #[test]
    fn the_first_rows_refusal_is_what_was_observed() {
        let step = &ROWS[0].batch.steps[0];
        let line = line(
            2,
            "",
            "Error creating token: Error making API request.\n\nCode: 400. Errors:\n\n* batch tokens cannot be root tokens\n",
        );
        assert_eq!(fault(step, &line), None);
        let observed = observed(Some(&line), Some(step));
        assert_eq!(
            (observed.status, observed.text.as_str()),
            (Some(400), "batch tokens cannot be root tokens")
        );
    }

    #[test]
    fn another_exit_code_and_another_text_are_faults() {
        let step = &ROWS[0].batch.steps[0];
        assert!(fault(step, &line(0, "", "")).unwrap().contains("observed: exit 0"));
        assert!(
            fault(step, &line(2, "", "Code: 400. Errors:\n\n* something else\n"))
                .unwrap()
                .contains("not printed")
        );
    }

    #[test]
    fn a_tables_width_does_not_count() {
        let step = &ROWS[0].service.steps[0];
        assert_eq!(
            fault(step, &line(0, "token_duration       ∞\npolicies             [\"root\"]\n", "")),
            None
        );
    }

    #[test]
    fn a_write_too_many_is_a_fault() {
        let step =
            Step { run: "x", exit: 0, prints: &[], lacks: &["accessor"], writes: Some(0), encryptions: None };
        let mut line = line(0, "fine", "");
        assert_eq!(fault(&step, &line), None);
        line.puts = 4;
        assert_eq!(fault(&step, &line), Some("documented: 0 writes; observed: 4".to_owned()));
        assert!(fault(&step, &self::line(0, "accessor n/a", "")).unwrap().contains("it was printed"));
    }
}
