//! Relay connections over the pages of `db/listing.rs`. What it is not: the SQL of a list.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use async_graphql::SimpleObject;

use crate::api::batch::Later;
use crate::api::operation::Operation;
use crate::db::listing::{Listed, Order};
use crate::kernel::error::Result;

/// Where a page stands in its list.
#[derive(Debug, Clone, SimpleObject)]
pub struct PageInfo {
    /// Whether more rows follow this page.
    pub has_next_page: bool,
    /// Whether rows come before this page.
    pub has_previous_page: bool,
    /// The cursor of the page's first row.
    pub start_cursor: Option<String>,
    /// The cursor of the page's last row.
    pub end_cursor: Option<String>,
}

type Count = Box<
    dyn for<'a> Fn(&'a Operation) -> Pin<Box<dyn Future<Output = Result<i64>> + Send + 'a>>
        + Send
        + Sync,
>;

/// A page together with what its connection may still be asked for.
pub struct Connected<R> {
    listed: Arc<Listed<Arc<R>>>,
    order: Order<R>,
    count: Count,
}

impl<R> std::fmt::Debug for Connected<R> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Connected")
            .field("rows", &self.listed.rows.len())
            .finish_non_exhaustive()
    }
}

impl<R: 'static> Connected<R> {
    /// A page of a list that belongs to no parent; `count` runs only when `totalCount` is asked.
    pub fn new(
        listed: Listed<R>,
        order: Order<R>,
        count: impl Fn(&mut crate::db::Db, &Operation) -> Result<i64> + Send + Sync + Clone + 'static,
    ) -> Self {
        let count: Count = Box::new(move |operation| {
            let count = count.clone();
            Box::pin(async move { operation.read(|db| count(db, operation)) })
        });
        Self {
            listed: Arc::new(shared(listed)),
            order,
            count,
        }
    }

    /// A page of a parent's list, from a batch; the count comes from a batch too.
    #[must_use]
    pub fn of_parent(listed: Arc<Listed<Arc<R>>>, order: Order<R>, count: Count) -> Self {
        Self {
            listed,
            order,
            count,
        }
    }

    /// The rows.
    #[must_use]
    pub fn nodes(&self) -> Vec<Arc<R>> {
        self.listed.rows.clone()
    }

    /// The rows with their cursors.
    #[must_use]
    pub fn edges(&self) -> Vec<(Arc<R>, String)> {
        self.listed
            .rows
            .iter()
            .map(|row| (Arc::clone(row), self.order.cursor(row).text()))
            .collect()
    }

    /// Where the page stands.
    #[must_use]
    pub fn page_info(&self) -> PageInfo {
        let cursor = |row: Option<&Arc<R>>| row.map(|row| self.order.cursor(row).text());
        PageInfo {
            has_next_page: self.listed.has_next,
            has_previous_page: self.listed.has_previous,
            start_cursor: cursor(self.listed.rows.first()),
            end_cursor: cursor(self.listed.rows.last()),
        }
    }

    /// How many rows the whole list has.
    ///
    /// # Errors
    /// What the database says.
    pub async fn total_count(&self, operation: &Operation) -> Result<i64> {
        (self.count)(operation).await
    }
}

/// Rows that several fields of an answer share.
#[must_use]
pub fn shared<R>(listed: Listed<R>) -> Listed<Arc<R>> {
    Listed {
        rows: listed.rows.into_iter().map(Arc::new).collect(),
        has_next: listed.has_next,
        has_previous: listed.has_previous,
    }
}

/// A list that every object of a type has: fetched and counted for many parents at once.
pub trait ParentList: 'static {
    /// What is listed.
    type Row: Send + Sync + 'static;
    /// The arguments of the field: page, order, filter.
    type Arguments: Clone + Eq + std::hash::Hash + Send + Sync;

    /// How the rows are ordered under these arguments.
    fn order(arguments: &Self::Arguments) -> Order<Self::Row>;

    /// One page for each parent.
    ///
    /// # Errors
    /// What the database says.
    fn list(
        db: &mut crate::db::Db,
        operation: &Operation,
        parents: &[uuid::Uuid],
        arguments: &Self::Arguments,
    ) -> Result<std::collections::HashMap<uuid::Uuid, Listed<Self::Row>>>;

    /// The number of rows for each parent.
    ///
    /// # Errors
    /// What the database says.
    fn count(
        db: &mut crate::db::Db,
        operation: &Operation,
        parents: &[uuid::Uuid],
        arguments: &Self::Arguments,
    ) -> Result<std::collections::HashMap<uuid::Uuid, i64>>;
}

struct Pages<L>(std::marker::PhantomData<fn(L)>);
struct Counts<L>(std::marker::PhantomData<fn(L)>);

impl<L: ParentList> crate::api::batch::Load for Pages<L> {
    type Key = (uuid::Uuid, L::Arguments);
    type Value = Arc<Listed<Arc<L::Row>>>;

    fn load(
        db: &mut crate::db::Db,
        operation: &Operation,
        keys: &[Self::Key],
    ) -> Result<std::collections::HashMap<Self::Key, Self::Value>> {
        let mut found = std::collections::HashMap::with_capacity(keys.len());
        for (arguments, parents) in by_arguments(keys) {
            for (parent, listed) in L::list(db, operation, &parents, arguments)? {
                found.insert((parent, arguments.clone()), Arc::new(shared(listed)));
            }
        }
        Ok(found)
    }
}

impl<L: ParentList> crate::api::batch::Load for Counts<L> {
    type Key = (uuid::Uuid, L::Arguments);
    type Value = i64;

    fn load(
        db: &mut crate::db::Db,
        operation: &Operation,
        keys: &[Self::Key],
    ) -> Result<std::collections::HashMap<Self::Key, Self::Value>> {
        let mut found = std::collections::HashMap::with_capacity(keys.len());
        for (arguments, parents) in by_arguments(keys) {
            for (parent, count) in L::count(db, operation, &parents, arguments)? {
                found.insert((parent, arguments.clone()), count);
            }
        }
        Ok(found)
    }
}

/// One statement for each set of arguments: a field asked twice under two aliases has two.
fn by_arguments<A: Eq + std::hash::Hash>(
    keys: &[(uuid::Uuid, A)],
) -> std::collections::HashMap<&A, Vec<uuid::Uuid>> {
    let mut groups: std::collections::HashMap<&A, Vec<uuid::Uuid>> =
        std::collections::HashMap::new();
    for (parent, arguments) in keys {
        groups.entry(arguments).or_default().push(*parent);
    }
    groups
}

impl Operation {
    /// The page of a parent's list, fetched together with those of all siblings.
    ///
    /// # Errors
    /// What the list says.
    pub fn connect<L: ParentList>(
        &self,
        parent: uuid::Uuid,
        arguments: L::Arguments,
    ) -> Later<'_, Connected<L::Row>> {
        Box::pin(self.connect_unboxed::<L>(parent, arguments))
    }

    async fn connect_unboxed<L: ParentList>(
        &self,
        parent: uuid::Uuid,
        arguments: L::Arguments,
    ) -> Result<Connected<L::Row>> {
        let order = L::order(&arguments);
        let listed = self
            .load::<Pages<L>>((parent, arguments.clone()))
            .await?
            .unwrap_or_default();
        let count: Count = Box::new(move |operation| {
            let arguments = arguments.clone();
            Box::pin(async move {
                Ok(operation
                    .load::<Counts<L>>((parent, arguments))
                    .await?
                    .unwrap_or_default())
            })
        });
        Ok(Connected::of_parent(listed, order, count))
    }
}

/// Declares the connection and the edge of an object type; the names stand at the call so that
/// they can be found.
#[macro_export]
macro_rules! connection {
    ($connection:ident, $edge:ident, $object:ty) => {
        /// A page of a list. `nodes` is the short way to its rows, `edges` adds their cursors.
        #[derive(Debug)]
        pub struct $connection(pub $crate::api::connection::Connected<$object>);

        /// A row of a list with its cursor.
        #[derive(Debug)]
        pub struct $edge {
            node: std::sync::Arc<$object>,
            cursor: String,
        }

        /// A page of a list. `nodes` is the short way to its rows, `edges` adds their cursors.
        #[async_graphql::Object]
        impl $connection {
            /// The rows of the page.
            async fn nodes(&self) -> Vec<std::sync::Arc<$object>> {
                self.0.nodes()
            }

            /// The rows of the page with their cursors.
            async fn edges(&self) -> Vec<$edge> {
                self.0
                    .edges()
                    .into_iter()
                    .map(|(node, cursor)| $edge { node, cursor })
                    .collect()
            }

            /// Where the page stands in its list.
            async fn page_info(&self) -> $crate::api::connection::PageInfo {
                self.0.page_info()
            }

            /// How many rows the whole list has; counted only when asked.
            async fn total_count(
                &self,
                context: &async_graphql::Context<'_>,
            ) -> $crate::kernel::error::Result<i64> {
                use $crate::api::context::InOperation;
                self.0.total_count(context.operation()).await
            }
        }

        /// A row of a list with its cursor.
        #[async_graphql::Object]
        impl $edge {
            /// The row.
            async fn node(&self) -> std::sync::Arc<$object> {
                std::sync::Arc::clone(&self.node)
            }

            /// Where the row stands, for `after` and `before`.
            async fn cursor(&self) -> &str {
                &self.cursor
            }
        }
    };
}
