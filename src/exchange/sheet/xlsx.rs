//! Rows as a workbook of spreadsheet programs (Office Open XML). What it is not: a way to read one; and no
//! cell is a formula, whatever its text begins with.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use crate::exchange::columns::{Column, Kind};
use crate::exchange::sheet::write::{Value, WriteError};

/// Writes the rows of one kind into a workbook. Unlike text, a workbook lies in memory until it is
/// finished.
#[expect(
    missing_debug_implementations,
    reason = "a workbook shows nothing of its own"
)]
pub struct XlsxWriter {
    kind: Kind,
    workbook: Workbook,
    sheet: Worksheet,
    /// The row that comes next; the first one is the heading.
    next: u32,
    day: Format,
    number: Format,
}

impl XlsxWriter {
    /// Begins a workbook with the canonical headings of all columns.
    ///
    /// # Errors
    /// None for the headings there are.
    pub fn start(kind: Kind) -> Result<Self, WriteError> {
        let mut workbook = Workbook::new();
        // The same rows are the same file: the time of writing is none of its business.
        let made = ExcelDateTime::from_ymd(2010, 1, 1)?;
        workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
        let mut sheet = Worksheet::new();
        sheet.set_name(kind.as_str())?;
        sheet.set_freeze_panes(1, 0)?;
        let bold = Format::new().set_bold();
        for (place, spec) in (0_u16..).zip(kind.columns()) {
            sheet.write_string_with_format(0, place, spec.column.as_str(), &bold)?;
            sheet.set_column_width(place, 14)?;
        }
        Ok(Self {
            kind,
            workbook,
            sheet,
            next: 1,
            day: Format::new().set_num_format("yyyy-mm-dd"),
            number: Format::new().set_num_format("#,##0.00"),
        })
    }

    /// Writes one record. Columns that are not given are empty.
    ///
    /// # Errors
    /// A column that the kind does not have, or more rows than a sheet takes (1,048,576).
    pub fn row(&mut self, values: &[(Column, Value<'_>)]) -> Result<(), WriteError> {
        for (column, value) in values {
            let mut columns = (0_u16..).zip(self.kind.columns());
            let Some((place, _)) = columns.find(|(_, spec)| spec.column == *column) else {
                return Err(WriteError::NotAColumn {
                    kind: self.kind,
                    column: *column,
                });
            };
            self.cell(place, value)?;
        }
        self.next = self.next.saturating_add(1);
        Ok(())
    }

    fn cell(&mut self, place: u16, value: &Value<'_>) -> Result<(), XlsxError> {
        let row = self.next;
        match value {
            Value::Empty => {}
            Value::Text(text) => {
                self.sheet.write_string(row, place, text.as_ref())?;
            }
            Value::List(entries) => {
                self.sheet.write_string(row, place, entries.join("|"))?;
            }
            Value::Boolean(holds) => {
                self.sheet.write_boolean(row, place, *holds)?;
            }
            Value::Integer(number) => {
                self.sheet.write_number(row, place, as_double(*number, 0))?;
            }
            Value::Decimal { units, scale } => {
                let number = as_double(*units, *scale);
                self.sheet
                    .write_number_with_format(row, place, number, &self.number)?;
            }
            Value::Date(day) => {
                let date = ExcelDateTime::parse_from_str(&day.to_string())?;
                self.sheet
                    .write_datetime_with_format(row, place, &date, &self.day)?;
            }
        }
        Ok(())
    }

    /// Ends the workbook and gives its bytes.
    ///
    /// # Errors
    /// None that rows can cause.
    pub fn finish(mut self) -> Result<Vec<u8>, WriteError> {
        self.workbook.push_worksheet(self.sheet);
        Ok(self.workbook.save_to_buffer()?)
    }
}

/// Numbers of a workbook are doubles: amounts up to 90 billion with two decimals come out as written.
/// The decimal text is read, so that the nearest double is taken and nothing is computed.
fn as_double(units: i64, scale: usize) -> f64 {
    format!("{units}e-{scale}").parse().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_the_nearest_numbers() {
        for (units, scale, expected) in [
            (5_357_143, 2, "53571.43"),
            (-1_890_411, 2, "-18904.11"),
            (1, 2, "0.01"),
            (7_500_000, 2, "75000"),
            (900_000_000_000_099, 2, "9000000000000.99"),
            (5, 0, "5"),
        ] {
            assert_eq!(as_double(units, scale).to_string(), expected);
        }
    }
}
