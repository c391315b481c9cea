//! What a contract plans: the annual contract quantity by contract year and by calendar year.
//!
//! A contract year begins on the first day of a month and is named after the calendar year in which it begins. The
//! annual contract quantity (ACQ) is given in steps, which must cover the term: the build-up first, then the plateau. A
//! calendar year takes of each contract year the part of its days that fall into it; the parts are exact fractions,
//! rounded once at the end. Each figure is rounded on its own, so a rounded total may differ from the sum of rounded
//! years; `exact` has the fraction.

pub mod quantities;
mod terms;
pub mod years;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::value::Ratio;
use crate::value::decimal::{Overflow, Rounding};
pub use terms::{Error, OpenBuildUp, ShortYear, Step, Terms};
use years::Figures;
pub use years::{ContractYear, Unplanned};

/// A figure, exactly and as it is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Figure {
    pub exact: Ratio,
    pub value: Decimal,
}

impl Figure {
    fn of(exact: Ratio, rounding: Rounding) -> Result<Self, Overflow> {
        Ok(Self { exact, value: exact.rounded(rounding)? })
    }
}

/// The part of a contract year in a calendar year.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Part {
    pub contract_year: i16,
    pub days: i64,
    /// Days of the contract year.
    pub of_days: i64,
}

/// One year of the schedule. What depends on an unknown term is absent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// The contract year's name, or the calendar year.
    pub year: i16,
    /// First and last day within the term.
    pub from: Date,
    pub to: Date,
    /// Absent where nothing can be said of a contract year in it, see `unplanned`.
    pub contracted: Option<Figure>,
    pub take_or_pay: Option<Figure>,
    /// ACQ less downward tolerance.
    pub least: Option<Figure>,
    /// ACQ and upward option.
    pub most: Option<Figure>,
    pub parts: Vec<Part>,
    /// Contract years of which nothing can be said, and why.
    pub unplanned: Vec<(i16, Unplanned)>,
}

/// By contract year.
pub fn by_contract_year(terms: &Terms, rounding: Rounding) -> Result<Vec<Line>, Error> {
    let years = years::contract_years(terms)?;
    years.iter().map(|year| line(year.year, &[(year, (year.from, year.to))], rounding)).collect()
}

/// By calendar year: of each contract year what falls on the days in it.
pub fn by_calendar_year(terms: &Terms, rounding: Rounding) -> Result<Vec<Line>, Error> {
    let contract_years = years::contract_years(terms)?;
    let (Some(first), Some(last)) = (contract_years.first(), contract_years.last()) else {
        return Ok(Vec::new());
    };
    let mut lines = Vec::new();
    for calendar_year in first.from.year()..=last.to.year() {
        let first_day = january(calendar_year)?;
        let within = |year: &ContractYear| (year.from.max(first_day), year.to.min(first_day.last_of_year()));
        let parts: Vec<_> =
            contract_years.iter().map(|year| (year, within(year))).filter(|(_, (from, to))| from <= to).collect();
        if !parts.is_empty() {
            lines.push(line(calendar_year, &parts, rounding)?);
        }
    }
    Ok(lines)
}

fn january(year: i16) -> Result<Date, Error> {
    Date::new(year, 1, 1).map_err(|_| Error::Invalid {
        field: "year",
        value: year.to_string(),
        reason: "is outside the calendar".to_owned(),
    })
}

/// `parts`: contract years in order, each with its days in the line.
fn line(year: i16, parts: &[(&ContractYear, (Date, Date))], rounding: Rounding) -> Result<Line, Error> {
    let mut total = Some(Figures::ZERO);
    for (contract_year, (from, to)) in parts {
        let part = contract_year.within(*from, *to)?;
        total = total.zip(part).map(|(total, part)| total.plus(part)).transpose()?;
    }
    let figure = |exact: Option<Ratio>| exact.map(|exact| Figure::of(exact, rounding)).transpose();
    let reason = |(contract_year, _): &(&ContractYear, _)| {
        Some((contract_year.year, contract_year.planned.as_ref().err()?.clone()))
    };
    let part = |(contract_year, (from, to)): &(&ContractYear, (Date, Date))| Part {
        contract_year: contract_year.year,
        days: years::days_between(*from, *to),
        of_days: contract_year.days(),
    };
    let days = parts.iter().map(|(_, days)| *days);
    let from = days.clone().map(|(from, _)| from).min().unwrap_or(january(year)?);
    let to = days.map(|(_, to)| to).max().unwrap_or(from);
    Ok(Line {
        year,
        from,
        to,
        contracted: figure(total.map(|total| total.contracted))?,
        take_or_pay: figure(total.and_then(|total| total.take_or_pay))?,
        least: figure(total.and_then(|total| total.least))?,
        most: figure(total.and_then(|total| total.most))?,
        parts: parts.iter().map(part).collect(),
        unplanned: parts.iter().filter_map(reason).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::energy::term::{Limit, MissingTerm, Share};
    use crate::value::decimal::{Half, d};

    const TO_SIX: Rounding = Rounding { digits: 6, half: Half::Even };

    fn step(first_year: i16, last_year: Option<i16>, acq: &str) -> Step {
        Step { first_year: Some(first_year), last_year, from: None, until: None, acq: acq.parse().unwrap() }
    }

    fn date(text: &str) -> Option<Date> {
        Some(text.parse().unwrap())
    }

    /// Made-up: 10, 20, then 30 a year, years from October.
    fn october() -> Terms {
        Terms {
            start: date("2021-10-01"),
            end: date("2025-09-30"),
            year_begins: Some(10),
            acq: vec![step(2021, Some(2021), "10"), step(2022, Some(2022), "20"), step(2023, None, "30")],
            take_or_pay: Some(Share::percent(d("85")).unwrap()),
            downward: Some(Limit::ShareOfAcq(Share::percent(d("10")).unwrap())),
            upward: Some(Limit::Quantity(d("1.5"))),
            build_up: None,
            short_year: None,
        }
    }

    #[test]
    fn contract_years_with_build_up() {
        let lines = by_contract_year(&october(), TO_SIX).unwrap();
        let of = |of: fn(&Line) -> Decimal| lines.iter().map(of).collect::<Vec<_>>();
        assert_eq!(of(|line| line.year.into()), [d("2021"), d("2022"), d("2023"), d("2024")]);
        assert_eq!(of(|line| line.contracted.unwrap().value), [d("10"), d("20"), d("30"), d("30")]);
        // 85 % of each.
        assert_eq!(of(|line| line.take_or_pay.unwrap().value), [d("8.5"), d("17"), d("25.5"), d("25.5")]);
        assert_eq!(of(|line| line.least.unwrap().value), [d("9"), d("18"), d("27"), d("27")]);
        assert_eq!(of(|line| line.most.unwrap().value), [d("11.5"), d("21.5"), d("31.5"), d("31.5")]);
        assert_eq!((lines[2].from, lines[2].to), (date("2023-10-01").unwrap(), date("2024-09-30").unwrap()));
    }

    #[test]
    fn calendar_years_pro_rata_by_days() {
        let lines = by_calendar_year(&october(), TO_SIX).unwrap();
        let contracted: Vec<_> = lines.iter().map(|line| line.contracted.unwrap().value).collect();
        // 2021: 10·92/365 = 2.520548
        // 2022: 10·273/365 + 20·92/365 = 7.479452 + 5.041096 = 12.520548
        // 2023: 20·273/365 + 30·92/366 = 14.958904 + 7.540984 = 22.499888 (2023/24 has 366 days)
        // 2024: 30·274/366 + 30·92/365 = 22.459016 + 7.561644 = 30.020660
        // 2025: 30·273/365 = 22.438356
        assert_eq!(contracted, [d("2.520548"), d("12.520548"), d("22.499888"), d("30.02066"), d("22.438356")]);
        assert_eq!(lines[0].from, date("2021-10-01").unwrap());
        assert_eq!(lines[4].to, date("2025-09-30").unwrap());
        assert_eq!(lines[3].parts[0], Part { contract_year: 2023, days: 274, of_days: 366 });
        let total =
            lines.iter().try_fold(Ratio::ZERO, |total, line| total.plus(line.contracted.unwrap().exact)).unwrap();
        assert_eq!(total, "90".parse().unwrap());
    }

    #[test]
    fn short_years_need_their_rule() {
        let mut terms = Terms { start: date("2021-12-02"), ..october() };
        let lines = by_contract_year(&terms, TO_SIX).unwrap();
        assert_eq!((lines[0].contracted, lines[0].take_or_pay, lines[0].most), (None, None, None));
        assert_eq!(lines[1].contracted.unwrap().value, d("20"));
        let calendar = by_calendar_year(&terms, TO_SIX).unwrap();
        // 2022 takes a part of the short year, 2023 none.
        assert_eq!(
            calendar.iter().map(|line| line.contracted.is_some()).collect::<Vec<_>>()[..3],
            [false, false, true]
        );
        terms.short_year = Some(ShortYear::AsStated);
        assert_eq!(by_contract_year(&terms, TO_SIX).unwrap()[0].contracted.unwrap().value, d("10"));
        terms.short_year = Some(ShortYear::ProRata);
        let first = &by_contract_year(&terms, TO_SIX).unwrap()[0];
        // 2 December to 30 September: 365 - 62 = 303 days. 10·303/365 = 8.301370, 1.5·303/365 more.
        assert_eq!(first.contracted.unwrap().value, d("8.30137"));
        assert_eq!(first.most.unwrap().value, d("9.546575"));
        assert_eq!(first.take_or_pay.unwrap().value, d("7.056164"));
    }

    #[test]
    fn unknown_terms_are_named_or_leave_their_figures_absent() {
        for (name, terms) in [
            ("start of deliveries", Terms { start: None, ..october() }),
            ("end of the term", Terms { end: None, ..october() }),
            ("month in which contract years begin", Terms { year_begins: None, ..october() }),
            ("annual contract quantity", Terms { acq: Vec::new(), ..october() }),
        ] {
            assert_eq!(by_calendar_year(&terms, TO_SIX), Err(MissingTerm(name.to_owned()).into()));
        }
        let terms = Terms { take_or_pay: None, downward: None, upward: None, ..october() };
        let line = &by_contract_year(&terms, TO_SIX).unwrap()[0];
        assert_eq!((line.take_or_pay, line.least, line.most), (None, None, None));
    }

    #[test]
    fn terms_that_contradict_themselves_are_refused() {
        let with_acq = |acq| Terms { acq, ..october() };
        for (reason, terms) in [
            ("lies before the start", Terms { end: date("2021-09-30"), ..october() }),
            ("is not a valid month", Terms { year_begins: Some(13), ..october() }),
            ("covers more than", Terms { end: date("2400-09-30"), ..october() }),
            ("no ACQ covers contract year 2022", with_acq(vec![step(2021, Some(2021), "10"), step(2023, None, "30")])),
            (
                "`10` and `30` for 2022-10-01 to 2023-09-30",
                with_acq(vec![step(2021, Some(2022), "10"), step(2022, None, "30")]),
            ),
            ("outside the term", with_acq(vec![step(2021, None, "10"), step(2019, Some(2019), "30")])),
            ("is negative", with_acq(vec![step(2021, None, "-10")])),
            ("ends before it begins", with_acq(vec![step(2021, None, "10"), step(2023, Some(2022), "30")])),
            ("exceeds the ACQ", Terms { downward: Some(Limit::Quantity(d("11"))), ..october() }),
            ("is negative", Terms { upward: Some(Limit::Quantity(d("-1"))), ..october() }),
            ("without a limit", Terms { upward: Some(Limit::Unlimited), ..october() }),
        ] {
            let error = by_calendar_year(&terms, TO_SIX).unwrap_err().to_string();
            assert!(error.contains(reason), "{reason}: {error}");
        }
    }
}
