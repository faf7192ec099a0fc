//! The pre-flight: everything that keeps an invoice from being an electronic document that the
//! buyer's system takes, all of it at once. What it is not: a promise that the buyer's address is
//! registered in Peppol; only the sending finds that out.

use crate::finance::einvoices::facts::Facts;
use crate::finance::einvoices::mapping;
use crate::finance::einvoices::xml::first_unfit;
use crate::kernel::refusal::{Refusal, RefusalCode};

/// The problems of what an invoice or credit note says, in the order of the document; none when
/// nothing but a number is missing. `field` names the place: `buyer.gln`, `lines.0.net`.
#[must_use]
pub fn preflight(facts: &Facts) -> Vec<Refusal> {
    mapping::parts(facts).err().unwrap_or_default()
}

/// The problems that were found so far.
#[derive(Debug, Default)]
pub(super) struct Found(pub(super) Vec<Refusal>);

impl Found {
    /// Notes a problem.
    pub(super) fn add(&mut self, refusal: Refusal) {
        self.0.push(refusal);
    }

    /// The value, or its problem is noted.
    pub(super) fn keep<T>(&mut self, outcome: Result<T, Refusal>) -> Option<T> {
        outcome.map_err(|refusal| self.add(refusal)).ok()
    }

    /// A text that may be missing: without what is around it, none when nothing is left (rule
    /// PEPPOL-EN16931-R008). A text that XML cannot hold is a problem.
    pub(super) fn text(&mut self, field: &str, text: Option<&str>) -> Option<String> {
        let text = text.map(str::trim).filter(|text| !text.is_empty())?;
        if let Some(character) = first_unfit(text) {
            self.add(unfit(field, character));
            return None;
        }
        Some(text.to_owned())
    }

    /// A text that must be there.
    pub(super) fn needed(
        &mut self,
        field: &str,
        text: Option<&str>,
        missing: impl FnOnce() -> Refusal,
    ) -> Option<String> {
        let before = self.0.len();
        let found = self.text(field, text);
        if found.is_none() && self.0.len() == before {
            self.add(missing());
        }
        found
    }
}

fn unfit(field: &str, character: char) -> Refusal {
    let code = u32::from(character);
    Refusal::new(
        RefusalCode::InvalidText,
        field,
        format!(
            "{field} has the character U+{code:04X}, which an electronic invoice cannot hold; take it away."
        ),
        format!(
            "{field} har tegnet U+{code:04X}, som en elektronisk faktura ikke kan rumme; fjern det."
        ),
    )
}

/// Something is missing.
pub(super) fn missing(field: &str, en: impl Into<String>, da: impl Into<String>) -> Refusal {
    Refusal::new(RefusalCode::Required, field, en, da)
}

/// Something does not fit the rules or the rest.
pub(super) fn unsound(field: &str, en: impl Into<String>, da: impl Into<String>) -> Refusal {
    Refusal::new(RefusalCode::OutOfRange, field, en, da)
}
