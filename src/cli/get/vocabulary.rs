//! RPCs and fields that the short forms name. The one place to rename them; a dot leads into a message.

pub const LIST_FLOWS: &str = "trade.ListFlows";
pub const SUMMARIZE_FLOWS: &str = "trade.SummarizeFlows";
pub const COMPARE_MIRROR: &str = "trade.CompareMirror";
pub const GET_SUBJECT: &str = "sanctions.GetSubject";
pub const SEARCH_SUBJECTS: &str = "sanctions.SearchSubjects";
pub const LIST_CHANGES: &str = "sanctions.ListChanges";
pub const RESOLVE_OWNERSHIP: &str = "sanctions.ResolveOwnership";
pub const GET_CONTRACT: &str = "energy.GetContract";
pub const COMPUTE_SCHEDULE: &str = "energy.ComputeSchedule";
pub const PROJECT_OUTLOOK: &str = "energy.ProjectOutlook";

/// Beginnings of resource names, which a short form may leave out.
pub const SUBJECTS: &str = "subjects";
pub const ENTITIES: &str = "entities";
pub const CONTRACTS: &str = "contracts";

/// Of every question, or of many.
pub const NAME: &str = "name";
pub const AS_OF: &str = "clock.as_of";
pub const IN_FORCE_ON: &str = "clock.in_force_on";
pub const PAGE_SIZE: &str = "page_size";
pub const PAGE_TOKEN: &str = "page_token";

/// Of flows and their summary.
pub const DATASETS: &str = "filter.datasets";
pub const REPORTERS: &str = "filter.reporters";
pub const PARTNERS: &str = "filter.partners";
pub const FLOWS: &str = "filter.flows";
pub const COMMODITIES: &str = "filter.commodities";
pub const FLOW_START_PERIOD: &str = "filter.start_period";
pub const FLOW_END_PERIOD: &str = "filter.end_period";
pub const GROUP_BY: &str = "group_by";
pub const TOP: &str = "top";
/// Values of `group_by` without their prefix.
pub const BY_YEAR: &str = "year";
pub const BY_FLOW: &str = "flow";

/// Of a mirror.
pub const EXPORTER: &str = "exporter";
pub const IMPORTER: &str = "importer";
pub const EXPORTER_DATASETS: &str = "exporter_datasets";
pub const IMPORTER_DATASETS: &str = "importer_datasets";
pub const MIRROR_COMMODITIES: &str = "commodities";
pub const START_PERIOD: &str = "start_period";
pub const END_PERIOD: &str = "end_period";

/// Of sanctions.
pub const QUERY: &str = "query";
pub const CURSOR: &str = "cursor";
pub const SINCE: &str = "filter.start_date";
pub const FILTER_AUTHORITIES: &str = "filter.authorities";
pub const FILTER_PROGRAMMES: &str = "filter.programmes";
pub const AUTHORITIES: &str = "authorities";

/// Of energy.
pub const ORIGINS: &str = "origins";
pub const DESTINATIONS: &str = "destinations";
pub const OUTLOOK_COMMODITIES: &str = "commodities";
pub const START_YEAR: &str = "start_year";
pub const END_YEAR: &str = "end_year";
pub const UNIT: &str = "unit";
pub const FACTOR_SET: &str = "factor_set";
pub const CALENDAR_YEARS: &str = "calendar_years";
