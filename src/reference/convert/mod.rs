//! Reference data to messages.

pub mod codes;

use crate::import::FileHash;
use crate::proto::entrepot::reference::v1 as pb;
use crate::rpc::page::paged;
use crate::rpc::wire::{date, valuation};

use super::area::AreaFacts;
use super::conversion::Relation;
use super::import::classification::dataset_of;
use super::{AreaKind, Classification, CommodityCode, entity};
use crate::register::{Catalog, Dataset, Release};

paged!(pb::ListCountriesRequest, pb::ListCommoditiesRequest, pb::ListDatasetsRequest, pb::ListReleasesRequest,);

pub fn country(facts: &AreaFacts) -> pb::Country {
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
        entry_year: facts.entry_year,
        exit_year: facts.exit_year,
        source: facts.source.clone(),
        note: facts.note.clone(),
    }
}

pub fn area_kind(number: i32) -> Option<AreaKind> {
    match pb::AreaKind::try_from(number).ok()? {
        pb::AreaKind::Unspecified => None,
        pb::AreaKind::Country => Some(AreaKind::Country),
        pb::AreaKind::Historical => Some(AreaKind::Historical),
        pb::AreaKind::Special => Some(AreaKind::Special),
        pb::AreaKind::Group => Some(AreaKind::Group),
        pb::AreaKind::World => Some(AreaKind::World),
    }
}

pub fn commodity(row: &entity::commodity::Model) -> pb::Commodity {
    let name = |number: i32| CommodityCode::from_number(number).map_or_else(String::new, CommodityCode::name);
    let classification = Classification::from_number(row.classification);
    pb::Commodity {
        name: name(row.commodity),
        classification: classification.map_or("", Classification::name).to_owned(),
        code: row.code.clone(),
        title: row.title.clone(),
        level: row.level,
        parent: row.parent.filter(|parent| *parent != row.commodity).map_or_else(String::new, name),
        leaf: row.leaf,
        unit: row.unit.clone(),
        dataset: classification.map_or_else(String::new, |known| format!("datasets/{}", dataset_of(known))),
    }
}

pub fn relation(relation: Relation) -> pb::Relation {
    match relation {
        Relation::OneToOne => pb::Relation::OneToOne,
        Relation::OneToMany => pb::Relation::OneToMany,
        Relation::ManyToOne => pb::Relation::ManyToOne,
        Relation::ManyToMany => pb::Relation::ManyToMany,
    }
}

pub fn dataset(dataset: &Dataset, latest: Option<&Release>) -> pb::Dataset {
    let spec = &dataset.spec;
    pb::Dataset {
        name: dataset.resource(),
        title: spec.title.clone(),
        publisher: spec.publisher.clone(),
        license: spec.license.clone(),
        kind: spec.kind.as_str().to_owned(),
        scope: spec.scope.clone(),
        latest_release: latest.map(|release| format!("{}/releases/{}", dataset.resource(), release.id)),
        valuation: valuation(spec.valuation).into(),
    }
}

pub fn release(catalog: &Catalog, release: &Release) -> pb::Release {
    let files: Vec<FileHash> = serde_json::from_str(&release.files).unwrap_or_default();
    pb::Release {
        name: catalog.release_name(release.id),
        publication_date: Some(date(release.publication_date)),
        create_time: Some(prost_types::Timestamp {
            seconds: release.created_at_ms.div_euclid(1000),
            nanos: (release.created_at_ms.rem_euclid(1000) * 1_000_000) as i32,
        }),
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
