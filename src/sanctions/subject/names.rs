//! Scripts of names. What makes names comparable stands in `matching/`, when it is there.

/// ISO 15924 code of the script that most letters belong to; empty for Latin or when there are no letters.
pub fn script(text: &str) -> &'static str {
    let mut counts: [(u32, &str); 11] = [
        (0, ""),
        (0, "Cyrl"),
        (0, "Arab"),
        (0, "Hani"),
        (0, "Hang"),
        (0, "Kana"),
        (0, "Hebr"),
        (0, "Grek"),
        (0, "Deva"),
        (0, "Thai"),
        (0, "Zyyy"),
    ];
    for character in text.chars().filter(|character| character.is_alphabetic()) {
        let index = match u32::from(character) {
            0x41..=0x24f | 0x1e00..=0x1eff => 0,
            0x400..=0x52f => 1,
            0x600..=0x6ff | 0x750..=0x77f | 0x8a0..=0x8ff | 0xfb50..=0xfdff | 0xfe70..=0xfeff => 2,
            0x2e80..=0x2fdf | 0x3400..=0x9fff | 0xf900..=0xfaff | 0x20000..=0x3ffff => 3,
            0x1100..=0x11ff | 0xac00..=0xd7af => 4,
            0x3040..=0x30ff => 5,
            0x590..=0x5ff => 6,
            0x370..=0x3ff | 0x1f00..=0x1fff => 7,
            0x900..=0x97f => 8,
            0xe00..=0xe7f => 9,
            _ => 10,
        };
        counts[index].0 += 1;
    }
    // Of equals the first: Latin before others. Kana marks Japanese even among many Han characters.
    if counts[5].0 > 0 && counts[3].0 > 0 {
        return "Jpan";
    }
    counts.iter().rev().max_by_key(|(count, _)| *count).map_or("", |(_, code)| code)
}

#[cfg(test)]
mod tests {
    use super::script;

    #[test]
    fn scripts_are_told_apart() {
        for (text, code) in [
            ("Роснефть", "Cyrl"),
            ("ROSNEFT", ""),
            ("محمد", "Arab"),
            ("中国电信", "Hani"),
            ("みずほ銀行", "Jpan"),
            ("김정은", "Hang"),
            ("123", ""),
            ("", ""),
            ("ПАО Gazprom Нефть", "Cyrl"),
        ] {
            assert_eq!(script(text), code, "{text}");
        }
    }
}
