//! Keys of identifiers by which subjects of different lists are the same, and the words that say so.

use super::{crypto, digits, is_imo, key, normal, normalized};
use crate::sanctions::subject::model::{Check, Identifier, IdentifierKind};

/// Fewer significant characters of a document are shared by many.
const DOCUMENT_MIN: usize = 5;
const TAX_MIN: usize = 6;
/// Lists that cut their remarks also cut addresses; no chain that lists name has shorter ones.
const ADDRESS_MIN: usize = 25;

/// What two subjects, of whatever lists, have in common only when they are the same one: `imo:9221970`,
/// `passport:IRN:A12345678`.
///
/// `None` for kinds that several may share or that are given anew (a telephone, an MMSI), for values whose check digits
/// do not hold, and for words that stand in for a number. Documents need their country. A taxpayer or registration
/// number that lists put under another kind gives the key of its own kind when its check digits hold.
pub fn link_key(identifier: &Identifier) -> Option<String> {
    if identifier.check == Check::Invalid {
        return None;
    }
    let value = key(identifier);
    let kind = identifier.kind;
    let country = identifier.country.as_str();
    match kind {
        _ if is_imo(identifier) => imo_key(identifier, &value),
        IdentifierKind::Lei => digits::lei(&value).then(|| format!("lei:{value}")),
        IdentifierKind::Bic => {
            let institution = value.strip_suffix("XXX").filter(|rest| rest.len() == 8).unwrap_or(&value);
            digits::bic_shape(institution).then(|| format!("bic:{institution}"))
        }
        // Neighbours have taxpayer numbers of the same name.
        IdentifierKind::Inn if country.is_empty() || country == "RUS" => {
            digits::inn(&value).then(|| format!("inn:{value}"))
        }
        IdentifierKind::Ogrn if country.is_empty() || country == "RUS" => {
            digits::ogrn(&value).then(|| format!("ogrn:{value}"))
        }
        IdentifierKind::Uscc => digits::uscc(&value).then(|| format!("uscc:{value}")),
        IdentifierKind::Passport => document_key("passport", country, &value, DOCUMENT_MIN),
        IdentifierKind::NationalId | IdentifierKind::Registration | IdentifierKind::Tax => {
            register_key(kind, country, &value, &identifier.value)
        }
        IdentifierKind::CryptoAddress => {
            let usable = crypto::check(&value) != Check::Invalid && value.len() >= ADDRESS_MIN && !is_generic(&value);
            usable.then(|| format!("crypto:{value}"))
        }
        IdentifierKind::UnReference => normal::is_un_reference(&value).then(|| format!("un:{value}")),
        IdentifierKind::OfacUid => is_entry_number(&value).then(|| format!("ofac:{value}")),
        IdentifierKind::OfsiGroup => is_entry_number(&value).then(|| format!("ofsi:{value}")),
        IdentifierKind::EuReference => {
            let usable = value.strip_prefix("EU.").is_some_and(|rest| rest.contains(|c: char| c.is_ascii_digit()));
            usable.then(|| format!("eu:{value}"))
        }
        IdentifierKind::Security => digits::isin(&value).then(|| format!("isin:{value}")),
        _ => None,
    }
}

/// In words why a key links, to stand behind two subjects: `both carry IMO number 9221970`.
pub fn reason(key: &str) -> String {
    let (prefix, value) = key.split_once(':').unwrap_or(("", key));
    let what = match prefix {
        "imo" => "IMO number",
        "imo-company" => "IMO company number",
        "lei" => "legal entity identifier",
        "bic" => "BIC",
        "inn" => "Russian taxpayer number (INN)",
        "ogrn" => "Russian registration number (OGRN)",
        "uscc" => "Chinese unified social credit code",
        "passport" => "passport",
        "national-id" => "national identity number",
        "registration" => "registration number",
        "tax" => "tax number",
        "crypto" => "crypto address",
        "un" => "UN reference",
        "ofac" => "OFAC entry number",
        "ofsi" => "OFSI group number",
        "eu" => "EU reference",
        "isin" => "ISIN",
        _ => return format!("both carry {key}"),
    };
    match value.split_once(':') {
        Some((country, number)) => format!("both carry {what} {number} of {country}"),
        None if prefix == "un" => format!("both carry {what} {}", un_spelling(value)),
        None => format!("both carry {what} {value}"),
    }
}

/// `KPi.033`, as the UN writes it.
fn un_spelling(value: &str) -> String {
    let list_end = value.len().min(2);
    let (list, rest) = value.split_at_checked(list_end).unwrap_or(("", value));
    format!("{}{rest}", list.to_ascii_uppercase())
}

/// Ships and companies are numbered apart, each with its own check digit. Where the list does not say which of them it
/// is, what fits a ship is a ship's.
fn imo_key(identifier: &Identifier, value: &str) -> Option<String> {
    let label = identifier.label.to_ascii_lowercase();
    let said_company = label.contains("company") || label.contains("owner");
    if !said_company && digits::imo_ship(value) {
        return Some(format!("imo:{value}"));
    }
    digits::imo_company(value).then(|| format!("imo-company:{value}"))
}

/// Key of a number that is told by its country: in registers with check digits the register's own, else the kind's.
fn register_key(kind: IdentifierKind, country: &str, value: &str, written: &str) -> Option<String> {
    match country {
        "RUS" => {
            let inn = normalized(IdentifierKind::Inn, written);
            // Of ten digits one in eleven passes by chance: an identity card is not a taxpayer number then.
            let may_be_inn = kind != IdentifierKind::NationalId || inn.len() == 12;
            if may_be_inn && digits::inn(&inn) {
                return Some(format!("inn:{inn}"));
            }
            let ogrn = normalized(IdentifierKind::Ogrn, written);
            if digits::ogrn(&ogrn) {
                return Some(format!("ogrn:{ogrn}"));
            }
            // A tax number that is no INN, or a registration of the length of an OGRN, is misprinted.
            let misprinted = matches!(ogrn.len(), 13 | 15) && ogrn.bytes().all(|byte| byte.is_ascii_digit());
            if kind == IdentifierKind::Tax || misprinted {
                return None;
            }
        }
        "CHN" if kind != IdentifierKind::NationalId && value.len() == 18 => {
            return digits::uscc(value).then(|| format!("uscc:{value}"));
        }
        _ => {}
    }
    match kind {
        IdentifierKind::NationalId => document_key("national-id", country, value, DOCUMENT_MIN),
        IdentifierKind::Registration => document_key("registration", country, value, DOCUMENT_MIN),
        _ => document_key("tax", country, value, TAX_MIN),
    }
}

fn document_key(kind: &str, country: &str, value: &str, least: usize) -> Option<String> {
    let significant = value.trim_start_matches('0').chars().count();
    let numbered = value.contains(|c: char| c.is_ascii_digit());
    let usable = !country.is_empty() && numbered && significant >= least && !is_generic(value);
    usable.then(|| format!("{kind}:{country}:{value}"))
}

/// Numbers of a list's own entries, however short.
fn is_entry_number(value: &str) -> bool {
    !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) && value.contains(|c| c != '0')
}

/// Whether the text stands in for a number that nobody knows: a word, one character throughout, counting up.
fn is_generic(value: &str) -> bool {
    const WORDS: [&str; 14] = [
        "UNKNOWN",
        "NOTKNOWN",
        "NA",
        "NOTAVAILABLE",
        "NOTAPPLICABLE",
        "NONE",
        "NIL",
        "NULL",
        "TBC",
        "TBD",
        "PENDING",
        "UNDETERMINED",
        "UNSPECIFIED",
        "VARIOUS",
    ];
    let upper = value.to_uppercase();
    let first = value.chars().next();
    WORDS.contains(&upper.as_str())
        || value.chars().all(|character| Some(character) == first)
        || "01234567890".contains(value)
        || "09876543210".contains(value)
}

#[cfg(test)]
mod tests {
    use IdentifierKind::*;
    use proptest::prelude::{prop_assert, prop_assert_eq, prop_assert_ne, proptest};
    use proptest::sample::select;

    use super::super::{checked, normalized_query};
    use super::*;

    fn of(kind: IdentifierKind, value: &str, country: &str, label: &str) -> Identifier {
        Identifier { country: country.to_owned(), label: label.to_owned(), ..checked(kind, value) }
    }

    #[test]
    fn the_same_number_links_whatever_list_writes_it() {
        for (key, identifiers) in [
            (
                "imo:9221970",
                vec![
                    of(Imo, "IMO9221970", "", ""),
                    of(Imo, "9221970", "IRN", ""),
                    of(Other, "9221970", "", "Vessel IMO number"),
                    of(Registration, "IMO 9221970", "", "Vessel Registration Identification"),
                ],
            ),
            (
                "imo-company:2041999",
                vec![
                    of(Imo, "2041999", "", "company"),
                    of(Imo, "2041999", "", ""),
                    of(Other, "2041999", "", "IMO company number"),
                ],
            ),
            (
                "inn:7718927027",
                vec![
                    of(Inn, "7718927027", "", ""),
                    of(Inn, "INN 7718927027", "RUS", ""),
                    of(Tax, "7718927027", "RUS", "Tax ID No."),
                    of(Tax, "7718927027/771801001", "RUS", ""),
                    of(Registration, "7718927027", "RUS", ""),
                ],
            ),
            ("inn:500100732259", vec![of(NationalId, "500100732259", "RUS", ""), of(Inn, "500100732259", "", "")]),
            (
                "ogrn:1027700132195",
                vec![
                    of(Ogrn, "1027700132195", "", ""),
                    of(Registration, "OGRN: 1027700132195", "RUS", ""),
                    of(Tax, "1027700132195", "RUS", ""),
                ],
            ),
            (
                "uscc:914403001922038216",
                vec![of(Uscc, "914403001922038216", "", ""), of(Registration, "914403001922038216", "CHN", "")],
            ),
            (
                "passport:IRN:A12345679",
                vec![of(Passport, "A12345679", "IRN", ""), of(Passport, "Iranian passport no. A 12345679", "IRN", "")],
            ),
            ("bic:DEUTDEFF", vec![of(Bic, "DEUTDEFF", "", ""), of(Bic, "deutdeffxxx", "DEU", "")]),
            ("bic:DEUTDEFF500", vec![of(Bic, "DEUTDEFF500", "", "")]),
            ("lei:7LTWFZYICNSX8D621K86", vec![of(Lei, "7LTW FZYI CNSX 8D62 1K86", "", "")]),
            ("isin:US0378331005", vec![of(Security, "US0378331005", "", "")]),
            ("national-id:PAK:5432112345671", vec![of(NationalId, "54321-1234567-1", "PAK", "")]),
            ("registration:GBR:00765432", vec![of(Registration, "UK Company no. 00765432", "GBR", "")]),
            ("tax:MEX:ABC010203AB1", vec![of(Tax, "ABC-010203-AB1", "MEX", "")]),
            ("un:kpi.033", vec![of(UnReference, "KPi.033", "", "")]),
            ("ofac:36", vec![of(OfacUid, "36", "", "")]),
            ("ofsi:12703", vec![of(OfsiGroup, "12703", "", "")]),
            ("eu:EU.27.28", vec![of(EuReference, "EU.27.28", "", "")]),
            (
                "crypto:0xabababababababababababababababababababcd",
                vec![of(CryptoAddress, "0xABABabababababababababababababababababCD", "", "ETH")],
            ),
        ] {
            for identifier in identifiers {
                assert_eq!(link_key(&identifier).as_deref(), Some(key), "{identifier:?}");
            }
        }
    }

    #[test]
    fn weak_and_wrong_numbers_never_link() {
        for identifier in [
            of(Imo, "9221971", "", ""),
            of(Other, "9221971", "", "IMO"),
            // A ship's number that was said to be a company's.
            of(Imo, "9221970", "", "company"),
            of(Mmsi, "572469210", "", ""),
            of(Inn, "7718927028", "", ""),
            of(Inn, "7718927027", "KGZ", ""),
            of(Tax, "7718927028", "RUS", ""),
            of(Registration, "1027700132196", "RUS", ""),
            of(Registration, "914403001922038217", "CHN", ""),
            of(Passport, "A12345679", "", ""),
            of(Passport, "unknown", "IRN", ""),
            of(Passport, "N/A", "IRN", ""),
            of(Passport, "111111", "IRN", ""),
            of(Passport, "123456", "IRN", ""),
            of(Passport, "1234", "IRN", ""),
            of(Passport, "00001234", "IRN", ""),
            of(Tax, "12347", "MEX", ""),
            of(Registration, "1000", "RUS", "License"),
            of(CryptoAddress, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", "", "XBT"),
            of(CryptoAddress, "none", "", ""),
            of(CryptoAddress, "1A1zP1eP", "", "XBT"),
            of(UnReference, "unknown", "", ""),
            of(OfacUid, "0", "", ""),
            of(Security, "SBER", "", ""),
            of(Phone, "+74950000001", "", ""),
            of(CallSign, "T2EU4", "", ""),
            Identifier { check: Check::Invalid, ..of(Passport, "A12345679", "IRN", "") },
        ] {
            assert_eq!(link_key(&identifier), None, "{identifier:?}");
        }
    }

    #[test]
    fn links_are_told_in_words() {
        for (key, text) in [
            ("imo:9221970", "both carry IMO number 9221970"),
            ("passport:IRN:A12345678", "both carry passport A12345678 of IRN"),
            ("un:kpi.033", "both carry UN reference KPi.033"),
            ("ofac:36", "both carry OFAC entry number 36"),
            ("strange", "both carry strange"),
            ("un:é", "both carry UN reference é"),
        ] {
            assert_eq!(reason(key), text);
        }
    }

    const KINDS: [IdentifierKind; 23] = [
        Other,
        Imo,
        Mmsi,
        CallSign,
        Lei,
        Bic,
        Inn,
        Ogrn,
        Uscc,
        Passport,
        NationalId,
        Registration,
        Tax,
        Aircraft,
        CryptoAddress,
        UnReference,
        OfacUid,
        OfsiGroup,
        EuReference,
        Security,
        Phone,
        Email,
        Website,
    ];

    proptest! {
        #[test]
        fn any_text_is_taken(
            text in "(IMO|No\\.|0x|bc1|EU\\.|T)?[ -~№é١О（]{0,24}",
            kind in select(&KINDS[..]),
            country in select(&["", "RUS", "CHN", "IRN"][..]),
        ) {
            let identifier = of(kind, &text, country, "company");
            if let Some(link) = link_key(&identifier) {
                prop_assert_ne!(identifier.check, Check::Invalid);
                prop_assert!(reason(&link).starts_with("both carry "));
            }
            let normal = normalized(kind, &text);
            if !matches!(kind, Phone | Email | Website | CryptoAddress) {
                prop_assert_eq!(&normalized(kind, &normal), &normal);
            }
            let _ = (normalized_query(&text), reason(&text));
        }

        #[test]
        fn numbers_of_two_ships_never_meet(left in 1_000_000_u32..9_999_999, right in 1_000_000_u32..9_999_999) {
            let keys = [left, right].map(|number| link_key(&of(Imo, &number.to_string(), "", "")));
            prop_assert!(left == right || keys[0].is_none() || keys[0] != keys[1]);
        }

        #[test]
        fn one_last_digit_fits_a_taxpayer_number(body in 100_000_000_u64..999_999_999) {
            let fits = |last: &u8| checked(Inn, &format!("{body}{last}")).check == Check::Valid;
            prop_assert!((0..10).filter(fits).count() <= 1);
        }
    }

    #[test]
    fn a_very_long_text_is_taken() {
        assert_eq!(link_key(&of(CryptoAddress, &"1".repeat(100_000), "", "")), None);
        assert_eq!(link_key(&of(Passport, &"(".repeat(100_000), "IRN", "")), None);
    }
}
