//! seccomp: the list of [`calls`](super::calls) becomes a filter, and the filter is installed.
//!
//! Three filters, one above the other, because a filter of `seccompiler` gives one answer; the
//! kernel asks all of them. All are for every thread (`TSYNC`), those that run already too.

use std::{collections::BTreeMap, env::consts::ARCH};

use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCondition, SeccompFilter, SeccompRule,
    TargetArch, apply_filter_all_threads,
};

use super::calls::{Condition, Refused, refused};
use crate::{ConfineError, Confined, Rules};

pub(crate) fn restrict_calls(rules: &Rules, confined: &mut Confined) -> Result<(), ConfineError> {
    let calls = refused(&rules.network);
    let mut words: Vec<String> = calls.iter().map(Refused::words).collect();
    let refusals = calls
        .into_iter()
        .map(|call| Ok((call.number, rules_of(call.rules)?)))
        .collect::<Result<_, ConfineError>>()?;
    let mut programs = vec![program(refusals, libc::EPERM)?, clone3()?];
    words.push("clone3".to_owned());
    if let Some(program) = x32() {
        programs.push(program);
        words.push("the x32 ABI".to_owned());
    }
    for program in programs {
        apply_filter_all_threads(&program).map_err(error)?;
    }
    words.sort_unstable();
    confined.seccomp = true;
    confined.refused = words;
    Ok(())
}

fn rules_of(rules: Vec<Vec<Condition>>) -> Result<Vec<SeccompRule>, ConfineError> {
    rules
        .into_iter()
        .map(|conditions| {
            let conditions = conditions
                .into_iter()
                .map(|(argument, comparison, value)| {
                    SeccompCondition::new(argument, SeccompCmpArgLen::Dword, comparison, value)
                })
                .collect::<Result<_, _>>()?;
            SeccompRule::new(conditions)
        })
        .collect::<Result<_, _>>()
        .map_err(|e: seccompiler::BackendError| error(e.into()))
}

fn clone3() -> Result<BpfProgram, ConfineError> {
    program(
        BTreeMap::from([(libc::SYS_clone3, Vec::new())]),
        libc::ENOSYS,
    )
}

fn program(
    calls: BTreeMap<i64, Vec<SeccompRule>>,
    errno: libc::c_int,
) -> Result<BpfProgram, ConfineError> {
    let architecture = TargetArch::try_from(ARCH).map_err(|e| error(e.into()))?;
    let filter = SeccompFilter::new(
        calls,
        SeccompAction::Allow,
        SeccompAction::Errno(errno.unsigned_abs()),
        architecture,
    )
    .map_err(|e| error(e.into()))?;
    BpfProgram::try_from(filter).map_err(|e| error(e.into()))
}

/// Refuses every call of the x32 ABI.
///
/// Its calls come with the architecture of x86-64 and bit 30 of the number set, so that a filter
/// that compares numbers lets `socket | 1 << 30` through where the kernel was built with x32.
/// Some numbers (512 to 547, in `arch/x86/entry/syscalls/syscall_64.tbl`) were even taken without
/// that bit before Linux 5.4. Neither exists in ordinary programs: both answer `ENOSYS`.
#[cfg(target_arch = "x86_64")]
fn x32() -> Option<BpfProgram> {
    use seccompiler::sock_filter;

    const BIT: u32 = 0x4000_0000;
    /// `AUDIT_ARCH_X86_64` of `linux/audit.h`.
    const ARCHITECTURE: u32 = 0xc000_003e;
    /// Offsets in `struct seccomp_data`.
    const NUMBER_AT: u32 = 0;
    const ARCHITECTURE_AT: u32 = 4;

    let load = |at| sock_filter {
        code: (libc::BPF_LD | libc::BPF_W | libc::BPF_ABS) as u16,
        jt: 0,
        jf: 0,
        k: at,
    };
    let jump = |condition: u32, value, yes, no| sock_filter {
        code: (libc::BPF_JMP | condition | libc::BPF_K) as u16,
        jt: yes,
        jf: no,
        k: value,
    };
    let answer = |action: SeccompAction| sock_filter {
        code: (libc::BPF_RET | libc::BPF_K) as u16,
        jt: 0,
        jf: 0,
        k: action.into(),
    };
    Some(vec![
        load(ARCHITECTURE_AT),
        // another architecture is the other filters' affair
        jump(libc::BPF_JEQ, ARCHITECTURE, 0, 5),
        load(NUMBER_AT),
        jump(libc::BPF_JGE, BIT, 2, 0),
        jump(libc::BPF_JGE, 512, 0, 2),
        jump(libc::BPF_JGT, 547, 1, 0),
        answer(SeccompAction::Errno(libc::ENOSYS.unsigned_abs())),
        answer(SeccompAction::Allow),
    ])
}

#[cfg(not(target_arch = "x86_64"))]
fn x32() -> Option<BpfProgram> {
    None
}

fn error(error: seccompiler::Error) -> ConfineError {
    ConfineError::Kernel {
        what: "filter of system calls (seccomp)",
        why: error.to_string(),
    }
}

#[cfg(test)]
#[path = "filter_tests.rs"]
mod tests;
