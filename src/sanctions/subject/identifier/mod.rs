//! Identifiers: whether their check digits hold, and which are strong enough to say that two subjects are the same.
//!
//! What a list writes is kept; only what is compared is normalised. Where a kind has no check digits, a value of a
//! shape that the kind cannot have is [`Check::Invalid`], and any other [`Check::None`].

mod crypto;
mod digits;
mod link;
mod normal;

use super::model::{Check, Identifier, IdentifierKind};

pub use self::link::{link_key, reason};
pub use self::normal::{normalized, normalized_query};

/// An identifier with its check digits looked at; the value is kept as it is given, without blanks around it. Country,
/// label and the rest are for the caller to set.
pub fn checked(kind: IdentifierKind, value: &str) -> Identifier {
    Identifier { kind, value: value.trim().to_owned(), check: check(kind, value), ..Identifier::default() }
}

fn check(kind: IdentifierKind, value: &str) -> Check {
    let text = normalized(kind, value);
    let holds = match kind {
        // Whether it is a ship or a company is known only by the label.
        IdentifierKind::Imo => digits::imo_ship(&text) || digits::imo_company(&text),
        IdentifierKind::Lei => digits::lei(&text),
        IdentifierKind::Inn => digits::inn(&text),
        IdentifierKind::Ogrn => digits::ogrn(&text),
        IdentifierKind::Uscc => digits::uscc(&text),
        IdentifierKind::Security if digits::isin_shape(&text) => digits::isin(&text),
        IdentifierKind::Mmsi => return shape(digits::mmsi_shape(&text)),
        IdentifierKind::Bic => return shape(digits::bic_shape(&text)),
        IdentifierKind::CryptoAddress => return crypto::check(&text),
        _ => return Check::None,
    };
    if holds { Check::Valid } else { Check::Invalid }
}

fn shape(fits: bool) -> Check {
    if fits { Check::None } else { Check::Invalid }
}

/// The normalised value alone, for looking it up whatever its kind; [`normalized_query`] gives the same for a request.
pub fn key(identifier: &Identifier) -> String {
    let kind = if is_imo(identifier) { IdentifierKind::Imo } else { identifier.kind };
    normalized(kind, &identifier.value)
}

/// Whether it is an IMO number, also where the list has another word for it (`Vessel Registration Identification IMO
/// 9187629`).
fn is_imo(identifier: &Identifier) -> bool {
    match identifier.kind {
        IdentifierKind::Imo => true,
        IdentifierKind::Other | IdentifierKind::Registration => {
            let says_imo = |text: &str| {
                let mut words = text.split(|c: char| !c.is_ascii_alphabetic());
                words.any(|word| word.eq_ignore_ascii_case("imo"))
            };
            says_imo(&identifier.label) || says_imo(&identifier.value)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use IdentifierKind::*;

    use super::*;

    #[test]
    fn check_digits_hold_or_not() {
        for (kind, valid, invalid) in [
            (Imo, "IMO 9074729", "IMO 9074728"),
            (Imo, "9221970", "9221971"),
            // A company's number, by its own scheme.
            (Imo, "2041999", "2041997"),
            // Deutsche Bank, Apple.
            (Lei, "7LTWFZYICNSX8D621K86", "7LTWFZYICNSX8D621K87"),
            (Lei, "HWUPKR0MPOU8FGXBT394", "HWUPKR0MPOU8FGXBT395"),
            // Sberbank, and the example of the tax service for a person.
            (Inn, "7707083893", "7707083894"),
            (Inn, "500100732259", "500100732258"),
            (Inn, "500100732259", "500100732269"),
            (Ogrn, "1027700132195", "1027700132196"),
            (Ogrn, "304500116000157", "304500116000158"),
            // Huawei, China Telecom.
            (Uscc, "914403001922038216", "914403001922038217"),
            (Uscc, "9111000071093019X7", "9111000071093019X8"),
            // Apple, Siemens.
            (Security, "US0378331005", "US0378331006"),
            (Security, "DE0007236101", "DE0007236110"),
        ] {
            assert_eq!(checked(kind, valid).check, Check::Valid, "{valid}");
            assert_eq!(checked(kind, invalid).check, Check::Invalid, "{invalid}");
            assert_eq!(checked(kind, &format!(" {} ", valid.to_lowercase())).check, Check::Valid, "{valid}");
        }
    }

    #[test]
    fn every_single_wrong_digit_is_seen_where_the_scheme_can() {
        for (kind, valid) in [
            (Lei, "7LTWFZYICNSX8D621K86"),
            (Uscc, "914403001922038216"),
            (Security, "US0378331005"),
            (CryptoAddress, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"),
            (CryptoAddress, "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"),
        ] {
            // In place of a letter a digit changes the weights of what stands before it, and one in 97 such passes.
            for (index, old) in valid.char_indices().skip(1).filter(|(_, old)| old.is_ascii_digit()) {
                for new in "023456789".chars().filter(|new| *new != old) {
                    let wrong = format!("{}{new}{}", &valid[..index], &valid[index + 1..]);
                    assert_ne!(checked(kind, &wrong).check, Check::Valid, "{wrong}");
                }
            }
        }
    }

    #[test]
    fn shapes_without_check_digits_are_never_called_valid() {
        for (kind, value, expected) in [
            (Mmsi, "572469210", Check::None),
            (Mmsi, "972469210", Check::Invalid),
            (Mmsi, "57246921", Check::Invalid),
            (Bic, "DEUTDEFF", Check::None),
            (Bic, "DEUTDEFF500", Check::None),
            (Bic, "DEUTDEFF5", Check::Invalid),
            (Bic, "DEUTQQFF", Check::Invalid),
            (Bic, "D1UTDEFF", Check::Invalid),
            (Security, "SBER", Check::None),
            (Passport, "anything", Check::None),
            (Imo, "", Check::Invalid),
            (Inn, "0000000000", Check::Invalid),
            (Uscc, "000000000000000000", Check::Invalid),
        ] {
            assert_eq!(checked(kind, value).check, expected, "{kind:?} {value}");
        }
        assert_eq!(checked(Imo, " IMO 9074729 ").value, "IMO 9074729");
    }
}
