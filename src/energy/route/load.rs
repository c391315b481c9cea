//! Which routes a contract names, and what they can carry in a year.
//!
//! Trackers describe a pipeline by segments and phases. Segments that follow one another carry the same gas, so their
//! capacities are never added. A route of one name has the capacity of one of its segments: of those that reach a country
//! of the buyers, or of all where none is said to; of these, those that stand the firmest in that year; of these, the
//! largest.

use rust_decimal::Decimal;

use super::{Route, RouteStatus};
use crate::energy::contract::Field;
use crate::energy::library::{Library, Listed, ListedRoute, Name, Version};
use crate::energy::quantity::{FactorSet, Per, Refusal, Unit, convert, text};
use crate::register::Moment;
use crate::value::decimal;
use crate::value::words::words;

/// How sure a capacity is in a year.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Certainty {
    Operating,
    Construction,
    Proposed,
}

/// The capacity of a route of one name.
#[derive(Clone, Debug)]
pub struct Load<'a> {
    pub capacity: Decimal,
    pub certainty: Certainty,
    /// The segments with that capacity.
    pub segments: Vec<&'a Version<ListedRoute>>,
}

/// Words that say what a thing is and not which.
const GENERIC: [&str; 9] = ["gas", "natural", "oil", "crude", "lng", "pipeline", "pipelines", "terminal", "route"];

/// What names of the same route have in common: `Power of Siberia` and `Power of Siberia Gas Pipeline`.
pub fn key(name: &str) -> String {
    let words: Vec<String> = words(name).into_iter().filter(|word| !GENERIC.contains(&word.as_str())).collect();
    words.join(" ")
}

/// The names of routes that a contract gives, as it writes them.
pub fn names(listed: &Listed) -> Vec<&str> {
    listed.facts(Field::Route).map(|fact| fact.value.as_str()).collect()
}

/// The routes of the store that a contract names, by resource name or by their own.
pub fn of_contract<'a>(library: &'a Library, listed: &Listed, moment: &Moment) -> Vec<&'a Version<ListedRoute>> {
    names(listed).into_iter().flat_map(|name| of_name(library, name, moment)).collect()
}

/// The routes of a name; several where it has segments or where several datasets have it.
pub fn of_name<'a>(library: &'a Library, name: &str, moment: &Moment) -> Vec<&'a Version<ListedRoute>> {
    if let Some(name) = Name::parse("routes", name) {
        return library.routes.get(&name, moment).into_iter().collect();
    }
    library.routes_of_key(&key(name)).filter(|route| moment.sees(route.since, route.until)).collect()
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
pub fn capacity<'a>(
    routes: &[&'a Version<ListedRoute>],
    towards: &[String],
    year: i16,
    rate: Unit,
    set: Option<&FactorSet>,
) -> Result<Option<Load<'a>>, Refusal> {
    let rate = Unit { per: Some(Per::Year), ..rate };
    let reaches = |route: &&&Version<ListedRoute>| {
        let Route { to_country, countries, .. } = &route.value.route;
        towards.iter().any(|country| country == to_country || countries.contains(country))
    };
    let reaching: Vec<&Version<ListedRoute>> = routes.iter().filter(reaches).copied().collect();
    let mut best: Option<Load<'a>> = None;
    for route in if reaching.is_empty() { routes } else { &reaching } {
        let Some(certainty) = certainty(&route.value.route, year) else { continue };
        let Some(capacity) = in_unit(&route.value.route, rate, set)? else { continue };
        let better = best
            .as_ref()
            .is_none_or(|best| certainty < best.certainty || (certainty == best.certainty && capacity > best.capacity));
        match &mut best {
            Some(best) if best.certainty == certainty && best.capacity == capacity => best.segments.push(route),
            _ if better => best = Some(Load { capacity, certainty, segments: vec![route] }),
            _ => {}
        }
    }
    Ok(best)
}

/// `None` when the route has no capacity, or one in a unit that is not understood.
fn in_unit(route: &Route, rate: Unit, set: Option<&FactorSet>) -> Result<Option<Decimal>, Refusal> {
    let Some(capacity) = &route.capacity else { return Ok(None) };
    let Some(own) = capacity.parsed_unit.as_deref().and_then(|unit| text::unit(unit).ok()) else { return Ok(None) };
    if own == rate {
        return Ok(Some(capacity.value));
    }
    let converted = convert(capacity.value, own, rate, set)?;
    Ok(Some(decimal::Rounding { digits: 12, half: decimal::Half::Even }.apply(converted.value)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::energy::quantity::factor;
    use crate::energy::route::{Capacity, RouteKind};
    use crate::value::decimal::d;

    fn segment(id: &str, status: RouteStatus, start: Option<i16>, capacity: &str, unit: &str) -> Version<ListedRoute> {
        let mut route = Route::new(id, RouteKind::GasPipeline, "Power of Siberia Gas Pipeline");
        route.status = Some(status);
        route.start_years = start.into_iter().collect();
        let parsed_unit = Some(unit.to_owned());
        route.capacity = Some(Capacity { value: d(capacity), unit: unit.into(), parsed_unit });
        Version {
            dataset: 1,
            book: "r".into(),
            id: id.into(),
            number: 1,
            since: (1, 1),
            until: None,
            value: ListedRoute::new(route),
        }
    }

    #[test]
    fn segments_are_not_added_and_the_firmest_counts() {
        let segments = [
            segment("A", RouteStatus::Operating, Some(2019), "38", "bcm/y@20C"),
            segment("B", RouteStatus::Operating, Some(2022), "38", "bcm/y@20C"),
            segment("C", RouteStatus::Proposed, Some(2030), "50", "bcm/y@20C"),
            segment("D", RouteStatus::Cancelled, None, "32", "bcm/y@20C"),
        ];
        let all: Vec<&Version<ListedRoute>> = segments.iter().collect();
        let unit = text::unit("bcm/y@20C").unwrap();
        let load =
            |year| capacity(&all, &[], year, unit, None).unwrap().map(|load| (load.capacity, load.segments.len()));
        assert_eq!((load(2018), load(2020), load(2031)), (None, Some((d("38"), 1)), Some((d("38"), 2))));
        let proposed = capacity(&all[2..], &[], 2031, unit, None).unwrap().unwrap();
        assert_eq!((proposed.capacity, proposed.certainty), (d("50"), Certainty::Proposed));
        // What reaches the buyer counts before what is larger elsewhere.
        let mut reaching = segment("E", RouteStatus::Proposed, Some(2030), "20", "bcm/y@20C");
        reaching.value.route.countries = vec!["RUS".into(), "CHN".into()];
        let two = [&segments[2], &reaching];
        let load = |towards: &str| capacity(&two, &[towards.to_owned()], 2031, unit, None).unwrap().unwrap().capacity;
        assert_eq!((load("CHN"), load("JPN")), (d("20"), d("50")));
    }

    #[test]
    fn an_unknown_basis_needs_a_set() {
        let segments = [segment("A", RouteStatus::Operating, None, "38", "bcm/y")];
        let all: Vec<&Version<ListedRoute>> = segments.iter().collect();
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
