//! Counts in rows and columns, with all their sums.

use serde::{Deserialize, Serialize};

use super::Disclosure;
use super::network::{Arc, Network};

/// A table of counts with its margins; nothing where a number is hidden.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TwoWay {
    /// The cells, row by row.
    pub cells: Vec<Vec<Option<u64>>>,
    /// The sum of each row.
    pub rows: Vec<Option<u64>>,
    /// The sum of each column.
    pub columns: Vec<Option<u64>>,
    /// The sum of all.
    pub total: Option<u64>,
}

impl Disclosure {
    /// A table of counts and its margins, of which as few are hidden as it takes (by a greedy
    /// search, not a proof of the least) so that
    /// - no cell and no margin from 1 to below the threshold is shown,
    /// - each of those could, as far as all numbers shown tell, also be as large as the threshold,
    /// - no number hidden for their sake can be computed either.
    ///
    /// Cells are hidden rather than margins, small ones rather than large ones. Rows of different
    /// length are filled up with zeros.
    #[must_use]
    pub fn two_way(&self, cells: &[Vec<u64>]) -> TwoWay {
        let width = cells.iter().map(Vec::len).max().unwrap_or(0);
        let height = cells.len();
        let mut network = self.network(cells, width);
        if !self.protect(&mut network) {
            for arc in &mut network.arcs {
                arc.hidden = true;
            }
        }
        let mut arcs = network
            .arcs
            .iter()
            .map(|arc| (!arc.hidden).then_some(arc.value));
        let mut take = |count: usize| -> Vec<Option<u64>> { arcs.by_ref().take(count).collect() };
        TwoWay {
            cells: (0..height).map(|_| take(width)).collect(),
            rows: take(height),
            columns: take(width),
            total: take(1).pop().flatten(),
        }
    }

    /// Cells row by row, then the margins of rows, the margins of columns, the total.
    fn network(&self, cells: &[Vec<u64>], width: usize) -> Network {
        let height = cells.len();
        let cell = |row: usize, column: usize| cells[row].get(column).copied().unwrap_or(0);
        let sum = |values: &mut dyn Iterator<Item = u64>| values.fold(0_u64, u64::saturating_add);
        let row_sums: Vec<u64> = (0..height)
            .map(|row| sum(&mut (0..width).map(|column| cell(row, column))))
            .collect();
        let column_sums: Vec<u64> = (0..width)
            .map(|column| sum(&mut (0..height).map(|row| cell(row, column))))
            .collect();
        let total = sum(&mut row_sums.iter().copied());

        // Nodes: rows, the row of sums, columns, the column of sums.
        let (sums_row, column_node, sums_column) = (
            height,
            |column: usize| height + 1 + column,
            height + 1 + width,
        );
        // A margin costs more than all cells together, the total more than all margins.
        let (margin, grand) = (
            total.saturating_add(1),
            total.saturating_add(1).saturating_mul(1 << 10),
        );
        let arc = |from, to, value, price: u64| Arc {
            from,
            to,
            value,
            hidden: self.is_small(value),
            price: price.saturating_add(value),
        };
        let mut arcs = Vec::with_capacity((height + 1) * (width + 1));
        for row in 0..height {
            arcs.extend(
                (0..width).map(|column| arc(row, column_node(column), cell(row, column), 0)),
            );
        }
        arcs.extend(
            row_sums
                .iter()
                .enumerate()
                .map(|(row, &value)| arc(sums_column, row, value, margin)),
        );
        arcs.extend(
            column_sums
                .iter()
                .enumerate()
                .map(|(column, &value)| arc(column_node(column), sums_row, value, margin)),
        );
        arcs.push(arc(sums_row, sums_column, total, grand));
        Network {
            arcs,
            nodes: height + width + 2,
            least: self.least(),
        }
    }

    /// Hide what it takes; false if it cannot be done short of hiding everything.
    fn protect(&self, network: &mut Network) -> bool {
        // What is safe stays safe: hiding more only leaves more room.
        let mut safe = vec![false; network.arcs.len()];
        loop {
            let mut exposed = None;
            for (number, safe) in safe.iter_mut().enumerate() {
                let arc = &network.arcs[number];
                if !arc.hidden || *safe {
                    continue;
                }
                let missing = self.threshold.saturating_sub(arc.value);
                *safe = network.can_grow(number, missing.max(1))
                    || (missing == 0 && network.can_shrink(number));
                if !*safe {
                    exposed = Some((number, missing.max(1)));
                    break;
                }
            }
            let Some((number, need)) = exposed else {
                return true;
            };
            match network.detour(number, need) {
                // An empty path would be a flow that `can_grow` had found.
                Some(path) if !path.is_empty() => {
                    for number in path {
                        network.arcs[number].hidden = true;
                    }
                }
                _ => return false,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_table_without_small_counts_is_shown() {
        let table = Disclosure::default().two_way(&[vec![20, 0], vec![30, 40]]);
        assert_eq!(table.cells, [[Some(20), Some(0)], [Some(30), Some(40)]]);
        assert_eq!(
            (table.rows, table.columns, table.total),
            (vec![Some(20), Some(70)], vec![Some(50), Some(40)], Some(90))
        );
    }

    #[test]
    fn one_small_cell_takes_three_others_with_it() {
        let table =
            Disclosure::default().two_way(&[vec![3, 20, 90], vec![30, 40, 90], vec![80, 70, 60]]);
        assert_eq!(
            table.cells,
            [
                [None, None, Some(90)],
                [None, None, Some(90)],
                [Some(80), Some(70), Some(60)]
            ]
        );
        assert!(
            table.rows.iter().chain(&table.columns).all(Option::is_some)
                && table.total == Some(483)
        );
    }

    #[test]
    fn a_hidden_cell_between_two_hidden_blocks_is_protected_too() {
        // Two blocks of four small cells each and one cell that is the only bridge between them:
        // its value is the difference of sums, although no row or column has a single hidden cell.
        let mut cells = vec![vec![50; 4]; 4];
        for (row, column) in [
            (0, 0),
            (0, 1),
            (1, 0),
            (1, 1),
            (2, 2),
            (2, 3),
            (3, 2),
            (3, 3),
            (1, 2),
        ] {
            cells[row][column] = 8;
        }
        let rules = Disclosure::default();
        let table = rules.two_way(&cells);
        let hidden = table
            .cells
            .iter()
            .flatten()
            .filter(|cell| cell.is_none())
            .count();
        assert!(hidden > 9, "{hidden}");
        let mut network = rules.network(&cells, 4);
        for (arc, shown) in network.arcs.iter_mut().zip(
            table
                .cells
                .iter()
                .flatten()
                .chain(&table.rows)
                .chain(&table.columns),
        ) {
            arc.hidden = shown.is_none();
        }
        assert!(network.can_grow(6, 3), "row 1, column 2");
    }

    #[test]
    fn a_table_of_nothing_but_small_counts_shows_zeros_at_most() {
        let table = Disclosure::default().two_way(&[vec![1, 2], vec![3, 0]]);
        assert_eq!(table.cells, [[None, None], [None, Some(0)]]);
        assert_eq!(
            (table.rows, table.columns, table.total),
            (vec![None; 2], vec![None; 2], None)
        );
    }

    #[test]
    fn empty_tables_are_no_trouble() {
        assert_eq!(Disclosure::default().two_way(&[]).total, Some(0));
        assert_eq!(
            Disclosure::default().two_way(&[vec![], vec![]]).rows,
            [Some(0), Some(0)]
        );
    }

    /// Every number that could stand in each cell, by trying all tables with cells up to a limit
    /// that agree with what is shown. Knows nothing of networks.
    fn possible(shown: &TwoWay, width: usize, limit: u64) -> Vec<Vec<u64>> {
        fn fits(sum: u64, shown: Option<u64>) -> bool {
            // A hidden margin is not 0, because zeros are shown.
            shown.map_or(sum > 0, |value| value == sum)
        }
        fn fill(
            shown: &TwoWay,
            width: usize,
            limit: u64,
            cells: &mut Vec<u64>,
            seen: &mut [Vec<u64>],
        ) {
            let flat: Vec<Option<u64>> = shown.cells.iter().flatten().copied().collect();
            let at = cells.len();
            if at > 0 && at.is_multiple_of(width) {
                let row = at / width - 1;
                if !fits(cells[at - width..].iter().sum(), shown.rows[row]) {
                    return;
                }
            }
            if at == flat.len() {
                let columns = (0..width).all(|column| {
                    fits(
                        cells.iter().skip(column).step_by(width).sum(),
                        shown.columns[column],
                    )
                });
                if columns && fits(cells.iter().sum(), shown.total) {
                    for (values, &value) in seen.iter_mut().zip(cells.iter()) {
                        if !values.contains(&value) {
                            values.push(value);
                        }
                    }
                }
                return;
            }
            let choices = flat[at].map_or(1..=limit, |value| value..=value);
            for value in choices {
                cells.push(value);
                fill(shown, width, limit, cells, seen);
                cells.pop();
            }
        }
        let mut seen = vec![Vec::new(); shown.cells.len() * width];
        fill(shown, width, limit, &mut Vec::new(), &mut seen);
        seen
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_margin_gives_a_hidden_cell_back(
            width in 2_usize..4,
            cells in prop::collection::vec(prop_oneof![2 => Just(0_u64), 3 => 1_u64..4, 4 => 4_u64..11], 6),
        ) {
            let rules = Disclosure::new(4);
            let rows: Vec<Vec<u64>> = cells[..2 * width].chunks(width).map(<[u64]>::to_vec).collect();
            let table = rules.two_way(&rows);
            for (shown, cell) in table.cells.iter().flatten().zip(&cells) {
                prop_assert!(shown.is_none_or(|value| value == *cell && !rules.is_small(value)));
            }
            for margin in table.rows.iter().chain(&table.columns).chain([&table.total]).flatten() {
                prop_assert!(!rules.is_small(*margin));
            }
            if table.total.is_none() {
                // Everything is hidden, or next to it; there is nothing to reckon with.
                return Ok(());
            }
            let all: u64 = cells[..2 * width].iter().sum();
            let possible = possible(&table, width, all.min(14));
            for ((shown, cell), values) in table.cells.iter().flatten().zip(&cells).zip(possible) {
                prop_assert!(values.contains(cell) || *cell > 14);
                if shown.is_none() {
                    prop_assert!(values.len() > 1, "one value only");
                    if rules.is_small(*cell) {
                        prop_assert!(values.iter().any(|&value| value >= 4), "surely small: {:?}", values);
                        prop_assert!(values.iter().any(|&value| value < 4));
                    }
                }
            }
        }

        #[test]
        fn larger_tables_are_protected_in_time(
            width in 1_usize..12,
            cells in prop::collection::vec(prop_oneof![2 => Just(0_u64), 1 => 1_u64..11, 6 => 11_u64..500], 132),
        ) {
            let rules = Disclosure::default();
            let rows: Vec<Vec<u64>> = cells.chunks_exact(width).take(12).map(<[u64]>::to_vec).collect();
            let table = rules.two_way(&rows);
            let mut network = rules.network(&rows, width);
            let shown = table.cells.iter().flatten().chain(&table.rows).chain(&table.columns).chain([&table.total]);
            for (arc, shown) in network.arcs.iter_mut().zip(shown) {
                arc.hidden = shown.is_none();
            }
            if network.arcs.iter().all(|arc| arc.hidden) {
                return Ok(());
            }
            for number in 0..network.arcs.len() {
                let arc = &network.arcs[number];
                if arc.hidden && arc.value < 11 {
                    prop_assert!(network.can_grow(number, 11 - arc.value));
                }
            }
        }
    }
}
