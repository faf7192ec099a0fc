//! The one table of who may do what. What it is not: the loading of anything; it is a pure
//! function, and a test prints it as a matrix.

use crate::access::permission::Permission;
use crate::access::viewer::Role;

/// How far a role's permission goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Not at all.
    None,
    /// For the own city (coordinators) or the own visits (experts).
    Own,
    /// Everywhere.
    All,
}

/// How far `role` may go with `permission`. The public has no role and no permission: what it sees
/// is what needs none.
#[must_use]
pub fn reach(role: Role, permission: Permission) -> Reach {
    match role {
        Role::Admin => Reach::All,
        Role::Secretariat => secretariat(permission),
        Role::Finance => finance(permission),
        Role::Auditor => auditor(permission),
        Role::Coordinator => coordinator(permission),
        Role::Expert => expert(permission),
    }
}

fn secretariat(permission: Permission) -> Reach {
    use Permission as P;
    match permission {
        // Money is finance's, accounts are the administrator's, the log is the auditor's.
        P::SeeUsers
        | P::SeeAudit
        | P::ManageUsers
        | P::SetPrices
        | P::Invoice
        | P::CloseBooks
        | P::SettlePayments
        // The word of a city is the city's.
        | P::AcceptDeliveries
        | P::CheckFacts
        | P::ConsentToPublication => Reach::None,
        _ => Reach::All,
    }
}

fn finance(permission: Permission) -> Reach {
    use Permission as P;
    match permission {
        P::SeeUnpublishedCities
        | P::SeeInvoicing
        | P::SeeContacts
        | P::SeeMemberships
        | P::SeePeople
        | P::SeeExperts
        | P::SeePartners
        | P::SeeFinance
        | P::SeeProgramme
        | P::SeeVisits
        | P::SeePairings
        | P::SeeAttention
        | P::SeeFiles
        | P::SetPrices
        | P::Invoice
        | P::CloseBooks
        | P::SettlePayments
        | P::ApplyForGrants
        | P::StoreFiles
        | P::ExportRegistry
        | P::ExportFinance => Reach::All,
        _ => Reach::None,
    }
}

fn auditor(permission: Permission) -> Reach {
    use Permission as P;
    match permission {
        P::SeeUnpublishedCities
        | P::SeeInvoicing
        | P::SeeContacts
        | P::SeeMemberships
        | P::SeePeople
        | P::SeeExperts
        | P::SeePartners
        | P::SeeFinance
        | P::SeeProgramme
        | P::SeeVisits
        | P::SeePairings
        | P::SeeUsers
        | P::SeeAudit
        | P::SeeAttention
        | P::SeeFiles
        | P::ExportRegistry
        | P::ExportFinance => Reach::All,
        _ => Reach::None,
    }
}

fn coordinator(permission: Permission) -> Reach {
    use Permission as P;
    match permission {
        P::SeeContacts | P::SeePartners => Reach::All,
        P::SeeUnpublishedCities
        | P::SeeInvoicing
        | P::SeeMemberships
        | P::SeePeople
        | P::SeeFinance
        | P::SeeProgramme
        | P::SeeVisits
        | P::SeePairings
        | P::SeeFiles
        | P::ReviseCity
        | P::ApplyForGrants
        | P::AcceptDeliveries
        | P::TakeAssessments
        | P::ReportProgress
        | P::ProposePractices
        | P::CheckFacts
        | P::ConsentToPublication
        | P::JoinStudyVisits
        | P::PairCities
        | P::ConsentToPairing
        | P::StoreFiles => Reach::Own,
        _ => Reach::None,
    }
}

fn expert(permission: Permission) -> Reach {
    match permission {
        Permission::SeePartners => Reach::All,
        Permission::SeeVisits | Permission::SeeExperts => Reach::Own,
        _ => Reach::None,
    }
}
