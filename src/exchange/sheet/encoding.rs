//! From bytes to text: byte order mark, UTF-8, Latin-1.
//! Not line ends, quotes or delimiters.

use std::borrow::Cow;

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::lines::line_of;
use super::problem::{Problem, ProblemCode};
use crate::kernel::phrase::Phrase;

/// An encoding that can be asked for; without asking, the bytes decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// ISO-8859-1, read as its superset Windows-1252, which is what spreadsheet programs mean by it.
    Latin1,
}

/// The text of a file without its byte order mark.
///
/// The mark decides, else the encoding asked for, else UTF-8 when the bytes are valid, else Latin-1.
///
/// # Errors
/// `NOT_TEXT` for workbooks and NUL bytes, `ENCODING_CONFLICT` when the mark and the wish differ,
/// `INVALID_ENCODING` with the line of the first byte that does not fit.
pub(super) fn decode(bytes: &[u8], wish: Option<Encoding>) -> Result<Cow<'_, str>, Problem> {
    if WORKBOOKS.iter().any(|magic| bytes.starts_with(magic)) {
        return Err(whole_file(
            ProblemCode::NotText,
            Phrase::new(
                "This is a workbook. Save it as CSV and send that.".to_owned(),
                "Det er en projektmappe. Gem den som CSV, og send den.".to_owned(),
            ),
        ));
    }
    let (mark, rest) = byte_order_mark(bytes);
    let text = match (mark, wish) {
        (Some(Mark::Utf8), None | Some(Encoding::Utf8)) | (None, Some(Encoding::Utf8)) => {
            utf8(rest)?
        }
        (Some(Mark::Utf16(encoding)), None) => utf16(rest, encoding)?,
        (Some(_), Some(_)) => {
            return Err(whole_file(
                ProblemCode::EncodingConflict,
                Phrase::new(
                    "The file is marked as another encoding than the one asked for.".to_owned(),
                    "Filen er mærket med en anden tegnkodning end den ønskede.".to_owned(),
                ),
            ));
        }
        (None, Some(Encoding::Latin1)) => latin1(rest),
        (None, None) => std::str::from_utf8(rest).map_or_else(|_| latin1(rest), Cow::Borrowed),
    };
    match text.find('\0') {
        Some(at) => Err(Problem::new(
            line_of(text.as_bytes(), at),
            None,
            ProblemCode::NotText,
            Phrase::new(
                "The file holds NUL bytes, so it is not text.".to_owned(),
                "Filen indeholder NUL-byte og er derfor ikke tekst.".to_owned(),
            ),
            "",
        )),
        None => Ok(text),
    }
}

/// How the files of the two common spreadsheet programs begin: a ZIP archive, an OLE container.
const WORKBOOKS: [&[u8]; 2] = [b"PK\x03\x04", b"\xD0\xCF\x11\xE0"];

#[derive(Debug, Clone, Copy)]
enum Mark {
    Utf8,
    Utf16(&'static encoding_rs::Encoding),
}

fn byte_order_mark(bytes: &[u8]) -> (Option<Mark>, &[u8]) {
    let marks: [(&[u8], Mark); 3] = [
        (b"\xEF\xBB\xBF", Mark::Utf8),
        (b"\xFF\xFE", Mark::Utf16(UTF_16LE)),
        (b"\xFE\xFF", Mark::Utf16(UTF_16BE)),
    ];
    for (prefix, mark) in marks {
        if let Some(rest) = bytes.strip_prefix(prefix) {
            return (Some(mark), rest);
        }
    }
    (None, bytes)
}

fn utf8(bytes: &[u8]) -> Result<Cow<'_, str>, Problem> {
    std::str::from_utf8(bytes)
        .map(Cow::Borrowed)
        .map_err(|fault| {
            Problem::new(
                line_of(bytes, fault.valid_up_to()),
                None,
                ProblemCode::InvalidEncoding,
                Phrase::new(
                    "The file is not valid UTF-8.".to_owned(),
                    "Filen er ikke gyldig UTF-8.".to_owned(),
                ),
                "",
            )
        })
}

fn utf16(
    bytes: &[u8],
    encoding: &'static encoding_rs::Encoding,
) -> Result<Cow<'static, str>, Problem> {
    let (text, faulty) = encoding.decode_without_bom_handling(bytes);
    if faulty {
        return Err(whole_file(
            ProblemCode::InvalidEncoding,
            Phrase::new(
                "The file is not valid UTF-16.".to_owned(),
                "Filen er ikke gyldig UTF-16.".to_owned(),
            ),
        ));
    }
    Ok(Cow::Owned(text.into_owned()))
}

fn latin1(bytes: &[u8]) -> Cow<'_, str> {
    WINDOWS_1252.decode_without_bom_handling(bytes).0
}

fn whole_file(code: ProblemCode, message: Phrase) -> Problem {
    Problem::new(0, None, code, message, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encoding_is_found() {
        let table: &[(&[u8], Option<Encoding>, &str)] = &[
            (b"name", None, "name"),
            ("Århus".as_bytes(), None, "Århus"),
            (b"\xEF\xBB\xBF\xC3\x85rhus", None, "Århus"),
            (b"\xEF\xBB\xBFa", Some(Encoding::Utf8), "a"),
            (b"\xC5rhus", None, "Århus"),
            (b"\xC5rhus \x80 \x93x\x94", None, "Århus € “x”"),
            (b"\xC3\x85rhus", Some(Encoding::Latin1), "Ã…rhus"),
            (b"\xFF\xFE\xC5\x00r\x00", None, "År"),
            (b"\xFE\xFF\x00\xC5\x00r", None, "År"),
        ];
        for (bytes, wish, text) in table {
            assert_eq!(decode(bytes, *wish).unwrap(), *text, "{bytes:?}");
        }
    }

    #[test]
    fn what_is_no_text_is_refused() {
        let table: &[(&[u8], Option<Encoding>, ProblemCode, u64)] = &[
            (b"PK\x03\x04rest", None, ProblemCode::NotText, 0),
            (b"\xD0\xCF\x11\xE0rest", None, ProblemCode::NotText, 0),
            (b"a\r\nb\rc\0", None, ProblemCode::NotText, 3),
            (b"a\x00b\x00", None, ProblemCode::NotText, 1),
            (
                b"a\nb\xC5",
                Some(Encoding::Utf8),
                ProblemCode::InvalidEncoding,
                2,
            ),
            (b"\xEF\xBB\xBFa\xC5", None, ProblemCode::InvalidEncoding, 1),
            (b"\xFF\xFEa", None, ProblemCode::InvalidEncoding, 0),
            (
                b"\xEF\xBB\xBFa",
                Some(Encoding::Latin1),
                ProblemCode::EncodingConflict,
                0,
            ),
            (
                b"\xFF\xFEa\x00",
                Some(Encoding::Utf8),
                ProblemCode::EncodingConflict,
                0,
            ),
        ];
        for (bytes, wish, code, line) in table {
            let problem = decode(bytes, *wish).unwrap_err();
            assert_eq!((problem.code, problem.line), (*code, *line), "{bytes:?}");
        }
    }
}
