//! The end of a package before its time, in the schema. What it is not: its rules.

use async_graphql::{Context, ID, InputObject, Object};

use crate::api::context::{InOperation, Repeatable};
use crate::api::inputs::Problems;
use crate::api::scalars::Date;
use crate::db::Tx;
use crate::kernel::error::Result;
use crate::programme::packages::graphql::PackageById;
use crate::programme::packages::{self, Package, Termination};

/// A package to end before its time.
#[derive(Debug, InputObject)]
pub struct TerminatePackageInput {
    /// The package.
    package_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// The last day of the package, from the day before its first to yesterday.
    ends_on: Date,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

crate::payload!(
    /// The answer of `terminatePackage`.
    TerminatePackagePayload {
        /// The package.
        package: Package
    }
);

/// The end of packages.
#[derive(Debug, Default)]
pub struct EndPackageMutation;

#[Object]
impl EndPackageMutation {
    /// Ends a package before its time. Instalments that fall later are not billed any more, also those
    /// that are drafted; `packageBilling` shows what was invoiced against the time that was used.
    async fn terminate_package(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The package and its last day.")] input: TerminatePackageInput,
    ) -> Result<TerminatePackagePayload> {
        let mut problems = Problems::default();
        let package = problems.id("packageId", &input.package_id);
        let performed = problems.or(package).and_then(|package| {
            let termination = Termination {
                package,
                version: input.version,
                ends_on: input.ends_on.0,
            };
            let end = |tx: &mut Tx<'_>| packages::terminate(tx, &termination);
            context.perform(Repeatable::MayHaveKey, end)
        });
        TerminatePackagePayload::of::<PackageById>(context, performed).await
    }
}
