//! Words of names, so that what is typed finds what is written.

/// Words of a name in Latin letters without accents: `Сечин` and `SECHIN` both give `sechin`.
pub fn words(name: &str) -> Vec<String> {
    let latin = any_ascii::any_ascii(name).to_ascii_lowercase();
    // An apostrophe belongs to its word: N'DOUR, O'Neill, Al-Qa'ida.
    let plain: String = latin.chars().filter(|character| !matches!(character, '\'' | '`')).collect();
    plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
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
}
