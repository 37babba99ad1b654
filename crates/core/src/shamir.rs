//! Shamir's sharing of a key, as the real server shares its unseal key. It knows no seal and no encoding.
//!
//! Every byte of the secret is the constant term of a polynomial of its own over GF(2^8), reduced by 0x11b. A share holds
//! those polynomials' values at one `x`, and that `x` as its last byte. The arithmetic has no branch and no table that
//! depends on a secret; an `x` is no secret.

use zeroize::{Zeroize, Zeroizing};

use crate::host::{Rng, RngFailed};

/// Why shares make no secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A share has no bytes but its `x`, or none at all.
    Short,
    /// The shares are not all equally long.
    Lengths,
    /// A place was given twice.
    Repeated,
}

/// The secret that `shares` agree on. Too few shares, or wrong ones, give a wrong secret: nothing here can tell.
pub(crate) fn combine(shares: &[&[u8]]) -> Result<Zeroizing<Vec<u8>>, Fault> {
    let mut points = Vec::with_capacity(shares.len());
    for share in shares {
        match share.split_last() {
            Some((&x, values)) if !values.is_empty() => points.push((x, values)),
            _ => return Err(Fault::Short),
        }
    }
    let len = points.first().ok_or(Fault::Short)?.1.len();
    if points.iter().any(|(_, values)| values.len() != len) {
        return Err(Fault::Lengths);
    }
    let mut secret = Zeroizing::new(vec![0u8; len]);
    for (at, &(x, values)) in points.iter().enumerate() {
        let others = points.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, point)| point.0);
        let weight = weight_at_zero(x, others).ok_or(Fault::Repeated)?;
        secret.iter_mut().zip(values).for_each(|(sum, &value)| *sum ^= multiply(value, weight));
    }
    Ok(secret)
}

/// Splits `secret` into `shares`, of which any `threshold` give it back. One share is the secret itself, as on the real
/// server.
pub(crate) fn split(
    rng: &mut dyn Rng,
    secret: &[u8],
    shares: u8,
    threshold: u8,
) -> Result<Vec<Zeroizing<Vec<u8>>>, RngFailed> {
    if shares < 2 {
        return Ok(vec![Zeroizing::new(secret.to_vec()); usize::from(shares)]);
    }
    let mut made: Vec<_> =
        (1..=shares).map(|_| Zeroizing::new(Vec::with_capacity(secret.len() + 1))).collect();
    let places = places(rng, shares)?;
    let mut coefficients = Zeroizing::new(vec![0u8; usize::from(threshold)]);
    for &byte in secret {
        rng.fill(&mut coefficients)?;
        coefficients.first_mut().into_iter().for_each(|constant| *constant = byte);
        for (share, &x) in made.iter_mut().zip(&places) {
            let value = coefficients.iter().rev().fold(0, |sum, &next| multiply(sum, x) ^ next);
            share.push(value);
        }
    }
    coefficients.zeroize();
    made.iter_mut().zip(places).for_each(|(share, x)| share.push(x));
    Ok(made)
}

/// `count` different places other than 0.
fn places(rng: &mut dyn Rng, count: u8) -> Result<Vec<u8>, RngFailed> {
    let mut places = Vec::with_capacity(usize::from(count));
    while places.len() < usize::from(count) {
        let mut x = [0u8];
        rng.fill(&mut x)?;
        let [x] = x;
        if x != 0 && !places.contains(&x) {
            places.push(x);
        }
    }
    Ok(places)
}

/// What the value at `x` counts for the value at 0: the product of `other / (other - x)`. None if two places are one.
fn weight_at_zero(x: u8, others: impl Iterator<Item = u8>) -> Option<u8> {
    let mut weight = 1;
    for other in others {
        if other == x {
            return None;
        }
        weight = multiply(weight, multiply(other, invert(other ^ x)));
    }
    Some(weight)
}

/// Product in GF(2^8), by shifting and masking.
fn multiply(left: u8, right: u8) -> u8 {
    let (mut product, mut left) = (0, left);
    for bit in 0..8 {
        product ^= left & mask(right >> bit);
        left = (left << 1) ^ (0x1b & mask(left >> 7));
    }
    product
}

/// All ones if the lowest bit is set.
fn mask(bit: u8) -> u8 {
    (bit & 1).wrapping_neg()
}

/// The inverse in GF(2^8): the 254th power.
fn invert(value: u8) -> u8 {
    let (mut power, mut square) = (1, value);
    for _ in 0..7 {
        square = multiply(square, square);
        power = multiply(power, square);
    }
    power
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Seeded;

    #[test]
    fn every_value_but_zero_has_an_inverse() {
        for value in 1..=255 {
            assert_eq!(multiply(value, invert(value)), 1, "{value}");
        }
        assert_eq!(multiply(0x57, 0x83), 0xc1, "the example of FIPS 197");
    }

    #[test]
    fn any_threshold_of_the_shares_gives_the_secret_and_fewer_do_not() {
        let secret: Vec<u8> = (0..32).collect();
        let shares = split(&mut Seeded::new(3), &secret, 5, 3).unwrap();
        assert!(shares.iter().all(|share| share.len() == 33));
        for chosen in [[0, 1, 2], [4, 2, 0], [1, 3, 4]] {
            let chosen: Vec<&[u8]> = chosen.iter().map(|&at| shares[at].as_slice()).collect();
            assert_eq!(*combine(&chosen).unwrap(), secret);
            assert_ne!(*combine(&chosen[..2]).unwrap(), secret);
        }
        let all: Vec<&[u8]> = shares.iter().map(|share| share.as_slice()).collect();
        assert_eq!(*combine(&all).unwrap(), secret, "more than needed");
    }

    #[test]
    fn as_many_shares_as_there_are_places_can_be_made() {
        let shares = split(&mut Seeded::new(4), b"secret", 255, 255).unwrap();
        let all: Vec<&[u8]> = shares.iter().map(|share| share.as_slice()).collect();
        assert_eq!(*combine(&all).unwrap(), b"secret");
    }

    #[test]
    fn shares_that_make_no_secret_are_told_apart() {
        assert_eq!(combine(&[]), Err(Fault::Short));
        assert_eq!(combine(&[b"x"]), Err(Fault::Short));
        assert_eq!(combine(&[b"ab\x01", b"a\x02"]), Err(Fault::Lengths));
        assert_eq!(combine(&[b"ab\x01", b"cd\x01"]), Err(Fault::Repeated));
        // No share is made there, but its values would be the secret itself.
        assert_eq!(*combine(&[b"ab\x00", b"cd\x01"]).unwrap(), b"ab");
    }
}
