//! Under which names a connection knows tables of ours, and how it comes to and forgets them.

use std::cell::{Cell, OnceCell, RefCell};
use std::ffi::{CStr, CString, c_int};
use std::hash::{BuildHasher, RandomState};
use std::ptr;
use std::rc::Rc;
use std::sync::Arc;

use libsqlite3_sys as ffi;

use super::module::{MODULE, Registered, Rows, unregister};
use super::{Table, quoted};
use crate::connection::Connection;
use crate::error::{Code, Error};
use crate::handle::Handle;
use crate::statement::Step;

/// What a connection knows of its tables.
#[derive(Default)]
pub(crate) struct Registry {
    names: RefCell<Vec<CString>>,
    /// What the names of sources begin with. Nobody can guess it, so that no table of a database
    /// can stand in for a source, and no statement but the loader's own can read one.
    prefix: OnceCell<String>,
    sources: Cell<u64>,
    unasked: Cell<Unasked>,
}

/// Of what the authorizer is not asked, for the driver does it for itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Unasked {
    /// Reading sources.
    #[default]
    Sources,
    /// That, and that something is selected at all.
    Selecting,
    /// Anything. Nor is it told to who traces statements.
    Anything,
}

impl Registry {
    /// Whether the authorizer is not asked about something.
    pub(crate) fn allows(&self, code: c_int, name: Option<&CStr>) -> bool {
        match (self.unasked.get(), code) {
            (Unasked::Anything, _) | (Unasked::Selecting, ffi::SQLITE_SELECT) => true,
            (_, ffi::SQLITE_READ) => self.prefix.get().is_some_and(|prefix| {
                name.is_some_and(|name| name.to_bytes().starts_with(prefix.as_bytes()))
            }),
            _ => false,
        }
    }

    /// Whether the driver does something for itself.
    pub(crate) fn is_private(&self) -> bool {
        self.unasked.get() == Unasked::Anything
    }

    /// Does something of which the authorizer is not asked.
    pub(super) fn unasked<T>(&self, unasked: Unasked, work: impl FnOnce() -> T) -> T {
        struct Back<'a>(&'a Cell<Unasked>, Unasked);
        impl Drop for Back<'_> {
            fn drop(&mut self) {
                self.0.set(self.1);
            }
        }
        let _back = Back(&self.unasked, self.unasked.replace(unasked));
        work()
    }

    /// A name for one more source.
    pub(super) fn new_source(&self) -> String {
        let number = self.sources.replace(self.sources.get() + 1);
        let prefix = self.prefix.get_or_init(|| {
            format!("onecross_source_{:016x}", RandomState::new().hash_one(number))
        });
        format!("{prefix}_{number}")
    }

    fn place(&self, name: &CStr) -> Option<usize> {
        let names = self.names.borrow();
        names.iter().position(|known| known.to_bytes().eq_ignore_ascii_case(name.to_bytes()))
    }
}

impl Connection {
    /// Has the connection know a table under a name, or replaces the one that it knows.
    ///
    /// Statements that run go on with the table that they began with. A table that is created in a
    /// database under the name afterwards takes precedence.
    ///
    /// # Errors
    ///
    /// There is a table, a view or a module of that name; SQLite refuses the columns, and what the
    /// connection knew under the name stays; the connection cannot be used here; or memory runs out.
    pub fn create_table(&self, name: &CStr, table: Arc<dyn Table>) -> Result<(), Error> {
        self.handle.admit()?;
        let is_ours = self.handle.tables.place(name).is_some();
        if let Some(what) = self.taken_by(name, is_ours)? {
            let name = name.to_string_lossy();
            let message = format!("there is {what} of the name {name} already");
            return Err(Error { code: Code(ffi::SQLITE_ERROR), message, offset: None });
        }
        let rows = Rc::new(Rows::new(table, false));
        if is_ours {
            self.try_columns(&rows)?;
        }
        self.remove_table(name)?;
        // SAFETY: the handle is that of the connection.
        unsafe { create_module(&self.handle, name, rows)? };
        self.handle.tables.names.borrow_mut().push(name.to_owned());
        if let Err(error) = self.privately(|| self.prepare(&selecting(name))) {
            self.remove_table(name)?;
            return Err(error);
        }
        Ok(())
    }

    /// Registers rows for a moment under a name that nobody knows, so that what they replace is
    /// kept where SQLite refuses their columns.
    fn try_columns(&self, rows: &Rc<Rows>) -> Result<(), Error> {
        let name = CString::new(self.handle.tables.new_source()).unwrap_or_default();
        // SAFETY: the handle is that of the connection.
        unsafe { create_module(&self.handle, &name, Rc::clone(rows))? };
        let tried = self.privately(|| self.prepare(&selecting(&name)).map(drop));
        // SAFETY: the connection is open, and the module one of ours.
        unsafe { remove_module(self.raw(), &name) };
        tried
    }

    /// Has the connection forget a table; tells whether it knew it.
    ///
    /// # Errors
    ///
    /// The connection cannot be used here.
    pub fn remove_table(&self, name: &CStr) -> Result<bool, Error> {
        self.handle.admit()?;
        let Some(place) = self.handle.tables.place(name) else { return Ok(false) };
        let name = self.handle.tables.names.borrow_mut().swap_remove(place);
        // SAFETY: the connection is open, and the module one of ours.
        unsafe { remove_module(self.raw(), &name) };
        // Statements that were prepared with the table would go on to read it.
        self.expire_statements();
        // SQLite disconnects from a table that nothing reads as it prepares what comes next.
        self.prepare(b"\0")?;
        Ok(true)
    }

    /// What else has the name.
    fn taken_by(&self, name: &CStr, is_ours: bool) -> Result<Option<&'static str>, Error> {
        // SAFETY: the connection is open, and the name a C text; of a column, nothing is asked.
        let code = unsafe {
            ffi::sqlite3_table_column_metadata(
                self.raw(),
                ptr::null(),
                name.as_ptr(),
                ptr::null(),
                ptr::null_mut(),
                ptr::null_mut(),
                ptr::null_mut(),
                ptr::null_mut(),
                ptr::null_mut(),
            )
        };
        self.handle.settle()?;
        if code == ffi::SQLITE_OK {
            return Ok(Some("a table"));
        }
        if is_ours {
            return Ok(None);
        }
        self.privately(|| {
            if self.prepare(&selecting(name)).is_ok() {
                return Ok(Some("a table or a view"));
            }
            let modules = b"SELECT 1 FROM pragma_module_list WHERE name = ?1 COLLATE NOCASE\0";
            let Some(mut statement) = self.prepare(modules)?.0 else { return Ok(None) };
            let bound = statement.bind_text(1, name.to_bytes());
            bound.map_err(|code| statement.error(code))?;
            let step = statement.step().map_err(|error| *error)?;
            Ok((step == Step::Row).then_some("a module of SQLite's"))
        })
    }

    /// Does something for the driver itself, of which neither authorizer nor tracer know.
    fn privately<T>(&self, work: impl FnOnce() -> T) -> T {
        self.handle.tables.unasked(Unasked::Anything, work)
    }
}

fn selecting(name: &CStr) -> Vec<u8> {
    let mut text = format!("SELECT 1 FROM {}", quoted(&name.to_string_lossy())).into_bytes();
    text.push(0);
    text
}

/// Registers rows under a name that no other module has.
///
/// # Safety
///
/// The handle outlives its connection.
pub(super) unsafe fn create_module(
    handle: &Handle,
    name: &CStr,
    rows: Rc<Rows>,
) -> Result<(), Error> {
    let registered = Box::into_raw(Box::new(Registered { handle: ptr::from_ref(handle), rows }));
    // SAFETY: SQLite owns what is registered from here on, and destroys it in every case.
    let code = unsafe {
        let name = name.as_ptr();
        let registered = registered.cast();
        ffi::sqlite3_create_module_v2(handle.raw(), name, &MODULE, registered, Some(unregister))
    };
    handle.check(code)
}

/// # Safety
///
/// The connection is open, and the module one of ours.
pub(crate) unsafe fn remove_module(connection: *mut ffi::sqlite3, name: &CStr) {
    // SAFETY: as the caller promises; statements that use the module keep what they need of it.
    unsafe {
        let (none, nothing) = (ptr::null(), ptr::null_mut());
        ffi::sqlite3_create_module_v2(connection, name.as_ptr(), none, nothing, None);
    }
}
