//! What a city is to a network by all its periods together, for the network's people and for the
//! public. What it is not: one period; its spans come from `rules.rs`.

use chrono::NaiveDate;

use crate::kernel::ids::{CityId, MembershipId, NetworkId};
use crate::kernel::period::Period;
use crate::registry::memberships::model::{MembershipStatus, Standing};
use crate::registry::memberships::rules::Span;

/// A period with its spans in the order of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeriodSpans {
    /// The period.
    pub membership: MembershipId,
    /// Its number; decides between periods that began on one day.
    pub number: i32,
    /// Its spans.
    pub spans: Vec<Span>,
}

impl PeriodSpans {
    fn status_on(&self, day: NaiveDate) -> Option<MembershipStatus> {
        let span = self.spans.iter().find(|span| span.contains(day))?;
        Some(span.status)
    }

    /// Whether the city ever was a member by it.
    fn counts(&self) -> bool {
        self.spans.iter().any(|span| span.status.is_member())
    }

    fn rank(&self, status: MembershipStatus) -> (bool, Option<NaiveDate>, i32) {
        let began = self.spans.first().map(|span| span.starts_on);
        (status.is_member(), began, self.number)
    }
}

/// The standings of a city, in the order of time. On each day a running membership goes before
/// anything that is over or only asked for, and else the period that began last.
///
/// The public is told of members and of those who were; of a former member that applies again it
/// goes on reading that it left.
#[must_use]
pub fn standings(city: CityId, network: NetworkId, periods: &[PeriodSpans]) -> Vec<Standing> {
    let mut days: Vec<NaiveDate> = periods
        .iter()
        .flat_map(|period| &period.spans)
        .flat_map(|span| [Some(span.starts_on), span.ends_on])
        .flatten()
        .collect();
    days.sort_unstable();
    days.dedup();

    let mut standings: Vec<Standing> = Vec::new();
    for (index, day) in days.iter().copied().enumerate() {
        let until = days.get(index + 1).copied();
        let Some((membership, status)) = weigh(periods, day, |_, _| true) else {
            continue;
        };
        let public = weigh(periods, day, |period, status| {
            status.is_member() || (status.has_ended() && period.counts())
        });
        let public_status = public.map(|(_, status)| status);
        match standings.last_mut() {
            Some(last)
                if last.ends_on == Some(day)
                    && last.membership_id == membership
                    && last.status == status
                    && last.public_status == public_status =>
            {
                last.ends_on = until;
            }
            _ => standings.push(Standing {
                city_id: city,
                network_id: network,
                starts_on: day,
                ends_on: until,
                membership_id: membership,
                status,
                public_status,
            }),
        }
    }
    standings
}

/// The first day of the period on which the city has none of the wanted statuses; none when it has
/// one on every day.
#[must_use]
pub fn first_day_without(
    standings: &[Standing],
    period: &Period,
    wanted: impl Fn(MembershipStatus) -> bool,
) -> Option<NaiveDate> {
    let held: Vec<Period> = standings
        .iter()
        .filter(|standing| wanted(standing.status))
        .filter_map(|standing| Period::new(standing.starts_on, standing.ends_on).ok())
        .collect();
    period.without(&held).first().map(Period::from)
}

fn weigh(
    periods: &[PeriodSpans],
    day: NaiveDate,
    counts: impl Fn(&PeriodSpans, MembershipStatus) -> bool,
) -> Option<(MembershipId, MembershipStatus)> {
    periods
        .iter()
        .filter_map(|period| Some((period, period.status_on(day)?)))
        .filter(|(period, status)| counts(period, *status))
        .max_by_key(|(period, status)| period.rank(*status))
        .map(|(period, status)| (period.membership, status))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::kernel::ids::Id;
    use crate::kernel::period::parse_date;
    use crate::registry::memberships::rules::tests::facts;
    use crate::registry::memberships::rules::timeline;

    /// The standings as text: `2010-01-01 ACTIVE/ACTIVE #1`.
    fn told(periods: &[&str]) -> Vec<String> {
        let periods: Vec<PeriodSpans> = (1_i32..)
            .zip(periods)
            .map(|(number, events)| PeriodSpans {
                membership: MembershipId::of(Uuid::from_u128(number.unsigned_abs().into())),
                number,
                spans: timeline(&facts(events)),
            })
            .collect();
        let city = CityId::of(Uuid::from_u128(7));
        let network = NetworkId::of(Uuid::from_u128(8));
        let standings = standings(city, network, &periods);
        for pair in standings.windows(2) {
            let [one, two] = pair else { unreachable!() };
            assert!(one.ends_on.is_some_and(|end| end <= two.starts_on));
        }
        standings
            .iter()
            .map(|standing| {
                format!(
                    "{} {}/{} #{}",
                    standing.starts_on,
                    standing.status,
                    standing.public_status.map_or("-", MembershipStatus::as_str),
                    standing.membership_id.uuid().as_u128()
                )
            })
            .collect()
    }

    #[test]
    fn a_single_period_is_told_to_the_public_from_its_start() {
        assert_eq!(
            told(&["APPLIED 2026-01-10, ADMITTED 2026-02-01, ACTIVATED 2026-03-15"]),
            [
                "2026-01-10 APPLIED/- #1",
                "2026-02-01 ADMITTED/- #1",
                "2026-03-15 ACTIVE/ACTIVE #1"
            ]
        );
    }

    #[test]
    fn a_void_period_is_never_told_to_the_public() {
        assert_eq!(
            told(&["ADMITTED 2026-02-01, ACTIVATED 2027-01-01, WITHDRAWN 2026-11-22"]),
            ["2026-02-01 ADMITTED/- #1", "2026-11-22 WITHDRAWN/- #1"]
        );
    }

    #[test]
    fn the_public_does_not_learn_that_a_former_member_applies_again() {
        assert_eq!(
            told(&[
                "ACTIVATED 2010-01-01, WITHDRAWN 2016-01-01",
                "APPLIED 2026-01-10, REJECTED 2026-02-01",
                "APPLIED 2026-06-01, ADMITTED 2026-07-01, ACTIVATED 2026-09-01",
            ]),
            [
                "2010-01-01 ACTIVE/ACTIVE #1",
                "2016-01-01 WITHDRAWN/WITHDRAWN #1",
                "2026-01-10 APPLIED/WITHDRAWN #2",
                "2026-02-01 REJECTED/WITHDRAWN #2",
                "2026-06-01 APPLIED/WITHDRAWN #3",
                "2026-07-01 ADMITTED/WITHDRAWN #3",
                "2026-09-01 ACTIVE/ACTIVE #3",
            ]
        );
    }

    #[test]
    fn a_running_membership_goes_before_an_application_for_the_next() {
        assert_eq!(
            told(&[
                "ACTIVATED 2010-01-01, WITHDRAWN 2027-01-01",
                "APPLIED 2026-10-01, ADMITTED 2026-11-01, ACTIVATED 2027-01-01",
            ]),
            ["2010-01-01 ACTIVE/ACTIVE #1", "2027-01-01 ACTIVE/ACTIVE #2"]
        );
        assert_eq!(
            told(&[
                "ACTIVATED 2010-01-01, WITHDRAWN 2027-01-01",
                "APPLIED 2026-10-01, ADMITTED 2026-11-01, ACTIVATED 2027-01-02",
            ]),
            [
                "2010-01-01 ACTIVE/ACTIVE #1",
                "2027-01-01 ADMITTED/WITHDRAWN #2",
                "2027-01-02 ACTIVE/ACTIVE #2"
            ]
        );
    }

    #[test]
    fn the_order_of_recording_does_not_matter_to_history() {
        let later_first = told(&[
            "ACTIVATED 2018-01-01, EXPELLED 2020-01-01",
            "ACTIVATED 2010-01-01, LAPSED 2012-01-01",
        ]);
        assert_eq!(
            later_first.last().map(String::as_str),
            Some("2020-01-01 EXPELLED/EXPELLED #1")
        );
        let on_leap_day = parse_date("2028-02-29").unwrap();
        let spans = timeline(&facts("ACTIVATED 2028-02-29"));
        assert!(spans.iter().all(|span| span.contains(on_leap_day)));
    }
}
