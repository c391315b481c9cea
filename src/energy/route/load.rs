//! What the routes of one name can carry in a year.
//!
//! Trackers describe a pipeline by segments and phases. Segments that follow one another carry the same gas, so their
//! capacities are never added. A route of one name has the capacity of one of its segments: of those that reach a country
//! of the buyers, or of all where none is said to; of these, those that stand the firmest in that year; of these, the
//! largest.

use rust_decimal::Decimal;

use super::{Route, RouteStatus};
use crate::energy::quantity::{FactorSet, Per, Refusal, Unit, convert};
use crate::value::decimal;
use crate::value::words::words;

/// How sure a capacity is in a year.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Certainty {
    Operating,
    Construction,
    Proposed,
}

/// A segment, or a whole route, and the unit of its capacity where that is understood.
#[derive(Clone, Copy, Debug)]
pub struct Segment<'a> {
    pub route: &'a Route,
    pub unit: Option<Unit>,
}

/// The capacity of a route of one name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Load {
    pub capacity: Decimal,
    pub certainty: Certainty,
    /// Indexes of the segments with that capacity.
    pub segments: Vec<usize>,
}

/// Words that say what a thing is and not which.
const GENERIC: [&str; 9] = ["gas", "natural", "oil", "crude", "lng", "pipeline", "pipelines", "terminal", "route"];

/// What names of the same route have in common: `Power of Siberia` and `Power of Siberia Gas Pipeline`.
pub fn key(name: &str) -> String {
    let words: Vec<String> = words(name).into_iter().filter(|word| !GENERIC.contains(&word.as_str())).collect();
    words.join(" ")
}

/// How sure a route is in a year; `None` when it is not to be reckoned with then.
fn certainty(route: &Route, year: i16) -> Option<Certainty> {
    let start = route.start_years.first().copied();
    if route.stop_year.is_some_and(|stop| stop < year) {
        return None;
    }
    let begun = start.is_some_and(|start| start <= year);
    match route.status? {
        // Without a year of beginning it is taken to operate since ever: it does today.
        RouteStatus::Operating if start.is_none() || begun => Some(Certainty::Operating),
        RouteStatus::Construction if begun => Some(Certainty::Construction),
        RouteStatus::Proposed if begun => Some(Certainty::Proposed),
        _ => None,
    }
}

/// The capacity in a year towards some countries, in a rate's unit; `None` when no segment has one that is known.
pub fn capacity(
    segments: &[Segment<'_>],
    towards: &[String],
    year: i16,
    rate: Unit,
    set: Option<&FactorSet>,
) -> Result<Option<Load>, Refusal> {
    let rate = Unit { per: Some(Per::Year), ..rate };
    let reaches = |segment: &Segment<'_>| {
        let Route { to_country, countries, .. } = segment.route;
        towards.iter().any(|country| country == to_country || countries.contains(country))
    };
    let any_reaches = segments.iter().any(reaches);
    let mut best: Option<Load> = None;
    for (index, segment) in segments.iter().enumerate().filter(|(_, segment)| !any_reaches || reaches(segment)) {
        let Some(certainty) = certainty(segment.route, year) else { continue };
        let Some(capacity) = in_unit(segment, rate, set)? else { continue };
        let better = best
            .as_ref()
            .is_none_or(|best| certainty < best.certainty || (certainty == best.certainty && capacity > best.capacity));
        match &mut best {
            Some(best) if best.certainty == certainty && best.capacity == capacity => best.segments.push(index),
            _ if better => best = Some(Load { capacity, certainty, segments: vec![index] }),
            _ => {}
        }
    }
    Ok(best)
}

/// `None` when the route has no capacity, or one in a unit that is not understood.
fn in_unit(segment: &Segment<'_>, rate: Unit, set: Option<&FactorSet>) -> Result<Option<Decimal>, Refusal> {
    let Some((capacity, own)) = segment.route.capacity.as_ref().zip(segment.unit) else { return Ok(None) };
    if own == rate {
        return Ok(Some(capacity.value));
    }
    let converted = convert(capacity.value, own, rate, set)?;
    Ok(Some(decimal::Rounding { digits: 12, half: decimal::Half::Even }.apply(converted.value)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::energy::quantity::{factor, text};
    use crate::energy::route::{Capacity, RouteKind};
    use crate::value::decimal::d;

    fn route(id: &str, status: RouteStatus, start: Option<i16>, capacity: &str) -> Route {
        let mut route = Route::new(id, RouteKind::GasPipeline, "Power of Siberia Gas Pipeline");
        route.status = Some(status);
        route.start_years = start.into_iter().collect();
        route.capacity = Some(Capacity { value: d(capacity), unit: String::new(), parsed_unit: None });
        route
    }

    fn segment<'a>(route: &'a Route, unit: &str) -> Segment<'a> {
        Segment { route, unit: text::unit(unit).ok() }
    }

    #[test]
    fn segments_are_not_added_and_the_firmest_counts() {
        let routes = [
            route("A", RouteStatus::Operating, Some(2019), "38"),
            route("B", RouteStatus::Operating, Some(2022), "38"),
            route("C", RouteStatus::Proposed, Some(2030), "50"),
            route("D", RouteStatus::Cancelled, None, "32"),
        ];
        let all: Vec<Segment<'_>> = routes.iter().map(|route| segment(route, "bcm/y@20C")).collect();
        let unit = text::unit("bcm/y@20C").unwrap();
        let load = |year| capacity(&all, &[], year, unit, None).unwrap().map(|load| (load.capacity, load.segments));
        assert_eq!((load(2018), load(2020), load(2031)), (None, Some((d("38"), vec![0])), Some((d("38"), vec![0, 1]))));
        let proposed = capacity(&all[2..], &[], 2031, unit, None).unwrap().unwrap();
        assert_eq!((proposed.capacity, proposed.certainty), (d("50"), Certainty::Proposed));
        // What reaches the buyer counts before what is larger elsewhere.
        let mut reaching = route("E", RouteStatus::Proposed, Some(2030), "20");
        reaching.countries = vec!["RUS".into(), "CHN".into()];
        let two = [all[2], segment(&reaching, "bcm/y@20C")];
        let load = |towards: &str| capacity(&two, &[towards.to_owned()], 2031, unit, None).unwrap().unwrap().capacity;
        assert_eq!((load("CHN"), load("JPN")), (d("20"), d("50")));
    }

    #[test]
    fn an_unknown_basis_needs_a_set() {
        let route = route("A", RouteStatus::Operating, None, "38");
        let all = [segment(&route, "bcm/y")];
        let unit = text::unit("bcm/y@20C").unwrap();
        assert!(capacity(&all, &[], 2020, unit, None).is_err());
        let set = factor::sets().iter().find(|set| set.name == "metered-20c");
        assert_eq!(capacity(&all, &[], 2020, unit, set).unwrap().unwrap().capacity, d("38"));
    }

    #[test]
    fn names_of_one_route_meet() {
        assert_eq!(key("Power of Siberia"), key("Power of Siberia Gas Pipeline"));
        assert_ne!(key("Power of Siberia"), key("Power of Siberia 2 Gas Pipeline"));
    }
}
