//! Bound CIDRs: the addresses that a token may be used from. It knows no storage.

use std::net::IpAddr;

use ipnet::IpNet;

/// Whether a request from `remote` is within one of the blocks; none at all admits everybody.
pub(crate) fn admit(blocks: &[String], remote: IpAddr) -> bool {
    blocks.is_empty() || blocks.iter().filter_map(|block| read(block)).any(|block| block.contains(&remote))
}

/// Reads a block, or an address alone, which the server writes without its mask.
pub(crate) fn read(text: &str) -> Option<IpNet> {
    text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_alone_is_a_block_of_one() {
        let blocks = ["10.0.0.0/8".to_owned(), "127.0.0.1".to_owned()];
        for (remote, admitted) in
            [("10.1.2.3", true), ("127.0.0.1", true), ("127.0.0.2", false), ("::1", false)]
        {
            assert_eq!(admit(&blocks, remote.parse().unwrap()), admitted, "{remote}");
        }
        assert!(admit(&[], "::1".parse().unwrap()));
    }
}
