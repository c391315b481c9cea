//! Identifiers without what lists write around them: one text for one number, whichever list it stands in.

use super::crypto;
use crate::sanctions::subject::model::IdentifierKind;

/// Words of registers that stand before a number in capitals. Other words are told by their small letters.
const LABELS: [&str; 16] = [
    "IMO",
    "MMSI",
    "INN",
    "OGRN",
    "OGRNIP",
    "USCC",
    "LEI",
    "TIN",
    "INN/TIN",
    "INN/KPP",
    "SWIFT/BIC",
    "SWIFT",
    "BIC",
    "ISIN",
    "PASSPORT",
    "NUMBER",
];

/// The value as it is compared and looked up: capital letters and digits, without blanks, punctuation and the words
/// around the number (`Qatari passport number 00123498`, `IMO 9187629`, `A12345 (expired in 2016)`).
///
/// Addresses of crypto currencies keep their case, except where it means nothing (`bc1...`, `0x...`). References of the
/// UN and the EU keep their dots, those of the UN in small letters. Telephone numbers are digits with the `+` that they
/// have, e-mail addresses and websites small letters, without scheme, `www.` and final slash.
pub fn normalized(kind: IdentifierKind, value: &str) -> String {
    match kind {
        IdentifierKind::CryptoAddress => crypto::normalized(value),
        IdentifierKind::UnReference => {
            value.to_ascii_lowercase().chars().filter(|c| c.is_ascii_alphanumeric() || *c == '.').collect()
        }
        IdentifierKind::EuReference => {
            value.to_ascii_uppercase().chars().filter(|c| c.is_ascii_alphanumeric() || *c == '.').collect()
        }
        IdentifierKind::Phone => phone(value),
        IdentifierKind::Email => {
            let address = value.trim().to_lowercase();
            address.strip_prefix("mailto:").unwrap_or(&address).split_whitespace().collect()
        }
        IdentifierKind::Website => website(value),
        IdentifierKind::Imo | IdentifierKind::Mmsi => number(value),
        IdentifierKind::Inn | IdentifierKind::Ogrn => {
            // Behind the taxpayer number may stand the one of the tax office, `7707083893/773601001`.
            let first = value.split('/').find(|part| part.contains(|c: char| c.is_ascii_digit()));
            number(first.unwrap_or(value))
        }
        _ => document(value),
    }
}

/// The text of a request, of which nobody says what it is, as `normalized` would give it for a list's identifier.
pub fn normalized_query(text: &str) -> String {
    let text = text.trim();
    normalized(guessed_kind(text), text)
}

fn guessed_kind(text: &str) -> IdentifierKind {
    let one_word = !text.contains(char::is_whitespace);
    let lower = text.to_ascii_lowercase();
    if text.contains('@') {
        return IdentifierKind::Email;
    }
    if is_un_reference(&lower) {
        return IdentifierKind::UnReference;
    }
    if lower.starts_with("eu.") && lower[3..].bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return IdentifierKind::EuReference;
    }
    if one_word && (lower.contains("://") || lower.starts_with("www.") || has_domain(&lower)) {
        return IdentifierKind::Website;
    }
    if text.starts_with('+') {
        return IdentifierKind::Phone;
    }
    // No document is that long and mixes digits with small letters.
    let long = text.len() >= 25 && text.contains(|c: char| c.is_ascii_lowercase());
    if one_word && (lower.starts_with("0x") || (long && text.contains(|c: char| c.is_ascii_digit()))) {
        return IdentifierKind::CryptoAddress;
    }
    match lower.strip_prefix("imo") {
        Some(rest) if rest.bytes().filter(u8::is_ascii_digit).count() == 7 => IdentifierKind::Imo,
        _ => IdentifierKind::Other,
    }
}

/// Permanent reference of the UN list in small letters: list, individual or entity, number.
pub fn is_un_reference(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 7
        && bytes[..2].iter().all(u8::is_ascii_lowercase)
        && matches!(bytes[2], b'i' | b'e')
        && bytes[3] == b'.'
        && bytes[4..].iter().all(u8::is_ascii_digit)
}

/// Whether the text before the first slash ends like the name of a host.
fn has_domain(text: &str) -> bool {
    let host = text.split('/').next().unwrap_or_default();
    let Some((name, top)) = host.rsplit_once('.') else {
        return false;
    };
    let letters = top.len() >= 2 && top.bytes().all(|byte| byte.is_ascii_lowercase());
    letters && name.len() >= 2 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte))
}

/// A number that has no letters of its own, but may have its register's name before or behind it.
fn number(value: &str) -> String {
    document(value).trim_matches(|c: char| c.is_alphabetic()).to_owned()
}

/// The number of a document, without the words that say which document it is, who issued it and until when it holds.
fn document(value: &str) -> String {
    let words: Vec<&str> = value.split_whitespace().filter(|word| !is_number_sign(word)).collect();
    let first = words.iter().position(|word| has_digit(word));
    let Some(first) = first else {
        // No digits at all, as in a BIC.
        let words: Vec<&str> = words.into_iter().filter(|word| !is_label(word)).collect();
        let text = words.join(" ");
        return letters_and_digits(if words.is_empty() { value } else { &text });
    };
    let start = words[..first].iter().rposition(|word| is_description(word)).map_or(0, |index| index + 1);
    let next = words[first..].iter().position(|word| is_description(word));
    let end = next.map_or(words.len(), |index| first + index);
    let text = words[start..end].join(" ");
    // `1203040 (BVI)`, but not `12/ABCDEF(N)001357`.
    let noted = text.trim_end_matches(['.', ',', ';', ' ']).strip_suffix(')').and_then(|text| text.rsplit_once(" ("));
    let text = match noted {
        Some((before, note)) if has_digit(before) && !has_digit(note) => before,
        _ => &text,
    };
    // `Passport:Z10203049`, `No54321/987`.
    let text = text.rsplit_once(':').map_or(text, |(_, value)| if has_digit(value) { value } else { text });
    letters_and_digits(without_number_sign(text))
}

/// Capital letters and digits. Cyrillic letters that look like Latin ones become these: the series of a passport is
/// copied by its looks (`МР 1234567`).
fn letters_and_digits(text: &str) -> String {
    let mut letters = String::with_capacity(text.len());
    for character in text.chars().flat_map(char::to_uppercase) {
        let plain = match character {
            'А' => 'A',
            'В' => 'B',
            'Е' => 'E',
            'І' => 'I',
            'К' => 'K',
            'М' => 'M',
            'Н' => 'H',
            'О' => 'O',
            'Р' => 'P',
            'С' => 'C',
            'Т' => 'T',
            'Х' => 'X',
            '٠'..='٩' => digit(character, '٠'),
            '۰'..='۹' => digit(character, '۰'),
            '０'..='９' => digit(character, '０'),
            _ => character,
        };
        if plain.is_alphanumeric() {
            letters.push(plain);
        }
    }
    letters
}

/// An Arabic, Persian or full-width digit, told from the zero of its script.
fn digit(character: char, zero: char) -> char {
    char::from_digit(u32::from(character) - u32::from(zero), 10).unwrap_or(character)
}

fn has_digit(word: &str) -> bool {
    word.contains(char::is_numeric)
}

/// `No.` alone: between the series and the number, or before both.
fn is_number_sign(word: &str) -> bool {
    matches!(word.trim_end_matches(['.', ':', ',']), "No" | "no" | "Nr" | "nr" | "№" | "#" | "N°" | "Nº")
        || matches!(word, "NO." | "NR.")
}

fn without_number_sign(text: &str) -> &str {
    let rest = ["№", "#", "N°", "Nº", "No.", "No"].iter().find_map(|sign| text.strip_prefix(sign));
    rest.filter(|rest| rest.trim_start().starts_with(char::is_numeric)).unwrap_or(text)
}

/// A word in small letters, or a register's name. Two letters may be a series that somebody wrote small.
fn is_description(word: &str) -> bool {
    if has_digit(word) {
        return false;
    }
    let letters = word.chars().filter(|character| character.is_alphabetic()).count();
    is_label(word) || (letters >= 3 && word.contains(char::is_lowercase))
}

fn is_label(word: &str) -> bool {
    LABELS.contains(&word.trim_matches([':', '.', ',', '-', '(', ')']))
}

fn phone(value: &str) -> String {
    let lower = value.to_lowercase();
    let line = lower.split("ext").next().unwrap_or_default();
    // The zero of `+44 (0) 20` is dialled only without the country's code.
    let line = line.replace("(0)", "");
    let digits: String = line.chars().filter(char::is_ascii_digit).collect();
    match digits.strip_prefix("00") {
        Some(digits) => format!("+{digits}"),
        None if line.trim_start_matches(|c: char| !c.is_ascii_digit() && c != '+').starts_with('+') => {
            format!("+{digits}")
        }
        None => digits,
    }
}

fn website(value: &str) -> String {
    let lower = value.trim().to_lowercase();
    let address = lower.rsplit_once("://").map_or(lower.as_str(), |(_, address)| address);
    let address = address.strip_prefix("www.").unwrap_or(address);
    address.trim_end_matches(['/', '.', ',']).to_owned()
}

#[cfg(test)]
mod tests {
    use IdentifierKind::*;

    use super::*;

    #[test]
    fn documents_lose_what_stands_around_them() {
        for (kind, value, expected) in [
            (Passport, "A 12345678", "A12345678"),
            (Passport, "a-12345678", "A12345678"),
            (Passport, "Qatari passport number 00123498", "00123498"),
            (Passport, "CAR diplomatic passport no. D00000123", "D00000123"),
            (Passport, "R00004321, South Sudan", "R00004321"),
            (Passport, "Jordan 456987", "456987"),
            (Passport, "382220043 (Expired 25 Jan. 2016)", "382220043"),
            (Passport, "404072567 (US)", "404072567"),
            (Passport, "00071717 (Yemen)", "00071717"),
            (Passport, "8208 No. 123987", "8208123987"),
            (Passport, "No54321/987", "54321987"),
            (Passport, "Diplomatic Passport: Z10203049", "Z10203049"),
            (Passport, "TR-P 102 030", "TRP102030"),
            (Passport, "ab 123456", "AB123456"),
            (Passport, "'002345678", "002345678"),
            (Passport, "МР 1234567", "MP1234567"),
            (Passport, "A ۱۲۳۴۵۶", "A123456"),
            (NationalId, "12/ABCDEF(N)001357", "12ABCDEFN001357"),
            (NationalId, "alien registration number 2010203049", "2010203049"),
            (Registration, "UK Company no. 00765432", "00765432"),
            (Registration, "Iran Registration No. - 198765", "198765"),
            (Registration, "CHE-102.030.405", "CHE102030405"),
            (Registration, "1203040 (BVI)", "1203040"),
            (Imo, "IMO9221970", "9221970"),
            (Imo, "IMO number: 9221970", "9221970"),
            (Inn, "INN: 7718927027", "7718927027"),
            (Inn, "INN/KPP 7718927027/770301001", "7718927027"),
            (Ogrn, "1200000012345 - OGRN", "1200000012345"),
            (Uscc, "USCC: 91110000600007826X", "91110000600007826X"),
            (Bic, "SWIFT/BIC GAZPRUMM", "GAZPRUMM"),
            (Bic, "gazp ru mm", "GAZPRUMM"),
            (Passport, "unknown", "UNKNOWN"),
            (Passport, "", ""),
            (Passport, "No.", "NO"),
        ] {
            assert_eq!(normalized(kind, value), expected, "{value}");
        }
    }

    #[test]
    fn references_and_addresses_have_their_own_form() {
        for (kind, value, expected) in [
            (UnReference, "KPi.033", "kpi.033"),
            (EuReference, "eu.27.28", "EU.27.28"),
            (Phone, "+7 (495) 000-00-01 ext. 5", "+74950000001"),
            (Phone, "+44 (0) 20 0000 0000", "+442000000000"),
            (Phone, "0098 21 0000", "+98210000"),
            (Phone, "(495) 000", "495000"),
            (Email, " mailto:Info@Example.com", "info@example.com"),
            (Website, "https://www.Example.com/", "example.com"),
        ] {
            assert_eq!(normalized(kind, value), expected, "{value}");
        }
    }

    #[test]
    fn a_request_meets_what_was_stored() {
        for (kind, value, text) in [
            (Imo, "IMO 9221970", "imo 9221970"),
            (Imo, "IMO 9221970", "9221970"),
            (Inn, "7718927027", "INN 7718927027"),
            (Passport, "A 1234567", "passport a1234567"),
            (CryptoAddress, "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t", "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"),
            (CryptoAddress, "0xAB", "0xab"),
            (UnReference, "KPi.033", "KPI.033"),
            (EuReference, "EU.27.28", "eu.27.28"),
            (Email, "a@b.example", "A@B.example"),
            (Website, "http://www.example.com/a", "example.com/a"),
            (Phone, "+7 495 1", "+74951"),
            (Bic, "GAZPRUMM", "gazprumm"),
        ] {
            assert_eq!(normalized_query(text), normalized(kind, value), "{text}");
        }
    }
}
