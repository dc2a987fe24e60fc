//! A disk in memory that counts its calls, fails at those that it is told to, and forgets what was
//! not synced when its power goes.

use std::collections::HashMap;
use std::ffi::c_int;

use libsqlite3_sys as ffi;

/// What is written in one piece.
const SECTOR: usize = 512;

/// What a call of SQLite asks of the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Call {
    Access,
    Delete,
    Lock,
    Open,
    Read,
    ShmLock,
    ShmMap,
    Size,
    Sync,
    Truncate,
    Write,
}

impl Call {
    /// The code that SQLite's own VFS answers when this fails.
    fn failure(self) -> c_int {
        match self {
            Self::Access => ffi::SQLITE_IOERR_ACCESS,
            Self::Delete => ffi::SQLITE_IOERR_DELETE,
            Self::Lock => ffi::SQLITE_IOERR_LOCK,
            Self::Open => ffi::SQLITE_CANTOPEN,
            Self::Read => ffi::SQLITE_IOERR_READ,
            Self::ShmLock => ffi::SQLITE_IOERR_SHMLOCK,
            Self::ShmMap => ffi::SQLITE_IOERR_SHMMAP,
            Self::Size => ffi::SQLITE_IOERR_FSTAT,
            Self::Sync => ffi::SQLITE_IOERR_FSYNC,
            Self::Truncate => ffi::SQLITE_IOERR_TRUNCATE,
            Self::Write => ffi::SQLITE_IOERR_WRITE,
        }
    }
}

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// One call fails.
    Once,
    /// From one call on, all fail.
    Forever,
    /// One write fails after its first half.
    ShortWrite,
    /// From one write on, the disk is full.
    Full,
    /// One call for a lock finds it taken.
    Busy,
    /// The power goes: from one call on, all fail.
    PowerCut,
}

impl Fault {
    /// Which calls are counted, and fail.
    fn is_about(self, call: Call) -> bool {
        match self {
            Self::Once | Self::Forever | Self::PowerCut => true,
            Self::ShortWrite | Self::Full => call == Call::Write,
            Self::Busy => matches!(call, Call::Lock | Call::ShmLock),
        }
    }
}

/// A change of a file that the disk may still forget.
enum Change {
    Write { offset: usize, bytes: Vec<u8> },
    Truncate(usize),
}

impl Change {
    fn apply(&self, content: &mut Vec<u8>, mut is_kept: impl FnMut() -> bool) {
        match self {
            Self::Truncate(length) => {
                if is_kept() {
                    content.truncate(*length);
                }
            }
            Self::Write { offset, bytes } => {
                let mut start = 0;
                while start < bytes.len() {
                    let end = bytes.len().min(start + SECTOR - (offset + start) % SECTOR);
                    if is_kept() {
                        write(content, offset + start, &bytes[start..end]);
                    }
                    start = end;
                }
            }
        }
    }
}

fn write(content: &mut Vec<u8>, offset: usize, bytes: &[u8]) {
    let end = offset + bytes.len();
    if content.len() < end {
        content.resize(end, 0);
    }
    content[offset..end].copy_from_slice(bytes);
}

#[derive(Default)]
struct File {
    content: Vec<u8>,
    synced: Vec<u8>,
    changes: Vec<Change>,
    /// Whether the folder knows of it for good.
    is_listed: bool,
}

/// A disk, its files by their names.
#[derive(Default)]
pub(crate) struct Disk {
    files: HashMap<String, File>,
    /// What was removed, as far as the folder does not know of it for good.
    removed: HashMap<String, File>,
    fault: Option<(Fault, usize)>,
    calls: usize,
    has_failed: bool,
    /// How many files are open.
    pub(crate) open_files: usize,
}

impl Disk {
    /// A disk that fails at the call of that number, counted from 1 among those that may.
    pub(crate) fn fail(&mut self, fault: Fault, number: usize) {
        self.fault = Some((fault, number));
        self.calls = 0;
        self.has_failed = false;
    }

    /// Makes it whole; answers whether anything has failed.
    pub(crate) fn heal(&mut self) -> bool {
        self.fault = None;
        self.has_failed
    }

    /// Counts a call.
    ///
    /// # Errors
    ///
    /// The code of what goes wrong.
    pub(crate) fn count(&mut self, call: Call) -> Result<(), c_int> {
        let Some((fault, number)) = self.fault.filter(|(fault, _)| fault.is_about(call)) else {
            return Ok(());
        };
        self.calls += 1;
        let is_lasting = matches!(fault, Fault::Forever | Fault::Full | Fault::PowerCut);
        if self.calls != number && !(is_lasting && self.calls > number) {
            return Ok(());
        }
        self.has_failed = true;
        Err(match fault {
            Fault::Full => ffi::SQLITE_FULL,
            Fault::Busy => ffi::SQLITE_BUSY,
            Fault::Once | Fault::Forever | Fault::ShortWrite | Fault::PowerCut => call.failure(),
        })
    }

    pub(crate) fn exists(&self, name: &str) -> bool {
        self.files.contains_key(name)
    }

    pub(crate) fn create(&mut self, name: &str) {
        self.files.entry(name.into()).or_default();
    }

    /// Removes a file, if there is one; if asked to, so that no loss of power brings it back.
    pub(crate) fn remove(&mut self, name: &str, is_for_good: bool) -> bool {
        let Some(file) = self.files.remove(name) else { return false };
        if !is_for_good && file.is_listed {
            self.removed.insert(name.into(), file);
        }
        true
    }

    pub(crate) fn size(&self, name: &str) -> usize {
        self.files.get(name).map_or(0, |file| file.content.len())
    }

    /// Reads what there is; answers how much it was.
    pub(crate) fn read(&self, name: &str, offset: usize, into: &mut [u8]) -> usize {
        let content = self.files.get(name).map_or(&[][..], |file| &file.content);
        let there = content.get(offset..).unwrap_or_default();
        let length = there.len().min(into.len());
        into[..length].copy_from_slice(&there[..length]);
        length
    }

    /// # Errors
    ///
    /// The code of what goes wrong; half of the bytes may have been written.
    pub(crate) fn write(&mut self, name: &str, offset: usize, bytes: &[u8]) -> Result<(), c_int> {
        let counted = self.count(Call::Write);
        let is_short = self.fault.is_some_and(|(fault, _)| fault == Fault::ShortWrite);
        let bytes = match counted {
            Ok(()) => bytes,
            Err(_) if is_short => &bytes[..bytes.len() / 2],
            Err(code) => return Err(code),
        };
        self.change(name, Change::Write { offset, bytes: bytes.to_vec() });
        counted
    }

    pub(crate) fn truncate(&mut self, name: &str, length: usize) {
        self.change(name, Change::Truncate(length));
    }

    fn change(&mut self, name: &str, change: Change) {
        let file = self.files.entry(name.into()).or_default();
        change.apply(&mut file.content, || true);
        file.changes.push(change);
    }

    pub(crate) fn sync(&mut self, name: &str) {
        let file = self.files.entry(name.into()).or_default();
        file.changes.clear();
        file.synced.clone_from(&file.content);
        if !file.is_listed {
            file.is_listed = true;
            self.removed.clear();
        }
    }

    /// What is left after the power went: all that was synced, and of the rest what chance keeps.
    pub(crate) fn lose_power(&mut self, chance: &mut Chance) {
        self.files.retain(|_, file| file.is_listed);
        let mut removed = Vec::from_iter(self.removed.drain());
        removed.sort_by(|(one, _), (other, _)| one.cmp(other));
        for (name, file) in removed {
            if chance.flips() {
                self.files.entry(name).or_insert(file);
            }
        }
        let mut files = Vec::from_iter(&mut self.files);
        files.sort_by_key(|(name, _)| *name);
        for (_, file) in files {
            let changes = std::mem::take(&mut file.changes);
            let mut content = std::mem::take(&mut file.synced);
            for change in changes {
                change.apply(&mut content, || chance.flips());
            }
            file.synced.clone_from(&content);
            file.content = content;
        }
    }
}

/// Chance that comes out the same each time.
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    fn flips(&mut self) -> bool {
        self.next().is_multiple_of(2)
    }
}
