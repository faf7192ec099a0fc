//! The names of all columns of all kinds.
//! Not which kind has which column, nor its alias (that is `columns`).

/// A column of any kind; the same name means the same thing wherever it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Column {
    /// Number of an account of the books.
    Account,
    /// Name of an account of the books.
    AccountName,
    /// Credit of a line of the books, in the currency of the row.
    Credit,
    /// Debit of a line of the books, in the currency of the row.
    Debit,
    /// Day of a deed of the books.
    DocumentedOn,
    /// Number of the invoice that a line of the books belongs to.
    Invoice,
    /// Day that a line of the books counts to.
    PostedOn,
    /// Day of the agreement.
    AgreementOn,
    /// Part of a payment that is placed on invoices, in the currency of the row.
    Allocated,
    /// What was paid, in the currency of the row.
    Amount,
    /// First day an expert can be booked.
    AvailableFrom,
    /// Last day an expert can be booked.
    AvailableUntil,
    /// Name of a city.
    City,
    /// Country of the city or partner.
    Country,
    /// ISO 4217 code.
    Currency,
    /// Danish company number, 8 digits.
    Cvr,
    /// Day of the council's decision.
    DecisionOn,
    /// Last day to pay.
    DueOn,
    /// E-mail address.
    Email,
    /// Why a membership ended.
    EndReason,
    /// Day a membership ended.
    EndedOn,
    /// Day an appointment ends.
    EndsOn,
    /// Share of a full-time post, in percent.
    FtePercent,
    /// Number of the place at `GeoNames`.
    GeonamesId,
    /// GLN (EAN location number), 13 digits.
    Gln,
    /// City an expert lives in.
    HomeCity,
    /// Country an expert lives in.
    HomeCountry,
    /// The record's own id.
    Id,
    /// E-mail address for invoices.
    InvoiceEmail,
    /// Addressee of invoices.
    InvoiceName,
    /// Postal code of the invoicing address.
    InvoicePostalCode,
    /// Street and number of the invoicing address.
    InvoiceStreet,
    /// Town of the invoicing address.
    InvoiceTown,
    /// Day an invoice was issued.
    IssuedOn,
    /// Day a membership began.
    JoinedOn,
    /// What sort of expert, person, partner or document.
    Kind,
    /// Language a person wants to be written to in, BCP 47.
    Language,
    /// Languages an expert works in, BCP 47, `|` between.
    Languages,
    /// Degrees north.
    Latitude,
    /// Degrees east.
    Longitude,
    /// Name of the record.
    Name,
    /// Danish name of a city.
    NameDa,
    /// Round or national network of a membership.
    Network,
    /// Number of an invoice within its series.
    Number,
    /// What credit notes took back, in the currency of the row.
    Credited,
    /// What is still owed, in the currency of the row.
    OpenAmount,
    /// The buyer's order reference.
    OrderReference,
    /// Where the person or expert works.
    Organisation,
    /// Telephone number.
    Phone,
    /// Codes of policy areas, `|` between.
    PolicyAreas,
    /// Inhabitants.
    Population,
    /// Where the population figure is from.
    PopulationSource,
    /// Year of the population figure.
    PopulationYear,
    /// Day the money came in.
    ReceivedOn,
    /// The payer's reference.
    Reference,
    /// Coordinator or deputy.
    Role,
    /// Day an appointment begins.
    StartsOn,
    /// Day of the statement of intent.
    StatementOfIntentOn,
    /// State of an invoice.
    Status,
    /// IANA time zone.
    TimeZone,
    /// Total of an invoice, in the currency of the row.
    Total,
    /// Part of a payment not yet placed, in the currency of the row.
    Unallocated,
    /// Address of a web site.
    Website,
}

impl Column {
    /// The canonical heading: English, as written by exports and named in problems.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::AccountName => "account_name",
            Self::Credit => "credit",
            Self::Debit => "debit",
            Self::DocumentedOn => "documented_on",
            Self::Invoice => "invoice",
            Self::PostedOn => "posted_on",
            Self::AgreementOn => "agreement_on",
            Self::Allocated => "allocated",
            Self::Amount => "amount",
            Self::AvailableFrom => "available_from",
            Self::AvailableUntil => "available_until",
            Self::City => "city",
            Self::Country => "country",
            Self::Currency => "currency",
            Self::Cvr => "cvr",
            Self::DecisionOn => "decision_on",
            Self::DueOn => "due_on",
            Self::Email => "email",
            Self::EndReason => "end_reason",
            Self::EndedOn => "ended_on",
            Self::EndsOn => "ends_on",
            Self::FtePercent => "fte_percent",
            Self::GeonamesId => "geonames_id",
            Self::Gln => "gln",
            Self::HomeCity => "home_city",
            Self::HomeCountry => "home_country",
            Self::Id => "id",
            Self::InvoiceEmail => "invoice_email",
            Self::InvoiceName => "invoice_name",
            Self::InvoicePostalCode => "invoice_postal_code",
            Self::InvoiceStreet => "invoice_street",
            Self::InvoiceTown => "invoice_town",
            Self::IssuedOn => "issued_on",
            Self::JoinedOn => "joined_on",
            Self::Kind => "kind",
            Self::Language => "language",
            Self::Languages => "languages",
            Self::Latitude => "latitude",
            Self::Longitude => "longitude",
            Self::Name => "name",
            Self::NameDa => "name_da",
            Self::Network => "network",
            Self::Number => "number",
            Self::Credited => "credited",
            Self::OpenAmount => "open_amount",
            Self::OrderReference => "order_reference",
            Self::Organisation => "organisation",
            Self::Phone => "phone",
            Self::PolicyAreas => "policy_areas",
            Self::Population => "population",
            Self::PopulationSource => "population_source",
            Self::PopulationYear => "population_year",
            Self::ReceivedOn => "received_on",
            Self::Reference => "reference",
            Self::Role => "role",
            Self::StartsOn => "starts_on",
            Self::StatementOfIntentOn => "statement_of_intent_on",
            Self::Status => "status",
            Self::TimeZone => "time_zone",
            Self::Total => "total",
            Self::Unallocated => "unallocated",
            Self::Website => "website",
        }
    }
}
