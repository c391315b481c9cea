//! The codes of countries and commodities that answers of indicators hold.

use crate::proto::entrepot::trade::v1 as pb;
use crate::reference::convert::names::Mentioned;

/// A row whose key names countries and commodities.
pub trait Keyed {
    fn key(&self) -> Option<&pb::IndicatorKey>;

    /// What it names beside its key.
    fn name_more(&self, _: &mut Mentioned) {}
}

macro_rules! keyed {
    ($($row:ident)+) => {
        $(impl Keyed for pb::$row {
            fn key(&self) -> Option<&pb::IndicatorKey> {
                self.key.as_ref()
            }
        })+
    };
}

keyed! {
    BalanceRow GrowthRow RankRow DependenceRow AdvantageRow IntensityRow ComplementarityRow IntraIndustryRow UnitValueRow
    DecompositionRow MoverRow
}

impl Keyed for pb::SimilarityRow {
    fn key(&self) -> Option<&pb::IndicatorKey> {
        self.key.as_ref()
    }

    fn name_more(&self, mentioned: &mut Mentioned) {
        mentioned.country(&self.other_reporter);
    }
}

impl Keyed for pb::ConcentrationRow {
    fn key(&self) -> Option<&pb::IndicatorKey> {
        self.key.as_ref()
    }

    fn name_more(&self, mentioned: &mut Mentioned) {
        mentioned.country(&self.largest);
    }
}

impl Keyed for pb::ExtensiveMarginRow {
    fn key(&self) -> Option<&pb::IndicatorKey> {
        self.key.as_ref()
    }

    fn name_more(&self, mentioned: &mut Mentioned) {
        for product in self.new_products.iter().chain(&self.vanished_products) {
            mentioned.commodity(&product.classification, &product.commodity);
        }
    }
}

/// The codes that the rows of an answer hold.
pub fn mentioned(rows: &[impl Keyed]) -> Mentioned {
    let mut mentioned = Mentioned::default();
    for row in rows {
        if let Some(key) = row.key() {
            [&key.reporter, &key.partner].into_iter().flatten().for_each(|code| mentioned.country(code));
            if let Some(commodity) = &key.commodity {
                mentioned.commodity(key.classification.as_deref().unwrap_or_default(), commodity);
            }
        }
        row.name_more(&mut mentioned);
    }
    mentioned
}
