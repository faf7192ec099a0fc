//! How the role of a city's coordinator follows the posts of the one who has it, however it was given.
//! What it is not: the posts themselves; the registry keeps those and tells here what became of them.
//!
//! Whoever holds a post in the city has the role by that post and loses it with it. A role given to
//! somebody without a post there is bound to the post that its holder gets; until then it ends with the
//! city's time in the network. What has ended does not come back with a new post or a new membership:
//! it is given anew.

use chrono::NaiveDate;
use serde_json::json;

use crate::db::Tx;
use crate::identity::audit;
use crate::identity::roles::actions;
use crate::identity::roles::model::{NewGrant, RoleGrant};
use crate::identity::roles::store;
use crate::kernel::email::Email;
use crate::kernel::error::Result;
use crate::kernel::ids::{AppointmentId, CityId, PersonId, UserId};
use crate::kernel::period::Period;

/// Somebody's post in a city.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Post {
    /// The appointment.
    pub appointment: AppointmentId,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The day after the last.
    pub ends_on: Option<NaiveDate>,
}

/// Who holds posts in a city.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The city.
    pub city: CityId,
    /// Who.
    pub person: PersonId,
    /// The person's address; an account with it is the person's too.
    pub email: Option<String>,
}

/// What becomes of a role that no appointment brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// From now on it is that of the post.
    Bound(AppointmentId),
    /// It precedes a post that has not begun, and ends no later than that: on this day, if one is known.
    Precedes(Option<NaiveDate>),
    /// No post holds it.
    Unheld,
}

impl Post {
    fn lasts_beyond(&self, day: NaiveDate) -> bool {
        self.ends_on
            .is_none_or(|end| end > day && end > self.starts_on)
    }
}

/// What becomes of the role of somebody with these posts in the city. Of two posts that are held the one
/// that lasts longer decides.
#[must_use]
pub fn fate(posts: &[Post], today: NaiveDate) -> Fate {
    // No end is the latest one.
    let end = |post: &&Post| (post.ends_on.is_none(), post.ends_on);
    let lasting = || posts.iter().filter(|post| post.lasts_beyond(today));
    let held = lasting()
        .filter(|post| post.starts_on <= today)
        .max_by_key(end);
    match (held, lasting().max_by_key(end)) {
        (Some(post), _) => Fate::Bound(post.appointment),
        (None, Some(post)) => Fate::Precedes(post.ends_on),
        (None, None) => Fate::Unheld,
    }
}

/// The posts of the same person in the city that go on where this one ends.
fn heirs<'a>(ended: &Post, posts: &'a [Post]) -> Vec<&'a Post> {
    let Some(until) = ended.ends_on else {
        return Vec::new();
    };
    posts
        .iter()
        .filter(|post| post.appointment != ended.appointment)
        .filter(|post| post.starts_on <= until && post.lasts_beyond(until))
        .collect()
}

/// A coordinator's role that names no appointment, as it is to be given to an account: by the post that
/// its owner holds in the city, or until the city is out of the network, if that is recorded. The city
/// stays locked, so that no post changes meanwhile. Other roles have no such end.
///
/// # Errors
/// What the database says.
pub(super) fn to_give(
    tx: &mut Tx<'_>,
    user: UserId,
    new: &NewGrant,
) -> Result<(NewGrant, Option<NaiveDate>)> {
    let (Some(city), None) = (new.city, new.appointment) else {
        return Ok((new.clone(), None));
    };
    store::lock_city(tx, city)?;
    let today = tx.today();
    let posts = store::posts_of_user(tx.db, user, city)?;
    Ok(match fate(&posts, today) {
        Fate::Bound(appointment) => {
            let appointment = Some(appointment);
            (
                NewGrant {
                    appointment,
                    ..new.clone()
                },
                None,
            )
        }
        Fate::Precedes(end) => (new.clone(), end),
        Fate::Unheld => {
            let out_on = first_day_out(&store::days_in_networks(tx.db, city)?, today);
            (new.clone(), out_on.filter(|out_on| *out_on > today))
        }
    })
}

/// The first day from `from` on that is in none of the periods; none when there is no such day.
fn first_day_out(periods: &[Period], from: NaiveDate) -> Option<NaiveDate> {
    let free = Period::since(from).without(periods);
    free.first().map(Period::from)
}

/// Lets the coordinators' roles of a post's holder follow a change of that post in a locked city.
/// `posts` are all posts of the holder in the city as they are now. It asks for no permission: the
/// action that changed the post has asked for its own.
///
/// # Errors
/// What the database says.
pub fn follow(tx: &mut Tx<'_>, holder: &Holder, changed: &Post, posts: &[Post]) -> Result<()> {
    for heir in heirs(changed, posts) {
        let role = NewGrant {
            appointment: Some(heir.appointment),
            ..NewGrant::coordinator(holder.city)
        };
        for user in store::users_of_post(tx.db, changed.appointment)? {
            actions::give(tx, user, std::slice::from_ref(&role))?;
        }
    }

    let email_key = holder.email.as_deref().map(str::trim);
    let email_key = email_key
        .and_then(|email| Email::parse(email).ok())
        .map(|email| email.key());
    let unbound = store::unbound(tx, holder.city)?;
    let own = store::of_accounts(tx.db, &unbound, holder.person, email_key.as_deref())?;
    let fate = fate(posts, tx.today());
    for grant in own {
        match fate {
            Fate::Bound(appointment) => bind(tx, &grant, appointment)?,
            Fate::Precedes(end) => store::limit(tx, grant.id, end)?,
            Fate::Unheld => take_back(tx, &grant)?,
        }
    }
    Ok(())
}

/// Ends the coordinators' roles in a locked city that no post holds, because the city is out of the
/// network from a day on. It asks for no permission: the action that ends the membership has asked for
/// its own.
///
/// # Errors
/// What the database says.
pub fn leave(tx: &mut Tx<'_>, city: CityId, out_on: NaiveDate) -> Result<()> {
    for grant in store::unbound(tx, city)? {
        if out_on <= tx.today() {
            take_back(tx, &grant)?;
        } else if grant.ends_on.is_none_or(|end| end > out_on) {
            store::limit(tx, grant.id, Some(out_on))?;
        }
    }
    Ok(())
}

/// Makes the role that of a post; one that is that of the post already goes.
fn bind(tx: &mut Tx<'_>, grant: &RoleGrant, appointment: AppointmentId) -> Result<()> {
    let of_post = store::users_of_post(tx.db, appointment)?;
    if of_post.contains(&grant.user_id) {
        return take_back(tx, grant);
    }
    store::bind(tx, grant.id, appointment)?;
    audit::record(
        tx,
        "role.bound",
        grant.user_id,
        grant.city_id,
        json!({ "grant": grant.id, "role": grant.role, "appointment": appointment }),
    )
}

fn take_back(tx: &mut Tx<'_>, grant: &RoleGrant) -> Result<()> {
    store::revoke(tx, grant.id)?;
    audit::record(
        tx,
        "role.revoked",
        grant.user_id,
        grant.city_id,
        json!({ "grant": grant.id, "role": grant.role }),
    )
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::kernel::ids::Id;
    use crate::kernel::period::parse_date;

    /// `1 2026-01-01 2026-12-31`: the appointment, the first day and the day after the last.
    fn posts(text: &str) -> Vec<Post> {
        let post = |text: &str| {
            let parts: Vec<&str> = text.split(' ').collect();
            Post {
                appointment: AppointmentId::of(Uuid::from_u128(parts[0].parse().unwrap())),
                starts_on: parse_date(parts[1]).unwrap(),
                ends_on: parts.get(2).map(|day| parse_date(day).unwrap()),
            }
        };
        let parts = text.split(", ").filter(|part| !part.is_empty());
        parts.map(post).collect()
    }

    fn told(fate: Fate) -> String {
        match fate {
            Fate::Bound(appointment) => format!("bound {}", appointment.uuid().as_u128()),
            Fate::Precedes(end) => format!("precedes {end:?}"),
            Fate::Unheld => "unheld".to_owned(),
        }
    }

    #[test]
    fn a_role_follows_the_posts_of_its_holder() {
        let today = parse_date("2026-11-22").unwrap();
        for (known, expected) in [
            ("", "unheld"),
            ("1 2026-01-01", "bound 1"),
            ("1 2026-11-22", "bound 1"),
            ("1 2026-01-01 2026-11-23", "bound 1"),
            // The end of today is the first day without the post.
            ("1 2026-01-01 2026-11-22", "unheld"),
            // Called off before it began.
            ("1 2027-01-01 2027-01-01", "unheld"),
            ("1 2026-11-23", "precedes None"),
            ("1 2027-01-01 2028-01-01", "precedes Some(2028-01-01)"),
            (
                "1 2027-01-01 2028-01-01, 2 2028-01-01 2029-01-01",
                "precedes Some(2029-01-01)",
            ),
            // Deputy until the end of the year, and coordinator beside it.
            ("1 2026-01-01 2027-01-01, 2 2026-10-01", "bound 2"),
            ("1 2026-01-01 2027-01-01, 2 2027-01-01", "bound 1"),
        ] {
            assert_eq!(told(fate(&posts(known), today)), expected, "{known}");
        }
    }

    #[test]
    fn who_goes_on_in_another_post_goes_on() {
        for (ended, known, expected) in [
            ("1 2026-01-01 2026-11-22", "2 2026-11-22", vec![2]),
            ("1 2026-01-01 2027-01-01", "2 2027-01-01", vec![2]),
            (
                "1 2026-01-01 2026-11-22",
                "2 2026-02-01 2027-01-01",
                vec![2],
            ),
            ("1 2026-01-01 2026-11-22", "2 2026-11-23", vec![]),
            ("1 2026-01-01 2026-11-22", "2 2026-02-01 2026-11-22", vec![]),
            ("1 2026-01-01 2026-11-22", "1 2026-01-01 2026-11-22", vec![]),
            ("1 2026-01-01", "2 2026-02-01", vec![]),
        ] {
            let known = posts(known);
            let found: Vec<u128> = heirs(&posts(ended)[0], &known)
                .iter()
                .map(|post| post.appointment.uuid().as_u128())
                .collect();
            assert_eq!(found, expected, "{ended}");
        }
    }

    #[test]
    fn a_city_is_out_on_the_first_day_without_a_network() {
        let day = |text: &str| parse_date(text).unwrap();
        let period =
            |from: &str, until: Option<&str>| Period::new(day(from), until.map(day)).unwrap();
        let today = day("2026-11-22");
        let until_new_year = period("2020-01-01", Some("2027-01-01"));
        for (periods, expected) in [
            (vec![], Some("2026-11-22")),
            (vec![period("2020-01-01", None)], None),
            (vec![until_new_year], Some("2027-01-01")),
            (vec![until_new_year, period("2027-01-01", None)], None),
            (
                vec![until_new_year, period("2027-02-01", None)],
                Some("2027-01-01"),
            ),
        ] {
            assert_eq!(first_day_out(&periods, today), expected.map(day));
        }
    }
}
