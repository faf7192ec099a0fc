//! Puts the reference data together: from the files compiled into the binary, or from a folder that
//! overrides them file by file. It opens files; what a file may say is decided in `read_policy`,
//! `read_offer`, `read_indicators`, `read_practices` and `read_networks`.

use std::{borrow::Cow, fs, io, path::Path};

use super::{
    codes::{DeliverableKind, SingleActivityKind},
    error::ReferenceError,
    model::{
        Deliverable, IndicatorName, Network, PartnerKindEntry, PolicyTable, Practice,
        SingleActivity, Step,
    },
    read_indicators::parse_indicators,
    read_networks::parse_networks,
    read_offer::{parse_deliverables, parse_partner_kinds, parse_single_activities},
    read_policy::{parse_policy_table, parse_steps},
    read_practices::parse_practices,
};
use crate::kernel::indicator::Indicator;

/// All reference data, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The ten steps, 1 to 10.
    pub steps: Vec<Step>,
    /// Eight areas under three models.
    pub policy_table: PolicyTable,
    /// What the package delivers: seven kinds in the order of [`super::DeliverableKind::ALL`].
    pub deliverables: Vec<Deliverable>,
    /// What a city can take without the package, in the order of [`super::SingleActivityKind::ALL`].
    pub single_activities: Vec<SingleActivity>,
    /// The kinds of partner, in the order of [`super::PartnerKind::ALL`].
    pub partner_kinds: Vec<PartnerKindEntry>,
    /// The indicators of the index, in its order.
    pub indicators: Vec<IndicatorName>,
    /// The examples of good practice, in the order of the file.
    pub practices: Vec<Practice>,
    /// The international network and the national ones, in the order of the file.
    pub networks: Vec<Network>,
}

impl Reference {
    /// The reference data that is compiled into the binary.
    ///
    /// # Errors
    /// A file was edited into an unsound state before the build; the tests of this module notice that.
    pub fn compiled_in() -> Result<Self, ReferenceError> {
        Self::assemble(|file| Ok(Cow::Borrowed(file.compiled_in())))
    }

    /// The reference data of a folder that holds files such as `steps.toml`. A file that is not in the
    /// folder leaves the one that is compiled in in force; this is how a network changes one text without
    /// keeping copies of all the others. Files that do not end in `.toml` are not looked at.
    ///
    /// # Errors
    /// The folder does not exist or cannot be read, holds a `.toml` file of another name, or holds a file
    /// that is not sound. A file that is there but cannot be read never falls back to the compiled-in one.
    pub fn from_dir(dir: &Path) -> Result<Self, ReferenceError> {
        refuse_unknown_files(dir)?;
        Self::assemble(|file| {
            let path = dir.join(file.name());
            match fs::read_to_string(&path) {
                Ok(text) => Ok(Cow::Owned(text)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    Ok(Cow::Borrowed(file.compiled_in()))
                }
                Err(source) => Err(ReferenceError::Unreadable { path, source }),
            }
        })
    }

    /// The step with this number; `None` unless it is 1 to 10.
    #[must_use]
    pub fn step(&self, number: u8) -> Option<&Step> {
        self.steps.iter().find(|step| step.number == number)
    }

    /// What the package says about this kind; every kind is there in data that was read from files.
    #[must_use]
    pub fn deliverable(&self, kind: DeliverableKind) -> Option<&Deliverable> {
        self.deliverables.iter().find(|row| row.kind == kind)
    }

    /// What is said about this single activity; every kind is there in data that was read from files.
    #[must_use]
    pub fn single_activity(&self, kind: SingleActivityKind) -> Option<&SingleActivity> {
        self.single_activities.iter().find(|row| row.kind == kind)
    }

    /// The name of an indicator; every indicator is there in data that was read from files.
    #[must_use]
    pub fn indicator(&self, indicator: Indicator) -> Option<&IndicatorName> {
        self.indicators
            .iter()
            .find(|row| row.indicator == indicator)
    }

    fn assemble(
        text_of: impl Fn(ReferenceFile) -> Result<Cow<'static, str>, ReferenceError>,
    ) -> Result<Self, ReferenceError> {
        Ok(Self {
            steps: parse_steps(&text_of(ReferenceFile::Steps)?)?,
            policy_table: parse_policy_table(&text_of(ReferenceFile::PolicyTable)?)?,
            deliverables: parse_deliverables(&text_of(ReferenceFile::Deliverables)?)?,
            single_activities: parse_single_activities(&text_of(ReferenceFile::SingleActivities)?)?,
            partner_kinds: parse_partner_kinds(&text_of(ReferenceFile::PartnerKinds)?)?,
            indicators: parse_indicators(&text_of(ReferenceFile::Indicators)?)?,
            practices: parse_practices(&text_of(ReferenceFile::Practices)?)?,
            networks: parse_networks(&text_of(ReferenceFile::Networks)?)?,
        })
    }
}

/// The files of reference data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ReferenceFile {
    Steps,
    PolicyTable,
    Deliverables,
    SingleActivities,
    PartnerKinds,
    Indicators,
    Practices,
    Networks,
}

impl ReferenceFile {
    const ALL: [Self; 8] = [
        Self::Steps,
        Self::PolicyTable,
        Self::Deliverables,
        Self::SingleActivities,
        Self::PartnerKinds,
        Self::Indicators,
        Self::Practices,
        Self::Networks,
    ];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Steps => "steps.toml",
            Self::PolicyTable => "policy_table.toml",
            Self::Deliverables => "deliverables.toml",
            Self::SingleActivities => "single_activities.toml",
            Self::PartnerKinds => "partner_kinds.toml",
            Self::Indicators => "indicators.toml",
            Self::Practices => "practices.toml",
            Self::Networks => "networks.toml",
        }
    }

    pub(super) const fn compiled_in(self) -> &'static str {
        match self {
            Self::Steps => include_str!("../../../data/reference/steps.toml"),
            Self::PolicyTable => include_str!("../../../data/reference/policy_table.toml"),
            Self::Deliverables => include_str!("../../../data/reference/deliverables.toml"),
            Self::SingleActivities => {
                include_str!("../../../data/reference/single_activities.toml")
            }
            Self::PartnerKinds => include_str!("../../../data/reference/partner_kinds.toml"),
            Self::Indicators => include_str!("../../../data/reference/indicators.toml"),
            Self::Practices => include_str!("../../../data/reference/practices.toml"),
            Self::Networks => include_str!("../../../data/reference/networks.toml"),
        }
    }
}

fn refuse_unknown_files(dir: &Path) -> Result<(), ReferenceError> {
    let unreadable = |source| ReferenceError::Unreadable {
        path: dir.to_owned(),
        source,
    };
    for entry in fs::read_dir(dir).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let is_toml = path
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("toml"));
        let is_known = ReferenceFile::ALL
            .iter()
            .any(|file| path.file_name() == Some(file.name().as_ref()));
        if is_toml && !is_known {
            return Err(ReferenceError::UnknownFile { path });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::policy_area::PolicyArea;
    use crate::programme::reference::{
        DeliverableKind, FigureQualifier, NetworkLevel, PolicyModel,
    };

    fn compiled_in() -> Reference {
        Reference::compiled_in().unwrap()
    }

    #[test]
    fn the_compiled_in_files_are_sound_and_whole() {
        let reference = compiled_in();
        let numbers: Vec<_> = reference.steps.iter().map(|step| step.number).collect();
        assert_eq!(numbers, (1..=10).collect::<Vec<_>>());
        assert_eq!(reference.policy_table.areas.len(), 8);
        assert_eq!(reference.policy_table.models.len(), 3);
        assert_eq!(reference.policy_table.cells.len(), 24);
        assert_eq!(reference.single_activities.len(), 4);
        assert_eq!(reference.partner_kinds.len(), 3);
        let units: Vec<_> = reference
            .deliverables
            .iter()
            .map(|row| (row.kind, row.units))
            .collect();
        assert_eq!(
            units,
            [
                (DeliverableKind::Index, 1),
                (DeliverableKind::ExpertVisit, 1),
                (DeliverableKind::SwotReport, 1),
                (DeliverableKind::PolicyAnalysis, 2),
                (DeliverableKind::VisionWorkshop, 1),
                (DeliverableKind::StudyVisit, 2),
                (DeliverableKind::StrategyAssistance, 1),
            ]
        );
    }

    #[test]
    fn texts_are_the_memos_words_without_its_hyphens() {
        let reference = compiled_in();
        assert_eq!(
            reference.step(4).unwrap().text.da,
            "Invester i sprog træning."
        );
        assert_eq!(reference.step(9).unwrap().text.en, "Welcoming newcomers");
        assert_eq!(reference.step(0), None);
        assert_eq!(reference.step(11), None);
        let cell = reference
            .policy_table
            .cell(PolicyArea::Education, PolicyModel::Intercultural)
            .unwrap();
        assert_eq!(
            cell.text.da,
            "National og modersmålsundervisning. Interkulturelle kompetencer til alle. Disagregering."
        );
    }

    #[test]
    fn practices_carry_the_memos_figures() {
        let reference = compiled_in();
        let practices: Vec<_> = reference
            .practices
            .iter()
            .map(|row| (row.city.as_str(), row.country.as_str(), row.year))
            .collect();
        assert_eq!(
            practices,
            [
                ("Oslo", "NO", Some(2001)),
                ("Lyon", "FR", Some(2010)),
                ("Bradford", "GB", None),
                ("Vic", "ES", None),
                ("London", "GB", None),
                ("Rotterdam", "NL", None),
                ("Liverpool", "GB", None),
            ]
        );
        let figures: Vec<_> = reference
            .practices
            .iter()
            .flat_map(|row| &row.figures)
            .map(|figure| {
                (
                    figure.qualifier,
                    figure.value.as_str(),
                    figure.unit.en.as_str(),
                )
            })
            .collect();
        assert_eq!(
            figures,
            [
                (FigureQualifier::MoreThan, "70", "schools"),
                (FigureQualifier::Average, "2.6", "friendships"),
                (FigureQualifier::Exactly, "40000", "inhabitants"),
                (FigureQualifier::Exactly, "3", "mediators"),
                (FigureQualifier::Exactly, "4", "police officers"),
                (FigureQualifier::Exactly, "1300", "member organisations"),
            ]
        );
        assert!(reference.practices.iter().all(|row| row.links.editorial));
    }

    #[test]
    fn the_international_network_has_the_memos_rounds() {
        let reference = compiled_in();
        let international = reference
            .networks
            .iter()
            .find(|row| row.level == NetworkLevel::International)
            .unwrap();
        let rounds: Vec<_> = international
            .rounds
            .iter()
            .map(|round| (round.first_year, round.last_year, round.city_count))
            .collect();
        assert_eq!(rounds, [(2008, None, Some(11)), (2010, Some(2012), None)]);
    }

    #[test]
    fn a_folder_overrides_file_by_file() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(Reference::from_dir(dir.path()).unwrap(), compiled_in());

        let steps = ReferenceFile::Steps
            .compiled_in()
            .replace("Language training", "Language learning");
        fs::write(dir.path().join("steps.toml"), steps).unwrap();
        fs::write(dir.path().join("notes.txt"), "not looked at").unwrap();
        let changed = Reference::from_dir(dir.path()).unwrap();
        assert_eq!(changed.step(4).unwrap().name.en, "Language learning");
        assert_eq!(changed.policy_table, compiled_in().policy_table);
    }

    #[test]
    fn a_folder_with_a_fault_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let absent = Reference::from_dir(&dir.path().join("absent")).unwrap_err();
        assert!(matches!(absent, ReferenceError::Unreadable { .. }));

        fs::write(dir.path().join("step.toml"), "").unwrap();
        let misspelt = Reference::from_dir(dir.path()).unwrap_err();
        assert!(matches!(misspelt, ReferenceError::UnknownFile { .. }));
        fs::remove_file(dir.path().join("step.toml")).unwrap();

        fs::write(dir.path().join("steps.toml"), "").unwrap();
        let empty = Reference::from_dir(dir.path()).unwrap_err();
        assert!(
            empty
                .to_string()
                .starts_with("steps.toml: line 1: missing field")
        );

        fs::write(dir.path().join("steps.toml"), b"\xe6").unwrap();
        let latin1 = Reference::from_dir(dir.path()).unwrap_err();
        assert!(matches!(latin1, ReferenceError::Unreadable { .. }));
    }
}
