//! Which of the two media types of GraphQL over HTTP an answer has. What it is not: general content
//! negotiation; nothing else is served here.

use actix_web::http::header::{ACCEPT, HeaderMap};

/// The media type of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Media {
    /// `application/graphql-response+json`: the status tells whether the request was well-formed.
    GraphqlResponse,
    /// `application/json`: 200 for everything that is a GraphQL answer.
    Json,
}

impl Media {
    /// The best type for the `Accept` headers of a request; none when the caller takes neither.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Option<Self> {
        let given: Vec<&str> = headers
            .get_all(ACCEPT)
            .map(|value| value.to_str().unwrap_or("unreadable"))
            .collect();
        Self::accepted((!given.is_empty()).then(|| given.join(",")).as_deref())
    }

    /// The value of the `Content-Type` header.
    #[must_use]
    pub fn content_type(self) -> &'static str {
        match self {
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        }
    }

    /// The best type for an `Accept` header; none when the caller takes neither.
    #[must_use]
    pub fn accepted(header: Option<&str>) -> Option<Self> {
        let Some(header) = header.filter(|header| !header.trim().is_empty()) else {
            return Some(Self::Json);
        };
        let mut best: Option<(f32, Self)> = None;
        for range in header.split(',') {
            let mut parts = range.split(';').map(str::trim);
            let name = parts.next().unwrap_or_default().to_ascii_lowercase();
            let mut quality = 1.0_f32;
            let mut readable = true;
            for parameter in parts {
                let (key, value) = parameter.split_once('=').unwrap_or((parameter, ""));
                match key.trim().to_ascii_lowercase().as_str() {
                    "q" => quality = value.trim().parse().unwrap_or(0.0),
                    "charset" => {
                        readable = value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8");
                    }
                    _ => {}
                }
            }
            let media = match name.as_str() {
                "application/graphql-response+json" => Self::GraphqlResponse,
                "application/json" | "application/*" | "*/*" => Self::Json,
                _ => continue,
            };
            if readable && quality > 0.0 && best.is_none_or(|(known, _)| quality > known) {
                best = Some((quality, media));
            }
        }
        best.map(|(_, media)| media)
    }
}

#[cfg(test)]
mod tests {
    use super::Media::{self, GraphqlResponse, Json};

    #[test]
    fn chooses_the_media_type() {
        for (header, expected) in [
            (None, Some(Json)),
            (Some("*/*"), Some(Json)),
            (Some("application/*"), Some(Json)),
            (Some("application/json; charset=utf-8"), Some(Json)),
            (
                Some("application/graphql-response+json"),
                Some(GraphqlResponse),
            ),
            (
                Some(
                    "application/graphql-response+json; charset=utf-8, application/json; charset=utf-8",
                ),
                Some(GraphqlResponse),
            ),
            (
                Some("application/json, application/graphql-response+json;q=0.9"),
                Some(Json),
            ),
            (
                Some("application/graphql-response+json;q=0.5, */*;q=0.1"),
                Some(GraphqlResponse),
            ),
            (Some("text/html"), None),
            (Some("application/json;q=0"), None),
            (Some("application/json; charset=latin1"), None),
        ] {
            assert_eq!(Media::accepted(header), expected, "{header:?}");
        }
    }
}
