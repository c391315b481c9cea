//! What a table need not say in each row: what is the same in all of them, what a name holds already, units, long texts.

use console::measure_text_width;

use super::grid::Grid;
use super::vocabulary as words;

/// Texts longer than this stand below the rows where those are few.
const CELL_LONG: usize = 40;
const LONG_ROWS_MAX: usize = 4;
const LONG_LINES_MAX: usize = 16;
/// From so many rows on, years that say the same are one row, and a long text of most rows is said once.
const ROWS_MANY: usize = 12;

/// What left the rows.
#[derive(Default)]
pub struct Condensed {
    /// Said once for all rows.
    pub above: Vec<String>,
    /// Long texts, each with the row that it is of.
    pub below: Vec<String>,
}

pub fn condense(grid: &mut Grid) -> Condensed {
    put_units_into_heads(grid);
    drop_what_a_name_says(grid);
    let mut above = Vec::new();
    if grid.rows.len() > 1 {
        let same = drop_what_is_the_same(grid);
        above.extend((!same.is_empty()).then(|| format!("in every row: {}", same.join(", "))));
    }
    above.extend(say_once_what_most_rows_say(grid));
    join_years(grid);
    let below = take_long_texts(grid);
    Condensed { above, below }
}

/// `quantity.value` and `quantity.unit` are one column where the unit is one.
fn put_units_into_heads(grid: &mut Grid) {
    let amounts: Vec<String> = grid
        .columns
        .iter()
        .filter(|column| column.leaf() == words::AMOUNT && column.name != words::AMOUNT)
        .map(|column| column.name.clone())
        .collect();
    for name in amounts {
        let Some(at) = grid.place(&name) else { continue };
        let unit_name =
            words::UNITS.iter().map(|unit| grid.columns[at].sibling(unit)).find(|name| grid.place(name).is_some());
        let Some((unit_at, unit_name)) = unit_name.and_then(|name| Some((grid.place(&name)?, name))) else { continue };
        let mut units: Vec<String> = grid.texts(unit_at).filter(|unit| !unit.is_empty()).map(str::to_owned).collect();
        units.dedup();
        if let [unit] = &units[..] {
            let what = name.trim_end_matches(words::AMOUNT).trim_end_matches('.');
            grid.columns[at].name = format!("{what}\n{unit}");
            grid.drop_column(&unit_name);
        }
    }
}

/// `subjects/{list}.{uid}` tells list and identifier.
fn drop_what_a_name_says(grid: &mut Grid) {
    for at in (1..grid.columns.len()).rev() {
        let is_said = grid.rows.iter().all(|row| {
            let own = row[at].rsplit('/').next().unwrap_or_default();
            let is_name = row[0].contains('/') && own.len() > 2;
            is_name && row[0].split_once('/').is_some_and(|(_, id)| id == own || id.split('.').any(|part| part == own))
        });
        if is_said && !grid.columns[at].is_number {
            grid.drop_at(at);
        }
    }
}

fn drop_what_is_the_same(grid: &mut Grid) -> Vec<String> {
    let mut said = Vec::new();
    let mut at = grid.columns.len();
    while at > 1 {
        at -= 1;
        let column = grid.columns[at].clone();
        let first = grid.rows[0][at].clone();
        let says_nothing = grid.texts(at).all(|text| ["", "false", "0"].contains(&text));
        let same_as = |other: &usize| grid.columns[*other].is_number && grid.texts(at).eq(grid.texts(*other));
        if says_nothing {
            grid.drop_at(at);
        } else if !column.is_kept && grid.texts(at).all(|text| text == first) {
            let (name, unit) = column.name.split_once('\n').unwrap_or((&column.name, ""));
            said.push(format!("{name} {first} {unit}").trim_end().to_owned());
            grid.drop_at(at);
        } else if let Some(other) = (1..at).find(same_as).filter(|_| column.is_number) {
            let [name, other] = [&column.name, &grid.columns[other].name].map(|name| name.replace('\n', " "));
            said.push(format!("{name} = {other}"));
            grid.drop_at(at);
        }
    }
    // No need to say no in each row.
    for row in &mut grid.rows {
        row.iter_mut().filter(|text| *text == "false").for_each(String::clear);
    }
    said.reverse();
    said
}

/// `*` in place of a long text that most rows have.
fn say_once_what_most_rows_say(grid: &mut Grid) -> Vec<String> {
    let mut said = Vec::new();
    if grid.rows.len() < ROWS_MANY {
        return said;
    }
    for at in 1..grid.columns.len() {
        let count = |text: &str| grid.texts(at).filter(|other| *other == text).count();
        let Some(most) = grid.texts(at).max_by_key(|text| count(text)).map(str::to_owned) else { continue };
        if measure_text_width(&most) < CELL_LONG / 2 || count(&most) * 2 <= grid.rows.len() {
            continue;
        }
        said.push(format!("* {}: {most}", grid.columns[at].name));
        grid.rows.iter_mut().map(|row| &mut row[at]).filter(|text| **text == most).for_each(|text| *text = "*".into());
    }
    said
}

/// One row for years that follow one another and say the same: `2033-2048`.
fn join_years(grid: &mut Grid) {
    let is_by_year = grid.columns.first().is_some_and(|column| column.is_number && column.name == words::YEAR);
    if !is_by_year || grid.rows.len() < ROWS_MANY {
        return;
    }
    let mut joined: Vec<(i32, i32, Vec<String>)> = Vec::new();
    for row in &grid.rows {
        let Ok(year) = row[0].parse() else { return };
        match joined.last_mut() {
            Some((_, last, texts)) if *last + 1 == year && texts[1..] == row[1..] => *last = year,
            _ => joined.push((year, year, row.clone())),
        }
    }
    grid.columns[0].is_number = false;
    let label = |first: i32, last: i32| if first == last { first.to_string() } else { format!("{first}-{last}") };
    let row = |(first, last, mut texts): (i32, i32, Vec<String>)| {
        texts[0] = label(first, last);
        texts
    };
    grid.rows = joined.into_iter().map(row).collect();
}

/// Long texts of few rows in lines of their own, where they need not be cut to a cell.
fn take_long_texts(grid: &mut Grid) -> Vec<String> {
    let is_long = |grid: &Grid, at: usize| {
        !grid.columns[at].is_number && grid.texts(at).any(|text| measure_text_width(text) > CELL_LONG)
    };
    // A single row is drawn as a record.
    if !(2..=LONG_ROWS_MAX).contains(&grid.rows.len()) {
        return Vec::new();
    }
    let mut candidates: Vec<usize> = (1..grid.columns.len()).filter(|at| is_long(grid, *at)).collect();
    candidates.sort_by_key(|at| std::cmp::Reverse(grid.texts(*at).map(measure_text_width).max()));
    let (mut long, mut lines) = (Vec::new(), 0);
    for at in candidates {
        let own = grid.texts(at).filter(|text| !text.is_empty()).count();
        if lines + own <= LONG_LINES_MAX {
            lines += own;
            long.push(at);
        }
    }
    long.sort_unstable();
    let mut below = Vec::new();
    for row in &grid.rows {
        for at in &long {
            if !row[*at].is_empty() {
                let whose = if grid.rows.len() > 1 { format!("{} ", row[0]) } else { String::new() };
                below.push(format!("{whose}{}: {}", grid.columns[*at].name, row[*at]));
            }
        }
    }
    long.into_iter().rev().for_each(|at| grid.drop_at(at));
    below
}

/// Figures with their thousands apart and their points below one another.
pub fn align(grid: &mut Grid) {
    for at in 0..grid.columns.len() {
        if !grid.columns[at].is_number {
            continue;
        }
        let places = |text: &str| text.split_once('.').map_or(0, |(_, digits)| digits.len() + 1);
        let most = grid.texts(at).map(places).max().unwrap_or_default();
        for row in &mut grid.rows {
            let blanks = if row[at].is_empty() { 0 } else { most - places(&row[at]) };
            row[at] = format!("{}{}", grouped(&row[at]), " ".repeat(blanks));
        }
    }
}

/// `1234567.5` as `1,234,567.5`; four digits, as of a year, stay together.
pub fn grouped(text: &str) -> String {
    let (whole, rest) = text.find('.').map_or((text, ""), |point| text.split_at(point));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    if digits.len() < 5 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.to_owned();
    }
    let mut parts = Vec::new();
    let mut end = digits.len();
    while end > 0 {
        let start = end.saturating_sub(3);
        parts.push(&digits[start..end]);
        end = start;
    }
    parts.reverse();
    format!("{sign}{}{rest}", parts.join(","))
}

#[cfg(test)]
mod tests {
    use super::super::grid::Column;
    use super::*;

    fn column(name: &str, is_number: bool) -> Column {
        Column { is_number, ..Column::text(name) }
    }

    fn grid(columns: Vec<Column>, rows: &[&[&str]]) -> Grid {
        let rows = rows.iter().map(|row| row.iter().map(|text| (*text).to_owned()).collect()).collect();
        Grid { columns, rows }
    }

    #[test]
    fn what_is_the_same_in_every_row_is_said_once_or_not_at_all() {
        let columns = vec![
            column("name", false),
            column("list", false),
            column("flag", false),
            column("kind", false),
            column("amount.value", true),
            column("amount.unit", false),
            column("rows", true),
            column("rows_known", true),
        ];
        let rows: [&[&str]; 2] = [
            &["ships/north.7", "lists/north", "false", "TUG", "1234567", "t", "3", "3"],
            &["ships/north.8", "lists/north", "false", "TUG", "-20.5", "t", "4", "4"],
        ];
        let mut grid = grid(columns, &rows);
        let condensed = condense(&mut grid);
        align(&mut grid);
        let names: Vec<&str> = grid.columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(names, ["name", "amount\nt", "rows"]);
        assert_eq!(condensed.above, ["in every row: kind TUG, rows_known = rows"]);
        assert_eq!(grid.rows[0][1..], ["1,234,567  ".to_owned(), "3".to_owned()]);
        assert_eq!(grid.rows[1][1], "-20.5");
    }

    #[test]
    fn long_texts_of_few_rows_stand_whole_below_them() {
        let long = "a reason of more letters than a cell of a table has room for";
        let mut few = grid(vec![column("who", false), column("why", false)], &[&["A", long], &["B", ""]]);
        assert_eq!(condense(&mut few).below, [format!("A why: {long}")]);
        let many = [["A", long]; LONG_ROWS_MAX + 1];
        let many: Vec<&[&str]> = many.iter().map(|row| &row[..]).collect();
        let mut many = grid(vec![column("who", false), column("why", false)], &many);
        assert!(condense(&mut many).below.is_empty());
    }

    #[test]
    fn years_that_say_the_same_are_one_row() {
        let plan = |year: i32| match year {
            2031 => "7",
            2040 => "0",
            _ => "5",
        };
        let rows: Vec<[String; 2]> = (2026..=2041).map(|year| [year.to_string(), plan(year).to_owned()]).collect();
        let rows: Vec<Vec<String>> = rows.iter().map(|row| row.to_vec()).collect();
        let mut grid = Grid { columns: vec![column("year", true), column("plan", true)], rows };
        condense(&mut grid);
        let labels: Vec<&str> = grid.texts(0).collect();
        assert_eq!(labels, ["2026-2030", "2031", "2032-2039", "2040", "2041"]);
        assert_eq!(grid.texts(1).collect::<Vec<_>>(), ["5", "7", "5", "0", "5"]);
    }

    #[test]
    fn a_long_text_of_most_rows_is_said_once() {
        let text = "a source that most of the rows have";
        let texts = |at: usize| vec![at.to_string(), if at == 3 { "another".to_owned() } else { text.to_owned() }];
        let mut grid = Grid {
            columns: vec![column("what", false), column("source", false)],
            rows: (0..ROWS_MANY).map(texts).collect(),
        };
        assert_eq!(condense(&mut grid).above, [format!("* source: {text}")]);
        assert_eq!((grid.rows[2][1].as_str(), grid.rows[3][1].as_str()), ("*", "another"));
    }

    #[test]
    fn thousands_are_told_apart_and_years_are_not() {
        for (text, expected) in [
            ("2031", "2031"),
            ("12345.678", "12,345.678"),
            ("-1000000", "-1,000,000"),
            ("0.5", "0.5"),
            ("", ""),
            ("1e9999", "1e9999"),
        ] {
            assert_eq!(grouped(text), expected);
        }
    }
}
