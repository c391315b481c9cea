//! Check digits and shapes of numbers, after they were normalised: letters are capital, nothing stands between.

use crate::reference::country;

/// The digits of a text that is `N` digits and not one digit throughout, which weighted sums let pass.
fn digits<const N: usize>(text: &str) -> Option<[u32; N]> {
    let bytes: [u8; N] = text.as_bytes().try_into().ok()?;
    let usable = bytes.iter().all(u8::is_ascii_digit) && bytes.iter().any(|byte| *byte != bytes[0]);
    usable.then(|| bytes.map(|byte| u32::from(byte - b'0')))
}

fn weighted(digits: &[u32], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum()
}

/// IMO number of a ship, IMO resolution A.1117(30): six digits weighted 7 to 2, the last digit of the sum.
pub fn imo_ship(text: &str) -> bool {
    digits::<7>(text).is_some_and(|number| weighted(&number, &[7, 6, 5, 4, 3, 2]) % 10 == number[6])
}

/// IMO number of a company or registered owner, IMO circular letter 2554: another scheme over seven digits.
pub fn imo_company(text: &str) -> bool {
    let check = |number: [u32; 7]| (11 - weighted(&number, &[8, 6, 4, 2, 9, 7]) % 11) % 10 == number[6];
    digits::<7>(text).is_some_and(check)
}

/// Nine digits whose first three are in the range of ships' countries (ITU-R M.585); there is no check digit.
pub fn mmsi_shape(text: &str) -> bool {
    digits::<9>(text).is_some_and(|number| (201..=775).contains(&weighted(&number, &[100, 10, 1])))
}

/// Legal entity identifier, ISO 17442: 18 letters or digits and two check digits, modulo 97 as in ISO 7064.
pub fn lei(text: &str) -> bool {
    let shape = text.len() == 20 && text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
    let rest = text.bytes().fold(0_u32, |rest, byte| match byte {
        b'A'..=b'Z' => (rest * 100 + u32::from(byte - b'A') + 10) % 97,
        _ => (rest * 10 + u32::from(byte & 0x0f)) % 97,
    });
    shape && text.as_bytes()[18..].iter().all(u8::is_ascii_digit) && rest == 1
}

/// Business identifier code, ISO 9362: four letters, a country, two characters for the place, three for a branch or
/// none. There is no check digit.
pub fn bic_shape(text: &str) -> bool {
    if !matches!(text.len(), 8 | 11) || !text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase()) {
        return false;
    }
    text.as_bytes()[..6].iter().all(u8::is_ascii_uppercase) && !country::code(&text[4..6]).is_empty()
}

/// Russian taxpayer number: ten digits of an organization, twelve of a person.
pub fn inn(text: &str) -> bool {
    let organization = |number: [u32; 10]| weighted(&number, &[2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10 == number[9];
    let person = |number: [u32; 12]| {
        let first = weighted(&number, &[7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10;
        let second = weighted(&number, &[3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10;
        first == number[10] && second == number[11]
    };
    digits::<10>(text).is_some_and(organization) || digits::<12>(text).is_some_and(person)
}

/// Russian state registration number: 13 digits of an organization (ОГРН), 15 of a sole trader (ОГРНИП).
pub fn ogrn(text: &str) -> bool {
    let remainder = |number: &[u32], modulus: u64| {
        number.iter().fold(0_u64, |value, digit| value * 10 + u64::from(*digit)) % modulus % 10
    };
    digits::<13>(text).is_some_and(|number| remainder(&number[..12], 11) == u64::from(number[12]))
        || digits::<15>(text).is_some_and(|number| remainder(&number[..14], 13) == u64::from(number[14]))
}

/// Chinese unified social credit code, GB 32100-2015: 18 characters, the last one checks modulo 31.
pub fn uscc(text: &str) -> bool {
    // The standard leaves out I, O, S, V and Z.
    const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    let value = |byte: &u8| ALPHABET.iter().position(|letter| letter == byte);
    let Some((check, body)) = text.as_bytes().split_last().filter(|_| text.len() == 18) else {
        return false;
    };
    let mut sum = 0;
    let mut weight = 1;
    for byte in body {
        let Some(value) = value(byte) else {
            return false;
        };
        sum = (sum + value * weight) % 31;
        weight = weight * 3 % 31;
    }
    // Nothing but zeros adds up too.
    value(check).is_some_and(|check| (sum + check) % 31 == 0) && body.iter().any(|byte| *byte != b'0')
}

/// Whether it could be a securities number of ISO 6166 at all, and no ticker.
pub fn isin_shape(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 12
        && bytes[..2].iter().all(u8::is_ascii_uppercase)
        && bytes[2..11].iter().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
        && bytes[11].is_ascii_digit()
}

/// International securities identification number, ISO 6166: Luhn over the digits, letters as 10 to 35.
pub fn isin(text: &str) -> bool {
    if !isin_shape(text) {
        return false;
    }
    let mut sum = 0;
    let mut double = false;
    for byte in text.bytes().rev() {
        let value = if byte.is_ascii_digit() { byte - b'0' } else { byte - b'A' + 10 };
        // A letter is two digits, of which the first is never 0.
        let parts = if value < 10 { [Some(value), None] } else { [Some(value % 10), Some(value / 10)] };
        for digit in parts.into_iter().flatten() {
            let weighted = if double { digit * 2 } else { digit };
            sum += u32::from(weighted / 10 + weighted % 10);
            double = !double;
        }
    }
    sum % 10 == 0
}
