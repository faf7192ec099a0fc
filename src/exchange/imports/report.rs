//! What came of an import, row by row. What it is not: the texts of problems; those come with them.

use serde::{Deserialize, Serialize};

use crate::exchange::sheet::Problem;
use crate::kernel::language::Language;

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = ImportAction)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// A record was made.
    Create,
    /// A record was changed.
    Update,
    /// The record says the same already.
    Unchanged,
    /// The row is wrong.
    Error,
}

/// How many rows became what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = ImportCounts)]
pub struct Counts {
    /// Records made.
    pub create: usize,
    /// Records changed.
    pub update: usize,
    /// Records that say the same already.
    pub unchanged: usize,
    /// Wrong rows.
    pub error: usize,
}

/// A row of the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowReport {
    /// The line in the file, from 1; 0 for the file as a whole.
    pub line: u64,
    /// What became of it.
    pub action: Action,
    /// The record's public id; none for a wrong row, and for a record that a dry run made.
    pub id: Option<String>,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// What came of an import, as it is answered.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ImportReport)]
pub struct ReportBody {
    /// Whether it was written; never after a dry run, and never when a row is wrong.
    applied: bool,
    /// How many rows became what, or would.
    counts: Counts,
    /// What is open on all rows of opening items together; null for every other kind.
    #[schema(required = true)]
    #[serde(rename = "openTotal")]
    open_total: Option<String>,
    /// Row by row, in the order of the file.
    rows: Vec<RowBody>,
}

/// What became of a row, as it is answered.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ImportRow)]
struct RowBody {
    /// The line in the file on which the row begins, from 1 with the heading; 0 for the file as a
    /// whole.
    line: u64,
    /// What became of it, or would.
    action: Action,
    /// The record's id; null for a wrong row, and for a record that a dry run would make.
    #[schema(required = true)]
    id: Option<String>,
    /// Everything that is wrong with it.
    problems: Vec<ProblemBody>,
}

/// One thing wrong with a row, as it is answered.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ImportProblem)]
struct ProblemBody {
    /// The column; null when the row, the file or an unknown heading is meant.
    #[schema(required = true)]
    column: Option<&'static str>,
    /// What is wrong, as a word to program against.
    code: &'static str,
    /// What is wrong and what to do, in the caller's language.
    message: String,
    /// What stands in the file, shortened when it is long.
    value: String,
}

/// What came of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Whether it was written.
    pub applied: bool,
    /// How many rows became what.
    pub counts: Counts,
    /// What is open on all rows of opening items together.
    pub open_total: Option<String>,
    /// Row by row.
    pub rows: Vec<RowReport>,
}

impl Report {
    /// The report of rows, not yet applied.
    #[must_use]
    pub fn of(rows: Vec<RowReport>) -> Self {
        let count = |action: Action| rows.iter().filter(|row| row.action == action).count();
        let counts = Counts {
            create: count(Action::Create),
            update: count(Action::Update),
            unchanged: count(Action::Unchanged),
            error: count(Action::Error),
        };
        Self {
            applied: false,
            counts,
            open_total: None,
            rows,
        }
    }

    /// The report with what is open on all rows, and with what is wrong with that.
    #[must_use]
    pub fn controlled(self, open_total: String, wrong: Option<Problem>) -> Self {
        let mut rows = self.rows;
        if let Some(problem) = wrong {
            rows.insert(
                0,
                RowReport {
                    line: 0,
                    action: Action::Error,
                    id: None,
                    problems: vec![problem],
                },
            );
        }
        Self {
            open_total: Some(open_total),
            ..Self::of(rows)
        }
    }

    /// The report of a file that cannot be read at all.
    #[must_use]
    pub fn unreadable(problems: Vec<Problem>) -> Self {
        let mut rows: Vec<RowReport> = Vec::new();
        for problem in problems {
            match rows.iter_mut().find(|row| row.line == problem.line) {
                Some(row) => row.problems.push(problem),
                None => rows.push(RowReport {
                    line: problem.line,
                    action: Action::Error,
                    id: None,
                    problems: vec![problem],
                }),
            }
        }
        Self::of(rows)
    }

    /// Whether no row is wrong.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.counts.error == 0
    }

    /// The report as it is answered, its messages in a language.
    #[must_use]
    pub fn body(&self, language: Language) -> ReportBody {
        let problem = |problem: &Problem| ProblemBody {
            column: problem.column.map(crate::exchange::columns::Column::as_str),
            code: problem.code.as_str(),
            message: problem.message.in_language(language).to_owned(),
            value: problem.value.clone(),
        };
        let rows = self.rows.iter().map(|row| RowBody {
            line: row.line,
            action: row.action,
            id: row.id.clone(),
            problems: row.problems.iter().map(problem).collect(),
        });
        ReportBody {
            applied: self.applied,
            counts: self.counts,
            open_total: self.open_total.clone(),
            rows: rows.collect(),
        }
    }

    /// The report as lines of text, wrong rows first in their order; for the command line.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let mut lines = Vec::new();
        for row in &self.rows {
            for problem in &row.problems {
                let column = problem
                    .column
                    .map_or("", crate::exchange::columns::Column::as_str);
                let message = problem.message.in_language(language);
                lines.push(format!(
                    "line {}, {column}: {message} [{}] {:?}",
                    row.line,
                    problem.code.as_str(),
                    problem.value
                ));
            }
        }
        let Counts {
            create,
            update,
            unchanged,
            error,
        } = self.counts;
        lines.push(format!(
            "{create} to create, {update} to update, {unchanged} unchanged, {error} wrong"
        ));
        if let Some(total) = &self.open_total {
            lines.push(format!("{total} open on all rows together"));
        }
        lines.push(match (self.applied, error) {
            (true, _) => "applied".to_owned(),
            (false, 0) => "nothing written: this was a dry run, add --apply to write".to_owned(),
            (false, _) => "nothing written: correct the wrong rows first".to_owned(),
        });
        lines.join("\n")
    }
}
