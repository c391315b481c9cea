//! The same files under the same scope are the same release: neither their order nor an earlier import of a part of them
//! may hide what an import says.

use crate::support::{Fixture, published};
use entrepot::import::Options;

fn days(prices: &[(&str, &str)]) -> String {
    let rows = prices.iter().map(|(day, value)| format!("made-up,{day},{value},$/mmbtu,Made up,made up\n"));
    std::iter::once("index,period,value,unit,title,source\n".to_owned()).chain(rows).collect()
}

on_each_backend!(a_part_of_the_days_taken_as_the_whole_withdraws_the_rest);
async fn a_part_of_the_days_taken_as_the_whole_withdraws_the_rest(fixture: Fixture) {
    let all = days(&[("2025-01", "1"), ("2025-02", "2"), ("2025-03", "3"), ("2025-04", "4")]);
    let all = fixture.write("all.csv", all);
    let part = fixture.write("part.csv", days(&[("2025-02", "2"), ("2025-03", "3")]));
    fixture.import("indexes", published(vec![all], "2026-01-01")).await.unwrap();

    let as_part = fixture.import("indexes", published(vec![part.clone()], "2026-02-01")).await.unwrap();
    assert_eq!((as_part.rows_unchanged, as_part.rows_withdrawn), (2, 0), "days outside the range of the file stay");

    let whole = Options {
        whole: true,
        allow_shrink: vec!["price-indexes".into()],
        ..published(vec![part.clone()], "2026-02-01")
    };
    let as_whole = fixture.import("indexes", whole.clone()).await.unwrap();
    assert!(!as_whole.already_imported, "the same files in a wider scope are another release");
    assert_eq!((as_whole.rows_unchanged, as_whole.rows_withdrawn), (2, 2));

    assert!(fixture.import("indexes", whole).await.unwrap().already_imported);
}

on_each_backend!(files_in_another_order_are_the_same_release);
async fn files_in_another_order_are_the_same_release(fixture: Fixture) {
    let header = "owner_id,owner_name,owned_id,owned_name,kind,share_percent,from,until,source\n";
    let first = fixture.write("a.csv", format!("{header}entities/a,A,entities/b,B,owns,60,,,made up\n"));
    let second = fixture.write("b.csv", format!("{header}entities/b,B,entities/c,C,owns,70,,,made up\n"));
    let there = fixture.import("holdings", published(vec![first.clone(), second.clone()], "2026-01-01")).await.unwrap();
    assert_eq!(there.rows_new, 2);
    let back = fixture.import("holdings", published(vec![second, first], "2026-01-01")).await.unwrap();
    assert!(back.already_imported, "{back}");
    assert_eq!(back.release, None);
}
