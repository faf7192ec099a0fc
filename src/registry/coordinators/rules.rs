//! What makes an appointment right, apart from what the database holds: that a city has one
//! coordinator and one deputy at a time.

use chrono::NaiveDate;

use crate::kernel::period::{DateRefusal, Period, check_date};
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::kernel::text;
use crate::registry::coordinators::model::{Appointment, AppointmentRole, Duty, Terms};

/// A full-time post, in hundredths.
pub const FULL_TIME: i32 = 100;

/// For how many days a member may be without a coordinator.
pub const VACANT_DAYS: i64 = 60;

/// Why an appointment is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AppointmentRefusal {
    /// There is no such city.
    NoSuchCity,
    /// The city has somebody in that role on a day of the period.
    Occupied(AppointmentRole),
    /// The city is neither admitted nor a member on the first day.
    NotAMember(NaiveDate),
    /// The city is out of the network from this day on, and the period goes on.
    Outlasts(NaiveDate),
    /// The posts of the person add up to more than full time.
    FteExceeded {
        /// The first day on which they do.
        on: NaiveDate,
        /// Hundredths that are free on that day.
        free: i32,
    },
    /// Hundredths outside 1 to 100.
    FteOutOfRange,
    /// The new one would begin before the old one, or after the old one has ended.
    NotDuring {
        /// The first day of the old one.
        from: NaiveDate,
        /// The day after its last.
        until: Option<NaiveDate>,
    },
    /// Somebody without an e-mail address cannot be invited.
    NoAddress,
    /// The appointment ends no later already.
    EndsAlready(NaiveDate),
    /// The last day is more than a day before the first.
    EndsBeforeStart(NaiveDate),
}

impl From<AppointmentRefusal> for Refusal {
    fn from(refusal: AppointmentRefusal) -> Self {
        use AppointmentRefusal as R;
        match refusal {
            R::NoSuchCity => Self::new(
                RefusalCode::NotFound,
                "cityId",
                "There is no city with this id; take it from a query.",
                "Der er ingen by med dette id; tag det fra en forespørgsel.",
            ),
            R::Occupied(AppointmentRole::Coordinator) => Self::new(
                RefusalCode::CoordinatorExists,
                "startsOn",
                "The city has a coordinator in this period; replace that one, or choose other days.",
                "Byen har en koordinator i denne periode; udskift vedkommende, eller vælg andre dage.",
            ),
            R::Occupied(AppointmentRole::Deputy) => Self::new(
                RefusalCode::DeputyExists,
                "startsOn",
                "The city has a deputy in this period; replace that one, or choose other days.",
                "Byen har en stedfortræder i denne periode; udskift vedkommende, eller vælg andre dage.",
            ),
            R::NotAMember(day) => Self::new(
                RefusalCode::NotAMember,
                "startsOn",
                format!(
                    "The city is neither admitted nor a member on {day}; admit it first, or choose a later day."
                ),
                format!(
                    "Byen er hverken optaget eller medlem den {day}; optag den først, eller vælg en senere dag."
                ),
            ),
            R::Outlasts(out_on) => outlasts(out_on),
            R::FteExceeded { on, free } => Self::new(
                RefusalCode::FteExceeded,
                "ftePercent",
                format!(
                    "On {on} only {free} hundredths of the person's time are free; give fewer, or end another appointment."
                ),
                format!(
                    "Den {on} er kun {free} hundrededele af personens tid ledig; angiv færre, eller afslut en anden udpegning."
                ),
            ),
            R::FteOutOfRange => Self::new(
                RefusalCode::OutOfRange,
                "ftePercent",
                "ftePercent must be from 1 to 100 hundredths of a full-time post.",
                "ftePercent skal være fra 1 til 100 hundrededele af en fuldtidsstilling.",
            ),
            R::NotDuring {
                from,
                until: Some(until),
            } => Self::new(
                RefusalCode::OutOfRange,
                "startsOn",
                format!(
                    "The one who is replaced holds the post from {from} and no longer on {until}; choose a day of that period, or appoint somebody anew."
                ),
                format!(
                    "Den der udskiftes, har posten fra {from} og ikke længere den {until}; vælg en dag i perioden, eller udpeg en ny."
                ),
            ),
            R::NotDuring { from, until: None } => Self::new(
                RefusalCode::OutOfRange,
                "startsOn",
                format!(
                    "The one who is replaced holds the post from {from}; choose that day or a later one."
                ),
                format!("Den der udskiftes, har posten fra {from}; vælg den dag eller en senere."),
            ),
            R::NoAddress => Self::new(
                RefusalCode::Required,
                "invite",
                "The person has no e-mail address to invite to; record one first, or appoint without an invitation.",
                "Personen har ingen e-mailadresse at invitere på; registrer en først, eller udpeg uden invitation.",
            ),
            R::EndsAlready(last_day) => Self::new(
                RefusalCode::NotInState,
                "endsOn",
                format!(
                    "The appointment ends on {last_day} already; appoint the person anew for later days."
                ),
                format!(
                    "Udpegningen slutter allerede den {last_day}; udpeg personen på ny til senere dage."
                ),
            ),
            R::EndsBeforeStart(first) => Self::new(
                RefusalCode::OutOfRange,
                "endsOn",
                format!(
                    "The appointment begins on {first}; the day before calls it off, an earlier one cannot be its last."
                ),
                format!(
                    "Udpegningen begynder den {first}; dagen før aflyser den, en tidligere kan ikke være dens sidste."
                ),
            ),
        }
    }
}

fn outlasts(out_on: NaiveDate) -> Refusal {
    Refusal::new(
        RefusalCode::NotAMember,
        "endsOn",
        format!(
            "The city is out of the network from {out_on}; choose a last day before it, or leave the last day open."
        ),
        format!(
            "Byen er ude af netværket fra {out_on}; vælg en sidste dag før den, eller lad sidste dag stå åben."
        ),
    )
}

/// Terms that were checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The days.
    pub period: Period,
    /// Hundredths of a full-time post.
    pub fte_percent: i32,
    /// The office.
    pub office: Option<String>,
    /// Whether the public must not read name and office.
    pub name_withheld: bool,
}

/// Checks the terms of an appointment.
///
/// # Errors
/// All problems.
pub fn check_terms(terms: &Terms) -> Result<Checked, Vec<Refusal>> {
    let mut problems = Vec::new();
    if !(1..=FULL_TIME).contains(&terms.fte_percent) {
        problems.push(AppointmentRefusal::FteOutOfRange.into());
    }
    if let Err(wrong) = check_date(terms.starts_on) {
        problems.push(of_date("startsOn", wrong));
    }
    let period = match terms.last_day.map(check_date).transpose() {
        Err(wrong) => Err(wrong),
        Ok(None) => Ok(Period::since(terms.starts_on)),
        Ok(Some(last_day)) => Period::of_days(terms.starts_on, last_day),
    };
    let office = text::optional_line("office", terms.office.as_deref());
    match (period, office) {
        (Ok(period), Ok(office)) if problems.is_empty() => Ok(Checked {
            period,
            fte_percent: terms.fte_percent,
            office,
            name_withheld: terms.name_withheld,
        }),
        (period, office) => {
            problems.extend(period.err().map(|wrong| of_date("endsOn", wrong)));
            problems.extend(office.err());
            Err(problems)
        }
    }
}

/// The days of a post within the city's time in the network, which ends on `out_on`: a post without an
/// end goes as far as that.
///
/// # Errors
/// The city does not belong to the network on the first day, or no longer on the last.
pub fn within(period: Period, out_on: Option<NaiveDate>) -> Result<Period, AppointmentRefusal> {
    let Some(out_on) = out_on else {
        return Ok(period);
    };
    let from = period.from();
    match period.until() {
        _ if out_on <= from => Err(AppointmentRefusal::NotAMember(from)),
        Some(until) if until > out_on => Err(AppointmentRefusal::Outlasts(out_on)),
        Some(_) => Ok(period),
        None => Period::new(from, Some(out_on)).map_err(|_| AppointmentRefusal::NotAMember(from)),
    }
}

/// The first day of the vacancy that a city has on a day; none while it is no member, or somebody
/// coordinates it.
///
/// Domain rules 4.1 and 4.2: a member has a coordinator, and a vacancy is counted. The coordinator is
/// the city's, not that of one of its memberships, so the days as a member of any network count, the
/// suspended ones too. A vacancy begins when the city became a member, or when the last coordinator
/// left if that is later. A city that goes from one membership into the next, or into another network,
/// without a day between them stays a member; after a gap it begins anew.
#[must_use]
pub fn vacant_from(duty: &Duty, day: NaiveDate) -> Option<NaiveDate> {
    let is_member = duty.member.iter().any(|period| period.contains(day));
    if !is_member || duty.posts.iter().any(|post| post.contains(day)) {
        return None;
    }
    let goes_on = |from: NaiveDate| {
        duty.member
            .iter()
            .any(|before| before.from() < from && before.until().is_none_or(|until| from <= until))
    };
    let begun = duty.member.iter().filter(|period| !period.is_empty());
    let member_since = begun
        .map(Period::from)
        .filter(|from| *from <= day && !goes_on(*from))
        .max()?;
    let held = duty.posts.iter().filter(|post| !post.is_empty());
    let ends = held.filter_map(|post| post.until().filter(|until| *until <= day));
    Some(ends.fold(member_since, Ord::max))
}

/// Whether a member has had no coordinator for more than [`VACANT_DAYS`] days on a day.
#[must_use]
pub fn vacant_too_long(duty: &Duty, day: NaiveDate) -> bool {
    vacant_from(duty, day)
        .is_some_and(|from| day.signed_duration_since(from).num_days() >= VACANT_DAYS)
}

/// Checks that a post of so many hundredths fits beside the person's other appointments on every
/// day of the period. The sum changes only where an appointment begins or ends, so it is highest
/// on a first day: that of the period, or of another appointment within it.
///
/// # Errors
/// The first day on which it does not fit, and what is free then.
pub fn check_fte(
    period: &Period,
    fte_percent: i32,
    others: &[Appointment],
) -> Result<(), AppointmentRefusal> {
    let mut days: Vec<NaiveDate> = others
        .iter()
        .map(|other| other.starts_on)
        .filter(|day| period.contains(*day))
        .collect();
    days.push(period.from());
    days.sort_unstable();
    for on in days {
        let taken: i32 = others
            .iter()
            .filter(|other| other.is_in_force(on))
            .map(|other| other.fte_percent)
            .sum();
        let free = FULL_TIME - taken;
        if fte_percent > free {
            return Err(AppointmentRefusal::FteExceeded { on, free });
        }
    }
    Ok(())
}

/// The day after the last, for an appointment that is to end on `last_day`.
///
/// # Errors
/// The appointment ends no later already, or would end before it begins.
pub fn end_of(appointment: &Appointment, last_day: NaiveDate) -> Result<NaiveDate, Refusal> {
    let last_day = check_date(last_day).map_err(|wrong| of_date("endsOn", wrong))?;
    let until = last_day
        .succ_opt()
        .ok_or_else(|| of_date("endsOn", DateRefusal::OutOfRange))?;
    if until < appointment.starts_on {
        return Err(AppointmentRefusal::EndsBeforeStart(appointment.starts_on).into());
    }
    match appointment.ends_on {
        Some(known) if known <= until => {
            let known = known.pred_opt().unwrap_or(known);
            Err(AppointmentRefusal::EndsAlready(known).into())
        }
        _ => Ok(until),
    }
}

/// Checks that a successor may begin on this day: while the old appointment lasts, or on the day
/// after its last.
///
/// # Errors
/// The day is before the old one begins, or after a gap.
pub fn check_succession(old: &Appointment, starts_on: NaiveDate) -> Result<(), AppointmentRefusal> {
    if starts_on < old.starts_on || old.ends_on.is_some_and(|until| starts_on > until) {
        return Err(AppointmentRefusal::NotDuring {
            from: old.starts_on,
            until: old.ends_on,
        });
    }
    Ok(())
}

fn of_date(field: &str, wrong: DateRefusal) -> Refusal {
    Refusal {
        code: RefusalCode::OutOfRange,
        field: field.to_owned(),
        message: wrong.phrase(),
    }
}

#[cfg(test)]
mod tests;
