//! What other editions of the classification have to do with an answer: read from the concordances.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::{AsOf, Knowledge, Trade, choose};
use crate::reference::conversion::{self, Concordance};
use crate::reference::store as reference;
use crate::register::{Emptiness, EmptyReason};
use crate::rpc::Error;
use crate::store::Deadline;
use crate::trade::edition::{self, Succession};
use crate::trade::joined::{Joins, Step};
use crate::trade::level::Level;
use crate::trade::query::{Filter, SummaryQuery};
use crate::trade::select::Selection;

impl Trade {
    /// The concordance of two editions; empty when the store has none.
    async fn concordance(
        &self,
        knowledge: &Knowledge,
        editions: Step,
        as_of: AsOf,
        deadline: &Deadline,
    ) -> Result<Concordance, Error> {
        let catalog = &knowledge.catalog;
        let dataset = catalog.dataset(conversion::DATASET);
        let release = dataset.and_then(|dataset| catalog.visible_release(dataset, &as_of.moment(catalog)));
        match release {
            None => Ok(Concordance::default()),
            Some(release) => Ok(reference::concordance(self.store(), editions, release.id, deadline).await?),
        }
    }

    /// Which editions are joined in an answer, and by which codes. `beside` is the other side of a comparison.
    pub(super) async fn joins(
        &self,
        knowledge: &Knowledge,
        query: &SummaryQuery,
        (selection, level): (&Selection, &Level),
        beside: Option<&Selection>,
        as_of: AsOf,
        deadline: &Deadline,
    ) -> Result<Joins, Error> {
        let mut joins = Joins::of(query, selection, beside);
        let mut levels = level.wholes();
        levels.push(query.commodity_level);
        for step in joins.steps() {
            let concordance = self.concordance(knowledge, step, as_of, deadline).await?;
            for level in levels.iter().filter(|_| !concordance.is_empty()) {
                joins.know(step, concordance.one_to_one(step, *level, &knowledge.codes).into_iter());
            }
        }
        joins.keep_known();
        Ok(joins)
    }

    /// Says which codes asked for are none in some of the editions used, and what they became.
    pub(super) async fn note_successions(
        &self,
        knowledge: &Knowledge,
        filter: &Filter,
        as_of: AsOf,
        (selection, joins): (&mut Selection, &Joins),
        deadline: &Deadline,
    ) -> Result<(), Error> {
        let mut successions = edition::codes_of_some_editions(&knowledge.codes, filter, selection, joins);
        if filter.classification.is_some() {
            let in_any = Filter { classification: None, dataset: Some(selection.dataset.resource()), ..filter.clone() };
            let in_any = choose(knowledge, &in_any, as_of).ok().and_then(Result::ok);
            successions.extend(in_any.and_then(|in_any| edition::left_out(filter, selection, &in_any)));
        }
        for succession in successions {
            let note = self.in_words(knowledge, &succession, as_of, deadline).await?;
            selection.notes.push(note);
        }
        Ok(())
    }

    /// Says of codes that the reports' editions do not have what they became there.
    pub(super) async fn explain_codes(
        &self,
        knowledge: &Knowledge,
        filter: &Filter,
        as_of: AsOf,
        mut emptiness: Emptiness,
        deadline: &Deadline,
    ) -> Result<Emptiness, Error> {
        if emptiness.reason == EmptyReason::CodeNotValid
            && let Ok(Ok(selection)) = choose(knowledge, filter, as_of)
        {
            let succession = edition::codes_of_other_editions(&knowledge.codes, filter, &selection);
            if !succession.steps.is_empty() {
                emptiness.detail += &self.in_words(knowledge, &succession, as_of, deadline).await?;
            }
        }
        Ok(emptiness)
    }

    async fn in_words(
        &self,
        knowledge: &Knowledge,
        succession: &Succession,
        as_of: AsOf,
        deadline: &Deadline,
    ) -> Result<String, Error> {
        let mut known: BTreeMap<Step, Concordance> = BTreeMap::new();
        let mut found = Vec::new();
        for (code, edition, _) in &succession.steps {
            let editions = (code.classification(), *edition);
            let concordance = match known.entry(editions) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(unknown) => unknown.insert(self.concordance(knowledge, editions, as_of, deadline).await?),
            };
            found.push(concordance.counterparts(*code));
        }
        Ok(edition::in_words(succession, &found))
    }
}
