//! Answers that hand out a content, as an attachment or to be shown, with its tag (RFC 6266, RFC 9110), and
//! the language that is asked for. What it is not: the contents.

use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, Charset,
    ContentDisposition, DispositionParam, DispositionType, ETAG, ExtendedValue, IF_NONE_MATCH,
};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};

use crate::kernel::error::{Error, Result};
use crate::kernel::hash::sha256_hex;
use crate::kernel::language::Language;
use crate::kernel::phrase::Phrase;

/// The beginning of an answer with a download under a name; programs that know only ASCII get one
/// without other letters.
#[must_use]
pub fn attachment(name: &str, tag: &str) -> HttpResponseBuilder {
    let ascii: String = name
        .chars()
        .map(|character| if character.is_ascii() { character } else { '_' })
        .collect();
    let disposition = ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![
            DispositionParam::Filename(ascii),
            DispositionParam::FilenameExt(ExtendedValue {
                charset: Charset::Ext("UTF-8".to_owned()),
                language_tag: None,
                value: name.as_bytes().to_vec(),
            }),
        ],
    };
    let mut answer = HttpResponse::Ok();
    answer
        .insert_header((CONTENT_DISPOSITION, disposition))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((ETAG, tag.to_owned()));
    answer
}

/// The answer with a whole content as an attachment, or that the caller holds it already. Its tag is its
/// hash, so it is strong.
#[must_use]
pub fn hand_out(
    request: &HttpRequest,
    name: &str,
    content_type: &'static str,
    content: Vec<u8>,
) -> HttpResponse {
    let tag = format!("\"{}\"", sha256_hex(&content));
    if has_already(request, &tag) {
        return not_modified(&tag);
    }
    attachment(name, &tag)
        .insert_header((CONTENT_TYPE, content_type))
        .body(content)
}

/// The answer with a picture that a browser shows, or that the caller holds it already. Nothing in it is run.
#[must_use]
pub fn show(request: &HttpRequest, content_type: &'static str, content: Vec<u8>) -> HttpResponse {
    let tag = format!("\"{}\"", sha256_hex(&content));
    if has_already(request, &tag) {
        return not_modified(&tag);
    }
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, content_type))
        .insert_header((CONTENT_SECURITY_POLICY, "default-src 'none'"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((ETAG, tag))
        .body(content)
}

/// The answer to who has the content already.
#[must_use]
pub fn not_modified(tag: &str) -> HttpResponse {
    HttpResponse::NotModified()
        .insert_header((ETAG, tag.to_owned()))
        .insert_header((CACHE_CONTROL, "no-store"))
        .finish()
}

/// Whether the caller holds this content (RFC 9110, 13.1.2).
#[must_use]
pub fn has_already(request: &HttpRequest, tag: &str) -> bool {
    request
        .headers()
        .get_all(IF_NONE_MATCH)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|known| known.trim().trim_start_matches("W/"))
        .any(|known| known == tag || known == "*")
}

/// The language that is asked for, if one is.
///
/// # Errors
/// `BadRequest` for another than the two.
pub fn language_asked(asked: Option<&str>) -> Result<Option<Language>> {
    match asked {
        None => Ok(None),
        Some("da") => Ok(Some(Language::Da)),
        Some("en") => Ok(Some(Language::En)),
        Some(_) => Err(Error::BadRequest(Phrase::new(
            "The language is da or en.",
            "Sproget er da eller en.",
        ))),
    }
}
