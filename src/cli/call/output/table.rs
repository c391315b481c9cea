//! Draws an answer for people: columns as wide as they need, numbers to the right, long texts cut.

use console::{Alignment, Term, measure_text_width, pad_str};

use super::answer::Answer;
use super::grid::Grid;

/// Rows of a table; more are better read in a file.
const ROWS_MAX: usize = 200;
/// Rows that are shown as records, a line for each value, where the terminal is too narrow for all of their columns.
const RECORDS_MAX: usize = 10;
/// Letters of a text in a cell, and the fewest to which it is cut to make room.
const CELL_MAX: usize = 48;
const CELL_MIN: usize = 12;
/// Letters of a note below.
const NOTE_MAX: usize = 240;
const NOTES_MAX: usize = 5;
const SOURCES_MAX: usize = 6;
const GAP: &str = "  ";

/// Columns of the terminal; `None` where there is none.
pub fn width_of_terminal() -> Option<usize> {
    Term::stdout().size_checked().map(|(_, columns)| usize::from(columns))
}

pub fn draw(answer: &Answer, width: Option<usize>) -> String {
    let mut text = String::new();
    let longest = answer.heading.iter().map(|(name, _)| measure_text_width(name)).max().unwrap_or_default();
    for (name, value) in &answer.heading {
        text.push_str(&format!("{}{GAP}{}\n", pad_str(name, longest, Alignment::Left, None), on_one_line(value)));
    }
    let is_named = answer.tables.len() > 1 || !answer.heading.is_empty();
    for (name, grid) in &answer.tables {
        if is_named {
            text.push_str(&format!("{}{name}\n", if text.is_empty() { "" } else { "\n" }));
        }
        draw_grid(&mut text, grid, width);
    }

    let remarks = answer.remarks();
    let is_anything_below = !remarks.is_empty() || !answer.notes.is_empty() || !answer.sources.is_empty();
    if is_anything_below && !text.is_empty() {
        text.push('\n');
    }
    text.push_str(&remarks);
    listed(&mut text, "note", &answer.notes, NOTES_MAX);
    listed(&mut text, "source", &answer.sources, SOURCES_MAX);
    text
}

fn listed(text: &mut String, what: &str, lines: &[String], max: usize) {
    for line in lines.iter().take(max) {
        text.push_str(&format!("{what}: {}\n", cut(line, NOTE_MAX)));
    }
    if lines.len() > max {
        text.push_str(&format!("{} more {what}s: --output json\n", lines.len() - max));
    }
}

fn draw_grid(text: &mut String, grid: &Grid, width: Option<usize>) {
    let shown = &grid.rows[..grid.rows.len().min(ROWS_MAX)];
    let layout = Layout::of(grid, shown, width);
    if !layout.left_out.is_empty() && shown.len() <= RECORDS_MAX {
        draw_records(text, grid, width);
        return;
    }
    let names: Vec<String> = grid.columns.iter().map(|column| column.name.clone()).collect();
    draw_row(text, grid, &names, &layout);
    let rules: Vec<String> = layout.widths.iter().map(|width| "-".repeat(*width)).collect();
    draw_row(text, grid, &rules, &layout);
    for row in shown {
        draw_row(text, grid, row, &layout);
    }
    if !layout.left_out.is_empty() {
        let left_out: Vec<&str> = layout.left_out.iter().map(|at| names[*at].as_str()).collect();
        let left_out = left_out.join(", ");
        text.push_str(&format!("left out, the terminal is too narrow: {left_out}; --output csv has them\n"));
    }
    if shown.len() < grid.rows.len() {
        text.push_str(&format!(
            "{} of {} rows; a narrower question has fewer, --output csv, json or jsonl has all\n",
            shown.len(),
            grid.rows.len()
        ));
    }
}

/// A few rows that do not fit beside one another: a line for each value.
fn draw_records(text: &mut String, grid: &Grid, width: Option<usize>) {
    let longest = grid.columns.iter().map(|column| measure_text_width(&column.name)).max().unwrap_or_default();
    let room = width.map_or(usize::MAX, |width| width.saturating_sub(longest + GAP.len()).max(CELL_MIN));
    for (at, row) in grid.rows.iter().enumerate() {
        if at > 0 {
            text.push('\n');
        }
        for (column, value) in grid.columns.iter().zip(row).filter(|(_, value)| !value.is_empty()) {
            let value = if column.is_number { value.clone() } else { cut(value, room) };
            text.push_str(&format!("{}{GAP}{value}\n", pad_str(&column.name, longest, Alignment::Left, None)));
        }
    }
}

/// Which columns are shown, and how wide.
struct Layout {
    /// Of every column of the grid, shown or not.
    widths: Vec<usize>,
    left_out: Vec<usize>,
}

impl Layout {
    /// Texts are cut shorter first; then columns are left out, those that say the same in every row before the others,
    /// and from the right.
    fn of(grid: &Grid, rows: &[Vec<String>], width: Option<usize>) -> Self {
        let needed = |at: usize| {
            let cells = rows.iter().map(|row| measure_text_width(&row[at])).max().unwrap_or_default();
            cells.max(measure_text_width(&grid.columns[at].name))
        };
        let needed: Vec<usize> = (0..grid.columns.len()).map(needed).collect();
        // A number that is cut would be another number.
        let cut_to = |cap: usize| -> Vec<usize> {
            let columns = needed.iter().zip(&grid.columns);
            columns.map(|(needed, column)| if column.is_number { *needed } else { (*needed).min(cap) }).collect()
        };
        let total = |widths: &[usize]| widths.iter().map(|width| width + GAP.len()).sum::<usize>();
        let Some(room) = width.map(|width| width + GAP.len()) else {
            return Self { widths: cut_to(CELL_MAX), left_out: Vec::new() };
        };
        let cap = (CELL_MIN..=CELL_MAX).rev().find(|cap| total(&cut_to(*cap)) <= room);
        let widths = cut_to(cap.unwrap_or(CELL_MIN));
        let is_same = |at: &usize| rows.len() > 1 && rows.iter().all(|row| row[*at] == rows[0][*at]);
        let (same, other): (Vec<usize>, Vec<usize>) = (1..widths.len()).rev().partition(is_same);
        let mut taken = total(&widths);
        let mut left_out = Vec::new();
        for at in same.into_iter().chain(other) {
            if taken <= room {
                break;
            }
            taken -= widths[at] + GAP.len();
            left_out.push(at);
        }
        left_out.sort_unstable();
        Self { widths, left_out }
    }
}

fn draw_row(text: &mut String, grid: &Grid, cells: &[String], layout: &Layout) {
    let mut line = String::new();
    for (at, cell) in cells.iter().enumerate().filter(|(at, _)| !layout.left_out.contains(at)) {
        if !line.is_empty() {
            line.push_str(GAP);
        }
        let side = if grid.columns[at].is_number { Alignment::Right } else { Alignment::Left };
        let width = layout.widths[at];
        line.push_str(&pad_str(&cut(cell, width), width, side, None));
    }
    text.push_str(line.trim_end());
    text.push('\n');
}

/// Data may hold what moves the cursor of a terminal.
fn on_one_line(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

fn cut(text: &str, width: usize) -> String {
    console::truncate_str(&on_one_line(text), width, "…").into_owned()
}

#[cfg(test)]
mod tests {
    use super::super::grid::Column;
    use super::*;

    fn grid(rows: usize) -> Grid {
        let column = |name: &str, is_number| Column { name: name.to_owned(), is_number };
        let columns = vec![column("year", true), column("remark", false), column("value_usd", true)];
        let row =
            |at: usize| vec![(2000 + at).to_string(), "a long\nremark ".repeat(9), "12345678901234567".to_owned()];
        Grid { columns, rows: (0..rows).map(row).collect() }
    }

    fn drawn(rows: usize, width: Option<usize>) -> String {
        let mut text = String::new();
        draw_grid(&mut text, &grid(rows), width);
        text
    }

    #[test]
    fn texts_are_cut_to_the_terminal_and_numbers_never() {
        let wide = drawn(1, None);
        assert!(wide.lines().all(|line| measure_text_width(line) <= 4 + 2 + CELL_MAX + 2 + 17), "{wide}");
        let narrow = drawn(1, Some(50));
        assert!(narrow.contains('…') && narrow.contains("  12345678901234567\n"), "{narrow}");
        assert!(narrow.lines().all(|line| measure_text_width(line) <= 50), "{narrow}");
    }

    #[test]
    fn a_narrow_terminal_gets_records_or_fewer_columns() {
        let records = drawn(2, Some(30));
        assert_eq!(records.matches("value_usd  12345678901234567\n").count(), 2, "{records}");
        assert!(records.lines().all(|line| measure_text_width(line) <= 30), "{records}");
        // Of many rows a column goes that is the same in all.
        let columns = drawn(RECORDS_MAX + 1, Some(30));
        assert!(columns.contains("left out, the terminal is too narrow: value_usd"), "{columns}");
        assert!(columns.lines().filter(|line| line.contains("20")).count() > RECORDS_MAX, "{columns}");
    }

    #[test]
    fn a_long_answer_says_how_to_get_the_rest() {
        let text = drawn(ROWS_MAX + 1, None);
        assert!(text.contains("200 of 201 rows; a narrower question has fewer, --output csv"), "{text}");
        assert!(!text.contains("2200") && !drawn(ROWS_MAX, None).contains("narrower"));
    }
}
