//! A tree to the usual form: two blanks a level, equal signs of neighbours below each other. It reads nothing.

use super::tree::{Body, Element, Entry, Item, Value};

/// A whole file with its line end.
pub(super) fn file(body: &Body) -> String {
    let mut text = String::new();
    let mut before: Option<&Item> = None;
    for entry in &body.entries {
        match entry {
            Entry::Alone(comments) => {
                text.push_str(if before.take().is_some() { "\n\n" } else { "" });
                text.push_str(&format!("{}\n\n", comments.join("\n")));
            }
            Entry::Item(item) => {
                if let Some(before) = before {
                    text.push_str(if are_close(before, item) { "\n" } else { "\n\n" });
                }
                text.push_str(&whole(item).join("\n"));
                before = Some(item);
            }
        }
    }
    match body.entries.last() {
        Some(Entry::Alone(_)) => text,
        _ => text + "\n",
    }
}

/// Blocks without members on neighbouring lines stay together.
fn are_close(one: &Item, next: &Item) -> bool {
    let is_bare = |item: &Item| {
        let empty = matches!(&item.value, Value::Object(body) if !body.entries.iter().any(is_item));
        item.lead.is_empty() && !item.assigned && empty
    };
    next.line == one.line + 1 && is_bare(one) && is_bare(next)
}

fn is_item(entry: &Entry) -> bool {
    matches!(entry, Entry::Item(_))
}

/// An item's lines, comments included. `widest` is the width of the neighbours' keys, among which a block has an
/// equal sign too; 0 without neighbours.
fn printed(item: &Item, widest: usize) -> Vec<String> {
    let mut lines: Vec<String> =
        item.lead.iter().flat_map(|comment| comment.split('\n')).map(str::to_owned).collect();
    let keys = item.keys.join(" ");
    let filled = keys.clone() + &" ".repeat(widest.saturating_sub(keys.chars().count()));
    let head = if item.assigned || widest > 0 { format!("{filled} = ") } else { format!("{keys} ") };
    let mut value = value(&item.value);
    if let Some(first) = value.first_mut() {
        *first = head + first;
    }
    lines.extend(value);
    lines
}

/// The same with what stands behind it.
fn whole(item: &Item) -> Vec<String> {
    let mut lines = printed(item, 0);
    if let Some(last) = lines.last_mut().filter(|_| !item.behind.is_empty()) {
        *last = format!("{last} {}", item.behind);
    }
    lines
}

fn value(value: &Value) -> Vec<String> {
    match value {
        Value::Literal(text) => text.split('\n').map(str::to_owned).collect(),
        Value::List(elements, spread) => list(elements, *spread),
        Value::Object(body) => object(body),
    }
}

fn list(elements: &[Element], spread: bool) -> Vec<String> {
    let plain = |element: &Element| matches!(element.value, Value::Literal(_)) && element.lead.is_empty();
    if elements.is_empty() || (!spread && elements.iter().all(plain)) {
        let texts: Vec<String> = elements.iter().map(|element| value(&element.value).join("\n")).collect();
        return vec![format!("[{}]", texts.join(", "))];
    }
    let mut lines = vec!["[".to_owned()];
    let mut after_lead = false;
    for (index, element) in elements.iter().enumerate() {
        if index > 0 && (after_lead || !element.lead.is_empty()) {
            lines.push(String::new());
        }
        after_lead = !element.lead.is_empty();
        let mut inside = element.lead.clone();
        inside.extend(value(&element.value));
        let behind = if element.behind.is_empty() { String::new() } else { format!(" {}", element.behind) };
        if let Some(last) = inside.last_mut() {
            *last = format!("{last},{behind}");
        }
        lines.extend(inside.iter().map(|line| indented(line)));
    }
    lines.push("]".to_owned());
    lines
}

fn indented(line: &str) -> String {
    if line.is_empty() { String::new() } else { format!("  {line}") }
}

fn object(body: &Body) -> Vec<String> {
    if body.entries.is_empty() {
        return vec!["{}".to_owned()];
    }
    let mut lines = vec!["{".to_owned()];
    for (index, group) in groups(&body.entries).into_iter().enumerate() {
        if index > 0 {
            lines.push(String::new());
        }
        lines.extend(group.iter().map(|line| indented(line)));
    }
    lines.push("}".to_owned());
    lines
}

/// What stands together; empty lines come between.
fn groups(entries: &[Entry]) -> Vec<Vec<String>> {
    let (mut groups, mut together): (Vec<Vec<String>>, Vec<&Item>) = (Vec::new(), Vec::new());
    for entry in entries {
        let joins = |item: &Item| {
            together.last().is_some_and(|last| {
                last.line + 1 == item.line && item.lead.is_empty() && is_short(last) && is_short(item)
            })
        };
        match entry {
            Entry::Item(item) if joins(item) => together.push(item),
            Entry::Item(item) => {
                groups.extend(aligned(&std::mem::replace(&mut together, vec![item])));
            }
            Entry::Alone(comments) => {
                groups.extend(aligned(&std::mem::take(&mut together)));
                groups.push(
                    comments.iter().flat_map(|comment| comment.split('\n')).map(str::to_owned).collect(),
                );
            }
        }
    }
    groups.extend(aligned(&together));
    groups
}

/// One line, with one more above it at most.
fn is_short(item: &Item) -> bool {
    printed(item, 0).len() <= 2 && value(&item.value).len() == 1
}

/// Items one below the other, their equal signs and the comments behind them too.
fn aligned(items: &[&Item]) -> Option<Vec<String>> {
    match items {
        [] => return None,
        [alone] => return Some(whole(alone)),
        _ => {}
    }
    let width = |text: &str| text.chars().count();
    let keys = items.iter().map(|item| width(&item.keys.join(" "))).max().unwrap_or_default();
    let printed: Vec<Vec<String>> = items.iter().map(|item| self::printed(item, keys)).collect();
    let widest =
        printed.iter().filter_map(|lines| lines.last()).map(|line| width(line)).max().unwrap_or_default();
    let mut all = Vec::new();
    for (item, mut lines) in items.iter().zip(printed) {
        if let Some(last) = lines.last_mut().filter(|_| !item.behind.is_empty()) {
            *last = format!("{last}{} {}", " ".repeat(widest.saturating_sub(width(last))), item.behind);
        }
        all.extend(lines);
    }
    Some(all)
}
