//! Crypto addresses: which of them carry a checksum, and whether it holds.
//!
//! Checked are Bitcoin and its kin (base58check, BIP 173 and BIP 350) and Tron (base58check). The checksum of Ethereum
//! (EIP-55) needs Keccak, which is not at hand, so of `0x` addresses only the shape is looked at. Lists name many other
//! currencies; their addresses are taken as they stand.

use sha2::{Digest, Sha256};

use crate::sanctions::subject::model::Check;

const BASE58: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const BECH32: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
/// Bitcoin and Litecoin; the other users of bech32 have rules of their own.
const SEGWIT: [&str; 3] = ["bc1", "tb1", "ltc1"];

/// Expects an address as `normalized` gives it.
pub fn check(address: &str) -> Check {
    if !address.is_ascii() || address.is_empty() {
        return Check::None;
    }
    if let Some(digits) = address.strip_prefix("0x") {
        // 40 digits on Ethereum and its kin, 64 on newer chains.
        let shape = matches!(digits.len(), 40 | 64) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        return if shape { Check::None } else { Check::Invalid };
    }
    if is_segwit(address) {
        return if segwit(address) { Check::Valid } else { Check::Invalid };
    }
    if base58check(address) {
        return Check::Valid;
    }
    // What starts like an address of Bitcoin or Tron and has its length ought to have passed.
    let alphanumeric = address.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let bitcoin = address.starts_with(['1', '3']) && (26..=35).contains(&address.len());
    let tron = address.starts_with('T') && address.len() == 34;
    if alphanumeric && (bitcoin || tron) { Check::Invalid } else { Check::None }
}

/// Without the scheme of a link, small letters where they mean the same as capitals.
pub fn normalized(text: &str) -> String {
    let text = text.trim();
    // `bitcoin:1A1z...`; what stands behind `?` is an amount.
    let address = text.rsplit_once(':').map_or(text, |(_, address)| address);
    let address = address.split('?').next().unwrap_or_default();
    let address: String = address.chars().filter(|character| !character.is_whitespace()).collect();
    let lower = address.to_ascii_lowercase();
    // The checksum of Ethereum stands in the case of its letters, so that the same address is written in several ways.
    if lower.starts_with("0x") || is_segwit(&address) { lower } else { address }
}

/// Capitals and small letters are not mixed (BIP 173), except in a misprint, which keeps its length.
fn is_segwit(address: &str) -> bool {
    let lower = address.to_ascii_lowercase();
    let one_case = lower == address || address.to_ascii_uppercase() == address;
    SEGWIT.iter().any(|prefix| lower.starts_with(prefix)) && (one_case || matches!(address.len(), 42 | 62))
}

fn segwit(address: &str) -> bool {
    let Some((prefix, data)) = address.rsplit_once('1') else {
        return false;
    };
    if data.len() < 7 || address.len() > 90 {
        return false;
    }
    let mut sum = 1;
    for byte in prefix.bytes() {
        sum = polymod(sum, byte >> 5);
    }
    sum = polymod(sum, 0);
    for byte in prefix.bytes() {
        sum = polymod(sum, byte & 0x1f);
    }
    let mut version = None;
    for byte in data.bytes() {
        let Some(value) = BECH32.iter().position(|letter| *letter == byte) else {
            return false;
        };
        version = version.or(Some(value));
        sum = polymod(sum, value as u8);
    }
    // Version 0 is bech32, later ones bech32m.
    sum == if version == Some(0) { 1 } else { 0x2bc8_30a3 }
}

/// One step of the checksum of BIP 173 with five more bits.
fn polymod(sum: u32, value: u8) -> u32 {
    const GENERATOR: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
    let top = sum >> 25;
    let shifted = ((sum & 0x01ff_ffff) << 5) ^ u32::from(value);
    let factors = GENERATOR.iter().enumerate().filter(|(bit, _)| (top >> bit) & 1 == 1);
    factors.fold(shifted, |sum, (_, factor)| sum ^ factor)
}

/// A version of one or two bytes, 20 bytes of hash, and four bytes of the doubly hashed rest.
fn base58check(address: &str) -> bool {
    if address.len() > 36 {
        return false;
    }
    let Some(bytes) = base58(address).filter(|bytes| matches!(bytes.len(), 25 | 26)) else {
        return false;
    };
    let (payload, checksum) = bytes.split_at(bytes.len() - 4);
    Sha256::digest(Sha256::digest(payload)).starts_with(checksum)
}

fn base58(text: &str) -> Option<Vec<u8>> {
    // Least significant byte first.
    let mut number: Vec<u8> = Vec::with_capacity(26);
    for byte in text.bytes() {
        let mut carry = BASE58.iter().position(|letter| *letter == byte)?;
        for digit in &mut number {
            carry += usize::from(*digit) * 58;
            *digit = (carry & 0xff) as u8;
            carry >>= 8;
        }
        if carry > 0 {
            number.push(carry as u8);
        }
    }
    // A leading `1` is a byte of zero.
    number.extend(text.bytes().take_while(|byte| *byte == b'1').map(|_| 0));
    number.reverse();
    Some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Check {
        check(&normalized(text))
    }

    #[test]
    fn checksums_hold_or_not() {
        // The first block's address, the examples of BIP 16, BIP 173 and BIP 350, and the USDT contract of Tron.
        for valid in [
            "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
            "bitcoin:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa?amount=1",
            "3P14159f73E4gFr7JterCCQh9QjiTjiZrG",
            "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
            "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
            "bc1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3qccfmv3",
            "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
            "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t",
        ] {
            assert_eq!(of(valid), Check::Valid, "{valid}");
        }
        for invalid in [
            "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb",
            "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfN0",
            "3P14159f73E4gFr7JterCCQh9QjiTjiZrH",
            "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5",
            // Version 1 with the constant of version 0.
            "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd",
            "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6u",
            "0x1234",
            "0xZ000000000000000000000000000000000000001",
            "bc1",
        ] {
            assert_eq!(of(invalid), Check::Invalid, "{invalid}");
        }
        for unchecked in [
            "0x0000000000000000000000000000000000000001",
            "cosmos1abc",
            "48edfHu7V9Z84YzzMa6fUueoELZ9ZRXq9VetWzYGzKt52XU5xvqgzYnDK9URnRoJMk1j8nLwEVsaSWJ4fhdUyZijBGUicoD",
            "1",
            "",
            "ёё",
        ] {
            assert_eq!(of(unchecked), Check::None, "{unchecked}");
        }
    }

    #[test]
    fn case_is_kept_where_it_means_something() {
        assert_eq!(normalized(" 0xAbC "), "0xabc");
        assert_eq!(
            normalized("BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4"),
            "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
        );
        assert_eq!(normalized("TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"), "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t");
    }
}
