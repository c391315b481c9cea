//! Who imposes a sanction, by the short names that the other lists and the ownership rules have.

/// Phrases that name an authority, in lower case. Its own office comes before the state that it belongs to.
const NAMES: [(&str, &str); 17] = [
    ("office of foreign assets control", "OFAC"),
    ("bureau of industry and security", "BIS"),
    ("office of financial sanctions implementation", "UK"),
    ("foreign, commonwealth & development office", "UK"),
    ("foreign, commonwealth and development office", "UK"),
    ("foreign commonwealth and development office", "UK"),
    ("hm treasury", "UK"),
    ("his majesty's treasury", "UK"),
    ("her majesty's treasury", "UK"),
    ("united kingdom", "UK"),
    ("council of the eu", "EU"),
    ("european union", "EU"),
    ("european council", "EU"),
    ("european commission", "EU"),
    ("european external action service", "EU"),
    ("united nations", "UN"),
    ("state secretariat for economic affairs", "CH"),
];

/// Short names as whole words.
const LETTERS: [(&str, &str); 9] = [
    ("OFAC", "OFAC"),
    ("BIS", "BIS"),
    ("OFSI", "UK"),
    ("FCDO", "UK"),
    ("UK", "UK"),
    ("EU", "EU"),
    ("UN", "UN"),
    ("UNSC", "UN"),
    ("SECO", "CH"),
];

/// The short name of an authority; one that is not known stays as it is written.
pub fn short(text: &str) -> &str {
    let lower = text.to_lowercase();
    let named = NAMES.iter().find(|(name, _)| lower.contains(name));
    let mut words = text.split(|c: char| !c.is_alphanumeric());
    let known = named.or_else(|| words.find_map(|word| LETTERS.iter().find(|(letters, _)| *letters == word)));
    known.map_or(text.trim(), |(_, short)| short)
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn long_names_and_short_ones_meet() {
        for (text, expected) in [
            ("OFAC", "OFAC"),
            ("Office of Foreign Assets Control", "OFAC"),
            ("U.S. Treasury - Office of Foreign Assets Control (OFAC)", "OFAC"),
            ("Council of the European Union", "EU"),
            ("Council of the EU", "EU"),
            ("European External Action Service", "EU"),
            ("HM Treasury, OFSI", "UK"),
            ("Foreign, Commonwealth & Development Office", "UK"),
            ("United Nations Security Council", "UN"),
            ("Bureau of Industry and Security", "BIS"),
            ("State Secretariat for Economic Affairs (SECO)", "CH"),
            (" Ukraine NSDC ", "Ukraine NSDC"),
            ("Ministry of Finance", "Ministry of Finance"),
            ("", ""),
        ] {
            assert_eq!(short(text), expected, "{text}");
        }
    }
}
