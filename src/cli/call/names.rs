//! Finds what a short name means among the names that a server lists.
//!
//! Works on plain text, knows neither descriptors nor the network, and never guesses: a name
//! with two meanings is refused with both of them.

use super::error::Error;

/// How many names an error proposes.
const SUGGESTIONS: usize = 3;

/// How well the part in front of the method names a service; a better fit hides the worse ones.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// `entrepot.trade.v1.TradeService`
    FullName,
    /// `TradeService`, `trade.v1.TradeService`
    Tail,
    /// `trade`, `trade.v1`, or the beginning of the service's own name
    Part,
}

/// The position in `paths` (each `package.Service/Method`) that `asked` means.
///
/// Errors: [`Error::Ambiguous`] with the candidates, [`Error::UnknownName`] with the nearest.
pub fn find_method(paths: &[String], asked: &str) -> Result<usize, Error> {
    let asked = asked.trim_start_matches('/');
    if let Some(exact) = paths.iter().position(|path| path == asked) {
        return Ok(exact);
    }

    let (qualifier, method) = split(asked);
    let mut best_fit = Fit::Part;
    let mut candidates = Vec::new();
    for (position, path) in paths.iter().enumerate() {
        let (service, method_name) = split(path);
        if !method_name.eq_ignore_ascii_case(method) {
            continue;
        }
        let Some(fit) = fit(service, qualifier) else {
            continue;
        };
        if fit < best_fit {
            best_fit = fit;
            candidates.clear();
        }
        if fit == best_fit {
            candidates.push(position);
        }
    }

    match candidates[..] {
        [only] => Ok(only),
        [] => {
            Err(Error::UnknownName { kind: "method", asked: asked.to_owned(), nearest: nearest_methods(paths, asked) })
        }
        _ => Err(Error::Ambiguous {
            asked: asked.to_owned(),
            candidates: candidates.iter().map(|&at| paths[at].clone()).collect(),
        }),
    }
}

/// The full name among `full_names` that is `asked` or ends with it, whatever the case.
///
/// `Ok(None)` when there is none, so that a caller can look among other kinds of name.
/// Errors: [`Error::Ambiguous`].
pub fn find_symbol<'a>(full_names: &[&'a str], asked: &str) -> Result<Option<&'a str>, Error> {
    if let Some(exact) = full_names.iter().find(|name| **name == asked) {
        return Ok(Some(exact));
    }
    let candidates: Vec<&str> = full_names.iter().copied().filter(|name| ends_with_segments(name, asked)).collect();
    match candidates[..] {
        [] => Ok(None),
        [only] => Ok(Some(only)),
        _ => Err(Error::Ambiguous {
            asked: asked.to_owned(),
            candidates: candidates.into_iter().map(str::to_owned).collect(),
        }),
    }
}

/// The names in `known` whose last segment is closest to that of `asked`, best first.
pub fn nearest<'a>(known: impl Iterator<Item = &'a str>, asked: &str) -> Vec<String> {
    let wanted = last_segment(asked);
    let scored = known.map(|name| (distance(last_segment(name), wanted), name));
    best(scored.collect())
}

fn nearest_methods(paths: &[String], asked: &str) -> Vec<String> {
    let (qualifier, method) = split(asked);
    let scored = paths.iter().map(|path| {
        let (service, method_name) = split(path);
        let service_distance = match fit(service, qualifier) {
            Some(_) => 0,
            None => service.split('.').map(|segment| distance(segment, qualifier)).min().unwrap_or(qualifier.len()),
        };
        let score = service_distance + distance(method_name, method);
        (score, path.as_str())
    });
    best(scored.collect())
}

fn best(mut scored: Vec<(usize, &str)>) -> Vec<String> {
    scored.sort();
    scored.truncate(SUGGESTIONS);
    scored.into_iter().map(|(_, name)| name.to_owned()).collect()
}

/// Splits `a.b.Service/Method`, `a.b.Service.Method` or `Method` before the method.
fn split(name: &str) -> (&str, &str) {
    name.rsplit_once('/').or_else(|| name.rsplit_once('.')).unwrap_or(("", name))
}

fn last_segment(name: &str) -> &str {
    split(name).1
}

fn fit(service: &str, qualifier: &str) -> Option<Fit> {
    if service == qualifier {
        return Some(Fit::FullName);
    }
    if qualifier.is_empty() {
        return Some(Fit::Part);
    }
    if ends_with_segments(service, qualifier) {
        return Some(Fit::Tail);
    }
    let service = service.to_ascii_lowercase();
    let qualifier = qualifier.to_ascii_lowercase();
    let is_run_of_segments = format!(".{service}.").contains(&format!(".{qualifier}."));
    let begins_own_name = last_segment(&service).starts_with(&qualifier);
    (is_run_of_segments || begins_own_name).then_some(Fit::Part)
}

/// Whether the last whole dotted segments of `name` are `tail`, whatever the case.
fn ends_with_segments(name: &str, tail: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let tail = tail.to_ascii_lowercase();
    name == tail || name.ends_with(&format!(".{tail}"))
}

/// Typing errors between the two, whatever their case.
fn distance(left: &str, right: &str) -> usize {
    strsim::osa_distance(&left.to_ascii_lowercase(), &right.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths() -> Vec<String> {
        [
            "entrepot.trade.v1.TradeService/SummarizeFlows",
            "entrepot.trade.v1.TradeService/ListFlows",
            "entrepot.trade.v1.MirrorService/SummarizeFlows",
            "entrepot.trade.v1.MirrorService/CompareFlows",
            "entrepot.sanctions.v1.ScreeningService/Screen",
            "grpc.health.v1.Health/Check",
        ]
        .map(str::to_owned)
        .to_vec()
    }

    fn found(asked: &str) -> String {
        let paths = paths();
        paths[find_method(&paths, asked).unwrap()].clone()
    }

    #[test]
    fn full_names_are_taken_as_they_are() {
        let full = "entrepot.trade.v1.MirrorService/SummarizeFlows";
        assert_eq!(found(full), full);
        assert_eq!(found(&format!("/{full}")), full);
        assert_eq!(found(&full.replace('/', ".")), full);
    }

    #[test]
    fn short_forms_find_their_service() {
        let flows = "entrepot.trade.v1.TradeService/ListFlows";
        assert_eq!(found("trade.ListFlows"), flows);
        assert_eq!(found("TradeService/ListFlows"), flows);
        assert_eq!(found("TRADE/listflows"), flows);
        assert_eq!(found("trade.v1.ListFlows"), flows);
        assert_eq!(found("ListFlows"), flows);
        assert_eq!(found("health.check"), "grpc.health.v1.Health/Check");
        assert_eq!(found("screen.Screen"), "entrepot.sanctions.v1.ScreeningService/Screen");
    }

    #[test]
    fn the_service_name_decides_where_the_package_cannot() {
        assert_eq!(found("MirrorService.SummarizeFlows"), "entrepot.trade.v1.MirrorService/SummarizeFlows");
        let Err(Error::Ambiguous { candidates, .. }) = find_method(&paths(), "trade.SummarizeFlows") else {
            panic!("two services of the package have the method");
        };
        assert_eq!(candidates.len(), 2);
    }

    #[test]
    fn a_misspelt_method_gets_the_nearest_of_its_service_first() {
        let Err(Error::UnknownName { nearest, .. }) = find_method(&paths(), "MirrorService/SumarizeFlow") else {
            panic!("no such method");
        };
        assert_eq!(nearest[0], "entrepot.trade.v1.MirrorService/SummarizeFlows");
    }

    #[test]
    fn a_part_of_a_segment_is_no_match() {
        assert!(find_method(&paths(), "rade.ListFlows").is_err());
        assert!(find_method(&[], "trade.ListFlows").is_err());
    }

    #[test]
    fn symbols_match_by_whole_segments_at_the_end() {
        let names = ["a.v1.Flow", "a.v1.CashFlow", "b.v1.Unit", "a.v1.Unit"];
        assert_eq!(find_symbol(&names, "flow").unwrap(), Some("a.v1.Flow"));
        assert_eq!(find_symbol(&names, "b.v1.Unit").unwrap(), Some("b.v1.Unit"));
        assert_eq!(find_symbol(&names, "ash").unwrap(), None);
        assert!(find_symbol(&names, "Unit").is_err());
    }

    #[test]
    fn distance_counts_single_edits() {
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("Screen", "screen"), 0);
    }
}
