//! When an activity is delivered: what must be there before the network may say so. Pure; what is there
//! comes in as facts. What it is not: the saying, or the city's word.

use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::programme::activities::model::ActivityKind;

/// What is known of an activity.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Facts {
    /// Its last day is over where it takes place.
    pub is_over: bool,
    /// There is a report.
    pub has_report: bool,
    /// A document of it is not final.
    pub document_is_open: bool,
    /// The assessment that it is has approved scores.
    pub scores_are_approved: bool,
    /// There are minutes.
    pub has_minutes: bool,
    /// An expert came.
    pub expert_came: bool,
    /// Somebody of the secretariat came.
    pub secretariat_came: bool,
    /// Somebody of the city came.
    pub city_came: bool,
    /// Somebody came who decides for the city.
    pub decision_maker_came: bool,
    /// The package promises an index that is not submitted.
    pub index_is_missing: bool,
    /// The package promises an expert visit that is not accepted.
    pub visit_is_missing: bool,
    /// The package promises analyses, and none is submitted.
    pub analyses_are_missing: bool,
    /// It says what it is about.
    pub has_topic: bool,
    /// Another analysis of the package is about the same.
    pub topic_repeats: bool,
    /// Another study visit of the package went to the same host.
    pub host_repeats: bool,
    /// The contract demands different hosts.
    pub different_hosts: bool,
}

crate::text_enum! {
    /// What an activity lacks.
    pub enum Lack {
        /// Its last day is still to come.
        NotOver = "NOT_OVER",
        /// There is no report.
        Report = "REPORT",
        /// Its document is not final: the city has not had its time to check the facts.
        FinalDocument = "FINAL_DOCUMENT",
        /// No assessment of it has approved scores.
        ApprovedScores = "APPROVED_SCORES",
        /// There are no minutes.
        Minutes = "MINUTES",
        /// No expert is noted as present.
        Expert = "EXPERT",
        /// Nobody of the secretariat is noted as present.
        Secretariat = "SECRETARIAT",
        /// Nobody of the city is noted as present.
        Delegation = "DELEGATION",
        /// Nobody who decides for the city is noted as present.
        DecisionMaker = "DECISION_MAKER",
        /// The index comes first.
        Index = "INDEX",
        /// The expert visit comes first.
        ExpertVisit = "EXPERT_VISIT",
        /// A policy analysis comes first; this is advice, and does not bar.
        PolicyAnalysis = "POLICY_ANALYSIS",
        /// It does not say what it is about.
        Topic = "TOPIC",
        /// Another analysis of the package is about the same.
        OtherTopic = "OTHER_TOPIC",
        /// Another study visit of the package went to the same host; this bars only where the contract says
        /// so.
        OtherHost = "OTHER_HOST",
    }
}

impl Lack {
    /// What is missing and what to do, in Danish and English.
    #[must_use]
    pub const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::NotOver => ("Its last day is not over.", "Den sidste dag er ikke forbi."),
            Self::Report => (
                "There is no report; add it as a document.",
                "Der er ingen rapport; tilføj den som dokument.",
            ),
            Self::FinalDocument => (
                "Its document is not final; let the city check the facts, and make it final.",
                "Dens dokument er ikke endeligt; lad byen kontrollere fakta, og gør det endeligt.",
            ),
            Self::ApprovedScores => (
                "It has no assessment with approved scores; the city submits one for this activity, and the secretariat approves it.",
                "Den har ingen vurdering med godkendte point; byen afleverer en for denne aktivitet, og sekretariatet godkender den.",
            ),
            Self::Minutes => (
                "There are no minutes; add them as a document.",
                "Der er intet referat; tilføj det som dokument.",
            ),
            Self::Expert => (
                "No expert is noted as present.",
                "Ingen ekspert er noteret som til stede.",
            ),
            Self::Secretariat => (
                "Nobody of the secretariat is noted as present.",
                "Ingen fra sekretariatet er noteret som til stede.",
            ),
            Self::Delegation => (
                "Nobody of the city is noted as present.",
                "Ingen fra byen er noteret som til stede.",
            ),
            Self::DecisionMaker => (
                "Nobody who decides for the city is noted as present.",
                "Ingen beslutningstager fra byen er noteret som til stede.",
            ),
            Self::Index => (
                "The index of the package comes first and is not submitted.",
                "Pakkens indeks kommer først og er ikke afleveret.",
            ),
            Self::ExpertVisit => (
                "The expert visit of the package comes first and is not accepted.",
                "Pakkens ekspertbesøg kommer først og er ikke godkendt.",
            ),
            Self::PolicyAnalysis => (
                "A policy analysis of the package should come first.",
                "En af pakkens politikanalyser bør komme først.",
            ),
            Self::Topic => (
                "Say what it is about; plan it again with a topic.",
                "Sig, hvad den handler om; planlæg den igen med et emne.",
            ),
            Self::OtherTopic => (
                "Another analysis of the package has the same topic.",
                "En anden analyse i pakken har samme emne.",
            ),
            Self::OtherHost => (
                "Another study visit of the package went to the same city.",
                "Et andet studiebesøg i pakken gik til samme by.",
            ),
        }
    }

    fn refusal(self) -> Refusal {
        let (en, da) = self.words();
        Refusal::new(RefusalCode::Required, "activityId", en, da)
    }
}

/// What bars the delivery of an activity of a kind.
#[must_use]
pub fn missing(kind: ActivityKind, facts: &Facts) -> Vec<Lack> {
    use ActivityKind as K;
    let not_over = (!facts.is_over, Lack::NotOver);
    let report = (!facts.has_report, Lack::Report);
    let document = (facts.document_is_open, Lack::FinalDocument);
    let delegation = (!facts.city_came, Lack::Delegation);
    let found = match kind {
        K::Index => vec![
            not_over,
            (!facts.scores_are_approved, Lack::ApprovedScores),
            report,
        ],
        K::ExpertVisit => vec![
            not_over,
            (facts.index_is_missing, Lack::Index),
            (!facts.expert_came, Lack::Expert),
            (!facts.secretariat_came, Lack::Secretariat),
        ],
        K::SwotReport => vec![
            report,
            document,
            (facts.visit_is_missing, Lack::ExpertVisit),
        ],
        K::PolicyAnalysis => vec![
            report,
            document,
            (!facts.has_topic, Lack::Topic),
            (facts.topic_repeats, Lack::OtherTopic),
        ],
        K::VisionWorkshop => vec![
            not_over,
            (!facts.decision_maker_came, Lack::DecisionMaker),
            (!facts.has_minutes, Lack::Minutes),
        ],
        K::StudyVisit => vec![
            not_over,
            delegation,
            (facts.host_repeats && facts.different_hosts, Lack::OtherHost),
        ],
        K::CompetenceTraining => vec![not_over, (!facts.decision_maker_came, Lack::DecisionMaker)],
        K::VisionDebate => vec![not_over, delegation],
        K::StrategyAssistance => vec![report, document],
        K::Diagnosis | K::PolicyAdvice => vec![report],
    };
    present(found)
}

/// What is unusual about an activity, and does not bar its delivery.
#[must_use]
pub fn warnings(kind: ActivityKind, facts: &Facts) -> Vec<Lack> {
    present(match kind {
        ActivityKind::VisionWorkshop => {
            vec![(facts.analyses_are_missing, Lack::PolicyAnalysis)]
        }
        ActivityKind::StudyVisit => vec![(
            facts.host_repeats && !facts.different_hosts,
            Lack::OtherHost,
        )],
        _ => Vec::new(),
    })
}

/// Checks that nothing bars the delivery; finds everything that does.
///
/// # Errors
/// `Required` for each thing that is missing.
pub(super) fn check(kind: ActivityKind, facts: &Facts) -> Result<(), Vec<Refusal>> {
    let problems: Vec<Refusal> = missing(kind, facts)
        .into_iter()
        .map(Lack::refusal)
        .collect();
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems)
    }
}

fn present(found: Vec<(bool, Lack)>) -> Vec<Lack> {
    found
        .into_iter()
        .filter_map(|(holds, lack)| holds.then_some(lack))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ActivityKind as K;

    fn complete() -> Facts {
        Facts {
            is_over: true,
            has_report: true,
            scores_are_approved: true,
            has_minutes: true,
            expert_came: true,
            secretariat_came: true,
            city_came: true,
            decision_maker_came: true,
            has_topic: true,
            ..Facts::default()
        }
    }

    #[test]
    fn what_is_complete_is_delivered() {
        for kind in ActivityKind::ALL {
            assert_eq!(check(*kind, &complete()), Ok(()), "{kind}");
            assert!(warnings(*kind, &complete()).is_empty(), "{kind}");
        }
    }

    #[test]
    fn each_kind_says_what_it_lacks() {
        let nothing = Facts {
            document_is_open: true,
            index_is_missing: true,
            visit_is_missing: true,
            analyses_are_missing: true,
            topic_repeats: true,
            host_repeats: true,
            different_hosts: true,
            ..Facts::default()
        };
        for (kind, lacks) in [
            (
                K::Index,
                vec![Lack::NotOver, Lack::ApprovedScores, Lack::Report],
            ),
            (
                K::ExpertVisit,
                vec![Lack::NotOver, Lack::Index, Lack::Expert, Lack::Secretariat],
            ),
            (
                K::SwotReport,
                vec![Lack::Report, Lack::FinalDocument, Lack::ExpertVisit],
            ),
            (
                K::PolicyAnalysis,
                vec![
                    Lack::Report,
                    Lack::FinalDocument,
                    Lack::Topic,
                    Lack::OtherTopic,
                ],
            ),
            (
                K::VisionWorkshop,
                vec![Lack::NotOver, Lack::DecisionMaker, Lack::Minutes],
            ),
            (
                K::StudyVisit,
                vec![Lack::NotOver, Lack::Delegation, Lack::OtherHost],
            ),
            (
                K::StrategyAssistance,
                vec![Lack::Report, Lack::FinalDocument],
            ),
            (K::Diagnosis, vec![Lack::Report]),
            (K::PolicyAdvice, vec![Lack::Report]),
            (
                K::CompetenceTraining,
                vec![Lack::NotOver, Lack::DecisionMaker],
            ),
            (K::VisionDebate, vec![Lack::NotOver, Lack::Delegation]),
        ] {
            assert_eq!(missing(kind, &nothing), lacks, "{kind}");
            let refused = check(kind, &nothing).unwrap_err();
            assert_eq!(refused.len(), lacks.len());
        }
    }

    #[test]
    fn the_same_host_twice_is_advice_unless_the_contract_says_otherwise() {
        for (different_hosts, bars, advice) in [
            (false, vec![], vec![Lack::OtherHost]),
            (true, vec![Lack::OtherHost], vec![]),
        ] {
            let facts = Facts {
                host_repeats: true,
                different_hosts,
                ..complete()
            };
            assert_eq!(missing(K::StudyVisit, &facts), bars);
            assert_eq!(warnings(K::StudyVisit, &facts), advice);
        }
        let early = Facts {
            analyses_are_missing: true,
            ..complete()
        };
        assert_eq!(warnings(K::VisionWorkshop, &early), [Lack::PolicyAnalysis]);
        assert!(missing(K::VisionWorkshop, &early).is_empty());
    }
}
