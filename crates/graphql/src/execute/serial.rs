//! Fields of the root that wait for each other, as those of a mutation do.

use std::collections::VecDeque;
use std::sync::Arc;

use super::{Execution, Host, Link, NameOf, Path, Sink, Thrown};
use crate::plan::SelectionSet;
use crate::schema::Handles;

/// Fields of the root that were not begun yet, each with the place that is kept for its value.
pub struct Rest<H: Handles, Hole> {
    set: Arc<SelectionSet<H>>,
    fields: VecDeque<(usize, Hole)>,
}

/// What a serial execution by the host `X`, writing to the sink `S`, has not begun yet.
pub type RestOf<X, S> = Rest<<X as Host<S>>::Handles, <S as Sink<NameOf<X, S>>>::Hole>;

impl<X: Host<S>, S: Sink<NameOf<X, S>>> Execution<'_, X, S> {
    /// Keeps the places of the fields from that one on.
    pub(super) fn put_off(
        &mut self,
        set: &Arc<SelectionSet<X::Handles>>,
        first: usize,
    ) -> RestOf<X, S> {
        let fields = (first..set.fields.len()).map(|index| {
            let field = &set.fields[index];
            self.sink.key(&field.key);
            let nullable = field.definition().is_some_and(|found| found.position.nullable);
            (index, self.sink.hole(nullable || !self.rules.errors_propagate))
        });
        Rest { fields: fields.collect(), set: Arc::clone(set) }
    }

    /// Executes the next field of the root, if there is one and the response has a place for it;
    /// tells whether there was.
    ///
    /// # Errors
    ///
    /// Only those that must end the whole execution.
    pub fn go_on(&mut self, rest: &mut RestOf<X, S>, root: &X::Value) -> Result<bool, X::Error> {
        let Some((index, hole)) = rest.fields.pop_front() else { return Ok(false) };
        if !self.sink.open(hole) {
            return Ok(false);
        }
        let (depth, awaited) = (self.depth.get(), self.pending.len());
        self.depth.set(depth + 1);
        let completed = self.field(&rest.set, index, root, &Path::new(Link::Root));
        self.depth.set(depth);
        match completed {
            Ok(()) => self.sink.close(),
            Err(thrown) => match *thrown {
                Thrown::Fatal(error) | Thrown::Raised(error) => return Err(error),
                Thrown::Located(error) => {
                    self.sink.abandon();
                    self.abandon_from(awaited);
                    self.rise(hole, error);
                }
            },
        }
        Ok(true)
    }
}
