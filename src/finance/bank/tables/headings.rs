//! The headings by which Danish banks name the columns of their tables. What it is not: a demand; columns
//! that are not known are passed over.

use csv::StringRecord;

use crate::kernel::fold;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heading {
    /// The day the bank booked it.
    Booked,
    /// The day from which the bank counts it.
    Value,
    /// What was written; several columns may hold it.
    Text,
    /// The amount with its sign.
    Amount,
    /// The balance after it.
    Balance,
    /// A reference of the payer: FIK or ISO 11649.
    Reference,
    /// The bank's own reference.
    BankReference,
    /// The payer's reference from end to end.
    EndToEnd,
    /// Who paid, or was paid.
    Name,
    /// The account of the other side.
    OtherAccount,
    /// The account of the table.
    Account,
    /// The currency.
    Currency,
    /// Whether it is booked.
    State,
}

use Heading as H;

/// The headings without blanks and signs. Both sides are folded as searches are, so that `Bogført` and
/// `bogfoert` are one.
const KNOWN: [(Heading, &[&str]); 13] = [
    (
        H::Booked,
        &[
            "dato",
            "bogfort",
            "bogfortdato",
            "bogfortden",
            "bogforingsdato",
            "bogforingsdag",
            "bogforing",
            "posteringsdato",
            "transaktionsdato",
            "date",
            "bookingdate",
            "bookeddate",
            "booked",
            "transactiondate",
        ],
    ),
    (
        H::Value,
        &[
            "rentedato",
            "valordato",
            "valor",
            "valuteringsdato",
            "valuering",
            "disponeringsdato",
            "valuedate",
            "interestdate",
        ],
    ),
    (
        H::Text,
        &[
            "tekst",
            "beskrivelse",
            "posteringstekst",
            "tekstpostering",
            "supplerendetekst",
            "adviseringstekst",
            "advisering",
            "meddelelse",
            "meddelelsetilmodtager",
            "langtekst",
            "titel",
            "bemærkning",
            "egentekst",
            "text",
            "description",
            "message",
            "details",
        ],
    ),
    (
        H::Amount,
        &[
            "belob",
            "belobikr",
            "belobidkk",
            "belobdkk",
            "amount",
            "amountindkk",
        ],
    ),
    (
        H::Balance,
        &[
            "saldo",
            "saldoikr",
            "saldodkk",
            "saldoidkk",
            "bogfortsaldo",
            "balance",
        ],
    ),
    (
        H::Reference,
        &[
            "reference",
            "kreditreference",
            "kreditorreference",
            "betalingsid",
            "betalingsidentifikation",
            "fik",
            "fikreference",
            "ocr",
            "kundereference",
            "paymentreference",
            "creditorreference",
        ],
    ),
    (
        H::BankReference,
        &[
            "bankreference",
            "bankensreference",
            "arkivreference",
            "arkivref",
            "transaktionsid",
            "transaktionsreference",
            "posteringsid",
            "bankref",
            "transactionid",
            "bankreferenceid",
        ],
    ),
    (
        H::EndToEnd,
        &["endtoendid", "endtoend", "endtoendreference"],
    ),
    (
        H::Name,
        &[
            "navn",
            "modpart",
            "modpartsnavn",
            "afsender",
            "afsendernavn",
            "indbetaler",
            "debitor",
            "debitornavn",
            "betaler",
            "name",
            "counterparty",
            "sender",
        ],
    ),
    (
        H::OtherAccount,
        &[
            "modkonto",
            "modpartskonto",
            "modpartiban",
            "frakonto",
            "afsenderkonto",
            "debitorkonto",
            "counterpartyaccount",
            "senderaccount",
        ],
    ),
    (
        H::Account,
        &[
            "konto",
            "kontonummer",
            "kontonr",
            "iban",
            "account",
            "accountnumber",
        ],
    ),
    (H::Currency, &["valuta", "currency"]),
    (H::State, &["status", "state"]),
];

/// Which column holds what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Columns(Vec<(Heading, usize)>);

impl Columns {
    /// The columns of a row of headings; none unless there is a day, an amount and something written.
    pub(super) fn of(row: &StringRecord) -> Option<Self> {
        let mut columns: Vec<(Heading, usize)> = Vec::new();
        for (place, cell) in row.iter().enumerate() {
            let folded = folded(cell);
            let named = KNOWN
                .iter()
                .find(|(_, names)| names.iter().any(|name| self::folded(name) == folded));
            if let Some((heading, _)) = named
                && (*heading == H::Text || columns.iter().all(|(known, _)| known != heading))
            {
                columns.push((*heading, place));
            }
        }
        let has = |wanted: &[Heading]| columns.iter().any(|(known, _)| wanted.contains(known));
        let sound = has(&[H::Booked, H::Value])
            && has(&[H::Amount])
            && has(&[H::Text, H::Reference, H::Name]);
        sound.then_some(Self(columns))
    }

    /// How many columns are known.
    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    /// The first cell of a heading in a row; none where it is empty.
    pub(super) fn cell<'r>(&self, row: &'r StringRecord, heading: Heading) -> Option<&'r str> {
        self.cells(row, heading).next()
    }

    /// The cells of a heading in a row that are not empty.
    pub(super) fn cells<'r>(
        &self,
        row: &'r StringRecord,
        heading: Heading,
    ) -> impl Iterator<Item = &'r str> {
        self.0
            .iter()
            .filter(move |(known, _)| *known == heading)
            .filter_map(|(_, place)| row.get(*place))
            .map(str::trim)
            .filter(|cell| !cell.is_empty())
    }
}

fn folded(heading: &str) -> String {
    fold::search_key(heading)
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_of_banks_are_known() {
        for (row, count) in [
            (&["Dato", "Tekst", "Beløb", "Saldo"][..], Some(4)),
            (
                &[
                    "Bogført dato",
                    "Rentedato",
                    "Tekst",
                    "Beløb i DKK",
                    "Kredit-reference",
                ],
                Some(5),
            ),
            (
                &[
                    "Bogføringsdato",
                    "Beløb",
                    "Afsender",
                    "Navn",
                    "Beskrivelse",
                    "Valuta",
                ],
                Some(5),
            ),
            (&["DATE", "DESCRIPTION", "AMOUNT", "Noget andet"], Some(3)),
            (&["Dato", "Tekst", "Meddelelse", "Beløb"], Some(4)),
            (&["Tekst", "Beløb"], None),
            (&["Dato", "Beløb"], None),
            (&["15-03-2026", "Indbetaling", "75.000,00"], None),
        ] {
            let record = StringRecord::from(row.to_vec());
            assert_eq!(
                Columns::of(&record).map(|columns| columns.count()),
                count,
                "{row:?}"
            );
        }
    }
}
