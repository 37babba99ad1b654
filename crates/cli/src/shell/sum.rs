//! Whole numbers in `$((..))`. It knows no shell, only names with values.

/// What an expression comes to; a name without a value is 0.
pub(super) fn sum(text: &str, value: &dyn Fn(&str) -> Option<i64>) -> Result<i64, String> {
    let mut reader = Reader { rest: text.trim(), value, depth: 0 };
    let sum = reader.level(0)?;
    if reader.rest.is_empty() { Ok(sum) } else { Err("arithmetic syntax error".to_owned()) }
}

struct Reader<'a> {
    rest: &'a str,
    value: &'a dyn Fn(&str) -> Option<i64>,
    depth: usize,
}

/// Operators of two sides, those that bind least first.
const LEVELS: [&[&str]; 4] = [&["==", "!="], &["<=", ">=", "<", ">"], &["+", "-"], &["*", "/", "%"]];

impl Reader<'_> {
    fn level(&mut self, level: usize) -> Result<i64, String> {
        let Some(operators) = LEVELS.get(level) else { return self.one() };
        let mut left = self.level(level + 1)?;
        while let Some(operator) = operators.iter().copied().find(|operator| self.take(operator)) {
            let right = self.level(level + 1)?;
            left = apply(operator, left, right)?;
        }
        Ok(left)
    }

    fn one(&mut self) -> Result<i64, String> {
        self.depth += 1;
        if self.depth > 50 {
            return Err("nested too deeply".to_owned());
        }
        let value = if self.take("(") {
            let inside = self.level(0)?;
            if self.take(")") { Ok(inside) } else { Err("`)' is missing".to_owned()) }
        } else if self.take("-") {
            self.one().map(i64::wrapping_neg)
        } else {
            self.operand()
        };
        self.depth -= 1;
        value
    }

    fn operand(&mut self) -> Result<i64, String> {
        let end = self.rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest.trim_start();
        match word.parse() {
            Ok(number) => Ok(number),
            Err(_) if super::parse::is_name(word) => Ok((self.value)(word).unwrap_or_default()),
            Err(_) => Err("arithmetic syntax error".to_owned()),
        }
    }

    fn take(&mut self, operator: &str) -> bool {
        match self.rest.strip_prefix(operator) {
            Some(rest) => {
                self.rest = rest.trim_start();
                true
            }
            None => false,
        }
    }
}

fn apply(operator: &str, left: i64, right: i64) -> Result<i64, String> {
    let zero = || "division by zero".to_owned();
    Ok(match operator {
        "+" => left.wrapping_add(right),
        "-" => left.wrapping_sub(right),
        "*" => left.wrapping_mul(right),
        "/" => left.checked_div(right).ok_or_else(zero)?,
        "%" => left.checked_rem(right).ok_or_else(zero)?,
        "==" => i64::from(left == right),
        "!=" => i64::from(left != right),
        "<=" => i64::from(left <= right),
        ">=" => i64::from(left >= right),
        "<" => i64::from(left < right),
        _ => i64::from(left > right),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_bind_as_in_c() {
        let value = |name: &str| (name == "i").then_some(4);
        assert_eq!(sum("1 + 2 * 3", &value), Ok(7));
        assert_eq!(sum("(1+2)*-i", &value), Ok(-12));
        assert_eq!(sum("i % 3 == 1", &value), Ok(1));
        assert_eq!(sum("nothing", &value), Ok(0));
        assert!(sum("1/0", &value).is_err() && sum("1 +", &value).is_err() && sum("", &value).is_err());
        assert!(sum(&"(".repeat(100_000), &value).is_err());
    }
}
