//! The offer in the schema. What it is not: the texts, which are reference data.

use async_graphql::{Context, Object};

use crate::api::context::{InOperation, reference};
use crate::api::scalars::LanguageTag;
use crate::kernel::error::{Error, Result};
use crate::programme::offer::{
    Deliverable, DeliverableKind, PartnerKindEntry, SingleActivity, SingleActivityKind,
};
use crate::programme::reference::PartnerKind;

/// A kind of thing that a package delivers, and how many of it.
#[derive(Debug, Clone, Copy)]
pub struct PackageDeliverable {
    /// Which kind.
    pub kind: DeliverableKind,
    /// How many.
    pub units: i32,
}

/// A kind of thing that a package delivers, and how many of it.
#[Object]
impl PackageDeliverable {
    /// Which kind.
    async fn kind(&self) -> DeliverableKind {
        self.kind
    }

    /// How many of it.
    async fn units(&self) -> i32 {
        self.units
    }

    /// The name of one unit.
    async fn name<'a>(
        &self,
        context: &Context<'a>,
        #[graphql(desc = "Danish or English; the language of the request by default.")]
        language: Option<LanguageTag>,
    ) -> Result<&'a str> {
        let language = context.language(language.as_ref());
        Ok(described(context, self.kind)?.name.in_language(language))
    }

    /// What is promised; the Danish is that of the network's memo. Kinds that share a line of the
    /// memo share the description.
    async fn description<'a>(
        &self,
        context: &Context<'a>,
        #[graphql(desc = "Danish or English; the language of the request by default.")]
        language: Option<LanguageTag>,
    ) -> Result<&'a str> {
        let language = context.language(language.as_ref());
        let description = &described(context, self.kind)?.description;
        Ok(description.in_language(language))
    }
}

fn described<'a>(context: &Context<'a>, kind: DeliverableKind) -> Result<&'a Deliverable> {
    reference(context).deliverable(kind).ok_or_else(|| {
        Error::Internal(anyhow::anyhow!("the reference data says nothing of {kind}"))
    })
}

/// An activity that a city can take without a package.
#[Object]
impl SingleActivity {
    /// Which activity.
    async fn kind(&self) -> SingleActivityKind {
        self.kind
    }

    /// A short name.
    async fn name(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Danish or English; the language of the request by default.")]
        language: Option<LanguageTag>,
    ) -> &str {
        self.name.in_language(context.language(language.as_ref()))
    }

    /// What it consists of; the Danish is that of the network's memo.
    async fn description(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Danish or English; the language of the request by default.")]
        language: Option<LanguageTag>,
    ) -> &str {
        self.description
            .in_language(context.language(language.as_ref()))
    }
}

/// A kind of partner that supports the network's work.
#[Object(name = "PartnerKindDescription")]
impl PartnerKindEntry {
    /// Which kind.
    async fn kind(&self) -> PartnerKind {
        self.kind
    }

    /// A short name.
    async fn name(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Danish or English; the language of the request by default.")]
        language: Option<LanguageTag>,
    ) -> &str {
        self.name.in_language(context.language(language.as_ref()))
    }

    /// Who belongs to it; the Danish is that of the network's memo.
    async fn description(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Danish or English; the language of the request by default.")]
        language: Option<LanguageTag>,
    ) -> &str {
        self.description
            .in_language(context.language(language.as_ref()))
    }
}

/// Queries of the offer.
#[derive(Debug, Default)]
pub struct OfferQuery;

#[Object]
impl OfferQuery {
    /// What the package delivers: seven kinds, nine units.
    async fn package_deliverables(&self, context: &Context<'_>) -> Result<Vec<PackageDeliverable>> {
        let rows = reference(context).deliverables.iter();
        rows.map(|row| {
            let units = i32::try_from(row.units).map_err(anyhow::Error::from)?;
            Ok(PackageDeliverable {
                kind: row.kind,
                units,
            })
        })
        .collect()
    }

    /// What a city can take without a package.
    async fn single_activities<'a>(&self, context: &Context<'a>) -> &'a [SingleActivity] {
        &reference(context).single_activities
    }

    /// The kinds of partner that support the network's work.
    async fn partner_kinds<'a>(&self, context: &Context<'a>) -> &'a [PartnerKindEntry] {
        &reference(context).partner_kinds
    }
}
