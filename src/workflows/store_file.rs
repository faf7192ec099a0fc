//! Storing a file for a city or for the network: it spans the files, the cities and the audit log.
//! What it is not: the content, which is in the folder before it gets its record.

use serde_json::json;

use crate::access::permission::Permission;
use crate::access::viewer::Viewer;
use crate::db::{Db, Tx};
use crate::files::{self, NewFile, StoredFile};
use crate::identity::audit;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{CityId, Id};
use crate::registry::cities;

/// Whether the viewer may store a file there; asked before its content is read from the network.
///
/// # Errors
/// `NotFound` for a city that the viewer may not know of, `Unauthenticated` or `Forbidden`.
pub fn permit(
    db: &mut Db,
    viewer: &Viewer,
    city: Option<CityId>,
    today: chrono::NaiveDate,
) -> Result<()> {
    let Some(city) = city else {
        return viewer.permit(Permission::StoreFiles);
    };
    let known = cities::find(db, city)?.is_some_and(|city| cities::visible(&city, viewer, today));
    match (known, viewer) {
        (false, Viewer::Anonymous) => Err(Error::Unauthenticated),
        (false, _) => Err(Error::NotFound {
            kind: CityId::KIND,
            id: city.public(),
        }),
        (true, _) => viewer.permit_for(Permission::StoreFiles, city),
    }
}

/// Stores a file whose content is kept already.
///
/// # Errors
/// As [`permit`].
pub fn store_file(tx: &mut Tx<'_>, new: NewFile) -> Result<StoredFile> {
    permit(tx.db, tx.viewer, new.city, tx.today())?;

    let file = files::keep(tx, new)?;

    audit::record(
        tx,
        "file.stored",
        file.id,
        file.city_id,
        json!({ "name": file.name, "sha256": file.sha256, "size": file.size, "mediaType": file.media_type }),
    )?;
    Ok(file)
}
