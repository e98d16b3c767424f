//! What the figures were measured on, and how quiet it was.

use std::fs;
use std::hint::black_box;
use std::time::Instant;

/// Least and greatest time of one and the same computation over the run, and what the system says.
pub(crate) struct Machine {
    pub(crate) processor: String,
    pub(crate) cores: usize,
    pub(crate) system: String,
    pub(crate) virtual_machine: bool,
    load_before: String,
    spins: Vec<f64>,
    stolen_before: Option<(u64, u64)>,
}

impl Machine {
    pub(crate) fn look() -> Self {
        let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
        let cpuinfo = read("/proc/cpuinfo");
        let processor = cpuinfo
            .lines()
            .find_map(|line| line.strip_prefix("model name")?.split_once(": "))
            .map_or(std::env::consts::ARCH, |(_, name)| name);
        let flags = cpuinfo.lines().find(|line| line.starts_with("flags"));
        let release = read("/proc/sys/kernel/osrelease");
        let release = release.split('-').next().unwrap_or_default().trim();
        let mut machine = Self {
            processor: processor.to_owned(),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            system: format!("{} {release}", std::env::consts::OS),
            virtual_machine: flags.is_some_and(|flags| flags.contains(" hypervisor")),
            load_before: load(),
            spins: Vec::new(),
            stolen_before: stolen(),
        };
        machine.spin();
        machine
    }

    /// Times a computation that never changes; called between the groups.
    pub(crate) fn spin(&mut self) {
        for _ in 0..5 {
            let start = Instant::now();
            let mut value = black_box(1_u64);
            for _ in 0..2_000_000 {
                value = value
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
            }
            black_box(value);
            self.spins.push(start.elapsed().as_secs_f64());
        }
    }

    /// Greatest over least time of the computation that never changes.
    pub(crate) fn noise(&self) -> f64 {
        let least = self.spins.iter().copied().fold(f64::INFINITY, f64::min);
        let greatest = self.spins.iter().copied().fold(0.0, f64::max);
        greatest / least
    }

    /// Load averages over one minute, before and now.
    pub(crate) fn loads(&self) -> (&str, String) {
        (&self.load_before, load())
    }

    /// Share of processor time that other virtual machines took, where the kernel says so.
    pub(crate) fn stolen(&self) -> Option<f64> {
        let (before, after) = (self.stolen_before?, stolen()?);
        let all = after.1.saturating_sub(before.1);
        (all > 0).then(|| after.0.saturating_sub(before.0) as f64 / all as f64)
    }
}

fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().unwrap_or_default().to_owned()
}

/// Stolen and all ticks since the start of the machine (proc(5), `/proc/stat`).
fn stolen() -> Option<(u64, u64)> {
    let text = fs::read_to_string("/proc/stat").ok()?;
    let ticks: Vec<u64> = text
        .lines()
        .next()?
        .split_ascii_whitespace()
        .skip(1)
        .map_while(|tick| tick.parse().ok())
        .collect();
    Some((*ticks.get(7)?, ticks.iter().take(8).sum()))
}
