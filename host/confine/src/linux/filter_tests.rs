//! The filters as the kernel would run them, and what they answer to every call of the list.

use std::collections::BTreeSet;

use super::*;
use crate::{Network, refusals};

fn ports(connect: &[u16], bind: &[u16]) -> Network {
    Network::Ports {
        connect: connect.to_vec(),
        bind: bind.to_vec(),
    }
}

#[cfg(target_arch = "x86_64")]
const HERE: u32 = 0xc000_003e;
#[cfg(target_arch = "aarch64")]
const HERE: u32 = 0xc000_00b7;
const ALLOW: u32 = libc::SECCOMP_RET_ALLOW;

fn errno(number: libc::c_int) -> u32 {
    libc::SECCOMP_RET_ERRNO | number.unsigned_abs()
}

/// What classic BPF answers to a call; `struct seccomp_data` is number, architecture, address,
/// six arguments.
fn answer(program: &BpfProgram, architecture: u32, number: u32, arguments: [u64; 6]) -> u32 {
    let mut data = vec![number, architecture, 0, 0];
    for argument in arguments {
        data.push(argument as u32);
        data.push((argument >> 32) as u32);
    }
    let (mut at, mut accumulator) = (0_usize, 0_u32);
    loop {
        let step = &program[at];
        at += 1;
        let branch = |yes: bool| usize::from(if yes { step.jt } else { step.jf });
        match step.code {
            0x20 => accumulator = data[step.k as usize / 4],
            0x54 => accumulator &= step.k,
            0x05 => at += step.k as usize,
            0x15 => at += branch(accumulator == step.k),
            0x25 => at += branch(accumulator > step.k),
            0x35 => at += branch(accumulator >= step.k),
            0x06 => return step.k,
            code => panic!("{code:#x} is not in this test"),
        }
    }
}

fn main_program(network: &Network) -> BpfProgram {
    let calls = refused(network)
        .into_iter()
        .map(|call| (call.number, rules_of(call.rules).unwrap()))
        .collect();
    program(calls, libc::EPERM).unwrap()
}

#[test]
fn every_call_of_the_list_is_refused_whatever_its_arguments() {
    for network in [Network::None, ports(&[], &[]), ports(&[443], &[8080])] {
        let program = main_program(&network);
        for call in refused(&network).iter().filter(|c| c.uses.is_empty()) {
            for arguments in [[0; 6], [1; 6], [u64::MAX; 6]] {
                assert_eq!(
                    answer(&program, HERE, call.number as u32, arguments),
                    errno(libc::EPERM),
                    "{}",
                    call.name
                );
            }
        }
        for call in [
            libc::SYS_read,
            libc::SYS_write,
            libc::SYS_openat,
            libc::SYS_futex,
            libc::SYS_mmap,
            libc::SYS_renameat2,
            libc::SYS_exit_group,
        ] {
            assert_eq!(answer(&program, HERE, call as u32, [0; 6]), ALLOW);
        }
    }
}

#[test]
fn a_call_of_another_architecture_ends_the_process() {
    const I386: u32 = 0x4000_0003;
    const ARM: u32 = 0x4000_0028;
    for program in [main_program(&Network::None), clone3().unwrap()] {
        for architecture in [I386, ARM] {
            assert_eq!(
                answer(&program, architecture, 1, [0; 6]),
                libc::SECCOMP_RET_KILL_PROCESS
            );
        }
    }
}

#[test]
fn only_threads_are_cloned_and_only_oneself_is_signalled() {
    let program = main_program(&Network::None);
    let clone = |flags| {
        answer(
            &program,
            HERE,
            libc::SYS_clone as u32,
            [flags, 0, 0, 0, 0, 0],
        )
    };
    assert_eq!(clone(libc::SIGCHLD as u64), errno(libc::EPERM), "a process");
    assert_eq!(
        clone((libc::CLONE_VM | libc::CLONE_VFORK) as u64),
        errno(libc::EPERM)
    );
    // what glibc passes for a thread
    assert_eq!(clone(0x003d_0f00), ALLOW);
    let own = u64::from(std::process::id());
    let signal = |to| answer(&program, HERE, libc::SYS_tgkill as u32, [to, 1, 0, 0, 0, 0]);
    assert_eq!(signal(own), ALLOW);
    assert_eq!(signal(own + 1), errno(libc::EPERM));
    assert_eq!(
        answer(&clone3().unwrap(), HERE, libc::SYS_clone3 as u32, [0; 6]),
        errno(libc::ENOSYS)
    );
}

#[test]
fn ports_leave_tcp_sockets_and_no_other() {
    let program = main_program(&ports(&[443], &[]));
    let socket = |domain: i32, kind: i32, protocol: i32| {
        let arguments = [domain as u64, kind as u64, protocol as u64, 0, 0, 0];
        answer(&program, HERE, libc::SYS_socket as u32, arguments)
    };
    for domain in [libc::AF_INET, libc::AF_INET6] {
        for flags in [0, libc::SOCK_CLOEXEC, libc::SOCK_NONBLOCK] {
            for protocol in [0, libc::IPPROTO_TCP] {
                assert_eq!(socket(domain, libc::SOCK_STREAM | flags, protocol), ALLOW);
            }
            for kind in (0..16).filter(|kind| *kind != libc::SOCK_STREAM) {
                assert_eq!(socket(domain, kind | flags, 0), errno(libc::EPERM));
            }
        }
        for protocol in [libc::IPPROTO_MPTCP, libc::IPPROTO_SCTP, 256] {
            assert_eq!(
                socket(domain, libc::SOCK_STREAM, protocol),
                errno(libc::EPERM)
            );
        }
    }
    for domain in (0..64).filter(|d| ![libc::AF_INET, libc::AF_INET6].contains(d)) {
        assert_eq!(socket(domain, libc::SOCK_STREAM, 0), errno(libc::EPERM));
    }
    let send = |flags: i32| {
        let arguments = [3, 0, 0, flags as u64, 0, 0];
        answer(&program, HERE, libc::SYS_sendto as u32, arguments)
    };
    assert_eq!(send(libc::MSG_NOSIGNAL), ALLOW);
    assert_eq!(
        send(libc::MSG_NOSIGNAL | libc::MSG_FASTOPEN),
        errno(libc::EPERM)
    );
}

#[cfg(target_arch = "x86_64")]
#[test]
fn the_x32_abi_does_not_exist() {
    let program = x32().unwrap();
    let call = |number| answer(&program, HERE, number, [0; 6]);
    for number in [0, 41, 511, 548, 0x3fff_ffff] {
        assert_eq!(call(number), ALLOW, "{number}");
    }
    for number in [512, 520, 547, 0x4000_0000, 0x4000_0029, u32::MAX] {
        assert_eq!(call(number), errno(libc::ENOSYS), "{number}");
    }
    assert_eq!(
        answer(&program, 0x4000_0003, 520, [0; 6]),
        ALLOW,
        "left to the filter that ends it"
    );
}

#[test]
fn no_call_is_refused_twice_so_that_no_rule_hides_another() {
    for network in [Network::None, ports(&[], &[]), ports(&[443], &[8080])] {
        let calls = refused(&network);
        let numbers: BTreeSet<i64> = calls.iter().map(|c| c.number).collect();
        let names: BTreeSet<&str> = calls.iter().map(|c| c.name).collect();
        assert_eq!(numbers.len(), calls.len(), "{network}");
        assert_eq!(names.len(), calls.len(), "{network}");
    }
}

#[test]
fn a_call_that_is_refused_in_part_has_rules_and_words() {
    for network in [Network::None, ports(&[], &[])] {
        for call in refused(&network) {
            assert_eq!(
                call.rules.is_empty(),
                call.uses.is_empty(),
                "{}: no rule would mean every use",
                call.name
            );
        }
    }
}

#[test]
fn every_group_says_why() {
    let groups = refusals();
    assert!(groups.len() > 5);
    for group in groups {
        assert!(group.why.ends_with('.') && !group.calls.is_empty());
    }
}

#[test]
fn ports_that_are_not_opened_leave_no_call_for_them() {
    let names = |network: &Network| -> Vec<String> {
        refused(network).iter().map(Refused::words).collect()
    };
    let none = names(&ports(&[], &[]));
    for call in ["connect", "bind", "listen", "accept", "accept4"] {
        assert!(none.iter().any(|n| n == call), "{call}");
    }
    let client = names(&ports(&[443], &[]));
    assert!(client.iter().any(|n| n == "listen") && !client.iter().any(|n| n == "connect"));
    assert!(client.iter().any(|n| n == "socket (other than TCP)"));
}
