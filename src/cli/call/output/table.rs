//! Draws an answer for people: columns as wide as they need, numbers to the right, long texts cut.

use console::{Alignment, Term, measure_text_width, pad_str};

use super::answer::Answer;
use super::grid::Grid;

/// Rows of a table; more are better read in a file.
const ROWS_MAX: usize = 200;
/// Rows that a screen shows; below more of them stands how to get fewer.
const SCREEN_ROWS: usize = 40;
/// Rows that are shown as records, a line for each value, where the terminal is too narrow for all of their columns.
const RECORDS_MAX: usize = 10;
const RECORD_LINES_MAX: usize = 24;
/// Columns of an answer that goes to no terminal.
const WIDTH: usize = 160;
/// Letters of a text in a cell, and the fewest to which it is cut to make room.
const CELL_MAX: usize = 80;
const CELL_MIN: usize = 12;
/// Letters of a note below.
const NOTE_MAX: usize = 240;
const NOTES_MAX: usize = 5;
/// Lines about the rows above, and of long texts below them.
const LINES_MAX: usize = 16;
const LINES_BELOW_MANY: usize = 6;
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
        let value = cut(value, NOTE_MAX);
        text.push_str(&format!("{}{GAP}{value}\n", pad_str(name, longest, Alignment::Left, None)));
    }
    for table in &answer.tables {
        if answer.tables.len() > 1 || !text.is_empty() {
            text.push_str(&format!("{}{}\n", if text.is_empty() { "" } else { "\n" }, table.name));
        }
        if !table.above.is_empty() {
            table.above.iter().for_each(|line| text.push_str(&format!("{}\n", cut(line, NOTE_MAX))));
        }
        // A long answer has less room for what is said of its parts.
        let lines_max = if answer.tables.len() > 1 { LINES_BELOW_MANY } else { LINES_MAX };
        draw_grid(&mut text, &table.grid, width);
        for line in table.below.iter().take(lines_max) {
            text.push_str(&format!("{}\n", cut(line, NOTE_MAX)));
        }
        if table.below.len() > lines_max {
            text.push_str(&format!("{} more lines: --output json\n", table.below.len() - lines_max));
        }
    }

    let remarks = answer.remarks();
    let is_anything_below =
        !remarks.is_empty() || !answer.bases.is_empty() || !answer.notes.is_empty() || !answer.sources.is_empty();
    if is_anything_below && !text.is_empty() {
        text.push('\n');
    }
    text.push_str(&remarks);
    for (name, value) in &answer.bases {
        text.push_str(&format!("{name}: {}\n", cut(value, NOTE_MAX)));
    }
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
    let layout = Layout::of(grid, shown, Some(width.unwrap_or(WIDTH)));
    let lines = shown.iter().flatten().filter(|value| !value.is_empty()).count();
    let is_cut = !layout.left_out.is_empty() || (shown.len() == 1 && layout.is_cut(&shown[0]));
    if is_cut && shown.len() <= RECORDS_MAX && lines <= RECORD_LINES_MAX {
        draw_records(text, grid, width);
        return;
    }
    let heads: Vec<Vec<&str>> = grid.columns.iter().map(|column| head(&column.name)).collect();
    let height = heads.iter().map(Vec::len).max().unwrap_or_default();
    for line in 0..height {
        let of_line = |head: &Vec<&str>| (line + head.len()).checked_sub(height).map(|at| head[at].to_owned());
        let names: Vec<String> = heads.iter().map(|head| of_line(head).unwrap_or_default()).collect();
        draw_row(text, grid, &names, &layout);
    }
    let rules: Vec<String> = layout.widths.iter().map(|width| "-".repeat(*width)).collect();
    draw_row(text, grid, &rules, &layout);
    for row in shown {
        draw_row(text, grid, row, &layout);
    }
    if !layout.left_out.is_empty() {
        let left_out: Vec<String> =
            layout.left_out.iter().map(|at| grid.columns[*at].name.replace('\n', " ")).collect();
        let left_out = cut(&left_out.join(", "), NOTE_MAX);
        text.push_str(&format!("left out for want of room: {left_out}; --output json has them\n"));
    }
    if shown.len() < grid.rows.len() {
        text.push_str(&format!(
            "{} of {} rows; a narrower question has fewer, --output csv, json or jsonl has all\n",
            shown.len(),
            grid.rows.len()
        ));
    } else if shown.len() > SCREEN_ROWS {
        text.push_str(&format!("{} rows; a narrower question or a smaller page has fewer\n", shown.len()));
    }
}

/// The lines of a column's head: of fields within fields one below another.
fn head(name: &str) -> Vec<&str> {
    name.split(['\n', '.']).collect()
}

/// A few rows that do not fit beside one another: a line for each value.
fn draw_records(text: &mut String, grid: &Grid, width: Option<usize>) {
    let names: Vec<String> = grid.columns.iter().map(|column| column.name.replace('\n', " ")).collect();
    let longest = names.iter().map(|name| measure_text_width(name)).max().unwrap_or_default();
    // Without a terminal a line is as long as a note may be.
    let room = width.unwrap_or(NOTE_MAX).saturating_sub(longest + GAP.len()).max(CELL_MIN);
    for (at, row) in grid.rows.iter().enumerate() {
        if at > 0 {
            text.push('\n');
        }
        let columns = grid.columns.iter().zip(&names).zip(row);
        for ((column, name), value) in columns.filter(|(_, value)| !value.is_empty()) {
            let value = if column.is_number { value.trim_end().to_owned() } else { cut(value, room) };
            text.push_str(&format!("{}{GAP}{value}\n", pad_str(name, longest, Alignment::Left, None)));
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
            head(&grid.columns[at].name).into_iter().map(measure_text_width).max().unwrap_or_default().max(cells)
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
        let is_same = |at: &usize| {
            rows.len() > 1 && !grid.columns[*at].is_kept && rows.iter().all(|row| row[*at] == rows[0][*at])
        };
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

impl Layout {
    fn is_cut(&self, row: &[String]) -> bool {
        row.iter().zip(&self.widths).any(|(text, width)| measure_text_width(text) > *width)
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
    let text = on_one_line(text);
    // Of a resource name the end tells more than the collection.
    let is_name = text.contains('/') && !text.contains(' ') && text.is_ascii();
    if is_name && text.len() > width {
        return format!("…{}", &text[text.len() + 1 - width.max(1)..]);
    }
    console::truncate_str(&text, width, "…").into_owned()
}

#[cfg(test)]
mod tests {
    use super::super::grid::Column;
    use super::*;

    fn grid(rows: usize) -> Grid {
        let column = |name: &str, is_number| Column { is_number, ..Column::text(name) };
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
        assert!(columns.contains("left out for want of room: value_usd"), "{columns}");
        assert!(columns.lines().filter(|line| line.contains("20")).count() > RECORDS_MAX, "{columns}");
    }

    #[test]
    fn a_long_answer_says_how_to_get_the_rest() {
        let text = drawn(ROWS_MAX + 1, None);
        assert!(text.contains("200 of 201 rows; a narrower question has fewer, --output csv"), "{text}");
        assert!(!text.contains("2200") && !drawn(ROWS_MAX, None).contains("narrower"));
    }
}
