//! Blocks of addresses that tokens and secrets are bound to. They know no tokens.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::refusal::Refusal;

/// An address or block in the form in which a token keeps it: a single address is without its mask.
pub(crate) fn bound(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    let wrong = || {
        Refusal::invalid(format!(
            "error parsing address \"{text}\": Unable to convert \"{text}\" to an IPv4 or IPv6 address, or a UNIX Socket"
        ))
    };
    if let Ok(address) = text.parse::<IpAddr>() {
        return Ok(address.to_string());
    }
    let block: IpNet = text.parse().map_err(|_| wrong())?;
    let whole = block.prefix_len() == block.max_prefix_len();
    Ok(if whole { block.addr().to_string() } else { block.to_string() })
}

/// Whether `address` is in one of the blocks; in no block at all if there is none.
pub(crate) fn any_holds(blocks: &[String], address: IpAddr) -> bool {
    blocks.iter().any(|block| holds(block, address))
}

fn holds(block: &str, address: IpAddr) -> bool {
    match (block.parse::<IpAddr>(), block.parse::<IpNet>()) {
        (Ok(known), _) => known == address,
        (_, Ok(block)) => block.contains(&address),
        _ => false,
    }
}

/// Checks blocks that must be written with their mask.
pub(crate) fn check_blocks(blocks: &[String], what: &str) -> Result<(), Refusal> {
    match blocks.iter().find(|block| block.parse::<IpNet>().is_err()) {
        Some(wrong) => Err(Refusal::WrappedInternal(format!(
            "failed to validate {what}CIDR blocks: invalid CIDR address: {wrong}"
        ))),
        None => Ok(()),
    }
}

/// Whether each block of `inner` lies in one of `outer`.
pub(crate) fn all_within(inner: &[String], outer: &[String]) -> bool {
    let outer: Vec<IpNet> = outer.iter().filter_map(|block| block.parse().ok()).collect();
    let within = |block: &String| {
        block.parse::<IpNet>().is_ok_and(|block| outer.iter().any(|one| one.contains(&block)))
    };
    inner.iter().all(within)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_address_is_without_its_mask() {
        assert_eq!(bound("127.0.0.1/32").unwrap(), "127.0.0.1");
        assert_eq!(bound(" 10.0.0.0/8").unwrap(), "10.0.0.0/8");
        assert_eq!(bound("::1/128").unwrap(), "::1");
        assert!(bound("x").is_err());
        assert!(any_holds(&["127.0.0.1".to_owned()], IpAddr::from([127, 0, 0, 1])));
        assert!(!any_holds(&["10.0.0.0/8".to_owned()], IpAddr::from([127, 0, 0, 1])));
    }
}
