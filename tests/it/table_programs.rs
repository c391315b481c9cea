//! What pandas, R and Comtrade's website make of its record is understood where nothing is ambiguous; lists and streams can
//! leave totals out.

use crate::support::comtrade::{HEADER, Record, comtrade_csv, record};
use crate::support::{self, Fixture, Served, published};
use entrepot::import::{Encoding, Error};
use entrepot::proto::entrepot::trade::v1 as pb;
use tonic::Code;

/// Two rows as the API gives them.
fn rows() -> String {
    let fish = Record { commodity: "030210", reporter: 643, partner: 398, period: "202303", ..record("1200.5") };
    let gas = Record { reporter: 643, partner: 398, period: "202303", ..record(77) };
    // A row of which the codes are numbers and something is empty.
    comtrade_csv(&[fish, gas])
}

async fn listed(served: &Served) -> Vec<(String, String, String, String)> {
    let request = pb::ListFlowsRequest::default();
    let answer = served.trade().list_flows(request).await.unwrap().into_inner();
    let value = |flow: &pb::Flow| flow.value.clone().map_or(String::new(), |value| value.value);
    answer
        .flows
        .iter()
        .map(|flow| (flow.reporter.clone(), flow.partner.clone(), flow.commodity.clone(), value(flow)))
        .collect()
}

/// `156` as `156.0`, but not within texts; names in snake case; an index column; and so on, by line and column.
fn rewritten(cell: impl Fn(usize, usize, &str) -> String, end: &str) -> String {
    let text = rows().replace("\"A, B\"", "A B").replace("\"Gas; natural\"", "Gas");
    let lines = text.lines().enumerate().map(|(line, content)| {
        let cells = content.split(',').enumerate().map(|(column, text)| cell(line, column, text));
        cells.collect::<Vec<_>>().join(",") + if line > 0 { end } else { "" }
    });
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

fn as_float(text: &str) -> String {
    if !text.is_empty() && text.trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit()) {
        // The zero at the beginning goes with the text.
        return format!("{}.0", text.parse::<i64>().unwrap());
    }
    text.replace("true", "True").replace("false", "False")
}

fn snake(name: &str) -> String {
    let mut snake = String::new();
    for character in name.chars() {
        if character.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(character.to_ascii_lowercase());
    }
    snake
}

on_each_backend!(what_table_programs_write_is_understood);
async fn what_table_programs_write_is_understood(fixture: Fixture) {
    fixture.load_lists().await;
    let right = [
        ("RUS".to_owned(), "KAZ".to_owned(), "030210".to_owned(), "1200.5".to_owned()),
        ("RUS".to_owned(), "KAZ".to_owned(), "271121".to_owned(), "77".to_owned()),
    ];
    let pandas = rewritten(|line, _, text| if line == 0 { text.to_owned() } else { as_float(text) }, "");
    let index = pandas.lines().enumerate().map(|(line, text)| match line {
        0 => format!(",{text}"),
        _ => format!("{},{text}", line - 1),
    });
    let index = index.collect::<Vec<_>>().join("\n");
    let r = rewritten(
        |line, _, text| match (line, text) {
            (0, name) => snake(name),
            (_, "") => "NA".to_owned(),
            (_, text) => text.replace("true", "TRUE").replace("false", "FALSE"),
        },
        "",
    );
    let website = rewritten(|_, _, text| text.to_owned(), ",");
    let json = {
        let names: Vec<&str> = HEADER.split(',').collect();
        let text = rows().replace("\"A, B\"", "A B").replace("\"Gas; natural\"", "Gas");
        let records = text.lines().skip(1).map(|line| {
            let fields = names.iter().zip(line.split(',')).map(|(name, text)| {
                let is_text = matches!(*name, "cmdCode" | "period") || text.parse::<f64>().is_err();
                let value = match text {
                    "" => "null".to_owned(),
                    "true" | "false" => text.to_owned(),
                    text if is_text => format!("\"{text}\""),
                    text if text.contains('.') => text.to_owned(),
                    text => format!("{text}.0"),
                };
                format!("\"{name}\":{value}")
            });
            format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
        });
        format!("[{}]", records.collect::<Vec<_>>().join(","))
    };
    let forms = [("pandas", pandas), ("index", index), ("r", r), ("website", website), ("json", json)];
    let (first, others) = forms.split_first().unwrap();
    let report = fixture.comtrade(&first.1, "2024-01-01").await.unwrap();
    assert_eq!((report.rows_new, report.rows_rejected), (2, 0));
    for (form, text) in others {
        let report = fixture.comtrade(text, "2024-01-01").await.unwrap_or_else(|error| panic!("{form}: {error}"));
        assert_eq!((report.rows_unchanged, report.rows_rejected), (2, 0), "{form} says the same");
    }
    assert_eq!(listed(&fixture.serve().await).await, right);
}

on_each_backend!(a_comma_at_the_end_of_some_rows_is_no_habit);
async fn a_comma_at_the_end_of_some_rows_is_no_habit(fixture: Fixture) {
    fixture.load_lists().await;
    let lines: Vec<String> = rows().lines().map(ToOwned::to_owned).collect();
    let text = format!("{}\n{}\n{},\n", lines[0], lines[1], lines[2]);
    let error = fixture.comtrade(&text, "2024-01-01").await.unwrap_err().to_string();
    assert!(error.ends_with("line 3: has 48 fields, and the header has 47"), "{error}");
}

on_each_backend!(latin_1_is_read_where_it_is_said);
async fn latin_1_is_read_where_it_is_said(fixture: Fixture) {
    fixture.load_lists().await;
    let text = rows().replace("\"A, B\"", "Curaçao");
    let bytes: Vec<u8> = text.chars().map(|character| u8::try_from(u32::from(character)).unwrap()).collect();
    let path = fixture.write("latin1.csv", bytes);
    let mut options = published(vec![path], "2024-01-01");
    let error = fixture.import("comtrade", options.clone()).await.unwrap_err().to_string();
    assert!(error.contains("line 2: is not UTF-8") && error.contains("--encoding latin-1"), "{error}");
    options.encoding = Encoding::Latin1;
    assert_eq!(fixture.import("comtrade", options.clone()).await.unwrap().rows_new, 2);
    let refused = fixture.import("ofac-sdn", options).await.unwrap_err();
    assert!(matches!(&refused, Error::Refused(problem) if problem.contains("takes no --encoding")), "{refused}");
}

async fn page(served: &Served, filter: pb::FlowFilter) -> Result<pb::ListFlowsResponse, tonic::Status> {
    let request = pb::ListFlowsRequest { filter: Some(filter), ..Default::default() };
    served.trade().list_flows(request).await.map(tonic::Response::into_inner)
}

fn sum(answer: &pb::ListFlowsResponse) -> i64 {
    answer.flows.iter().map(|flow| flow.value.as_ref().unwrap().value.parse::<i64>().unwrap()).sum()
}

on_each_backend!(lists_and_streams_can_leave_totals_out);
async fn lists_and_streams_can_leave_totals_out(fixture: Fixture) {
    let mut records = Vec::new();
    for (partner, factor) in [(0, 5), (643, 2), (398, 3)] {
        for (commodity, value) in [("TOTAL", 100), ("27", 70), ("271121", 70), ("29", 30), ("290110", 30)] {
            let of_all = Record { partner, commodity, ..record(value * factor) };
            records.push(Record { mode: 2100, ..of_all.clone() });
            records.push(Record { flow: "RX", ..of_all.clone() });
            records.push(of_all);
        }
    }
    // A report that has only totals, a year and its month, and the same report in the other edition.
    records.push(Record { reporter: 398, partner: 0, commodity: "TOTAL", ..record(9) });
    records.push(Record { period: "202102", ..record(11) });
    records.push(Record { reporter: 643, partner: 156, ..record(40) });
    records.push(Record { reporter: 643, partner: 156, classification: "H6", commodity: "271110", ..record(40) });
    fixture.load_lists().await;
    fixture.comtrade(&comtrade_csv(&records), "2024-01-01").await.unwrap();
    let served = fixture.serve().await;
    let everything = page(&served, pb::FlowFilter::default()).await.unwrap();
    assert_eq!(everything.flows.len(), records.len());

    let parts = pb::FlowFilter { parts_only: true, ..Default::default() };
    let answer = page(&served, parts.clone()).await.unwrap();
    assert_eq!((answer.flows.len(), sum(&answer)), (4 + 1 + 1, 500 + 9 + 40));
    assert!(answer.basis.as_ref().unwrap().level.contains("6-digit commodity codes; single partners"));
    let totals = pb::FlowFilter { totals_only: true, ..Default::default() };
    let answer = page(&served, totals.clone()).await.unwrap();
    let shown: Vec<(&str, &str, &str)> = answer
        .flows
        .iter()
        .map(|flow| (flow.reporter.as_str(), flow.partner.as_str(), flow.commodity.as_str()))
        .collect();
    assert_eq!((shown, sum(&answer)), (vec![("CHN", "WLD", "TOTAL"), ("KAZ", "WLD", "TOTAL")], 509));
    let gas = pb::FlowFilter {
        commodities: vec!["27".into()],
        partners: vec!["KAZ".into()],
        flows: vec!["RX".into()],
        ..parts.clone()
    };
    assert_eq!(sum(&page(&served, gas).await.unwrap()), 210, "a flow asked for by name is shown");

    // A stream shows the same rows, and page by page they are the same too.
    let request = pb::StreamFlowsRequest { filter: Some(parts.clone()), ..Default::default() };
    let mut stream = served.trade().stream_flows(request).await.unwrap().into_inner();
    let mut rows = 0;
    while let Some(message) = stream.message().await.unwrap() {
        match message.part.unwrap() {
            pb::stream_flows_response::Part::Chunk(chunk) => rows += i64::from(chunk.row_count),
            pb::stream_flows_response::Part::End(end) => assert_eq!((end.row_count, rows), (6, 6)),
        }
    }
    let mut paged = 0;
    let mut request = pb::ListFlowsRequest { filter: Some(parts.clone()), page_size: 2, ..Default::default() };
    loop {
        let page = served.trade().list_flows(request.clone()).await.unwrap().into_inner();
        paged += sum(&page);
        if page.next_page_token.is_empty() {
            break;
        }
        request.page_token = page.next_page_token;
    }
    assert_eq!(paged, 549);

    let both = pb::FlowFilter { totals_only: true, ..parts.clone() };
    assert_eq!(page(&served, both).await.unwrap_err().code(), Code::InvalidArgument);
    let filter = pb::FlowFilter { flows: vec!["X".into()], ..parts };
    let summary = pb::SummarizeFlowsRequest { filter: Some(filter), ..Default::default() };
    let status = served.trade().summarize_flows(summary).await.unwrap_err();
    assert!(status.message().contains("a summary chooses the rows itself"), "{}", status.message());
    let (worked, _) = support::call(&served.address, &["trade.ListFlows", r#"{"filter": {"parts_only": true}}"#]);
    assert!(worked);
}

on_each_backend!(correlation_tables_are_read_with_all_their_pairs);
async fn correlation_tables_are_read_with_all_their_pairs(fixture: Fixture) {
    use entrepot::proto::entrepot::reference::v1 as reference;
    fixture.load_lists().await;
    // Codes without leading zeros; one stays, one is split, two merge; what the table calls them is not believed.
    let table = "code.after,code.before,Relationship,adjustment\n\
                 10110,10110,n:n,2022 to 2017\n\
                 10210,10210,1:1,2022 to 2017\n\
                 10221,10210,1:1,2022 to 2017\n\
                 290110,290110,1:1,2022 to 2017\n\
                 290110,290121,1:1,2022 to 2017\n\
                 10110,111,1:1,1992 to 1988\n";
    let path = fixture.write("correlations.csv", table);
    let report = fixture.import("concordance", published(vec![path], "2024-01-01")).await.unwrap();
    let left_out: u64 = report.skipped.values().sum();
    assert_eq!((report.rows_new, report.rows_rejected, left_out), (5, 0, 1));
    let served = fixture.serve().await;
    let convert = async |name: &str, to: &str| -> Vec<(String, reference::Relation)> {
        let request = reference::ConvertCommodityRequest {
            name: format!("commodities/{name}"),
            target_classification: to.into(),
            clock: None,
        };
        let answer = served.reference().convert_commodity(request).await.unwrap().into_inner();
        answer
            .matches
            .iter()
            .map(|found| (found.target_commodity.replace("commodities/", ""), found.relation()))
            .collect()
    };
    let one = |name: &str, relation| vec![(name.to_owned(), relation)];
    assert_eq!(convert("HS2017-010110", "HS2022").await, one("HS2022-010110", reference::Relation::OneToOne));
    assert_eq!(
        convert("HS2017-010210", "HS2022").await,
        [
            ("HS2022-010210".to_owned(), reference::Relation::OneToMany),
            ("HS2022-010221".to_owned(), reference::Relation::OneToMany)
        ]
    );
    assert_eq!(convert("HS2022-010221", "HS2017").await, one("HS2017-010210", reference::Relation::ManyToOne));
    assert_eq!(convert("HS2017-290121", "HS2022").await, one("HS2022-290110", reference::Relation::ManyToOne));
    let wrong =
        fixture.write("wrong.csv", "code.after,code.before,Relationship,adjustment\n1,10110,1:1,2022 to 2017\n");
    let error = fixture.import("concordance", published(vec![wrong], "2024-01-02")).await;
    let error = error.map(|report| report.to_string()).unwrap_or_else(|error| error.to_string());
    assert!(error.contains("is not a six-digit code"), "{error}");
}
