//! What a host tells the rules: what its values are, how its fields are resolved.

use std::cell::OnceCell;

use super::Path;
use super::sink::Sink;
use crate::plan::{Field, Plan, ScopeId};
use crate::schema::{Abstract, Handles, Object, Position, TypeId};

/// A field being executed for one object.
pub struct Call<'a, H: Handles, P, I> {
    /// The field.
    pub field: &'a Field<H>,
    /// Where the field is in the response.
    pub path: &'a Path<'a, H, P>,
    /// What resolvers are told about the call, made when one asks.
    pub info: OnceCell<I>,
}

/// The call that a host `X`, writing to the sink `S`, is asked about.
pub type CallOf<'a, X, S> =
    Call<'a, <X as Host<S>>::Handles, <X as Host<S>>::Path, <X as Host<S>>::Info>;

/// A value's place in the response: that of its field, or one in the lists of its field.
pub struct Place<'a, H: Handles, P, I> {
    /// The field.
    pub call: &'a Call<'a, H, P, I>,
    /// What stands there.
    pub position: &'a Position<H>,
    /// Where it is.
    pub path: &'a Path<'a, H, P>,
}

/// The place that a host `X`, writing to the sink `S`, is asked about.
pub type PlaceOf<'a, X, S> =
    Place<'a, <X as Host<S>>::Handles, <X as Host<S>>::Path, <X as Host<S>>::Info>;

/// Whose values a plan runs over.
///
/// An error is first `Self::Error`; [`locate`](Host::locate) gives it its place in the response.
pub trait Host<S: Sink<<Self::Handles as Handles>::Name>>: Sized {
    /// What the host attached to the schema.
    type Handles: Handles;
    /// A value.
    type Value;
    /// A list being read.
    type Items;
    /// What went wrong.
    type Error;
    /// The host's own form of a path.
    type Path;
    /// What resolvers are told about a call.
    type Info;
    /// A value still awaited.
    type Pending;

    /// Finds out the values of the variables of a fragment that was opened.
    #[inline]
    fn enter_scope(
        &mut self,
        _plan: &Plan<Self::Handles>,
        _scope: ScopeId,
    ) -> Result<(), Self::Error> {
        Ok(())
    }

    /// The value of a field of `source`.
    fn resolve(
        &mut self,
        call: &CallOf<'_, Self, S>,
        source: &Self::Value,
    ) -> Result<Self::Value, Self::Error>;

    /// Writes fields of `source`, each with its key, as long as that takes no foreign code and
    /// cannot go wrong; says how many. Unless that is all of them, the key of the next is written,
    /// too. There is at least one.
    #[inline]
    fn plain_fields(
        &mut self,
        fields: &[Field<Self::Handles>],
        _source: &Self::Value,
        sink: &mut S,
    ) -> usize {
        sink.key(&fields[0].key);
        0
    }

    /// Tells a value that is there from one still awaited.
    ///
    /// # Errors
    ///
    /// When telling them apart fails.
    fn await_value(
        &mut self,
        place: &PlaceOf<'_, Self, S>,
        value: Self::Value,
    ) -> Result<Awaited<Self::Value, Self::Pending>, Self::Error>;

    /// Tells what came of a value that was awaited.
    ///
    /// # Errors
    ///
    /// When nothing can come of it.
    fn come(
        &mut self,
        place: &PlaceOf<'_, Self, S>,
        pending: Self::Pending,
        value: Self::Value,
    ) -> Result<Came<Self::Value, Self::Pending>, Self::Error>;

    /// Writes what the response has at a place, whole.
    fn write_response(&mut self, value: &Self::Value, sink: &mut S) -> Result<(), Self::Error>;

    /// Whether the value is null.
    ///
    /// # Errors
    ///
    /// When the value is itself an error.
    fn is_null(&mut self, value: &Self::Value) -> Result<bool, Self::Error>;

    /// Writes a scalar or an enum.
    fn leaf(
        &mut self,
        leaf: &<Self::Handles as Handles>::Leaf,
        value: &Self::Value,
        sink: &mut S,
    ) -> Result<(), Self::Error>;

    /// The items of a value that should be a list, and about how many they are.
    fn items(
        &mut self,
        call: &CallOf<'_, Self, S>,
        value: &Self::Value,
    ) -> Result<(Self::Items, usize), Self::Error>;

    /// The next item.
    fn next_item(&mut self, items: &mut Self::Items) -> Result<Option<Self::Value>, Self::Error>;

    /// Leaves the items that are still to come, for one of them failed and the list with it.
    ///
    /// # Errors
    ///
    /// When that must end the whole execution.
    fn leave_items(&mut self, _items: &mut Self::Items) -> Result<(), Self::Error> {
        Ok(())
    }

    /// Writes as many of the next items as take no foreign code and cannot go wrong, and not more
    /// than [`RUN`](super::RUN); says how many.
    #[inline]
    fn plain_items(
        &mut self,
        _leaf: &<Self::Handles as Handles>::Leaf,
        _nullable: bool,
        _items: &mut Self::Items,
        _sink: &mut S,
    ) -> usize {
        0
    }

    /// Called for each object, list and null, and between the leaves of a list, when nothing is
    /// borrowed: what waits may have its turn.
    ///
    /// # Errors
    ///
    /// When the execution is to end.
    #[inline]
    fn pulse(&mut self, _sink: &S) -> Result<(), Self::Error> {
        Ok(())
    }

    /// Checks that a value is of an object type.
    fn check_type(
        &mut self,
        place: &PlaceOf<'_, Self, S>,
        object: &Object<Self::Handles>,
        value: &Self::Value,
    ) -> Result<Awaited<(), Self::Pending>, Self::Error>;

    /// The object type of a value of an abstract type, one of those possible for it.
    fn runtime_type(
        &mut self,
        place: &PlaceOf<'_, Self, S>,
        interface_or_union: &Abstract<Self::Handles>,
        value: &Self::Value,
    ) -> Result<Awaited<TypeId, Self::Pending>, Self::Error>;

    /// Gives up a value that is awaited, for the response has no place for it any more.
    fn abandon(&mut self, _pending: Self::Pending) {}

    /// The error of a null where none may stand.
    fn null_error(&mut self, call: &CallOf<'_, Self, S>) -> Self::Error;

    /// The error of a response nested deeper than [`DEPTH_LIMIT`](super::DEPTH_LIMIT).
    fn depth_error(&mut self) -> Self::Error;

    /// Whether it is known by now that the response will not be used, whatever it says: then errors
    /// stay where they occur, and the rest is executed for what it does.
    #[inline]
    fn is_refused(&self) -> bool {
        false
    }

    /// Gives an error its place in the response.
    fn locate(
        &mut self,
        error: Self::Error,
        call: &CallOf<'_, Self, S>,
        path: &Path<'_, Self::Handles, Self::Path>,
    ) -> Result<Self::Error, Unlocated<Self::Error>>;
}

/// An error that was given no place in the response.
pub enum Unlocated<E> {
    /// Locating it failed with this other error, which belongs to the place around.
    Failed(E),
    /// It must end the whole execution.
    Fatal(E),
}

/// A value that is there, or one that is awaited.
pub enum Awaited<V, P> {
    /// It is there.
    Ready(V),
    /// It comes later.
    Pending(P),
}

/// What came of a value that was awaited.
pub enum Came<V, P> {
    /// The value itself.
    Value(V),
    /// A value that is of that type, if the type does not deny it.
    Typed(V, TypeId),
    /// A value that is of that type, which does not deny it.
    Checked(V, TypeId),
    /// What the response has there, whole.
    Response(V),
    /// Something that is awaited once more.
    Pending(P),
}
