//! The closed lists of the reference data, with the word each value has in files, in the database and in the
//! API. The order of the values is the order in which they are shown. Names for people are not here: they are
//! texts in `data/reference`.

crate::text_enum! {
    /// A way for a city to deal with diversity: a column of the policy table.
    pub enum PolicyModel {
        /// Interaction, dialogue and exchange between groups; the network's own model.
        Intercultural = "INTERCULTURAL",
        /// Recognition and support of each group.
        Multicultural = "MULTICULTURAL",
        /// Minorities are expected to become like the majority.
        Assimilation = "ASSIMILATION",
    }
}

crate::text_enum! {
    /// A kind of thing that the package of activities delivers.
    pub enum DeliverableKind {
        /// The initial evaluation by the intercultural city index.
        Index = "INDEX",
        /// A visit of experts to the city.
        ExpertVisit = "EXPERT_VISIT",
        /// The report of the in-depth assessment: strengths, weaknesses, opportunities, threats.
        SwotReport = "SWOT_REPORT",
        /// An analysis of one of the city's policies.
        PolicyAnalysis = "POLICY_ANALYSIS",
        /// The workshop in which the city establishes its vision.
        VisionWorkshop = "VISION_WORKSHOP",
        /// A visit of the city's delegation to another city.
        StudyVisit = "STUDY_VISIT",
        /// Help with the city's intercultural strategy.
        StrategyAssistance = "STRATEGY_ASSISTANCE",
    }
}

crate::text_enum! {
    /// An activity that a city can take without the package.
    pub enum SingleActivityKind {
        /// Diagnosis of the present approach, with recommendations.
        Diagnosis = "DIAGNOSIS",
        /// Advice on a topic of governance or policy.
        PolicyAdvice = "POLICY_ADVICE",
        /// Training of decision makers in intercultural competences.
        CompetenceTraining = "COMPETENCE_TRAINING",
        /// Debates, vision building and workshops for new policy.
        VisionDebate = "VISION_DEBATE",
    }
}

crate::text_enum! {
    /// How a source qualifies a figure.
    pub enum FigureQualifier {
        /// The source gives the figure without qualification.
        Exactly = "EXACTLY",
        /// The source says that there are more.
        MoreThan = "MORE_THAN",
        /// The figure is a mean.
        Average = "AVERAGE",
    }
}

crate::text_enum! {
    /// Whether a network spans countries.
    pub enum NetworkLevel {
        /// The network of the Council of Europe, across countries.
        International = "INTERNATIONAL",
        /// A network of the cities of one country.
        National = "NATIONAL",
    }
}
