//! Indicators of who trades with whom, and of series.

use super::made_up::{PARTNERS, months_of};
use super::plain::{Asked, Number, Of, World, base, change, growth, or_zero, over, sum};
use super::{Asking, before, of, question, same};
use crate::support::random::Random;
use entrepot::proto::entrepot::trade::v1 as pb;
use pb::AbsentReason as Why;

impl Asking<'_> {
    pub async fn balances(&self, random: &mut Random) -> usize {
        let question = question(random, &[4, 5, 6], true);
        let request = pb::ComputeBalancesRequest { scope: self.scope(&question) };
        let answer = self.served.indicators().compute_balances(request).await.unwrap().into_inner();
        let world = self.world(question.asked.clone());
        for row in &answer.rows {
            let (key, months) = of(&row.key);
            let side = |flow: &'static str| world.whole(&Of { flow, ..key.clone() }, months);
            let (out, into) = (side("X"), side("M"));
            let what = format!("{key:?} {months:?} {:?}", question.scope);
            same(&what, &row.exports, world.value(&Of { flow: "X", ..key.clone() }, months));
            same(&what, &row.imports, world.value(&Of { flow: "M", ..key.clone() }, months));
            let sides = ["X", "M"].map(|flow| (Of { flow, ..key.clone() }, months));
            let balance = world.alike(or_zero(out).and_then(|out| Ok(out - or_zero(into)?)), &sides);
            same(&what, &row.balance, balance);
            let coverage = base(into).and_then(|into| Ok(or_zero(out)? / into));
            same(&what, &row.coverage_ratio, world.alike(coverage, &sides));
            same(&what, &row.normalized_balance, balance.and_then(|balance| Ok(balance / sum([out, into])?)));
        }
        answer.rows.len()
    }

    pub async fn growth(&self, random: &mut Random) -> usize {
        let mut question = question(random, &[4, 5, 6], true);
        let (first, last, base_period) = match question.is_monthly {
            true => ("2020-11", "2021-04", "2020-05"),
            false => (random.pick(&["2019", "2020", "2021"]), "2022", random.pick(&["2019", "2021", ""])),
        };
        let filter = question.scope.filter.as_mut().unwrap();
        (filter.start_period, filter.end_period) = (first.into(), last.into());
        let request = pb::ComputeGrowthRequest { scope: self.scope(&question), base_period: base_period.into() };
        let answer = self.served.indicators().compute_growth(request).await.unwrap().into_inner();
        let world = self.world(question.asked.clone());
        let step = if question.is_monthly { 1 } else { 12 };
        let periods = |from: i32, to: (i32, i32)| -> Vec<(i32, i32)> {
            (from..=to.0).step_by(step as usize).map(|month| (month, month + step - 1)).collect()
        };
        let run = |key: &Of, from: i32, to: (i32, i32)| {
            sum(periods(from, to).into_iter().map(|months| world.whole(key, months)))
        };
        for row in &answer.rows {
            let (key, months) = of(&row.key);
            let what = format!("{key:?} {months:?} {:?}", question.scope);
            let (now, then) = (world.whole(&key, months), world.whole(&key, before(months)));
            same(&what, &row.value, world.value(&key, months));
            let alike = |number: Number, all: &[(i32, i32)]| {
                let sums: Vec<(Of, (i32, i32))> = all.iter().map(|months| (key.clone(), *months)).collect();
                world.alike(number, &sums)
            };
            let years = [months, before(months)];
            same(&what, &row.change, alike(change(now, then), &years));
            same(&what, &row.growth_on_year, alike(growth(now, then), &years));
            let previous = world.whole(&key, (months.0 - step, months.1 - step));
            let last_two = [months, (months.0 - step, months.1 - step)];
            same(&what, &row.growth_on_previous, alike(growth(now, previous), &last_two));
            let alone = |number: Number| if question.is_monthly { number } else { Err(Why::NotApplicable) };
            let january = months.0.div_euclid(12) * 12;
            let (so_far, so_far_then) = (run(&key, january, months), run(&key, january - 12, before(months)));
            let (these, those) = (periods(january, months), periods(january - 12, before(months)));
            same(&what, &row.year_to_date, alone(alike(so_far, &these)));
            let both = [these, those].concat();
            same(&what, &row.year_to_date_growth, alone(alike(growth(so_far, so_far_then), &both)));
            let (year, year_then) = (run(&key, months.0 - 11, months), run(&key, months.0 - 23, before(months)));
            let (these, those) = (periods(months.0 - 11, months), periods(months.0 - 23, before(months)));
            same(&what, &row.rolling_year, alone(alike(year, &these)));
            let both = [these, those].concat();
            same(&what, &row.rolling_year_growth, alone(alike(growth(year, year_then), &both)));
            if base_period.is_empty() {
                assert!(row.index.is_none());
            } else {
                let at = world.whole(&key, months_of(&base_period.replace('-', "")));
                let index = base(at).and_then(|at| Ok(100.0 * or_zero(now)? / at));
                same(&what, &row.index, alike(index, &[months, months_of(&base_period.replace('-', ""))]));
            }
        }
        for series in &answer.series {
            let (key, _) = of(&series.key);
            let what = format!("{key:?} {:?}", question.scope);
            let (from, to) = (months_of(&first.replace('-', "")).0, months_of(&last.replace('-', "")).0);
            let values: Vec<Number> =
                (from..=to).step_by(step as usize).map(|month| world.whole(&key, (month, month + step - 1))).collect();
            let there: Vec<usize> = (0..values.len()).filter(|place| values[*place].is_ok()).collect();
            let (Some(first), Some(last)) = (there.first(), there.last()) else { continue };
            let positive = |number: Number| match or_zero(number)? {
                0.0 => Err(Why::NotPositive),
                above => Ok(above),
            };
            let per_year = f64::from(12 / step);
            let compound = || {
                let (low, high) = (positive(values[*first])?, positive(values[*last])?);
                if first == last {
                    Err(Why::NotApplicable)
                } else {
                    Ok((high / low).powf(per_year / (last - first) as f64) - 1.0)
                }
            };
            let at = |place: usize| (key.clone(), (from + place as i32 * step, from + place as i32 * step + step - 1));
            same(&what, &series.compound_annual_growth, world.alike(compound(), &[at(*first), at(*last)]));
            let line = || {
                let logs = values[*first..=*last].iter().map(|number| Ok(positive(*number)?.ln()));
                let logs = logs.collect::<Result<Vec<f64>, Why>>()?;
                if logs.len() < 3 {
                    return Err(Why::NotApplicable);
                }
                let n = logs.len() as f64;
                let times: Vec<f64> = (0..logs.len()).map(|place| place as f64).collect();
                let (st, sy) = (times.iter().sum::<f64>(), logs.iter().sum::<f64>());
                let sty: f64 = times.iter().zip(&logs).map(|(t, y)| t * y).sum();
                let stt: f64 = times.iter().map(|t| t * t).sum();
                Ok(((n * sty - st * sy) / (n * stt - st * st) * per_year).exp() - 1.0)
            };
            let within: Vec<(Of, (i32, i32))> = (*first..=*last).map(at).collect();
            same(&what, &series.least_squares_growth, world.alike(line(), &within));
        }
        answer.rows.len()
    }

    pub async fn ranks(&self, random: &mut Random) -> usize {
        let across = random.pick(&[4, 5, 6]);
        let others: Vec<i32> = [4, 5, 6].into_iter().filter(|dimension| *dimension != across).collect();
        let mut question = question(random, &others, true);
        if across == 4 {
            question.by.retain(|dimension| *dimension != 4);
            question.scope.group_by = if question.by.is_empty() { vec![4] } else { question.by.clone() };
        }
        let top = random.pick(&[0, 0, 1, 2]);
        let first = random.pick(&["2019", "2021"]);
        question.scope.filter.as_mut().unwrap().start_period = first.into();
        let request = pb::RankFlowsRequest { scope: self.scope(&question), across, top };
        let answer = self.served.indicators().rank_flows(request).await.unwrap().into_inner();
        let world = self.world(question.asked.clone());
        let mut lifted = question.asked.clone();
        match across {
            4 => lifted.reporters.clear(),
            5 => lifted.partners.clear(),
            _ => lifted.codes.clear(),
        }
        let all_periods = (months_of(first).0, 2022 * 12 + 11);
        for row in &answer.rows {
            let (mut key, months) = of(&row.key);
            let what = format!("{key:?} {months:?} {across} {:?}", question.scope);
            let own = key.clone();
            match across {
                4 => key.reporter = None,
                5 => key.partner = None,
                _ => key.code = None,
            }
            let members = world.members(&key, across, question.level, all_periods);
            let values = |months: (i32, i32)| -> Vec<f64> {
                members.iter().filter_map(|member| world.value(member, months).ok()).collect()
            };
            let (now, total) = (values(months), values(months).iter().sum::<f64>());
            let whole = self.world(lifted.clone()).value(&key, months);
            if row.rest {
                let mut sums: Vec<(f64, &Of)> =
                    members.iter().map(|member| (world.value(member, all_periods).unwrap_or(0.0), member)).collect();
                sums.sort_by(|one, other| other.0.total_cmp(&one.0));
                let left: Vec<&Of> = sums.iter().skip(top as usize).map(|(_, member)| *member).collect();
                assert_eq!(row.rest_count as usize, left.len(), "{what}");
                let rest: f64 = left.iter().filter_map(|member| world.value(member, months).ok()).sum();
                same(&what, &row.value, Ok(rest));
                continue;
            }
            let rank = |values: &[f64], months: (i32, i32)| match world.value(&own, months) {
                Ok(value) => values.iter().filter(|other| **other > value).count() as i32 + 1,
                Err(_) => 0,
            };
            let step = if question.is_monthly { 1 } else { 12 };
            let previous = (months.0 - step, months.1 - step);
            let value = world.value(&own, months);
            same(&what, &row.value, value);
            assert_eq!(row.rank, rank(&now, months), "{what}");
            let then = world.members(&key, across, question.level, previous);
            let then: Vec<f64> = then.iter().filter_map(|member| world.value(member, previous).ok()).collect();
            assert_eq!(row.previous_rank, rank(&then, previous), "{what}");
            let change = (row.rank > 0 && row.previous_rank > 0).then(|| row.previous_rank - row.rank);
            assert_eq!(row.rank_change, change, "{what}");
            same(&what, &row.share, over(value, Ok(total)));
            same(&what, &row.whole_value, whole);
            same(&what, &row.share_of_whole, over(value, whole));
        }
        answer.rows.len()
    }

    /// The World as a reporter totals it, or all its partners.
    fn reported_world(&self, asked: &Asked, key: &Of, months: (i32, i32)) -> Number {
        self.world(Asked { partners: Vec::new(), ..asked.clone() }).value(key, months)
    }

    pub async fn dependence(&self, random: &mut Random) -> usize {
        let question = question(random, &[4, 6], true);
        let request = pb::ComputeDependenceRequest { scope: self.scope(&question) };
        let answer = self.served.indicators().compute_dependence(request).await.unwrap().into_inner();
        let world = self.world(Asked { partners: Vec::new(), ..question.asked.clone() });
        for row in &answer.rows {
            let (key, months) = of(&row.key);
            let what = format!("{key:?} {months:?} {:?}", question.scope);
            let all = Of { partner: None, ..key.clone() };
            let identified: Vec<f64> = PARTNERS
                .iter()
                .filter(|(number, _)| *number != 899)
                .filter_map(|(number, _)| world.value(&Of { partner: Some(*number), ..all.clone() }, months).ok())
                .collect();
            let value = world.value(&key, months);
            let reported = self.reported_world(&question.asked, &all, months);
            let is_named = key.partner != Some(899);
            same(&what, &row.value, value);
            same(&what, &row.identified_total, Ok(identified.iter().sum()));
            same(&what, &row.world_total, reported);
            let share = over(value, Ok(identified.iter().sum()));
            same(&what, &row.share_of_identified, if is_named { share } else { Err(Why::NotApplicable) });
            same(&what, &row.share_of_world, over(value, reported));
            let rank = identified.iter().filter(|other| **other > value.unwrap()).count() + 1;
            assert_eq!(row.rank as usize, if is_named { rank } else { 0 }, "{what}");
            assert_eq!(row.partner_count as usize, identified.len(), "{what}");
        }
        answer.rows.len()
    }

    pub async fn concentration(&self, random: &mut Random) -> usize {
        let across = random.pick(&[5, 5, 6]);
        let question = question(random, &[4], true);
        let request = pb::ComputeConcentrationRequest { scope: self.scope(&question), across };
        let answer = self.served.indicators().compute_concentration(request).await.unwrap().into_inner();
        let world = self.world(question.asked.clone());
        for row in &answer.rows {
            let (key, months) = of(&row.key);
            let what = format!("{key:?} {months:?} {across} {:?}", question.scope);
            let members: Vec<f64> = world
                .members(&key, across, question.level, months)
                .iter()
                .filter(|member| member.partner != Some(899))
                .map(|member| world.value(member, months).unwrap())
                .collect();
            let (n, total) = (members.len() as f64, members.iter().sum::<f64>());
            assert_eq!(row.member_count as usize, members.len(), "{what}");
            if members.is_empty() {
                continue;
            }
            let h = members.iter().map(|value| (value / total).powi(2)).sum::<f64>();
            let largest = members.iter().copied().fold(0.0, f64::max);
            let several = |number: f64| if members.len() > 1 { Ok(number) } else { Err(Why::NotApplicable) };
            same(&what, &row.total, Ok(total));
            same(&what, &row.herfindahl, Ok(h));
            same(&what, &row.normalized_herfindahl, several((h - 1.0 / n) / (1.0 - 1.0 / n)));
            let root = (1.0 / n).sqrt();
            same(&what, &row.concentration_index, several(((h.sqrt() - root) / (1.0 - root)).max(0.0)));
            same(&what, &row.effective_number, Ok(1.0 / h));
            same(&what, &row.largest_share, Ok(largest / total));
            if across == 5 && question.asked.partners.is_empty() {
                let reported = self.reported_world(&question.asked, &key, months);
                same(&what, &row.world_total, reported);
                let rest = reported.and_then(|all| {
                    if all - total < -0.003 { Err(Why::NotPositive) } else { Ok((all - total).max(0.0)) }
                });
                same(&what, &row.unidentified_share, rest.map(|rest| rest / (total + rest)));
                same(&what, &row.herfindahl_low, rest.map(|rest| h * (total / (total + rest)).powi(2)));
                let high = rest.map(|rest| {
                    let squares = h * total * total - largest * largest + (largest + rest).powi(2);
                    squares / (total + rest).powi(2)
                });
                same(&what, &row.herfindahl_high, high);
            }
        }
        answer.rows.len()
    }

    pub async fn intensity(&self, random: &mut Random) -> usize {
        let question = question(random, &[4, 6], true);
        let request = pb::ComputeIntensityRequest { scope: self.scope(&question) };
        let answer = self.served.indicators().compute_intensity(request).await.unwrap().into_inner();
        let own = self.world(Asked { partners: Vec::new(), ..question.asked.clone() });
        let all = self.world(Asked { partners: Vec::new(), reporters: Vec::new(), ..question.asked.clone() });
        for row in &answer.rows {
            let (key, months) = of(&row.key);
            let what = format!("{key:?} {months:?} {:?}", question.scope);
            let to_all = |world: &World<'_>, key: &Of| {
                let with = |number: u16| world.value(&Of { partner: Some(number), ..key.clone() }, months);
                PARTNERS.iter().filter_map(|(number, _)| with(*number).ok()).sum::<f64>()
            };
            let anybody = Of { reporter: None, ..key.clone() };
            let (value, world_value) = (own.value(&key, months).unwrap(), all.value(&anybody, months).unwrap());
            let (total, world_total) = (to_all(&own, &key), to_all(&all, &anybody));
            same(&what, &row.value, Ok(value));
            same(&what, &row.reporter_total, Ok(total));
            same(&what, &row.world_value, Ok(world_value));
            same(&what, &row.world_total, Ok(world_total));
            same(&what, &row.intensity, Ok((value / total) / (world_value / world_total)));
        }
        answer.rows.len()
    }
}
