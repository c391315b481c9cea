//! Who imposes a sanction, by the short names that the other lists and the ownership rules have.

/// Phrases that name an authority, in lower case. Its own office comes before the state that it belongs to.
const NAMES: [(&str, &str); 22] = [
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
    // Publishes the consolidated list of the EU's financial sanctions.
    ("financial stability, financial services and capital markets union", "EU"),
    ("directorate-general for financial stability", "EU"),
    ("dg fisma", "EU"),
    ("department of the treasury", "OFAC"),
    ("treasury department", "OFAC"),
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
    let plain = plain(text);
    let lower = plain.to_lowercase();
    let named = NAMES.iter().find(|(name, _)| lower.contains(name));
    let mut words = plain.split(|c: char| !c.is_alphanumeric());
    let known = named.or_else(|| words.find_map(|word| LETTERS.iter().find(|(letters, _)| *letters == word)));
    known.map_or(text.trim(), |(_, short)| short)
}

/// Written with the plain hyphen, space and apostrophe: publishers also use those that do not break a line.
fn plain(text: &str) -> String {
    let character = |c: char| match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' | '\u{ff0d}' => '-',
        '\u{2018}' | '\u{2019}' | '\u{02bc}' => '\'',
        c if c.is_whitespace() => ' ',
        c => c,
    };
    let text: String =
        text.chars().filter(|c| !matches!(c, '\u{ad}' | '\u{200b}' | '\u{feff}')).map(character).collect();
    text.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
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
            (
                "Directorate\u{2011}General for Financial Stability, Financial\u{a0}Services and Capital Markets Union",
                "EU",
            ),
            ("His Majesty\u{2019}s Treasury", "UK"),
            ("U.S. Department of the\u{202f}Treasury", "OFAC"),
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
