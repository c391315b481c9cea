//! Where the columns of a table stand.

/// Our names of columns, those of the table, and their indexes.
#[derive(Default)]
pub struct Columns(pub(super) Vec<(&'static str, String, usize)>);

impl Columns {
    /// The index of a column by our name for it; `None` when the table has none.
    pub fn index(&self, name: &str) -> Option<usize> {
        self.0.iter().find(|(ours, ..)| *ours == name).map(|(.., index)| *index)
    }

    /// What the table calls a column.
    pub fn header(&self, name: &'static str) -> &str {
        self.0.iter().find(|(ours, ..)| *ours == name).map_or(name, |(_, header, _)| header)
    }
}
