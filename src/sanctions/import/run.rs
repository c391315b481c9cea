//! The way that every list goes: read, compare with what is stored, guard, write the differences as one release.

use std::collections::BTreeSet;
use std::time::Instant;

use jiff::civil::Date;

use crate::import::{Error, Format, ListPart, Options, Progress, Report};
use crate::register::moment::day_number;
use crate::register::protocol::{self, dataset_name};
use crate::register::shrink::{self, Loss};
use crate::register::{DatasetKind, DatasetSpec, Valuation};
use crate::sanctions::feed::change::ChangeKind;
use crate::sanctions::store::lists::dataset_number;
use crate::sanctions::store::write::{
    ChangeRow, Current, CurrentList, ReleaseWriter, Version, analyze, current_list, note_check,
};
use crate::sanctions::subject::difference::{self, FieldChange};
use crate::sanctions::subject::model::Subject;
use crate::sanctions::subject::{gender, keys};
use crate::store::{Store, Writer};
use crate::value::Span;

use super::census::{self, Census};
use super::format::ListFormat;
use super::listing::Listing;

/// Dates before the first sanction list are none: a year 0 would only confuse the comparison of days.
const FIRST_YEAR: i16 = 1900;

impl Format for ListFormat {
    fn name(&self) -> &'static str {
        self.name
    }

    fn about(&self) -> &'static str {
        self.about
    }

    fn import(&self, store: &Store, options: &Options, progress: &mut Progress) -> Result<Vec<Report>, Error> {
        import(store, self, options, progress).map(|report| vec![report])
    }
}

/// Imports one release of a list. Blocks.
fn import(store: &Store, format: &ListFormat, options: &Options, progress: &mut Progress) -> Result<Report, Error> {
    let started = Instant::now();
    let dataset = options.dataset.as_deref().or(format.dataset).ok_or_else(|| {
        let name = format.name;
        Error::Refused(format!("{name} may hold anybody's list: name it with --dataset, such as --dataset ua-nsdc"))
    })?;
    let dataset = dataset_name(dataset)?;
    let mut report = Report { dataset: dataset.clone(), dry_run: options.dry_run, ..Report::default() };
    let mut listing = Listing::new(&mut report);
    (format.read)(&options.files, progress, &mut listing)?;
    let (mut subjects, stated, unreadable) = (listing.subjects, listing.published, listing.unreadable_date);
    subjects.iter_mut().for_each(gender::settle);
    let parts = parts(format, &subjects, options)?;
    report.scope = scope(&parts);
    if let Some(file) = report.files.first_mut().filter(|_| parts != [ListPart { name: String::new(), whole: true }]) {
        file.parts = parts;
    }
    let mut options = options.clone();
    options.published = publication(&dataset, &options, stated, unreadable.as_deref())?;
    report.files.iter_mut().for_each(|file| file.dated = stated.map(Span::day));
    let published = options.publication_date();
    report.publication_date = published.to_string();

    let authority = common_authority(format.authority, &subjects);
    let spec = DatasetSpec {
        name: dataset.clone(),
        // A format that anybody's list may come in says nothing of the list.
        title: if format.authority.is_empty() {
            format!("{dataset}: {}", format.title)
        } else {
            format.title.to_owned()
        },
        publisher: format.publisher.to_owned(),
        license: options.license.clone().unwrap_or_else(|| format.license.to_owned()),
        kind: DatasetKind::SanctionList,
        scope: format!("subjects that {} lists", if authority.is_empty() { "the publisher" } else { authority }),
        valuation: Valuation::Unknown,
        precedence: 100,
    };
    let mut dataset_number = 0;
    protocol::write(store, store.writer_of_a_list()?, &spec, &options, &mut report, |writer, base, report| {
        dataset_number = base.dataset;
        let current = current_list(store, base.dataset)?;
        let mut plan = Plan::compare(&subjects, &current, report)?;
        plan.guard(&spec.name, current.by_uid.len(), subjects.len(), &options)?;
        let mut release = ReleaseWriter::new(store, writer, base.release, published, base.previous.is_none())?;
        plan.write(&mut release, base.dataset, authority, &current)?;
        note_check(writer, base.dataset, authority, options.clock.now_ms())?;
        analyze(writer)?;
        Ok(())
    })?;
    if report.already_imported && !options.dry_run {
        note_same(store, &spec.name, authority, options.clock.now_ms())?;
    }
    report.seconds = started.elapsed().as_secs_f64();
    Ok(report)
}

/// The parts of the list that the files have, and of which of them they have all: what the operator says, else what the
/// format is. A file that holds the lists of several authorities has a part for each of them; a format that anybody's
/// list may come in is a part of it.
fn parts(format: &ListFormat, subjects: &[Subject], options: &Options) -> Result<Vec<ListPart>, Error> {
    let names: BTreeSet<&str> = if format.authority.is_empty() {
        BTreeSet::new()
    } else {
        let of_parts = subjects.iter().filter(|subject| !subject.authority.is_empty());
        of_parts.map(|subject| subject.source_list.as_str()).filter(|name| !name.is_empty()).collect()
    };
    let is_whole = |name: &str| match &options.partial {
        Some(partial) => !partial.is_empty() && !partial.iter().any(|part| part == name),
        None => options.whole || !format.authority.is_empty(),
    };
    let unknown = options.partial.iter().flatten().find(|part| !names.contains(part.as_str()));
    if let Some(unknown) = unknown {
        let known: Vec<&str> = names.into_iter().collect();
        let known = if known.is_empty() { "no parts".to_owned() } else { known.join(", ") };
        return Err(Error::Refused(format!("--partial={unknown}: no such part is in the files, which have {known}")));
    }
    let names = if names.is_empty() { BTreeSet::from([""]) } else { names };
    let part = |name: &str| ListPart { name: name.to_owned(), whole: is_whole(name) };
    Ok(names.into_iter().map(part).collect())
}

fn scope(parts: &[ListPart]) -> String {
    let partial: Vec<&str> = parts.iter().filter(|part| !part.whole).map(|part| part.name.as_str()).collect();
    match partial[..] {
        [] => "the whole list".to_owned(),
        _ if partial.len() == parts.len() => "a part of the list".to_owned(),
        _ => format!("the list, of {} a part only", partial.join(", ")),
    }
}

/// The day of publication: what the files say of themselves, or else what whoever imports says. The two may lie a day
/// apart, for time zones.
fn publication(
    name: &str,
    options: &Options,
    stated: Option<Date>,
    unreadable: Option<&str>,
) -> Result<Option<Date>, Error> {
    match (options.published, stated, unreadable) {
        (Some(said), Some(stated), _) if !options.published_anyway && (said - stated).get_days().abs() > 1 => {
            Err(Error::Refused(format!(
                "{name}: --published {said} contradicts the file, which says {stated} of itself; leave --published out, or \
                 give --published-anyway if the file is wrong"
            )))
        }
        (None, None, Some(text)) => Err(Error::Refused(format!(
            "{name}: the day that the file says of itself, `{text}`, cannot be read; give the day of its publication with \
             --published"
        ))),
        (said, stated, _) => Ok(said.or(stated)),
    }
}

/// Who designates: the format's authority, or else the one that all entries name.
fn common_authority<'a>(format: &'a str, subjects: &'a [Subject]) -> &'a str {
    let first = subjects.first().map_or("", |subject| subject.authority.as_str());
    let is_common = format.is_empty() && subjects.iter().all(|subject| subject.authority == first);
    if is_common { first } else { format }
}

/// A list that has not changed was looked at all the same.
fn note_same(store: &Store, name: &str, authority: &str, now_ms: i64) -> Result<(), Error> {
    let mut writer: Writer = store.writer()?;
    if let Some(dataset) = dataset_number(store, name)? {
        note_check(&mut writer, dataset, authority, now_ms)?;
        writer.commit()?;
    }
    Ok(())
}

/// What a release does to the list.
struct Plan<'a> {
    added: Vec<&'a Subject>,
    changed: Vec<(&'a Subject, &'a Current, Vec<FieldChange>)>,
    removed: Vec<&'a Current>,
    census: Census<'a>,
}

impl<'a> Plan<'a> {
    fn compare(subjects: &'a [Subject], list: &'a CurrentList, report: &mut Report) -> Result<Self, Error> {
        let mut plan = Self { added: Vec::new(), changed: Vec::new(), removed: Vec::new(), census: Census::default() };
        let mut kept = std::collections::HashSet::with_capacity(subjects.len());
        for subject in subjects {
            kept.insert(subject.uid.as_str());
            let Some(current) = list.by_uid.get(&subject.uid) else {
                plan.added.push(subject);
                continue;
            };
            let record = record_of(subject)?;
            if current.record == record {
                report.rows_unchanged += 1;
                plan.census.keeps(subject, &current.record);
                continue;
            }
            let (before, now) = (census::read(&current.record)?, census::read(&record)?);
            plan.census.changes(&before, &now);
            let fields = difference::between(&before, &now);
            plan.changed.push((subject, current, fields));
        }
        let gone = list.by_uid.iter().filter(|(uid, _)| !kept.contains(uid.as_str()));
        plan.removed = gone.map(|(_, current)| current).collect();
        plan.removed.sort_unstable_by_key(|current| current.subject);
        // A rejected entry may be a new version of one that seems to be gone.
        if report.rows_rejected > 0 {
            report.rows_held_back = plan.removed.len() as u64;
            report.rows_unchanged += report.rows_held_back;
            plan.removed.clear();
        }
        for current in &plan.removed {
            plan.census.goes(&census::read(&current.record)?);
        }
        report.rows_new = plan.added.len() as u64;
        report.rows_revised = plan.changed.len() as u64;
        report.rows_withdrawn = plan.removed.len() as u64;
        Ok(plan)
    }

    /// Refuses a release that all but empties the list or a part of it.
    fn guard(&mut self, name: &str, before: usize, now: usize, options: &Options) -> Result<(), Error> {
        if now == 0 && !shrink::is_allowed(name, options) {
            let remedy = shrink::remedy(name);
            return Err(Error::Refused(format!(
                "{name}: the release holds no subject; the last good one stays; {remedy}"
            )));
        }
        let lost = self.removed.len();
        shrink::check(name, &Loss { verb: "remove", lost, before, what: "subjects", few: 0, or_else: "" }, options)?;
        self.census.guard(name, options)
    }

    fn write(
        &self,
        release: &mut ReleaseWriter<'_>,
        dataset: i64,
        authority: &str,
        list: &CurrentList,
    ) -> Result<(), Error> {
        let mut ended: Vec<i64> = self.changed.iter().map(|(_, current, _)| current.subject).collect();
        ended.extend(self.removed.iter().map(|current| current.subject));
        release.end(&ended)?;

        let mut begun = Vec::with_capacity(self.added.len() + self.changed.len());
        for subject in &self.added {
            let number = match list.numbers.get(&subject.uid) {
                Some(number) => *number,
                None => release.new_subject(dataset, &subject.uid)?,
            };
            begun.push(Begun { subject, number, begins: true, spell_day: release.day(), fields: &[] });
        }
        begun.extend(self.changed.iter().map(|(subject, current, fields)| Begun {
            subject,
            number: current.subject,
            begins: false,
            spell_day: current.spell_day,
            fields,
        }));
        // Table by table, each text made when it is written: all of them together would take more memory than the list.
        for Begun { subject, number, begins, spell_day, .. } in &begun {
            release.record(&Version {
                subject: *number,
                begins: *begins,
                spell_day: *spell_day,
                kind: subject.kind,
                authority: if subject.authority.is_empty() { authority } else { &subject.authority },
                name: subject.name(),
                listed_day: subject.listed_on.and_then(first_day),
                delisted_day: subject.delisted_on.and_then(first_day),
                record: &record_of(subject)?,
            })?;
        }
        for Begun { subject, number, .. } in &begun {
            release.keys(*number, &keys::of(subject))?;
        }
        for Begun { subject, number, begins, fields, .. } in &begun {
            release.change(&ChangeRow {
                subject: *number,
                kind: if *begins { ChangeKind::Added } else { ChangeKind::Changed },
                subject_kind: subject.kind as i64,
                name: subject.name(),
                fields,
            })?;
        }
        for current in &self.removed {
            release.change(&ChangeRow {
                subject: current.subject,
                kind: ChangeKind::Removed,
                subject_kind: current.kind,
                name: &current.name,
                fields: &[],
            })?;
        }
        Ok(())
    }
}

/// A version that begins, and what is different in it.
struct Begun<'a> {
    subject: &'a Subject,
    number: i64,
    begins: bool,
    spell_day: i64,
    fields: &'a [FieldChange],
}

fn record_of(subject: &Subject) -> Result<String, Error> {
    serde_json::to_string(subject).map_err(census::broken_record)
}

/// The first day that a date may mean, as a number.
fn first_day(span: Span) -> Option<i64> {
    let day: Date = span.first;
    (day.year() >= FIRST_YEAR).then(|| day_number(day))
}
