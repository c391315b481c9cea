//! Gender, which lists write among their details in words of their own.

use super::model::{Gender, Subject};

/// Labels of lists, in small letters.
const LABELS: [&str; 2] = ["gender", "sex"];

/// Gives the subject the gender that its details agree on, and takes them out. Words that are not known, or contradict one
/// another, stay details.
pub fn settle(subject: &mut Subject) {
    let is_gender = |label: &str| LABELS.contains(&label.to_lowercase().as_str());
    let mut said = subject.details.iter().filter(|detail| is_gender(&detail.label)).map(|detail| of(&detail.value));
    let Some(Some(first)) = said.next() else { return };
    if said.all(|gender| gender == Some(first)) {
        subject.gender = first;
        subject.details.retain(|detail| !is_gender(&detail.label));
    }
}

fn of(text: &str) -> Option<Gender> {
    match text.trim().to_lowercase().as_str() {
        "male" | "m" | "man" => Some(Gender::Male),
        "female" | "f" | "woman" => Some(Gender::Female),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settled(details: &[(&str, &str)]) -> (Gender, usize) {
        let mut subject = Subject::default();
        for (label, value) in details {
            subject.detail(label, value);
        }
        settle(&mut subject);
        (subject.gender, subject.details.len())
    }

    #[test]
    fn words_of_the_lists_are_understood() {
        assert_eq!(settled(&[("Gender", "Male"), ("Title", "Mr")]), (Gender::Male, 1));
        assert_eq!(settled(&[("gender", "F"), ("Gender", "female")]), (Gender::Female, 0));
        assert_eq!(settled(&[("gender", "M"), ("gender", "F")]), (Gender::Unknown, 2));
        assert_eq!(settled(&[("gender", "not known")]), (Gender::Unknown, 1));
        assert_eq!(settled(&[("gender", "M"), ("gender", "not known")]), (Gender::Unknown, 2));
        assert_eq!(settled(&[]), (Gender::Unknown, 0));
    }
}
