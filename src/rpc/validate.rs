//! Checking requests: every problem of a request is found and named, not only the first.
//!
//! The rules that the protos state come first; the subjects add what no rule can say, or says worse.

use jiff::civil::Date;

use super::Error;
use super::rules::{self, Broken, Rules};
use crate::proto::entrepot::r#type::v1 as pb;
use crate::proto::google::r#type::Date as WireDate;
use crate::register::Clocks;
use crate::value::Period;
use crate::value::text::truncated;

/// PostgreSQL's texts have none, so nothing in the store has.
const HAS_NUL: &str = "holds a NUL character, which no text has";

/// Problems of one request.
#[derive(Debug)]
pub struct Violations {
    /// Of the rules of the protos.
    by_rule: Broken,
    own: Vec<(String, String)>,
    /// Fields of which nothing is read, since a rule has said what is wrong.
    settled: Vec<String>,
}

impl Violations {
    /// What breaks a rule of the protos, to which the subject adds its own.
    pub fn of(request: &impl Rules) -> Self {
        Self { by_rule: rules::broken(request), own: Vec::new(), settled: Vec::new() }
    }

    pub fn add(&mut self, field: impl Into<String>, problem: impl Into<String>) {
        let field = field.into();
        if !self.settled.contains(&field) {
            self.own.push((field, problem.into()));
        }
    }

    /// Errs when there was any problem. Where the subject names a field, or one around or within it, it says more than the rule.
    pub fn check(self) -> Result<(), Error> {
        let Self { mut by_rule, own, .. } = self;
        by_rule.retain(|(field, _)| !own.iter().any(|(named, _)| is_within(named, field) || is_within(field, named)));
        by_rule.extend(own);
        if by_rule.is_empty() { Ok(()) } else { Err(Error::Invalid(by_rule)) }
    }

    /// Whether a field keeps the rules of the protos, so that it is worth a look: of a list, that it is short enough.
    pub fn keeps_rules(&self, field: &str) -> bool {
        !self.by_rule.iter().any(|(named, _)| named == field)
    }

    /// Empty where it breaks a rule.
    pub fn text<'a>(&mut self, field: &str, text: &'a str) -> &'a str {
        if !text.is_empty() && !self.keeps_rules(field) {
            self.settled.push(field.to_owned());
            return "";
        }
        if text.contains('\0') {
            self.add(field, HAS_NUL);
            return "";
        }
        text
    }

    /// Texts of a repeated field.
    pub fn texts(&mut self, field: &str, texts: &[String]) -> Vec<String> {
        if !self.keeps_rules(field) {
            return Vec::new();
        }
        for (index, text) in texts.iter().enumerate() {
            if text.contains('\0') {
                self.add(format!("{field}[{index}]"), HAS_NUL);
            }
        }
        texts.to_vec()
    }

    /// Names of datasets, with or without `datasets/`.
    pub fn lists(&mut self, field: &str, lists: &[String]) -> Vec<String> {
        let named = self.texts(field, lists).into_iter();
        named.map(|list| list.strip_prefix("datasets/").unwrap_or(&list).to_owned()).collect()
    }

    pub fn period(&mut self, field: &str, text: &str) -> Option<Period> {
        if text.is_empty() {
            return None;
        }
        let period = Period::parse(text);
        if period.is_none() {
            let shown = truncated(text, 40);
            self.add(field, format!("`{shown}` is not a valid period; expected 2021, 2021-Q1 or 2021-03"));
        }
        period
    }

    /// A day; with month or day 0, the last day of the year or month.
    pub fn last_day(&mut self, field: &str, date: Option<&WireDate>) -> Option<Date> {
        let date = date?;
        let day = last_day_of(date);
        if day.is_none() {
            let WireDate { year, month, day } = date;
            self.add(
                field,
                format!("{year}-{month}-{day} is not a valid day; expected year, month and day, or the year alone"),
            );
        }
        day
    }

    /// Both clocks of a request. A day in force may lie ahead.
    pub fn clocks(&mut self, clock: Option<&pb::Clock>) -> Clocks {
        let Some(clock) = clock else { return Clocks::default() };
        let as_of = self.last_day("clock.as_of", clock.as_of.as_ref());
        let in_force_on = self.last_day("clock.in_force_on", clock.in_force_on.as_ref());
        Clocks { as_of, in_force_on }
    }

    /// Both clocks of a question about what is on record: nobody knew on a day what came into force later.
    pub fn clocks_of_records(&mut self, clock: Option<&pb::Clock>) -> Clocks {
        let clocks = self.clocks(clock);
        if let (Some(in_force), Some(as_of)) = (clocks.in_force_on, clocks.as_of)
            && in_force > as_of
        {
            self.add("clock.in_force_on", format!("{in_force} lies after as_of {as_of}: nobody could have known"));
        }
        clocks
    }

    /// The clock of the store alone, where a question takes both.
    pub fn store_clock(&mut self, clock: Option<&pb::Clock>) -> Clocks {
        Clocks { as_of: self.as_of(clock), in_force_on: None }
    }

    /// The clock of the store alone.
    pub fn as_of(&mut self, clock: Option<&pb::Clock>) -> Option<Date> {
        let clocks = self.clocks(clock);
        if clocks.in_force_on.is_some() {
            self.add("clock.in_force_on", "has no meaning in this question; leave it out");
        }
        clocks.as_of
    }

    /// A day from which on; with month or day 0, the first day of the year or month.
    pub fn first_day(&mut self, field: &str, date: Option<&WireDate>) -> Option<Date> {
        let last = self.last_day(field, date)?;
        match date {
            Some(WireDate { month: 0, .. }) => Some(last.first_of_year()),
            Some(WireDate { day: 0, .. }) => Some(last.first_of_month()),
            _ => Some(last),
        }
    }
}

/// Whether a field is the other one or stands within it.
fn is_within(field: &str, other: &str) -> bool {
    field.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn last_day_of(date: &WireDate) -> Option<Date> {
    let year = i16::try_from(date.year).ok().filter(|year| (1900..=2199).contains(year))?;
    let month = i8::try_from(date.month).ok()?;
    let day = i8::try_from(date.day).ok()?;
    match (month, day) {
        (0, 0) => Date::new(year, 12, 31).ok(),
        (_, 0) => Date::new(year, month, 1).ok().map(Date::last_of_month),
        _ => Date::new(year, month, day).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_may_be_vague_but_must_exist() {
        let date = |year, month, day| last_day_of(&WireDate { year, month, day }).map(|date| date.to_string());
        assert_eq!(date(2023, 0, 0).as_deref(), Some("2023-12-31"));
        assert_eq!(date(2024, 2, 0).as_deref(), Some("2024-02-29"));
        assert_eq!(date(2024, 2, 30), None);
        assert_eq!(date(0, 2, 3), None);
        assert_eq!(date(2024, 0, 5), None);
    }
}
