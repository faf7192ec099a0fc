//! What may be stored, under which name, and who may read it. What it is not: a virus scan; files
//! are handed out as attachments and never shown by the service.

use crate::access::permission::Permission;
use crate::access::viewer::{Scope, Viewer};
use crate::files::model::StoredFile;
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::kernel::text;

/// The largest content, in bytes.
pub const LARGEST: u64 = 25 * 1024 * 1024;

/// What may be stored, as people know it.
pub const ALLOWED: &str = "PDF, PNG, JPEG, Word, Excel, PowerPoint, OpenDocument, CSV, text";

/// Whether a viewer may read a file.
#[must_use]
pub fn visible(file: &StoredFile, viewer: &Viewer) -> bool {
    match (file.city_id, viewer.scope(Permission::SeeFiles)) {
        (_, Scope::All) => true,
        (Some(city), scope) => scope.has_city(city),
        (None, Scope::Own { .. }) => false,
    }
}

/// What a content is, found in the content itself; none when it is nothing that may be stored. The
/// name decides only between kinds of plain text.
#[must_use]
pub fn media_type(content: &[u8], name: &str) -> Option<&'static str> {
    const MAGIC: [(&[u8], &str); 3] = [
        (b"%PDF-", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
    ];
    if let Some((_, found)) = MAGIC.iter().find(|(magic, _)| content.starts_with(magic)) {
        return Some(found);
    }
    if content.starts_with(b"PK\x03\x04") {
        return packed(content);
    }
    let text = std::str::from_utf8(content).ok()?;
    let plain = !text.trim().is_empty()
        && text
            .chars()
            .all(|character| !character.is_control() || matches!(character, '\n' | '\r' | '\t'));
    // Markup is text too, and the only text that a reader's program may run.
    if !plain
        || text
            .trim_start_matches('\u{feff}')
            .trim_start()
            .starts_with('<')
    {
        return None;
    }
    let is_csv = name
        .rsplit_once('.')
        .is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("csv"));
    Some(if is_csv { "text/csv" } else { "text/plain" })
}

/// Documents that are ZIP archives. `OpenDocument` names itself in its first entry, which is stored
/// without compression (`OpenDocument` 1.3 part 2, 3.3); Office Open XML is known by the name of its
/// main part (ECMA-376 part 2). Macros have a main part of the same name, but a part of their own
/// beside it, and are refused.
fn packed(archive: &[u8]) -> Option<&'static str> {
    const OPEN_DOCUMENT: [&str; 3] = [
        "application/vnd.oasis.opendocument.text",
        "application/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.oasis.opendocument.presentation",
    ];
    const OPEN_XML: [(&[u8], &str); 3] = [
        (
            b"word/document.xml",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (
            b"xl/workbook.xml",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        (
            b"ppt/presentation.xml",
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ),
    ];
    // A local file header has 30 bytes; then come the name and the content.
    if let Some(named) = archive
        .get(30..)
        .and_then(|rest| rest.strip_prefix(b"mimetype"))
    {
        return OPEN_DOCUMENT.into_iter().find(|kind| {
            named
                .strip_prefix(kind.as_bytes())
                .is_some_and(|behind| behind.starts_with(b"PK"))
        });
    }
    if !contains(archive, b"[Content_Types].xml") || contains(archive, b"vbaProject.bin") {
        return None;
    }
    OPEN_XML
        .into_iter()
        .find(|(part, _)| contains(archive, part))
        .map(|(_, kind)| kind)
}

fn contains(whole: &[u8], part: &[u8]) -> bool {
    whole.windows(part.len()).any(|window| window == part)
}

/// The name a file is offered under: one line, and no path.
///
/// # Errors
/// `Required` without a name, `InvalidText` for one that no file may have.
pub fn file_name(name: &str) -> Result<String, Refusal> {
    // Some browsers send the whole path of the sender's machine.
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name = text::line("name", last)?;
    if name.starts_with('.') || name.contains([':', '*', '?', '"', '<', '>', '|']) {
        return Err(Refusal::new(
            RefusalCode::InvalidText,
            "name",
            "A file's name may not begin with a dot, or hold any of : * ? \" < > |; rename it.",
            "Et filnavn må ikke begynde med punktum eller indeholde : * ? \" < > |; omdøb filen.",
        ));
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::viewer::{Grant, Role, UserViewer};
    use crate::kernel::ids::{CityId, Id};
    use crate::kernel::instant::Instant;
    use uuid::Uuid;

    /// The local file header of an entry without extra fields.
    fn entry(name: &str, content: &str) -> Vec<u8> {
        let mut entry = b"PK\x03\x04".to_vec();
        entry.extend([0; 26]);
        entry.extend(name.as_bytes());
        entry.extend(content.as_bytes());
        entry
    }

    #[test]
    fn a_content_is_what_it_is_whatever_its_name() {
        let odt = [
            entry("mimetype", "application/vnd.oasis.opendocument.text"),
            entry("content.xml", "…"),
        ]
        .concat();
        let docx = [
            entry("[Content_Types].xml", "…"),
            entry("word/document.xml", "…"),
        ]
        .concat();
        let macros = [docx.clone(), entry("word/vbaProject.bin", "…")].concat();
        let cases: [(&[u8], &str, Option<&str>); 13] = [
            (b"%PDF-1.7\n", "letter.txt", Some("application/pdf")),
            (b"\x89PNG\r\n\x1a\n...", "a.png", Some("image/png")),
            (b"\xff\xd8\xff\xe0", "a.jpg", Some("image/jpeg")),
            (
                &odt,
                "a.odt",
                Some("application/vnd.oasis.opendocument.text"),
            ),
            (
                &docx,
                "a.docx",
                Some("application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
            ),
            (&macros, "a.docx", None),
            (&entry("evil.exe", "MZ"), "a.zip", None),
            ("Referat på dansk\n".as_bytes(), "a.md", Some("text/plain")),
            (b"a;b\n1;2\n", "A.CSV", Some("text/csv")),
            (b"MZ\x90\x00", "a.pdf", None),
            (b"  <html><script>", "a.txt", None),
            (b"\xe9t\xe9", "a.txt", None),
            (b"", "a.txt", None),
        ];
        for (content, name, expected) in cases {
            assert_eq!(media_type(content, name), expected, "{name} {content:?}");
        }
    }

    #[test]
    fn names_lose_their_path_and_odd_ones_are_refused() {
        assert_eq!(
            file_name("C:\\letters\\Brev til Århus.pdf").unwrap(),
            "Brev til Århus.pdf"
        );
        assert_eq!(file_name("../../etc/passwd").unwrap(), "passwd");
        for bad in ["", "folder/", ".profile", "a\"b", "a\r\nSet-Cookie: b"] {
            assert!(file_name(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_file_is_seen_by_its_city_and_by_those_who_see_all() {
        let city = CityId::of(Uuid::from_u128(1));
        let file = |city: Option<CityId>| StoredFile {
            id: Id::of(Uuid::nil()),
            sha256: String::new(),
            size: 1,
            media_type: "text/plain".to_owned(),
            name: "a".to_owned(),
            owner_kind: "City".to_owned(),
            owner_id: None,
            city_id: city,
            uploaded_by: None,
            created_at: Instant::parse("2026-11-22T12:00:00Z").unwrap(),
        };
        let user = |role, city| {
            Viewer::User(Box::new(UserViewer {
                id: Id::of(Uuid::nil()),
                session: Id::of(Uuid::nil()),
                name: String::new(),
                grants: vec![Grant {
                    role,
                    city,
                    expert: None,
                }],
            }))
        };
        let other = Some(CityId::of(Uuid::from_u128(2)));
        for (viewer, of_city, of_network) in [
            (Viewer::Anonymous, false, false),
            (user(Role::Coordinator, Some(city)), true, false),
            (user(Role::Coordinator, other), false, false),
            (user(Role::Expert, None), false, false),
            (user(Role::Auditor, None), true, true),
            (user(Role::Secretariat, None), true, true),
        ] {
            assert_eq!(visible(&file(Some(city)), &viewer), of_city, "{viewer:?}");
            assert_eq!(visible(&file(None), &viewer), of_network, "{viewer:?}");
        }
    }
}
