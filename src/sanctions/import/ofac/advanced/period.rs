//! Dates. A period has a start and an end, each with an earliest (`From`) and a latest (`To`) day; a year is written as a
//! period from its first day to its last.

use super::reference::References;
use crate::import::Element;
use crate::import::Refusal;
use crate::value::Span;

/// The days that a `DatePeriod` may mean; `None` when it names none. Where one of its days cannot be read, none is taken:
/// the rest would say something else.
pub fn span(references: &References, period: &Element) -> Result<Option<Span>, Refusal> {
    check_calendar(references, period)?;
    let [start_from, start_to, end_from, end_to] = points(period)?;
    let first = start_from.or(start_to).or(end_from).or(end_to);
    let last = end_to.or(end_from).or(start_to).or(start_from);
    let (Some(first), Some(last)) = (first, last) else { return Ok(None) };
    let span = Span::between(first, last).ok_or_else(|| {
        Refusal::new("DatePeriod", format!("{} to {}", first.first, last.last), "ends before it begins")
    })?;
    let about = ["Start", "End"]
        .iter()
        .any(|name| period.child(name).is_some_and(|boundary| boundary.attribute("Approximate") == "true"));
    Ok(Some(if about { span.circa() } else { span }))
}

/// Start and end of a period of validity, each on its own.
pub fn bounds(references: &References, period: &Element) -> Result<(Option<Span>, Option<Span>), Refusal> {
    check_calendar(references, period)?;
    let [start_from, start_to, end_from, end_to] = points(period)?;
    Ok((start_from.or(start_to), end_to.or(end_from)))
}

/// A `Date`: year, or year and month, or a whole day.
pub fn date(references: &References, date: &Element) -> Result<Option<Span>, Refusal> {
    check_calendar(references, date)?;
    point(date)
}

/// `Year`, `Month` and `Day` within an element.
pub fn point(point: &Element) -> Result<Option<Span>, Refusal> {
    let [year, month, day] = ["Year", "Month", "Day"].map(|name| point.text_of(name));
    if year.is_empty() && month.is_empty() && day.is_empty() {
        return Ok(None);
    }
    let span = match (year.parse(), month, day) {
        (Ok(year), "", "") => Span::of_year(year),
        (Ok(year), month, "") => month.parse().ok().and_then(|month| Span::of_month(year, month)),
        (Ok(year), month, day) => {
            month.parse().ok().zip(day.parse().ok()).and_then(|(month, day)| Span::of_day(year, month, day))
        }
        _ => None,
    };
    span.map(Some).ok_or_else(|| Refusal::new("Year, Month, Day", written(point), "is not a day of the calendar"))
}

fn written(point: &Element) -> String {
    let parts = ["Year", "Month", "Day"].map(|name| point.text_of(name));
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

/// The earliest and latest days of start and end, in this order; all of them in the refusal when one is none.
fn points(period: &Element) -> Result<[Option<Span>; 4], Refusal> {
    let elements = [["Start", "From"], ["Start", "To"], ["End", "From"], ["End", "To"]]
        .map(|[boundary, name]| period.child(boundary).and_then(|boundary| boundary.child(name)));
    let mut points = [None; 4];
    for (place, element) in points.iter_mut().zip(elements) {
        *place = element.map_or(Ok(None), point).map_err(|refusal| {
            let mut texts: Vec<String> = elements.into_iter().flatten().map(written).collect();
            texts.dedup();
            Refusal { field: "DatePeriod", value: texts.join(" to "), ..refusal }
        })?;
    }
    Ok(points)
}

fn check_calendar(references: &References, element: &Element) -> Result<(), Refusal> {
    let calendar = references.optional("CalendarType", element, "CalendarTypeID")?;
    if calendar.is_empty() || calendar.eq_ignore_ascii_case("Gregorian") {
        return Ok(());
    }
    Err(Refusal::new(
        "CalendarTypeID",
        calendar,
        "is not a valid calendar that can be read; expected one such as Gregorian",
    ))
}
