//! The disk of a thread as SQLite asks for it: a VFS. One connection at a time uses it, so that a
//! lock is always there to be had.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::ptr;
use std::slice;
use std::sync::Once;

use libsqlite3_sys as ffi;
use onecross_sqlite::{Connection, Error, Opening};

use crate::disk::{Call, Disk};

thread_local! {
    static DISK: RefCell<Disk> = RefCell::default();
    static NAMELESS: Cell<usize> = const { Cell::new(0) };
    /// The memory that connections share in the mode of write-ahead logs, which no disk keeps.
    static SHARED: RefCell<HashMap<String, Vec<Box<[u64]>>>> = RefCell::default();
}

/// Asks the disk of this thread, or changes it.
pub(crate) fn disk<T>(ask: impl FnOnce(&mut Disk) -> T) -> T {
    DISK.with(|disk| ask(&mut disk.borrow_mut()))
}

/// Opens the database of that name on the disk of this thread.
pub(crate) fn open(name: &str) -> Result<Connection, Error> {
    static ONCE: Once = Once::new();
    ONCE.call_once(register);
    let path = CString::new(format!("file:/{name}?vfs=faults")).unwrap();
    let flags = ffi::SQLITE_OPEN_READWRITE | ffi::SQLITE_OPEN_CREATE | ffi::SQLITE_OPEN_URI;
    Connection::open(&Opening { path: &path, flags })
}

fn register() {
    // SAFETY: SQLite may be initialised any number of times; the record is leaked, for it is kept.
    unsafe {
        assert_eq!(ffi::sqlite3_initialize(), ffi::SQLITE_OK);
        let mut vfs = ptr::read(ffi::sqlite3_vfs_find(ptr::null()));
        vfs.iVersion = 1;
        vfs.szOsFile = size_of::<OpenFile>() as c_int;
        vfs.mxPathname = 64;
        vfs.pNext = ptr::null_mut();
        vfs.zName = c"faults".as_ptr();
        vfs.xOpen = Some(open_file);
        vfs.xDelete = Some(delete);
        vfs.xAccess = Some(access);
        vfs.xFullPathname = Some(full_path);
        ffi::sqlite3_vfs_register(Box::leak(Box::new(vfs)), 0);
    }
}

#[repr(C)]
struct OpenFile {
    base: ffi::sqlite3_file,
    name: *mut String,
    is_temporary: bool,
}

/// # Safety
///
/// The file is one of ours, and open.
unsafe fn name_of<'a>(file: *mut ffi::sqlite3_file) -> &'a str {
    // SAFETY: as the caller promises.
    unsafe { &*(*file.cast::<OpenFile>()).name }
}

fn code(counted: Result<(), c_int>) -> c_int {
    counted.err().unwrap_or(ffi::SQLITE_OK)
}

unsafe extern "C" fn open_file(
    _vfs: *mut ffi::sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    // SAFETY: SQLite gives a record of the size that was asked for, and C texts.
    unsafe {
        (*file).pMethods = ptr::null();
        let name = if name.is_null() {
            NAMELESS.set(NAMELESS.get() + 1);
            format!("nameless {}", NAMELESS.get())
        } else {
            CStr::from_ptr(name).to_str().unwrap().to_owned()
        };
        let opened = disk(|disk| {
            disk.count(Call::Open)?;
            if flags & ffi::SQLITE_OPEN_CREATE != 0 {
                disk.create(&name);
            } else if !disk.exists(&name) {
                return Err(ffi::SQLITE_CANTOPEN);
            }
            disk.open_files += 1;
            Ok(())
        });
        if let Err(code) = opened {
            return code;
        }
        ptr::write(
            file.cast(),
            OpenFile {
                base: ffi::sqlite3_file { pMethods: &raw const METHODS },
                name: Box::into_raw(Box::new(name)),
                is_temporary: flags & ffi::SQLITE_OPEN_DELETEONCLOSE != 0,
            },
        );
        if !out_flags.is_null() {
            *out_flags = flags;
        }
        ffi::SQLITE_OK
    }
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    // SAFETY: SQLite closes a file that was opened, once.
    unsafe {
        let name = Box::from_raw((*file.cast::<OpenFile>()).name);
        disk(|disk| {
            disk.open_files -= 1;
            if (*file.cast::<OpenFile>()).is_temporary {
                disk.remove(&name, true);
            }
        });
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn delete(
    _vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    syncs_folder: c_int,
) -> c_int {
    // SAFETY: SQLite gives a C text.
    let name = unsafe { CStr::from_ptr(name) }.to_str().unwrap();
    disk(|disk| match disk.count(Call::Delete) {
        Ok(()) if disk.remove(name, syncs_folder != 0) => ffi::SQLITE_OK,
        Ok(()) => ffi::SQLITE_IOERR_DELETE_NOENT,
        Err(code) => code,
    })
}

unsafe extern "C" fn access(
    _vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    flags: c_int,
    answer: *mut c_int,
) -> c_int {
    // SAFETY: SQLite gives a C text, and room for the answer.
    unsafe {
        let name = CStr::from_ptr(name).to_str().unwrap();
        let is_there = disk(|disk| match flags {
            ffi::SQLITE_ACCESS_EXISTS => disk.exists(name) && disk.size(name) > 0,
            _ => disk.exists(name),
        });
        *answer = c_int::from(is_there);
    }
    code(disk(|disk| disk.count(Call::Access)))
}

unsafe extern "C" fn full_path(
    _vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    length: c_int,
    into: *mut c_char,
) -> c_int {
    // SAFETY: SQLite gives a C text, and so much room.
    unsafe {
        let name = CStr::from_ptr(name).to_bytes_with_nul();
        assert!(name.len() <= length as usize);
        ptr::copy_nonoverlapping(name.as_ptr().cast(), into, name.len());
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn read(
    file: *mut ffi::sqlite3_file,
    into: *mut c_void,
    length: c_int,
    offset: i64,
) -> c_int {
    // SAFETY: SQLite gives so much room.
    let (name, into) =
        unsafe { (name_of(file), slice::from_raw_parts_mut(into.cast::<u8>(), length as usize)) };
    disk(|disk| {
        if let Err(code) = disk.count(Call::Read) {
            return code;
        }
        let there = disk.read(name, offset as usize, into);
        into[there..].fill(0);
        if there == into.len() { ffi::SQLITE_OK } else { ffi::SQLITE_IOERR_SHORT_READ }
    })
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    bytes: *const c_void,
    length: c_int,
    offset: i64,
) -> c_int {
    // SAFETY: SQLite gives so many bytes.
    let (name, bytes) =
        unsafe { (name_of(file), slice::from_raw_parts(bytes.cast::<u8>(), length as usize)) };
    code(disk(|disk| disk.write(name, offset as usize, bytes)))
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, length: i64) -> c_int {
    // SAFETY: the file is open.
    let name = unsafe { name_of(file) };
    code(disk(|disk| {
        disk.count(Call::Truncate)?;
        disk.truncate(name, length as usize);
        Ok(())
    }))
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, _flags: c_int) -> c_int {
    // SAFETY: the file is open.
    let name = unsafe { name_of(file) };
    code(disk(|disk| {
        disk.count(Call::Sync)?;
        disk.sync(name);
        Ok(())
    }))
}

unsafe extern "C" fn file_size(file: *mut ffi::sqlite3_file, size: *mut i64) -> c_int {
    // SAFETY: the file is open, and there is room for the answer.
    unsafe { *size = disk(|disk| disk.size(name_of(file))) as i64 };
    code(disk(|disk| disk.count(Call::Size)))
}

unsafe extern "C" fn lock(_file: *mut ffi::sqlite3_file, _level: c_int) -> c_int {
    code(disk(|disk| disk.count(Call::Lock)))
}

unsafe extern "C" fn unlock(_file: *mut ffi::sqlite3_file, _level: c_int) -> c_int {
    ffi::SQLITE_OK
}

unsafe extern "C" fn check_reserved(_file: *mut ffi::sqlite3_file, answer: *mut c_int) -> c_int {
    // SAFETY: there is room for the answer.
    unsafe { *answer = 0 };
    code(disk(|disk| disk.count(Call::Lock)))
}

unsafe extern "C" fn control(_: *mut ffi::sqlite3_file, _: c_int, _: *mut c_void) -> c_int {
    ffi::SQLITE_NOTFOUND
}

unsafe extern "C" fn sector_size(_file: *mut ffi::sqlite3_file) -> c_int {
    512
}

/// Of a write that is cut, no byte beyond its ends is lost: as SQLite takes it of any disk.
unsafe extern "C" fn characteristics(_file: *mut ffi::sqlite3_file) -> c_int {
    ffi::SQLITE_IOCAP_POWERSAFE_OVERWRITE
}

unsafe extern "C" fn map_shared(
    file: *mut ffi::sqlite3_file,
    number: c_int,
    size: c_int,
    extends: c_int,
    into: *mut *mut c_void,
) -> c_int {
    // SAFETY: the file is open, and there is room for the answer. A region stays where it is until
    // it is unmapped.
    unsafe {
        *into = ptr::null_mut();
        if let Err(code) = disk(|disk| disk.count(Call::ShmMap)) {
            return code;
        }
        SHARED.with_borrow_mut(|shared| {
            let regions = shared.entry(name_of(file).to_owned()).or_default();
            while extends != 0 && regions.len() <= number as usize {
                regions.push(vec![0; size as usize / 8].into_boxed_slice());
            }
            if let Some(region) = regions.get_mut(number as usize) {
                *into = region.as_mut_ptr().cast();
            }
        });
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn lock_shared(
    _file: *mut ffi::sqlite3_file,
    _offset: c_int,
    _count: c_int,
    flags: c_int,
) -> c_int {
    if flags & ffi::SQLITE_SHM_UNLOCK != 0 {
        return ffi::SQLITE_OK;
    }
    code(disk(|disk| disk.count(Call::ShmLock)))
}

unsafe extern "C" fn barrier(_file: *mut ffi::sqlite3_file) {}

unsafe extern "C" fn unmap_shared(file: *mut ffi::sqlite3_file, _deletes: c_int) -> c_int {
    // SAFETY: the file is open.
    let name = unsafe { name_of(file) };
    SHARED.with_borrow_mut(|shared| shared.remove(name));
    ffi::SQLITE_OK
}

static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved),
    xFileControl: Some(control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(characteristics),
    xShmMap: Some(map_shared),
    xShmLock: Some(lock_shared),
    xShmBarrier: Some(barrier),
    xShmUnmap: Some(unmap_shared),
    xFetch: None,
    xUnfetch: None,
};
