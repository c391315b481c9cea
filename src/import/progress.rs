//! Progress of long work: a bar on a terminal, a plain line now and then elsewhere.

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

const LINE_EVERY: Duration = Duration::from_secs(5);

/// Counts bytes and rows of one import and shows them.
pub struct Progress {
    bytes_read: Arc<AtomicU64>,
    bytes_total: u64,
    bar: Option<ProgressBar>,
    silent: bool,
    phase: &'static str,
    phase_started: Instant,
    last_line: Instant,
}

impl Progress {
    pub fn new(files: &[PathBuf]) -> Self {
        let bytes_total: u64 =
            files.iter().filter_map(|path| std::fs::metadata(path).ok()).map(|file| file.len()).sum();
        let bar = std::io::stderr().is_terminal().then(|| {
            let style = ProgressStyle::with_template("{msg:<10} [{bar:30}] {percent:>3} %  {prefix}  {elapsed}");
            ProgressBar::new(bytes_total.max(1)).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        });
        let now = Instant::now();
        Self {
            bytes_read: Arc::default(),
            bytes_total,
            bar,
            silent: false,
            phase: "reading",
            phase_started: now,
            last_line: now,
        }
    }

    /// Shows nothing: for tests and for what the program imports itself.
    pub fn silent() -> Self {
        Self { silent: true, bar: None, ..Self::new(&[]) }
    }

    pub(super) fn bytes_read(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.bytes_read)
    }

    pub fn phase(&mut self, phase: &'static str) {
        self.phase = phase;
        self.phase_started = Instant::now();
    }

    /// Tells how many rows the phase has done, of how many when that is known.
    pub fn rows(&mut self, done: u64, total: Option<u64>) {
        if self.silent {
            return;
        }
        let rate = done as f64 / self.phase_started.elapsed().as_secs_f64().max(0.001);
        let share = match total {
            Some(total) => done as f64 / total.max(1) as f64,
            None => self.bytes_read.load(Ordering::Relaxed) as f64 / self.bytes_total.max(1) as f64,
        };
        if let Some(bar) = &self.bar {
            bar.set_message(self.phase);
            bar.set_prefix(format!("{done} rows, {rate:.0} rows/s"));
            bar.set_position((share * self.bytes_total as f64) as u64);
            return;
        }
        if self.last_line.elapsed() >= LINE_EVERY {
            self.last_line = Instant::now();
            eprintln!("{}: {done} rows, {:.0} %, {rate:.0} rows/s", self.phase, share * 100.0);
        }
    }

    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
