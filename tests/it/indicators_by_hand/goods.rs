//! Indicators of what is traded, and of changes.

use std::collections::{BTreeMap, BTreeSet};

use super::made_up::months_of;
use super::plain::{Asked, Of, Sum, change, growth, or_zero, over, sum};
use super::{Asking, before, number_of, of, question, same};
use crate::support::random::Random;
use entrepot::proto::entrepot::trade::v1 as pb;
use pb::AbsentReason as Why;

impl Asking<'_> {
    pub async fn advantage(&self, random: &mut Random) -> usize {
        let question = question(random, &[4], true);
        let request = pb::ComputeRevealedAdvantageRequest { scope: self.scope(&question) };
        let answer = self.served.indicators().compute_revealed_advantage(request).await.unwrap().into_inner();
        let own = self.world(Asked { codes: Vec::new(), ..question.asked.clone() });
        let all = self.world(Asked { codes: Vec::new(), reporters: Vec::new(), ..question.asked.clone() });
        for row in &answer.rows {
            let (key, months) = of(&row.key);
            let what = format!("{key:?} {months:?} {:?}", question.scope);
            let (of_all, anybody) = (Of { code: None, ..key.clone() }, Of { reporter: None, ..key.clone() });
            let numbers = [
                own.value(&key, months),
                own.value(&of_all, months),
                all.value(&anybody, months),
                all.value(&Of { reporter: None, ..of_all }, months),
            ];
            let found = [&row.value, &row.reporter_total, &row.world_value, &row.world_total];
            found.into_iter().zip(numbers).for_each(|(found, number)| same(&what, found, number));
            let [value, total, world_value, world_total] = numbers.map(Result::unwrap);
            let advantage = (value / total) / (world_value / world_total);
            same(&what, &row.advantage, Ok(advantage));
            same(&what, &row.symmetric_advantage, Ok((advantage - 1.0) / (advantage + 1.0)));
        }
        answer.rows.len()
    }

    /// The shares of the codes of a level in a sum.
    fn shares(&self, asked: &Asked, key: &Of, level: usize, months: (i32, i32)) -> BTreeMap<String, f64> {
        let world = self.world(asked.clone());
        let members = world.members(key, 6, level, months);
        let values: BTreeMap<String, f64> =
            members.iter().map(|member| (member.code.clone().unwrap(), world.value(member, months).unwrap())).collect();
        let total: f64 = values.values().sum();
        values.into_iter().map(|(code, value)| (code, value / total)).collect()
    }

    pub async fn complementarity(&self, random: &mut Random) -> usize {
        let mut question = question(random, &[4], false);
        question.scope.period_dimension = 0;
        let filter = question.scope.filter.as_mut().unwrap();
        filter.reporters = vec!["CHN".into(), "KAZ".into()];
        filter.partners = vec!["RUS".into(), "KAZ".into()];
        let request = pb::ComputeComplementarityRequest { scope: self.scope(&question) };
        let answer = self.served.indicators().compute_complementarity(request).await.unwrap().into_inner();
        for row in &answer.rows {
            let (key, months) = of(&row.key);
            let what = format!("{key:?} {months:?} {:?}", question.scope);
            let side = |reporter: Option<u16>, flow: &'static str| {
                let of = Of { reporter, flow, ..Of::default() };
                self.shares(&Asked::default(), &of, question.level, months)
            };
            let (sold, bought) = (side(key.reporter, "X"), side(key.partner, "M"));
            let codes: BTreeSet<&String> = sold.keys().chain(bought.keys()).collect();
            let share = |side: &BTreeMap<String, f64>, code: &str| side.get(code).copied().unwrap_or(0.0);
            let apart: f64 = codes.iter().map(|code| (share(&sold, code) - share(&bought, code)).abs()).sum();
            same(&what, &row.complementarity, Ok(100.0 * (1.0 - apart / 2.0)));
            assert_eq!(row.common_count as usize, sold.keys().filter(|code| bought.contains_key(*code)).count());
        }
        answer.rows.len()
    }

    pub async fn similarity(&self, random: &mut Random) -> usize {
        let mut question = question(random, &[4], false);
        question.scope.period_dimension = 0;
        question.scope.filter.as_mut().unwrap().reporters = vec!["CHN".into(), "KAZ".into(), "RUS".into()];
        let request = pb::ComputeSimilarityRequest { scope: self.scope(&question) };
        let answer = self.served.indicators().compute_similarity(request).await.unwrap().into_inner();
        for row in &answer.rows {
            let (key, months) = of(&row.key);
            let side = |reporter: Option<u16>| {
                let of = Of { reporter, flow: "X", ..Of::default() };
                self.shares(&Asked::default(), &of, question.level, months)
            };
            let (one, other) = (side(key.reporter), side(Some(number_of(&row.other_reporter))));
            let common = one.iter().filter_map(|(code, share)| Some(share.min(*other.get(code)?)));
            same(&format!("{key:?} {months:?}"), &row.similarity, Ok(common.sum()));
        }
        answer.rows.len()
    }

    pub async fn intra_industry(&self, random: &mut Random) -> usize {
        let question = question(random, &[4, 5, 6], true);
        let request = pb::ComputeIntraIndustryTradeRequest { scope: self.scope(&question), base_period: String::new() };
        let answer = self.served.indicators().compute_intra_industry_trade(request).await.unwrap().into_inner();
        let world = self.world(question.asked.clone());
        let all_periods = (2019 * 12, 2022 * 12 + 11);
        for row in &answer.rows {
            let (key, months) = of(&row.key);
            let what = format!("{key:?} {months:?} {:?}", question.scope);
            let goods = |months: (i32, i32)| match key.code {
                Some(_) => vec![key.clone()],
                None => world.members(&key, 6, question.level, months),
            };
            let sides = |good: &Of, months: (i32, i32)| {
                ["X", "M"].map(|flow| world.whole(&Of { flow, ..good.clone() }, months))
            };
            let mut level = (0.0, 0.0);
            let found: Result<(), Why> = goods(months).iter().try_for_each(|good| {
                let [out, into] = sides(good, months);
                let (out, into) = (or_zero(out)?, or_zero(into)?);
                level = (level.0 + (out - into).abs(), level.1 + out + into);
                Ok(())
            });
            let alike = |number, all: &[(i32, i32)]| {
                let of = |flow| Of { flow, code: None, ..key.clone() };
                let sums = ["X", "M"].map(|flow| all.iter().map(|months| (of(flow), *months)).collect::<Vec<_>>());
                world.alike(number, &sums.concat())
            };
            let overlap = found.and_then(|()| Ok(1.0 - over(Ok(level.0), Ok(level.1))?));
            same(&what, &row.grubel_lloyd, alike(overlap, &[months]));
            let mut moved = (0.0, 0.0);
            let found: Result<(), Why> = goods(all_periods).iter().try_for_each(|good| {
                let ([out, into], [out_then, into_then]) = (sides(good, months), sides(good, before(months)));
                let (out, into) = (change(out, out_then)?, change(into, into_then)?);
                moved = (moved.0 + (out - into).abs(), moved.1 + out.abs() + into.abs());
                Ok(())
            });
            let overlap = found.and_then(|()| Ok(1.0 - over(Ok(moved.0), Ok(moved.1))?));
            same(&what, &row.marginal, alike(overlap, &[before(months), months]));
        }
        answer.rows.len()
    }

    fn two_years(random: &mut Random) -> (&'static str, &'static str) {
        random.pick(&[("2019", "2020"), ("2020", "2022"), ("2022", "2021")])
    }

    pub async fn margin(&self, random: &mut Random) -> usize {
        let mut question = question(random, &[4, 5], true);
        question.scope.period_dimension = 0;
        let (base_period, period) = Self::two_years(random);
        let request = pb::ComputeExtensiveMarginRequest {
            scope: self.scope(&question),
            base_period: base_period.into(),
            period: period.into(),
            top: 2,
        };
        let answer = self.served.indicators().compute_extensive_margin(request).await.unwrap().into_inner();
        let world = self.world(question.asked.clone());
        let (then, now) = (months_of(base_period), months_of(period));
        for row in &answer.rows {
            let (key, _) = of(&row.key);
            let what = format!("{key:?} {base_period} {period} {:?}", question.scope);
            let goods: BTreeSet<Of> =
                [then, now].into_iter().flat_map(|months| world.members(&key, 6, question.level, months)).collect();
            let side = |months| match goods.iter().any(|good| world.value(good, months).is_ok()) {
                true => sum(goods.iter().map(|good| world.whole(good, months))),
                false => world.value(goods.first().unwrap(), months),
            };
            let (old, new) = (side(then), side(now));
            same(&what, &row.base_value, old);
            same(&what, &row.value, new);
            let both = world.alike(change(new, old), &[(key.clone(), then), (key.clone(), now)]);
            if let Err(why) = both {
                assert_eq!((row.new_count, row.vanished_count, row.continuing_count), (0, 0, 0), "{what}");
                assert!(row.new_value.is_none() && row.continuing_value.is_none(), "{what}");
                assert_eq!(row.new_share.as_ref().unwrap().absent_reason(), why, "{what}");
                assert_eq!(row.vanished_share.as_ref().unwrap().absent_reason(), why, "{what}");
                continue;
            }
            let pairs: Vec<(f64, f64)> = goods
                .iter()
                .map(|good| (or_zero(world.whole(good, then)).unwrap(), or_zero(world.whole(good, now)).unwrap()))
                .collect();
            let came: Vec<f64> = pairs.iter().filter(|pair| pair.0 == 0.0 && pair.1 > 0.0).map(|pair| pair.1).collect();
            let went: Vec<f64> = pairs.iter().filter(|pair| pair.1 == 0.0 && pair.0 > 0.0).map(|pair| pair.0).collect();
            assert_eq!((row.new_count as usize, row.vanished_count as usize), (came.len(), went.len()), "{what}");
            let both = pairs.iter().filter(|pair| pair.0 > 0.0 && pair.1 > 0.0).count();
            assert_eq!(row.continuing_count as usize, both, "{what}");
            same(&what, &row.new_share, over(Ok(came.iter().sum()), new));
            same(&what, &row.vanished_share, over(Ok(went.iter().sum()), old));
            assert_eq!(row.new_products.len(), came.len().min(2), "{what}");
        }
        answer.rows.len()
    }

    pub async fn unit_values(&self, random: &mut Random) -> usize {
        let question = question(random, &[4, 5], true);
        let request = pb::ComputeUnitValuesRequest { scope: self.scope(&question), fence_factor: None };
        let answer = self.served.indicators().compute_unit_values(request).await.unwrap().into_inner();
        let world = self.world(question.asked.clone());
        let mut peers: BTreeMap<_, Vec<f64>> = BTreeMap::new();
        let unit = |sum: &Sum| (sum.weighed.1 > 0).then(|| sum.weighed.0 as f64 / sum.weighed.1 as f64);
        for row in &answer.rows {
            let (key, months) = of(&row.key);
            let own = unit(&world.sum(&key, months).unwrap());
            peers.entry((key.flow, key.code.clone(), months)).or_default().extend(own);
        }
        for row in &answer.rows {
            let (key, months) = of(&row.key);
            let what = format!("{key:?} {months:?} {:?}", question.scope);
            let sum = world.sum(&key, months).unwrap();
            let own = unit(&sum);
            same(&what, &row.unit_value, own.ok_or(Why::ValueUnknown));
            same(&what, &row.weighed_share, Ok(sum.weighed.0 as f64 / sum.value as f64));
            let mut all = peers[&(key.flow, key.code.clone(), months)].clone();
            all.sort_by(f64::total_cmp);
            assert_eq!(row.peer_count as usize, all.len(), "{what}");
            let quartile = |q: f64| {
                if all.len() < 4 {
                    return Err(Why::NotApplicable);
                }
                let place = q * (all.len() - 1) as f64;
                let (low, high) = (all[place.floor() as usize], all[place.ceil() as usize]);
                Ok(low + (high - low) * place.fract())
            };
            same(&what, &row.lower_quartile, quartile(0.25));
            same(&what, &row.median, quartile(0.5));
            same(&what, &row.upper_quartile, quartile(0.75));
            let expected = match (own, quartile(0.25), quartile(0.75)) {
                (Some(own), Ok(low), Ok(high)) if own < low - 1.5 * (high - low) => pb::Outlier::Low,
                (Some(own), Ok(low), Ok(high)) if own > high + 1.5 * (high - low) => pb::Outlier::High,
                (Some(_), Ok(_), Ok(_)) => pb::Outlier::None,
                _ => pb::Outlier::Unspecified,
            };
            assert_eq!(row.outlier(), expected, "{what}");
        }
        answer.rows.len()
    }

    pub async fn decomposition(&self, random: &mut Random) -> usize {
        let mut question = question(random, &[4, 5], true);
        question.scope.period_dimension = 0;
        let (base_period, period) = Self::two_years(random);
        let request = pb::DecomposeChangeRequest {
            scope: self.scope(&question),
            base_period: base_period.into(),
            period: period.into(),
        };
        let answer = self.served.indicators().decompose_change(request).await.unwrap().into_inner();
        let world = self.world(question.asked.clone());
        let (then, now) = (months_of(base_period), months_of(period));
        for row in &answer.rows {
            let (key, _) = of(&row.key);
            let what = format!("{key:?} {base_period} {period} {:?}", question.scope);
            let goods: BTreeSet<Of> =
                [then, now].into_iter().flat_map(|months| world.members(&key, 6, question.level, months)).collect();
            let side = |months| match goods.iter().any(|good| world.value(good, months).is_ok()) {
                true => sum(goods.iter().map(|good| world.whole(good, months))),
                false => world.value(goods.first().unwrap(), months),
            };
            let (old, new) = (side(then), side(now));
            let changed = world.alike(change(new, old), &[(key.clone(), then), (key.clone(), now)]);
            same(&what, &row.change, changed);
            if changed.is_err() {
                assert!(row.price.as_ref().unwrap().value.is_none(), "{what}");
                continue;
            }
            let (mut price, mut quantity, mut entry, mut exit, mut unweighed) = (0.0, 0.0, 0.0, 0.0, 0.0);
            let (mut p0q0, mut p0q1, mut p1q0, mut p1q1) = (0.0, 0.0, 0.0, 0.0);
            for good in &goods {
                match (world.sum(good, then).ok(), world.sum(good, now).ok()) {
                    (Some(old), Some(new)) if old.weighed.1 > 0 && new.weighed.1 > 0 => {
                        let of =
                            |sum: Sum| (sum.weighed.0 as f64 / sum.weighed.1 as f64, sum.weighed.1 as f64 / 1000.0);
                        let ((p0, q0), (p1, q1)) = (of(old), of(new));
                        price += (q0 + q1) * (p1 - p0) / 2.0;
                        quantity += (p0 + p1) * (q1 - q0) / 2.0;
                        (p0q0, p0q1, p1q0, p1q1) = (p0q0 + p0 * q0, p0q1 + p0 * q1, p1q0 + p1 * q0, p1q1 + p1 * q1);
                        let apart = |sum: Sum| (sum.value - sum.weighed.0) as f64 / 1000.0;
                        unweighed += apart(new) - apart(old);
                    }
                    (Some(old), Some(new)) => unweighed += (new.value - old.value) as f64 / 1000.0,
                    (None, Some(new)) => entry += new.value as f64 / 1000.0,
                    (Some(old), None) => exit += old.value as f64 / 1000.0,
                    (None, None) => {}
                }
            }
            // Rounded to a thousandth.
            let near = |found: &Option<pb::Figure>, number: f64| {
                let value: f64 = found.as_ref().unwrap().value.as_ref().unwrap().value.parse().unwrap();
                assert!((value - number).abs() < 0.0011, "{what}: {value} and {number}");
            };
            near(&row.price, price);
            near(&row.quantity, quantity);
            near(&row.entry, entry);
            near(&row.exit, exit);
            near(&row.unweighed, unweighed);
            same(&what, &row.laspeyres, over(Ok(p1q0), Ok(p0q0)));
            same(&what, &row.paasche, over(Ok(p1q1), Ok(p0q1)));
            let fisher = over(Ok(p1q0), Ok(p0q0)).and_then(|l| Ok((l * over(Ok(p1q1), Ok(p0q1))?).sqrt()));
            same(&what, &row.fisher, fisher);
            let exact = |found: &Option<pb::Figure>| -> i128 {
                let text = found.as_ref().unwrap().value.as_ref().unwrap().value.clone();
                let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
                let digits = format!("{}{rest:0<3}", whole.trim_start_matches('-'));
                digits.parse::<i128>().unwrap() * if text.starts_with('-') { -1 } else { 1 }
            };
            let parts = exact(&row.price) + exact(&row.quantity) + exact(&row.entry) - exact(&row.exit);
            assert_eq!(exact(&row.change), parts + exact(&row.unweighed), "{what}");
        }
        answer.rows.len()
    }

    pub async fn movers(&self, random: &mut Random) -> usize {
        let across = random.pick(&[5, 6]);
        let mut question = question(random, &[4], true);
        question.scope.period_dimension = 0;
        let (base_period, period) = Self::two_years(random);
        let top = random.pick(&[0, 2]);
        let request = pb::RankMoversRequest {
            scope: self.scope(&question),
            base_period: base_period.into(),
            period: period.into(),
            across,
            top,
        };
        let answer = self.served.indicators().rank_movers(request).await.unwrap().into_inner();
        let world = self.world(question.asked.clone());
        let (then, now) = (months_of(base_period), months_of(period));
        for row in &answer.rows {
            let (own, _) = of(&row.key);
            let what = format!("{own:?} {across} {base_period} {period} {:?}", question.scope);
            let mut key = own.clone();
            if across == 5 {
                key.partner = None;
            } else {
                key.code = None;
            }
            let members: BTreeSet<Of> = [then, now]
                .into_iter()
                .flat_map(|months| world.members(&key, across, question.level, months))
                .collect();
            let alike = |number, member: &Of| world.alike(number, &[(member.clone(), then), (member.clone(), now)]);
            let changed = |member: &Of| alike(change(world.whole(member, now), world.whole(member, then)), member);
            let known: Vec<&Of> = members.iter().filter(|member| changed(member).is_ok()).collect();
            let side = |months| sum(known.iter().map(|member| world.whole(member, months)));
            let all = change(side(now), side(then));
            if row.rest {
                assert_eq!(row.rest_count as usize, members.len() - top as usize, "{what}");
                continue;
            }
            let moved = changed(&own);
            same(&what, &row.base_value, world.whole(&own, then));
            same(&what, &row.value, world.whole(&own, now));
            same(&what, &row.change, moved);
            same(&what, &row.growth, alike(growth(world.whole(&own, now), world.whole(&own, then)), &own));
            same(&what, &row.contribution, moved.and_then(|moved| over(Ok(moved), all)));
            same(&what, &row.contribution_to_growth, moved.and_then(|moved| over(Ok(moved), side(then))));
            let larger = known.iter().filter(|other| changed(other).unwrap().abs() > moved.unwrap_or(0.0).abs() + 1e-9);
            if let Ok(size) = moved {
                let equal = known.iter().filter(|other| (changed(other).unwrap().abs() - size.abs()).abs() < 1e-9);
                let (first, last) = (larger.clone().count() + 1, larger.count() + equal.count());
                assert!((first..=last).contains(&(row.rank as usize)), "{what}");
            }
        }
        answer.rows.len()
    }
}
