//! A table with margins as a network, in which a hidden number can vary if and only if a flow can
//! go round through it.
//!
//! Every row and every column is a node that passes on what it gets: a row gets its margin and
//! hands it to its cells, a column gets its cells and hands them to its margin, and the grand total
//! closes the circle. Tables that agree with everything shown differ by circulations over the
//! hidden arcs (Castro, *Computers & Operations Research* 2012; Cox, *JASA* 1995), so that the
//! largest and smallest possible value of a hidden number is a maximum flow.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// A number of the table.
#[derive(Clone, Debug)]
pub(crate) struct Arc {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) value: u64,
    pub(crate) hidden: bool,
    /// What hiding it costs.
    pub(crate) price: u64,
}

/// All numbers of a table.
pub(crate) struct Network {
    pub(crate) arcs: Vec<Arc>,
    pub(crate) nodes: usize,
    /// The least that a hidden number can be.
    pub(crate) least: u64,
}

impl Network {
    /// Whether the number on an arc could be larger by `need`, as far as the shown ones tell.
    pub(crate) fn can_grow(&self, arc: usize, need: u64) -> bool {
        let Arc { from, to, .. } = self.arcs[arc];
        self.flow(to, from, arc, need) >= need
    }

    /// Whether it could be smaller by one.
    pub(crate) fn can_shrink(&self, arc: usize) -> bool {
        let Arc {
            from, to, value, ..
        } = self.arcs[arc];
        value > self.least && self.flow(from, to, arc, 1) >= 1
    }

    /// The cheapest arcs to hide so that the number on `arc` could be larger by `need`; nothing if
    /// there are none. Zeros are not hidden unless small numbers include zero.
    pub(crate) fn detour(&self, arc: usize, need: u64) -> Option<Vec<usize>> {
        let (start, goal) = (self.arcs[arc].to, self.arcs[arc].from);
        let mut cost = vec![u64::MAX; self.nodes];
        let mut through: Vec<Option<(usize, usize)>> = vec![None; self.nodes];
        let mut open = BinaryHeap::from([Reverse((0_u64, start))]);
        cost[start] = 0;
        while let Some(Reverse((here, node))) = open.pop() {
            if here > cost[node] {
                continue;
            }
            for (number, other) in self.arcs.iter().enumerate() {
                let usable = other.hidden || other.value > 0 || self.least == 0;
                if number == arc || !usable {
                    continue;
                }
                let next = if other.from == node {
                    other.to
                } else if other.to == node && other.value.saturating_sub(self.least) >= need {
                    other.from
                } else {
                    continue;
                };
                let there = here.saturating_add(if other.hidden { 0 } else { other.price.max(1) });
                if there < cost[next] {
                    cost[next] = there;
                    through[next] = Some((number, node));
                    open.push(Reverse((there, next)));
                }
            }
        }
        let mut path = Vec::new();
        let mut node = goal;
        while node != start {
            let (number, before) = through[node]?;
            if !self.arcs[number].hidden {
                path.push(number);
            }
            node = before;
        }
        Some(path)
    }

    /// How much more can go from one node to another over the hidden arcs but one, up to `need`.
    fn flow(&self, from: usize, to: usize, without: usize, need: u64) -> u64 {
        // For each hidden arc how far it can rise (without bound) and fall.
        let mut rise: Vec<u64> = vec![0; self.arcs.len()];
        let mut fall: Vec<u64> = vec![0; self.arcs.len()];
        let mut touching: Vec<Vec<usize>> = vec![Vec::new(); self.nodes];
        for (number, arc) in self.arcs.iter().enumerate() {
            if arc.hidden && number != without {
                rise[number] = u64::MAX / 2;
                fall[number] = arc.value.saturating_sub(self.least);
                touching[arc.from].push(number);
                touching[arc.to].push(number);
            }
        }
        let mut total = 0;
        while total < need {
            let mut through: Vec<Option<(usize, bool)>> = vec![None; self.nodes];
            let mut queue = VecDeque::from([from]);
            let mut seen = vec![false; self.nodes];
            seen[from] = true;
            while let Some(node) = queue.pop_front() {
                for &number in &touching[node] {
                    let forward = self.arcs[number].from == node;
                    let (next, room) = if forward {
                        (self.arcs[number].to, rise[number])
                    } else {
                        (self.arcs[number].from, fall[number])
                    };
                    if room > 0 && !seen[next] {
                        seen[next] = true;
                        through[next] = Some((number, forward));
                        queue.push_back(next);
                    }
                }
            }
            if !seen[to] {
                break;
            }
            let step = |node: usize| {
                through[node].map(|(number, forward)| {
                    (
                        number,
                        forward,
                        if forward {
                            self.arcs[number].from
                        } else {
                            self.arcs[number].to
                        },
                    )
                })
            };
            let mut room = need - total;
            let mut node = to;
            while let Some((number, forward, before)) = step(node) {
                room = room.min(if forward { rise[number] } else { fall[number] });
                node = before;
            }
            let mut node = to;
            while let Some((number, forward, before)) = step(node) {
                if forward {
                    rise[number] -= room;
                    fall[number] = fall[number].saturating_add(room);
                } else {
                    fall[number] -= room;
                    rise[number] = rise[number].saturating_add(room);
                }
                node = before;
            }
            total += room;
        }
        total
    }
}
