//! Texts as they are shown in messages.

/// At most `length` characters, for error texts.
pub fn truncated(text: &str, length: usize) -> String {
    match text.char_indices().nth(length) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}
