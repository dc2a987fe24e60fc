//! What the driver promises, told with connections to databases of the tests' own.

mod backups;
mod blobs;
mod completeness;
mod database;
mod extensions;
mod images;
mod leftovers;
mod limits;
mod statements;
mod switches;
