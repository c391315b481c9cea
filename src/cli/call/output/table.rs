//! Draws an answer for people: columns as wide as they need, numbers to the right, long texts cut.

use console::{Alignment, Term, measure_text_width, pad_str};

use super::answer::Answer;
use super::grid::Grid;

/// Rows of a table; more are better read in a file.
const ROWS_MAX: usize = 200;
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
    let widths = widths(grid, shown, width);
    let names: Vec<String> = grid.columns.iter().map(|column| column.name.clone()).collect();
    draw_row(text, grid, &names, &widths);
    let rules: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
    draw_row(text, grid, &rules, &widths);
    for row in shown {
        draw_row(text, grid, row, &widths);
    }
    if widths.len() < names.len() {
        let left_out = names[widths.len()..].join(", ");
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

/// The width of each column that is shown: texts are cut shorter first, then columns left out from the right.
fn widths(grid: &Grid, rows: &[Vec<String>], width: Option<usize>) -> Vec<usize> {
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
    let total = |widths: &[usize]| widths.iter().sum::<usize>() + GAP.len() * widths.len().saturating_sub(1);
    let Some(width) = width else { return cut_to(CELL_MAX) };
    let cap = (CELL_MIN..=CELL_MAX).rev().find(|cap| total(&cut_to(*cap)) <= width);
    let mut widths = cut_to(cap.unwrap_or(CELL_MIN));
    while widths.len() > 1 && total(&widths) > width {
        widths.pop();
    }
    widths
}

fn draw_row(text: &mut String, grid: &Grid, cells: &[String], widths: &[usize]) {
    let mut line = String::new();
    for ((cell, width), column) in cells.iter().zip(widths).zip(&grid.columns) {
        if !line.is_empty() {
            line.push_str(GAP);
        }
        let side = if column.is_number { Alignment::Right } else { Alignment::Left };
        line.push_str(&pad_str(&cut(cell, *width), *width, side, None));
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
        let too_narrow = drawn(1, Some(30));
        assert!(!too_narrow.contains("12345678901234567"), "{too_narrow}");
        assert!(too_narrow.contains("left out, the terminal is too narrow: value_usd"), "{too_narrow}");
    }

    #[test]
    fn a_long_answer_says_how_to_get_the_rest() {
        let text = drawn(ROWS_MAX + 1, None);
        assert!(text.contains("200 of 201 rows; a narrower question has fewer, --output csv"), "{text}");
        assert!(!text.contains("2200") && !drawn(ROWS_MAX, None).contains("narrower"));
    }
}
