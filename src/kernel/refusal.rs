//! What the trade says no to: a stable code, the field, and a text in both languages. What it is
//! not: a fault; refusals are data that a caller can act on.

use crate::kernel::phrase::Phrase;

crate::text_enum! {
    /// Why an input was refused. Clients may program against these words; new ones may be added.
    pub enum RefusalCode {
        /// Several records fit the description.
        Ambiguous = "AMBIGUOUS",
        /// The period of the year is already invoiced.
        AlreadyInvoiced = "ALREADY_INVOICED",
        /// The invoice is issued and can no longer be changed.
        AlreadyIssued = "ALREADY_ISSUED",
        /// The city has an assessment that is not finished.
        AssessmentOpen = "ASSESSMENT_OPEN",
        /// No place is left.
        CapacityFull = "CAPACITY_FULL",
        /// The expert lives in or works for the city.
        ConflictOfInterest = "CONFLICT_OF_INTEREST",
        /// A city has not agreed.
        ConsentMissing = "CONSENT_MISSING",
        /// The city has a coordinator in that period.
        CoordinatorExists = "COORDINATOR_EXISTS",
        /// The currencies differ.
        CurrencyMismatch = "CURRENCY_MISMATCH",
        /// The city has a deputy in that period.
        DeputyExists = "DEPUTY_EXISTS",
        /// The e-mail address belongs to another record.
        EmailTaken = "EMAIL_TAKEN",
        /// More than is left of the invoice, or of its line, to credit.
        ExceedsInvoice = "EXCEEDS_INVOICE",
        /// More than is open on the invoice.
        ExceedsOpenAmount = "EXCEEDS_OPEN_AMOUNT",
        /// More than is left of the payment.
        ExceedsPayment = "EXCEEDS_PAYMENT",
        /// The expert is elsewhere or travelling at that time.
        ExpertDoubleBooked = "EXPERT_DOUBLE_BOOKED",
        /// The person would work more than full time.
        FteExceeded = "FTE_EXCEEDED",
        /// A city cannot visit itself.
        HostIsVisitor = "HOST_IS_VISITOR",
        /// Another record has this identifier.
        IdentifierTaken = "IDENTIFIER_TAKEN",
        /// The CVR number's check digit is wrong.
        InvalidCvr = "INVALID_CVR",
        /// The GLN's check digit is wrong.
        InvalidGln = "INVALID_GLN",
        /// The text has characters or a form that cannot be used here.
        InvalidText = "INVALID_TEXT",
        /// A record with this name exists.
        NameTaken = "NAME_TAKEN",
        /// A rate or limit of the law is not known for that time.
        NoLegalRate = "NO_LEGAL_RATE",
        /// No price is in force on that date.
        NoPrice = "NO_PRICE",
        /// The statement of intent is missing.
        NoStatementOfIntent = "NO_STATEMENT_OF_INTENT",
        /// The city is not a member at that time.
        NotAMember = "NOT_A_MEMBER",
        /// There is nothing with this id that the input may refer to.
        NotFound = "NOT_FOUND",
        /// The object's state does not allow this step.
        NotInState = "NOT_IN_STATE",
        /// The number or date is outside the allowed range.
        OutOfRange = "OUT_OF_RANGE",
        /// The two cities are paired for this already.
        PairExists = "PAIR_EXISTS",
        /// The period overlaps another one.
        PeriodOverlaps = "PERIOD_OVERLAPS",
        /// The value is missing.
        Required = "REQUIRED",
        /// A city cannot be paired with itself.
        SameCity = "SAME_CITY",
        /// It takes another person than the one who proposed it.
        SecondPersonNeeded = "SECOND_PERSON_NEEDED",
        /// The expert is not available at that time.
        Unavailable = "UNAVAILABLE",
        /// The current password is another one.
        WrongPassword = "WRONG_PASSWORD",
    }
}

impl RefusalCode {
    /// Whether another request won the race for the same thing: REST answers 409 instead of 422.
    #[must_use]
    pub fn is_conflict(self) -> bool {
        matches!(
            self,
            Self::AlreadyInvoiced
                | Self::AlreadyIssued
                | Self::CapacityFull
                | Self::CoordinatorExists
                | Self::DeputyExists
                | Self::ExceedsInvoice
                | Self::ExceedsOpenAmount
                | Self::ExceedsPayment
                | Self::ExpertDoubleBooked
                | Self::PairExists
                | Self::PeriodOverlaps
        )
    }
}

/// One problem of an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The stable code.
    pub code: RefusalCode,
    /// Path of the input field in GraphQL spelling, with list indexes: `expertIds.1`; empty when
    /// the refusal is about the whole.
    pub field: String,
    /// What is wrong and what to do, in both languages.
    pub message: Phrase,
}

impl Refusal {
    /// The same refusal for an input that stands inside another under this field.
    #[must_use]
    pub fn under(mut self, path: &str) -> Self {
        self.field = if self.field.is_empty() {
            path.to_owned()
        } else {
            format!("{path}.{}", self.field)
        };
        self
    }

    /// Puts a refusal together.
    pub fn new(
        code: RefusalCode,
        field: impl Into<String>,
        en: impl Into<String>,
        da: impl Into<String>,
    ) -> Self {
        Self {
            code,
            field: field.into(),
            message: Phrase::new(en, da),
        }
    }
}
