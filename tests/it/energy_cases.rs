//! What a book says of contract years, dated quantities, amendments and terms, and what its questions then answer.

use entrepot::proto::entrepot::energy::v1 as pb;
use entrepot::rpc::wire::decimal;
use serde_json::{Value, json};
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use crate::support::{Fixture, Served, published};

/// A contract of Norwegian gas for Poland; each fact `field=value`, with what else it has.
fn contract(id: &str, facts: &[(&str, &str, Value)]) -> String {
    let own = [("seller", "Halten", "NO"), ("buyer", "Gdynia", "PL")];
    let mut all: Vec<Value> = own
        .iter()
        .map(|(field, value, country)| json!({"field": field, "value": value, "country": country, "source": "s"}))
        .collect();
    all.push(json!({"field": "commodity", "value": "pipeline_gas", "source": "s"}));
    all.push(json!({"field": "legal_status", "value": "in_force", "from": "2010", "source": "s"}));
    all.push(json!({"field": "physical_state", "value": "flowing", "from": "2010", "source": "s"}));
    for (field, value, more) in facts {
        // A fact of the test takes the place of the one above.
        all.retain(|fact| fact["field"] != *field || *field == "acq" || *field == "legal_status");
        let mut fact = json!({"field": field, "value": value, "source": "s"});
        for (name, value) in more.as_object().into_iter().flatten() {
            fact[name] = value.clone();
        }
        all.push(fact);
    }
    json!({"id": id, "facts": all}).to_string()
}

fn plain<'a>(field: &'a str, value: &'a str) -> (&'a str, &'a str, Value) {
    (field, value, json!({}))
}

fn acq(value: &str, more: Value) -> (&'static str, &str, Value) {
    let mut more = more;
    more["unit"] = json!("bcm/y@20C");
    ("acq", value, more)
}

const LEDGER: [(&str, &str); 6] = [
    ("take_or_pay_share", "75 %"),
    ("make_up_order", "after_acq"),
    ("make_up_years", "4"),
    ("carry_forward_cap", "none"),
    ("end_of_term", "refunded"),
    ("deficiency_price", "fixed 3"),
];

fn with_ledger<'a>(facts: &[(&'a str, &'a str, Value)]) -> Vec<(&'a str, &'a str, Value)> {
    LEDGER.iter().map(|(field, value)| plain(field, value)).chain(facts.iter().cloned()).collect()
}

async fn served(fixture: &Fixture, book: &[String]) -> Served {
    let path = fixture.write("book.jsonl", book.join("\n"));
    fixture.import("contracts", published(vec![path], "2026-01-15")).await.unwrap();
    fixture.serve().await
}

fn value(decimal: Option<&entrepot::proto::entrepot::r#type::v1::Decimal>) -> &str {
    decimal.map_or("", |decimal| decimal.value.as_str())
}

fn reason(status: &Status) -> String {
    status.get_error_details().error_info().map(|info| info.reason.clone()).unwrap_or_default()
}

async fn schedule(served: &Served, id: &str, calendar_years: bool) -> Vec<(i32, String)> {
    let request =
        pb::ComputeScheduleRequest { name: format!("contracts/contracts.{id}"), calendar_years, ..Default::default() };
    let answer = served.energy().compute_schedule(request).await.unwrap().into_inner();
    answer.lines.iter().map(|line| (line.year, value(line.contracted.as_ref()).to_owned())).collect()
}

fn ledger(id: &str, years: (i32, i32), taken: &str) -> pb::SettleContractRequest {
    let facts =
        (years.0..=years.1).map(|year| pb::YearFacts { year, taken: Some(decimal(taken)), ..Default::default() });
    pb::SettleContractRequest {
        name: format!("contracts/contracts.{id}"),
        start_year: years.0,
        end_year: years.1,
        scope: pb::SettlementScope::Payment.into(),
        years: facts.collect(),
        ..Default::default()
    }
}

async fn settled(served: &Served, request: pb::SettleContractRequest) -> Result<pb::SettleContractResponse, Status> {
    served.energy().settle_contract(request).await.map(tonic::Response::into_inner)
}

/// The values of an item in all years; several of a year one after another.
fn items(answer: &pb::SettleContractResponse, item: &str) -> Vec<String> {
    let lines = answer.years.iter().flat_map(|year| &year.lines).filter(|line| crate::support::item(line) == item);
    lines.map(|line| crate::support::amount(line).0.to_owned()).collect()
}

fn outlook(years: (i32, i32)) -> pb::ProjectOutlookRequest {
    pb::ProjectOutlookRequest {
        origins: vec!["NOR".into()],
        destinations: vec!["POL".into()],
        commodities: vec!["gas".into()],
        start_year: years.0,
        end_year: years.1,
        unit: "bcm/y@20C".into(),
        ..Default::default()
    }
}

async fn totals(served: &Served, request: pb::ProjectOutlookRequest) -> Vec<String> {
    let answer = served.energy().project_outlook(request).await.unwrap().into_inner();
    answer.years.iter().map(|year| value(year.total.as_ref()).to_owned()).collect()
}

on_each_backend!(the_last_contract_year_is_the_one_in_which_the_end_lies);
async fn the_last_contract_year_is_the_one_in_which_the_end_lies(fixture: Fixture) {
    let of = |id: &str, start: &str, end: &str, begins: &str| {
        let facts = [plain("start", start), plain("end", end), plain("year_begins", begins), acq("20", json!({}))];
        contract(id, &with_ledger(&facts))
    };
    let book = [
        of("JULY", "2019-07-01", "2022-06-30", "7"),
        of("CALENDAR", "2019-01-01", "2021-12-31", "1"),
        of("DECEMBER", "2019-12-01", "2022-11", "12"),
    ];
    let served = served(&fixture, &book).await;
    for id in ["JULY", "CALENDAR", "DECEMBER"] {
        let answer = settled(&served, ledger(id, (2019, 2021), "12")).await.unwrap();
        // 75 % of 20 is 15, 3 are missing each year; those of the last give no right, the others are paid back at the end.
        assert_eq!(items(&answer, "deficiency"), ["3", "3", "3"], "{id}");
        assert_eq!(items(&answer, "make_up_forfeited"), ["3"], "{id}");
        assert_eq!(
            (items(&answer, "make_up_refunded"), items(&answer, "refund")),
            (vec!["3".into(); 2], vec!["9".into(); 2])
        );
        assert_eq!(items(&answer, "make_up_balance"), ["3", "6", "0"], "{id}");
        let refused = settled(&served, ledger(id, (2019, 2022), "12")).await.unwrap_err();
        assert!(refused.message().contains("2022 lies behind the last contract year, 2021"), "{}", refused.message());
    }
}

on_each_backend!(a_term_may_begin_before_the_month_of_its_contract_years);
async fn a_term_may_begin_before_the_month_of_its_contract_years(fixture: Fixture) {
    let of = |id: &str, step: Value| {
        let term = [plain("start", "2021-03-01"), plain("end", "2023-12-31"), plain("year_begins", "7")];
        let facts = [&term[..], &[plain("short_year", "pro_rata"), acq("12", step)]].concat();
        contract(id, &with_ledger(&facts))
    };
    let served = served(&fixture, &[of("PLAIN", json!({})), of("STEP", json!({"first_year": 2020}))]).await;
    // 122 of 365 days, two whole years, 184 of 366.
    let years = ["4.010959", "12", "12", "6.032787"];
    for id in ["PLAIN", "STEP"] {
        let expected: Vec<(i32, String)> = (2020..).zip(years.map(str::to_owned)).collect();
        assert_eq!(schedule(&served, id, false).await, expected, "{id}");
        let answer = settled(&served, ledger(id, (2020, 2023), "4")).await.unwrap();
        assert_eq!(items(&answer, "acq"), years, "{id}");
    }
    // Both: of 2021 122 days before July and 184 after, twice 12 / 365.
    let answer = totals(&served, outlook((2020, 2024))).await;
    // 2023: twice 12 · 181/365 and 12 · 184/366.
    assert_eq!(answer, ["0", "20.120548", "24", "23.966944", "0"]);
}

on_each_backend!(a_dated_quantity_counts_on_its_own_days);
async fn a_dated_quantity_counts_on_its_own_days(fixture: Fixture) {
    let term = |begins| [plain("start", "2022-01-01"), plain("end", "2027-12-31"), plain("year_begins", begins)];
    let of = |id: &str, quantities: &[(&'static str, &'static str, Value)]| {
        contract(id, &with_ledger(&[&term("1")[..], quantities].concat()))
    };
    let book = [
        of("UNTIL", &[acq("16", json!({"until": "2024-12-31"})), acq("24", json!({"from": "2025"}))]),
        // A newer one answers from its day on.
        of("NEWER", &[acq("16", json!({})), acq("24", json!({"from": "2025-01-01"}))]),
        of("WITHIN", &[acq("16", json!({"until": "2024-06-30"})), acq("24", json!({"from": "2024-07-01"}))]),
        of(
            "TWO",
            &[
                acq("16", json!({"until": "2025"})),
                acq("24", json!({"until": "2025"})),
                acq("24", json!({"from": "2026"})),
            ],
        ),
        of("GAP", &[acq("16", json!({"until": "2024"})), acq("24", json!({"from": "2026"}))]),
    ];
    let served = served(&fixture, &book).await;
    let quantities = |lines: Vec<(i32, String)>| lines.into_iter().map(|(_, value)| value).collect::<Vec<_>>();
    for id in ["UNTIL", "NEWER"] {
        assert_eq!(quantities(schedule(&served, id, false).await), ["16", "16", "16", "24", "24", "24"], "{id}");
        // 75 % of 16.
        let answer = settled(&served, ledger(id, (2022, 2025), "12")).await.unwrap();
        assert_eq!(items(&answer, "deficiency"), ["0", "0", "0", "6"], "{id}");
    }
    // 182 and 184 of 366 days: 7.956284 + 12.065574.
    assert_eq!(quantities(schedule(&served, "WITHIN", true).await)[2], "20.021858");
    for (id, why, expected) in [
        ("TWO", "TERMS_CONTRADICT", "acq is given as `16` and `24` for 2022-01-01 to 2022-12-31"),
        ("GAP", "TERM_INVALID", "no ACQ covers contract year 2025"),
    ] {
        let refused = settled(&served, ledger(id, (2022, 2023), "12")).await.unwrap_err();
        assert_eq!((refused.code(), reason(&refused)), (Code::FailedPrecondition, why.to_owned()));
        assert!(refused.message().contains(expected), "{}", refused.message());
    }
    // In an outlook a gap is not zero, and is said.
    let answer = served.energy().project_outlook(outlook((2024, 2026))).await.unwrap().into_inner();
    let note = "contracts/contracts.GAP: no annual quantity is known for 2025";
    assert!(
        answer.provenance.as_ref().unwrap().notes.iter().any(|found| found == note),
        "{:?}",
        answer.provenance.as_ref().unwrap().notes
    );
    assert!(answer.left_out.iter().any(|left| left.contract.ends_with("TWO") && left.reason.contains("`16` and `24`")));
}

on_each_backend!(a_stated_short_year_has_its_quantity_everywhere);
async fn a_stated_short_year_has_its_quantity_everywhere(fixture: Fixture) {
    let facts = [
        plain("start", "2021-09-01"),
        plain("end", "2024-12-31"),
        plain("year_begins", "1"),
        plain("short_year", "as_stated"),
        acq("3", json!({"first_year": 2021, "last_year": 2021})),
        acq("9", json!({"first_year": 2022})),
    ];
    let served = served(&fixture, &[contract("SHORT", &facts)]).await;
    assert_eq!(schedule(&served, "SHORT", false).await[0], (2021, "3".to_owned()));
    assert_eq!(totals(&served, outlook((2020, 2022))).await, ["0", "3", "9"]);
}

on_each_backend!(an_extension_goes_on_at_the_last_quantity);
async fn an_extension_goes_on_at_the_last_quantity(fixture: Fixture) {
    let steps = |first: i32, last: i32| {
        [
            acq("5", json!({"first_year": first, "last_year": first})),
            acq("7", json!({"first_year": first + 1, "last_year": last})),
        ]
    };
    let of = |id: &str, start: &str, end: &str, begins: &str, last: i32| {
        let term =
            [plain("start", start), plain("end", end), plain("year_begins", begins), plain("extension", "3 years")];
        let first = start[..4].parse().unwrap();
        contract(id, &[&term[..], &steps(first, last)].concat())
    };
    let book =
        [of("CALENDAR", "2018-01-01", "2026-12-31", "1", 2026), of("APRIL", "2018-04-01", "2027-03-31", "4", 2026)];
    let served = served(&fixture, &book).await;
    let answer = served.energy().project_outlook(outlook((2026, 2031))).await.unwrap().into_inner();
    let of = |year: &pb::OutlookYear, layer: pb::Layer| -> Vec<String> {
        let layers = year.layers.iter().filter(|found| found.layer() == layer).flat_map(|found| &found.contributions);
        layers.map(|part| value(part.quantity.as_ref()).to_owned()).collect()
    };
    let extended: Vec<_> = answer.years.iter().map(|year| of(year, pb::Layer::Extension)).collect();
    // April: 275 of 365 days of 2027, and 90 of 2030: 7 · 275/366, since the contract year 2027 has 29 February 2028.
    assert_eq!(extended[1][0], "5.259563");
    assert_eq!(extended[1][1], "7");
    assert_eq!((&extended[0], extended[2].len(), extended[3].len()), (&Vec::new(), 2, 2));
    assert_eq!((extended[4].len(), extended[5].len()), (1, 0));
    let ends: Vec<_> =
        answer.years.iter().map(|year| (value(year.expiring.as_ref()), year.expiring_contracts.len())).collect();
    assert_eq!(ends[..3], [("7", 1), ("7", 1), ("0", 0)]);
}

on_each_backend!(an_inclusion_takes_the_place_of_a_contract_in_its_years);
async fn an_inclusion_takes_the_place_of_a_contract_in_its_years(fixture: Fixture) {
    let facts = [plain("start", "2019"), plain("end", "2029"), plain("year_begins", "1"), acq("21", json!({}))];
    let served = served(&fixture, &[contract("BASE", &facts)]).await;
    let asked = |start_year: i32, end_year: i32| {
        let inclusion = pb::Inclusion {
            name: "contracts/contracts.BASE".into(),
            start_year,
            end_year,
            quantity: crate::support::quantity("33", "bcm/y@20C"),
            ..Default::default()
        };
        let scenario = pb::Scenario { inclusions: vec![inclusion], ..Default::default() };
        pb::ProjectOutlookRequest { scenario: Some(scenario), ..outlook((2024, 2030)) }
    };
    assert_eq!(totals(&served, asked(2027, 0)).await, ["21", "21", "21", "33", "33", "33", "33"]);
    assert_eq!(totals(&served, asked(2025, 2026)).await, ["21", "33", "33", "21", "21", "21", "0"]);
    let answer = served.energy().project_outlook(asked(2027, 0)).await.unwrap().into_inner();
    assert!(
        answer.left_out.is_empty()
            && answer.provenance.as_ref().unwrap().notes.iter().any(|note| note.contains("counts by the scenario"))
    );
    let answer = served.energy().project_outlook(asked(2019, 0)).await.unwrap().into_inner();
    assert_eq!(answer.left_out[0].reason, "taken into the scenario by the request");
}

on_each_backend!(what_goes_on_in_another_contract_counts_once);
async fn what_goes_on_in_another_contract_counts_once(fixture: Fixture) {
    let base = |id: &str, more: &[(&'static str, &'static str, Value)]| {
        let facts = [plain("start", "2021"), plain("end", "2028"), plain("year_begins", "1"), acq("14", json!({}))];
        contract(id, &[&facts[..], more].concat())
    };
    let newer = |id: &str, field: &'static str, of: &'static str| {
        let facts =
            [plain("start", "2026-07-01"), plain("end", "2030"), plain("year_begins", "1"), acq("19", json!({}))];
        contract(id, &[&facts[..], &[plain(field, of)]].concat())
    };
    let superseded = ("legal_status", "superseded", json!({"from": "2026-07-01"}));
    for (book, why) in [
        (vec![base("OLD", &[]), newer("NEW", "amends", "OLD")], ""),
        (
            vec![base("OLD", &[]), newer("NEW", "supersedes", "OLD")],
            "superseded by contracts/contracts.NEW from 2026-07-01",
        ),
        (vec![base("OLD", &[superseded]), newer("NEW", "amends", "OLD")], "superseded since 2026-07-01"),
    ] {
        let path = fixture.write("book.jsonl", book.join("\n"));
        let mut options = published(vec![path], "2026-01-15");
        options.allow_shrink = vec!["contracts".into()];
        fixture.import("contracts", options).await.unwrap();
        let served = fixture.serve().await;
        // 14 · 181/365 + 19 · 184/365 = 6.942466 + 9.578082, each year's parts rounded by themselves.
        let totals = totals(&served, outlook((2025, 2031))).await;
        assert_eq!(
            (totals[0].as_str(), &totals[2..]),
            ("14", &["19", "19", "19", "19", "0"].map(str::to_owned)[..]),
            "{why}"
        );
        assert!(["16.520548", "16.520547"].contains(&totals[1].as_str()), "{totals:?}");
        let answer = served.energy().project_outlook(outlook((2027, 2031))).await.unwrap().into_inner();
        let left = answer.left_out.iter().find(|left| left.contract.ends_with("OLD")).map_or("", |left| &left.reason);
        assert_eq!(left, why);
    }
}

on_each_backend!(a_contract_of_two_books_counts_once);
async fn a_contract_of_two_books_counts_once(fixture: Fixture) {
    let of = |quantity: &str| {
        let facts = [plain("start", "2021"), plain("end", "2028"), plain("year_begins", "1"), acq(quantity, json!({}))];
        [contract("SAME", &facts), contract("OTHER", &facts).replace("Gdynia", "Sopot")].join("\n")
    };
    for (dataset, quantity) in [("alpha", "14"), ("beta", "14"), ("gamma", "15")] {
        let path = fixture.write(&format!("{dataset}.jsonl"), of(quantity));
        let mut options = published(vec![path], "2026-01-15");
        options.dataset = Some(dataset.into());
        fixture.import("contracts", options).await.unwrap();
    }
    let served = fixture.serve().await;
    let answer = served.energy().project_outlook(outlook((2026, 2026))).await.unwrap().into_inner();
    assert_eq!(value(answer.years[0].total.as_ref()), "28");
    let left: Vec<_> = answer.left_out.iter().map(|left| (left.contract.as_str(), left.reason.as_str())).collect();
    let same = "the same contract as contracts/alpha.SAME, which counts; both books say the same";
    let differs = "the same contract as contracts/alpha.SAME, which counts; the books differ in acq";
    assert!(
        left.contains(&("contracts/beta.SAME", same)) && left.contains(&("contracts/gamma.SAME", differs)),
        "{left:?}"
    );
}

on_each_backend!(a_build_up_that_is_not_known_leaves_its_years_open);
async fn a_build_up_that_is_not_known_leaves_its_years_open(fixture: Fixture) {
    let of = |id: &str, more: Value| {
        let term = [plain("start", "2021"), plain("end", "2028"), plain("year_begins", "1"), acq("14", json!({}))];
        let line = contract(id, &with_ledger(&term));
        let mut contract: Value = serde_json::from_str(&line).unwrap();
        let mut fact =
            json!({"field": "build_up", "source": "s", "state": "not_reviewed", "note": "a ramp is reported"});
        for (name, value) in more.as_object().into_iter().flatten() {
            fact[name] = value.clone();
        }
        contract["facts"].as_array_mut().unwrap().push(fact);
        contract.to_string()
    };
    let book =
        [of("OPEN", json!({})), of("RAMP", json!({"last_year": 2022})), of("NONE", json!({"state": "not_applicable"}))];
    let served = served(&fixture, &book).await;
    let refused = settled(&served, ledger("OPEN", (2021, 2022), "7")).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused)), (Code::FailedPrecondition, "TERM_UNKNOWN".into()));
    assert!(
        refused.message().contains("build_up, how the quantity builds up (a ramp is reported)"),
        "{}",
        refused.message()
    );
    let step = |first: i32, last: Option<i32>, acq: &str| pb::SuppliedTerm {
        field: "acq".into(),
        value: acq.into(),
        unit: "bcm/y@20C".into(),
        start_year: Some(first),
        end_year: last,
    };
    let supplied_terms = vec![step(2021, Some(2021), "8"), step(2022, None, "14")];
    let request = pb::SettleContractRequest { supplied_terms, ..ledger("OPEN", (2021, 2022), "7") };
    assert_eq!(items(&settled(&served, request).await.unwrap(), "deficiency"), ["0", "3.5"]);
    let none = pb::SuppliedTerm { field: "build_up".into(), value: "none".into(), ..Default::default() };
    let request = pb::SettleContractRequest { supplied_terms: vec![none], ..ledger("OPEN", (2021, 2022), "7") };
    assert_eq!(items(&settled(&served, request).await.unwrap(), "deficiency"), ["3.5", "3.5"]);
    assert_eq!(items(&settled(&served, ledger("NONE", (2021, 2021), "7")).await.unwrap(), "deficiency"), ["3.5"]);
    // Where the book says how long it takes, the years behind it are known.
    let quantities: Vec<String> = schedule(&served, "RAMP", false).await.into_iter().map(|(_, value)| value).collect();
    assert_eq!(quantities, ["", "", "14", "14", "14", "14", "14", "14"]);
    let refused = settled(&served, ledger("RAMP", (2022, 2023), "7")).await.unwrap_err();
    assert!(refused.message().contains("the annual quantity of 2022 is not said"), "{}", refused.message());
}

on_each_backend!(sums_over_bases_are_never_refused_for_their_digits);
async fn sums_over_bases_are_never_refused_for_their_digits(fixture: Fixture) {
    let of = |id: &str, commodity: &'static str, quantity: &'static str, unit: &'static str| {
        let term = [plain("start", "2020"), plain("end", "2027-06-30"), plain("year_begins", "1")];
        contract(id, &[&term[..], &[plain("commodity", commodity), ("acq", quantity, json!({"unit": unit}))]].concat())
    };
    let book = [
        of("PIPE", "pipeline_gas", "23.456789", "bcm/y@20C"),
        of("SHIP", "lng", "1.7", "Mt/y LNG"),
        of("SMALL", "lng", "0.333333333", "Mt/y LNG"),
    ];
    let served = served(&fixture, &book).await;
    let request = pb::ProjectOutlookRequest { factor_set: "metered-20c-lng".into(), ..outlook((2026, 2027)) };
    let answer = served.energy().project_outlook(request).await.unwrap().into_inner();
    // 23.456789 + 2.353059 + 0.461384: 1.7 / 0.735 · 293.15 / 288.15 and 0.333333333 / 0.735 · 293.15 / 288.15.
    assert_eq!(
        (value(answer.years[0].total.as_ref()), value(answer.years[1].expiring.as_ref())),
        ("26.271232", "26.271232")
    );
}

on_each_backend!(a_ledger_from_the_middle_of_a_term_reckons_its_beginning);
async fn a_ledger_from_the_middle_of_a_term_reckons_its_beginning(fixture: Fixture) {
    let facts = [plain("start", "2021"), plain("end", "2027"), plain("year_begins", "1"), acq("20", json!({}))];
    let book = [contract("TERM", &with_ledger(&facts))];
    let served = served(&fixture, &book).await;
    let asked = pb::SettleContractRequest { start_year: 2023, ..ledger("TERM", (2021, 2023), "12") };
    let answer = settled(&served, asked).await.unwrap();
    assert_eq!((answer.years.len(), items(&answer, "make_up_balance")), (1, vec!["9".to_owned()]));
    assert!(
        answer.provenance.as_ref().unwrap().notes.iter().any(|note| note.contains("reckoned from 2021 on")),
        "{:?}",
        answer.provenance.as_ref().unwrap().notes
    );
    // What was taken in 2021 and 2022 is not known.
    let bare = ledger("TERM", (2023, 2023), "12");
    let refused = settled(&served, bare.clone()).await.unwrap_err();
    assert!(refused.message().contains("quantity taken in 2021") && refused.message().contains("opening_balances"));
    let widest = pb::SettleContractRequest { scope: 0, ..bare.clone() };
    let answer = settled(&served, widest).await.unwrap();
    assert_eq!((answer.scope(), items(&answer, "deficiency")), (pb::SettlementScope::Deficiency, vec!["3".to_owned()]));
    assert!(answer.missing_terms[0].starts_with("the balance that 2023 begins with"), "{:?}", answer.missing_terms);
    let tranche = pb::OpeningTranche { year: 2022, quantity: Some(decimal("4")), price_paid: None };
    let opening = pb::OpeningBalances { make_up: vec![tranche], carry_forward: Vec::new() };
    let answer = settled(&served, pb::SettleContractRequest { opening_balances: Some(opening), ..bare }).await.unwrap();
    assert_eq!(items(&answer, "make_up_balance"), ["7"]);
}

on_each_backend!(an_end_follows_from_the_length_of_a_term);
async fn an_end_follows_from_the_length_of_a_term(fixture: Fixture) {
    let facts = [plain("start", "2022-04"), plain("term", "5 years"), plain("year_begins", "4"), acq("6", json!({}))];
    let served = served(&fixture, &[contract("LONG", &with_ledger(&facts))]).await;
    let lines = schedule(&served, "LONG", false).await;
    assert_eq!((lines.len(), lines[4].clone()), (5, (2026, "6".to_owned())));
    let answer = served.energy().project_outlook(outlook((2026, 2028))).await.unwrap().into_inner();
    assert_eq!((value(answer.years[1].expiring.as_ref()), value(answer.years[2].total.as_ref())), ("6", "0"));
    let notes = &answer.years[0].layers[0].contributions[0].notes;
    assert!(notes.contains(&"the end of the term is reckoned from its start and length".to_owned()), "{notes:?}");
    let request = pb::ComputeScheduleRequest { name: "contracts/contracts.LONG".into(), ..Default::default() };
    let notes = served.energy().compute_schedule(request).await.unwrap().into_inner().provenance.unwrap().notes;
    assert!(notes.iter().any(|note| note.starts_with("the end of the term, 2027-03-31, is reckoned")), "{notes:?}");
    let filter = pb::ContractFilter { expiring_before: crate::support::day("2027-04-01"), ..Default::default() };
    let request = pb::ListContractsRequest { filter: Some(filter), ..Default::default() };
    assert_eq!(served.energy().list_contracts(request).await.unwrap().into_inner().contracts.len(), 1);
}

on_each_backend!(deliveries_say_how_much_of_a_year_they_are);
async fn deliveries_say_how_much_of_a_year_they_are(fixture: Fixture) {
    let facts = [
        plain("start", "2021"),
        plain("end", "2027"),
        plain("year_begins", "1"),
        plain("route", "Skagen"),
        acq("20", json!({})),
    ];
    let book = contract("PART", &with_ledger(&facts));
    let deliveries = "subject,period_from,period_to,value,unit,source,confidence,note\n\
        PART,2021-01-01,2021-06-30,9,bcm@20C,operator,high,\nPART,2022,,31,bcm@20C,press,low,\n\
        PART,2022,,29,bcm@20C,operator,high,\n";
    let routes = "ProjectID,Fuel,PipelineName,SegmentName,OtherEnglishNames,Status,Countries,StartCountry,EndCountry,Owner,\
        Parent,Capacity,CapacityUnits,CapacityBcm/y,StartYear1,StopYear,StartLocation,EndLocation,Wiki,LastUpdated\n\
        P1,Gas,Skagen,,,Operating,\"Norway, Poland\",Norway,Poland,,,25,bcm/y,25,2015,,,,,\n";
    let path = fixture.write("routes.csv", routes);
    fixture.import("routes", published(vec![path], "2026-01-15")).await.unwrap();
    let path = fixture.write("deliveries.csv", deliveries);
    fixture.import("deliveries", published(vec![path], "2026-01-15")).await.unwrap();
    let served = served(&fixture, &[book]).await;
    let factor_set = "metered-20c".into();
    let request =
        pb::ComputeScheduleRequest { name: "contracts/contracts.PART".into(), factor_set, ..Default::default() };
    let answer = served.energy().compute_schedule(request).await.unwrap().into_inner();
    let shown = |line: &pb::ScheduleLine| (value(line.delivered.as_ref()).to_owned(), line.delivered_days, line.days);
    assert_eq!(shown(&answer.lines[0]), ("9".into(), 181, 365));
    assert_eq!(shown(&answer.lines[1]), ("29".into(), 365, 365));
    assert_eq!(
        (shown(&answer.lines[2]), &answer.lines[1].delivered_sources[..]),
        (("".into(), 0, 365), &["operator".to_owned()][..])
    );
    assert!(
        answer
            .provenance
            .as_ref()
            .unwrap()
            .notes
            .iter()
            .any(|note| note == "2022: 29 delivered is above the route's capacity of 25 a year")
    );
    assert!(
        answer.provenance.as_ref().unwrap().notes.iter().any(|note| note.starts_with("2022: left aside is 31 bcm@20C")),
        "{:?}",
        answer.provenance.as_ref().unwrap().notes
    );
}

#[tokio::test]
async fn terms_that_nobody_could_reckon_with_are_refused_by_row_and_field() {
    let fixture = Fixture::sqlite().await;
    for (field, value, right) in [
        ("make_up_years", "300", "0 to 99"),
        ("carry_forward_years", "some", "0 to 99"),
        ("end_of_term", "extended three", "0 to 99"),
        ("end_of_term", "lost", "expected forfeited, refunded or extended 2"),
        ("extension", "4 yrs", "expected 5 years, up to 10 years or 2 x 5 years"),
        ("deficiency_price", "five", "expected fixed 5, mean_of_year 100 % or last_month 75 %"),
        ("term", "20", "expected 20 years, 18 months or 15 years 6 months"),
        ("year_begins", "13", "1 to 12"),
    ] {
        let path = fixture.write("book.jsonl", contract("A", &[plain(field, value)]));
        let error = fixture.import("contracts", published(vec![path], "2026-01-15")).await.unwrap_err().to_string();
        assert!(error.contains("book.jsonl") && error.contains(value) && error.contains(right), "{field}: {error}");
    }
}
