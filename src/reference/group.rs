//! Groups of countries by date: the compositions of the European Union that statistics name, and who was a member when.
//!
//! A composition is the set of members of one time, and statistics take it for all periods (Eurostat, *Statistical
//! requirements compendium*: `EU27_2020`, `EU28`). The Union that reports itself, area 97, is another matter: it is one
//! reporter, without the trade between its members.

use std::sync::LazyLock;

use jiff::civil::Date;

use super::Area;

/// When a country was a member; both days included.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Membership {
    pub member: Area,
    pub from: Date,
    pub until: Option<Date>,
}

/// A composition.
#[derive(Debug)]
pub struct Group {
    /// `EU28`.
    pub code: &'static str,
    /// From when to when the Union had exactly these members.
    pub from: Date,
    pub until: Option<Date>,
    pub members: Vec<Membership>,
}

#[derive(serde::Deserialize)]
struct Row {
    member: String,
    from: String,
    until: String,
}

/// Code, first and last day.
const COMPOSITIONS: [(&str, &str, &str); 5] = [
    ("EU15", "1995-01-01", "2004-04-30"),
    ("EU25", "2004-05-01", "2006-12-31"),
    ("EU27_2007", "2007-01-01", "2013-06-30"),
    ("EU27_2020", "2020-02-01", ""),
    ("EU28", "2013-07-01", "2020-01-31"),
];

/// Belgium and Luxembourg until 1998, of which statistics have one number alone.
const BELGIUM_LUXEMBOURG: u16 = 58;

static GROUPS: LazyLock<Vec<Group>> = LazyLock::new(|| {
    let rows: Vec<Row> = super::bundled_rows(include_str!("data/eu_members.csv"));
    let membership = |row: Row| {
        let (member, from) = (Area::parse(&row.member)?, row.from.parse().ok()?);
        Some(Membership { member, from, until: row.until.parse().ok() })
    };
    let members: Vec<Membership> = rows.into_iter().filter_map(membership).collect();
    let groups = COMPOSITIONS.into_iter().filter_map(|(code, from, until)| {
        let from: Date = from.parse().ok()?;
        let is_member = |member: &&Membership| member.from <= from && member.until.is_none_or(|until| until >= from);
        Some(Group {
            code,
            from,
            until: until.parse().ok(),
            members: members.iter().filter(is_member).copied().collect(),
        })
    });
    groups.collect()
});

impl Group {
    /// In the order of their codes.
    pub fn all() -> &'static [Self] {
        &GROUPS
    }

    /// A group by its code, with or without `groups/`, whatever the case.
    pub fn parse(text: &str) -> Option<&'static Self> {
        let code = text.strip_prefix("groups/").unwrap_or(text).trim();
        GROUPS.iter().find(|group| group.code.eq_ignore_ascii_case(code))
    }

    /// How requests and answers name it.
    pub fn name(&self) -> String {
        format!("groups/{}", self.code)
    }

    /// The areas under which statistics have its members: those, and what stood for two of them.
    pub fn areas(&self) -> Vec<Area> {
        let former = Area::from_comtrade(BELGIUM_LUXEMBOURG);
        self.members.iter().map(|membership| membership.member).chain(former).collect()
    }

    /// Who of the group belonged to the Union for a part only of a span of days, or not at all in it.
    pub fn partly_members(&self, first: Date, last: Date) -> impl Iterator<Item = &Membership> {
        self.members.iter().filter(move |member| member.from > first || member.until.is_some_and(|until| until < last))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(code: &str) -> Vec<&'static str> {
        Group::parse(code).unwrap().members.iter().map(|membership| membership.member.code()).collect()
    }

    #[test]
    fn compositions_have_as_many_members_as_their_names_say() {
        for group in Group::all() {
            let number: usize = group.code[2..4].parse().unwrap();
            assert_eq!(group.members.len(), number, "{}", group.code);
        }
        assert!(Group::all().is_sorted_by_key(|group| group.code));
    }

    #[test]
    fn members_of_a_composition_are_those_of_its_days() {
        assert!(codes("groups/eu28").contains(&"GBR") && codes("EU28").contains(&"HRV"));
        assert!(!codes("EU27_2020").contains(&"GBR") && codes("EU27_2020").contains(&"HRV"));
        assert!(codes("EU27_2007").contains(&"GBR") && !codes("EU27_2007").contains(&"HRV"));
        assert!(codes("EU25").contains(&"POL") && !codes("EU25").contains(&"BGR"));
        assert_eq!(Group::parse("EU").map(|group| group.code), None, "the Union reports itself");
        let day = |text: &str| text.parse::<Date>().unwrap();
        let partly: Vec<&str> = Group::parse("EU28")
            .unwrap()
            .partly_members(day("2012-01-01"), day("2019-12-31"))
            .map(|membership| membership.member.code())
            .collect();
        assert_eq!(partly, ["HRV"]);
    }
}
