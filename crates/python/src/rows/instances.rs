//! Rows as instances of a class.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyList, PyString, PyTuple, PyType};

use super::listed::{self, each};
use super::objects::{Failure, Maker};
use super::reading::Reading;
use crate::cpython::{CallArguments, InstanceMaker, Template, named_tuple_of, tuple_of};
use crate::gate::Passage;
use crate::meter::{Counts, Meter};
use onecross_columns::Batch;

/// How an instance is made of a row.
enum Recipe<'py> {
    /// Of a named tuple: the column for each item, or else its default.
    Record { class: Bound<'py, PyType>, items: Vec<Item<'py>> },
    /// By setting its attributes: those of the columns, and behind them the defaults.
    Attributes { maker: InstanceMaker<'py>, defaults: Vec<Bound<'py, PyAny>> },
    /// By a call with the values by their names.
    Keywords { function: Bound<'py, PyAny>, names: Bound<'py, PyTuple> },
    /// By a call with a dict.
    Mapping { function: Bound<'py, PyAny>, template: Template<'py> },
}

enum Item<'py> {
    Column(usize),
    Default(Bound<'py, PyAny>),
}

/// All rows that are left, as instances.
pub(super) fn instances<'py>(
    py: Python<'py>,
    reading: &mut Reading,
    kind: &Bound<'py, PyAny>,
    rename: Option<&Bound<'py, PyAny>>,
    passage: &Passage<'py>,
) -> PyResult<Bound<'py, PyList>> {
    if kind.is(py.get_type::<PyDict>()) && rename.is_none() {
        return listed::dicts(py, reading, passage);
    }
    if kind.is(py.get_type::<PyTuple>()) && rename.is_none() {
        return listed::tuples(py, reading, passage);
    }
    let names = reading.header(py)?.names.iter().map(|name| name.bind(py).clone().into_any());
    let names = tuple_of(py, names.collect::<Vec<_>>())?;
    let recipe = Recipe::of(recipe_function(py)?.call1((kind, names, rename))?)?;
    let runs_python = matches!(recipe, Recipe::Keywords { .. } | Recipe::Mapping { .. });
    let list = each(py, reading, passage, !runs_python, |maker, batch, row| {
        recipe.instance(maker, batch, row)
    })?;
    if runs_python
        && Meter::is_any_on()
        && let Some(meter) = Meter::current(py)?
    {
        let mut counts = Counts::default();
        counts.calls_out = list.len();
        meter.get().add(&counts);
    }
    Ok(list)
}

fn recipe_function(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
    static RECIPE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let found = RECIPE.get_or_try_init(py, || {
        let module = py.import(intern!(py, "onecross._instances"))?;
        module.getattr(intern!(py, "recipe")).map(Bound::unbind)
    });
    found.map(|recipe| recipe.bind(py))
}

impl<'py> Recipe<'py> {
    /// What `onecross._instances` found out.
    fn of(found: Bound<'py, PyAny>) -> PyResult<Self> {
        let py = found.py();
        let found = found.cast_into::<PyTuple>()?;
        let (way, function) = (found.get_item(0)?, found.get_item(1)?);
        let names = found.get_item(2)?.cast_into::<PyTuple>()?;
        let defaults = found.get_item(4)?.cast_into::<PyTuple>()?;
        let default = |place: usize, part: usize| defaults.get_item(place)?.get_item(part);
        let number: u8 = way.extract()?;
        Ok(match number {
            0 => {
                let mut next = 0;
                let places = found.get_item(3)?.cast_into::<PyTuple>()?;
                let items = places.iter().map(|place| {
                    let place: isize = place.extract()?;
                    if let Ok(column) = usize::try_from(place) {
                        return Ok(Item::Column(column));
                    }
                    next += 1;
                    default(next - 1, 1).map(Item::Default)
                });
                let items = items.collect::<PyResult<_>>()?;
                Self::Record { class: function.cast_into::<PyType>()?, items }
            }
            1 => {
                let given = names.iter().map(|name| Ok(name.cast_into::<PyString>()?));
                let left =
                    (0..defaults.len()).map(|it| Ok(default(it, 0)?.cast_into::<PyString>()?));
                let names = given.chain(left).collect::<PyResult<_>>()?;
                let maker = InstanceMaker::new(function.cast_into::<PyType>()?, names);
                let defaults = (0..defaults.len()).map(|it| default(it, 1));
                Self::Attributes { maker, defaults: defaults.collect::<PyResult<_>>()? }
            }
            2 => Self::Keywords { function, names },
            _ => {
                let names = names.iter().map(|name| Ok(name.cast_into::<PyString>()?));
                Self::Mapping {
                    function,
                    template: Template::new(py, names.collect::<PyResult<_>>()?)?,
                }
            }
        })
    }

    fn instance(
        &self,
        maker: &Maker<'py>,
        batch: &Batch,
        row: usize,
    ) -> Result<Bound<'py, PyAny>, Failure> {
        match self {
            Self::Record { class, items } => {
                named_tuple_of(class, items.len(), |place| match &items[place] {
                    Item::Column(column) => maker.cell(batch, row, *column),
                    Item::Default(value) => Ok(value.clone()),
                })
            }
            Self::Attributes { maker: instances, defaults } => {
                let instance = instances.make()?;
                for column in 0..batch.columns.len() {
                    instances.set(&instance, column, maker.cell(batch, row, column)?)?;
                }
                for (place, value) in defaults.iter().enumerate() {
                    instances.set(&instance, batch.columns.len() + place, value.clone())?;
                }
                Ok(instance)
            }
            Self::Keywords { function, names } => {
                let values = (0..batch.columns.len()).map(|column| maker.cell(batch, row, column));
                let values = values.collect::<Result<Vec<_>, _>>()?;
                let mut arguments = CallArguments::new();
                values.iter().for_each(|value| arguments.push(value));
                Ok(arguments.call(function, Some(names))?)
            }
            Self::Mapping { function, template } => {
                let dict = template.copy();
                for column in 0..batch.columns.len() {
                    template.set(&dict, column, &maker.cell(batch, row, column)?);
                }
                Ok(function.call1((dict,))?)
            }
        }
    }
}
