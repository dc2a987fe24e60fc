//! A whole database as bytes: what its file holds, or would hold.

use std::ffi::{CStr, c_uchar, c_uint};
use std::mem::ManuallyDrop;
use std::ops::Deref;
use std::ptr::NonNull;
use std::slice;

use libsqlite3_sys as ffi;

use crate::connection::Connection;
use crate::error::Error;

/// The bytes of a database, in memory of SQLite's own so that a connection can take it over.
pub struct Image {
    data: NonNull<c_uchar>,
    length: usize,
}

// SAFETY: the memory is this image's alone, and SQLite's allocator is of no thread.
unsafe impl Send for Image {}
// SAFETY: as above; through a shared reference it is only read.
unsafe impl Sync for Image {}

impl Image {
    /// Copies the bytes of a database.
    ///
    /// # Errors
    ///
    /// Where memory runs out.
    pub fn copy(bytes: &[u8]) -> Result<Self, Error> {
        // SAFETY: the memory is of at least that length, and nobody else's. SQLite gives none for a
        // length of 0, which would look as if memory had run out.
        unsafe {
            let data = ffi::sqlite3_malloc64(bytes.len().max(1) as u64).cast::<c_uchar>();
            let data = NonNull::new(data).ok_or_else(|| Error::of_code(ffi::SQLITE_NOMEM))?;
            data.as_ptr().copy_from_nonoverlapping(bytes.as_ptr(), bytes.len());
            Ok(Self { data, length: bytes.len() })
        }
    }
}

impl Image {
    /// Has the header say that the database keeps a rollback journal, where it says WAL, which no
    /// database in memory can have. The image of a database never lacks what is in its WAL.
    ///
    /// Reference: <https://sqlite.org/fileformat2.html#file_format_version_numbers>.
    pub fn leave_wal(&mut self) {
        const VERSIONS: std::ops::Range<usize> = 18..20;
        // SAFETY: the memory is of that length, all of it was written, and `self` is lent alone.
        let bytes = unsafe { slice::from_raw_parts_mut(self.data.as_ptr(), self.length) };
        if let Some(versions) = bytes.get_mut(VERSIONS)
            && versions == [2, 2]
        {
            versions.fill(1);
        }
    }
}

impl Deref for Image {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        // SAFETY: the memory is of that length and all of it was written.
        unsafe { slice::from_raw_parts(self.data.as_ptr(), self.length) }
    }
}

impl Drop for Image {
    fn drop(&mut self) {
        // SAFETY: the memory is SQLite's, and nobody else frees it.
        unsafe { ffi::sqlite3_free(self.data.as_ptr().cast()) };
    }
}

impl Connection {
    /// Takes an image of a database: of one in memory as its file would be.
    ///
    /// # Errors
    ///
    /// There is no such database, it is locked, or memory runs out.
    pub fn serialize(&self, database: &CStr) -> Result<Image, Error> {
        self.handle.admit()?;
        self.check_database(database)?;
        let mut length = 0;
        // SAFETY: the connection is open, the name a C text; the length is set.
        let data =
            unsafe { ffi::sqlite3_serialize(self.raw(), database.as_ptr(), &mut length, NO_FLAGS) };
        let image = match (NonNull::new(data), usize::try_from(length)) {
            (Some(data), Ok(length)) => Ok(Image { data, length }),
            (None, Ok(0)) => Image::copy(&[]),
            (None, Ok(_)) => Err(Error::of_code(ffi::SQLITE_NOMEM)),
            (_, Err(_)) => Err(self.handle.last_error()),
        };
        self.handle.settle().and(image)
    }

    /// Puts an image in the place of a database, which lives in memory from then on and may grow.
    ///
    /// Whether the image is that of a database shows when it is first read. One of a database in WAL
    /// mode cannot be read, unless it was told to leave it.
    ///
    /// # Errors
    ///
    /// There is no such database, it is being read, written or backed up, or memory runs out.
    pub fn deserialize(&self, database: &CStr, image: Image) -> Result<(), Error> {
        self.handle.admit()?;
        self.check_database(database)?;
        if database.to_bytes().eq_ignore_ascii_case(b"temp") {
            let mut error = Error::of_code(ffi::SQLITE_ERROR);
            error.message = "the temporary database cannot be replaced".to_owned();
            return Err(error);
        }
        let image = ManuallyDrop::new(image);
        let length = image.length as i64;
        let flags = ffi::SQLITE_DESERIALIZE_FREEONCLOSE | ffi::SQLITE_DESERIALIZE_RESIZEABLE;
        // SAFETY: the memory is SQLite's and of that length; SQLite frees it even where it fails.
        let code = unsafe {
            let (name, data) = (database.as_ptr(), image.data.as_ptr());
            ffi::sqlite3_deserialize(self.raw(), name, data, length, length, flags)
        };
        self.handle.check(code)
    }

    /// SQLite says nothing of why it finds no database.
    fn check_database(&self, database: &CStr) -> Result<(), Error> {
        if self.is_read_only(database).is_some() {
            return Ok(());
        }
        let mut error = Error::of_code(ffi::SQLITE_ERROR);
        error.message = format!("unknown database {}", database.to_string_lossy());
        Err(error)
    }
}

/// The image is a copy, and never the memory in which a database lives.
const NO_FLAGS: c_uint = 0;
