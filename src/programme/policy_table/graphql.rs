//! The policy table in the schema: its columns are the models, its rows the areas, and each row
//! holds its cells. What it is not: the texts, which are reference data.

use async_graphql::{Context, Object};

use crate::api::context::{InOperation, reference};
use crate::api::scalars::LanguageTag;
use crate::kernel::policy_area::PolicyArea;
use crate::programme::policy_table::{PolicyCell, PolicyModelName, PolicyTable};
use crate::programme::reference::{PolicyAreaName, PolicyModel};

/// What a city does in each policy area under each model: eight rows, three columns, 24 cells.
#[Object]
impl PolicyTable {
    /// The columns: the three models, the intercultural one first.
    async fn models(&self) -> &[PolicyModelName] {
        &self.models
    }

    /// The rows: the eight areas.
    async fn areas(&self) -> Vec<PolicyTableRow<'_>> {
        self.areas
            .iter()
            .map(|area| PolicyTableRow { area, table: self })
            .collect()
    }
}

/// A column of the policy table: a way for a city to deal with diversity.
#[Object(name = "PolicyTableColumn")]
impl PolicyModelName {
    /// The model.
    async fn model(&self) -> PolicyModel {
        self.model
    }

    /// The name of the model.
    async fn name(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Danish or English; the language of the request by default.")]
        language: Option<LanguageTag>,
    ) -> &str {
        self.name.in_language(context.language(language.as_ref()))
    }
}

/// A row of the policy table: a field of city policy.
#[derive(Debug)]
pub struct PolicyTableRow<'a> {
    area: &'a PolicyAreaName,
    table: &'a PolicyTable,
}

/// A row of the policy table: a field of city policy.
#[Object]
impl PolicyTableRow<'_> {
    /// The area.
    async fn area(&self) -> PolicyArea {
        self.area.area
    }

    /// The name of the area.
    async fn name(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Danish or English; the language of the request by default.")]
        language: Option<LanguageTag>,
    ) -> &str {
        self.area
            .name
            .in_language(context.language(language.as_ref()))
    }

    /// The cells of the row in the order of the columns, or the one cell of a model.
    async fn cells(
        &self,
        #[graphql(desc = "Only the cell of this model.")] model: Option<PolicyModel>,
    ) -> Vec<&PolicyCell> {
        self.table
            .cells
            .iter()
            .filter(|cell| cell.area == self.area.area)
            .filter(|cell| model.is_none_or(|model| cell.model == model))
            .collect()
    }
}

/// A cell of the policy table.
#[Object(name = "PolicyTableCell")]
impl PolicyCell {
    /// The row that the cell is in.
    async fn area(&self) -> PolicyArea {
        self.area
    }

    /// The column that the cell is in.
    async fn model(&self) -> PolicyModel {
        self.model
    }

    /// What a city does in the area under the model.
    async fn text(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Danish or English; the language of the request by default.")]
        language: Option<LanguageTag>,
    ) -> &str {
        self.text.in_language(context.language(language.as_ref()))
    }
}

/// Queries of the policy table.
#[derive(Debug, Default)]
pub struct PolicyTableQuery;

#[Object]
impl PolicyTableQuery {
    /// What a city does in each of eight policy areas under each of three models.
    async fn policy_table<'a>(&self, context: &Context<'a>) -> &'a PolicyTable {
        &reference(context).policy_table
    }
}
