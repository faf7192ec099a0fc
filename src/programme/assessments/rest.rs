//! `GET /api/v1/assessments/{id}/radar.svg` and `bars.svg`. What it is not: the drawing (`charts`).

use actix_web::{HttpResponse, web};
use serde::Deserialize;

use crate::api::download;
use crate::api::operation::Operation;
use crate::api::rest::{Fault, Rest};
use crate::db::Db;
use crate::db::workers::Lane;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{AssessmentId, Id};
use crate::kernel::language::Language;
use crate::kernel::phrase::Phrase;
use crate::programme::assessments::benchmarks::{self, PeerGroup};
use crate::programme::assessments::charts::{self, Line, Picture};
use crate::programme::assessments::graphql::may_see;
use crate::programme::assessments::scoring::{self, Score, Tally};
use crate::programme::assessments::{self, Assessment};
use crate::programme::questionnaires;
use crate::programme::reference::Reference;
use crate::registry::cities;

/// What the caller wants to see.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    language: Option<String>,
    group: Option<String>,
}

/// Hands the radar of an assessment out.
#[utoipa::path(
    get,
    path = "/api/v1/assessments/{id}/radar.svg",
    tag = "assessments",
    params(
        ("id" = String, Path, description = "The assessment's id."),
        ("language" = Option<String>, Query, description = "da or en; English by default."),
        ("group" = Option<String>, Query, description = "ALL, SIMILAR_SIZE or SIMILAR_DIVERSITY: the mean of these cities is drawn too, when they are at least five."),
        ("If-None-Match" = Option<String>, Header, description = "The ETag of what the caller has."),
    ),
    responses(
        (status = 200, body = String, content_type = "image/svg+xml", description = "The scores of the indicators around a centre, with a strong ETag."),
        (status = 304, description = "The caller has it already."),
        (status = 400, description = "The language or the group is none of those."),
        (status = 404, description = "There is no such assessment, or the caller may not know of it."),
    ),
    security((), ("bearer" = []))
)]
pub async fn radar(rest: Rest, id: web::Path<String>, wanted: web::Query<Wanted>) -> HttpResponse {
    let outcome = hand_out(&rest, id.into_inner(), &wanted, charts::radar).await;
    rest.answer(outcome)
}

/// Hands the bars of an assessment out.
#[utoipa::path(
    get,
    path = "/api/v1/assessments/{id}/bars.svg",
    tag = "assessments",
    params(
        ("id" = String, Path, description = "The assessment's id."),
        ("language" = Option<String>, Query, description = "da or en; English by default."),
        ("group" = Option<String>, Query, description = "ALL, SIMILAR_SIZE or SIMILAR_DIVERSITY: the mean of these cities is drawn too, when they are at least five."),
        ("If-None-Match" = Option<String>, Header, description = "The ETag of what the caller has."),
    ),
    responses(
        (status = 200, body = String, content_type = "image/svg+xml", description = "The scores of the indicators as bars, with a strong ETag."),
        (status = 304, description = "The caller has it already."),
        (status = 400, description = "The language or the group is none of those."),
        (status = 404, description = "There is no such assessment, or the caller may not know of it."),
    ),
    security((), ("bearer" = []))
)]
pub async fn bars(rest: Rest, id: web::Path<String>, wanted: web::Query<Wanted>) -> HttpResponse {
    let outcome = hand_out(&rest, id.into_inner(), &wanted, charts::bars).await;
    rest.answer(outcome)
}

async fn hand_out(
    rest: &Rest,
    id: String,
    wanted: &Wanted,
    draw: fn(&Picture) -> Result<String>,
) -> Result<HttpResponse, Fault> {
    let language = download::language_asked(wanted.language.as_deref())?.unwrap_or(Language::En);
    let group = wanted.group.as_deref().map(group_asked).transpose()?;
    let reference = rest.app().reference.clone();
    let drawn = rest
        .run(Lane::Reading, move |operation| {
            draw(&picture(operation, &reference, &id, language, group)?)
        })
        .await?;
    let media = "image/svg+xml";
    Ok(download::show(rest.request(), media, drawn.into_bytes()))
}

fn group_asked(word: &str) -> Result<PeerGroup> {
    word.parse().map_err(|_| {
        Error::BadRequest(Phrase::new(
            "The group is ALL, SIMILAR_SIZE or SIMILAR_DIVERSITY.",
            "Gruppen er ALL, SIMILAR_SIZE eller SIMILAR_DIVERSITY.",
        ))
    })
}

fn picture(
    operation: &Operation,
    reference: &Reference,
    id: &str,
    language: Language,
    group: Option<PeerGroup>,
) -> Result<Picture> {
    let missing = || Error::NotFound {
        kind: AssessmentId::KIND,
        id: id.to_owned(),
    };
    let known = AssessmentId::parse(id).map_err(|_| missing())?;
    let today = operation.today();
    operation.read(|db| {
        let assessment = assessments::find_many(db, &[known])?
            .into_iter()
            .find(|assessment| may_see(assessment, &operation.viewer))
            .ok_or_else(missing)?;
        let peers = group
            .map(|group| assessments::peers(db, &assessment, group, today))
            .transpose()?;
        drawn(db, &assessment, reference, language, peers.as_deref())
    })
}

fn drawn(
    db: &mut Db,
    assessment: &Assessment,
    reference: &Reference,
    language: Language,
    peers: Option<&[benchmarks::Peer]>,
) -> Result<Picture> {
    let city = cities::get(db, assessment.city_id)?;
    let known = cities::names_of_many(db, &[city.id])?.remove(&city.id);
    let local = known.unwrap_or_default().into_iter();
    let mut local = local.filter(|one| one.language == language.tag());
    let city = local.next().map_or(city.name, |one| one.name);
    let content = questionnaires::get(db, assessment.questionnaire_id)?.content()?;
    let tallies = assessments::tallies_of_many(db, std::slice::from_ref(assessment))?
        .remove(&assessment.id)
        .unwrap_or_default();
    let say = |phrase: Phrase| phrase.in_language(language).to_owned();
    let shown = |score: Option<&Score>| {
        let none = Phrase::new("no score", "ingen score");
        score.map_or_else(|| say(none), |score| decimal(score, language))
    };
    let scores: Vec<Option<Score>> = tallies.values().map(Tally::score).collect();
    let names: Vec<String> = tallies
        .keys()
        .zip(&scores)
        .map(|(indicator, score)| {
            let entry = reference.indicator(*indicator);
            let word = entry.map_or("", |one| one.name.in_language(language));
            format!("{word} {}", shown(score.as_ref()))
        })
        .collect();
    let index = scoring::index(&content, &tallies);
    let what = say(Phrase::new(
        "Intercultural city index",
        "Interkulturelt byindeks",
    ));
    let title = format!("{what}: {city} {}", shown(index.as_ref()));
    let found = peers.map(|peers| benchmarks::benchmark(&content, &tallies, peers));
    let others = found.and_then(|found| {
        let cities = found.cities?;
        let mean = found.indicators.into_iter();
        let mean = mean.map(|(_, standing)| standing.map(|standing| standing.mean.to_draw()));
        Some(Line {
            name: say(Phrase::new(
                format!("Mean of {cities} cities"),
                format!("Gennemsnit af {cities} byer"),
            )),
            scores: mean.collect(),
        })
    });
    Ok(Picture {
        language: language.tag(),
        text: format!("{title}. {}.", names.join("; ")),
        title,
        names,
        own: Line {
            name: format!("{city} {}", assessment.taken_on),
            scores: scores
                .iter()
                .map(|score| score.as_ref().map(Score::to_draw))
                .collect(),
        },
        others,
    })
}

/// A score with the language's decimal sign.
fn decimal(score: &Score, language: Language) -> String {
    match language {
        Language::Da => score.rounded().replace('.', ","),
        Language::En => score.rounded(),
    }
}
