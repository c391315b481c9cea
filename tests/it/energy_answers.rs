//! What follows from contracts: schedules, settlements, prices and outlooks, asked of the bundled sample.

use crate::support::{self, Fixture, Served, clock, published};
use entrepot::proto::entrepot::energy::v1 as pb;
use entrepot::rpc::wire::decimal;
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

/// The sample, and prices to reckon with.
async fn sample(fixture: &Fixture) -> Served {
    let files = [
        ("contracts.csv", "contracts", include_str!("../../src/energy/sample/contracts.csv")),
        ("deliveries.csv", "deliveries", include_str!("../../src/energy/sample/deliveries.csv")),
        ("routes.csv", "routes", include_str!("../../src/energy/sample/routes.csv")),
    ];
    for (name, format, text) in files {
        let path = fixture.write(name, text);
        fixture.import(format, published(vec![path], "2026-11-24")).await.unwrap();
    }
    let months = (1..=12).map(|month| format!("henry-hub,2025-{month:02},{month}.50,$/mmbtu,Henry Hub,made up\n"));
    let prices: String = std::iter::once("index,period,value,unit,title,source\n".to_owned()).chain(months).collect();
    let path = fixture.write("indexes.csv", prices);
    fixture.import("indexes", published(vec![path], "2026-01-15")).await.unwrap();
    fixture.serve().await
}

fn term(field: &str, value: &str) -> pb::SuppliedTerm {
    pb::SuppliedTerm { field: field.into(), value: value.into(), ..Default::default() }
}

fn reason(status: &Status) -> String {
    status.get_error_details().error_info().map(|info| info.reason.clone()).unwrap_or_default()
}

fn value(decimal: Option<&entrepot::proto::entrepot::r#type::v1::Decimal>) -> &str {
    decimal.map_or("", |decimal| decimal.value.as_str())
}

fn pos1(supplied_terms: Vec<pb::SuppliedTerm>) -> pb::SettleContractRequest {
    pb::SettleContractRequest {
        name: "contracts/contracts.RU-CN-POS1".into(),
        start_year: 2020,
        end_year: 2025,
        factor_set: "metered-20c".into(),
        supplied_terms,
        ..Default::default()
    }
}

on_each_backend!(power_of_siberia_is_settled_once_its_share_is_given);
async fn power_of_siberia_is_settled_once_its_share_is_given(fixture: Fixture) {
    let served = sample(&fixture).await;
    let refused = served.energy().settle_contract(pos1(Vec::new())).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused)), (Code::FailedPrecondition, "TERM_UNKNOWN".into()));
    assert!(refused.message().starts_with("take-or-pay share is not known"), "{}", refused.message());
    // Everything that is wanting is named at once.
    let bare = pb::SettleContractRequest { factor_set: String::new(), ..pos1(Vec::new()) };
    let refused = served.energy().settle_contract(bare).await.unwrap_err();
    let message = refused.message();
    assert!(message.contains("take-or-pay share") && message.contains("factor_set metered-20c"), "{message}");

    // The build-up to 2024 is not reviewed: the quantity of the plateau does not stand in for it.
    let share = || term("take_or_pay_share", "85 %");
    let refused = served.energy().settle_contract(pos1(vec![share()])).await.unwrap_err();
    assert_eq!(reason(&refused), "TERM_UNKNOWN");
    let message = refused.message();
    assert!(
        message.starts_with("build_up, how the quantity builds up") && message.contains("2020 to 2024"),
        "{message}"
    );
    let plateau = pb::SettleContractRequest { start_year: 2025, ..pos1(vec![share()]) };
    let settled = served.energy().settle_contract(plateau).await.unwrap().into_inner();
    assert_eq!((settled.years.len(), settled.scope()), (1, pb::SettlementScope::Deficiency));

    let whole = vec![share(), term("build_up", "none")];
    let settled = served.energy().settle_contract(pos1(whole.clone())).await.unwrap().into_inner();
    assert_eq!((settled.unit.as_str(), settled.factor_set.as_str()), ("bcm@20C", "metered-20c"));
    let line = |item: &str| -> Vec<String> {
        let lines = settled.years.iter().flat_map(|year| &year.lines).filter(|line| support::item(line) == item);
        lines.map(|line| support::amount(line).0.to_owned()).collect()
    };
    assert_eq!(line("taken"), ["4.1", "10.39", "15.4", "22.73", "31.12", "38.8"]);
    // 85 % of 38 is 32.3.
    assert_eq!(line("take_or_pay"), ["32.3"; 6]);
    assert_eq!(line("deficiency"), ["28.2", "21.91", "16.9", "9.57", "1.18", "0"]);
    assert!(
        settled.provenance.as_ref().unwrap().notes.contains(&"build_up is the request's: none".to_owned()),
        "{:?}",
        settled.provenance.as_ref().unwrap().notes
    );
    assert!(settled.missing_terms.contains(&"make-up right".to_owned()), "{:?}", settled.missing_terms);

    // With the build-up supplied, most of the deficiency is gone: 0.85 of 5, 10, 15, 22, 30, 38.
    let step = |year: i32, acq: &str| pb::SuppliedTerm {
        unit: "bcm/y@20C".into(),
        start_year: Some(year),
        end_year: (year < 2025).then_some(year),
        ..term("acq", acq)
    };
    let steps = [(2019, "5"), (2020, "5"), (2021, "10"), (2022, "15"), (2023, "22"), (2024, "30"), (2025, "38")];
    let supplied: Vec<_> = steps.into_iter().map(|(year, acq)| step(year, acq)).chain([share()]).collect();
    let settled = served.energy().settle_contract(pos1(supplied)).await.unwrap().into_inner();
    let deficiencies: Vec<_> = settled
        .years
        .iter()
        .flat_map(|year| &year.lines)
        .filter(|line| support::item(line) == "deficiency")
        .map(|line| support::amount(line).0)
        .collect();
    assert_eq!(deficiencies, ["0.15", "0", "0", "0", "0", "0"]);
    // Years without a whole year's deliveries are named, not taken for zero.
    let early = pb::SettleContractRequest { end_year: 2027, ..pos1(whole) };
    let refused = served.energy().settle_contract(early).await.unwrap_err();
    assert!(refused.message().contains("quantity taken in 2027"), "{}", refused.message());
}

#[tokio::test]
async fn a_schedule_shows_what_is_known_and_says_what_is_not() {
    let fixture = Fixture::sqlite().await;
    let served = sample(&fixture).await;
    let request = pb::ComputeScheduleRequest {
        name: "contracts/contracts.RU-CN-POS1".into(),
        factor_set: "metered-20c".into(),
        ..Default::default()
    };
    let schedule = served.energy().compute_schedule(request.clone()).await.unwrap().into_inner();
    let of = |year: i32| schedule.lines.iter().find(|line| line.year == year).unwrap();
    assert_eq!((schedule.lines.len(), schedule.unit.as_str()), (31, "bcm@20C"));
    let line = of(2021);
    let shown = [&line.contracted, &line.delivered, &line.route_capacity].map(|figure| value(figure.as_ref()));
    // The build-up to 2024 is not reviewed.
    assert_eq!((shown, line.delivered_days, line.days), (["", "10.39", "38"], 365, 365));
    assert!(
        schedule
            .provenance
            .as_ref()
            .unwrap()
            .notes
            .iter()
            .any(|note| note.starts_with("build_up, how the quantity builds up"))
    );
    let line = of(2025);
    let shown = [&line.contracted, &line.delivered, &line.route_capacity].map(|figure| value(figure.as_ref()));
    assert_eq!(shown, ["38", "38.8", "38"]);
    assert!(
        schedule
            .provenance
            .as_ref()
            .unwrap()
            .notes
            .contains(&"2025: 38.8 delivered is above the route's capacity of 38 a year".to_owned())
    );
    assert_eq!((value(line.take_or_pay.as_ref()), value(of(2030).delivered.as_ref())), ("", ""));
    // The short last year lacks its rule.
    assert!(of(2048).contracted.is_some() && of(2049).contracted.is_none());
    assert!(schedule.provenance.as_ref().unwrap().notes.iter().any(|note| note.starts_with("short_year is not known")));
    let supplied = vec![term("short_year", "pro_rata"), term("take_or_pay_share", "85 %"), term("build_up", "none")];
    let request = pb::ComputeScheduleRequest { supplied_terms: supplied, calendar_years: true, ..request };
    let schedule = served.energy().compute_schedule(request).await.unwrap().into_inner();
    // 38 · 30/365, and 38 · 181/365 in the last half year.
    assert_eq!(value(schedule.lines[0].contracted.as_ref()), "3.123288");
    assert_eq!(value(schedule.lines[30].contracted.as_ref()), "18.843836");
    assert_eq!(value(schedule.lines[1].take_or_pay.as_ref()), "32.3");
    // Without a factor set the contract stays on its own basis, and deliveries are left out with the reason.
    let request = pb::ComputeScheduleRequest { name: "contracts/contracts.RU-CN-POS1".into(), ..Default::default() };
    let bare = served.energy().compute_schedule(request).await.unwrap().into_inner();
    assert!(bare.lines.iter().all(|line| line.delivered.is_none()));
    assert!(
        bare.provenance
            .as_ref()
            .unwrap()
            .notes
            .iter()
            .any(|note| note.contains("deliveries are left out: `bcm` does not say")),
        "{:?}",
        bare.provenance.as_ref().unwrap().notes
    );
}

fn outlook() -> pb::ProjectOutlookRequest {
    pb::ProjectOutlookRequest {
        origins: vec!["RUS".into()],
        destinations: vec!["CHN".into()],
        commodities: vec!["gas".into()],
        start_year: 2026,
        end_year: 2050,
        unit: "bcm/y@20C".into(),
        factor_set: "metered-20c-lng".into(),
        ..Default::default()
    }
}

on_each_backend!(the_outlook_with_and_without_power_of_siberia_2);
async fn the_outlook_with_and_without_power_of_siberia_2(fixture: Fixture) {
    let served = sample(&fixture).await;
    let answer = served.energy().project_outlook(outlook()).await.unwrap().into_inner();
    let of = |answer: &pb::ProjectOutlookResponse, year: i32, layer: pb::Layer, commodity: &str| -> String {
        let year = answer.years.iter().find(|line| line.year == year).unwrap();
        let layer = year.layers.iter().find(|found| found.layer() == layer && found.commodity == commodity);
        layer.map(|layer| value(layer.quantity.as_ref()).to_owned()).unwrap_or_default()
    };
    let gas = |answer: &pb::ProjectOutlookResponse, year, layer| of(answer, year, layer, "pipeline_gas");
    assert_eq!(gas(&answer, 2026, pb::Layer::InForce), "38");
    // To mid-2049: 181 of 365 days.
    assert_eq!(gas(&answer, 2049, pb::Layer::InForce), "18.843836");
    assert_eq!(gas(&answer, 2050, pb::Layer::InForce), "");
    assert_eq!(gas(&answer, 2027, pb::Layer::SignedNotFlowing), "10");
    assert_eq!(gas(&answer, 2026, pb::Layer::SignedNotFlowing), "");
    // The amendment of the Far Eastern contract adds 12 - 10.
    assert_eq!(gas(&answer, 2027, pb::Layer::Proposed), "2");
    // 3 Mt of LNG: 3 / 0.735 bcm at 15 C, times 293.15 / 288.15 at 20 C.
    assert_eq!(of(&answer, 2030, pb::Layer::StatusUnknown, "lng"), "4.152457");
    let year = |number: i32| answer.years.iter().find(|line| line.year == number).unwrap();
    assert_eq!((value(year(2049).expiring.as_ref()), year(2049).expiring_contracts.len()), ("38", 1));
    let load = year(2030).routes.iter().find(|load| load.route == "Power of Siberia").unwrap();
    assert_eq!((value(load.capacity.as_ref()), value(load.contracted.as_ref())), ("38", "38"));
    // A memorandum without a beginning is in no layer, and is not forgotten.
    let left_out = |name: &str| answer.left_out.iter().find(|left| left.contract.ends_with(name)).unwrap();
    assert!(left_out("RU-CN-POS2").reason.starts_with("the start of deliveries is not known"));
    assert!(left_out("RU-CN-WEST-2015").reason.starts_with("superseded"));

    let inclusion = pb::Inclusion {
        name: "contracts/contracts.RU-CN-POS2".into(),
        start_year: 2031,
        quantity: support::quantity("50", "bcm/y@20C"),
        ramp_percent: ["20", "60"].map(decimal).to_vec(),
        ..Default::default()
    };
    let amendment =
        pb::Inclusion { name: "contracts/contracts.RU-CN-POS1-A2025".into(), start_year: 2028, ..Default::default() };
    let cut = pb::RouteCut {
        route: "siberia 2".into(),
        start_year: 2040,
        end_year: 2041,
        remaining_percent: Some(decimal("50")),
    };
    let ban = pb::Ban { start_date: support::day("2045-01-01"), commodities: vec!["lng".into()], ..Default::default() };
    let scenario = pb::Scenario { inclusions: vec![inclusion, amendment], route_cuts: vec![cut], bans: vec![ban] };
    let total = pb::YearQuantity { year: 2035, quantity: Some(decimal("400")) };
    let request = pb::ProjectOutlookRequest { scenario: Some(scenario), total_imports: vec![total], ..outlook() };
    let with = served.energy().project_outlook(request).await.unwrap().into_inner();
    let scenario = |year| gas(&with, year, pb::Layer::Scenario);
    // What the amendment adds, 44 - 38, and the ramp of 10 and 30, then 50; half of it in two years.
    assert_eq!([2028, 2031, 2032, 2033, 2040, 2042].map(scenario), ["6", "16", "36", "56", "31", "56"]);
    assert_eq!(of(&with, 2044, pb::Layer::StatusUnknown, "lng"), "4.152457");
    assert_eq!(of(&with, 2045, pb::Layer::StatusUnknown, "lng"), "");
    let year = with.years.iter().find(|line| line.year == 2035).unwrap();
    // 38 in force and 56 supposed, of 400.
    assert_eq!((value(year.firm.as_ref()), value(year.firm_share_percent.as_ref())), ("94", "23.5"));
    let load = year.routes.iter().find(|load| load.route == "Power of Siberia 2").unwrap();
    // The segment that reaches China has 50, the one within Russia 80.
    assert_eq!((value(load.capacity.as_ref()), load.status()), ("50", pb::RouteLoadStatus::Proposed));
    // An amendment with its whole quantity adds no more than without: 44 is 6 more than 38.
    let asked = pb::Inclusion {
        name: "contracts/contracts.RU-CN-POS1-A2025".into(),
        start_year: 2028,
        quantity: support::quantity("44", "bcm/y@20C"),
        ..Default::default()
    };
    let scenario = pb::Scenario { inclusions: vec![asked.clone()], ..Default::default() };
    let request = pb::ProjectOutlookRequest { scenario: Some(scenario), ..outlook() };
    let amended = served.energy().project_outlook(request).await.unwrap().into_inner();
    assert_eq!(gas(&amended, 2028, pb::Layer::Scenario), "6");
    let twice = pb::Scenario { inclusions: vec![asked.clone(), asked], ..Default::default() };
    let request = pb::ProjectOutlookRequest { scenario: Some(twice), ..outlook() };
    let refused = served.energy().project_outlook(request).await.unwrap_err();
    assert!(refused.message().starts_with("scenario.inclusions[1].name"), "{}", refused.message());
    let request = pb::ProjectOutlookRequest { clock: clock(support::day("2000-01-01"), None), ..outlook() };
    let early = served.energy().project_outlook(request).await.unwrap().into_inner();
    assert_eq!(early.emptiness.unwrap().reason(), entrepot::proto::entrepot::r#type::v1::EmptyReason::NotReleased);
    let seller = year.concentrations.iter().find(|found| found.kind() == pb::ConcentrationKind::Seller).unwrap();
    assert_eq!(seller.largest, "Gazprom");
}

#[tokio::test]
async fn quantities_of_other_bases_are_not_added_without_a_set() {
    let fixture = Fixture::sqlite().await;
    let served = sample(&fixture).await;
    let bare = pb::ProjectOutlookRequest { factor_set: String::new(), ..outlook() };
    let refused = served.energy().project_outlook(bare).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused)), (Code::FailedPrecondition, "BASIS_DIFFERS".into()));
    assert!(refused.message().contains("factor_set metered-20c-lng would do"), "{}", refused.message());
    let pipelines =
        pb::ProjectOutlookRequest { factor_set: String::new(), commodities: vec!["pipeline_gas".into()], ..outlook() };
    let refused = served.energy().project_outlook(pipelines).await.unwrap_err();
    assert_eq!(reason(&refused), "BASIS_UNKNOWN");
    let request = pb::ConvertQuantityRequest {
        quantity: support::quantity("38", "bcm@20C"),
        target_unit: "bcm@15C".into(),
        factor_set: "ideal-gas".into(),
        ..Default::default()
    };
    let converted = served.energy().convert_quantity(request.clone()).await.unwrap().into_inner();
    // 38 · 288.15 / 293.15
    assert!(value(converted.quantity.as_ref().unwrap().value.as_ref()).starts_with("37.351867"), "{converted:?}");
    assert_eq!((converted.steps.len(), converted.exact), (1, false));
    let bare = pb::ConvertQuantityRequest { factor_set: String::new(), ..request };
    assert_eq!(reason(&served.energy().convert_quantity(bare).await.unwrap_err()), "BASIS_DIFFERS");
}

on_each_backend!(prices_show_their_windows_and_name_what_is_missing);
async fn prices_show_their_windows_and_name_what_is_missing(fixture: Fixture) {
    let served = sample(&fixture).await;
    let price = async |name: &str, formula: &str, first: &str, last: &str| {
        let supplied_terms = if formula.is_empty() { vec![] } else { vec![term("price_formula", formula)] };
        let request = pb::PriceContractRequest {
            name: format!("contracts/contracts.{name}"),
            start_month: support::month(first),
            end_month: support::month(last),
            supplied_terms,
            ..Default::default()
        };
        served.energy().price_contract(request).await.map(tonic::Response::into_inner)
    };
    // 1.15 · Henry Hub, of the book; December 2025 is the last month that is known.
    let priced = price("US-SPL-BG", "", "2025-11", "2026-01").await.unwrap();
    let prices: Vec<&str> = priced.lines.iter().map(|line| value(line.price.as_ref())).collect();
    assert_eq!(prices, ["13.225", "14.375", ""]);
    assert_eq!(priced.indexes, ["indexes/price-indexes.henry-hub"]);
    assert_eq!(value(priced.lines[0].windows[0].values[0].value.as_ref()), "11.5");
    assert_eq!(priced.lines[2].missing.as_ref().unwrap().periods, ["2026-01"]);
    // The consumer price index is not in the store at all.
    let priced = price("US-SPL-GAIL", "", "2025-11", "2025-11").await.unwrap();
    let missing = priced.lines[0].missing.as_ref().unwrap();
    assert!(missing.index.starts_with("us-cpi") && missing.periods.is_empty(), "{missing:?}");
    let refused = price("US-DWL-VITOL", "", "2025-11", "2025-11").await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused)), (Code::FailedPrecondition, "TERM_REDACTED".into()));
    let refused = price("RU-CN-POS1", "", "2025-11", "2025-11").await.unwrap_err();
    assert_eq!(reason(&refused), "TERM_UNKNOWN");
    // A formula of the request, by way of another contract's, and one that leads back to itself.
    let named = r#"{"sum":[{"named":"US-SPL-BG"},{"number":"1"}]}"#;
    let priced = price("RU-CN-POS1", named, "2025-11", "2025-11").await.unwrap();
    assert_eq!(value(priced.lines[0].price.as_ref()), "14.225");
    let refused = price("RU-CN-POS1", r#"{"named":"NO-SUCH"}"#, "2025-11", "2025-11").await.unwrap_err();
    assert_eq!(reason(&refused), "FORMULA_INVALID");
}

on_each_backend!(indexes_and_deliveries_keep_their_past);
async fn indexes_and_deliveries_keep_their_past(fixture: Fixture) {
    let served = sample(&fixture).await;
    // A revision of two months, and a new one; a month in between is withdrawn.
    let text = "index,period,value,unit,title,source\n\
            henry-hub,2025-10,10.50,$/mmbtu,Henry Hub,made up\nhenry-hub,2025-12,13,$/mmbtu,Henry Hub,made up\n\
            henry-hub,2026-01,14,$/mmbtu,Henry Hub,made up\n";
    let path = fixture.write("revised.csv", text);
    let options = published(vec![path], "2026-02-15");
    let report = fixture.import("indexes", options).await.unwrap();
    let counts = (report.rows_new, report.rows_revised, report.rows_unchanged, report.rows_withdrawn);
    assert_eq!(counts, (1, 1, 1, 1));
    let values = async |as_of: Option<&str>| -> Vec<String> {
        let request = pb::ListPriceObservationsRequest {
            parent: "indexes/price-indexes.henry-hub".into(),
            filter: Some(pb::ObservationFilter { start_date: support::day("2025-09-01"), end_date: None }),
            clock: clock(as_of.and_then(support::day), None),
            ..Default::default()
        };
        let answer = served.energy().list_price_observations(request).await.unwrap().into_inner();
        answer.observations.iter().map(|observation| value(observation.value.as_ref()).to_owned()).collect()
    };
    assert_eq!(values(None).await, ["9.50", "10.50", "13", "14"]);
    assert_eq!(values(Some("2026-01-31")).await, ["9.50", "10.50", "11.50", "12.50"]);
    // Prices follow both clocks too.
    let price = async |as_of: Option<&str>| {
        let request = pb::PriceContractRequest {
            name: "contracts/contracts.US-SPL-BG".into(),
            start_month: support::month("2025-12"),
            end_month: support::month("2025-12"),
            clock: clock(as_of.and_then(support::day), support::day("2025-12-01")),
            ..Default::default()
        };
        served
            .energy()
            .price_contract(request)
            .await
            .map(|answer| answer.into_inner().lines[0].price.clone().map(|price| price.value).unwrap_or_default())
    };
    assert_eq!(price(None).await.unwrap(), "14.95");
    assert_eq!(price(Some("2026-01-31")).await.unwrap_err().code(), Code::NotFound, "the book came later");

    let mut request = pb::ListDeliveriesRequest { page_size: 5, ..Default::default() };
    let mut listed = Vec::new();
    loop {
        let page = served.energy().list_deliveries(request.clone()).await.unwrap().into_inner();
        listed
            .extend(page.deliveries.into_iter().map(|delivery| (delivery.subject, delivery.start_date.unwrap().year)));
        if page.next_page_token.is_empty() {
            break;
        }
        request.page_token = page.next_page_token;
    }
    let mut sorted = listed.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!((listed.len(), listed == sorted), (17, true));
}
