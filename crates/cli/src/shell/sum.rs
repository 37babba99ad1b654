//! Whole numbers in `$((..))`. It knows no shell, only names with values.

/// What an expression comes to; a name without a value is 0.
pub(super) fn sum(text: &str, value: &dyn Fn(&str) -> Option<i64>) -> Result<i64, String> {
    let mut reader = Reader { rest: text.trim(), value, depth: 0 };
    let sum = reader.choice()?;
    if reader.rest.is_empty() { Ok(sum) } else { Err("arithmetic syntax error".to_owned()) }
}

struct Reader<'a> {
    rest: &'a str,
    value: &'a dyn Fn(&str) -> Option<i64>,
    depth: usize,
}

/// Operators of two sides, those that bind least first.
const LEVELS: [&[&str]; 10] = [
    &["||"],
    &["&&"],
    &["|"],
    &["^"],
    &["&"],
    &["==", "!="],
    &["<=", ">=", "<", ">"],
    &["<<", ">>"],
    &["+", "-"],
    &["*", "/", "%"],
];

impl Reader<'_> {
    /// `a ? b : c`, or what binds closer.
    fn choice(&mut self) -> Result<i64, String> {
        let condition = self.level(0)?;
        if !self.take("?") {
            return Ok(condition);
        }
        self.deeper()?;
        let one = self.choice()?;
        if !self.take(":") {
            return Err("`:' is missing".to_owned());
        }
        let other = self.choice()?;
        self.depth -= 1;
        Ok(if condition == 0 { other } else { one })
    }

    fn deeper(&mut self) -> Result<(), String> {
        self.depth += 1;
        if self.depth > 50 { Err("nested too deeply".to_owned()) } else { Ok(()) }
    }

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
        self.deeper()?;
        let value = if self.take("(") {
            let inside = self.choice()?;
            if self.take(")") { Ok(inside) } else { Err("`)' is missing".to_owned()) }
        } else if self.take("-") {
            self.one().map(i64::wrapping_neg)
        } else if self.take("+") {
            self.one()
        } else if self.take("!") {
            self.one().map(|value| i64::from(value == 0))
        } else if self.take("~") {
            self.one().map(|value| !value)
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
        match number(word) {
            Some(number) => Ok(number),
            None if super::parse::is_name(word) => Ok((self.value)(word).unwrap_or_default()),
            None => Err("arithmetic syntax error".to_owned()),
        }
    }

    fn take(&mut self, operator: &str) -> bool {
        // `|` is no half of `||`, and `<` none of `<<`.
        let half =
            |rest: &str| operator.len() == 1 && "|&<>".contains(operator) && rest.starts_with(operator);
        match self.rest.strip_prefix(operator).filter(|rest| !half(rest)) {
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
        ">" => i64::from(left > right),
        "||" => i64::from(left != 0 || right != 0),
        "&&" => i64::from(left != 0 && right != 0),
        "|" => left | right,
        "^" => left ^ right,
        "&" => left & right,
        "<<" => left.wrapping_shl(shift(right)),
        _ => left.wrapping_shr(shift(right)),
    })
}

/// By how many bits a shift goes, as the processor takes it.
fn shift(by: i64) -> u32 {
    u32::try_from(by & 63).unwrap_or_default()
}

/// `16`, `0x10` or `020`.
fn number(word: &str) -> Option<i64> {
    let (digits, radix) = match word.strip_prefix('0') {
        Some(rest) if rest.starts_with(['x', 'X']) => (rest.get(1..)?, 16),
        Some(rest) if !rest.is_empty() => (rest, 8),
        _ => (word, 10),
    };
    i64::from_str_radix(digits, radix).ok()
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
        assert_eq!(sum("1 < 2 && !0 || 0 ? 0x10 | 1 << 3 : 010", &value), Ok(24));
        assert_eq!(sum("5 & 3 ^ ~0 >> 70", &value), Ok(-2));
        assert!(sum("1/0", &value).is_err() && sum("1 +", &value).is_err() && sum("", &value).is_err());
        assert!(sum(&"(".repeat(100_000), &value).is_err());
    }
}
