//! Commodity codes by a fixed rule, for when no list of real ones is at hand.
//!
//! Owns the rule and how many codes it can make. Never reads a list, never decides who trades what.

use super::parameters::Product;

/// Made-up codes: chapters 01 to 97 without 77, which the Harmonized System keeps free.
const CHAPTERS: usize = 96;
const CODES_A_HEADING: usize = 9;
const HEADINGS_A_CHAPTER: usize = 99;
/// So many codes can be made up; also what fits beside a key in 64 bits (see `Generator::pick_many`).
pub const MOST_PRODUCTS: usize = CHAPTERS * HEADINGS_A_CHAPTER * CODES_A_HEADING;

/// Codes by a fixed rule, spread evenly over the chapters, for when no list of real ones is at hand.
pub fn made_up_products(count: usize) -> Vec<Product> {
    const GOODS: [&str; 6] = [
        "Articles of a made-up material",
        "Machinery; made-up, for measuring only",
        "Preparations of made-up goods, whether or not packed for retail sale",
        "Goods; made-up, n.e.c. in this heading, fresh, chilled or frozen (excluding those of other headings)",
        "Made-up yarn and fabric, containing 85% or more by weight of fibres that no plant or animal has grown",
        "Parts and accessories; of made-up apparatus",
    ];
    let count = count.min(MOST_PRODUCTS);
    let product = |index: usize| {
        let chapter_index = index * CHAPTERS / count;
        let first_of_chapter = (chapter_index * count).div_ceil(CHAPTERS);
        let within = index - first_of_chapter;
        let chapter = if chapter_index < 76 { chapter_index + 1 } else { chapter_index + 2 };
        let (heading, ending) = (within / CODES_A_HEADING + 1, (within % CODES_A_HEADING + 1) * 10);
        let code = format!("{chapter:02}{heading:02}{ending:02}");
        let title = format!("{}, no. {code}", GOODS[index % GOODS.len()]);
        Product { code, title }
    };
    (0..count).map(product).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trade::generate::countries;

    #[test]
    fn made_up_codes_are_six_digits_and_differ() {
        for count in [1, 95, 97, 5000, MOST_PRODUCTS] {
            let products = made_up_products(count);
            assert_eq!(products.len(), count);
            assert!(products.is_sorted_by(|left, right| left.code < right.code));
            assert!(products.iter().all(|product| product.code.len() == 6 && !product.code.starts_with("77")));
        }
        assert_eq!(countries(200).len(), 200);
    }
}
