//! When a package will have been delivered: the days of its activities as they are known or to be
//! expected, what waits for what, and what decides about the end. Pure. What it is not: planning; nothing
//! is reserved by it.

use chrono::{NaiveDate, TimeDelta};

use crate::kernel::ids::ActivityId;
use crate::kernel::period::Period;
use crate::programme::activities::{Activity, ActivityKind, ActivityStatus, DAYS_TO_ACCEPT};

/// How many days from when an activity can begin until it is over, where it has no days yet. These are
/// this project's assumptions, not the network's: what a visit or a report usually takes to arrange, to
/// hold and to write.
#[must_use]
pub const fn usual_days(kind: ActivityKind) -> i64 {
    match kind {
        ActivityKind::Index | ActivityKind::PolicyAnalysis => 90,
        ActivityKind::ExpertVisit | ActivityKind::SwotReport | ActivityKind::StudyVisit => 60,
        ActivityKind::VisionWorkshop => 45,
        ActivityKind::StrategyAssistance => 120,
        ActivityKind::Diagnosis
        | ActivityKind::PolicyAdvice
        | ActivityKind::CompetenceTraining
        | ActivityKind::VisionDebate => 30,
    }
}

/// An activity on the way to the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The activity.
    pub activity: ActivityId,
    /// Its first day, as it is agreed or to be expected.
    pub starts_on: NaiveDate,
    /// Its last day, as it is agreed or to be expected.
    pub ends_on: NaiveDate,
    /// Whether these days are expected, not agreed.
    pub is_expected: bool,
    /// What it waits for and that is not there yet.
    pub blocked_by: Vec<ActivityId>,
    /// Whether a delay of it delays the end of the package.
    pub is_critical: bool,
    /// Whether it will be over after the last day on which units can be used, or should have been
    /// delivered already.
    pub is_late: bool,
}

/// When a package will have been delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline {
    /// The activities that are not called off, by their last day.
    pub steps: Vec<Step>,
    /// The last day of the last of them.
    pub ends_on: NaiveDate,
    /// How many days that is after the last day on which units can be used; below zero is time to spare.
    pub late_by: i64,
}

/// What is known of a package's time.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Its first day.
    pub starts_on: NaiveDate,
    /// The day after the last on which units can be used.
    pub lapses_on: NaiveDate,
    /// The days on which it rests.
    pub pauses: Vec<Period>,
    /// The day from which one looks ahead.
    pub today: NaiveDate,
}

struct Node<'a> {
    activity: &'a Activity,
    step: Step,
    /// The first day on which what waits for it can begin.
    frees_on: NaiveDate,
    /// Which node decides about its first day.
    decided_by: Option<usize>,
}

/// The timeline of a package with these activities.
#[must_use]
pub(super) fn timeline(activities: &[Activity], frame: &Frame) -> Timeline {
    let mut listed: Vec<&Activity> = activities
        .iter()
        .filter(|one| {
            !matches!(
                one.status,
                ActivityStatus::Cancelled | ActivityStatus::NoShow
            )
        })
        .collect();
    // What others wait for is placed before them: the kinds are declared in that order.
    listed.sort_by_key(|one| (one.kind, one.number));
    let mut nodes: Vec<Node<'_>> = Vec::with_capacity(listed.len());
    for activity in listed {
        let node = placed(activity, &nodes, frame);
        nodes.push(node);
    }

    let last = (0..nodes.len()).max_by_key(|place| nodes.get(*place).map(|node| node.step.ends_on));
    let mut on_path = last;
    while let Some(node) = on_path.and_then(|place| nodes.get_mut(place)) {
        // What is accepted delays nothing any more.
        node.step.is_critical = node.activity.status != ActivityStatus::Accepted;
        on_path = node.decided_by;
    }
    let ends_on = last
        .and_then(|place| nodes.get(place))
        .map_or(frame.starts_on, |node| node.step.ends_on);
    let last_usable = plus(frame.lapses_on, -1);
    let mut steps: Vec<Step> = nodes.into_iter().map(|node| node.step).collect();
    steps.sort_by_key(|step| (step.ends_on, step.starts_on));
    Timeline {
        steps,
        ends_on,
        late_by: ends_on.signed_duration_since(last_usable).num_days(),
    }
}

fn placed<'a>(activity: &'a Activity, before: &[Node<'_>], frame: &Frame) -> Node<'a> {
    use ActivityStatus::{Accepted, Confirmed, Submitted};
    let waits_for = awaited(activity.kind, before);
    let decided_by = waits_for
        .iter()
        .copied()
        .max_by_key(|place| before.get(*place).map(|node| node.frees_on));
    let free = decided_by
        .and_then(|place| before.get(place))
        .map(|node| node.frees_on);
    let is_open = !matches!(activity.status, Submitted | Accepted);
    let blocked_by: Vec<ActivityId> = waits_for
        .iter()
        .filter_map(|place| before.get(*place))
        .filter(|node| is_open && !is_satisfied(node.activity))
        .map(|node| node.activity.id)
        .collect();

    let agreed = activity
        .starts_on
        .zip(activity.ends_on.map(|until| plus(until, -1)));
    // Days that come before what they wait for do not hold.
    let holds = |from: NaiveDate| blocked_by.is_empty() || free.is_none_or(|free| from >= free);
    let (starts_on, ends_on, is_expected) = match agreed {
        // What is over and not delivered will not be delivered before today.
        Some((from, last))
            if holds(from) && activity.status == Confirmed && activity.kind.is_written() =>
        {
            (from, last.max(frame.today), last < frame.today)
        }
        Some((from, last)) if holds(from) => (from, last, false),
        _ => {
            let earliest = frame
                .today
                .max(frame.starts_on)
                .max(free.unwrap_or(frame.starts_on));
            let from = after_pauses(earliest, &frame.pauses);
            (from, plus(from, usual_days(activity.kind) - 1), true)
        }
    };
    let decided_by = decided_by.filter(|_| is_expected && free == Some(starts_on));
    let overdue = activity.status == Confirmed
        && agreed.is_some_and(|(_, last)| plus(last, i64::from(DAYS_TO_ACCEPT)) < frame.today);
    let frees_on = match (activity.kind, activity.status) {
        (_, Accepted) => activity.accepted_on.unwrap_or(ends_on),
        // The report about a visit waits until the visit is accepted.
        (ActivityKind::ExpertVisit, Submitted) => activity.accepts_on.unwrap_or(ends_on),
        (ActivityKind::ExpertVisit, _) => plus(ends_on, i64::from(DAYS_TO_ACCEPT) + 1),
        (_, Submitted) => ends_on,
        _ => plus(ends_on, 1),
    };
    let step = Step {
        activity: activity.id,
        starts_on,
        ends_on,
        is_expected,
        blocked_by,
        is_critical: false,
        is_late: is_open && (ends_on >= frame.lapses_on || overdue),
    };
    Node {
        activity,
        step,
        frees_on,
        decided_by,
    }
}

/// The places of those that an activity of the kind waits for.
fn awaited(kind: ActivityKind, before: &[Node<'_>]) -> Vec<usize> {
    let of = |wanted: ActivityKind| {
        let places = before.iter().enumerate();
        places.filter_map(move |(place, node)| (node.activity.kind == wanted).then_some(place))
    };
    match kind {
        ActivityKind::ExpertVisit => of(ActivityKind::Index).collect(),
        ActivityKind::SwotReport => of(ActivityKind::ExpertVisit).collect(),
        // One analysis is enough: the first that will be there.
        ActivityKind::VisionWorkshop => of(ActivityKind::PolicyAnalysis)
            .min_by_key(|place| before.get(*place).map(|node| node.frees_on))
            .into_iter()
            .collect(),
        _ => Vec::new(),
    }
}

/// Whether what waits for the activity can begin.
fn is_satisfied(activity: &Activity) -> bool {
    match activity.status {
        ActivityStatus::Accepted => true,
        ActivityStatus::Submitted => activity.kind != ActivityKind::ExpertVisit,
        _ => false,
    }
}

fn after_pauses(day: NaiveDate, pauses: &[Period]) -> NaiveDate {
    let mut pauses: Vec<&Period> = pauses.iter().collect();
    pauses.sort_by_key(|pause| pause.from());
    pauses
        .into_iter()
        .fold(day, |day, pause| match pause.until() {
            Some(until) if pause.contains(day) => until,
            _ => day,
        })
}

/// The day so many days later; at the end of the calendar the day itself.
fn plus(day: NaiveDate, days: i64) -> NaiveDate {
    day.checked_add_signed(TimeDelta::days(days)).unwrap_or(day)
}

#[cfg(test)]
mod tests;
