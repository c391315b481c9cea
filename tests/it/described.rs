//! `entrepot call` shows a stranger what a server offers, comments and skeletons of requests included.

use crate::support::{Fixture, call};

#[tokio::test(flavor = "multi_thread")]
async fn services_methods_messages_and_enums_are_described() {
    let fixture = Fixture::sqlite().await;
    let served = fixture.serve().await;
    let (listed, text) = call(&served.address, &["--list"]);
    assert!(listed, "{text}");
    insta::assert_snapshot!("list", text);
    for name in ["EnergyService", "trade.SummarizeFlows", "sanctions.v1.SubjectFilter", "EmptyReason"] {
        let (described, text) = call(&served.address, &["--describe", name]);
        assert!(described, "{text}");
        insta::assert_snapshot!(name.replace('.', "_"), text);
    }
    let (described, text) = call(&served.address, &["--describe", "SumarizeFlows"]);
    assert!(!described);
    insta::assert_snapshot!("unknown_name", text);
}
