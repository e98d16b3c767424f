//! Asks the kernel what it can do.

use std::{fs, ptr};

use crate::Support;

/// `LANDLOCK_CREATE_RULESET_VERSION` of `linux/landlock.h`: answer the version, make nothing.
const VERSION: libc::c_uint = 1;

pub(crate) fn available() -> Support {
    Support {
        landlock_abi: landlock_abi(),
        seccomp: seccomp(),
        threads: fs::read_dir("/proc/self/task").ok().map(Iterator::count),
    }
}

#[expect(unsafe_code, reason = "the libraries do not tell the version")]
fn landlock_abi() -> Option<u8> {
    // SAFETY: with this flag the kernel takes no pointer and makes nothing (landlock(7)).
    let abi = unsafe {
        libc::syscall(
            libc::SYS_landlock_create_ruleset,
            ptr::null::<libc::c_void>(),
            0_usize,
            VERSION,
        )
    };
    // beyond what a byte holds it is certainly newer than anything asked for here
    (abi > 0).then(|| u8::try_from(abi).unwrap_or(u8::MAX))
}

#[expect(unsafe_code, reason = "the libraries do not ask without installing")]
fn seccomp() -> bool {
    let action: u32 = libc::SECCOMP_RET_ERRNO;
    // SAFETY: the kernel reads the four bytes of `action`, which outlives the call (seccomp(2)).
    let answer = unsafe {
        libc::syscall(
            libc::SYS_seccomp,
            libc::SECCOMP_GET_ACTION_AVAIL,
            0_u32,
            ptr::from_ref(&action),
        )
    };
    answer == 0
}
