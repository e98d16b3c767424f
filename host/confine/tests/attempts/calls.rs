//! Programs, processes, and the kernel.

use std::{
    collections::HashMap,
    io,
    process::Command,
    ptr,
    time::{Instant, SystemTime},
};

use crate::{
    place::Place,
    trial::{Attempt, Expected, Twin, allowed, os, refused},
};

pub fn attempts() -> Vec<Attempt> {
    let attempts = vec![
        refused("no_program_is_started", |place| {
            place.confine();
            Command::new("/bin/true").status().map(drop)
        }),
        refused("the_process_does_not_become_a_program", |place| {
            place.confine();
            Err(std::os::unix::process::CommandExt::exec(&mut Command::new(
                "/bin/true",
            )))
        })
        // the twin is /bin/true, which says nothing
        .twin(Twin::None),
        refused("no_process_is_started", |place| {
            place.confine();
            // SAFETY: the child ends at once
            match os(unsafe { libc::fork() }.into())? {
                0 => unsafe { libc::_exit(0) },
                _ => Ok(()),
            }
        }),
        Attempt {
            expected: Expected::Denied(&[libc::ENOSYS]),
            ..refused("clone3_seems_not_to_exist", |place| {
                place.confine();
                raw(libc::SYS_clone3, [0; 6])
            })
            .twin(Twin::Differs)
        },
        refused("no_ring_is_set_up", |place| {
            place.confine();
            let mut parameters = [0_u32; 30];
            raw(
                libc::SYS_io_uring_setup,
                [1, parameters.as_mut_ptr() as usize, 0, 0, 0, 0],
            )
        })
        .twin(Twin::Differs),
        refused("nobody_traces", |place| {
            place.confine();
            raw(libc::SYS_ptrace, [0; 6])
        }),
        refused("no_memory_is_read_from_outside", |place| {
            place.confine();
            let (mut into, from) = ([0_u8; 1], [1_u8; 1]);
            let piece = |at: *mut u8| libc::iovec {
                iov_base: at.cast(),
                iov_len: 1,
            };
            let (local, remote) = (piece(into.as_mut_ptr()), piece(from.as_ptr().cast_mut()));
            raw(
                libc::SYS_process_vm_readv,
                [
                    std::process::id() as usize,
                    ptr::from_ref(&local) as usize,
                    1,
                    ptr::from_ref(&remote) as usize,
                    1,
                    0,
                ],
            )
        }),
        refused("no_other_process_is_signalled", |place| {
            place.confine();
            raw(
                libc::SYS_kill,
                [std::os::unix::process::parent_id() as usize, 0, 0, 0, 0, 0],
            )
        }),
        refused("no_thread_of_another_process_is_signalled", |place| {
            place.confine();
            let parent = std::os::unix::process::parent_id() as usize;
            raw(libc::SYS_tgkill, [parent, parent, 0, 0, 0, 0])
        }),
        Attempt {
            expected: Expected::Killed(libc::SIGABRT),
            ..allowed("a_process_can_abort", |place| {
                place.confine();
                std::process::abort()
            })
        },
        refused("no_shared_memory_is_made", |place| {
            place.confine();
            // SAFETY: private segment of one page, which goes with its mark of removal
            let segment =
                os(
                    unsafe { libc::shmget(libc::IPC_PRIVATE, 4096, libc::IPC_CREAT | 0o600) }
                        .into(),
                )?;
            // SAFETY: as above
            unsafe { libc::shmctl(segment as i32, libc::IPC_RMID, ptr::null_mut()) };
            Ok(())
        }),
        refused("no_queue_is_opened", |place| {
            place.confine();
            raw(libc::SYS_mq_open, [0; 6])
        })
        .twin(Twin::Differs),
        refused("no_key_ring_is_asked", |place| {
            place.confine();
            raw(libc::SYS_keyctl, [0, usize::MAX - 3, 0, 0, 0, 0])
        })
        .twin(Twin::Differs),
        refused("no_namespace_is_left", |place| {
            place.confine();
            raw(libc::SYS_unshare, [0; 6])
        }),
        refused("nothing_is_mounted", |place| {
            place.confine();
            raw(libc::SYS_mount, [0; 6])
        })
        .twin(Twin::Differs),
        refused("no_attribute_is_written_on_a_file_outside", |place| {
            place.confine();
            let path =
                std::ffi::CString::new(place.outside("secret.txt").to_str().unwrap().to_owned())
                    .unwrap();
            raw(
                libc::SYS_setxattr,
                [
                    path.as_ptr() as usize,
                    c"user.autods".as_ptr() as usize,
                    c"x".as_ptr() as usize,
                    1,
                    0,
                    0,
                ],
            )
        })
        .twin(Twin::Differs),
        refused("no_key_is_typed_into_the_terminal", |place| {
            place.confine();
            raw(libc::SYS_ioctl, [0, 0x5412, 0, 0, 0, 0])
        })
        .twin(Twin::Differs),
        refused("no_fault_is_handled_in_user_space", |place| {
            place.confine();
            raw(libc::SYS_userfaultfd, [usize::MAX, 0, 0, 0, 0, 0])
        })
        .twin(Twin::Differs),
        refused("no_program_is_loaded_into_the_kernel", |place| {
            place.confine();
            raw(libc::SYS_bpf, [usize::MAX, 0, 0, 0, 0, 0])
        })
        .twin(Twin::Differs),
        allowed("memory_without_a_name_is_made", |place| {
            place.confine();
            raw(
                libc::SYS_memfd_create,
                [c"image".as_ptr() as usize, 0, 0, 0, 0, 0],
            )
        }),
        allowed("compiled_code_runs", compiled_code),
        allowed("randomness_and_clocks_work", |place| {
            place.confine();
            let now = Instant::now();
            let map: HashMap<u8, u8> = [(1, 2)].into();
            assert_eq!(map[&1], 2);
            raw(
                libc::SYS_getrandom,
                [[0_u8; 8].as_mut_ptr() as usize, 8, 0, 0, 0, 0],
            )?;
            assert!(now.elapsed().as_secs() < 60);
            SystemTime::now()
                .duration_since(SystemTime::UNIX_EPOCH)
                .map(drop)
                .map_err(io::Error::other)
        }),
    ];
    [attempts, of_x86_64()].concat()
}

#[cfg(not(target_arch = "x86_64"))]
fn of_x86_64() -> Vec<Attempt> {
    Vec::new()
}

#[cfg(target_arch = "x86_64")]
fn of_x86_64() -> Vec<Attempt> {
    vec![
        Attempt {
            expected: Expected::Killed(libc::SIGSYS),
            ..allowed("a_32_bit_call_ends_the_process", |place| {
                place.confine();
                old_call();
                Ok(())
            })
            .twin(Twin::Differs)
        },
        Attempt {
            expected: Expected::Denied(&[libc::ENOSYS]),
            ..allowed("the_x32_abi_seems_not_to_exist", |place| {
                place.confine();
                raw(libc::SYS_socket | 0x4000_0000, [1, 1, 0, 0, 0, 0])
            })
        },
    ]
}

fn raw(number: libc::c_long, arguments: [usize; 6]) -> io::Result<()> {
    let [a, b, c, d, e, f] = arguments;
    // SAFETY: arguments are numbers, null, or addresses of what lives as long as the caller's frame
    os(unsafe { libc::syscall(number, a, b, c, d, e, f) }).map(drop)
}

/// Writes a function that answers 42 into fresh memory, makes it executable and calls it.
fn compiled_code(place: &Place) -> io::Result<()> {
    #[cfg(target_arch = "x86_64")]
    const CODE: [u8; 6] = [0xb8, 42, 0, 0, 0, 0xc3];
    #[cfg(target_arch = "aarch64")]
    const CODE: [u8; 8] = [0x40, 0x05, 0x80, 0x52, 0xc0, 0x03, 0x5f, 0xd6];
    place.confine();
    // SAFETY: a fresh private page, written before it is made executable; the code is a function
    // of the C calling convention that touches one register
    unsafe {
        let page = libc::mmap(
            ptr::null_mut(),
            4096,
            libc::PROT_READ | libc::PROT_WRITE,
            libc::MAP_PRIVATE | libc::MAP_ANONYMOUS,
            -1,
            0,
        );
        if page == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        ptr::copy_nonoverlapping(CODE.as_ptr(), page.cast(), CODE.len());
        os(libc::mprotect(page, 4096, libc::PROT_READ | libc::PROT_EXEC).into())?;
        #[cfg(target_arch = "aarch64")]
        std::arch::asm!("dc cvau, {0}", "dsb ish", "ic ivau, {0}", "dsb ish", "isb", in(reg) page);
        let answer: extern "C" fn() -> u32 = std::mem::transmute(page);
        assert_eq!(answer(), 42);
    }
    Ok(())
}

/// `getpid` by the gate of 32-bit programs.
#[cfg(target_arch = "x86_64")]
fn old_call() {
    // SAFETY: the call takes nothing and answers in one register
    unsafe {
        std::arch::asm!("int 0x80", inlateout("rax") 20_u64 => _, out("r8") _, out("r9") _, out("r10") _, out("r11") _);
    }
}
