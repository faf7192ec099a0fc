//! The apostrophe that keeps a text from being run as a formula, put on and taken off.
//! Not for numbers and dates: the writer makes them itself, so `-5.3` stays a number.

use std::borrow::Cow;

/// The text as it is written: with an apostrophe in front when a spreadsheet program might run it.
///
/// A text that already is an apostrophe before a formula gets one more, so that [`removed`] gives
/// back exactly what came in. The text `-` is guarded too and so never reads as "clear".
pub(super) fn guarded(text: &str) -> Cow<'_, str> {
    if is_risky(text) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The text that [`guarded`] wrote; an apostrophe that guards nothing is part of the text.
pub(super) fn removed(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(text) if is_risky(text) => text,
        _ => cell,
    }
}

/// Apostrophes in front never change the answer: on that rests that guarding can be undone.
/// White space before the sign counts as nothing, for some programs trim cells when they load them.
fn is_risky(text: &str) -> bool {
    text.trim_start_matches('\'')
        .starts_with(['\t', '\r', '\n'])
        || text
            .trim_start_matches(|c: char| c == '\'' || c.is_whitespace())
            .starts_with(['=', '+', '-', '@'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_may_be_formulas_are_guarded_and_come_back() {
        let table = [
            ("Vienna", "Vienna"),
            ("=1+1", "'=1+1"),
            ("+45 12 34 56 78", "'+45 12 34 56 78"),
            ("-", "'-"),
            ("-5.3", "'-5.3"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\tx", "'\tx"),
            ("\rx", "'\rx"),
            (" =1", "' =1"),
            ("'=1", "''=1"),
            ("''-", "'''-"),
            ("'s-Hertogenbosch", "'s-Hertogenbosch"),
            ("'", "'"),
            ("a=b", "a=b"),
            ("", ""),
        ];
        for (text, written) in table {
            assert_eq!(guarded(text), written);
            assert_eq!(removed(written), text);
        }
    }
}
