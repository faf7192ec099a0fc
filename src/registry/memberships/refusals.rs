//! Why the registry says no to a step of a membership. What it is not: the rules; those are in
//! `rules.rs`.

use chrono::NaiveDate;

use crate::kernel::period::{DateRefusal, check_date};
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::registry::memberships::model::{MembershipEventKind, MembershipStatus};
use crate::registry::memberships::rules::Misstep;

/// Why the registry says no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MembershipRefusal {
    /// The step does not lead from what the membership is on that day.
    NotFrom(MembershipEventKind, Option<MembershipStatus>),
    /// A later event is recorded already.
    Before(MembershipEventKind, NaiveDate),
    /// The membership has ended: how, and the first day outside.
    Over(MembershipEventKind, NaiveDate),
    /// The city has a membership or an application in the network already.
    Running(MembershipStatus),
    /// No statement of intent was signed.
    NoStatementOfIntent,
    /// No financial agreement was signed and the fee is not waived.
    NoAgreement,
    /// The city is a member on some of these days by another period.
    Overlaps(&'static str),
    /// What is said to have happened lies in the future.
    InFuture(&'static str),
    /// The field is a date before another one.
    Earlier(&'static str, NaiveDate),
    /// The field is missing.
    Missing(&'static str),
    /// There is nothing with the field's id.
    Unknown(&'static str),
    /// History says otherwise, and is not rewritten.
    Recorded(&'static str),
}

impl MembershipRefusal {
    /// Why this step cannot be taken.
    #[must_use]
    pub fn of(kind: MembershipEventKind, misstep: Misstep) -> Self {
        match misstep {
            Misstep::NotFrom(status) => Self::NotFrom(kind, status),
            Misstep::Before(fact) => Self::Before(fact.kind, fact.on),
        }
    }
}

/// Checks that the dates are believable.
///
/// # Errors
/// Every field that is not.
pub(super) fn check_dates(dates: &[(&'static str, Option<NaiveDate>)]) -> Vec<Refusal> {
    let check = |(field, date): &(&'static str, Option<NaiveDate>)| {
        let refusal = check_date((*date)?).err()?;
        Some(of_date(field, refusal))
    };
    dates.iter().filter_map(check).collect()
}

/// Those of the dates that lie after today, though they tell of something done.
pub(super) fn check_past(
    today: NaiveDate,
    dates: &[(&'static str, Option<NaiveDate>)],
) -> Vec<Refusal> {
    let later =
        |(_, date): &&(&'static str, Option<NaiveDate>)| date.is_some_and(|date| date > today);
    let refuse =
        |(field, _): &(&'static str, Option<NaiveDate>)| MembershipRefusal::InFuture(field).into();
    dates.iter().filter(later).map(refuse).collect()
}

/// The refusal of a date.
#[must_use]
pub(super) fn of_date(field: &str, refusal: DateRefusal) -> Refusal {
    Refusal {
        code: RefusalCode::OutOfRange,
        field: field.to_owned(),
        message: refusal.phrase(),
    }
}

impl From<MembershipRefusal> for Refusal {
    fn from(refusal: MembershipRefusal) -> Self {
        use MembershipRefusal as R;
        match refusal {
            R::NotFrom(kind, status) => not_from(kind, status),
            R::Before(kind, on) => before(kind, on),
            R::Over(kind, on) => over(kind, on),
            R::Running(status) => running(status),
            R::NoStatementOfIntent => Self::new(
                RefusalCode::NoStatementOfIntent,
                "statementOfIntentOn",
                "A city is admitted only with a signed statement of intent; give the day it was signed.",
                "En by optages kun med en underskrevet hensigtserklæring; angiv dagen den blev underskrevet.",
            ),
            R::NoAgreement => Self::new(
                RefusalCode::Required,
                "agreementOn",
                "Membership begins only with a financial agreement; give the day it was signed, or waive the fee.",
                "Medlemskab begynder kun med en økonomisk aftale; angiv dagen den blev underskrevet, eller eftergiv kontingentet.",
            ),
            R::Overlaps(field) => Self::new(
                RefusalCode::PeriodOverlaps,
                field,
                "The city is a member of this network on some of these days already; begin on or after the day it is out.",
                "Byen er allerede medlem af netværket nogle af disse dage; begynd tidligst den dag, den er ude.",
            ),
            R::InFuture(field) => Self::new(
                RefusalCode::OutOfRange,
                field,
                format!("{field} tells of something done, so it cannot be later than today."),
                format!("{field} angiver noget der er sket, og kan ikke være senere end i dag."),
            ),
            R::Earlier(field, least) => Self::new(
                RefusalCode::OutOfRange,
                field,
                format!("{field} must be {least} or later."),
                format!("{field} skal være {least} eller senere."),
            ),
            R::Missing(field) => Self::new(
                RefusalCode::Required,
                field,
                format!("{field} is missing; an end needs both its day and its reason."),
                format!("{field} mangler; en afslutning kræver både dag og årsag."),
            ),
            R::Unknown(field) => Self::new(
                RefusalCode::NotFound,
                field,
                format!("There is nothing with this {field}; take it from the query networks."),
                format!("Der findes intet med dette {field}; tag det fra forespørgslen networks."),
            ),
            R::Recorded(field) => Self::new(
                RefusalCode::NotInState,
                field,
                format!("Another {field} is recorded already, and history is not rewritten."),
                format!(
                    "Der er allerede registreret en anden {field}, og historien skrives ikke om."
                ),
            ),
        }
    }
}

fn not_from(kind: MembershipEventKind, status: Option<MembershipStatus>) -> Refusal {
    let (step_en, step_da) = step(kind);
    let (status_en, status_da) = status.map_or(("not begun", "ikke begyndt"), words);
    Refusal::new(
        RefusalCode::NotInState,
        "membershipId",
        format!(
            "The membership cannot be {step_en}: on that day it is {status_en}. Read its events and choose another step or day."
        ),
        format!(
            "Medlemskabet kan ikke blive {step_da}: den dag er det {status_da}. Læs dets hændelser og vælg et andet skridt eller en anden dag."
        ),
    )
}

fn before(kind: MembershipEventKind, on: NaiveDate) -> Refusal {
    let (step_en, step_da) = step(kind);
    Refusal::new(
        RefusalCode::NotInState,
        "membershipId",
        format!(
            "It is recorded already that the membership is {step_en} from {on}; choose a later day."
        ),
        format!(
            "Det er allerede registreret, at medlemskabet er {step_da} fra {on}; vælg en senere dag."
        ),
    )
}

fn over(kind: MembershipEventKind, on: NaiveDate) -> Refusal {
    let (step_en, step_da) = step(kind);
    Refusal::new(
        RefusalCode::NotInState,
        "membershipId",
        format!(
            "The membership is {step_en} from {on}; what has ended is not changed. A city that comes back begins a new period."
        ),
        format!(
            "Medlemskabet er {step_da} fra {on}; det afsluttede ændres ikke. En by, der vender tilbage, begynder en ny periode."
        ),
    )
}

fn running(status: MembershipStatus) -> Refusal {
    let (status_en, status_da) = words(status);
    Refusal::new(
        RefusalCode::NotInState,
        "cityId",
        format!(
            "The city has a membership in this network already; it is {status_en}. Go on with that one, or end it first."
        ),
        format!(
            "Byen har allerede et medlemskab i dette netværk; det er {status_da}. Arbejd videre med det, eller afslut det først."
        ),
    )
}

/// What a step makes of a membership, in both languages.
fn step(kind: MembershipEventKind) -> (&'static str, &'static str) {
    use MembershipEventKind as K;
    match kind {
        K::Inquired => ("asked about", "forespurgt"),
        K::Applied => ("applied for", "ansøgt"),
        K::Rejected => ("rejected", "afvist"),
        K::Admitted => ("admitted", "optaget"),
        K::Agreed => ("agreed", "aftalt"),
        K::Activated => ("activated", "aktiveret"),
        K::Suspended => ("suspended", "suspenderet"),
        K::Resumed => ("resumed", "genoptaget"),
        K::Withdrawn => ("withdrawn", "udmeldt"),
        K::Expelled => ("expelled", "udelukket"),
        K::Lapsed => ("lapsed", "bortfaldet"),
    }
}

/// A status in both languages.
fn words(status: MembershipStatus) -> (&'static str, &'static str) {
    use MembershipStatus as S;
    match status {
        S::Inquiry => ("an inquiry", "en forespørgsel"),
        S::Applied => ("applied for", "ansøgt"),
        S::Rejected => ("rejected", "afvist"),
        S::Admitted => ("admitted", "optaget"),
        S::Active => ("active", "aktivt"),
        S::Suspended => ("suspended", "suspenderet"),
        S::Withdrawn => ("withdrawn", "udmeldt"),
        S::Expelled => ("expelled", "udelukket"),
        S::Lapsed => ("lapsed", "bortfaldet"),
    }
}
