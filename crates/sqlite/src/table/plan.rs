//! How a statement goes through a table: by all rows, by their rowids, or by a value of a column.

use std::ffi::c_int;

/// A comparison that SQLite would like the table to make use of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Constraint {
    /// The column; `None` for the rowid.
    pub(super) column: Option<usize>,
    pub(super) comparison: Comparison,
    /// Whether texts are equal only byte for byte.
    pub(super) is_binary: bool,
    /// Whether the column has numbers made of texts that are compared with it.
    pub(super) is_numeric: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    /// More, or not less.
    Above,
    /// Less, or not more.
    Below,
}

/// A way through the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) way: Way,
    /// Whether the last row comes first.
    pub(super) descends: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// The one row of a rowid.
    Row,
    /// The rows between the bounds that there are, which are given in this order.
    Range { has_lower: bool, has_upper: bool },
    /// The rows that have a value in this column.
    Equal(usize),
}

/// What SQLite is told of a plan.
pub(super) struct Choice {
    pub(super) plan: Plan,
    /// The constraints whose values the plan takes, in its order.
    pub(super) used: Vec<usize>,
    /// In about as much as it costs to read a row.
    pub(super) cost: f64,
    pub(super) rows: usize,
}

/// Up to how many rows an index is not worth it.
const FEW: usize = 8;
/// In how many rows a value is thought to be, as SQLite thinks of an index of which it knows nothing.
const ALIKE: usize = 10;

impl Plan {
    pub(super) fn number(self) -> c_int {
        let way = match self.way {
            Way::Row => 1,
            Way::Range { has_lower, has_upper } => {
                2 | c_int::from(has_lower) << 3 | c_int::from(has_upper) << 4
            }
            Way::Equal(column) => 3 | (column as c_int) << 5,
        };
        way | c_int::from(self.descends) << 2
    }

    pub(super) fn of_number(number: c_int) -> Self {
        let way = match number & 3 {
            1 => Way::Row,
            3 => Way::Equal((number >> 5) as usize),
            _ => Way::Range { has_lower: number & 8 != 0, has_upper: number & 16 != 0 },
        };
        Self { way, descends: number & 4 != 0 }
    }
}

/// The best way that the constraints allow.
pub(super) fn choose(constraints: &[Option<Constraint>], rows: usize, descends: bool) -> Choice {
    let find = |is_so: &dyn Fn(&Constraint) -> bool| {
        constraints.iter().position(|constraint| constraint.as_ref().is_some_and(is_so))
    };
    let of_rowid = |wanted| find(&|known| known.column.is_none() && known.comparison == wanted);
    if let Some(place) = of_rowid(Comparison::Equal) {
        let plan = Plan { way: Way::Row, descends: false };
        return Choice { plan, used: vec![place], cost: 1.0, rows: 1 };
    }
    let is_equal = |known: &Constraint| {
        known.column.is_some() && known.comparison == Comparison::Equal && known.is_binary
    };
    // A part of a row value that is compared by IN looks as any other here, and SQLite compares its
    // values without the affinity of where they come from. To numbers that makes no difference.
    let of_number = find(&|known| is_equal(known) && known.is_numeric);
    let of_column = of_number.or_else(|| find(&is_equal));
    if let Some(place) = of_column.filter(|_| !descends && rows > FEW)
        && let Some(Constraint { column: Some(column), .. }) = constraints[place]
    {
        let plan = Plan { way: Way::Equal(column), descends: false };
        let cost = 2.0 + ALIKE.min(rows) as f64;
        return Choice { plan, used: vec![place], cost, rows: ALIKE.min(rows) };
    }
    let lower = of_rowid(Comparison::Above);
    let upper = of_rowid(Comparison::Below);
    let bounds = [lower, upper].into_iter().flatten();
    let used: Vec<_> = bounds.collect();
    let rows = rows >> used.len();
    let way = Way::Range { has_lower: lower.is_some(), has_upper: upper.is_some() };
    Choice { plan: Plan { way, descends }, used, cost: 1.0 + rows as f64, rows }
}
