//! Sentences broken into lines, as the real command line breaks them. It knows no sentences.

/// Longest line of a text, indentation included.
const WIDTH: usize = 78;
/// What a line that is too long costs beside its length.
const TOO_LONG: usize = 100_000;

/// Breaks at blanks so that the lines end as evenly as can be, each behind `indent` blanks.
pub(crate) fn wrapped(text: &str, indent: usize) -> String {
    let words: Vec<&str> = text.trim().split(['\n', ' ']).collect();
    let blanks = " ".repeat(indent);
    let lines = lines(&words, WIDTH - indent);
    lines.iter().map(|line| format!("{blanks}{}", line.join(" "))).collect::<Vec<_>>().join("\n")
}

/// The division with the least sum of squared rests; the last line's rest costs nothing.
fn lines<'a>(words: &'a [&'a str], width: usize) -> Vec<&'a [&'a str]> {
    // For each word: what the lines from it on cost, and where its line ends.
    let mut best: Vec<(usize, usize)> = vec![(0, 0); words.len() + 1];
    for begin in (0..words.len()).rev() {
        let found = cheapest(words, begin, width, &best);
        if let Some(place) = best.get_mut(begin) {
            *place = found;
        }
    }
    let (mut divided, mut begin) = (Vec::new(), 0);
    while let (Some((_, end)), true) = (best.get(begin), begin < words.len()) {
        divided.extend(words.get(begin..*end));
        begin = *end;
    }
    divided
}

fn cheapest(words: &[&str], begin: usize, width: usize, best: &[(usize, usize)]) -> (usize, usize) {
    let rest = words.get(begin..).unwrap_or_default();
    let whole: usize = rest.iter().map(|word| word.len() + 1).sum();
    if whole <= width + 1 {
        return (0, words.len());
    }
    let mut found = (usize::MAX, words.len());
    let mut length = 0;
    for (index, word) in rest.iter().enumerate().take(rest.len().saturating_sub(1)) {
        length += word.len() + usize::from(index > 0);
        let end = begin + index + 1;
        let after = best.get(end).map_or(0, |(cost, _)| *cost);
        let penalty = if length > width { TOO_LONG } else { 0 };
        let cost = width.abs_diff(length).pow(2) + penalty + after;
        if cost < found.0 {
            found = (cost, end);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_as_even_as_the_real_ones() {
        let text = |product, title| {
            format!(
                "Success! You are now authenticated. The token information displayed below is already stored in \
                 the token helper. You do NOT need to run \"{product} login\" again. Future {title} requests will \
                 automatically use this token."
            )
        };
        let bao = "Success! You are now authenticated. The token information displayed below is\n\
                   already stored in the token helper. You do NOT need to run \"bao login\" again.\n\
                   Future OpenBao requests will automatically use this token.";
        assert_eq!(wrapped(&text("bao", "OpenBao"), 0), bao);
        let vault = "Success! You are now authenticated. The token information displayed below\n\
                     is already stored in the token helper. You do NOT need to run \"vault login\"\n\
                     again. Future Vault requests will automatically use this token.";
        assert_eq!(wrapped(&text("vault", "Vault"), 0), vault);
    }

    #[test]
    fn warnings_are_indented() {
        let text =
            "* TTL of \"1000h\" exceeded the effective max_ttl of \"768h\"; TTL value is capped accordingly";
        let lines = "  * TTL of \"1000h\" exceeded the effective max_ttl of \"768h\"; TTL value is\n  capped accordingly";
        assert_eq!(wrapped(text, 2), lines);
    }

    #[test]
    fn a_word_longer_than_a_line_is_not_broken() {
        let long = "x".repeat(100);
        assert_eq!(wrapped(&format!("a {long} b"), 0), format!("a {long}\nb"));
        assert_eq!(wrapped("", 2), "  ");
    }
}
