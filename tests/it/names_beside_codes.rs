//! Names of the codes of an answer, where they are asked for: each code that the answer holds, once, by what the reference
//! service says of it. The codes are collected a second time here, from the text of the whole answer.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{Debug, Write as _};

use crate::support::comtrade::{Record, comtrade_csv, record};
use crate::support::{Fixture, Served, published};
use entrepot::proto::entrepot::energy::v1 as energy;
use entrepot::proto::entrepot::reference::v1 as reference;
use entrepot::proto::entrepot::sanctions::v1 as sanctions;
use entrepot::proto::entrepot::trade::v1 as trade;
use entrepot::proto::entrepot::r#type::v1::Names;

const COUNTRY_FIELDS: [&str; 5] = ["reporter", "partner", "second_partner", "country", "destinations"];

/// The texts of a field wherever an answer has it: one, one that may be absent, or several.
fn texts(answer: &impl Debug, field: &str) -> Vec<String> {
    let text = format!("{answer:?}");
    let mut found = Vec::new();
    for rest in text.split(&format!(" {field}: ")).skip(1) {
        let end = if rest.starts_with('[') { "]" } else { "," };
        let value = rest.split_once(end).map_or(rest, |(value, _)| value);
        found.extend(value.split('"').skip(1).step_by(2).map(str::to_owned));
    }
    found
}

fn countries(answer: &impl Debug) -> BTreeSet<String> {
    let codes = COUNTRY_FIELDS.iter().flat_map(|field| texts(answer, field));
    codes.filter(|code| !code.is_empty()).collect()
}

/// By classification and code.
fn commodities(answer: &impl Debug) -> BTreeSet<(String, String)> {
    let [editions, codes] = ["classification", "commodity"].map(|field| texts(answer, field));
    assert_eq!(editions.len(), codes.len(), "each code stands beside its edition");
    editions.into_iter().zip(codes).collect()
}

fn resource_names(answer: &impl Debug) -> BTreeSet<(String, String)> {
    let text = format!("{answer:?}");
    let names = text.split("commodities/").skip(1).filter_map(|rest| rest.split_once('"'));
    names.filter_map(|(name, _)| name.split_once('-')).map(|(edition, code)| (edition.into(), code.into())).collect()
}

/// Holds that the names are those of these codes, in order and each once, as the reference service has them.
async fn assert_named(
    served: &Served,
    names: Option<Names>,
    countries: &BTreeSet<String>,
    commodities: &BTreeSet<(String, String)>,
) {
    let names = names.expect("they were asked for");
    let mut client = served.reference();
    let mut expected = Vec::new();
    for code in countries {
        let request = reference::GetCountryRequest { name: format!("countries/{code}") };
        if let Ok(found) = client.get_country(request).await {
            expected.push((code.clone(), found.into_inner().country.unwrap().display_name));
        }
    }
    let told: Vec<_> = names.countries.into_iter().map(|named| (named.code, named.display_name)).collect();
    assert_eq!(told, expected);
    let mut expected = BTreeMap::new();
    for (edition, code) in commodities {
        let request = reference::GetCommodityRequest { name: format!("commodities/{edition}-{code}"), clock: None };
        let title = match client.get_commodity(request).await {
            Ok(found) => found.into_inner().commodity.unwrap().display_name,
            Err(_) if code == "TOTAL" => "All goods".to_owned(),
            Err(_) => continue,
        };
        expected.insert((edition.clone(), code.clone()), title);
    }
    let told = names.commodities.into_iter().map(|named| ((named.classification, named.code), named.display_name));
    let mut expected: Vec<_> = expected.into_iter().collect();
    // The total of an edition comes before its codes.
    expected.sort_by_key(|((edition, code), _)| (edition.clone(), code != "TOTAL", code.clone()));
    assert_eq!(told.collect::<Vec<_>>(), expected);
}

/// Three reporters, two editions, codes of six digits and totals.
fn flows() -> String {
    let mut records = Vec::new();
    for (reporter, classification) in [(40, "H5"), (380, "H6"), (703, "H5")] {
        for partner in [0, 268, 398, 862] {
            for commodity in ["270110", "440321", "620590", "TOTAL"] {
                let value = records.len() + 3;
                records.push(Record { reporter, partner, classification, commodity, ..record(value) });
            }
        }
    }
    comtrade_csv(&records)
}

on_each_backend!(each_code_of_trade_has_its_name_once);
async fn each_code_of_trade_has_its_name_once(fixture: Fixture) {
    fixture.load_lists().await;
    fixture.comtrade(&flows(), "2023-04-05").await.unwrap();
    let served = fixture.serve().await;
    let mut client = served.trade();

    let mut request = trade::ListFlowsRequest { page_size: 500, include_names: true, ..Default::default() };
    let mut answer = client.list_flows(request.clone()).await.unwrap().into_inner();
    let names = answer.names.take();
    assert!(countries(&answer).len() > 5 && commodities(&answer).len() > 4);
    assert_named(&served, names, &countries(&answer), &commodities(&answer)).await;
    request.include_names = false;
    let unasked = client.list_flows(request).await.unwrap().into_inner();
    assert_eq!(unasked, answer, "nothing else depends on it, and nothing comes unasked");

    let request = trade::SummarizeFlowsRequest {
        filter: Some(trade::FlowFilter { flows: vec!["X".into()], ..Default::default() }),
        group_by: vec![
            trade::Dimension::Reporter.into(),
            trade::Dimension::Partner.into(),
            trade::Dimension::Commodity.into(),
        ],
        commodity_level: 6,
        include_names: true,
        ..Default::default()
    };
    let mut answer = client.summarize_flows(request).await.unwrap().into_inner();
    let names = answer.names.take();
    assert!(!commodities(&answer).is_empty());
    assert_named(&served, names, &countries(&answer), &commodities(&answer)).await;

    let request = trade::CompareMirrorRequest {
        exporter: "AT".into(),
        importer: "398".into(),
        include_names: true,
        ..Default::default()
    };
    let answer = client.compare_mirror(request).await.unwrap().into_inner();
    let sides = BTreeSet::from(["AUT".to_owned(), "KAZ".to_owned()]);
    assert_named(&served, answer.names, &sides, &BTreeSet::new()).await;
}

on_each_backend!(a_stream_names_each_code_with_its_first_chunk);
async fn a_stream_names_each_code_with_its_first_chunk(fixture: Fixture) {
    fixture.load_lists().await;
    fixture.comtrade(&flows(), "2023-04-05").await.unwrap();
    let served = fixture.serve().await;
    let request = trade::StreamFlowsRequest { chunk_rows: 5, include_names: true, ..Default::default() };
    let mut messages = served.trade().stream_flows(request).await.unwrap().into_inner();
    let (mut seen_countries, mut seen_commodities) = (BTreeSet::new(), BTreeSet::new());
    let mut chunks = 0;
    while let Some(message) = messages.message().await.unwrap() {
        let Some(trade::stream_flows_response::Part::Chunk(chunk)) = message.part else { continue };
        chunks += 1;
        let text = |column: &Option<trade::TextColumn>, row: usize| {
            let column = column.as_ref().unwrap();
            column.dictionary[column.indexes[row] as usize].clone()
        };
        let (mut countries, mut commodities) = (BTreeSet::new(), BTreeSet::new());
        for row in 0..chunk.row_count as usize {
            countries.extend([&chunk.reporter, &chunk.partner, &chunk.second_partner].map(|column| text(column, row)));
            commodities.insert((text(&chunk.classification, row), text(&chunk.commodity, row)));
        }
        countries.retain(|code| seen_countries.insert(code.clone()));
        commodities.retain(|code| seen_commodities.insert(code.clone()));
        assert_named(&served, chunk.names, &countries, &commodities).await;
    }
    assert!(chunks > 5 && seen_countries.len() > 5);
}

on_each_backend!(each_country_of_a_contract_has_its_name_once);
async fn each_country_of_a_contract_has_its_name_once(fixture: Fixture) {
    let mut book =
        "contract,field,value,unit,country,from,until,first_year,last_year,source,confidence,state,note\n".to_owned();
    for (id, seller, buyer) in [("A-1", "DZ", "ES"), ("A-2", "DZ", "IT"), ("B-1", "AZ", "IT")] {
        let facts = [format!("seller,Seller of {id},,{seller},,"), format!("buyer,Buyer of {id},,{buyer},,")];
        for fact in [&facts[..], &["commodity,pipeline_gas,,,,".to_owned()]].concat() {
            writeln!(book, "{id},{fact},,,made up,high,,").unwrap();
        }
    }
    let path = fixture.write("book.csv", book);
    fixture.import("contracts", published(vec![path], "2022-02-02")).await.unwrap();
    let served = fixture.serve().await;
    let mut client = served.energy();
    let request = energy::ListContractsRequest { include_names: true, ..Default::default() };
    let mut answer = client.list_contracts(request).await.unwrap().into_inner();
    let names = answer.names.take();
    assert_eq!(countries(&answer).len(), 4);
    assert_named(&served, names, &countries(&answer), &BTreeSet::new()).await;
    let name = answer.contracts[0].name.clone();
    let request = energy::GetContractRequest { name: name.clone(), include_names: true, ..Default::default() };
    let mut answer = client.get_contract(request).await.unwrap().into_inner();
    let names = answer.names.take();
    assert_eq!(countries(&answer).len(), 2);
    assert_named(&served, names, &countries(&answer), &BTreeSet::new()).await;
    let request = energy::ListContractRevisionsRequest { parent: name, include_names: true, ..Default::default() };
    let mut answer = client.list_contract_revisions(request).await.unwrap().into_inner();
    let names = answer.names.take();
    assert_named(&served, names, &countries(&answer), &BTreeSet::new()).await;
}

on_each_backend!(each_code_of_a_list_has_its_name_once);
async fn each_code_of_a_list_has_its_name_once(fixture: Fixture) {
    let list = r#"{"id":"a","schema":"Person","properties":{"name":["Ada Vik"],"nationality":["no","se"]}}
{"id":"a-s","schema":"Sanction","properties":{"entity":["a"],"authority":["OFAC"],"program":["TEST-EO9"],"listingDate":["2019-01-02"]}}
{"id":"b","schema":"Company","properties":{"name":["Bruk Shipping"],"country":["fi"]}}
{"id":"b-s","schema":"Sanction","properties":{"entity":["b"],"authority":["OFAC"],"program":["TEST-EO9"],"listingDate":["2019-01-03"]}}
"#;
    let mut options = published(vec![fixture.write("list.ftm.json", list)], "2021-05-02");
    options.dataset = Some("made-up-list".into());
    fixture.import("ftm", options).await.unwrap();
    let served = fixture.serve().await;
    let mut client = served.sanctions();
    let request = sanctions::ListSubjectsRequest { include_names: true, ..Default::default() };
    let mut answer = client.list_subjects(request).await.unwrap().into_inner();
    let names = answer.names.take();
    assert_eq!(countries(&answer).len(), 3);
    assert_named(&served, names, &countries(&answer), &BTreeSet::new()).await;
    let request = sanctions::WatchChangesRequest { include_names: true, ..Default::default() };
    let mut messages = client.watch_changes(request).await.unwrap().into_inner();
    let mut message = messages.message().await.unwrap().unwrap();
    let names = message.names.take();
    assert_named(&served, names, &countries(&message), &BTreeSet::new()).await;

    // The list of goods is bundled, and so are the titles of its codes.
    let request = sanctions::CheckCommodityRequest {
        commodity: "commodities/HS2022-854231".into(),
        destination: "BY".into(),
        include_names: true,
        ..Default::default()
    };
    let mut answer = client.check_commodity(request).await.unwrap().into_inner();
    let names = answer.names.take();
    assert!(countries(&answer).contains("BLR"), "the destination asked for is on the list");
    assert_named(&served, names, &countries(&answer), &resource_names(&answer)).await;
    let request = sanctions::ListControlledGoodsRequest { include_names: true, ..Default::default() };
    let mut answer = client.list_controlled_goods(request).await.unwrap().into_inner();
    let names = answer.names.take();
    let goods: BTreeSet<_> = texts(&answer, "commodity").into_iter().collect();
    let codes = resource_names(&answer.controlled_goods.iter().map(|good| &good.commodity).collect::<Vec<_>>());
    assert_eq!(goods.len(), codes.len());
    assert_named(&served, names, &countries(&answer), &codes).await;
}
