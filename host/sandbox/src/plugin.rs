//! An admitted plugin, and how it is called: a fresh store each time, gone after the call.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use wasmtime::{Store, Trap};

use crate::account::Account;
use crate::agent::AgentCall;
use crate::audit::Audit;
use crate::bindings::{agent, loader, method};
use crate::cache::Compiled;
use crate::call_error::{Budget, CallError, TrapKind};
use crate::loader::LoaderCall;
use crate::manifest::Manifest;
use crate::message::Message;
use crate::meter::{Meter, Stop, Usage};
use crate::method::MethodCall;
use crate::policy::{Limits, Policy, mib};
use crate::sandbox::Room;
use crate::world::World;

/// An admitted plugin. Cheap to clone; may be called from several threads at once.
#[derive(Clone)]
pub struct Plugin(Arc<Admitted>, Option<Account>);

struct Admitted {
    room: Arc<Room>,
    manifest: Manifest,
    audit: Audit,
    compiled: Compiled,
    entry: Entry,
    /// How many memories an instance has.
    memories: usize,
}

/// A plugin's way in, by its world.
pub(crate) enum Entry {
    Loader(loader::LoaderPre<LoaderCall>),
    Method(method::MethodPre<MethodCall>),
    Agent(agent::AgentPre<AgentCall>),
}

/// What a call carries through the guest and back.
pub(crate) trait Call: Sized + 'static {
    fn meter(&mut self) -> &mut Meter;
}

impl Plugin {
    pub(crate) fn new(
        room: Arc<Room>,
        manifest: Manifest,
        audit: Audit,
        compiled: Compiled,
        entry: Entry,
        memories: usize,
    ) -> Self {
        let admitted = Admitted {
            room,
            manifest,
            audit,
            compiled,
            entry,
            memories,
        };
        Self(Arc::new(admitted), None)
    }

    /// The same plugin, with an account that is closed when a call of it ends, well or not.
    pub fn accounted(&self) -> (Self, Account) {
        let account = Account::default();
        (Self(Arc::clone(&self.0), Some(account.clone())), account)
    }

    /// Its id.
    pub fn id(&self) -> &str {
        &self.0.manifest.plugin.id
    }

    /// Its world.
    pub fn world(&self) -> World {
        self.0.audit.world
    }

    /// Its manifest.
    pub fn manifest(&self) -> &Manifest {
        &self.0.manifest
    }

    /// What it is and may do.
    pub fn audit(&self) -> &Audit {
        &self.0.audit
    }

    /// SHA-256 of its component, in hexadecimal.
    pub fn sha256(&self) -> &str {
        &self.0.audit.sha256
    }

    /// How its machine code was come by.
    pub fn compiled(&self) -> Compiled {
        self.0.compiled
    }

    /// The limits of each of its calls.
    pub fn limits(&self) -> &Limits {
        &self.0.audit.limits
    }

    pub(crate) fn policy(&self) -> &Policy {
        &self.0.room.policy
    }

    /// Starts it and gives everything back: an instance under the limits of a call, none of whose
    /// exports is called. For those who want to know whether it starts, and how fast.
    ///
    /// # Errors
    /// Where a start function traps, or the instance needs more than the limits give.
    pub fn start(&self) -> Result<Usage, CallError> {
        match self.entry() {
            Entry::Loader(entry) => {
                let state = LoaderCall::idle(self);
                let start = |store: &mut Store<_>| entry.instantiate(store).map(drop);
                self.run("start", state, start)
                    .map(|(_, state)| usage(state))
            }
            Entry::Method(entry) => {
                let meter = self.meter();
                let start = |store: &mut Store<_>| entry.instantiate(store).map(drop);
                self.run("start", MethodCall { meter }, start)
                    .map(|(_, state)| usage(state))
            }
            Entry::Agent(entry) => {
                let meter = self.meter();
                let start = |store: &mut Store<_>| entry.instantiate(store).map(drop);
                self.run("start", AgentCall { meter }, start)
                    .map(|(_, state)| usage(state))
            }
        }
    }

    pub(crate) fn entry(&self) -> &Entry {
        &self.0.entry
    }

    pub(crate) fn wrong_world(&self, asked: World) -> CallError {
        CallError::WrongWorld {
            plugin: self.world(),
            asked,
        }
    }

    pub(crate) fn meter(&self) -> Meter {
        Meter::new(self.limits().clone(), self.0.room.policy.log.clone())
    }

    /// Runs `call` in a fresh store around `state`. Gives back what it returned and the state;
    /// after a trap both are gone, and only the reason is left.
    pub(crate) fn run<S: Call, R>(
        &self,
        export: &'static str,
        mut state: S,
        call: impl FnOnce(&mut Store<S>) -> wasmtime::Result<R>,
    ) -> Result<(R, S), CallError> {
        // Held until the store and all that was in it are gone.
        let _turn = self.0.room.turns.take(self.0.memories);
        state.meter().begin();
        let limits = self.limits();
        let ticks = limits
            .wall_ms
            .div_ceil(self.0.room.policy.engine.tick_ms)
            .saturating_add(1);
        let mut store = Store::new(self.0.room.engines.of(self.0.audit.world), state);
        store.limiter(|state| state.meter());
        store.set_hostcall_fuel(usize::try_from(mib(limits.crossing_mib)).unwrap_or(usize::MAX));
        store.set_epoch_deadline(ticks);
        // Our own host functions run inside; should one of them panic, it is this call that goes.
        let outcome = catch_unwind(AssertUnwindSafe(|| call(&mut store)));
        let mut state = store.into_data();
        self.keep_messages(export, state.meter());
        if let Some(account) = &self.1 {
            account.close(state.meter());
        }
        match outcome {
            Ok(Ok(returned)) => Ok((returned, state)),
            Ok(Err(error)) => Err(reason(&error, state.meter())),
            Err(_) => Err(CallError::Host),
        }
    }

    fn keep_messages(&self, export: &'static str, meter: &mut Meter) {
        meter.end_lines();
        for (loudness, text) in meter.messages.drain(..) {
            let plugin = self.id().to_owned();
            self.0.room.messages.push(Message {
                plugin,
                export,
                loudness,
                text,
            });
        }
    }
}

/// Closes the account of a call that went well.
pub(crate) fn usage(mut state: impl Call) -> Usage {
    state.meter().close()
}

/// What the runtime says when instantiation needs more instances, memories or tables than the store
/// may have. Its error type is private too, and so are those of bad handles in a start function.
const CROWDED: &str = "resource limit exceeded";

/// What the runtime says when one crossing of the border would allocate too much. Its error type
/// is private; the tests of hostile plugins fail should the words change.
const CROSSING: &str = "fuel allocated for hostcalls has been exhausted";

fn reason(error: &wasmtime::Error, meter: &Meter) -> CallError {
    let limits = &meter.limits;
    if let Some(stop) = error.downcast_ref::<Stop>() {
        return match stop {
            Stop::OutOfTime => CallError::OutOfTime {
                limit_ms: limits.wall_ms,
            },
            Stop::Budget(what) => CallError::HostBudget {
                what: *what,
                limit: what.limit(limits),
            },
            Stop::Exit => CallError::Trap {
                kind: TrapKind::Exit,
            },
        };
    }
    let out_of_memory = meter.denied_memory.map(|denied| CallError::OutOfMemory {
        limit: mib(limits.memory_mib),
        requested: denied.requested,
    });
    let out_of_table = meter.denied_table.map(|denied| CallError::OutOfTable {
        limit: limits.table_elements,
        requested: denied.requested,
    });
    match error.downcast_ref::<Trap>() {
        Some(Trap::Interrupt) => CallError::OutOfTime {
            limit_ms: limits.wall_ms,
        },
        // What compiled code does when it does not get what it cannot do without.
        Some(Trap::UnreachableCodeReached) => {
            out_of_memory.or(out_of_table).unwrap_or(CallError::Trap {
                kind: TrapKind::Unreachable,
            })
        }
        Some(trap) => CallError::Trap {
            kind: TrapKind::from(*trap),
        },
        None if error.root_cause().to_string().contains(CROSSING) => {
            let what = Budget::CrossingBytes;
            CallError::HostBudget {
                what,
                limit: what.limit(limits),
            }
        }
        // Not a trap: instantiation was refused, or a value or handle broke the canonical ABI.
        None => out_of_memory.or(out_of_table).unwrap_or_else(|| {
            if !meter.entered && error.root_cause().to_string().contains(CROWDED) {
                CallError::Instantiation
            } else {
                CallError::Trap {
                    kind: TrapKind::BadValue,
                }
            }
        }),
    }
}
