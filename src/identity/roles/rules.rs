//! What a role must be limited to, and why a grant is refused. What it is not: who may give it.

use crate::access::viewer::Role;
use crate::identity::roles::model::NewGrant;
use crate::kernel::refusal::{Refusal, RefusalCode};

/// Why a role is not given or taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoleRefusal {
    /// A coordinator coordinates a city.
    CityMissing,
    /// Only a coordinator's role is for a city.
    CityNotAllowed,
    /// An expert's role is for an expert's record.
    ExpertMissing,
    /// Only an expert's role is for an expert's record.
    ExpertNotAllowed,
    /// There is no such city.
    NoSuchCity,
    /// There is no such expert.
    NoSuchExpert,
    /// The account is disabled.
    UserDisabled,
    /// The role was taken back before.
    AlreadyRevoked,
    /// Without it nobody could manage users.
    LastAdministrator,
}

impl From<RoleRefusal> for Refusal {
    fn from(refusal: RoleRefusal) -> Self {
        let (code, field, en, da) = match refusal {
            RoleRefusal::CityMissing => (
                RefusalCode::Required,
                "cityId",
                "A coordinator's role needs the city.",
                "En koordinators rolle kræver byen.",
            ),
            RoleRefusal::CityNotAllowed => (
                RefusalCode::InvalidText,
                "cityId",
                "Only a coordinator's role is for a city; leave cityId out.",
                "Kun en koordinators rolle gælder en by; udelad cityId.",
            ),
            RoleRefusal::ExpertMissing => (
                RefusalCode::Required,
                "expertId",
                "An expert's role needs the expert's record.",
                "En eksperts rolle kræver ekspertens registrering.",
            ),
            RoleRefusal::ExpertNotAllowed => (
                RefusalCode::InvalidText,
                "expertId",
                "Only an expert's role is for an expert's record; leave expertId out.",
                "Kun en eksperts rolle gælder en registreret ekspert; udelad expertId.",
            ),
            RoleRefusal::NoSuchCity => (
                RefusalCode::NotFound,
                "cityId",
                "There is no such city.",
                "Der findes ingen sådan by.",
            ),
            RoleRefusal::NoSuchExpert => (
                RefusalCode::NotFound,
                "expertId",
                "There is no such expert.",
                "Der findes ingen sådan ekspert.",
            ),
            RoleRefusal::UserDisabled => (
                RefusalCode::NotInState,
                "userId",
                "This account is disabled and takes no role.",
                "Denne konto er spærret og kan ikke få en rolle.",
            ),
            RoleRefusal::AlreadyRevoked => (
                RefusalCode::NotInState,
                "grantId",
                "This role was taken back already.",
                "Denne rolle er allerede taget tilbage.",
            ),
            RoleRefusal::LastAdministrator => (
                RefusalCode::NotInState,
                "grantId",
                "This is the last administrator; make somebody else one first.",
                "Dette er den sidste administrator; giv først en anden rollen.",
            ),
        };
        Self::new(code, field, en, da)
    }
}

/// Checks what a role is limited to; finds all problems.
///
/// # Errors
/// A coordinator without a city, an expert without a record, or either where it does not belong.
pub fn check(grant: &NewGrant) -> Result<(), Vec<RoleRefusal>> {
    let city = match (grant.role, grant.city) {
        (Role::Coordinator, None) => Some(RoleRefusal::CityMissing),
        (Role::Coordinator, Some(_)) | (_, None) => None,
        (_, Some(_)) => Some(RoleRefusal::CityNotAllowed),
    };
    let expert = match (grant.role, grant.expert) {
        (Role::Expert, None) => Some(RoleRefusal::ExpertMissing),
        (Role::Expert, Some(_)) | (_, None) => None,
        (_, Some(_)) => Some(RoleRefusal::ExpertNotAllowed),
    };
    let problems: Vec<_> = city.into_iter().chain(expert).collect();
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::kernel::ids::{CityId, ExpertId, Id};

    #[test]
    fn each_role_is_limited_to_what_it_is_for() {
        use RoleRefusal::{CityMissing, CityNotAllowed, ExpertMissing, ExpertNotAllowed};
        let city = Some(CityId::of(Uuid::from_u128(1)));
        let expert = Some(ExpertId::of(Uuid::from_u128(2)));
        let none = (None, None);
        let cases = [
            (Role::Admin, none, vec![]),
            (Role::Auditor, none, vec![]),
            (Role::Coordinator, (city, None), vec![]),
            (Role::Expert, (None, expert), vec![]),
            (Role::Coordinator, none, vec![CityMissing]),
            (Role::Expert, none, vec![ExpertMissing]),
            (
                Role::Coordinator,
                (None, expert),
                vec![CityMissing, ExpertNotAllowed],
            ),
            (
                Role::Expert,
                (city, None),
                vec![CityNotAllowed, ExpertMissing],
            ),
            (
                Role::Finance,
                (city, expert),
                vec![CityNotAllowed, ExpertNotAllowed],
            ),
        ];
        for (role, (city, expert), expected) in cases {
            let grant = NewGrant {
                city,
                expert,
                ..NewGrant::of(role)
            };
            assert_eq!(
                check(&grant).err().unwrap_or_default(),
                expected,
                "{grant:?}"
            );
        }
    }
}
