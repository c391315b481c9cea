//! `entrepot get`: short forms of the ten most common questions.
//!
//! Each only puts a request together, which then goes the way of `entrepot call`; `--show-request` prints it.

mod request;
mod vocabulary;
mod years;

use clap::Subcommand;
use jiff::civil::Date;

use super::call;
use request::Request;
use vocabulary as words;
use years::Years;

/// Ask a running server one of the ten most common questions.
#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    options: call::Options,
    /// Print the request that `entrepot call` would take, and ask nothing
    #[arg(long, global = true)]
    show_request: bool,
    #[command(subcommand)]
    question: Question,
}

#[derive(Subcommand, Debug)]
enum Question {
    /// Single flows of a reporter, as they were reported (trade.ListFlows).
    Flows(Flows),
    /// Sums of a reporter's flows by year and flow, or by what --by says (trade.SummarizeFlows).
    Summary(Summary),
    /// The exporter's figures beside the importer's (trade.CompareMirror).
    Mirror(Mirror),
    /// One listed subject (sanctions.GetSubject).
    Subject(Named),
    /// Listed subjects by name, words or identifier (sanctions.SearchSubjects).
    Search(Search),
    /// What lists added, changed and removed (sanctions.ListChanges).
    Changes(Changes),
    /// Whether an entity is blocked by its owners (sanctions.ResolveOwnership).
    Ownership(Ownership),
    /// One contract with all its facts (energy.GetContract).
    Contract(Named),
    /// A contract's quantities by contract year (energy.ComputeSchedule).
    Schedule(Schedule),
    /// Contracted quantities of years by layers of firmness (energy.ProjectOutlook).
    Outlook(Outlook),
}

#[derive(clap::Args, Debug)]
struct AsOf {
    /// As the store would have answered on this day (YYYY-MM-DD)
    #[arg(long, value_name = "DAY", value_parser = read_day)]
    as_of: Option<Date>,
}

#[derive(clap::Args, Debug)]
struct Days {
    #[command(flatten)]
    known: AsOf,
    /// What was in force on this day (YYYY-MM-DD)
    #[arg(long, value_name = "DAY", value_parser = read_day)]
    in_force_on: Option<Date>,
}

#[derive(clap::Args, Debug)]
struct Page {
    /// Most rows of a page
    #[arg(long, value_name = "ROWS")]
    page_size: Option<i32>,
    /// Where the page before ended
    #[arg(long, value_name = "TOKEN")]
    page_token: Option<String>,
}

#[derive(clap::Args, Debug)]
struct Traded {
    /// Country that reports, as in RUS, RU or 643
    reporter: String,
    /// Countries it trades with; all of them when absent
    partners: Vec<String>,
    /// Years, as in 2021 or 2021-2024
    #[arg(long)]
    years: Option<Years>,
    /// Flows: M imports, X exports
    #[arg(long = "flow", value_name = "FLOW", value_delimiter = ',', default_values = ["M", "X"])]
    flows: Vec<String>,
    /// Commodity codes
    #[arg(long = "commodity", value_name = "CODE", value_delimiter = ',')]
    commodities: Vec<String>,
    /// Dataset, as in datasets/sample-gacc
    #[arg(long)]
    dataset: Option<String>,
    #[command(flatten)]
    known: AsOf,
}

#[derive(clap::Args, Debug)]
struct Flows {
    #[command(flatten)]
    traded: Traded,
    #[command(flatten)]
    page: Page,
}

#[derive(clap::Args, Debug)]
struct Summary {
    #[command(flatten)]
    traded: Traded,
    /// What the sums are by: year, partner, commodity, flow, ...
    #[arg(long, value_delimiter = ',', default_values = [words::BY_YEAR, words::BY_FLOW])]
    by: Vec<String>,
    /// Only so many of the largest
    #[arg(long)]
    top: Option<i32>,
}

#[derive(clap::Args, Debug)]
struct Mirror {
    /// Country that exports
    exporter: String,
    /// Country that imports
    importer: String,
    /// Years, as in 2021 or 2021-2024
    #[arg(long)]
    years: Option<Years>,
    /// Commodity codes
    #[arg(long = "commodity", value_name = "CODE", value_delimiter = ',')]
    commodities: Vec<String>,
    /// Dataset of the exporter's figures
    #[arg(long, value_name = "DATASET")]
    exporter_dataset: Option<String>,
    /// Dataset of the importer's figures
    #[arg(long, value_name = "DATASET")]
    importer_dataset: Option<String>,
    #[command(flatten)]
    known: AsOf,
}

#[derive(clap::Args, Debug)]
struct Named {
    /// Its resource name; what stands before the slash may be left out
    name: String,
    #[command(flatten)]
    days: Days,
}

#[derive(clap::Args, Debug)]
struct Search {
    /// Words of a name, or an identifier
    #[arg(required = true)]
    words: Vec<String>,
    /// Only what these authorities list, as in OFAC
    #[arg(long = "authority", value_name = "AUTHORITY", value_delimiter = ',')]
    authorities: Vec<String>,
    #[command(flatten)]
    days: Days,
    #[command(flatten)]
    page: Page,
}

#[derive(clap::Args, Debug)]
struct Changes {
    /// From this day on (YYYY-MM-DD)
    #[arg(long, value_name = "DAY", value_parser = read_day, conflicts_with = "cursor")]
    since: Option<Date>,
    /// From where an earlier answer ended
    #[arg(long)]
    cursor: Option<String>,
    /// Only of these authorities, as in OFAC
    #[arg(long = "authority", value_name = "AUTHORITY", value_delimiter = ',')]
    authorities: Vec<String>,
    /// Only of these programmes
    #[arg(long = "programme", value_name = "PROGRAMME", value_delimiter = ',')]
    programmes: Vec<String>,
    #[command(flatten)]
    known: AsOf,
    /// Most changes of an answer
    #[arg(long, value_name = "CHANGES")]
    page_size: Option<i32>,
}

#[derive(clap::Args, Debug)]
struct Ownership {
    #[command(flatten)]
    named: Named,
    /// By the rules of these authorities alone, as in OFAC
    #[arg(long = "authority", value_name = "AUTHORITY", value_delimiter = ',')]
    authorities: Vec<String>,
}

#[derive(clap::Args, Debug)]
struct Schedule {
    #[command(flatten)]
    named: Named,
    /// By calendar year instead of by contract year
    #[arg(long)]
    calendar_years: bool,
    /// Unit with its basis, as in bcm@20C; the contract's own when absent
    #[arg(long)]
    unit: Option<String>,
    /// Factors for what is not exact by definition, as in metered-20c
    #[arg(long, value_name = "NAME")]
    factor_set: Option<String>,
}

#[derive(clap::Args, Debug)]
struct Outlook {
    /// Countries of the sellers, divided by commas
    #[arg(required = true, num_args = 1, value_delimiter = ',', value_name = "ORIGINS")]
    origins: Vec<String>,
    /// Countries of the buyers, divided by commas
    #[arg(required = true, num_args = 1, value_delimiter = ',', value_name = "DESTINATIONS")]
    destinations: Vec<String>,
    /// Commodities: gas, pipeline_gas, lng, crude
    #[arg(long = "commodity", value_name = "COMMODITY", value_delimiter = ',', default_value = "gas")]
    commodities: Vec<String>,
    /// Calendar years, as in 2026-2030
    #[arg(long)]
    years: Years,
    /// Unit of the answer, a rate a year with its basis
    #[arg(long, default_value = "bcm/y@20C")]
    unit: String,
    /// Factors for what is not exact by definition, as in metered-20c-lng
    #[arg(long, value_name = "NAME")]
    factor_set: Option<String>,
    #[command(flatten)]
    days: Days,
}

pub async fn run(args: Args) -> Result<(), call::Error> {
    let request = request(args.question);
    if args.show_request {
        eprintln!("entrepot call {} takes:", request.method);
        return call::print(&format!("{}\n", request.json()));
    }
    call::ask(&args.options, request.method, request.json()).await
}

fn read_day(text: &str) -> Result<Date, String> {
    let day = text.parse().ok().filter(|_| text.len() == "2024-01-31".len());
    day.ok_or_else(|| "it is not a day; write it as 2024-01-31".to_owned())
}

fn request(question: Question) -> Request {
    match question {
        Question::Flows(flows) => {
            let Page { page_size, page_token } = flows.page;
            traded(words::LIST_FLOWS, flows.traded)
                .with(words::PAGE_SIZE, page_size)
                .with(words::PAGE_TOKEN, page_token)
        }
        Question::Summary(summary) => traded(words::SUMMARIZE_FLOWS, summary.traded)
            .with_list(words::GROUP_BY, &summary.by)
            .with(words::TOP, summary.top),
        Question::Mirror(mirror) => Request::new(words::COMPARE_MIRROR)
            .with(words::EXPORTER, Some(mirror.exporter))
            .with(words::IMPORTER, Some(mirror.importer))
            .with_periods(words::START_PERIOD, words::END_PERIOD, mirror.years)
            .with_list(words::MIRROR_COMMODITIES, &mirror.commodities)
            .with_list(words::EXPORTER_DATASETS, mirror.exporter_dataset.as_slice())
            .with_list(words::IMPORTER_DATASETS, mirror.importer_dataset.as_slice())
            .with_day(words::AS_OF, mirror.known.as_of),
        Question::Subject(subject) => named(words::GET_SUBJECT, words::SUBJECTS, subject),
        Question::Search(search) => dated(Request::new(words::SEARCH_SUBJECTS), &search.days)
            .with(words::QUERY, Some(search.words.join(" ")))
            .with_list(words::FILTER_AUTHORITIES, &search.authorities)
            .with(words::PAGE_SIZE, search.page.page_size)
            .with(words::PAGE_TOKEN, search.page.page_token),
        Question::Changes(changes) => Request::new(words::LIST_CHANGES)
            .with_day(words::SINCE, changes.since)
            .with(words::CURSOR, changes.cursor)
            .with_list(words::FILTER_AUTHORITIES, &changes.authorities)
            .with_list(words::FILTER_PROGRAMMES, &changes.programmes)
            .with_day(words::AS_OF, changes.known.as_of)
            .with(words::PAGE_SIZE, changes.page_size),
        Question::Ownership(ownership) => named(words::RESOLVE_OWNERSHIP, words::ENTITIES, ownership.named)
            .with_list(words::AUTHORITIES, &ownership.authorities),
        Question::Contract(contract) => named(words::GET_CONTRACT, words::CONTRACTS, contract),
        Question::Schedule(schedule) => named(words::COMPUTE_SCHEDULE, words::CONTRACTS, schedule.named)
            .with(words::CALENDAR_YEARS, schedule.calendar_years.then_some(true))
            .with(words::UNIT, schedule.unit)
            .with(words::FACTOR_SET, schedule.factor_set),
        Question::Outlook(outlook) => dated(Request::new(words::PROJECT_OUTLOOK), &outlook.days)
            .with_list(words::ORIGINS, &outlook.origins)
            .with_list(words::DESTINATIONS, &outlook.destinations)
            .with_list(words::OUTLOOK_COMMODITIES, &outlook.commodities)
            .with(words::START_YEAR, Some(outlook.years.first))
            .with(words::END_YEAR, Some(outlook.years.last))
            .with(words::UNIT, Some(outlook.unit))
            .with(words::FACTOR_SET, outlook.factor_set),
    }
}

fn traded(method: &'static str, traded: Traded) -> Request {
    Request::new(method)
        .with_list(words::REPORTERS, &[traded.reporter])
        .with_list(words::PARTNERS, &traded.partners)
        .with_list(words::FLOWS, &traded.flows)
        .with_periods(words::FLOW_START_PERIOD, words::FLOW_END_PERIOD, traded.years)
        .with_list(words::COMMODITIES, &traded.commodities)
        .with_list(words::DATASETS, traded.dataset.as_slice())
        .with_day(words::AS_OF, traded.known.as_of)
}

fn named(method: &'static str, collection: &str, named: Named) -> Request {
    dated(Request::new(method).with_name(words::NAME, collection, &named.name), &named.days)
}

fn dated(request: Request, days: &Days) -> Request {
    request.with_day(words::AS_OF, days.known.as_of).with_day(words::IN_FORCE_ON, days.in_force_on)
}
