//! The sandbox: engines, linkers, cache; admits plugins.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rayon::{ThreadPool, ThreadPoolBuilder};
use wasmtime::component::{Component, HasSelf, Linker};

use crate::agent::AgentCall;
use crate::bindings::{agent, loader, log, method, sources, types};
use crate::cache::{Cache, Compiled};
use crate::engine::{Engines, Ticker};
use crate::keys::FileError;
use crate::loader::LoaderCall;
use crate::message::{Message, Messages, printable};
use crate::method::MethodCall;
use crate::plugin::{Entry, Plugin};
use crate::plugin_file::PluginFile;
use crate::policy::Policy;
use crate::refusal::Refusal;
use crate::turns::Turns;
use crate::wasi;
use crate::world::World;

/// Why a sandbox cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The policy has a value outside its range.
    #[error(transparent)]
    Policy(#[from] FileError),
    /// The engine cannot be made on this machine.
    #[error("the WebAssembly engine cannot be set up: {what}")]
    Engine {
        /// Why.
        what: String,
    },
    /// The cache of compiled code cannot be used.
    #[error("the cache of compiled plugins in {dir} cannot be used: {what}")]
    Cache {
        /// Its folder.
        dir: String,
        /// Why, and what to do.
        what: String,
    },
}

/// Everything that plugins of one site run in. Made once; `&self` everywhere; may be used from
/// several threads.
pub struct Sandbox {
    room: Arc<Room>,
}

/// What plugins of a sandbox share.
pub(crate) struct Room {
    pub policy: Policy,
    pub engines: Engines,
    pub messages: Messages,
    pub turns: Turns,
    _ticker: Ticker,
    cache: Option<Cache>,
    compilers: ThreadPool,
    linkers: Linkers,
}

/// One linker for each world, with exactly the interfaces of that world.
struct Linkers {
    loader: Linker<LoaderCall>,
    method: Linker<MethodCall>,
    agent: Linker<AgentCall>,
}

impl Linkers {
    /// Interface by interface: there is no call here that would link a set that somebody else
    /// may enlarge.
    fn new(engines: &Engines, stubs: bool) -> wasmtime::Result<Self> {
        let mut linkers = Self {
            loader: Linker::new(engines.of(World::Loader)),
            method: Linker::new(engines.of(World::Method)),
            agent: Linker::new(engines.of(World::Agent)),
        };
        let loader = &mut linkers.loader;
        types::add_to_linker::<_, HasSelf<LoaderCall>>(loader, |call| call)?;
        log::add_to_linker::<_, HasSelf<_>>(loader, |call| &mut call.meter)?;
        sources::add_to_linker::<_, HasSelf<LoaderCall>>(loader, |call| call)?;
        crate::loader::link_sink(loader)?;
        let method = &mut linkers.method;
        types::add_to_linker::<_, HasSelf<MethodCall>>(method, |call| call)?;
        log::add_to_linker::<_, HasSelf<_>>(method, |call| &mut call.meter)?;
        let agent = &mut linkers.agent;
        types::add_to_linker::<_, HasSelf<AgentCall>>(agent, |call| call)?;
        log::add_to_linker::<_, HasSelf<_>>(agent, |call| &mut call.meter)?;
        agent::autods::plugin::board::add_to_linker::<_, HasSelf<AgentCall>>(agent, |call| call)?;
        if stubs {
            wasi::link(&mut linkers.loader)?;
            wasi::link(&mut linkers.method)?;
            wasi::link(&mut linkers.agent)?;
        }
        Ok(linkers)
    }
}

impl Sandbox {
    /// Sets up a sandbox. With `cache`, compiled code is kept in that folder (made if need be,
    /// mode 0700) and believed only if this user's key (`<cache>.key`, mode 0600) signed it.
    ///
    /// # Errors
    /// Where the policy is out of range, the engine cannot be made, or the cache is open to other
    /// users.
    pub fn new(policy: Policy, cache: Option<&Path>) -> Result<Self, SandboxError> {
        policy.check("policy")?;
        let broken = |what: &dyn std::fmt::Display| SandboxError::Engine {
            what: what.to_string(),
        };
        let engines =
            Engines::new(&policy.engine, &policy.limits).map_err(|error| broken(&error))?;
        let tick = Duration::from_millis(policy.engine.tick_ms);
        let ticker = Ticker::start(engines.weak(), tick).map_err(|error| broken(&error))?;
        let threads = usize::try_from(policy.engine.compile_threads).unwrap_or(0);
        let stack = usize::try_from(crate::policy::mib(policy.engine.compile_stack_mib));
        let compilers = ThreadPoolBuilder::new()
            .num_threads(threads)
            .stack_size(stack.unwrap_or(64 << 20))
            .thread_name(|index| format!("autods-compile-{index}"))
            .build()
            .map_err(|error| broken(&error))?;
        let cache = cache
            .map(|dir| {
                Cache::open(dir, engines.of(World::Loader)).map_err(|error| SandboxError::Cache {
                    dir: dir.display().to_string(),
                    what: error.to_string(),
                })
            })
            .transpose()?;
        let linkers = Linkers::new(&engines, policy.wasi.stubs).map_err(|error| broken(&error))?;
        let room = Room {
            policy,
            messages: Messages::default(),
            turns: Turns::new(engines.memories),
            engines,
            _ticker: ticker,
            cache,
            compilers,
            linkers,
        };
        Ok(Self {
            room: Arc::new(room),
        })
    }

    /// The policy in effect.
    pub fn policy(&self) -> &Policy {
        &self.room.policy
    }

    /// Whether plugins run in address space that is reserved once; otherwise (where that much is
    /// not to be had) every call maps its own, which is slower and changes nothing else.
    pub fn pooled(&self) -> bool {
        self.room.engines.pooled
    }

    /// Version of the WebAssembly runtime, for the record of a run.
    pub fn runtime() -> &'static str {
        concat!("wasmtime ", env!("AUTODS_WASMTIME_VERSION"))
    }

    /// Admits a plugin: checks it under this sandbox's policy, and compiles exactly the bytes that
    /// were checked.
    ///
    /// # Errors
    /// The first refusal of its audit, or the compiler's.
    pub fn admit(&self, file: PluginFile) -> Result<Plugin, Refusal> {
        let (manifest, bytes, audit) = file.into_parts(&self.room.policy);
        if let Some(refusal) = audit.refusals.first() {
            return Err(refusal.clone());
        }
        let (component, compiled) = self.component(audit.world, &bytes, &audit.sha256)?;
        // `None` means that it imports core modules; the audit has refused those, this is the
        // engine's own word for it.
        let Some(needs) = component.resources_required() else {
            return Err(Refusal::Compile {
                what: "it takes core modules from outside".into(),
            });
        };
        let entry = self
            .link(audit.world, &component)
            .map_err(|error| Refusal::WrongTypes {
                world: audit.world,
                what: printable(&error.root_cause().to_string(), 300),
            })?;
        Ok(Plugin::new(
            Arc::clone(&self.room),
            manifest,
            audit,
            compiled,
            entry,
            usize::try_from(needs.num_memories).unwrap_or(usize::MAX),
        ))
    }

    /// Messages of plugins since they were last taken, oldest first. Always empty unless the
    /// policy says `log.show`.
    pub fn take_messages(&self) -> Vec<Message> {
        self.room.messages.take()
    }

    fn component(
        &self,
        world: World,
        bytes: &[u8],
        sha256: &str,
    ) -> Result<(Component, Compiled), Refusal> {
        let engine = self.room.engines.of(world);
        let compile = || {
            // On threads with a large stack, because deeply nested code recurses in the compiler.
            let compiled = catch_unwind(AssertUnwindSafe(|| {
                self.room
                    .compilers
                    .install(|| Component::new(engine, bytes))
            }));
            let what = match compiled {
                Ok(Ok(component)) => return Ok(component),
                Ok(Err(error)) => printable(&error.root_cause().to_string(), 300),
                Err(_) => "it panicked".to_owned(),
            };
            Err(Refusal::Compile { what })
        };
        match &self.room.cache {
            Some(cache) => cache.component(engine, sha256, compile),
            None => compile().map(|component| (component, Compiled::Fresh)),
        }
    }

    fn link(&self, world: World, component: &Component) -> wasmtime::Result<Entry> {
        let linkers = &self.room.linkers;
        Ok(match world {
            World::Loader => Entry::Loader(loader::LoaderPre::new(
                linkers.loader.instantiate_pre(component)?,
            )?),
            World::Method => Entry::Method(method::MethodPre::new(
                linkers.method.instantiate_pre(component)?,
            )?),
            World::Agent => Entry::Agent(agent::AgentPre::new(
                linkers.agent.instantiate_pre(component)?,
            )?),
        })
    }
}
