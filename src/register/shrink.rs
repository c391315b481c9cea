//! The guard of a dataset: a release that all but empties it, or a part of it, is a fault of a file or of its publisher
//! more often than a change of the world. It is refused unless whoever imports it says that it is right.

use crate::import::{Error, Options};

/// What a release takes away.
pub struct Loss<'a> {
    /// What the release does to them: `remove` what goes, `take` what those lose that stay.
    pub verb: &'static str,
    pub lost: usize,
    pub before: usize,
    /// Of what, in the plural: `subjects`, `records`, `dates of birth from subjects that stay`.
    pub what: &'a str,
    /// So few may go whatever share of all they are.
    pub few: usize,
    /// What else it may be, behind the remedy.
    pub or_else: &'static str,
}

/// Whether whoever imports says that this dataset may lose any number.
pub fn is_allowed(name: &str, options: &Options) -> bool {
    options.allow_shrink.iter().any(|allowed| allowed == name)
}

pub fn remedy(name: &str) -> String {
    format!("if this is right, import it with --allow-shrink {name}")
}

/// Refuses a loss of more than the share that a release may take (`import.shrink_percent`).
pub fn check(name: &str, loss: &Loss<'_>, options: &Options) -> Result<(), Error> {
    let Loss { verb, lost, before, what, few, or_else } = *loss;
    let limit = options.shrink_percent;
    if is_allowed(name, options) || lost <= few || lost * 100 <= before * limit as usize {
        return Ok(());
    }
    Err(Error::Refused(format!(
        "{name}: the release would {verb} {lost} of {before} {what}, more than {limit} % (import.shrink_percent); the last \
         good one stays; {}{or_else}",
        remedy(name)
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(lost: usize, before: usize, few: usize, allowed: &str) -> Option<String> {
        let options = Options { allow_shrink: vec![allowed.to_owned()], ..Options::new(Vec::new()) };
        let loss = Loss { verb: "remove", lost, before, what: "records", few, or_else: "" };
        check("book", &loss, &options).err().map(|error| error.to_string())
    }

    #[test]
    fn more_than_the_share_and_more_than_a_few_is_refused() {
        assert_eq!(refusal(10, 100, 0, ""), None);
        let text = refusal(11, 100, 0, "").unwrap();
        assert!(text.starts_with("book: the release would remove 11 of 100 records, more than 10 %"), "{text}");
        assert!(text.ends_with("import it with --allow-shrink book"), "{text}");
        assert_eq!(refusal(3, 4, 3, ""), None);
        assert!(refusal(4, 4, 3, "other").is_some());
        assert_eq!(refusal(4, 4, 3, "book"), None);
        assert_eq!(refusal(0, 0, 0, ""), None);
    }
}
