//! Scores in the schema, of one assessment and beside those of others. What it is not: their computing.

use async_graphql::{Context, Object, SimpleObject};

use crate::api::context::{InOperation, reference};
use crate::api::scalars::{Date, Decimal, LanguageTag};
use crate::kernel::indicator::Indicator;
use crate::programme::assessments::benchmarks::{Benchmark, PeerGroup, Standing};
use crate::programme::assessments::comparison::{AnswerChange, Comparison, IndicatorChange};
use crate::programme::assessments::improvement::Improvement;
use crate::programme::assessments::scoring::{self, Score, Tallies, Tally};
use crate::programme::questionnaires::{Content, Question, QuestionOption};

/// A score from 0 to 100, or a difference of two.
#[Object(name = "IndexScore")]
impl Score {
    /// Rounded half up to one decimal.
    async fn value(&self) -> Decimal {
        Decimal(self.rounded())
    }

    /// Exactly, as a fraction in lowest terms: "175/3".
    #[graphql(name = "exact")]
    async fn exact_value(&self) -> String {
        self.exact()
    }
}

/// What an assessment earned.
#[derive(Debug, SimpleObject)]
#[graphql(name = "IndexScores")]
pub struct ShownScores {
    /// The index: the mean of the indicators that have a score, each by its weight. Null without any.
    index: Option<Score>,
    /// Urban policies through the intercultural lens: the mean of the six indicators from education to public
    /// spaces that have a score. Null without any.
    lens: Option<Score>,
    /// The indicators, in the order of the index.
    indicators: Vec<ShownTally>,
}

impl ShownScores {
    /// The scores by a questionnaire.
    #[must_use]
    pub fn of(content: &Content, tallies: &Tallies) -> Self {
        let shown = |(indicator, tally): (&Indicator, &Tally)| ShownTally {
            indicator: *indicator,
            weight: content.weight(*indicator),
            tally: *tally,
        };
        Self {
            index: scoring::index(content, tallies),
            lens: scoring::lens(tallies),
            indicators: tallies.iter().map(shown).collect(),
        }
    }
}

/// What the questions of an indicator earned.
#[derive(Debug)]
pub struct ShownTally {
    indicator: Indicator,
    weight: i64,
    tally: Tally,
}

/// What the questions of an indicator earned.
#[Object(name = "IndicatorScore")]
impl ShownTally {
    /// Which.
    async fn indicator(&self) -> Indicator {
        self.indicator
    }

    /// Its name.
    async fn name(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Danish or English; the language of the request by default.")]
        language: Option<LanguageTag>,
    ) -> String {
        let named = reference(context).indicator(self.indicator);
        let language = context.language(language.as_ref());
        named.map_or_else(String::new, |one| one.name.in_language(language).to_owned())
    }

    /// How much it weighs in the index.
    async fn weight(&self) -> i64 {
        self.weight
    }

    /// The score; null when no question applies.
    async fn score(&self) -> Option<Score> {
        self.tally.score()
    }

    /// What the answers earned.
    async fn points(&self) -> i64 {
        self.tally.points
    }

    /// What they could have earned.
    async fn most(&self) -> i64 {
        self.tally.most
    }

    /// How many questions are answered.
    async fn answered(&self) -> i32 {
        self.tally.answered
    }

    /// How many are not; they count as nothing earned.
    async fn missing(&self) -> i32 {
        self.tally.missing
    }

    /// How many do not apply; they count for nothing.
    async fn not_applicable(&self) -> i32 {
        self.tally.not_applicable
    }
}

/// A better answer, and what it would bring.
#[Object(name = "IndexImprovement")]
impl Improvement {
    /// The question.
    async fn question(&self) -> &Question {
        &self.question
    }

    /// What the answer earns now.
    async fn points(&self) -> i64 {
        self.points
    }

    /// How much higher the index would be with the best answer.
    async fn gain(&self) -> &Score {
        &self.gain
    }

    /// The best answer.
    async fn best(&self) -> Vec<QuestionOption> {
        let most = self.question.most();
        let options = self.question.options.iter();
        let best = options
            .filter(|option| option.points > 0 && (self.question.several || option.points == most));
        best.cloned().collect()
    }
}

/// What changed between two assessments, over the questions that can be compared.
#[Object(name = "AssessmentComparison")]
impl Comparison {
    /// How many questions can be compared: of the same edition, or declared to be the same by the later
    /// one; applicable in both.
    async fn comparable(&self) -> usize {
        self.comparable
    }

    /// How many questions the later questionnaire has.
    async fn questions(&self) -> usize {
        self.questions
    }

    /// The index before, over the comparable questions alone, by the later weights.
    async fn before(&self) -> Option<&Score> {
        self.before.as_ref()
    }

    /// The index after.
    async fn after(&self) -> Option<&Score> {
        self.after.as_ref()
    }

    /// The indicators with a comparable question.
    async fn indicators(&self) -> &[IndicatorChange] {
        &self.indicators
    }
}

/// What changed in an indicator.
#[Object]
impl IndicatorChange {
    /// Which.
    async fn indicator(&self) -> Indicator {
        self.indicator
    }

    /// How many of its questions can be compared.
    async fn comparable(&self) -> usize {
        self.comparable
    }

    /// Its score before, over those alone.
    async fn before(&self) -> &Score {
        &self.before
    }

    /// Its score after.
    async fn after(&self) -> &Score {
        &self.after
    }

    /// By how much it changed.
    async fn change(&self) -> Score {
        self.after.above(&self.before)
    }

    /// The answers that changed it; their effects are the whole change.
    async fn answers(&self) -> &[AnswerChange] {
        &self.answers
    }
}

/// What an answer did to the score of its indicator.
#[Object]
impl AnswerChange {
    /// The question.
    async fn question(&self) -> &Question {
        &self.question
    }

    /// The codes of the options before; null when it was not answered.
    async fn before(&self) -> Option<&[String]> {
        self.before.as_deref()
    }

    /// The codes of the options after; null when it was not answered.
    async fn after(&self) -> Option<&[String]> {
        self.after.as_deref()
    }

    /// By how much it moved the score of the indicator.
    async fn effect(&self) -> &Score {
        &self.effect
    }
}

/// How a city stands beside others.
#[derive(Debug, SimpleObject)]
#[graphql(name = "AssessmentBenchmark")]
pub struct ShownBenchmark {
    /// Whom the city is compared with.
    group: PeerGroup,
    /// The day: the others' assessments are those that were published then.
    as_of: Date,
    /// How many other cities there are in the group; null where they are fewer than five.
    cities: Option<usize>,
    /// In the index; null where fewer than five others have one.
    index: Option<Standing>,
    /// In each indicator.
    indicators: Vec<IndicatorStanding>,
}

impl ShownBenchmark {
    /// The benchmark with a group on a day.
    #[must_use]
    pub fn of(group: PeerGroup, as_of: Date, found: Benchmark) -> Self {
        let indicators = found.indicators.into_iter();
        Self {
            group,
            as_of,
            cities: found.cities,
            index: found.index,
            indicators: indicators
                .map(|(indicator, standing)| IndicatorStanding {
                    indicator,
                    standing,
                })
                .collect(),
        }
    }
}

/// How a city stands beside others in an indicator.
#[derive(Debug, SimpleObject)]
pub struct IndicatorStanding {
    /// Which.
    indicator: Indicator,
    /// How it stands; null where fewer than five others have a score.
    standing: Option<Standing>,
}

/// How a score stands beside those of others.
#[Object(name = "IndexStanding")]
impl Standing {
    /// How many others have a score.
    async fn cities(&self) -> usize {
        self.cities
    }

    /// Their mean.
    async fn mean(&self) -> &Score {
        &self.mean
    }

    /// Their median.
    async fn median(&self) -> &Score {
        &self.median
    }

    /// The city's place among them and itself, 1 for the highest; equal scores share one. Null without a
    /// score.
    async fn rank(&self) -> Option<usize> {
        self.rank
    }
}
