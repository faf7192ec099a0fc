//! The accounts of the demonstration: one for each role. What it is not: accounts for anything
//! else; their password is printed at the start.

use crate::access::viewer::Role;
use crate::db::Tx;
use crate::identity::roles::NewGrant;
use crate::identity::users::{self, NewUser};
use crate::kernel::error::Result;
use crate::kernel::language::Language;
use crate::workflows::demonstration::{Cast, day, on};

/// An account of the demonstration.
#[derive(Debug, Clone, Copy)]
pub struct Account {
    /// The role.
    pub role: Role,
    /// The address to sign in with.
    pub email: &'static str,
    /// The city of a coordinator.
    city: Option<&'static str>,
}

const fn account(role: Role, email: &'static str, city: Option<&'static str>) -> Account {
    Account { role, email, city }
}

/// The accounts, in the order they are printed.
pub const ACCOUNTS: [Account; 8] = [
    account(Role::Admin, "admin@example.org", None),
    account(Role::Secretariat, "secretariat@example.org", None),
    account(Role::Finance, "finance@example.org", None),
    account(Role::Auditor, "auditor@example.org", None),
    account(
        Role::Coordinator,
        "coordinator.copenhagen@example.org",
        Some("Copenhagen"),
    ),
    account(
        Role::Coordinator,
        "coordinator.lyon@example.org",
        Some("Lyon"),
    ),
    account(
        Role::Coordinator,
        "coordinator.oslo@example.org",
        Some("Oslo"),
    ),
    account(Role::Expert, "expert@example.org", None),
];

/// Opens the accounts. They share one hash as they share one password, which is printed anyway.
pub(super) fn open(tx: &mut Tx<'_>, cast: &Cast, password_hash: &str) -> Result<()> {
    for account in &ACCOUNTS {
        let city = account.city.map(|name| cast.city(name)).transpose()?;
        let expert = if account.role == Role::Expert {
            cast.experts.first().copied()
        } else {
            None
        };
        // The account of a coordinator is bound to the appointment, so that it ends with it.
        let post = city.and_then(|city| cast.coordinators.get(&city).copied());
        let user = NewUser {
            email: account.email.to_owned(),
            name: format!(
                "Demo {}",
                account.city.map_or_else(
                    || account.role.as_str().to_lowercase(),
                    |city| format!("coordinator of {city}")
                )
            ),
            language: Language::En,
            person: post.map(|(_, person)| person),
        };
        let grant = NewGrant {
            role: account.role,
            city,
            expert,
            appointment: post.map(|(appointment, _)| appointment),
        };
        on(tx, day(2026, 3, 16), |tx| {
            users::insert_for_seed(tx, &user, &[grant], Some(password_hash.to_owned()))
        })?;
    }
    Ok(())
}
