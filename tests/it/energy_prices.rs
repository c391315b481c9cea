//! What a price stands on: units and factors of a request, months that have none, frequencies that do not mix.

use crate::support::{Fixture, published};
use entrepot::proto::entrepot::energy::v1 as pb;
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

fn term(field: &str, value: &str) -> pb::SuppliedTerm {
    pb::SuppliedTerm { field: field.into(), value: value.into(), ..Default::default() }
}

fn reason(status: &Status) -> String {
    status.get_error_details().error_info().map(|info| info.reason.clone()).unwrap_or_default()
}

fn value(decimal: Option<&entrepot::proto::entrepot::r#type::v1::Decimal>) -> &str {
    decimal.map_or("", |decimal| decimal.value.as_str())
}

on_each_backend!(prices_have_units_and_a_request_its_own_factors);
async fn prices_have_units_and_a_request_its_own_factors(fixture: Fixture) {
    let served = fixture.serve().await;
    let convert = async |request: &pb::ConvertQuantityRequest| {
        served.energy().convert_quantity(request.clone()).await.map(tonic::Response::into_inner)
    };
    let request = |number: &str, from: &str, to: &str| pb::ConvertQuantityRequest {
        quantity: crate::support::quantity(number, from),
        target_unit: to.into(),
        ..Default::default()
    };
    // 1000 m3 of 9,000 kcal/m3 are 9 Gcal, and 9 · 4.1868 GJ / 1.05505585262 GJ = 35.7149... MMBtu.
    let bare = request("357.149", "USD/1000 m3@20C", "USD/MMBtu");
    let refused = convert(&bare).await.unwrap_err();
    assert!(refused.message().contains("different bases") && refused.message().contains("gost-8850"), "{refused}");
    let calorific = crate::support::quantity("9000", "kcal/m3 GCV 20/20").unwrap();
    let own = pb::ConvertQuantityRequest { calorific_values: vec![calorific.clone()], ..bare };
    let price = convert(&own).await.unwrap();
    let worth = price.quantity.clone().unwrap();
    assert!(value(worth.value.as_ref()).starts_with("10.0000"), "{price:?}");
    assert_eq!((worth.unit.as_str(), price.factor_set.as_str()), ("USD/MMBtu GCV 20C/20C", "the request"));
    assert_eq!(price.calorific_values, std::slice::from_ref(&calorific));
    // Gross to net needs both.
    let heat = request("50", "GWh GCV 20/20", "GWh NCV");
    assert_eq!(reason(&convert(&heat).await.unwrap_err()), "BASIS_DIFFERS");
    let net = crate::support::quantity("8100", "kcal/m3 NCV 20/20").unwrap();
    let both = pb::ConvertQuantityRequest { calorific_values: vec![calorific, net], ..heat };
    assert_eq!(value(convert(&both).await.unwrap().quantity.unwrap().value.as_ref()), "45");
    let factor = |factor: &str| pb::OwnFactor {
        source_unit: "boe".into(),
        target_unit: "MMBtu GCV".into(),
        factor: factor.into(),
    };
    let barrels = request("2", "MMboe", "million MMBtu");
    let with = |factors| pb::ConvertQuantityRequest { factors, factor_set: "boe-5.8".into(), ..barrels.clone() };
    assert_eq!(value(convert(&with(vec![])).await.unwrap().quantity.unwrap().value.as_ref()), "11.6");
    let of_six = convert(&with(vec![factor("6")])).await.unwrap();
    assert_eq!((value(of_six.quantity.as_ref().unwrap().value.as_ref()), of_six.factors.len()), ("12", 1));
    assert_eq!(of_six.factor_set, "boe-5.8, and the request");
    for (bad, field) in [
        (with(vec![factor("0")]), "factors[0].factor"),
        (with(vec![factor("1"), factor("2")]), "factors"),
        (request("1", "mbpd", "kb/d"), "quantity.unit"),
        (request("1", "USD/MMBtu", "MMBtu"), "target_unit"),
    ] {
        let refused = convert(&bad).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument, "{refused}");
        assert!(refused.message().contains(field) || format!("{refused:?}").contains(field), "{refused:?}");
    }
    let exchange = convert(&request("1", "USD/MMBtu", "EUR/MMBtu")).await.unwrap_err();
    assert_eq!(reason(&exchange), "CURRENCY_DIFFERS");
}

on_each_backend!(a_month_has_its_own_reason_and_says_what_it_stands_on);
async fn a_month_has_its_own_reason_and_says_what_it_stands_on(fixture: Fixture) {
    let rows = "index,period,value,unit,title,source\n\
                zero,2024-01,80,$/bbl,z,s\nzero,2024-02,0,$/bbl,z,s\nzero,2024-03,90,$/bbl,z,s\n\
                few,2024-01-10,10,$/bbl,f,s\nfew,2024-01-11,20,$/bbl,f,s\nfew,2024-02-05,30,$/bbl,f,s\n\
                year,2023,50,$/bbl,y,s\nyear,2024,70,$/bbl,y,s\n";
    let mut options = published(vec![fixture.write("indexes.csv", rows)], "2024-06-01");
    options.dataset = Some("own".to_owned());
    fixture.import("indexes", options).await.unwrap();
    let book = "contract,field,value,unit,country,from,until,first_year,last_year,source,confidence,state,note\n\
                A,seller,S,,QA,,,,,s,,,\n";
    fixture.import("contracts", published(vec![fixture.write("book.csv", book)], "2024-06-01")).await.unwrap();
    let served = fixture.serve().await;
    let price = async |formula: &str, first: &str, last: &str| {
        let request = pb::PriceContractRequest {
            name: "contracts/contracts.A".into(),
            start_month: crate::support::month(first),
            end_month: crate::support::month(last),
            supplied_terms: vec![term("price_formula", formula)],
            ..Default::default()
        };
        served.energy().price_contract(request).await.unwrap().into_inner()
    };
    let index = |index: &str, window: &str| format!(r#"{{"index":{{"index":"{index}","window":{window}}}}}"#);
    // 180 / 80 and 180 / 90; February alone has no price.
    let ratio = format!(r#"{{"ratio":[{{"number":"180"}},{}]}}"#, index("zero", "\"spot\""));
    let priced = price(&ratio, "2024-01", "2024-03").await;
    let values: Vec<&str> = priced.lines.iter().map(|line| value(line.price.as_ref())).collect();
    assert_eq!(values, ["2.25", "", "2"]);
    let why = priced.lines[1].no_price.as_ref().unwrap();
    assert_eq!((why.reason(), why.detail.as_str()), (pb::NoPriceReason::DivisionByZero, "a division by zero: 180 / 0"));
    // Means of two days and of one.
    let priced = price(&index("few", "\"spot\""), "2024-01", "2024-02").await;
    let first = &priced.lines[0];
    assert_eq!((value(first.price.as_ref()), first.provisional), ("15", true));
    assert_eq!(first.provisional_reasons, ["few: 2024-01 is observed on 2 of its 23 weekdays"]);
    let of_window = &first.windows[0].values[0];
    assert_eq!((of_window.days_observed, of_window.weekdays), (Some(2), Some(23)));
    assert!(
        priced
            .provenance
            .as_ref()
            .unwrap()
            .notes
            .contains(&"2 of 2 prices are provisional; their lines say why".to_owned()),
        "{:?}",
        priced.provenance.as_ref().unwrap().notes
    );
    // The month before, and the month itself.
    let before = price(&index("few", r#"{"lagged":{"months":1,"lag":0,"validity":1}}"#), "2024-02", "2024-02").await;
    assert_eq!(value(before.lines[0].price.as_ref()), "15");
    // A year has a value that a month of it has not; 2024 had not ended.
    let year = price(&index("year", r#"{"year":{"years_before":1}}"#), "2024-12", "2025-01").await;
    assert_eq!(
        year.lines.iter().map(|line| (value(line.price.as_ref()), line.provisional)).collect::<Vec<_>>(),
        [("50", false), ("70", true)]
    );
    assert!(
        year.lines[1].provisional_reasons[0]
            .contains("2024 ends on 2024-12-31, and its values were published on 2024-06-01")
    );
    let month = price(&index("year", "\"spot\""), "2024-01", "2024-01").await;
    assert_eq!(month.lines[0].no_price.as_ref().unwrap().reason(), pb::NoPriceReason::IndexTooCoarse);
}

on_each_backend!(a_changed_frequency_never_mixes_with_the_old_one);
async fn a_changed_frequency_never_mixes_with_the_old_one(fixture: Fixture) {
    let days = ["2024-01-05", "2024-01-12", "2024-01-19", "2024-01-26"];
    let rows: String = days.iter().map(|day| format!("{day},80\n")).collect();
    let file = fixture.write("brent.csv", format!("Date,Price\n{rows}"));
    let import = async |frequency: Option<&str>, allow: bool| {
        let mut options = published(vec![file.clone()], "2024-02-10");
        options.frequency = frequency.map(str::to_owned);
        options.allow_shrink = if allow { vec!["price-indexes".into()] } else { vec![] };
        fixture.import("indexes", options).await
    };
    let asked = import(None, false).await.unwrap_err().to_string();
    assert!(asked.contains("give --frequency daily, weekly, monthly or yearly"), "{asked}");
    assert_eq!(import(Some("weekly"), false).await.unwrap().rows_new, 4);
    let refused = import(Some("daily"), false).await.unwrap_err().to_string();
    assert!(refused.contains("brent is weekly in the store, and daily in these files"), "{refused}");
    let replaced = import(Some("daily"), true).await.unwrap();
    assert!(!replaced.already_imported, "the same file under another frequency is another release");
    let served = fixture.serve().await;
    let request = pb::GetPriceIndexRequest { name: "indexes/price-indexes.brent".into(), ..Default::default() };
    let index = served.energy().get_price_index(request).await.unwrap().into_inner();
    assert_eq!(index.index.unwrap().frequency(), pb::IndexFrequency::Daily);
    let request =
        pb::ListPriceObservationsRequest { parent: "indexes/price-indexes.brent".into(), ..Default::default() };
    let page = served.energy().list_price_observations(request).await.unwrap().into_inner();
    assert_eq!(page.observations.len(), 4);
}
