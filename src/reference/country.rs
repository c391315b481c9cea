//! Countries as sanction lists write them: names, older names, nationalities and codes, with what stands around them.
//!
//! The names are our own collection, in `data/countries.csv`; the codes are those of ISO 3166-1 and, for states that are
//! no more, of ISO 3166-3. A country that only took another name has the code that it has today. Rows without a code are
//! names that lists use and that settle nothing: several countries share them (`Korea`), or states disagree whose the
//! place is (`Crimea`).

use std::collections::HashMap;
use std::sync::LazyLock;

const BUNDLED: &str = include_str!("data/country_names.csv");
/// No country takes more; a longer text is a remark or an address.
const LONGEST: usize = 200;

struct Countries {
    /// Two or three capital letters. Apart from the names, because `na` says "not available" and `NA` Namibia.
    codes: HashMap<&'static str, &'static str>,
    /// By the folded name.
    names: HashMap<String, &'static str>,
}

static COUNTRIES: LazyLock<Countries> = LazyLock::new(|| {
    let mut countries = Countries { codes: HashMap::new(), names: HashMap::new() };
    for (name, alpha3) in bundled_rows() {
        if is_code(name) {
            countries.codes.insert(name, alpha3);
        }
        // Abbreviations also in small letters, where no word of another meaning is likely.
        if !is_code(name) || ["USA", "UAE", "DRC"].contains(&name) {
            countries.names.insert(folded(name), alpha3);
        }
    }
    countries
});

fn bundled_rows() -> impl Iterator<Item = (&'static str, &'static str)> {
    BUNDLED.lines().skip(1).filter_map(|line| line.split_once(','))
}

/// ISO alpha-3 of a country's name, nationality or code as a list writes it; empty when it is none that we know, when
/// the text names several, and when whose place it is is not ours to settle.
///
/// `Korea, North`, `Iran (Islamic Republic of)`, `Region: Gaza`, `possibly Palestinian`, `KP` are all understood. The
/// answer says which country the text names, not that what it says of it still holds (`citizenship withdrawn in 2002`).
pub fn code(text: &str) -> &'static str {
    let text = text.trim();
    if text.is_empty() || text.len() > LONGEST {
        return "";
    }
    named(text).unwrap_or_default()
}

/// `Some("")` for a text that is known to settle nothing: then what stands around it is not asked either. Every step
/// goes on with less text, so the depth is bounded by its length.
fn named(text: &str) -> Option<&'static str> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || ".,;:-\"*".contains(c));
    if text.is_empty() {
        return None;
    }
    if let Some(alpha3) = looked_up(text) {
        return Some(alpha3);
    }
    if let Some((_, country)) = text.rsplit_once(':') {
        return named(country);
    }
    if text.contains(['/', ';']) {
        return only_one(text.split(['/', ';']));
    }
    if let Some((before, within)) = text.split_once('(') {
        let within = within.rsplit_once(')').map_or(within, |(within, _)| within);
        return named(before).or_else(|| named(within));
    }
    if let Some(rest) = without_description(text) {
        return named(rest);
    }
    let (sentence, _) = text.split_once(". ")?;
    named(sentence)
}

/// The country that all parts that name one agree on.
fn only_one<'a>(parts: impl Iterator<Item = &'a str>) -> Option<&'static str> {
    let mut found = None;
    for alpha3 in parts.filter_map(named) {
        if found.is_some_and(|other| other != alpha3) {
            return Some("");
        }
        found = Some(alpha3);
    }
    found
}

fn looked_up(text: &str) -> Option<&'static str> {
    let countries = &*COUNTRIES;
    // `U.K.` and `U. S. A.`, but not the last letters of two words.
    let letters: String = if text.contains('.') {
        text.chars().filter(|c| *c != '.' && !c.is_whitespace()).collect()
    } else {
        text.to_owned()
    };
    if let Some(alpha3) = countries.codes.get(letters.as_str()) {
        return Some(alpha3);
    }
    if let Some(alpha3) = countries.names.get(&folded(text)) {
        return Some(alpha3);
    }
    // `Korea, North` and `Korea (Republic of)`: the main word comes first for the sake of the alphabet.
    let (main, rest) = text.split_once([',', '('])?;
    countries.names.get(&folded(&format!("{rest} {main}"))).copied()
}

/// What is left without words of doubt before the country and of documents and citizenship around it; `None` when
/// there are no such words.
fn without_description(text: &str) -> Option<&str> {
    const BEFORE: [&str; 16] = [
        "or",
        "possibly",
        "probably",
        "presumably",
        "reportedly",
        "allegedly",
        "also",
        "former",
        "formerly",
        "ex",
        "citizen",
        "national",
        "nationality",
        "citizenship",
        "region",
        "of",
    ];
    const BEHIND: [&str; 14] = [
        "passport",
        "diplomatic",
        "service",
        "travel",
        "citizen",
        "citizenship",
        "national",
        "nationality",
        "by",
        "born",
        "origin",
        "until",
        "since",
        "previously",
    ];
    let mut rest = text;
    while let Some((word, behind)) = rest.split_once([' ', '-']) {
        if !BEFORE.contains(&word.to_lowercase().as_str()) {
            break;
        }
        rest = behind.trim_start();
    }
    let mut end = rest.len();
    let mut place = 0;
    for word in rest.split_inclusive(' ') {
        let lower = word.trim_end_matches([' ', '.', ',']).to_lowercase();
        if place > 0 && BEHIND.contains(&lower.as_str()) {
            end = place;
            break;
        }
        place += word.len();
    }
    let rest = &rest[..end];
    (rest.len() < text.len()).then_some(rest)
}

fn is_code(name: &str) -> bool {
    (2..=3).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// Words in small Latin letters without accents, articles and punctuation, the usual abbreviations written out.
fn folded(text: &str) -> String {
    let latin = any_ascii::any_ascii(text).to_ascii_lowercase();
    // `U.K.` is one word.
    let letters = latin.replace('.', "").replace('&', " and ");
    let mut name = String::with_capacity(letters.len());
    for word in letters.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty() && *word != "the") {
        let word = match word {
            "st" => "saint",
            "dem" => "democratic",
            "rep" => "republic",
            // Of `people's`, with an apostrophe of whatever shape.
            "s" if !name.is_empty() => {
                name.push('s');
                continue;
            }
            _ => word,
        };
        if !name.is_empty() {
            name.push(' ');
        }
        name.push_str(word);
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_sorted_and_agree() {
        let mut last = "";
        let mut seen: HashMap<String, &str> = HashMap::new();
        assert_eq!(BUNDLED.lines().next(), Some("name,alpha3"));
        assert_eq!(bundled_rows().count(), BUNDLED.lines().count() - 1, "a row without comma");
        for (name, alpha3) in bundled_rows() {
            assert!(last < name, "{name} stands behind {last}");
            last = name;
            assert!(alpha3.is_empty() || (alpha3.len() == 3 && is_code(alpha3)), "{name}: {alpha3}");
            assert_eq!(code(name), alpha3, "{name}");
            if !is_code(name) {
                let before = seen.insert(folded(name), name);
                assert_eq!(before, None, "{name}");
            }
        }
    }

    #[test]
    fn names_are_found_in_every_guise() {
        for (text, alpha3) in [
            ("Korea, North", "PRK"),
            ("Korea, South", "KOR"),
            ("Democratic People's Republic of Korea", "PRK"),
            ("DEMOCRATIC PEOPLE’S REPUBLIC OF KOREA", "PRK"),
            ("Korea, Democratic People's Republic of", "PRK"),
            ("Korea (Democratic Peoples Republic of)", "PRK"),
            ("D.P.R.K.", "PRK"),
            ("Burma", "MMR"),
            ("Myanmar (Burma)", "MMR"),
            ("Cote d'Ivoire", "CIV"),
            ("Cote d Ivoire", "CIV"),
            ("Co\u{302}te d’Ivoire", "CIV"),
            ("CÔTE D'IVOIRE", "CIV"),
            ("Congo", "COG"),
            ("Congo, Republic of the", "COG"),
            ("Congo, Democratic Republic of the", "COD"),
            ("Congo (Democratic Republic)", "COD"),
            ("CONGO, Democratic Republic of (was Zaire)", "COD"),
            ("Congo, Dem. Rep.", "COD"),
            ("UAE", "ARE"),
            ("U.A.E.", "ARE"),
            ("U.K.", "GBR"),
            ("U. S. A.", "USA"),
            ("usa", "USA"),
            ("England", "GBR"),
            ("Russian Federation", "RUS"),
            ("The Gambia", "GMB"),
            ("Bahamas, The", "BHS"),
            ("Man, Isle of", "IMN"),
            ("Virgin Islands, British", "VGB"),
            ("Virgin Islands (British)", "VGB"),
            ("Virgin Islands, U.S.", "VIR"),
            ("St. Kitts & Nevis", "KNA"),
            ("North Macedonia, The Republic of", "MKD"),
            ("Macedonia, The Former Yugoslav Republic of", "MKD"),
            ("China, Hong Kong Special Administrative Region", "HKG"),
            ("Hong Kong", "HKG"),
            ("Macau", "MAC"),
            ("Taiwan, Province of China", "TWN"),
            ("Kosovo", "XKX"),
            ("West Bank", "PSE"),
            ("Palestine, State of", "PSE"),
            ("TÜRKİYE", "TUR"),
            ("Palestinian", "PSE"),
            ("Iranian", "IRN"),
            ("British", "GBR"),
            ("Nigerien", "NER"),
            ("Nigerian", "NGA"),
            ("Guinea", "GIN"),
            ("Guinea-Bissau", "GNB"),
            ("IR", "IRN"),
            ("IRN", "IRN"),
            ("PRC", "CHN"),
            ("NA", "NAM"),
        ] {
            assert_eq!(code(text), alpha3, "{text}");
        }
    }

    #[test]
    fn states_that_are_no_more_keep_their_codes() {
        for (text, alpha3) in [
            ("USSR", "SUN"),
            ("former Soviet Union", "SUN"),
            ("USSR (until 1991)", "SUN"),
            ("ex-Yugoslavia", "YUG"),
            ("Serbia and Montenegro", "SCG"),
            ("Czechoslovakia", "CSK"),
            ("German Democratic Republic", "DDR"),
            ("Netherlands Antilles", "ANT"),
            ("Zaire", "COD"),
            ("ZR", "COD"),
        ] {
            assert_eq!(code(text), alpha3, "{text}");
        }
    }

    #[test]
    fn what_stands_around_a_country_does_not_hide_it() {
        for (text, alpha3) in [
            ("Iran (Islamic Republic of)", "IRN"),
            ("  Region: Gaza ", "PSE"),
            ("Gaza (Palestinian Authority)", "PSE"),
            ("Region: Northern Mali", "MLI"),
            ("Libya (in custody)", "LBY"),
            ("Tunisi (Tunisia)", "TUN"),
            ("possibly Palestinian", "PSE"),
            ("Branch Office 11: Iran", "IRN"),
            ("Cabo Verde.  Previously Cape Verde.", "CPV"),
            ("Tunisian passport", "TUN"),
            ("CAR diplomatic passport", "CAF"),
            ("US citizen", "USA"),
            ("citizen of Antigua and Barbuda", "ATG"),
            ("Sudanese by birth", "SDN"),
            ("Kuwaiti citizenship withdrawn in 2002", "KWT"),
            ("United States. Also believed to hold another nationality", "USA"),
            ("Iran / unknown", "IRN"),
            ("Iran/IR", "IRN"),
        ] {
            assert_eq!(code(text), alpha3, "{text}");
        }
    }

    #[test]
    fn what_settles_nothing_stays_open() {
        for text in [
            "",
            " ",
            "na",
            "n/a",
            "undetermined",
            "None Identified",
            "Stateless",
            "Korea",
            "Congolese",
            "Crimea",
            "Region: Crimea",
            "Crimea (Ukraine)",
            "Crimea, Ukraine",
            "Sudan/South Sudan",
            "Sudan/or South Sudan",
            "LB; PY",
            "Atlantis",
            "TX",
            "ir",
            "(",
            ")(",
            ":::",
            "the",
            "'s",
            "of of of",
        ] {
            assert_eq!(code(text), "", "{text}");
        }
        assert_eq!(code(&"(".repeat(100_000)), "");
        assert_eq!(code(&"possibly ".repeat(20)), "");
    }
}
