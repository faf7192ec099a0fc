//! Line numbers as an editor shows them: `\r\n`, `\n` and `\r` each end a line.
//! Not those of the CSV reader, which counts `\n` only and is early by the blank lines it skips.

/// Counts lines while going forward through a text once.
pub(super) struct Lines<'t> {
    bytes: &'t [u8],
    at: usize,
    line: u64,
    before: u8,
}

impl<'t> Lines<'t> {
    pub(super) fn new(bytes: &'t [u8]) -> Self {
        Self {
            bytes,
            at: 0,
            line: 1,
            before: 0,
        }
    }

    /// The line, counted from 1, of the byte at `offset`, which never goes back.
    pub(super) fn line_at(&mut self, offset: usize) -> u64 {
        for &byte in self.bytes.get(self.at..offset).unwrap_or_default() {
            self.line += u64::from(byte == b'\r' || (byte == b'\n' && self.before != b'\r'));
            self.before = byte;
        }
        self.at = self.at.max(offset);
        self.line
    }

    /// The line on which the first thing that is not a line end stands, from `offset` on.
    pub(super) fn line_of_record(&mut self, offset: usize) -> u64 {
        let skipped = self
            .bytes
            .iter()
            .skip(offset)
            .take_while(|byte| matches!(byte, b'\r' | b'\n'))
            .count();
        self.line_at(offset.saturating_add(skipped))
    }
}

/// The line, counted from 1, of the byte at `offset`.
pub(super) fn line_of(bytes: &[u8], offset: usize) -> u64 {
    Lines::new(bytes).line_at(offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_line_end_counts_once() {
        for (text, line) in [("x", 1), ("a\nx", 2), ("a\r\n\rb\n\nx", 5), ("\r\rx", 3)] {
            assert_eq!(line_of(text.as_bytes(), text.len() - 1), line, "{text:?}");
        }
    }

    #[test]
    fn a_record_begins_after_the_blank_lines_before_it() {
        let mut lines = Lines::new(b"a\r\n\r\nb");
        assert_eq!(lines.line_of_record(0), 1);
        assert_eq!(lines.line_of_record(2), 3);
    }
}
