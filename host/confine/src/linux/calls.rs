//! The system calls that are refused, and why.
//!
//! A list of refusals, not of permissions: the host's libraries (C library, SQLite, wasmtime,
//! rayon) use calls that differ by version, processor and kernel, and a host that stops in the
//! middle of a night's run because a new C library sleeps by another call would be switched to
//! `off` in the morning. What is refused is everything known that makes a wire out of nothing;
//! what has a path is Landlock's.
//!
//! Allowed on purpose: `clone` for threads; `mmap` and `mprotect` with `PROT_EXEC`, because
//! compiled plugins are run from memory; `memfd_create`, because wasmtime keeps the initial memory
//! of plugins in one (it has no name that another process could open, and cannot be executed while
//! `execveat` is refused); `seccomp`, `prctl` and Landlock's own, which can only take more away;
//! `fchown`, which SQLite calls and which needs an open file; `ioctl`, but for two requests.

use seccompiler::SeccompCmpOp;

use crate::{Network, refusal::Group};

/// A call, and which uses of it are refused: all, if there are no rules.
pub(super) struct Refused {
    pub(super) name: &'static str,
    /// Words for the rules; empty if there are none.
    pub(super) uses: &'static str,
    pub(super) number: i64,
    /// Uses that are refused: all conditions of one of the rules hold.
    pub(super) rules: Vec<Vec<Condition>>,
}

/// Number of the argument, comparison, value; arguments are compared as 32 bits, which is what the
/// kernel itself reads of flags, domains, requests and process numbers.
pub(super) type Condition = (u8, SeccompCmpOp, u64);

struct Family {
    name: &'static str,
    why: &'static str,
    calls: Vec<Refused>,
}

/// `calls![SYS_a, SYS_b]`: all uses of `a` and `b`.
macro_rules! calls {
    ($($number:ident),* $(,)?) => {
        vec![$(whole(stringify!($number), libc::$number)),*]
    };
}

/// Calls that are younger than the table of the `libc` crate; their numbers are the same on all
/// processors (`asm-generic/unistd.h`).
const SYS_SETXATTRAT: i64 = 463;
const SYS_REMOVEXATTRAT: i64 = 466;
const SYS_OPEN_TREE_ATTR: i64 = 467;

/// `asm-generic/ioctls.h`; in the `libc` crate their type depends on the C library.
const TIOCSTI: u64 = 0x5412;
const TIOCLINUX: u64 = 0x541c;

pub(crate) fn groups() -> Vec<Group> {
    families(&Network::None)
        .into_iter()
        .map(|family| Group {
            name: family.name,
            why: family.why,
            calls: family.calls.iter().map(Refused::words).collect(),
        })
        .collect()
}

/// All refusals, in the order of their names.
pub(super) fn refused(network: &Network) -> Vec<Refused> {
    let mut calls: Vec<Refused> = families(network)
        .into_iter()
        .flat_map(|family| family.calls)
        .collect();
    calls.sort_by_key(|call| call.name);
    calls
}

impl Refused {
    pub(super) fn words(&self) -> String {
        if self.uses.is_empty() {
            self.name.to_owned()
        } else {
            format!("{} ({})", self.name, self.uses)
        }
    }
}

fn whole(name: &'static str, number: i64) -> Refused {
    Refused {
        name: name.strip_prefix("SYS_").unwrap_or(name),
        uses: "",
        number,
        rules: Vec::new(),
    }
}

fn some(
    name: &'static str,
    number: i64,
    uses: &'static str,
    rules: Vec<Vec<Condition>>,
) -> Refused {
    Refused {
        name,
        uses,
        number,
        rules,
    }
}

fn families(network: &Network) -> Vec<Family> {
    vec![
        Family {
            name: "sockets",
            why: "A socket is a wire. The calls that only sockets know are refused too, because \
                  standard input or output may be one that was open before, and a descriptor can \
                  be passed through it; the host writes to it with `write`.",
            calls: sockets(network),
        },
        Family {
            name: "io_uring",
            why: "It opens sockets and files by requests in shared memory, which no filter of \
                  system calls sees.",
            calls: calls![
                SYS_io_uring_setup,
                SYS_io_uring_enter,
                SYS_io_uring_register
            ],
        },
        Family {
            name: "programs",
            why: "The host starts no program while it holds data; another program would be a way \
                  round everything the host checks. `clone` starts threads, and is refused where \
                  it would start a process; `clone3` is answered as on a kernel without it, \
                  because its flags lie in memory that a filter cannot read.",
            calls: programs(),
        },
        Family {
            name: "other processes",
            why: "Another process of the same person has wires of its own: its memory, its open \
                  files and its attention are not the host's.",
            calls: processes(),
        },
        Family {
            name: "shared memory and messages",
            why: "System V and POSIX queues and segments have numbers and names of their own, which \
                  are no paths, so that Landlock does not govern them.",
            calls: calls![
                SYS_shmget,
                SYS_shmat,
                SYS_msgget,
                SYS_msgsnd,
                SYS_msgrcv,
                SYS_semget,
                SYS_semop,
                SYS_semtimedop,
                SYS_mq_open,
                SYS_mq_unlink,
            ],
        },
        Family {
            name: "key rings",
            why: "The kernel keeps keys for all processes of a person: what one writes there, \
                  another reads.",
            calls: calls![SYS_add_key, SYS_request_key, SYS_keyctl],
        },
        Family {
            name: "mounts, roots and namespaces",
            why: "What a path means is decided by them, so that rules about paths would not hold.",
            calls: mounts(),
        },
        Family {
            name: "files round Landlock",
            why: "Handles open files without a path; extended attributes and owners can be written \
                  on every file of the person, wherever it lies, and can be read there again; a \
                  fanotify group sees what others open.",
            calls: files(),
        },
        Family {
            name: "keystrokes",
            why: "`TIOCSTI` and `TIOCLINUX` type into the terminal: the shell outside would run it.",
            calls: vec![some(
                "ioctl",
                libc::SYS_ioctl,
                "TIOCSTI, TIOCLINUX",
                vec![
                    vec![(1, SeccompCmpOp::Eq, TIOCSTI)],
                    vec![(1, SeccompCmpOp::Eq, TIOCLINUX)],
                ],
            )],
        },
        Family {
            name: "the kernel itself",
            why: "Calls with which a process watches or changes the kernel, and most faults of \
                  kernels lie: nothing of it belongs to data science.",
            calls: kernel(),
        },
    ]
}

fn sockets(network: &Network) -> Vec<Refused> {
    match network {
        Network::None => calls![
            SYS_socket,
            SYS_socketpair,
            SYS_connect,
            SYS_bind,
            SYS_listen,
            SYS_accept,
            SYS_accept4,
            SYS_sendto,
            SYS_sendmsg,
            SYS_sendmmsg,
            SYS_recvfrom,
            SYS_recvmsg,
            SYS_recvmmsg,
        ],
        Network::Ports { connect, bind } => {
            let mut calls = tcp_only();
            if connect.is_empty() {
                calls.extend(calls![SYS_connect]);
            }
            if bind.is_empty() {
                calls.extend(calls![SYS_bind, SYS_listen, SYS_accept, SYS_accept4]);
            }
            calls
        }
    }
}

/// Every socket but a TCP one, and the way of a TCP socket round `connect`.
fn tcp_only() -> Vec<Refused> {
    use SeccompCmpOp::{MaskedEq, Ne};
    /// `SOCK_TYPE_MASK` of `linux/net.h`: what is left are flags.
    const TYPE: u64 = 0xf;
    let mut others = vec![vec![
        (0, Ne, libc::AF_INET as u64),
        (0, Ne, libc::AF_INET6 as u64),
    ]];
    others.extend(
        (0..=TYPE)
            .filter(|kind| *kind != libc::SOCK_STREAM as u64)
            .map(|kind| vec![(1, MaskedEq(TYPE), kind)]),
    );
    // a stream can be MPTCP or SMC, which Landlock does not take for TCP
    others.push(vec![
        (2, Ne, libc::IPPROTO_IP as u64),
        (2, Ne, libc::IPPROTO_TCP as u64),
    ]);
    // a send that opens the connection is no `connect` to Landlock
    let fast_open = |name, number, argument| {
        let flag = libc::MSG_FASTOPEN as u64;
        some(
            name,
            number,
            "MSG_FASTOPEN",
            vec![vec![(argument, MaskedEq(flag), flag)]],
        )
    };
    let mut calls = vec![
        some("socket", libc::SYS_socket, "other than TCP", others),
        fast_open("sendto", libc::SYS_sendto, 3),
        fast_open("sendmsg", libc::SYS_sendmsg, 2),
        fast_open("sendmmsg", libc::SYS_sendmmsg, 3),
    ];
    calls.extend(calls![SYS_socketpair]);
    calls
}

fn programs() -> Vec<Refused> {
    let mut calls = calls![SYS_execve, SYS_execveat];
    // AArch64 has only `clone`
    #[cfg(target_arch = "x86_64")]
    calls.extend(calls![SYS_fork, SYS_vfork]);
    calls.push(some(
        "clone",
        libc::SYS_clone,
        "other than a thread",
        vec![vec![(
            0,
            SeccompCmpOp::MaskedEq(libc::CLONE_THREAD as u64),
            0,
        )]],
    ));
    calls
}

fn processes() -> Vec<Refused> {
    let mut calls = calls![
        SYS_ptrace,
        SYS_process_vm_readv,
        SYS_process_vm_writev,
        SYS_process_madvise,
        SYS_process_mrelease,
        SYS_pidfd_open,
        SYS_pidfd_getfd,
        SYS_pidfd_send_signal,
        SYS_kcmp,
        SYS_kill,
        SYS_tkill,
        SYS_rt_sigqueueinfo,
        SYS_rt_tgsigqueueinfo,
        SYS_migrate_pages,
        SYS_move_pages,
    ];
    // a signal to a thread of its own is how a process aborts
    calls.push(some(
        "tgkill",
        libc::SYS_tgkill,
        "other than to itself",
        vec![vec![(0, SeccompCmpOp::Ne, u64::from(std::process::id()))]],
    ));
    calls
}

fn mounts() -> Vec<Refused> {
    let mut calls = calls![
        SYS_mount,
        SYS_umount2,
        SYS_move_mount,
        SYS_open_tree,
        SYS_fsopen,
        SYS_fsconfig,
        SYS_fsmount,
        SYS_fspick,
        SYS_mount_setattr,
        SYS_pivot_root,
        SYS_chroot,
        SYS_unshare,
        SYS_setns,
        SYS_swapon,
        SYS_swapoff,
        SYS_quotactl,
        SYS_quotactl_fd,
    ];
    calls.push(whole("open_tree_attr", SYS_OPEN_TREE_ATTR));
    calls
}

fn files() -> Vec<Refused> {
    let mut calls = calls![
        SYS_open_by_handle_at,
        SYS_name_to_handle_at,
        SYS_setxattr,
        SYS_lsetxattr,
        SYS_fsetxattr,
        SYS_removexattr,
        SYS_lremovexattr,
        SYS_fremovexattr,
        SYS_fchownat,
        SYS_fanotify_init,
        SYS_acct,
    ];
    #[cfg(target_arch = "x86_64")]
    calls.extend(calls![SYS_chown, SYS_lchown]);
    calls.push(whole("setxattrat", SYS_SETXATTRAT));
    calls.push(whole("removexattrat", SYS_REMOVEXATTRAT));
    calls
}

fn kernel() -> Vec<Refused> {
    #[cfg(target_arch = "x86_64")]
    let own = calls![SYS_iopl, SYS_ioperm, SYS_modify_ldt];
    #[cfg(not(target_arch = "x86_64"))]
    let own = calls![];
    let mut calls = calls![
        SYS_bpf,
        SYS_perf_event_open,
        SYS_userfaultfd,
        SYS_init_module,
        SYS_finit_module,
        SYS_delete_module,
        SYS_kexec_load,
        SYS_kexec_file_load,
        SYS_reboot,
        SYS_syslog,
    ];
    calls.extend(own);
    calls
}
