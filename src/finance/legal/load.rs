//! Reads the files of the law: those that are compiled in, or those of a folder that take their place.
//! What it is not: the form of a file; each has its own reader.

use std::borrow::Cow;
use std::path::Path;
use std::{fs, io};

use anyhow::Context;

use crate::finance::legal::banking_days::BankingDays;
use crate::finance::legal::reference_rates::ReferenceRates;
use crate::finance::legal::terms::LatePaymentTerms;
use crate::kernel::refusal::{Refusal, RefusalCode};

/// The law's data, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegalData {
    /// The days on which banks are open.
    pub banking_days: BankingDays,
    /// The reference rates of the half-years.
    pub rates: ReferenceRates,
    /// What may be charged.
    pub terms: LatePaymentTerms,
}

impl LegalData {
    /// The data of a folder, if one is set, else those that are compiled in.
    ///
    /// # Errors
    /// As [`LegalData::from_dir`].
    pub fn load(dir: Option<&Path>) -> anyhow::Result<Self> {
        dir.map_or_else(Self::compiled_in, Self::from_dir)
    }

    /// The data that are compiled in.
    ///
    /// # Errors
    /// A file was made unsound before the build; a test of this module notices that.
    pub fn compiled_in() -> anyhow::Result<Self> {
        Self::assemble(|file| Ok(Cow::Borrowed(file.compiled_in())))
    }

    /// The data of a folder; a file that is not in it leaves the one that is compiled in in force.
    ///
    /// # Errors
    /// A file that is there and cannot be read or is not sound, with its name and line.
    pub fn from_dir(dir: &Path) -> anyhow::Result<Self> {
        Self::assemble(|file| match fs::read_to_string(dir.join(file.name())) {
            Ok(text) => Ok(Cow::Owned(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Ok(Cow::Borrowed(file.compiled_in()))
            }
            Err(error) => Err(error.into()),
        })
    }

    fn assemble(
        text_of: impl Fn(LegalFile) -> anyhow::Result<Cow<'static, str>>,
    ) -> anyhow::Result<Self> {
        let read = |file: LegalFile| text_of(file).context(file.name());
        Ok(Self {
            banking_days: BankingDays::parse(&read(LegalFile::BankingDays)?)
                .context(LegalFile::BankingDays.name())?,
            rates: ReferenceRates::parse(&read(LegalFile::ReferenceRates)?)
                .context(LegalFile::ReferenceRates.name())?,
            terms: LatePaymentTerms::parse(&read(LegalFile::Terms)?)
                .context(LegalFile::Terms.name())?,
        })
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) enum LegalFile {
    BankingDays,
    ReferenceRates,
    Terms,
}

impl LegalFile {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::BankingDays => "banking_days_dk.csv",
            Self::ReferenceRates => "late_interest_dk.csv",
            Self::Terms => "late_payment_terms_dk.csv",
        }
    }

    const fn compiled_in(self) -> &'static str {
        match self {
            Self::BankingDays => include_str!("../../../data/banking_days_dk.csv"),
            Self::ReferenceRates => include_str!("../../../data/late_interest_dk.csv"),
            Self::Terms => include_str!("../../../data/late_payment_terms_dk.csv"),
        }
    }
}

/// What the files do not know, as a refusal that names it and the file.
pub(super) fn unknown(what_en: &str, what_da: &str, file: LegalFile) -> Refusal {
    let file = file.name();
    Refusal::new(
        RefusalCode::NoLegalRate,
        "",
        format!("{what_en} is not known; add it to {file}."),
        format!("{what_da} kendes ikke; tilføj den i {file}."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_takes_the_place_of_single_files() {
        let compiled = LegalData::compiled_in().unwrap();
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(LegalData::from_dir(folder.path()).unwrap(), compiled);
        let path = folder.path().join("late_interest_dk.csv");
        fs::write(
            &path,
            "from,reference_percent,source\n2026-07-01,2.10,test\n",
        )
        .unwrap();
        let other = LegalData::from_dir(folder.path()).unwrap();
        assert_eq!(other.banking_days, compiled.banking_days);
        assert_ne!(other.rates, compiled.rates);
        fs::write(
            &path,
            "from,reference_percent,source\n2026-07-02,2.10,test\n",
        )
        .unwrap();
        let refused = format!("{:#}", LegalData::from_dir(folder.path()).unwrap_err());
        assert!(refused.contains("late_interest_dk.csv"), "{refused}");
    }
}
