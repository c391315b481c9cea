//! Names: on one line, apart from one another, and as identifiers.

/// What GEM writes where it does not know, in any case of letters.
const UNKNOWN: [&str; 7] = ["--", "-", "?", "n/a", "unknown", "not found", "tbd"];
pub fn is_unknown(text: &str) -> bool {
    text.is_empty() || UNKNOWN.iter().any(|unknown| unknown.eq_ignore_ascii_case(text))
}

/// A text on one line, with single blanks.
pub fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<&str>>().join(" ")
}

/// The names of a cell that holds several, divided by `;` or, outside of brackets, by `,`. Web addresses among them are
/// left out: they are sources that stand in the wrong column.
pub fn several(text: &str, names: &mut Vec<String>) {
    for part in parts(text) {
        let name = on_one_line(part);
        if !is_unknown(&name) && !is_address(&name) && !names.contains(&name) {
            names.push(name);
        }
    }
}

fn parts(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut begin) = (0_i32, 0);
    for (index, character) in text.char_indices() {
        match character {
            '(' | '（' | '[' => depth += 1,
            ')' | '）' | ']' => depth -= 1,
            ';' => {
                parts.push(&text[begin..index]);
                (begin, depth) = (index + 1, 0);
            }
            ',' if depth <= 0 => {
                parts.push(&text[begin..index]);
                begin = index + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[begin..]);
    parts
}

pub fn is_address(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://")
}

/// Place, district and province as one text; what is unknown or said already is left out.
/// Small letters and digits only: releases write `PipelineName`, `Pipeline name` and `pipeline-name`.
pub fn folded(text: &str) -> String {
    text.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

pub fn place(parts: [String; 3]) -> String {
    let mut place: Vec<String> = Vec::new();
    for part in parts {
        if !part.is_empty() && !place.contains(&part) {
            place.push(part);
        }
    }
    place.join(", ")
}

/// A name as an identifier: small Latin letters and digits, words joined by one `-`, none at the ends.
pub fn slug(name: &str) -> String {
    let latin = any_ascii::any_ascii(name).to_ascii_lowercase();
    let words = latin.split(|character: char| !character.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<&str>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_with_several_names() {
        let split = |text| {
            let mut names = Vec::new();
            several(text, &mut names);
            names
        };
        assert_eq!(split("QPL, Jacobabad-Quetta Gas Pipeline"), ["QPL", "Jacobabad-Quetta Gas Pipeline"]);
        assert_eq!(split("Loop (Honghe, Pu'er); Loop (Honghe, Pu'er)"), ["Loop (Honghe, Pu'er)"]);
        assert_eq!(split("Line from\nthe border "), ["Line from the border"]);
        assert_eq!(split("川气东送二线输气管道; http://218.23.178.250/a.pdf"), ["川气东送二线输气管道"]);
        assert_eq!(split("A (open, B; C"), ["A (open, B", "C"]);
        assert_eq!(split("--"), [""; 0]);
    }

    #[test]
    fn identifiers_of_names() {
        assert_eq!(slug("Eastern Siberia–Pacific Ocean Oil Pipeline"), "eastern-siberia-pacific-ocean-oil-pipeline");
        assert_eq!(slug("Compañero LPG Pipeline (Phase 2)"), "companero-lpg-pipeline-phase-2");
        assert_eq!(slug(" -- "), "");
    }
}
