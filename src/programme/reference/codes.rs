//! The closed lists of the reference data as enums, with the code each value has in files and in the API.
//! The order of the values is the order in which they are shown. Names for people are not here: they are
//! texts in `data/reference`.

use std::str::FromStr;

/// A code that is not in its list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code:?} is not a {list}")]
pub struct UnknownCode {
    /// What the code should have been: `policy model`.
    pub list: &'static str,
    /// The code as it was written.
    pub code: String,
}

/// A way for a city to deal with diversity: a column of the policy table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PolicyModel {
    /// Interaction, dialogue and exchange between groups; the network's own model.
    Intercultural,
    /// Recognition and support of each group.
    Multicultural,
    /// Minorities are expected to become like the majority.
    Assimilation,
}

impl PolicyModel {
    /// All values, in the order in which they are shown.
    pub const ALL: [Self; 3] = [Self::Intercultural, Self::Multicultural, Self::Assimilation];

    /// The code in files and in the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Intercultural => "INTERCULTURAL",
            Self::Multicultural => "MULTICULTURAL",
            Self::Assimilation => "ASSIMILATION",
        }
    }
}

impl FromStr for PolicyModel {
    type Err = UnknownCode;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|value| value.as_str() == code)
            .ok_or_else(|| unknown("policy model", code))
    }
}

/// A kind of thing that the package of activities delivers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeliverableKind {
    /// The initial evaluation by the intercultural city index.
    Index,
    /// A visit of experts to the city.
    ExpertVisit,
    /// The report of the in-depth assessment: strengths, weaknesses, opportunities, threats.
    SwotReport,
    /// An analysis of one of the city's policies.
    PolicyAnalysis,
    /// The workshop in which the city establishes its vision.
    VisionWorkshop,
    /// A visit of the city's delegation to another city.
    StudyVisit,
    /// Help with the city's intercultural strategy.
    StrategyAssistance,
}

impl DeliverableKind {
    /// All values, in the order in which they are shown.
    pub const ALL: [Self; 7] = [
        Self::Index,
        Self::ExpertVisit,
        Self::SwotReport,
        Self::PolicyAnalysis,
        Self::VisionWorkshop,
        Self::StudyVisit,
        Self::StrategyAssistance,
    ];

    /// The code in files and in the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Index => "INDEX",
            Self::ExpertVisit => "EXPERT_VISIT",
            Self::SwotReport => "SWOT_REPORT",
            Self::PolicyAnalysis => "POLICY_ANALYSIS",
            Self::VisionWorkshop => "VISION_WORKSHOP",
            Self::StudyVisit => "STUDY_VISIT",
            Self::StrategyAssistance => "STRATEGY_ASSISTANCE",
        }
    }
}

impl FromStr for DeliverableKind {
    type Err = UnknownCode;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|value| value.as_str() == code)
            .ok_or_else(|| unknown("kind of deliverable", code))
    }
}

/// An activity that a city can take without the package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SingleActivityKind {
    /// Diagnosis of the present approach, with recommendations.
    Diagnosis,
    /// Advice on a topic of governance or policy.
    PolicyAdvice,
    /// Training of decision makers in intercultural competences.
    CompetenceTraining,
    /// Debates, vision building and workshops for new policy.
    VisionDebate,
}

impl SingleActivityKind {
    /// All values, in the order in which they are shown.
    pub const ALL: [Self; 4] = [
        Self::Diagnosis,
        Self::PolicyAdvice,
        Self::CompetenceTraining,
        Self::VisionDebate,
    ];

    /// The code in files and in the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Diagnosis => "DIAGNOSIS",
            Self::PolicyAdvice => "POLICY_ADVICE",
            Self::CompetenceTraining => "COMPETENCE_TRAINING",
            Self::VisionDebate => "VISION_DEBATE",
        }
    }
}

impl FromStr for SingleActivityKind {
    type Err = UnknownCode;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|value| value.as_str() == code)
            .ok_or_else(|| unknown("single activity", code))
    }
}

/// How a source qualifies a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FigureQualifier {
    /// The source gives the figure without qualification.
    Exactly,
    /// The source says that there are more.
    MoreThan,
    /// The figure is a mean.
    Average,
}

impl FigureQualifier {
    /// All values, in the order in which they are shown.
    pub const ALL: [Self; 3] = [Self::Exactly, Self::MoreThan, Self::Average];

    /// The code in files and in the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Exactly => "EXACTLY",
            Self::MoreThan => "MORE_THAN",
            Self::Average => "AVERAGE",
        }
    }
}

impl FromStr for FigureQualifier {
    type Err = UnknownCode;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|value| value.as_str() == code)
            .ok_or_else(|| unknown("qualifier of a figure", code))
    }
}

/// Whether a network spans countries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NetworkLevel {
    /// The network of the Council of Europe, across countries.
    International,
    /// A network of the cities of one country.
    National,
}

impl NetworkLevel {
    /// All values, in the order in which they are shown.
    pub const ALL: [Self; 2] = [Self::International, Self::National];

    /// The code in files and in the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::International => "INTERNATIONAL",
            Self::National => "NATIONAL",
        }
    }
}

impl FromStr for NetworkLevel {
    type Err = UnknownCode;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|value| value.as_str() == code)
            .ok_or_else(|| unknown("level of a network", code))
    }
}

fn unknown(list: &'static str, code: &str) -> UnknownCode {
    UnknownCode {
        list,
        code: code.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_read_back_as_its_value() {
        for value in PolicyModel::ALL {
            assert_eq!(value.as_str().parse(), Ok(value));
        }
        for value in DeliverableKind::ALL {
            assert_eq!(value.as_str().parse(), Ok(value));
        }
        for value in SingleActivityKind::ALL {
            assert_eq!(value.as_str().parse(), Ok(value));
        }
        for value in FigureQualifier::ALL {
            assert_eq!(value.as_str().parse(), Ok(value));
        }
        for value in NetworkLevel::ALL {
            assert_eq!(value.as_str().parse(), Ok(value));
        }
    }

    #[test]
    fn a_code_is_read_exactly_or_not_at_all() {
        for code in [
            "",
            "assimilation",
            "ASSIMILATION ",
            "Assimilation",
            "TRANSPORT",
        ] {
            assert_eq!(
                code.parse::<PolicyModel>(),
                Err(unknown("policy model", code))
            );
        }
        assert_eq!(
            unknown("policy model", "TRANSPORT").to_string(),
            "\"TRANSPORT\" is not a policy model"
        );
    }
}
