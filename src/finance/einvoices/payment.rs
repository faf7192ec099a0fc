//! How an invoice is paid (BG-16), in the forms that Danish buyers can pay by. What it is not:
//! the making of payment references; whoever makes them hands them in.

/// BG-16, a way to pay. Each has all that Danish buyers need (rules DK-R-005, DK-R-006, DK-R-010 and
/// DK-R-011).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PaymentMeans {
    /// To a Danish account.
    Account {
        /// BT-81, how the money moves.
        by: Transfer,
        /// BT-86, the four digits of the bank's branch.
        registration: String,
        /// BT-84, the account number.
        account: String,
        /// BT-83, what the payer writes.
        reference: Option<String>,
    },
    /// BT-81 is 93: by a Danish payment slip.
    Slip(Slip),
    /// BT-81 is 31: from abroad.
    Abroad {
        /// BT-84, the account as an IBAN.
        iban: String,
        /// BT-86, the bank's BIC; rule DK-R-006 wants a bank named with the account.
        bic: String,
        /// BT-83, what the payer writes.
        reference: Option<String>,
    },
}

impl PaymentMeans {
    /// BT-81, of UNTDID 4461.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Account { by, .. } => by.code(),
            Self::Slip(_) => "93",
            Self::Abroad { .. } => Transfer::Debit.code(),
        }
    }
}

/// How money moves to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transfer {
    /// 31, a debit transfer, also across borders.
    Debit,
    /// 42, a payment to a bank account.
    BankAccount,
}

impl Transfer {
    const fn code(self) -> &'static str {
        match self {
            Self::Debit => "31",
            Self::BankAccount => "42",
        }
    }
}

/// A Danish payment slip (FIK): card type, reference, creditor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slip {
    card: Card,
    reference: String,
    creditor: String,
}

/// The card types of payment slips.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Card {
    /// 71: a reference of 15 digits.
    Reference15,
    /// 73: the payer writes what it is for.
    FreeText,
    /// 75: a reference of 16 digits and room for a text.
    Reference16,
}

impl Slip {
    /// A slip whose parts have the lengths of its card type. Check digits are for whoever makes
    /// the reference.
    #[must_use]
    pub fn new(card: Card, reference: &str, creditor: &str) -> Option<Self> {
        let digits = match card {
            Card::Reference15 => 15,
            Card::FreeText => 0,
            Card::Reference16 => 16,
        };
        (is_digits(reference, digits) && is_digits(creditor, 8)).then(|| Self {
            card,
            reference: reference.to_owned(),
            creditor: creditor.to_owned(),
        })
    }

    /// BT-83: card type and reference, `71#` and 15 digits.
    #[must_use]
    pub fn payment_id(&self) -> String {
        let card = match self.card {
            Card::Reference15 => "71",
            Card::FreeText => "73",
            Card::Reference16 => "75",
        };
        format!("{card}#{}", self.reference)
    }

    /// BT-84: the eight digits of the creditor.
    #[must_use]
    pub fn creditor(&self) -> &str {
        &self.creditor
    }
}

/// Whether a text is so many digits.
pub(super) fn is_digits(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_have_the_lengths_of_their_card() {
        for (card, reference, creditor, payment_id) in [
            (
                Card::Reference15,
                "000000000000129",
                "87654321",
                Some("71#000000000000129"),
            ),
            (
                Card::Reference16,
                "0000000000001297",
                "87654321",
                Some("75#0000000000001297"),
            ),
            (Card::FreeText, "", "87654321", Some("73#")),
            (Card::Reference15, "00000000000129", "87654321", None),
            (Card::Reference15, "00000000000012x", "87654321", None),
            (Card::Reference15, "000000000000129", "7654321", None),
            (Card::FreeText, "1", "87654321", None),
        ] {
            let slip = Slip::new(card, reference, creditor);
            let found = slip.as_ref().map(Slip::payment_id);
            assert_eq!(found.as_deref(), payment_id, "{reference} {creditor}");
        }
    }

    #[test]
    fn means_have_the_codes_of_danish_invoices() {
        let account = |by| PaymentMeans::Account {
            by,
            registration: "0001".to_owned(),
            account: "1234567890".to_owned(),
            reference: None,
        };
        let slip = Slip::new(Card::FreeText, "", "87654321").unwrap();
        assert_eq!(account(Transfer::Debit).code(), "31");
        assert_eq!(account(Transfer::BankAccount).code(), "42");
        assert_eq!(PaymentMeans::Slip(slip).code(), "93");
    }
}
