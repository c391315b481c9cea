//! A numbered part of an entity, as both files have it.

/// Gives the text of a field by its name in the XML, without needless white space.
pub type Field<'a> = &'a dyn Fn(&str) -> String;

/// A part of an entity that both files number.
pub trait Part {
    fn read(field: Field<'_>) -> Self;
    fn id(&self) -> &str;
    /// The day on which the act that added it was published.
    fn published(&self) -> &str;
}
