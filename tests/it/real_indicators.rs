//! Indicators of real trade beside numbers that were computed from the same files with Python's integers and fractions.

use crate::support::{Fixture, Served, published, real_data};
use entrepot::proto::entrepot::trade::v1 as pb;

fn scope(dataset: &str, reporter: &str, flow: &str, years: (&str, &str)) -> pb::IndicatorScope {
    let filter = pb::FlowFilter {
        datasets: vec![format!("datasets/{dataset}")],
        reporters: vec![reporter.into()],
        flows: if flow.is_empty() { Vec::new() } else { vec![flow.into()] },
        start_period: years.0.into(),
        end_period: years.1.into(),
        ..Default::default()
    };
    pb::IndicatorScope { filter: Some(filter), ..Default::default() }
}

fn value(figure: &Option<pb::Figure>) -> String {
    let figure = figure.as_ref().unwrap();
    figure.value.as_ref().map_or_else(|| figure.absent_reason().as_str_name().to_owned(), |value| value.value.clone())
}

on_each_backend!(indicators_of_real_trade_are_those_computed_apart);

async fn indicators_of_real_trade_are_those_computed_apart(fixture: Fixture) {
    let Some(data) = real_data() else { return };
    let trade = data.join("trade");
    for edition in ["h3", "h4", "h5", "h6"] {
        let list = trade.join(format!("reference/comtrade_cmd_{edition}.csv"));
        fixture.import("classification", published(vec![list], "2024-01-16")).await.unwrap();
    }
    let fish = trade.join("comtrade/monthly_fish_CHN_RUS_KAZ_ARM_TUR_GEO_2012_2024.csv.gz");
    fixture.import("comtrade", published(vec![fish], "2025-01-01")).await.unwrap();
    let imts = trade.join("imts/imts_russia_by_partner_2016_2024.csv");
    fixture.import("imts", published(vec![imts], "2025-06-01")).await.unwrap();
    let served = fixture.serve().await;
    russia_and_its_partners(&served).await;
    fish_of_china(&served).await;
    fish_split_into_price_and_quantity(&served).await;
    editions_of_fish(&served).await;
}

async fn russia_and_its_partners(served: &Served) {
    let mut client = served.indicators();
    let mut asked = scope("imf-imts", "RUS", "M", ("2021", "2024"));
    asked.filter.as_mut().unwrap().partners = vec!["CHN".into()];
    let request = pb::ComputeGrowthRequest { scope: Some(asked), base_period: "2021".into() };
    let answer = client.compute_growth(request).await.unwrap().into_inner();
    let values: Vec<String> = answer.rows.iter().map(|row| value(&row.value)).collect();
    assert_eq!(values, ["72685740904", "82007512410.887", "119833579266.653", "124272105808.214"]);
    let indexes: Vec<String> = answer.rows.iter().map(|row| value(&row.index)).collect();
    assert_eq!(indexes, ["100", "112.82476", "164.86532", "170.971781"]);
    // 2020 is read for the rate of 2021.
    assert_eq!(value(&answer.rows[0].growth_on_year), "0.323768");
    assert_eq!(value(&answer.series[0].compound_annual_growth), "0.195753");
    assert_eq!(value(&answer.series[0].least_squares_growth), "0.219972");

    for (flow, expected) in [
        (
            "M",
            [
                ("2016", "196", "0.072331", "0.209249", "0.209021"),
                ("2021", "195", "0.087105", "0.247907", "0.24752"),
                ("2022", "169", "0.136603", "0.343231", "0.342743"),
                ("2023", "161", "0.219213", "0.452621", "0.452172"),
                ("2024", "162", "0.234308", "0.463859", "0.463484"),
            ],
        ),
        (
            "X",
            [
                ("2016", "188", "0.042389", "0.098198", "0.098143"),
                ("2021", "186", "0.047976", "0.139228", "0.139057"),
                ("2022", "177", "0.058493", "0.16506", "0.164898"),
                ("2023", "170", "0.096787", "0.236793", "0.236583"),
                ("2024", "170", "0.11194", "0.255486", "0.255237"),
            ],
        ),
    ] {
        let asked = scope("imf-imts", "RUS", flow, ("", ""));
        let request =
            pb::ComputeConcentrationRequest { scope: Some(asked.clone()), across: pb::Dimension::Partner.into() };
        let concentration = client.compute_concentration(request).await.unwrap().into_inner();
        let mut on_china = asked;
        on_china.filter.as_mut().unwrap().partners = vec!["CHN".into()];
        let request = pb::ComputeDependenceRequest { scope: Some(on_china) };
        let dependence = client.compute_dependence(request).await.unwrap().into_inner();
        for (year, count, herfindahl, identified, world) in expected {
            let of_year = |key: &Option<pb::IndicatorKey>| key.as_ref().unwrap().period == year;
            let row = concentration.rows.iter().find(|row| of_year(&row.key)).unwrap();
            assert_eq!((row.member_count.to_string().as_str(), value(&row.herfindahl).as_str()), (count, herfindahl));
            let row = dependence.rows.iter().find(|row| of_year(&row.key)).unwrap();
            let shares = (value(&row.share_of_identified), value(&row.share_of_world));
            assert_eq!((shares.0.as_str(), shares.1.as_str()), (identified, world), "{flow} {year}");
            assert_eq!(row.partner_count.to_string(), count);
        }
        let notes = concentration.provenance.unwrap().notes;
        assert_eq!(notes.iter().any(|note| note.contains("UGA")), flow == "M", "{notes:?}");
    }
}

async fn fish_of_china(served: &Served) {
    let mut client = served.indicators();
    let asked = scope("un-comtrade", "CHN", "M", ("2021", "2021"));
    let request = pb::ComputeConcentrationRequest { scope: Some(asked.clone()), across: pb::Dimension::Partner.into() };
    let all = client.compute_concentration(request).await.unwrap().into_inner();
    assert_eq!((value(&all.rows[0].total), value(&all.rows[0].herfindahl)), ("4240632735".into(), "0.108642".into()));
    assert_eq!(all.rows[0].largest, "RUS");
    assert_eq!(value(&all.rows[0].largest_share), "0.245061");
    let asked = pb::IndicatorScope {
        group_by: [pb::Dimension::Reporter, pb::Dimension::Commodity].map(i32::from).to_vec(),
        commodity_level: 6,
        ..asked
    };
    let request = pb::ComputeConcentrationRequest { scope: Some(asked), across: pb::Dimension::Partner.into() };
    let each = client.compute_concentration(request).await.unwrap().into_inner();
    let number = |figure: &Option<pb::Figure>| value(figure).parse::<f64>().unwrap();
    let dear = each.rows.iter().filter(|row| number(&row.herfindahl) > 0.4).count();
    assert_eq!((each.rows.len(), dear), (61, 44));
    let russian = each.rows.iter().filter(|row| row.largest == "RUS" && number(&row.largest_share) > 0.5);
    let codes: Vec<&str> = russian.map(|row| row.key.as_ref().unwrap().commodity()).collect();
    assert_eq!(codes, ["030332", "030363", "030364", "030367"]);
    let pollock = each.rows.iter().find(|row| row.key.as_ref().unwrap().commodity() == "030367").unwrap();
    assert_eq!((value(&pollock.largest_share), value(&pollock.herfindahl)), ("0.936624".into(), "0.879393".into()));

    let asked = scope("un-comtrade", "RUS", "X", ("2021", "2021"));
    let request = pb::ComputeConcentrationRequest { scope: Some(asked), across: pb::Dimension::Partner.into() };
    let russia = client.compute_concentration(request).await.unwrap().into_inner();
    let row = &russia.rows[0];
    // With and without 189,198.25 dollars of areas that are not specified; the file has no row of the World.
    assert_eq!((value(&row.total), value(&row.herfindahl)), ("2424740955.89".into(), "0.230966".into()));
    assert_eq!((value(&row.world_total), value(&row.herfindahl_low)), ("2424930154.14".into(), "0.23093".into()));
}

async fn fish_split_into_price_and_quantity(served: &Served) {
    let mut client = served.indicators();
    let mut split = async |period: &str| {
        let mut asked = scope("un-comtrade", "CHN", "M", ("", ""));
        asked.filter.as_mut().unwrap().partners = vec!["RUS".into()];
        let (base_period, period) = ("2021".to_owned(), period.to_owned());
        let request = pb::DecomposeChangeRequest { scope: Some(asked), base_period, period };
        client.decompose_change(request).await.unwrap().into_inner().rows.remove(0)
    };
    let row = split("2022").await;
    let found = [&row.change, &row.price, &row.quantity, &row.entry, &row.exit, &row.unweighed].map(value);
    assert_eq!(found, ["735993624", "278748767.549", "455235101.451", "2016568", "6813", "0"]);
    let indexes = [&row.laspeyres, &row.paasche, &row.fisher, &row.unit_value_ratio].map(value);
    assert_eq!(indexes, ["1.23752", "1.212417", "1.224904", "1.107911"]);
    let row = split("2023").await;
    assert_eq!([&row.fisher, &row.unit_value_ratio].map(value), ["0.996212", "0.728379"]);
}

/// China's fish is of HS 2017 until 2021 and of HS 2022 from then on: no code of one edition is told as new or vanished in the other.
async fn editions_of_fish(served: &Served) {
    let asked = scope("un-comtrade", "CHN", "M", ("", ""));
    let request = pb::ComputeExtensiveMarginRequest {
        scope: Some(asked),
        base_period: "2021".into(),
        period: "2022".into(),
        top: 0,
    };
    let answer = served.indicators().compute_extensive_margin(request).await.unwrap().into_inner();
    let row = &answer.rows[0];
    let known = |code: &str| ["030363", "030367"].contains(&code);
    assert!(row.new_products.iter().chain(&row.vanished_products).all(|product| !known(&product.commodity)));
    let notes = answer.provenance.unwrap().notes;
    assert!(notes.iter().any(|note| note.contains("HS2017, HS2022 are compared by their digits")), "{notes:?}");
    let parts = [&row.new_value, &row.continuing_value, &row.edition_changed_value];
    let sum: i64 = parts.into_iter().map(|part| part.as_ref().unwrap().value.parse::<i64>().unwrap()).sum();
    assert_eq!(value(&row.value), sum.to_string());

    // Russia goes from HS 2012 to HS 2017, which has no 030290 and no 030390: by count and by pandas five products vanish.
    let request = pb::ComputeExtensiveMarginRequest {
        scope: Some(scope("un-comtrade", "RUS", "X", ("", ""))),
        base_period: "2016".into(),
        period: "2017".into(),
        top: 0,
    };
    let answer = served.indicators().compute_extensive_margin(request).await.unwrap().into_inner();
    let row = &answer.rows[0];
    let text =
        |decimal: &Option<entrepot::proto::entrepot::r#type::v1::Decimal>| decimal.as_ref().unwrap().value.clone();
    assert_eq!((row.vanished_count, text(&row.vanished_value)), (5, "21387.79".into()));
    assert_eq!(text(&row.edition_changed_base_value), "223881844.36");
    // Nothing is known of 2023, so nothing has vanished.
    let request = pb::ComputeExtensiveMarginRequest {
        scope: Some(scope("un-comtrade", "RUS", "X", ("", ""))),
        base_period: "2021".into(),
        period: "2023".into(),
        top: 0,
    };
    let answer = served.indicators().compute_extensive_margin(request).await.unwrap().into_inner();
    let row = &answer.rows[0];
    assert_eq!(value(&row.vanished_share), "ABSENT_REASON_NOT_REPORTED");
    assert!(row.vanished_value.is_none() && row.vanished_count == 0);
    // A group in which one has fallen silent has no growth.
    let mut asked = scope("un-comtrade", "RUS", "M", ("2022", "2022"));
    asked.filter.as_mut().unwrap().reporters = ["RUS", "KAZ", "ARM"].map(String::from).to_vec();
    asked.group_by = vec![pb::Dimension::Partner.into()];
    let request = pb::ComputeGrowthRequest { scope: Some(asked), base_period: String::new() };
    let answer = served.indicators().compute_growth(request).await.unwrap().into_inner();
    let found: Vec<String> = answer.rows.iter().map(|row| value(&row.growth_on_year)).collect();
    assert!(found.iter().all(|growth| growth.starts_with("ABSENT_REASON")), "{found:?}");
    assert!(found.iter().any(|growth| growth == "ABSENT_REASON_REPORTERS_DIFFER"), "{found:?}");
}
