//! Questions that sea-query writes, answered row by row into named fields.

use std::time::Duration;

use sea_orm::sea_query::SelectStatement;
use sea_orm::{ConnectionTrait as _, FromQueryResult};

use super::{Deadline, Error, Store};

/// Importers wait this long for what they compare with.
const IMPORTER_PATIENCE: Duration = Duration::from_secs(600);

impl Store {
    /// All rows of a question, as long as the deadline allows.
    pub async fn find<Row: FromQueryResult>(
        &self,
        select: SelectStatement,
        deadline: &Deadline,
    ) -> Result<Vec<Row>, Error> {
        let work = self.orm().query_all(&select);
        let rows = tokio::time::timeout(deadline.remaining(), work).await.map_err(|_| Error::DeadlineExceeded)?;
        let rows = rows.map_err(Error::from_orm)?;
        rows.iter().map(|row| Row::from_query_result(row, "").map_err(Error::from_orm)).collect()
    }

    /// The same for an importer, which is the one writer: nothing moves meanwhile. Blocks, where blocking is allowed,
    /// beside the runtime that drives the connections.
    pub fn find_blocking<Row: FromQueryResult>(&self, select: SelectStatement) -> Result<Vec<Row>, Error> {
        let deadline = Deadline::after(IMPORTER_PATIENCE);
        tokio::runtime::Handle::current().block_on(self.find(select, &deadline))
    }
}
