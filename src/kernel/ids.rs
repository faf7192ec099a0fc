//! Every id of the system, so that rooms can hold each other's keys without importing each other.
//! What it is not: the making of ids; they are made from the operation's id source (`Tx::new_id`).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

/// What every id can do; the GraphQL type's name is part of its public form.
pub trait Id: Copy + Eq + std::hash::Hash + Ord + std::fmt::Debug + Send + Sync + 'static {
    /// The GraphQL type of the object.
    const KIND: &'static str;
    /// The id of this kind with this key.
    fn of(uuid: Uuid) -> Self;
    /// The key.
    fn uuid(self) -> Uuid;
    /// The one public form: base64url of `Type:uuid`, in GraphQL, REST and exports alike.
    fn public(self) -> String {
        public_id(Self::KIND, self.uuid())
    }
    /// Reads the public form of this kind.
    ///
    /// # Errors
    /// Says whether the text is no id at all or an id of another type.
    fn parse(text: &str) -> Result<Self, WrongId> {
        let (kind, uuid) = read_public_id(text).ok_or(WrongId::Malformed)?;
        if kind == Self::KIND {
            Ok(Self::of(uuid))
        } else {
            Err(WrongId::OtherKind {
                expected: Self::KIND,
                found: kind,
            })
        }
    }
}

/// Why a text is not the id that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WrongId {
    /// Not an id of this service.
    #[error("it is none of this service")]
    Malformed,
    /// An id, but of another type.
    #[error("it is of the type {found}, not {expected}")]
    OtherKind {
        /// The type asked for.
        expected: &'static str,
        /// The type found.
        found: String,
    },
}

/// The public form of any object's id.
#[must_use]
pub fn public_id(kind: &str, uuid: Uuid) -> String {
    URL_SAFE_NO_PAD.encode(format!("{kind}:{uuid}"))
}

/// Type and key of a public id. Only the form that this service writes is read, so an object has
/// one id and not several spellings of it.
#[must_use]
pub fn read_public_id(text: &str) -> Option<(String, Uuid)> {
    let decoded = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
    let (kind, uuid) = decoded.split_once(':')?;
    let uuid: Uuid = uuid.parse().ok()?;
    (public_id(kind, uuid) == text).then(|| (kind.to_owned(), uuid))
}

macro_rules! id_type {
    ($($(#[$meta:meta])* $name:ident = $kind:literal),* $(,)?) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, diesel::expression::AsExpression,
                 diesel::deserialize::FromSqlRow)]
        #[diesel(sql_type = crate::kernel::sql_types::Uid)]
        pub struct $name(Uuid);

        impl Id for $name {
            const KIND: &'static str = $kind;
            fn of(uuid: Uuid) -> Self { Self(uuid) }
            fn uuid(self) -> Uuid { self.0 }
        }

        // In JSON, too, an id has the one public form.
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.public())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
                Self::parse(&text).map_err(serde::de::Error::custom)
            }
        }

        impl<DB> diesel::serialize::ToSql<crate::kernel::sql_types::Uid, DB> for $name
        where
            DB: diesel::backend::Backend,
            Uuid: diesel::serialize::ToSql<crate::kernel::sql_types::Uid, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut diesel::serialize::Output<'b, '_, DB>) -> diesel::serialize::Result {
                <Uuid as diesel::serialize::ToSql<crate::kernel::sql_types::Uid, DB>>::to_sql(&self.0, out)
            }
        }

        impl<DB> diesel::deserialize::FromSql<crate::kernel::sql_types::Uid, DB> for $name
        where
            DB: diesel::backend::Backend,
            Uuid: diesel::deserialize::FromSql<crate::kernel::sql_types::Uid, DB>,
        {
            fn from_sql(value: DB::RawValue<'_>) -> diesel::deserialize::Result<Self> {
                <Uuid as diesel::deserialize::FromSql<crate::kernel::sql_types::Uid, DB>>::from_sql(value).map(Self)
            }
        }
    )*

        /// Every kind of object that has a public id.
        #[cfg(test)]
        pub const KINDS: &[&str] = &[$($kind),*];
    };
}

id_type! {
    /// That a city accepted what was delivered.
    AcceptanceId = "Acceptance",
    /// A document of an activity.
    ActivityDocumentId = "ActivityDocument",
    /// Somebody who takes part in an activity.
    ActivityParticipantId = "ActivityParticipant",
    /// A city's assessment by the index.
    AssessmentId = "Assessment",
    /// An entry in the account of a package's units.
    EntitlementEntryId = "EntitlementEntry",
    /// What a city said of one of the ten steps.
    StepReportId = "StepReport",
    /// A document about a city: a report, an analysis, a strategy.
    DocumentId = "Document",
    /// A practice on its way into the library.
    PracticeProposalId = "PracticeProposal",
    /// What a city said of a practice that it took over.
    PracticeAdoptionId = "PracticeAdoption",
    /// What a city said of an area of its policy.
    PolicyStatementId = "PolicyStatement",
    /// An edition of a questionnaire of the index.
    QuestionnaireId = "Questionnaire",
    /// A change of a package's contract that a second person approves.
    PackageAmendmentId = "PackageAmendment",
    /// A link in a mail: an invitation or a password reset.
    AccountLinkId = "AccountLink",
    /// An activity of a city: a visit, a report, a workshop.
    ActivityId = "Activity",
    /// The use of a part of a payment for an invoice.
    AllocationId = "Allocation",
    /// A coordinator's or deputy's appointment.
    AppointmentId = "Coordinator",
    /// A line of the audit log.
    AuditEntryId = "AuditEntry",
    /// A decision about an entry of the bank.
    BankDecisionId = "BankDecision",
    /// An entry of a bank's statement.
    BankEntryId = "BankEntry",
    /// What an entry of the bank may be for.
    BankProposalId = "BankProposal",
    /// A statement of the bank.
    BankStatementId = "BankStatement",
    /// A city.
    CityId = "City",
    /// A credit note.
    CreditNoteId = "CreditNote",
    /// A line of a credit note.
    CreditNoteLineId = "CreditNoteLine",
    /// The way of a document to its buyer.
    DeliveryId = "Delivery",
    /// A time in an expert's calendar that is taken.
    ExpertBookingId = "ExpertBooking",
    /// An expert.
    ExpertId = "Expert",
    /// A visit of experts to a city.
    ExpertVisitId = "ExpertVisit",
    /// What a fee run did about a membership.
    FeeRunRowId = "FeeRunRow",
    /// A run over the fees of a year.
    FeeRunId = "FeeRun",
    /// A stored file.
    FileId = "File",
    /// Who pays fees in a city's stead.
    FunderId = "Funder",
    /// What a grant pays of a line of an invoice.
    FundingId = "Funding",
    /// A city's grant of a funder.
    FundingGrantId = "FundingGrant",
    /// A part in which a funder pays.
    GrantInstalmentId = "GrantInstalment",
    /// A role given to a user.
    GrantId = "Grant",
    /// An invoice.
    InvoiceId = "Invoice",
    /// A line of an invoice.
    InvoiceLineId = "InvoiceLine",
    /// The recognising of revenue through a month.
    RevenueRunId = "RevenueRun",
    /// A transaction of the books.
    LedgerTransactionId = "LedgerTransaction",
    /// A piece of work for later.
    JobId = "Job",
    /// What happened to a membership.
    MembershipEventId = "MembershipEvent",
    /// A period of membership.
    MembershipId = "Membership",
    /// A pair of cities that mentor each other.
    MentorPairingId = "MentorPairing",
    /// A network of cities.
    NetworkId = "Network",
    /// An object whose type stands beside it.
    ObjectId = "Object",
    /// A package of activities that a city bought.
    PackageId = "Package",
    /// One direction of a mentor pairing.
    PairingLegId = "PairingLeg",
    /// A partner organisation.
    PartnerId = "Partner",
    /// Money received.
    PaymentId = "Payment",
    /// A person around a city.
    PersonId = "Person",
    /// Unused money that is paid back.
    RefundId = "Refund",
    /// A good practice.
    PracticeId = "Practice",
    /// A dated price of a product.
    PriceId = "Price",
    /// A refresh token.
    RefreshTokenId = "RefreshToken",
    /// Why an invoice is not reminded of for a while.
    ReminderHoldId = "ReminderHold",
    /// A reminder of an overdue invoice.
    ReminderId = "Reminder",
    /// The sending of all reminders that are due.
    ReminderRunId = "ReminderRun",
    /// A round of a network's growth.
    RoundId = "Round",
    /// The one who invoices.
    SellerId = "Seller",
    /// A sign-in that lasts.
    SessionId = "Session",
    /// A visit of cities to another city.
    StudyVisitId = "StudyVisit",
    /// A city's place on a study visit.
    StudyVisitPlaceId = "StudyVisitPlace",
    /// A user account.
    UserId = "User",
    /// What is given up of an invoice.
    WriteOffId = "WriteOff",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_public_form_is_read_back_and_only_that() {
        let id = CityId::of(Uuid::from_u128(7));
        assert_eq!(CityId::parse(&id.public()), Ok(id));
        assert_eq!(CityId::parse("nonsense"), Err(WrongId::Malformed));
        assert_eq!(
            PersonId::parse(&id.public()),
            Err(WrongId::OtherKind {
                expected: "Person",
                found: "City".to_owned()
            })
        );
        let upper =
            URL_SAFE_NO_PAD.encode(format!("City:{}", id.uuid().to_string().to_uppercase()));
        assert_eq!(CityId::parse(&upper).is_ok(), upper == id.public());
        let unique: std::collections::HashSet<_> = KINDS.iter().collect();
        assert_eq!(unique.len(), KINDS.len());
    }
}
