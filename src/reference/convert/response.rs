//! Answers to messages.

use crate::import::FileHash;
use crate::proto::entrepot::reference::v1 as pb;
use crate::reference::answer::{convert_commodity, countries, datasets, get_commodity, list_commodities, releases};
use crate::reference::area::AreaFacts;
use crate::reference::conversion::Relation;
use crate::reference::store::entity::commodity;
use crate::reference::{Area, AreaKind, Classification, CommodityCode, Group};
use crate::register::{Catalog, Dataset, DatasetKind, Release};
use crate::rpc::wire::{date, emptiness, provenance, timestamp, valuation};

pub fn get_country(facts: &AreaFacts) -> pb::GetCountryResponse {
    pb::GetCountryResponse { country: Some(country(facts)) }
}

pub fn list_countries(list: countries::List) -> pb::ListCountriesResponse {
    let countries = list.countries.into_iter().map(country).collect();
    pb::ListCountriesResponse { countries, next_page_token: list.next_page_token }
}

pub fn get_commodity(answer: get_commodity::Answer) -> pb::GetCommodityResponse {
    pb::GetCommodityResponse {
        commodity: Some(commodity(&answer.commodity)),
        provenance: Some(provenance(answer.sources, Vec::new())),
    }
}

pub fn list_commodities(answer: list_commodities::Answer) -> pb::ListCommoditiesResponse {
    pb::ListCommoditiesResponse {
        commodities: answer.commodities.iter().map(commodity).collect(),
        next_page_token: answer.next_page_token,
        emptiness: answer.emptiness.as_ref().map(emptiness),
        provenance: Some(provenance(answer.sources, Vec::new())),
    }
}

pub fn convert_commodity(answer: convert_commodity::Answer) -> pb::ConvertCommodityResponse {
    let name = |number: i32| CommodityCode::from_number(number).map_or_else(String::new, CommodityCode::name);
    let matches = answer.matches.into_iter().map(|(from, to, kind)| pb::CommodityMatch {
        source_commodity: name(from),
        target_commodity: name(to),
        target_display_name: answer.titles.get(&to).cloned().unwrap_or_default(),
        relation: relation(kind).into(),
    });
    pb::ConvertCommodityResponse {
        matches: matches.collect(),
        provenance: Some(provenance(
            vec![answer.source],
            vec!["relations are those of the conversion table that was imported, read in either direction".into()],
        )),
        emptiness: answer.emptiness.as_ref().map(emptiness),
    }
}

pub fn get_dataset((found, latest): &datasets::Found) -> pb::GetDatasetResponse {
    pb::GetDatasetResponse { dataset: Some(dataset(found, latest.as_ref())) }
}

pub fn list_datasets(list: datasets::List) -> pb::ListDatasetsResponse {
    let datasets = list.datasets.iter().map(|(found, latest)| dataset(found, latest.as_ref())).collect();
    pb::ListDatasetsResponse { datasets, next_page_token: list.next_page_token }
}

pub fn list_releases(answer: releases::Answer) -> pb::ListReleasesResponse {
    let releases = answer.releases.iter().map(|found| release(&answer.catalog, found)).collect();
    pb::ListReleasesResponse { releases, next_page_token: answer.next_page_token }
}

fn country(facts: &AreaFacts) -> pb::Country {
    let kind = match facts.kind {
        AreaKind::Country => pb::AreaKind::Country,
        AreaKind::Historical => pb::AreaKind::Historical,
        AreaKind::Special => pb::AreaKind::Special,
        AreaKind::Group => pb::AreaKind::Group,
        AreaKind::World => pb::AreaKind::World,
    };
    pb::Country {
        name: format!("countries/{}", facts.code),
        code: facts.code.clone(),
        alpha2: facts.alpha2.clone(),
        alpha3: facts.alpha3.clone(),
        m49: facts.m49.map(i32::from),
        comtrade_number: i32::from(facts.number),
        display_name: facts.name.clone(),
        kind: kind.into(),
        start_year: facts.entry_year,
        end_year: facts.exit_year,
        source: facts.source.clone(),
        note: facts.note.clone(),
        memberships: memberships(facts),
    }
}

fn memberships(facts: &AreaFacts) -> Vec<pb::GroupMembership> {
    let is_union = facts.number == Area::EUROPEAN_UNION.number();
    let of_group = |group: &Group| {
        let member = group.members.iter().find(|membership| membership.member.number() == facts.number);
        (is_union || member.is_some()).then(|| pb::GroupMembership {
            group: group.name(),
            group_start_date: Some(date(group.from)),
            group_end_date: group.until.map(date),
            member_start_date: member.map(|member| date(member.from)),
            member_end_date: member.and_then(|member| member.until).map(date),
        })
    };
    Group::all().iter().filter_map(of_group).collect()
}

fn commodity(row: &commodity::Model) -> pb::Commodity {
    let name = |number: i32| CommodityCode::from_number(number).map_or_else(String::new, CommodityCode::name);
    let classification = Classification::from_number(row.classification);
    pb::Commodity {
        name: name(row.commodity),
        classification: classification.map_or("", Classification::name).to_owned(),
        code: row.code.clone(),
        display_name: row.title.clone(),
        level: row.level,
        parent: row.parent.filter(|parent| *parent != row.commodity).map_or_else(String::new, name),
        leaf: row.leaf,
        unit: row.unit.clone(),
        dataset: classification.map_or_else(String::new, |known| format!("datasets/{}", known.dataset())),
    }
}

fn relation(relation: Relation) -> pb::Relation {
    match relation {
        Relation::OneToOne => pb::Relation::OneToOne,
        Relation::OneToMany => pb::Relation::OneToMany,
        Relation::ManyToOne => pb::Relation::ManyToOne,
        Relation::ManyToMany => pb::Relation::ManyToMany,
    }
}

fn dataset(dataset: &Dataset, latest: Option<&Release>) -> pb::Dataset {
    let spec = &dataset.spec;
    pb::Dataset {
        name: dataset.resource(),
        display_name: spec.title.clone(),
        publisher: spec.publisher.clone(),
        license: spec.license.clone(),
        kind: dataset_kind(spec.kind).into(),
        scope: spec.scope.clone(),
        latest_release: latest.map(|release| format!("{}/releases/{}", dataset.resource(), release.id)),
        valuation: valuation(spec.valuation).into(),
    }
}

fn dataset_kind(kind: DatasetKind) -> pb::DatasetKind {
    match kind {
        DatasetKind::Flows => pb::DatasetKind::Flows,
        DatasetKind::Classification => pb::DatasetKind::Classification,
        DatasetKind::Concordance => pb::DatasetKind::Concordance,
        DatasetKind::SanctionList => pb::DatasetKind::SanctionList,
        DatasetKind::Holdings => pb::DatasetKind::Holdings,
        DatasetKind::ControlledGoods => pb::DatasetKind::ControlledGoods,
        DatasetKind::ContractBook => pb::DatasetKind::ContractBook,
        DatasetKind::Routes => pb::DatasetKind::Routes,
        DatasetKind::PriceIndexes => pb::DatasetKind::PriceIndexes,
        DatasetKind::Deliveries => pb::DatasetKind::Deliveries,
    }
}

fn release(catalog: &Catalog, release: &Release) -> pb::Release {
    let files: Vec<FileHash> = serde_json::from_str(&release.files).unwrap_or_default();
    pb::Release {
        name: catalog.release_name(release.id),
        publication_date: Some(date(release.publication_date)),
        create_time: Some(timestamp(release.created_at_ms)),
        importer_version: release.importer_version.clone(),
        files: files
            .into_iter()
            .map(|file| pb::ReleaseFile { name: file.name, sha256: file.sha256, bytes: file.bytes as i64 })
            .collect(),
        rows_read: release.rows_read,
        rows_new: release.rows_new,
        rows_revised: release.rows_revised,
        rows_unchanged: release.rows_unchanged,
        rows_withdrawn: release.rows_withdrawn,
        rows_rejected: release.rows_rejected,
    }
}
