//! Starting a plugin, calling it, and being called by it.

use std::hint::black_box;
use std::process::{Command, Stdio};
use std::sync::Arc;

use autods_sandbox::loader::{self, Job, Shard};
use autods_sandbox::{PluginFile, Sandbox, Sources};

use crate::bare::{Bare, Crossing, Guards};
use crate::measure::{clock_each, rounds, wall_each};
use crate::native::{Counting, Door};
use crate::report::{Report, Row, Target, Unit};
use crate::{Fallible, Setting, components};

const ROUNDS: usize = 31;
const SAYS: u64 = 100_000;

pub(crate) fn calls(setting: &Setting, report: &mut Report) -> Fallible<()> {
    let sandbox = Sandbox::new(crate::policy(), None)?;
    report.group("Calls");
    for id in ["loader-table", "method-impute-encode-scale"] {
        let path = setting.plugins.join(format!("{id}.wasm"));
        let plugin = sandbox.admit(PluginFile::read(&path, sandbox.policy())?)?;
        let [ours, native] = rounds(
            ROUNDS,
            [
                &mut || wall_each(50, || Ok(plugin.start().map(drop)?)),
                &mut || {
                    wall_each(2, || {
                        let mut command = Command::new("true");
                        command.stdin(Stdio::null()).stdout(Stdio::null());
                        Ok(command.status().map(drop)?)
                    })
                },
            ],
        )?;
        report.row(&Row {
            what: &format!("instantiate: {id}"),
            unit: Unit::Microseconds,
            ours: &ours,
            native_is: "start a process that does nothing and wait for it",
            native: &native,
            target: Some(Target::Seconds(100e-6)),
            note: "ours: store, limits, instance, and giving all of it back".into(),
        });
    }

    let border = components::border()?;
    let plugin = sandbox.admit(components::file(
        "loader",
        border.clone(),
        sandbox.policy(),
    )?)?;
    let none = Sources::in_memory([]);
    let job = Job {
        tables: Vec::new(),
        params: Vec::new(),
    };
    let [whole, started, native] = rounds(
        ROUNDS,
        [
            &mut || clock_each(200, || Ok(loader::plan(&plugin, &none, &job, 1).map(drop)?)),
            &mut || clock_each(200, || Ok(plugin.start().map(drop)?)),
            &mut || {
                let mut counting = Counting::default();
                let door: &mut dyn Door = black_box(&mut counting);
                clock_each(100_000, || {
                    black_box(door.say(black_box(1), black_box("")));
                    Ok(())
                })
            },
        ],
    )?;
    report.row(&Row {
        what: "empty call into a fresh instance",
        unit: Unit::Microseconds,
        ours: &whole,
        native_is: "call of a function through a pointer",
        native: &native,
        target: None,
        note: format!(
            "of ours, the fresh instance {:.2} us; the call itself {:.2} us",
            started.min() * 1e6,
            (whole.min() - started.min()).max(0.0) * 1e6
        ),
    });

    let bare = Bare::new(&border, Guards::default(), false)?;
    let nothing: Arc<[u8]> = Arc::default();
    let shard = |says| Shard {
        source: 0,
        start: 0,
        end: 0,
        first_line: says,
    };
    let says = |says| Crossing {
        says,
        ..Crossing::default()
    };
    let [ours, unchecked, native] = rounds(
        ROUNDS,
        [
            &mut || {
                let once = || Ok(loader::load(&plugin, &none, &job, &shard(SAYS)).map(drop)?);
                Ok(clock_each(1, once)? / SAYS as f64)
            },
            &mut || {
                let once = || bare.cross(&nothing, says(SAYS)).map(drop);
                Ok(clock_each(1, once)? / SAYS as f64)
            },
            &mut || {
                let mut counting = Counting::default();
                let door: &mut dyn Door = black_box(&mut counting);
                clock_each(SAYS as u32, || {
                    black_box(door.say(black_box(1), black_box("")));
                    Ok(())
                })
            },
        ],
    )?;
    report.row(&Row {
        what: "host call from a plugin",
        unit: Unit::Nanoseconds,
        ours: &ours,
        native_is: "call of a function through a pointer",
        native: &native,
        target: None,
        note: String::new(),
    });
    report.row(&Row {
        what: "policy check in each host call",
        unit: Unit::Nanoseconds,
        ours: &ours.less(unchecked.min()),
        native_is: "the same host call of the runtime without any check",
        native: &unchecked,
        target: None,
        note: "budgets of calls, time and messages; the rest of a host call is the runtime's"
            .into(),
    });
    Ok(())
}
