//! Keys of a summary's groups as one number each, in the order in which groups are shown. Pure.
//!
//! A number has a field for each dimension, the first uppermost, so that numbers compare as the parts do one after another.
//! A field of 0 says that a group has no such part: a rest has none but its period, a total none at all.

use crate::reference::{Area, CommodityCode};
use crate::value::{Cell, Period};

use super::model::Flow;
use super::query::{Dimension, Grouping, KeyPart, SummaryQuery};

/// The key of a group. Only keys of one question, or of two that group alike, can be compared.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct Key(u128);

/// Groups of countries stand behind all areas.
const FIRST_GROUP: u64 = 1 << 15;

/// Bits of a dimension's field; those of all dimensions together are 112.
const fn width(dimension: Dimension) -> u32 {
    match dimension {
        Dimension::Period(_) => 18,
        Dimension::Reporter | Dimension::Partner => 16,
        Dimension::Commodity => 27,
        Dimension::Flow | Dimension::Procedure => 9,
        Dimension::Mode => 17,
    }
}

/// The field of one dimension in the keys of a question.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    dimension: Dimension,
    shift: u32,
}

impl Place {
    /// Those of all dimensions, in the order of `group_by`.
    pub fn all(query: &SummaryQuery) -> impl Iterator<Item = Self> {
        let mut shift = u128::BITS;
        query.group_by.iter().map(move |dimension| {
            shift -= width(*dimension);
            Self { dimension: *dimension, shift }
        })
    }

    /// That of the period; `None` where the question does not group by it.
    pub fn of_period(query: &SummaryQuery) -> Option<Self> {
        Self::all(query).find(|place| matches!(place.dimension, Dimension::Period(_)))
    }

    /// That of another dimension.
    pub fn of(query: &SummaryQuery, dimension: Dimension) -> Option<Self> {
        Self::all(query).find(|place| place.dimension == dimension)
    }

    pub fn dimension(self) -> Dimension {
        self.dimension
    }

    fn bits(self) -> u64 {
        (1 << width(self.dimension)) - 1
    }

    /// What the field of a key stands for; `None` for 0.
    pub fn part(self, query: &SummaryQuery, field: u32) -> Option<KeyPart<'_>> {
        let number = field.checked_sub(1)?;
        Some(match self.dimension {
            Dimension::Period(_) => KeyPart::Period(Period::from_number(field as i32)?),
            Dimension::Reporter => country_part(&query.reporter_groups, field)?,
            Dimension::Partner => country_part(&query.partner_groups, field)?,
            Dimension::Commodity => KeyPart::Commodity(CommodityCode::from_number(number as i32)?),
            Dimension::Flow => KeyPart::Flow(Flow::from_number(i64::from(number))?),
            Dimension::Mode => KeyPart::Mode(number as u16),
            Dimension::Procedure => KeyPart::Procedure(number as u8),
        })
    }

    /// The field for a number as the store has it.
    fn field(self, query: &SummaryQuery, number: i64) -> Option<u64> {
        let plain = match self.dimension {
            Dimension::Period(_) => return Some(Period::from_number(number as i32)?.number() as u64),
            Dimension::Reporter => return Some(country_field(&query.reporter_groups, number)),
            Dimension::Partner => return Some(country_field(&query.partner_groups, number)),
            Dimension::Commodity => CommodityCode::from_number(number as i32)?.number() as u64,
            Dimension::Flow => u64::from(Flow::from_number(number)?.number()),
            Dimension::Mode => u64::from(number as u16),
            Dimension::Procedure => u64::from(number as u8),
        };
        Some(plain + 1)
    }
}

/// The fields of some dimensions.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fields(u128);

impl Fields {
    pub fn of(places: impl Iterator<Item = Place>) -> Self {
        Self(places.fold(0, |fields, place| fields | u128::from(place.bits()) << place.shift))
    }
}

fn country_field(groups: &Grouping, number: i64) -> u64 {
    let area = Area::from_comtrade(number as u16).unwrap_or(Area::WORLD);
    match groups.number_of(area) {
        Some(group) => FIRST_GROUP | u64::from(group),
        None => u64::from(area.number()) + 1,
    }
}

fn country_part(groups: &Grouping, field: u32) -> Option<KeyPart<'_>> {
    match u64::from(field) & FIRST_GROUP {
        0 => Area::from_comtrade(field as u16 - 1).map(KeyPart::Area),
        _ => groups.name(field as usize & (FIRST_GROUP as usize - 1)).map(KeyPart::Group),
    }
}

impl Key {
    /// The key of a row of cells that begins with its parts in the order of `group_by`.
    pub fn of_cells(query: &SummaryQuery, cells: &[Cell]) -> Self {
        let mut key = 0;
        for (place, cell) in Place::all(query).zip(cells) {
            let field = cell.get().and_then(|number| place.field(query, number)).unwrap_or(0);
            key |= u128::from(field) << place.shift;
        }
        Self(key)
    }

    /// The parts that it has, in the order of `group_by`.
    pub fn parts(self, query: &SummaryQuery) -> impl Iterator<Item = (Dimension, KeyPart<'_>)> {
        Place::all(query).filter_map(move |place| Some((place.dimension, place.part(query, self.field(place))?)))
    }

    /// The part of one dimension.
    pub fn part(self, query: &SummaryQuery, place: Place) -> Option<KeyPart<'_>> {
        place.part(query, self.field(place))
    }

    /// A number that tells a part from the others of its dimension, and 0 where there is none.
    pub fn field(self, place: Place) -> u32 {
        ((self.0 >> place.shift) as u64 & place.bits()) as u32
    }

    /// The parts of some dimensions alone.
    pub fn only(self, Fields(fields): Fields) -> Self {
        Self(self.0 & fields)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::reference::commodity::SPAN;
    use crate::value::Frequency;

    /// All dimensions at once, with two groups of countries among the partners.
    fn query(order: &[usize]) -> SummaryQuery {
        let all = [
            Dimension::Period(Frequency::Monthly),
            Dimension::Reporter,
            Dimension::Partner,
            Dimension::Commodity,
            Dimension::Flow,
            Dimension::Mode,
            Dimension::Procedure,
        ];
        let named = |number: u16, name: &str| (Area::from_comtrade(number).unwrap(), name.to_owned());
        let groups = BTreeMap::from([named(36, "groups/z"), named(276, "groups/a"), named(842, "groups/z")]);
        SummaryQuery {
            group_by: order.iter().map(|place| all[*place]).collect(),
            partner_groups: Grouping::new(&groups),
            ..SummaryQuery::default()
        }
    }

    fn cells() -> impl Strategy<Value = [i64; 7]> {
        let area = || prop::sample::select(vec![0_i64, 4, 36, 97, 156, 276, 842, 899]);
        let period = prop::sample::select(vec![190_000_i64, 202_000, 202_012, 202_021, 219_924]);
        let commodity = prop::sample::select(vec![0, 1, SPAN - 1, SPAN, 14 * SPAN - 1]).prop_map(i64::from);
        let mode = prop::sample::select(vec![0_i64, 1000, 9900, 65_535]);
        (period, area(), area(), commodity, 1_i64..=10, mode, 0_i64..=255).prop_map(
            |(period, reporter, partner, commodity, flow, mode, procedure)| {
                [period, reporter, partner, commodity, flow, mode, procedure]
            },
        )
    }

    fn read<'a>(query: &'a SummaryQuery, order: &[usize], cells: [i64; 7]) -> (Key, Vec<KeyPart<'a>>) {
        let cells: Vec<Cell> = order.iter().map(|place| Cell::from(cells[*place])).collect();
        let key = Key::of_cells(query, &cells);
        (key, key.parts(query).map(|(_, part)| part).collect())
    }

    proptest! {
        #[test]
        fn keys_give_back_their_parts_and_compare_as_they_do(
            order in Just(vec![0, 1, 2, 3, 4, 5, 6]).prop_shuffle(), left in cells(), right in cells(),
        ) {
            let query = query(&order);
            let (left_key, left_parts) = read(&query, &order, left);
            let (right_key, right_parts) = read(&query, &order, right);
            prop_assert_eq!(left_key.cmp(&right_key), left_parts.cmp(&right_parts));
            let area = |number: i64| KeyPart::Area(Area::from_comtrade(number as u16).unwrap());
            let partner = match left[2] {
                276 => KeyPart::Group("groups/a"),
                36 | 842 => KeyPart::Group("groups/z"),
                other => area(other),
            };
            let expected = [
                KeyPart::Period(Period::from_number(left[0] as i32).unwrap()),
                area(left[1]),
                partner,
                KeyPart::Commodity(CommodityCode::from_number(left[3] as i32).unwrap()),
                KeyPart::Flow(Flow::from_number(left[4]).unwrap()),
                KeyPart::Mode(left[5] as u16),
                KeyPart::Procedure(left[6] as u8),
            ];
            let expected: Vec<KeyPart<'_>> = order.iter().map(|place| expected[*place]).collect();
            prop_assert_eq!(left_parts, expected);
        }
    }

    #[test]
    fn what_a_group_has_not_is_left_out() {
        let order = [1, 0, 3];
        let query = query(&order);
        let (key, _) = read(&query, &order, [202_000, 156, 0, 5, 2, 0, 0]);
        let of_period = key.only(Fields::of(Place::of_period(&query).into_iter()));
        let period = KeyPart::Period(Period::year(2020).unwrap());
        assert_eq!(of_period.parts(&query).collect::<Vec<_>>(), [(query.group_by[1], period)]);
        assert_eq!(of_period.part(&query, Place::of(&query, Dimension::Reporter).unwrap()), None);
        assert_eq!(Place::of(&query, Dimension::Flow), None);
        assert_eq!(Key::default().parts(&query).count(), 0);
    }
}
