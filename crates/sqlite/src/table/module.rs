//! What SQLite calls of a table of ours.

use std::cell::{Cell, RefCell};
use std::ffi::{CString, c_char, c_int, c_void};
use std::ptr::{self, NonNull};
use std::rc::Rc;
use std::slice;
use std::sync::Arc;

use libsqlite3_sys as ffi;

use super::ahead::Ahead;
use super::cursor::Cursor;
use super::index::Lookup;
use super::plan::{Comparison, Constraint, Plan, choose};
use super::{Table, quoted};
use crate::callbacks::{Inside, enter};
use crate::handle::Handle;
use crate::value::Value;

/// What is registered under a name.
pub(super) struct Registered {
    pub(super) handle: *const Handle,
    pub(super) rows: Rc<Rows>,
}

/// The table that is read, and what is told of the last reading.
pub(super) struct Rows {
    /// Nobody takes it away while a statement has read a value and can still have it.
    pub(super) table: RefCell<Arc<dyn Table>>,
    /// The row at which the last statement ended, if there was one.
    pub(super) left_at: Cell<Option<usize>>,
    /// Whether each value of each row is asked for, so that many can be read at once.
    is_read_whole: bool,
}

/// SQLite's part comes first, so that a pointer to the one is a pointer to the other.
#[repr(C)]
struct VirtualTable {
    base: ffi::sqlite3_vtab,
    handle: *const Handle,
    rows: Rc<Rows>,
    lookups: Box<[Lookup]>,
    /// Which columns have the affinity of numbers.
    numeric: Box<[bool]>,
    /// The columns that the statement prepared last makes use of, as SQLite numbers them.
    used: Cell<u64>,
}

#[repr(C)]
struct VirtualCursor {
    base: ffi::sqlite3_vtab_cursor,
    table: *const VirtualTable,
    /// Goes before the cursor, which has the table that lends its values.
    ahead: Ahead,
    cursor: Cursor,
}

/// Without a way to create it, a table is there as soon as it is registered, and there alone.
pub(super) static MODULE: ffi::sqlite3_module = ffi::sqlite3_module {
    iVersion: 0,
    xCreate: None,
    xConnect: Some(connect),
    xBestIndex: Some(best_index),
    xDisconnect: Some(disconnect),
    xDestroy: None,
    xOpen: Some(open),
    xClose: Some(close),
    xFilter: Some(filter),
    xNext: Some(next),
    xEof: Some(is_at_end),
    xColumn: Some(column),
    xRowid: Some(rowid),
    xUpdate: None,
    xBegin: None,
    xSync: None,
    xCommit: None,
    xRollback: None,
    xFindFunction: None,
    xRename: None,
    xSavepoint: None,
    xRelease: None,
    xRollbackTo: None,
    xShadowName: None,
    xIntegrity: None,
};

const INSIDE: Inside = Inside::Closed("table");

impl Rows {
    pub(super) fn new(table: Arc<dyn Table>, is_read_whole: bool) -> Self {
        Self { table: RefCell::new(table), left_at: Cell::new(None), is_read_whole }
    }
}

/// Lets go of what was registered once SQLite has returned, for that may run anybody's code.
pub(super) unsafe extern "C" fn unregister(registered: *mut c_void) {
    // SAFETY: what was registered, of which SQLite lets go once; the handle outlives the connection
    // that calls this.
    unsafe {
        let registered = Box::from_raw(registered.cast::<Registered>());
        (*registered.handle).discard(Box::new(registered.rows));
    }
}

unsafe extern "C" fn connect(
    database: *mut ffi::sqlite3,
    registered: *mut c_void,
    _count: c_int,
    _arguments: *const *const c_char,
    made: *mut *mut ffi::sqlite3_vtab,
    message: *mut *mut c_char,
) -> c_int {
    // SAFETY: what was registered lives as long as the module does that calls this; the handle
    // outlives the connection.
    let (handle, rows) = unsafe {
        let registered = &*registered.cast::<Registered>();
        (registered.handle, Rc::clone(&registered.rows))
    };
    // SAFETY: as above.
    let open = unsafe { &*handle };
    enter(open, INSIDE, ffi::SQLITE_ABORT, || {
        let table = Arc::clone(&rows.table.borrow());
        // SAFETY: SQLite gives a place for a message, and frees what is there.
        let tell = |why: &str| unsafe { *message = copied(why) };
        let Ok(declaration) = declaration(&*table) else {
            tell("the name of a column has a NUL character");
            return Ok(ffi::SQLITE_ERROR);
        };
        // SAFETY: SQLite waits for this call inside of this callback, and copies the text.
        let code = unsafe { ffi::sqlite3_declare_vtab(database, declaration.as_ptr()) };
        if code == ffi::SQLITE_OK {
            let columns = table.columns();
            let lookups = columns.iter().map(|_| Lookup::default()).collect();
            let numeric = columns.iter().map(|column| is_numeric(column.declared)).collect();
            let base =
                ffi::sqlite3_vtab { pModule: ptr::null(), nRef: 0, zErrMsg: ptr::null_mut() };
            let used = Cell::new(0);
            let table = VirtualTable { base, handle, rows, lookups, numeric, used };
            // SAFETY: SQLite gives a place for the table, which is SQLite's from here on.
            unsafe { *made = Box::into_raw(Box::new(table)).cast() };
        } else {
            tell(&open.error(code).message);
        }
        Ok(code)
    })
}

/// A message that SQLite frees; null where memory runs out.
fn copied(message: &str) -> *mut c_char {
    // SAFETY: allocates one byte more than are copied, for the NUL.
    unsafe {
        let copy = ffi::sqlite3_malloc64(message.len() as u64 + 1).cast::<u8>();
        if !copy.is_null() {
            copy.copy_from_nonoverlapping(message.as_ptr(), message.len());
            copy.add(message.len()).write(0);
        }
        copy.cast()
    }
}

fn declaration(table: &dyn Table) -> Result<CString, std::ffi::NulError> {
    let columns = table.columns().iter();
    let columns: Vec<_> =
        columns.map(|column| format!("{} {}", quoted(&column.name), column.declared)).collect();
    CString::new(format!("CREATE TABLE x({})", columns.join(", ")))
}

/// Whether a declared type has the affinity of numbers: <https://sqlite.org/datatype3.html>, 3.1.
fn is_numeric(declared: &str) -> bool {
    let declared = declared.to_ascii_uppercase();
    let has = |parts: &[&str]| parts.iter().any(|part| declared.contains(part));
    has(&["INT"]) || !(declared.is_empty() || has(&["CHAR", "CLOB", "TEXT", "BLOB"]))
}

unsafe extern "C" fn disconnect(table: *mut ffi::sqlite3_vtab) -> c_int {
    // SAFETY: what `connect` made, of which SQLite lets go once.
    unsafe {
        let table = Box::from_raw(table.cast::<VirtualTable>());
        (*table.handle).discard(Box::new(table.rows));
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn best_index(
    table: *mut ffi::sqlite3_vtab,
    info: *mut ffi::sqlite3_index_info,
) -> c_int {
    // SAFETY: what `connect` made, and what SQLite asks with, nobody else's during the call.
    let (table, info) = unsafe { (&*table.cast::<VirtualTable>(), &mut *info) };
    // SAFETY: the handle outlives the connection that calls this.
    enter(unsafe { &*table.handle }, INSIDE, ffi::SQLITE_ABORT, || {
        let rows = table.rows.table.borrow().rows();
        // SAFETY: SQLite gives so many constraints, wishes for order, and places for answers.
        let (asked, orders, usages) = unsafe {
            (
                raw_slice(info.aConstraint, info.nConstraint),
                raw_slice(info.aOrderBy, info.nOrderBy),
                raw_slice_mut(info.aConstraintUsage, info.nConstraint),
            )
        };
        let pointer = &raw mut *info;
        let constraints: Vec<_> = (0..asked.len())
            // SAFETY: the constraint is one of those that are asked with.
            .map(|place| unsafe { constraint(table, pointer, &asked[place], place) })
            .collect();
        let by_rowid = match orders {
            [order] if order.iColumn < 0 => Some(order.desc != 0),
            _ => None,
        };
        let choice = choose(&constraints, rows, by_rowid == Some(true));
        for (number, place) in choice.used.iter().enumerate() {
            usages[*place].argvIndex = number as c_int + 1;
        }
        table.used.set(info.colUsed);
        info.idxNum = choice.plan.number();
        info.orderByConsumed = c_int::from(
            by_rowid.is_some_and(|descends| choice.rows <= 1 || descends == choice.plan.descends),
        );
        info.estimatedCost = choice.cost;
        info.estimatedRows = choice.rows.max(1) as i64;
        if choice.rows == 1 && choice.cost <= 1.0 {
            info.idxFlags = ffi::SQLITE_INDEX_SCAN_UNIQUE;
        }
        Ok(ffi::SQLITE_OK)
    })
}

/// # Safety
///
/// The constraint is the one at that place, during a call of `best_index` with the pointer.
unsafe fn constraint(
    table: &VirtualTable,
    info: *mut ffi::sqlite3_index_info,
    asked: &ffi::sqlite3_index_constraint,
    place: usize,
) -> Option<Constraint> {
    let comparison = match i32::from(asked.op) {
        _ if asked.usable == 0 => return None,
        ffi::SQLITE_INDEX_CONSTRAINT_EQ => Comparison::Equal,
        ffi::SQLITE_INDEX_CONSTRAINT_GT | ffi::SQLITE_INDEX_CONSTRAINT_GE => Comparison::Above,
        ffi::SQLITE_INDEX_CONSTRAINT_LT | ffi::SQLITE_INDEX_CONSTRAINT_LE => Comparison::Below,
        _ => return None,
    };
    let column = usize::try_from(asked.iColumn).ok();
    let is_numeric = column.is_none_or(|column| table.numeric.get(column) == Some(&true));
    // Of the values of an IN, each is compared for itself then, without the affinity of where it
    // comes from: '007' would be none of the numbers.
    // SAFETY: as the caller promises.
    if !is_numeric && unsafe { ffi::sqlite3_vtab_in(info, place as c_int, -1) } != 0 {
        return None;
    }
    // SAFETY: as the caller promises; answers a C text that lives until `best_index` returns.
    let is_binary = unsafe {
        let name = ffi::sqlite3_vtab_collation(info, place as c_int);
        !name.is_null() && std::ffi::CStr::from_ptr(name) == c"BINARY"
    };
    Some(Constraint { column, comparison, is_binary, is_numeric })
}

/// # Safety
///
/// There are so many during `'a`, if there is any.
unsafe fn raw_slice<'a, T>(first: *const T, count: c_int) -> &'a [T] {
    if first.is_null() || count <= 0 {
        return &[];
    }
    // SAFETY: as the caller promises.
    unsafe { slice::from_raw_parts(first, count as usize) }
}

/// # Safety
///
/// There are so many during `'a`, if there is any, and nobody else uses them.
unsafe fn raw_slice_mut<'a, T>(first: *mut T, count: c_int) -> &'a mut [T] {
    if first.is_null() || count <= 0 {
        return &mut [];
    }
    // SAFETY: as the caller promises.
    unsafe { slice::from_raw_parts_mut(first, count as usize) }
}

unsafe extern "C" fn open(
    table: *mut ffi::sqlite3_vtab,
    made: *mut *mut ffi::sqlite3_vtab_cursor,
) -> c_int {
    // SAFETY: what `connect` made, which lives as long as its cursors. SQLite gives a place for the
    // cursor, which is SQLite's from here on, and fills in its base.
    unsafe {
        let table = &*table.cast::<VirtualTable>();
        let rows = Arc::clone(&table.rows.table.borrow());
        let base = ffi::sqlite3_vtab_cursor { pVtab: ptr::null_mut() };
        let cursor = Box::new(VirtualCursor {
            base,
            table,
            ahead: Ahead::default(),
            cursor: Cursor::new(rows),
        });
        *made = Box::into_raw(cursor).cast();
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn close(cursor: *mut ffi::sqlite3_vtab_cursor) -> c_int {
    // SAFETY: what `open` made, of which SQLite lets go once, before its table. That has the rows,
    // too, so that they do not go here.
    unsafe {
        let cursor = Box::from_raw(cursor.cast::<VirtualCursor>());
        let table = &*cursor.table;
        table.rows.left_at.set(cursor.cursor.row());
    }
    ffi::SQLITE_OK
}

/// The cursor, its table, and what was read ahead.
///
/// # Safety
///
/// The cursor is what `open` made and `close` was not given, and nobody else uses it during `'a`.
#[inline]
unsafe fn opened<'a>(
    cursor: *mut ffi::sqlite3_vtab_cursor,
) -> (&'a mut Cursor, &'a mut Ahead, &'a VirtualTable, &'a Handle) {
    // SAFETY: as the caller promises; the table outlives its cursors, and the handle both.
    unsafe {
        let cursor = &mut *cursor.cast::<VirtualCursor>();
        let table = &*cursor.table;
        (&mut cursor.cursor, &mut cursor.ahead, table, &*table.handle)
    }
}

unsafe extern "C" fn filter(
    cursor: *mut ffi::sqlite3_vtab_cursor,
    number: c_int,
    _text: *const c_char,
    count: c_int,
    values: *mut *mut ffi::sqlite3_value,
) -> c_int {
    // SAFETY: SQLite calls this with a cursor that is open, and so many values.
    let ((cursor, ahead, table, handle), values) =
        unsafe { (opened(cursor), raw_slice(values.cast_const(), count)) };
    enter(handle, INSIDE, ffi::SQLITE_ABORT, || {
        // SAFETY: the values are protected, and SQLite's until this returns.
        let values: Option<Vec<_>> =
            values.iter().map(|value| unsafe { Value::read(*value) }).collect();
        let Some(values) = values else { return Ok(ffi::SQLITE_NOMEM) };
        cursor.filter(Plan::of_number(number), &values, &table.lookups);
        // SAFETY: the cursor keeps its table as long as what is read ahead of it.
        unsafe { read_ahead(cursor, ahead, table) };
        Ok(ffi::SQLITE_OK)
    })
}

unsafe extern "C" fn next(cursor: *mut ffi::sqlite3_vtab_cursor) -> c_int {
    // SAFETY: SQLite calls this with a cursor that is open.
    let (cursor, ahead, table, handle) = unsafe { opened(cursor) };
    cursor.advance(&table.lookups);
    if table.rows.is_read_whole && cursor.row().is_some_and(|row| !ahead.go_to(row)) {
        return enter(handle, INSIDE, ffi::SQLITE_ABORT, || {
            // SAFETY: as in `filter`.
            unsafe { read_ahead(cursor, ahead, table) };
            Ok(ffi::SQLITE_OK)
        });
    }
    if handle.is_failing() { ffi::SQLITE_ABORT } else { ffi::SQLITE_OK }
}

/// Reads the values of the current row and of those behind it, if all of them are asked for.
///
/// # Safety
///
/// The cursor keeps its table as long as what is read ahead.
unsafe fn read_ahead(cursor: &Cursor, ahead: &mut Ahead, table: &VirtualTable) {
    if table.rows.is_read_whole
        && let Some(row) = cursor.row()
    {
        // SAFETY: as the caller promises.
        unsafe { ahead.read(&*cursor.table, table.used.get(), row) };
    }
}

unsafe extern "C" fn is_at_end(cursor: *mut ffi::sqlite3_vtab_cursor) -> c_int {
    // SAFETY: SQLite calls this with a cursor that is open.
    let (cursor, ..) = unsafe { opened(cursor) };
    c_int::from(cursor.row().is_none())
}

unsafe extern "C" fn rowid(cursor: *mut ffi::sqlite3_vtab_cursor, answer: *mut i64) -> c_int {
    // SAFETY: SQLite calls this with a cursor that is open, and a place for the answer.
    unsafe {
        let (cursor, ..) = opened(cursor);
        *answer = cursor.row().map_or(0, |row| row as i64 + 1);
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn column(
    cursor: *mut ffi::sqlite3_vtab_cursor,
    context: *mut ffi::sqlite3_context,
    column: c_int,
) -> c_int {
    // SAFETY: SQLite calls this with a cursor that is open.
    let (cursor, ahead, _, handle) = unsafe { opened(cursor) };
    let Some(context) = NonNull::new(context) else { return ffi::SQLITE_MISUSE };
    if let Some(value) = ahead.get(column as usize) {
        // SAFETY: as below.
        unsafe { answer(context.as_ptr(), value) };
        return ffi::SQLITE_OK;
    }
    let Some(row) = cursor.row() else { return ffi::SQLITE_MISUSE };
    enter(handle, INSIDE, ffi::SQLITE_ABORT, || {
        let value = cursor.table.value(row, column as usize);
        // SAFETY: the context is of this call. What the value lends is the table's, which the
        // virtual table keeps at least until the statement is reset.
        unsafe { answer(context.as_ptr(), value) };
        Ok(ffi::SQLITE_OK)
    })
}

/// Answers a value where it lies.
///
/// # Safety
///
/// The context is alive, and what the value lends stays as it is until the statement is reset.
#[inline]
unsafe fn answer(context: *mut ffi::sqlite3_context, value: Value<'_>) {
    let (in_place, encoding) = (ffi::SQLITE_STATIC(), ffi::SQLITE_UTF8 as u8);
    // SAFETY: as the caller promises.
    unsafe {
        match value {
            Value::Null => ffi::sqlite3_result_null(context),
            Value::Integer(value) => ffi::sqlite3_result_int64(context, value),
            Value::Real(value) => ffi::sqlite3_result_double(context, value),
            Value::Text(text) => {
                let (data, length) = (text.as_ptr().cast(), text.len() as u64);
                ffi::sqlite3_result_text64(context, data, length, in_place, encoding);
            }
            Value::Blob(blob) => {
                let (data, length) = (blob.as_ptr().cast(), blob.len() as u64);
                ffi::sqlite3_result_blob64(context, data, length, in_place);
            }
        }
    }
}
