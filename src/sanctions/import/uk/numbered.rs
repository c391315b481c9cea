//! Several values in one field: divided by `;`, or numbered `(1) ... (2) ...`, `1) ... 2) ...`, `a) ... (b) ...`.

/// The values of a field, each without its number. What stands before the first number, such as `Jordanian passport
/// numbers (1) ... (2) ...`, is the beginning of each.
pub fn several(text: &str) -> Vec<String> {
    text.split(';').flat_map(numbered).filter(|part| !part.is_empty()).collect()
}

fn numbered(text: &str) -> Vec<String> {
    let marks = marks(text);
    let Some(&(first, _)) = marks.first().filter(|_| marks.len() > 1 || marks.first().is_some_and(|(at, _)| *at == 0))
    else {
        return vec![bare(text).to_owned()];
    };
    let beginning = bare(&text[..first]);
    let ends = marks.iter().skip(1).map(|(start, _)| *start).chain([text.len()]);
    let parts = marks.iter().zip(ends).map(|((_, start), end)| bare(&text[*start..end]));
    let whole = |part: &str| if beginning.is_empty() { part.to_owned() } else { format!("{beginning} {part}") };
    parts.filter(|part| !part.is_empty()).map(whole).collect()
}

/// Start and end of each number, as long as they count up from one.
fn marks(text: &str) -> Vec<(usize, usize)> {
    let text = text.trim_end();
    let mut found: Vec<(usize, usize)> = Vec::new();
    let mut before = ' ';
    for (start, character) in text.char_indices() {
        let at_word = before.is_whitespace() || ",-.".contains(before);
        before = character;
        if !at_word {
            continue;
        }
        let Some((mark, _)) = text[start..].split_once(')') else { break };
        let is_next = ordinal(mark.trim_start_matches('(')) == Some(found.len() + 1);
        if is_next {
            found.push((start, start + mark.len() + 1));
        }
    }
    found
}

/// `3` and `c` are the third.
fn ordinal(mark: &str) -> Option<usize> {
    match mark.as_bytes() {
        [letter] if letter.is_ascii_alphabetic() => Some(usize::from(letter.to_ascii_lowercase() - b'a') + 1),
        digits if (1..=2).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit) => mark.parse().ok(),
        _ => None,
    }
}

fn bare(part: &str) -> &str {
    part.trim().trim_end_matches([',', '-']).trim_end()
}

#[cfg(test)]
mod tests {
    use super::several;

    #[test]
    fn numbered_values_are_divided() {
        for (text, expected) in [
            ("(1) ALPHA LTD (2) BETA LTD", &["ALPHA LTD", "BETA LTD"][..]),
            ("A; B;", &["A", "B"]),
            ("Ltd (Cyprus)", &["Ltd (Cyprus)"]),
            ("1) Saudi Arabia 2) Qatar", &["Saudi Arabia", "Qatar"]),
            ("(1) Germany (b) Algeria", &["Germany", "Algeria"]),
            ("(1)-(2) Algeria", &["Algeria"]),
            ("a) Mali, b) Chad", &["Mali", "Chad"]),
            ("Jordanian numbers (1) K048787 (2) 486298", &["Jordanian numbers K048787", "Jordanian numbers 486298"]),
            ("(1) 6110 (Pakistan) (2) 2449 (Pakistan)", &["6110 (Pakistan)", "2449 (Pakistan)"]),
            ("Unit (2) of (1) House", &["Unit (2) of (1) House"]),
            ("(1) only", &["only"]),
        ] {
            assert_eq!(several(text), expected, "{text}");
        }
    }
}
