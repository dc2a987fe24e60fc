//! Blocks of `with connection:` in the strict face: a transaction, and savepoints within it.

use std::cell::{Cell, RefCell};

use pyo3::prelude::*;

use super::connection::Connection;
use super::entered::Entered;
use super::errors;
use super::keyword::Keyword;
use super::prepared::Prepared;
use super::session::Session;
use super::transaction::{self, BEGIN_IMMEDIATE};
use crate::errors::new_error;

const SAVEPOINT: &str = "SAVEPOINT onecross_block";
const RELEASE: &str = "RELEASE onecross_block";
const ROLLBACK_TO: &str = "ROLLBACK TO onecross_block";

/// The blocks that were entered and not left, the outermost first.
#[derive(Default)]
pub(super) struct Blocks {
    open: RefCell<Vec<Block>>,
    depth: Cell<usize>,
    /// The calls within each other that are done as a whole or not at all, the outermost first.
    wholes: RefCell<Vec<Whole>>,
    wholes_depth: Cell<usize>,
}

/// A call that is done as a whole.
#[derive(Clone, Copy)]
struct Whole {
    /// How many blocks were open before it, which stay so until it ends.
    blocks: usize,
    /// How often it has stored rows.
    stores: u64,
    /// Whether rows of it were undone.
    is_torn: bool,
}

#[derive(Clone, Copy)]
struct Block {
    /// Whether a transaction was open when the block was entered.
    was_in_transaction: bool,
    begun: Begun,
    /// How often the call that is done as a whole had stored rows when the savepoint was begun.
    stores: u64,
}

/// What a block has begun, which it does not before something is written in it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Begun {
    Nothing,
    Transaction,
    Savepoint,
}

impl Blocks {
    #[inline]
    pub(super) fn is_open(&self) -> bool {
        self.depth.get() > 0
    }

    /// Whether a call runs that is done as a whole, in which nobody commits.
    #[inline]
    pub(super) fn is_in_whole(&self) -> bool {
        self.wholes_depth.get() > 0
    }

    pub(super) fn begin_whole(&self) {
        let mut wholes = self.wholes.borrow_mut();
        wholes.push(Whole { blocks: self.depth.get(), stores: 0, is_torn: false });
        self.wholes_depth.set(wholes.len());
    }

    /// Tells that the call which is done as a whole has stored rows.
    pub(super) fn note_stored(&self) {
        if let Some(whole) = self.wholes.borrow_mut().last_mut() {
            whole.stores += 1;
        }
    }

    /// Ends a call that is done as a whole. Blocks that were entered in it and not left have
    /// nothing to undo any more.
    pub(super) fn end_whole(&self, session: &Session) {
        let mut wholes = self.wholes.borrow_mut();
        let Some(whole) = wholes.pop() else { return };
        self.wholes_depth.set(wholes.len());
        for block in self.open.borrow_mut().iter_mut().skip(whole.blocks) {
            block.was_in_transaction = !session.database.is_autocommit();
            block.begun = Begun::Nothing;
        }
    }

    /// # Errors
    ///
    /// The transaction of a call that is done as a whole has ended in its middle, or rows of it were
    /// undone.
    pub(super) fn check_whole(&self, py: Python<'_>, session: &Session) -> PyResult<()> {
        let message = if session.database.is_autocommit() {
            "the transaction has ended while rows were stored by one call: it was rolled back"
        } else if self.wholes.borrow().last().is_some_and(|whole| whole.is_torn) {
            "rows were undone while they were stored by one call: they came within a `with` block \
             that was undone"
        } else {
            return Ok(());
        };
        Err(new_error::<errors::OperationalError>(py, message))
    }

    /// Whether the block to be left was entered before a call that is done as a whole, which is
    /// undone with it.
    fn tear_wholes(&self) -> bool {
        let depth = self.depth.get();
        let mut wholes = self.wholes.borrow_mut();
        let within = wholes.iter_mut().filter(|whole| (1..=whole.blocks).contains(&depth));
        within.fold(false, |_, whole| {
            whole.is_torn = true;
            true
        })
    }

    /// Notes that the savepoint of a block was undone.
    fn note_undone(&self, block: Block) {
        if let Some(whole) = self.wholes.borrow_mut().last_mut() {
            whole.is_torn |= block.begun == Begun::Savepoint && block.stores != whole.stores;
        }
    }

    fn push(&self, session: &Session) {
        let was_in_transaction = !session.database.is_autocommit();
        let mut open = self.open.borrow_mut();
        open.push(Block { was_in_transaction, begun: Begun::Nothing, stores: 0 });
        self.depth.set(open.len());
    }

    fn pop(&self) -> Option<Block> {
        let mut open = self.open.borrow_mut();
        let block = open.pop();
        self.depth.set(open.len());
        block
    }

    /// Forgets all blocks: the connection is closed.
    pub(super) fn clear(&self) {
        self.open.borrow_mut().clear();
        self.depth.set(0);
    }

    /// Whether the transaction of the blocks has ended while they are open.
    fn is_lost(&self, session: &Session) -> bool {
        let is_in_transaction =
            |block: &Block| block.was_in_transaction || block.begun != Begun::Nothing;
        session.database.is_autocommit() && self.open.borrow().iter().any(is_in_transaction)
    }

    /// # Errors
    ///
    /// The transaction of the blocks has ended while they are open.
    #[cold]
    pub(super) fn check(&self, py: Python<'_>, session: &Session) -> PyResult<()> {
        if self.is_lost(session) { Err(lost(py)) } else { Ok(()) }
    }

    /// Before a statement is run within a block, or a call that is done as a whole: begins what the
    /// blocks are to undo or keep.
    #[cold]
    pub(super) fn prepare_for(
        &self,
        py: Python<'_>,
        session: &Session,
        prepared: &Prepared,
    ) -> PyResult<()> {
        self.check(py, session)?;
        if self.is_in_whole() {
            self.check_whole(py, session)?;
            if matches!(prepared.keyword, Keyword::Commit | Keyword::Ending) {
                return Err(within_whole(
                    py,
                    "a statement was to end a transaction or a savepoint",
                ));
            }
        }
        let begins = match prepared.keyword {
            Keyword::Control | Keyword::Commit | Keyword::Ending => false,
            Keyword::Savepoint => true,
            _ => !prepared.statement().is_read_only(),
        };
        if begins { self.begin(py, session) } else { Ok(()) }
    }

    /// Begins what the blocks are to undo or keep.
    pub(super) fn begin(&self, py: Python<'_>, session: &Session) -> PyResult<()> {
        for place in 0..self.depth.get() {
            if self.open.borrow()[place].begun != Begun::Nothing {
                continue;
            }
            let begun = if session.database.is_autocommit() {
                transaction::run(py, session, BEGIN_IMMEDIATE)?;
                Begun::Transaction
            } else {
                transaction::run(py, session, SAVEPOINT)?;
                Begun::Savepoint
            };
            let stores = self.wholes.borrow().last().map_or(0, |whole| whole.stores);
            let block = &mut self.open.borrow_mut()[place];
            (block.begun, block.stores) = (begun, stores);
        }
        Ok(())
    }
}

fn lost(py: Python<'_>) -> PyErr {
    let message = "the transaction of this `with` block has ended inside it: it was rolled back, \
                   or committed by a statement. Nothing runs before the block is left";
    new_error::<errors::OperationalError>(py, message)
}

impl Connection {
    /// Enters a block.
    pub(super) fn enter_block(&self, py: Python<'_>) -> PyResult<()> {
        let session = self.enter(py)?;
        let blocks = &self.state.get(py).blocks;
        if blocks.is_open() {
            blocks.check(py, &session)?;
        }
        blocks.push(&session);
        Ok(())
    }

    /// Leaves a block: what was changed in it is kept, or undone if it `failed`.
    pub(super) fn leave_block(&self, py: Python<'_>, failed: bool) -> PyResult<()> {
        let state = self.state.get(py);
        if failed && state.session.borrow().is_none() {
            return Ok(());
        }
        let session = self.enter(py)?;
        let tears = state.blocks.tear_wholes();
        let is_lost = state.blocks.is_lost(&session);
        let Some(block) = state.blocks.pop() else {
            return Err(errors::programming(py, "this block was not entered, or was left before"));
        };
        if tears && !failed {
            undo(py, &session, block)?;
            return Err(within_whole(py, "a `with` block was left that is around the call"));
        }
        match (is_lost, failed) {
            (true, true) => Ok(()),
            (true, false) => Err(lost(py)),
            (false, true) => {
                state.blocks.note_undone(block);
                undo(py, &session, block)
            }
            (false, false) if state.blocks.is_open() || state.blocks.is_in_whole() => {
                keep(py, &session, block, RELEASE)
            }
            (false, false) => keep(py, &session, block, "COMMIT"),
        }
    }

    /// # Errors
    ///
    /// A block is open: it ends its transaction itself.
    pub(super) fn check_no_block(&self, py: Python<'_>, what: &str) -> PyResult<()> {
        if self.state.get(py).blocks.is_in_whole() {
            return Err(within_whole(py, what));
        }
        if !self.state.get(py).blocks.is_open() {
            return Ok(());
        }
        let message = format!(
            "{what} within `with connection:`: leaving the block commits, and an exception that \
             leaves it rolls back"
        );
        Err(errors::programming(py, &message))
    }
}

/// The error for what would end or undo a part of a call that is done as a whole.
#[cold]
fn within_whole(py: Python<'_>, what: &str) -> PyErr {
    let message =
        format!("{what} while rows are stored by one call: all of them are stored, or none");
    errors::programming(py, &message)
}

/// Makes what was changed in a block last, or part of the block around it.
fn keep(py: Python<'_>, session: &Entered<'_>, block: Block, how: &'static str) -> PyResult<()> {
    let is_over = session.database.is_autocommit();
    if is_over || how == RELEASE && block.begun != Begun::Savepoint {
        return Ok(());
    }
    transaction::run(py, session, how).or_else(|error| {
        undo(py, session, block)?;
        Err(error)
    })
}

/// Undoes what was changed in a block, and nothing else.
fn undo(py: Python<'_>, session: &Entered<'_>, block: Block) -> PyResult<()> {
    if session.database.is_autocommit() {
        return Ok(());
    }
    match block.begun {
        Begun::Savepoint => {
            transaction::run(py, session, ROLLBACK_TO)?;
            transaction::run(py, session, RELEASE)
        }
        Begun::Nothing if block.was_in_transaction => Ok(()),
        Begun::Nothing | Begun::Transaction => transaction::run(py, session, "ROLLBACK"),
    }
}
