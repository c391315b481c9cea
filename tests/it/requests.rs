//! Every RPC refuses a malformed request with INVALID_ARGUMENT and field violations, before it reads anything.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::support::{self, Fixture, clock};
use entrepot::proto::DESCRIPTOR_SET;
use entrepot::proto::entrepot::energy::v1 as energy;
use entrepot::proto::entrepot::reference::v1 as reference;
use entrepot::proto::entrepot::sanctions::v1 as sanctions;
use entrepot::proto::entrepot::trade::v1 as trade;
use prost_reflect::DescriptorPool;
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

/// A refusal as a client reads it; its message only where it says more than the violations.
fn told(method: &str, status: &Status) -> String {
    let details = status.get_error_details();
    let reason = details.error_info().map_or("", |info| info.reason.as_str());
    let violations = details.bad_request().map_or(&[][..], |request| &request.field_violations);
    let violations: Vec<String> =
        violations.iter().map(|each| format!("{}: {}", each.field, each.description)).collect();
    let mut text = format!("{method}: {:?} {reason}\n", status.code());
    if status.message() != violations.join("; ") {
        let _ = writeln!(text, "  {}", status.message());
    }
    for violation in violations {
        let _ = writeln!(text, "  - {violation}");
    }
    text
}

/// Likewise of the indicators.
async fn indicator_refusals(served: &support::Served, note: &mut impl FnMut(&'static str, Status, &[&'static str])) {
    let mut i = served.indicators();
    let scope = || {
        Some(trade::IndicatorScope {
            filter: Some(trade::FlowFilter {
                reporters: vec!["CHN".into(), "Россия".into()],
                flows: vec!["Q".into()],
                modes_of_transport: vec![1000],
                ..Default::default()
            }),
            group_by: vec![6, 1, 6],
            period_dimension: 4,
            ..Default::default()
        })
    };
    let fields = &[
        "scope.filter.reporters[1]",
        "scope.filter.flows[0]",
        "scope.filter.modes_of_transport",
        "scope.group_by[1]",
        "scope.group_by[2]",
        "scope.period_dimension",
    ];
    let fine = |group_by: &[i32], flows: &[&str], reporters: &[&str], partners: &[&str]| {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        Some(trade::IndicatorScope {
            filter: Some(trade::FlowFilter {
                flows: texts(flows),
                reporters: texts(reporters),
                partners: texts(partners),
                ..Default::default()
            }),
            group_by: group_by.to_vec(),
            ..Default::default()
        })
    };
    let years = || ("2021-03".to_owned(), "2021".to_owned());
    let request = trade::ComputeBalancesRequest { scope: scope() };
    note("ComputeBalances", i.compute_balances(request).await.unwrap_err(), fields);
    let request = trade::ComputeGrowthRequest { scope: fine(&[], &["M"], &[], &[]), base_period: "2021-Q1".into() };
    note("ComputeGrowth", i.compute_growth(request).await.unwrap_err(), &["base_period"]);
    let request = trade::RankFlowsRequest { scope: fine(&[5], &[], &[], &["WLD"]), across: 5, top: 1001 };
    note("RankFlows", i.rank_flows(request).await.unwrap_err(), &["scope.group_by", "scope.filter.partners", "top"]);
    let request = trade::ComputeDependenceRequest { scope: fine(&[], &[], &[], &["WLD"]) };
    note("ComputeDependence", i.compute_dependence(request).await.unwrap_err(), &["scope.filter.partners"]);
    let request = trade::ComputeConcentrationRequest { scope: fine(&[], &[], &[], &[]), across: 1 };
    note("ComputeConcentration", i.compute_concentration(request).await.unwrap_err(), &["across"]);
    let request = trade::ComputeRevealedAdvantageRequest { scope: fine(&[6], &["X", "M"], &[], &[]) };
    note(
        "ComputeRevealedAdvantage",
        i.compute_revealed_advantage(request).await.unwrap_err(),
        &["scope.group_by", "scope.filter.flows"],
    );
    let request = trade::ComputeIntensityRequest { scope: fine(&[], &["RX"], &[], &["WLD"]) };
    note(
        "ComputeIntensity",
        i.compute_intensity(request).await.unwrap_err(),
        &["scope.filter.flows", "scope.filter.partners"],
    );
    let request = trade::ComputeComplementarityRequest { scope: fine(&[5], &["X"], &[], &[]) };
    let fields = &["scope.group_by", "scope.filter.flows", "scope.filter.reporters", "scope.filter.partners"];
    note("ComputeComplementarity", i.compute_complementarity(request).await.unwrap_err(), fields);
    let request =
        trade::ComputeIntraIndustryTradeRequest { scope: fine(&[], &["X"], &[], &[]), base_period: "2021-13".into() };
    note(
        "ComputeIntraIndustryTrade",
        i.compute_intra_industry_trade(request).await.unwrap_err(),
        &["scope.filter.flows", "base_period"],
    );
    let request = trade::ComputeSimilarityRequest { scope: fine(&[], &[], &["CHN"], &[]) };
    note("ComputeSimilarity", i.compute_similarity(request).await.unwrap_err(), &["scope.filter.reporters"]);
    let (base_period, period) = years();
    let request = trade::ComputeExtensiveMarginRequest { scope: scope(), base_period, period, top: -1 };
    note(
        "ComputeExtensiveMargin",
        i.compute_extensive_margin(request).await.unwrap_err(),
        &["scope.filter.reporters[1]", "top"],
    );
    let request = trade::ComputeUnitValuesRequest {
        scope: fine(&[], &[], &[], &[]),
        fence_factor: Some(entrepot::rpc::wire::decimal("-1")),
    };
    note("ComputeUnitValues", i.compute_unit_values(request).await.unwrap_err(), &["fence_factor"]);
    let (base_period, period) = years();
    let request = trade::DecomposeChangeRequest { scope: fine(&[], &[], &[], &[]), base_period, period };
    note("DecomposeChange", i.decompose_change(request).await.unwrap_err(), &["base_period"]);
    let request = trade::RankMoversRequest { scope: fine(&[], &[], &[], &[]), across: 5, ..Default::default() };
    note("RankMovers", i.rank_movers(request).await.unwrap_err(), &["base_period", "period"]);
}

/// The malformed request of each method, its answer, and the fields that must be named.
async fn refusals(served: &support::Served) -> BTreeMap<&'static str, (Status, Vec<&'static str>)> {
    let mut r = served.reference();
    let mut t = served.trade();
    let mut found = BTreeMap::new();
    let mut note = |name, status: Status, fields: &[&'static str]| {
        found.insert(name, (status, fields.to_vec()));
    };
    let bad_name = || "no name at all".to_owned();
    let bad_day = Some(entrepot::proto::google::r#type::Date { year: 2023, month: 2, day: 30 });
    let status = r.get_country(reference::GetCountryRequest::default()).await.unwrap_err();
    note("GetCountry", status, &["name"]);
    let request = reference::ListCountriesRequest { page_size: -1, ..Default::default() };
    note("ListCountries", r.list_countries(request).await.unwrap_err(), &["page_size"]);
    let request = reference::GetCommodityRequest { name: bad_name(), clock: clock(bad_day, None) };
    note("GetCommodity", r.get_commodity(request).await.unwrap_err(), &["name", "clock.as_of"]);
    let request = reference::ListCommoditiesRequest {
        filter: Some(reference::CommodityFilter { level: 9, ..Default::default() }),
        ..Default::default()
    };
    note("ListCommodities", r.list_commodities(request).await.unwrap_err(), &["filter.classification", "filter.level"]);
    let request = reference::ConvertCommodityRequest { name: bad_name(), ..Default::default() };
    note("ConvertCommodity", r.convert_commodity(request).await.unwrap_err(), &["name", "target_classification"]);
    let request = reference::GetDatasetRequest { name: String::new(), clock: None };
    note("GetDataset", r.get_dataset(request).await.unwrap_err(), &["name"]);
    let request = reference::ListDatasetsRequest { page_token: "rubbish".into(), ..Default::default() };
    note("ListDatasets", r.list_datasets(request).await.unwrap_err(), &["page_token"]);
    let request = reference::ListReleasesRequest { clock: clock(bad_day, None), ..Default::default() };
    note("ListReleases", r.list_releases(request).await.unwrap_err(), &["clock.as_of"]);

    let filter = || {
        Some(trade::FlowFilter {
            reporters: vec!["CHN".into(), "Россия".into()],
            flows: vec!["Q".into()],
            start_period: "201313".into(),
            commodities: vec!["27-11".into()],
            classification: "HS2023".into(),
            modes_of_transport: vec![7],
            ..Default::default()
        })
    };
    let fields = &[
        "filter.reporters[1]",
        "filter.flows[0]",
        "filter.start_period",
        "filter.commodities[0]",
        "filter.classification",
        "filter.modes_of_transport[0]",
    ];
    let request = trade::ListFlowsRequest { filter: filter(), ..Default::default() };
    note("ListFlows", t.list_flows(request).await.unwrap_err(), fields);
    let request = trade::StreamFlowsRequest { filter: filter(), ..Default::default() };
    note("StreamFlows", t.stream_flows(request).await.unwrap_err(), fields);
    let request =
        trade::SummarizeFlowsRequest { filter: filter(), group_by: vec![1, 3, 99], top: -1, ..Default::default() };
    let more = [&fields[..], &["group_by[1]", "group_by[2]", "top"]].concat();
    note("SummarizeFlows", t.summarize_flows(request.clone()).await.unwrap_err(), &more);
    let request = trade::StreamSummaryRequest { summary: Some(request), chunk_rows: -1, ..Default::default() };
    let within = &[
        "summary.filter.reporters[1]",
        "summary.filter.flows[0]",
        "summary.filter.start_period",
        "summary.group_by[1]",
        "summary.group_by[2]",
        "summary.top",
        "chunk_rows",
    ];
    note("StreamSummary", t.stream_summary(request).await.unwrap_err(), within);
    let request = trade::CompareMirrorRequest {
        exporter: "WLD".into(),
        cif_fob_factor: Some(entrepot::rpc::wire::decimal("1e9")),
        ..Default::default()
    };
    note("CompareMirror", t.compare_mirror(request).await.unwrap_err(), &["exporter", "importer", "cif_fob_factor"]);
    note("EstimateQuery", t.estimate_query(trade::EstimateQueryRequest::default()).await.unwrap_err(), &["query"]);

    indicator_refusals(served, &mut note).await;
    let request = trade::ListCoverageRequest {
        filter: Some(trade::CoverageFilter {
            datasets: vec![String::new()],
            reporters: vec!["CHN".into(), "Россия".into()],
            flows: vec!["Q".into()],
            frequency: 9,
        }),
        clock: clock(bad_day, None),
        ..Default::default()
    };
    let fields = ["filter.datasets[0]", "filter.reporters[1]", "filter.flows[0]", "filter.frequency", "clock.as_of"];
    note("ListCoverage", t.list_coverage(request).await.unwrap_err(), &fields);

    let mut s = served.sanctions();
    let request =
        sanctions::GetSubjectRequest { name: bad_name(), clock: clock(bad_day, bad_day), include_names: false };
    note("GetSubject", s.get_subject(request).await.unwrap_err(), &["name", "clock.as_of", "clock.in_force_on"]);
    let request = sanctions::BatchGetSubjectsRequest { names: vec![bad_name(); 2], ..Default::default() };
    note("BatchGetSubjects", s.batch_get_subjects(request).await.unwrap_err(), &["names[0]", "names[1]"]);
    let filter = || {
        Some(sanctions::SubjectFilter {
            lists: vec![String::new()],
            kinds: vec![99],
            countries: vec!["Атлантида".into()],
            identifier: "x".repeat(201),
            measures: vec![0],
            start_listing_date: bad_day,
            ..Default::default()
        })
    };
    let fields = &[
        "filter.lists[0]",
        "filter.kinds[0]",
        "filter.countries[0]",
        "filter.identifier",
        "filter.measures[0]",
        "filter.start_listing_date",
    ];
    let request = sanctions::ListSubjectsRequest { filter: filter(), ..Default::default() };
    note("ListSubjects", s.list_subjects(request).await.unwrap_err(), fields);
    let request = sanctions::SearchSubjectsRequest { query: "—".into(), filter: filter(), ..Default::default() };
    note("SearchSubjects", s.search_subjects(request).await.unwrap_err(), &[&fields[..], &["query"]].concat());
    let request = sanctions::ListProgrammesRequest { clock: clock(bad_day, None), ..Default::default() };
    note("ListProgrammes", s.list_programmes(request).await.unwrap_err(), &["clock.as_of"]);
    let request = sanctions::ListSanctionListsRequest { clock: clock(bad_day, None), ..Default::default() };
    note("ListSanctionLists", s.list_sanction_lists(request).await.unwrap_err(), &["clock.as_of"]);
    let filter =
        Some(sanctions::ChangeFilter { kinds: vec![0], measures: vec![99], start_date: bad_day, ..Default::default() });
    let request = sanctions::ListChangesRequest { filter, ..Default::default() };
    let fields = ["filter.kinds[0]", "filter.measures[0]", "filter.start_date"];
    note("ListChanges", s.list_changes(request).await.unwrap_err(), &fields);
    let request = sanctions::WatchChangesRequest { cursor: "rubbish".into(), ..Default::default() };
    note("WatchChanges", s.watch_changes(request).await.unwrap_err(), &["cursor"]);
    let request = sanctions::ListSubjectRevisionsRequest { parent: bad_name(), ..Default::default() };
    note("ListSubjectRevisions", s.list_subject_revisions(request).await.unwrap_err(), &["parent"]);
    let request = sanctions::ResolveOwnershipRequest {
        name: bad_name(),
        authorities: vec!["ATLANTIS".into()],
        ..Default::default()
    };
    note("ResolveOwnership", s.resolve_ownership(request).await.unwrap_err(), &["name", "authorities[0]"]);
    let request = sanctions::CheckCommodityRequest {
        commodity: "commodities/SITC4-33".into(),
        destination: "Атлантида".into(),
        ..Default::default()
    };
    note("CheckCommodity", s.check_commodity(request).await.unwrap_err(), &["commodity", "destination"]);
    let request = sanctions::GetControlledGoodRequest { name: bad_name(), clock: None, include_names: false };
    note("GetControlledGood", s.get_controlled_good(request).await.unwrap_err(), &["name"]);
    let request = sanctions::ListControlledGoodsRequest { clock: clock(None, bad_day), ..Default::default() };
    note("ListControlledGoods", s.list_controlled_goods(request).await.unwrap_err(), &["clock.in_force_on"]);
    found.extend(energy_refusals(served).await);
    found
}

async fn energy_refusals(served: &support::Served) -> BTreeMap<&'static str, (Status, Vec<&'static str>)> {
    let mut e = served.energy();
    let mut found = BTreeMap::new();
    let mut note = |name, status: Status, fields: &[&'static str]| {
        found.insert(name, (status, fields.to_vec()));
    };
    let bad_name = || "contracts/nobook".to_owned();
    let bad_day = Some(entrepot::proto::google::r#type::Date { year: 2023, month: 2, day: 30 });
    let decimal = |text: &str| Some(entrepot::rpc::wire::decimal(text));
    let terms = || {
        let term = |field: &str, value: &str| energy::SuppliedTerm {
            field: field.into(),
            value: value.into(),
            ..Default::default()
        };
        vec![term("take_or_pay_share", "185 %"), term("colour", "red"), term("acq", "38")]
    };
    let of_terms = ["supplied_terms[0].value", "supplied_terms[1].field", "supplied_terms[2].unit"];
    let request = energy::GetContractRequest { name: bad_name(), clock: clock(bad_day, bad_day), include_names: false };
    note("GetContract", e.get_contract(request).await.unwrap_err(), &["name", "clock.as_of", "clock.in_force_on"]);
    let request = energy::BatchGetContractsRequest { names: vec![bad_name(); 2], ..Default::default() };
    note("BatchGetContracts", e.batch_get_contracts(request).await.unwrap_err(), &["names[0]", "names[1]"]);
    let filter = energy::ContractFilter {
        books: vec![String::new()],
        party: "x".repeat(201),
        countries: vec!["Атлантида".into()],
        legal_statuses: vec![99],
        effective_on: bad_day,
        ..Default::default()
    };
    let request = energy::ListContractsRequest { filter: Some(filter), ..Default::default() };
    let fields =
        ["filter.books[0]", "filter.party", "filter.countries[0]", "filter.legal_statuses[0]", "filter.effective_on"];
    note("ListContracts", e.list_contracts(request).await.unwrap_err(), &fields);
    let request = energy::ListContractRevisionsRequest { parent: bad_name(), ..Default::default() };
    note("ListContractRevisions", e.list_contract_revisions(request).await.unwrap_err(), &["parent"]);
    let request = energy::ComputeScheduleRequest {
        name: bad_name(),
        digits: 13,
        unit: "bcm/d".into(),
        factor_set: "my own".into(),
        supplied_terms: terms(),
        ..Default::default()
    };
    let fields = [&of_terms[..], &["name", "digits", "unit", "factor_set"]].concat();
    note("ComputeSchedule", e.compute_schedule(request).await.unwrap_err(), &fields);
    let reduction = energy::Reduction { quantity: decimal("1e3"), ..Default::default() };
    let facts = energy::YearFacts { year: 2020, taken: decimal(""), reductions: vec![reduction], ..Default::default() };
    let request = energy::SettleContractRequest {
        name: bad_name(),
        start_year: 2020,
        end_year: 2019,
        scope: 9,
        supplied_terms: terms(),
        years: vec![facts],
        ..Default::default()
    };
    let own = [
        "name",
        "end_year",
        "scope",
        "years[0].taken",
        "years[0].reductions[0].kind",
        "years[0].reductions[0].quantity",
    ];
    note("SettleContract", e.settle_contract(request).await.unwrap_err(), &[&of_terms[..], &own].concat());
    let request =
        energy::PriceContractRequest { name: bad_name(), start_month: support::month("2020-13"), ..Default::default() };
    note("PriceContract", e.price_contract(request).await.unwrap_err(), &["name", "start_month", "end_month"]);
    let request =
        energy::GetRouteRequest { name: "pipes/a.b".into(), clock: clock(bad_day, None), include_names: false };
    note("GetRoute", e.get_route(request).await.unwrap_err(), &["name", "clock.as_of"]);
    let filter =
        energy::RouteFilter { kinds: vec![99], origin_country: "Атлантида".into(), ..Default::default() };
    let request = energy::ListRoutesRequest { filter: Some(filter), ..Default::default() };
    note("ListRoutes", e.list_routes(request).await.unwrap_err(), &["filter.kinds[0]", "filter.origin_country"]);
    let inclusion = energy::Inclusion { quantity: support::quantity("-1", "bcm"), ..Default::default() };
    let cut = energy::RouteCut { start_year: 2030, remaining_percent: decimal("150"), ..Default::default() };
    let scenario =
        energy::Scenario { inclusions: vec![inclusion], route_cuts: vec![cut], bans: vec![energy::Ban::default()] };
    let request = energy::ProjectOutlookRequest {
        destinations: vec!["Атлантида".into()],
        start_year: 1,
        unit: "bcm/y".into(),
        scenario: Some(scenario),
        ..Default::default()
    };
    let fields = [
        "origins",
        "destinations[0]",
        "commodities",
        "start_year",
        "unit",
        "scenario.inclusions[0].name",
        "scenario.inclusions[0].quantity.value",
        "scenario.inclusions[0].quantity.unit",
        "scenario.route_cuts[0].remaining_percent",
        "scenario.bans[0].start_date",
    ];
    note("ProjectOutlook", e.project_outlook(request).await.unwrap_err(), &fields);
    let request = energy::GetPriceIndexRequest { name: "brent".into(), ..Default::default() };
    note("GetPriceIndex", e.get_price_index(request).await.unwrap_err(), &["name"]);
    let filter = Some(energy::ObservationFilter { start_date: bad_day, end_date: None });
    let request = energy::ListPriceObservationsRequest { parent: "brent".into(), filter, ..Default::default() };
    let status = e.list_price_observations(request).await.unwrap_err();
    note("ListPriceObservations", status, &["parent", "filter.start_date"]);
    let request = energy::ListPriceIndexesRequest {
        filter: Some(energy::PriceIndexFilter { query: "x".repeat(201) }),
        ..Default::default()
    };
    note("ListPriceIndexes", e.list_price_indexes(request).await.unwrap_err(), &["filter.query"]);
    let filter = Some(energy::DeliveryFilter { subject: "x".repeat(101), end_date: bad_day, ..Default::default() });
    let request = energy::ListDeliveriesRequest { filter, ..Default::default() };
    note("ListDeliveries", e.list_deliveries(request).await.unwrap_err(), &["filter.subject", "filter.end_date"]);
    let request = energy::ConvertQuantityRequest {
        quantity: Some(entrepot::proto::entrepot::r#type::v1::Quantity { value: None, unit: "furlong".into() }),
        ..Default::default()
    };
    note(
        "ConvertQuantity",
        e.convert_quantity(request).await.unwrap_err(),
        &["quantity.value", "quantity.unit", "target_unit"],
    );
    found
}

#[tokio::test]
async fn every_rpc_refuses_a_malformed_request() {
    let fixture = Fixture::sqlite().await;
    let served = fixture.serve().await;
    let refusals = refusals(&served).await;
    let texts: String = refusals.iter().map(|(method, (status, _))| told(method, status)).collect();
    insta::assert_snapshot!("refusals", texts);
    let pool = DescriptorPool::decode(DESCRIPTOR_SET).unwrap();
    for service in pool.services().filter(|service| service.full_name().starts_with("entrepot.")) {
        for method in service.methods() {
            let (status, fields) = refusals
                .get(method.name())
                .unwrap_or_else(|| panic!("{} has no malformed example", method.full_name()));
            assert_eq!(status.code(), Code::InvalidArgument, "{}: {status:?}", method.name());
            let details = status.get_error_details();
            assert_eq!(details.error_info().unwrap().domain, "entrepot");
            let named: Vec<&str> = details
                .bad_request()
                .unwrap()
                .field_violations
                .iter()
                .map(|violation| violation.field.as_str())
                .collect();
            for field in fields {
                assert!(named.contains(field), "{}: {field} is not among {named:?}", method.name());
            }
        }
    }
}

on_each_backend!(a_nul_in_a_text_is_refused_by_field);
/// PostgreSQL takes no NUL, and SQLite would: both must refuse it by field, before they are asked.
async fn a_nul_in_a_text_is_refused_by_field(fixture: Fixture) {
    let served = fixture.serve().await;
    let mut s = served.sanctions();
    let nul = |before: &str| format!("{before}a\0b");
    let mut found = Vec::new();
    let mut note = |field: &'static str, status: Status| found.push((field, status));
    let request = sanctions::GetSubjectRequest { name: nul("subjects/un-sc."), ..Default::default() };
    note("name", s.get_subject(request).await.unwrap_err());
    let request = sanctions::BatchGetSubjectsRequest { names: vec![nul("subjects/un-sc.")], ..Default::default() };
    note("names[0]", s.batch_get_subjects(request).await.unwrap_err());
    let filter = Some(sanctions::SubjectFilter {
        lists: vec![nul("")],
        authorities: vec![nul("")],
        programmes: vec![nul("")],
        identifier: nul(""),
        ..Default::default()
    });
    for field in ["filter.lists[0]", "filter.authorities[0]", "filter.programmes[0]", "filter.identifier"] {
        let request = sanctions::ListSubjectsRequest { filter: filter.clone(), ..Default::default() };
        note(field, s.list_subjects(request).await.unwrap_err());
    }
    let request = sanctions::SearchSubjectsRequest { query: nul(""), ..Default::default() };
    note("query", s.search_subjects(request).await.unwrap_err());
    let request = sanctions::ListProgrammesRequest {
        filter: Some(sanctions::ProgrammeFilter { lists: vec![nul("")] }),
        ..Default::default()
    };
    note("filter.lists[0]", s.list_programmes(request).await.unwrap_err());
    let filter = Some(sanctions::ChangeFilter { lists: vec![nul("")], ..Default::default() });
    let request = sanctions::ListChangesRequest { filter: filter.clone(), ..Default::default() };
    note("filter.lists[0]", s.list_changes(request).await.unwrap_err());
    let request = sanctions::WatchChangesRequest { filter, ..Default::default() };
    note("filter.lists[0]", s.watch_changes(request).await.unwrap_err());
    let request = sanctions::ListSubjectRevisionsRequest { parent: nul("subjects/un-sc."), ..Default::default() };
    note("parent", s.list_subject_revisions(request).await.unwrap_err());
    let request = sanctions::ResolveOwnershipRequest { name: nul("entities/"), ..Default::default() };
    note("name", s.resolve_ownership(request).await.unwrap_err());
    let request = sanctions::GetControlledGoodRequest {
        name: nul("controlledGoods/common-high-priority-list.x.HS2022-"),
        ..Default::default()
    };
    note("name", s.get_controlled_good(request).await.unwrap_err());
    let request = sanctions::ListControlledGoodsRequest {
        filter: Some(sanctions::ControlledGoodFilter { regimes: vec![nul("")], ..Default::default() }),
        ..Default::default()
    };
    note("filter.regimes[0]", s.list_controlled_goods(request).await.unwrap_err());
    for (field, status) in found {
        assert_eq!(status.code(), Code::InvalidArgument, "{field}: {status:?}");
        let details = status.get_error_details();
        let mut named = details.bad_request().unwrap().field_violations.iter();
        assert!(named.any(|violation| violation.field == field), "{field}: {status:?}");
    }
}

#[tokio::test]
async fn an_empty_store_says_so() {
    let fixture = Fixture::sqlite().await;
    let served = fixture.serve().await;
    let filter = Some(trade::FlowFilter { flows: vec!["M".into()], ..Default::default() });
    let request = trade::SummarizeFlowsRequest { filter: filter.clone(), ..Default::default() };
    let answer = served.trade().summarize_flows(request).await.unwrap().into_inner();
    assert_eq!(answer.emptiness.unwrap().reason(), entrepot::proto::entrepot::r#type::v1::EmptyReason::NoData);
    let request = trade::ListFlowsRequest { filter, ..Default::default() };
    let answer = served.trade().list_flows(request).await.unwrap().into_inner();
    assert_eq!(answer.emptiness.unwrap().reason(), entrepot::proto::entrepot::r#type::v1::EmptyReason::NoData);
}

#[tokio::test]
async fn a_token_is_asked_for_when_tokens_are_configured() {
    use sha2::{Digest as _, Sha256};
    let fixture = Fixture::sqlite().await;
    let hash: String = Sha256::digest("open sesame").iter().map(|byte| format!("{byte:02x}")).collect();
    let config = fixture.folder.path().join("entrepot.toml");
    let text = format!(
        "[server]\nlisten = \"127.0.0.1:0\"\n[store]\nurl = \"{}\"\n[auth]\nmode = \"tokens\"\n\
         tokens = [{{ name = \"desk\", token_sha256 = \"{hash}\", scopes = [\"reference.read\"] }}]\n",
        fixture.url
    );
    std::fs::write(&config, text).unwrap();
    let served = support::serve(entrepot::config::Config::load(Some(&config), &[]).unwrap()).await;
    let with_token = |token: &str| {
        let mut request = tonic::Request::new(reference::GetCountryRequest { name: "CN".into() });
        request.metadata_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
        request
    };
    let bare = reference::GetCountryRequest { name: "CN".into() };
    let code = |result: Result<_, Status>| result.map(|_: tonic::Response<_>| ()).unwrap_err().code();
    assert_eq!(code(served.reference().get_country(bare).await), Code::Unauthenticated);
    assert_eq!(code(served.reference().get_country(with_token("guess")).await), Code::Unauthenticated);
    served.reference().get_country(with_token("open sesame")).await.unwrap();
    let mut request = tonic::Request::new(trade::ListFlowsRequest::default());
    request.metadata_mut().insert("authorization", "Bearer open sesame".parse().unwrap());
    assert_eq!(served.trade().list_flows(request).await.unwrap_err().code(), Code::PermissionDenied);
}
