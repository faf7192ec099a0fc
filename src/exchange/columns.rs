//! The kinds of spreadsheet and their columns: English name, Danish alias, required mark, words allowed.
//! Not the reading or writing of files (that is `sheet`), nor what a value must obey (that is the slice it goes to).

mod column;
mod money;

pub use column::Column;

use money::{INVOICES, JOURNAL, OPENING_ITEMS, PAYMENTS};

use crate::access::permission::Permission;

/// What one spreadsheet holds, one record a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Cities with population, place and invoicing address.
    Cities,
    /// Periods of membership.
    Memberships,
    /// Appointments of coordinators and deputies.
    Coordinators,
    /// Experts with languages, areas and availability.
    Experts,
    /// People around a city.
    People,
    /// Partner organisations.
    Partners,
    /// Open invoices of an older system; read only, for they are no invoices of ours.
    OpeningItems,
    /// Invoices, with what is credited of them; written only, for invoices are issued and never imported.
    Invoices,
    /// Payments; written only, for payments are recorded one by one with their own key.
    Payments,
    /// The journal of the books with its control totals; written only.
    Journal,
}

impl Kind {
    /// Every kind, in the order in which files depend on each other.
    pub const ALL: [Self; 10] = [
        Self::Cities,
        Self::Memberships,
        Self::Coordinators,
        Self::Experts,
        Self::People,
        Self::Partners,
        Self::OpeningItems,
        Self::Invoices,
        Self::Payments,
        Self::Journal,
    ];

    /// The name in paths (`/api/v1/imports/{kind}`) and on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cities => "cities",
            Self::Memberships => "memberships",
            Self::Coordinators => "coordinators",
            Self::Experts => "experts",
            Self::People => "people",
            Self::Partners => "partners",
            Self::OpeningItems => "opening-items",
            Self::Invoices => "invoices",
            Self::Payments => "payments",
            Self::Journal => "journal",
        }
    }

    /// The kind of exactly this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// Whether a file of this kind may be read; the others are only written.
    #[must_use]
    pub const fn is_importable(self) -> bool {
        !matches!(self, Self::Invoices | Self::Payments | Self::Journal)
    }

    /// Whether a file of this kind may be written; the others are only read.
    #[must_use]
    pub const fn is_exportable(self) -> bool {
        !matches!(self, Self::OpeningItems)
    }

    /// Who may take a file of this kind over: money is finance's.
    #[must_use]
    pub const fn import_permission(self) -> Permission {
        match self {
            Self::OpeningItems => Permission::Invoice,
            _ => Permission::Import,
        }
    }

    /// The columns, in the order in which they are written.
    #[must_use]
    pub const fn columns(self) -> &'static [ColumnSpec] {
        match self {
            Self::Cities => CITIES,
            Self::Memberships => MEMBERSHIPS,
            Self::Coordinators => COORDINATORS,
            Self::Experts => EXPERTS,
            Self::People => PEOPLE,
            Self::Partners => PARTNERS,
            Self::OpeningItems => OPENING_ITEMS,
            Self::Invoices => INVOICES,
            Self::Payments => PAYMENTS,
            Self::Journal => JOURNAL,
        }
    }

    /// What this kind says of a column; `None` when it has no such column.
    #[must_use]
    pub fn spec(self, column: Column) -> Option<&'static ColumnSpec> {
        self.columns().iter().find(|spec| spec.column == column)
    }
}

/// One column of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColumnSpec {
    /// Which column.
    pub column: Column,
    /// The Danish heading, with æøå spelt out; `None` when both languages use the English one.
    pub danish: Option<&'static str>,
    /// Whether the file must have the column and every row a value in it.
    pub required: bool,
    /// The words allowed; empty when the column is not a choice.
    pub choices: &'static [Choice],
}

/// One word of a column that allows only certain words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// The word as it is written and handed on.
    pub code: &'static str,
    /// The Danish word, read as well; `None` when there is none.
    pub danish: Option<&'static str>,
}

const fn required(column: Column, danish: &'static str) -> ColumnSpec {
    ColumnSpec {
        column,
        danish: Some(danish),
        required: true,
        choices: &[],
    }
}

const fn optional(column: Column, danish: &'static str) -> ColumnSpec {
    ColumnSpec {
        column,
        danish: Some(danish),
        required: false,
        choices: &[],
    }
}

const fn undanish(column: Column) -> ColumnSpec {
    ColumnSpec {
        column,
        danish: None,
        required: false,
        choices: &[],
    }
}

const fn of(spec: ColumnSpec, choices: &'static [Choice]) -> ColumnSpec {
    ColumnSpec { choices, ..spec }
}

const fn word(code: &'static str) -> Choice {
    Choice { code, danish: None }
}

const fn words(code: &'static str, danish: &'static str) -> Choice {
    Choice {
        code,
        danish: Some(danish),
    }
}

const CITIES: &[ColumnSpec] = &[
    undanish(Column::Id),
    required(Column::Name, "by"),
    optional(Column::NameDa, "navn_dansk"),
    required(Column::Country, "land"),
    optional(Column::Population, "indbyggertal"),
    optional(Column::PopulationYear, "folketal_aar"),
    optional(Column::PopulationSource, "folketal_kilde"),
    optional(Column::Latitude, "breddegrad"),
    optional(Column::Longitude, "laengdegrad"),
    optional(Column::TimeZone, "tidszone"),
    optional(Column::Cvr, "cvr_nr"),
    optional(Column::Gln, "ean_nr"),
    undanish(Column::GeonamesId),
    optional(Column::InvoiceName, "faktura_navn"),
    optional(Column::InvoiceStreet, "faktura_adresse"),
    optional(Column::InvoicePostalCode, "faktura_postnr"),
    optional(Column::InvoiceTown, "faktura_by"),
    optional(Column::InvoiceEmail, "faktura_email"),
    optional(Column::OrderReference, "ordre_reference"),
];

const MEMBERSHIPS: &[ColumnSpec] = &[
    required(Column::City, "by"),
    required(Column::Country, "land"),
    optional(Column::Network, "netvaerk"),
    required(Column::JoinedOn, "indmeldt"),
    optional(Column::EndedOn, "udmeldt"),
    of(
        optional(Column::EndReason, "aarsag"),
        &[word("withdrawn"), word("expelled"), word("lapsed")],
    ),
    optional(Column::StatementOfIntentOn, "hensigtserklaering"),
    optional(Column::DecisionOn, "beslutning"),
    optional(Column::AgreementOn, "aftale"),
];

const COORDINATORS: &[ColumnSpec] = &[
    undanish(Column::Id),
    required(Column::City, "by"),
    required(Column::Country, "land"),
    required(Column::Name, "navn"),
    required(Column::Email, "e_mail"),
    optional(Column::Phone, "telefon"),
    of(
        optional(Column::Role, "rolle"),
        &[
            words("coordinator", "koordinator"),
            words("deputy", "stedfortraeder"),
        ],
    ),
    required(Column::FtePercent, "aarsvaerk_procent"),
    required(Column::StartsOn, "startdato"),
    optional(Column::EndsOn, "slutdato"),
];

const EXPERTS: &[ColumnSpec] = &[
    undanish(Column::Id),
    required(Column::Name, "navn"),
    required(Column::Email, "e_mail"),
    optional(Column::Phone, "telefon"),
    of(
        required(Column::Kind, "type"),
        &[
            word("council_of_europe"),
            word("policy_consultant"),
            word("city_peer"),
            word("think_tank"),
        ],
    ),
    required(Column::Languages, "sprog"),
    optional(Column::PolicyAreas, "omraader"),
    undanish(Column::Organisation),
    optional(Column::HomeCity, "hjemby"),
    optional(Column::HomeCountry, "hjemland"),
    optional(Column::AvailableFrom, "ledig_fra"),
    optional(Column::AvailableUntil, "ledig_til"),
];

const PEOPLE: &[ColumnSpec] = &[
    undanish(Column::Id),
    required(Column::Name, "navn"),
    optional(Column::Email, "e_mail"),
    optional(Column::Phone, "telefon"),
    of(
        required(Column::Kind, "type"),
        &[
            words("politician", "politiker"),
            words("official", "embedsmand"),
            words("practitioner", "praktiker"),
            words("academic", "akademiker"),
            words("civil_society", "civilsamfund"),
            words("media", "medier"),
            words("business", "erhvervsliv"),
            word("partner"),
        ],
    ),
    undanish(Column::Organisation),
    optional(Column::City, "by"),
    optional(Column::Country, "land"),
    optional(Column::Language, "sprog"),
];

const PARTNERS: &[ColumnSpec] = &[
    required(Column::Name, "navn"),
    of(
        required(Column::Kind, "type"),
        &[
            word("expert_team"),
            word("proven_city"),
            word("think_tank_or_other"),
        ],
    ),
    optional(Column::Country, "land"),
    optional(Column::Website, "hjemmeside"),
    optional(Column::Email, "e_mail"),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// The agreed table, in the notation of the interface description: `name*|alias`.
    const AGREED: &[(Kind, &str)] = &[
        (
            Kind::Cities,
            "id, name*|by, name_da|navn_dansk, country*|land, population|indbyggertal, population_year|folketal_aar, population_source|folketal_kilde, latitude|breddegrad, longitude|laengdegrad, time_zone|tidszone, cvr|cvr_nr, gln|ean_nr, geonames_id, invoice_name|faktura_navn, invoice_street|faktura_adresse, invoice_postal_code|faktura_postnr, invoice_town|faktura_by, invoice_email|faktura_email, order_reference|ordre_reference",
        ),
        (
            Kind::Memberships,
            "city*|by, country*|land, network|netvaerk, joined_on*|indmeldt, ended_on|udmeldt, end_reason|aarsag(withdrawn;expelled;lapsed), statement_of_intent_on|hensigtserklaering, decision_on|beslutning, agreement_on|aftale",
        ),
        (
            Kind::Coordinators,
            "id, city*|by, country*|land, name*|navn, email*|e_mail, phone|telefon, role|rolle(coordinator|koordinator;deputy|stedfortraeder), fte_percent*|aarsvaerk_procent, starts_on*|startdato, ends_on|slutdato",
        ),
        (
            Kind::Experts,
            "id, name*|navn, email*|e_mail, phone|telefon, kind*|type(council_of_europe;policy_consultant;city_peer;think_tank), languages*|sprog, policy_areas|omraader, organisation, home_city|hjemby, home_country|hjemland, available_from|ledig_fra, available_until|ledig_til",
        ),
        (
            Kind::People,
            "id, name*|navn, email|e_mail, phone|telefon, kind*|type(politician|politiker;official|embedsmand;practitioner|praktiker;academic|akademiker;civil_society|civilsamfund;media|medier;business|erhvervsliv;partner), organisation, city|by, country|land, language|sprog",
        ),
        (
            Kind::Partners,
            "name*|navn, kind*|type(expert_team;proven_city;think_tank_or_other), country|land, website|hjemmeside, email|e_mail",
        ),
        (
            Kind::OpeningItems,
            "city*|by, country*|land, number*|nummer, issued_on*|udstedt, due_on*|forfalder, currency|valuta, total|i_alt, open_amount*|restbeloeb",
        ),
    ];

    fn notation(kind: Kind) -> String {
        let with = |danish: Option<&str>| danish.map(|word| format!("|{word}")).unwrap_or_default();
        let column = |spec: &ColumnSpec| {
            let star = if spec.required { "*" } else { "" };
            let choices: Vec<String> = spec
                .choices
                .iter()
                .map(|choice| format!("{}{}", choice.code, with(choice.danish)))
                .collect();
            let choices = if choices.is_empty() {
                String::new()
            } else {
                format!("({})", choices.join(";"))
            };
            format!(
                "{}{star}{}{choices}",
                spec.column.as_str(),
                with(spec.danish)
            )
        };
        kind.columns()
            .iter()
            .map(column)
            .collect::<Vec<_>>()
            .join(", ")
    }

    #[test]
    fn the_columns_are_the_agreed_ones() {
        for (kind, agreed) in AGREED {
            assert_eq!(notation(*kind), *agreed, "{}", kind.as_str());
        }
    }

    #[test]
    fn importable_kinds_have_an_agreed_table_and_the_others_require_nothing() {
        for kind in Kind::ALL {
            let agreed = AGREED.iter().any(|(known, _)| *known == kind);
            assert_eq!(kind.is_importable(), agreed);
            assert_eq!(kind.columns().iter().any(|spec| spec.required), agreed);
        }
    }

    #[test]
    fn kinds_are_found_by_their_exact_name() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_name(kind.as_str()), Some(kind));
        }
        assert_eq!(Kind::from_name("Cities"), None);
    }
}
