//! A request line's target: which forms there are, and which path is one.

/// The path and query of a target in any of its forms; `None` if it is none.
///
/// `/v1/x?y` stays, `http://host/v1/x` loses its host, `*` stays (it asks for the server itself).
pub(crate) fn origin(method: &str, target: &str) -> Option<String> {
    if target == "*" || method == "CONNECT" {
        return Some(target.to_owned());
    }
    let path = match target.split_once("://") {
        Some((scheme, rest)) if scheme.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
            rest.find('/').map_or("/", |at| rest.get(at..).unwrap_or("/"))
        }
        _ => target,
    };
    (path.starts_with('/') && escapes_are_whole(path)).then(|| path.to_owned())
}

/// Whether each `%` of the path stands before two hexadecimal digits; the query may hold what it likes.
fn escapes_are_whole(target: &str) -> bool {
    let path = target.split_once('?').map_or(target, |(path, _)| path);
    path.split('%').skip(1).all(|after| {
        let digits = after.as_bytes().get(..2);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    })
}

#[cfg(test)]
mod tests {
    use super::origin;

    #[test]
    fn a_target_keeps_its_path_and_query() {
        assert_eq!(origin("GET", "/v1/sys/auth?list=true%").as_deref(), Some("/v1/sys/auth?list=true%"));
        assert_eq!(origin("GET", "http://a:1/v1/x").as_deref(), Some("/v1/x"));
        assert_eq!(origin("GET", "http://a").as_deref(), Some("/"));
        assert_eq!(origin("OPTIONS", "*").as_deref(), Some("*"));
        assert_eq!(origin("CONNECT", "a:1").as_deref(), Some("a:1"));
    }

    #[test]
    fn what_is_no_path_is_none() {
        for target in ["v1/sys/leader", "/v1/%zz", "/v1/%2", "/%", "+://x/v1"] {
            assert_eq!(origin("GET", target), None, "{target}");
        }
    }
}
