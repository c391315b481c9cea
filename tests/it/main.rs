//! Every promise of ARCHITECTURE.md that needs a store, a server or the program; one binary, so that it links once.

// A test fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[macro_use]
mod support;

mod architecture;
mod bad_files;
mod balanced_and_complete;
mod command_line;
mod coverage;
mod described;
mod documents;
mod editions_joined;
mod energy_answers;
mod energy_cases;
mod energy_contracts;
mod energy_prices;
mod energy_reckoned_twice;
mod feed_by_hand;
mod fixed_top;
mod indicators_by_hand;
mod killed_imports;
mod list_faults;
mod lists_and_streams;
mod measures_by_hand;
mod names_beside_codes;
mod no_double_counting;
mod protos;
mod readme;
mod real_data;
mod real_energy;
mod real_energy_more;
mod real_indexes;
mod real_indicators;
mod real_lists;
mod real_routes;
mod releases;
mod report_by_report;
mod reports;
mod request_rules;
mod requests;
mod same_content;
mod sample;
mod sanction_days;
mod sanction_links;
mod sanction_lists;
mod sanction_measures;
mod sanction_rules;
mod sanction_search;
mod schema;
mod server;
mod store;
mod summary_streams;
mod sums_by_hand;
mod table_programs;
