//! Words of names, so that what is typed finds what is written.

/// Words of a name in Latin letters without accents: `Сечин` and `SECHIN` both give `sechin`.
pub fn words(name: &str) -> Vec<String> {
    // Between these characters stand no blanks: each is a word, so that a word within a name is found.
    let mut apart = String::with_capacity(name.len());
    for character in name.chars() {
        if is_word(character) {
            apart.extend([' ', character, ' ']);
        } else {
            apart.push(character);
        }
    }
    let latin = any_ascii::any_ascii(&apart).to_ascii_lowercase();
    // An apostrophe belongs to its word: N'DOUR, O'Neill, Al-Qa'ida.
    let plain: String = latin.chars().filter(|character| !matches!(character, '\'' | '`')).collect();
    plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Whether a character is a word by itself: Han, kana, syllables of Hangul.
pub fn is_word(character: char) -> bool {
    matches!(
        character,
        '\u{3005}'
            | '\u{3040}'..='\u{30ff}'
            | '\u{31f0}'..='\u{31ff}'
            | '\u{3400}'..='\u{9fff}'
            | '\u{ac00}'..='\u{d7af}'
            | '\u{f900}'..='\u{faff}'
            | '\u{ff66}'..='\u{ff9f}'
            | '\u{20000}'..='\u{3ffff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_any_script_are_latin() {
        assert_eq!(words("Газпром экспорт"), words("GAZPROM Eksport"));
        assert_eq!(words("Al-Qa'ida"), ["al", "qaida"]);
        assert_eq!(words("Société Générale"), ["societe", "generale"]);
        assert_eq!(words("—"), Vec::<String>::new());
    }

    #[test]
    fn a_character_of_han_kana_or_hangul_is_a_word() {
        assert_eq!(words("中国石油"), ["zhong", "guo", "shi", "you"]);
        assert_eq!(words("中國石油"), words("中国石油"), "both ways of writing");
        assert_eq!(words("ABC石油Ltd"), ["abc", "shi", "you", "ltd"]);
        assert_eq!(words("みずほ"), ["mi", "zu", "ho"]);
        assert_eq!(words("김정은").len(), 3);
    }
}
