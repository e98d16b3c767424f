//! Files and folders.

use std::{
    ffi::CString,
    fs::{self, File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    os::unix::{ffi::OsStrExt, fs::symlink},
    path::Path,
};

use crate::{
    place::Place,
    trial::{Attempt, Expected, allowed, denied, os},
};

pub fn attempts() -> Vec<Attempt> {
    vec![
        allowed("a_file_that_may_be_read_is_read", |place| {
            place.confine();
            assert_eq!(fs::read(place.read("table.csv"))?, b"a,b\n1,2\n");
            assert!(fs::read_dir(place.read(""))?.count() > 0);
            Ok(())
        }),
        allowed("a_folder_that_may_be_written_takes_all_of_a_run", write_all),
        denied("a_file_outside_is_not_read", |place| {
            place.confine();
            fs::read("/etc/passwd").map(drop)
        }),
        denied("a_folder_outside_is_not_listed", |place| {
            place.confine();
            fs::read_dir("/").map(drop)
        }),
        denied("a_file_outside_is_not_written", |place| {
            place.confine();
            fs::write(place.outside("secret.txt"), "x")
        }),
        denied("no_file_is_made_outside", |place| {
            place.confine();
            File::create(place.outside("new")).map(drop)
        }),
        denied("a_file_that_may_be_read_is_not_written", |place| {
            place.confine();
            OpenOptions::new()
                .append(true)
                .open(place.read("table.csv"))
                .map(drop)
        }),
        denied("a_file_that_may_be_read_is_not_truncated", |place| {
            place.confine();
            truncate(&place.read("table.csv"))
        }),
        denied("a_file_that_may_be_read_is_not_removed", |place| {
            place.confine();
            fs::remove_file(place.read("table.csv"))
        }),
        denied("no_file_is_made_beside_those_that_may_be_read", |place| {
            place.confine();
            File::create(place.read("new")).map(drop)
        }),
        denied("a_link_inside_does_not_lead_out", |place| {
            place.confine();
            fs::read(place.read("way-out")).map(drop)
        }),
        denied("a_linked_folder_inside_does_not_lead_out", |place| {
            place.confine();
            fs::write(place.write("way-out").join("new"), "x")
        }),
        denied("dots_do_not_lead_out", |place| {
            place.confine();
            fs::read(place.write("one/../../outside/secret.txt")).map(drop)
        }),
        Attempt {
            expected: Expected::Denied(&[libc::EACCES, libc::EXDEV]),
            ..denied("a_file_is_not_moved_out", |place| {
                place.confine();
                fs::rename(place.write("notes.txt"), place.outside("notes.txt"))
            })
        },
        Attempt {
            expected: Expected::Denied(&[libc::EACCES, libc::EXDEV]),
            ..denied("a_file_is_not_linked_to_where_more_is_allowed", |place| {
                place.confine();
                fs::hard_link(place.read("table.csv"), place.write("table.csv"))
            })
        },
        denied("no_link_is_left_behind", |place| {
            place.confine();
            symlink(place.outside("secret.txt"), place.write("link"))
        }),
        denied("no_pipe_with_a_name_is_made", |place| {
            place.confine();
            make(&place.write("pipe"), libc::S_IFIFO)
        }),
        denied("no_socket_with_a_name_is_made", |place| {
            place.confine();
            make(&place.write("socket"), libc::S_IFSOCK)
        }),
        denied("the_environment_of_the_process_is_not_read", |place| {
            place.confine_to(&place.rules().with_system_paths());
            fs::read("/proc/self/environ").map(drop)
        }),
        allowed("what_the_libraries_read_of_the_system_is_read", |place| {
            place.confine_to(&place.rules().with_system_paths());
            fs::read("/proc/self/cgroup")?;
            File::open("/dev/urandom")?.read_exact(&mut [0; 8])?;
            std::thread::available_parallelism().map(drop)
        }),
        allowed("a_file_that_was_open_stays_open", |place| {
            let mut file = File::open(place.outside("secret.txt"))?;
            place.confine();
            let mut text = String::new();
            file.read_to_string(&mut text)?;
            assert_eq!(text, "secret");
            Ok(())
        }),
    ]
}

/// What a run and its database do: make, write, sync, move, truncate, lock, remove.
fn write_all(place: &Place) -> io::Result<()> {
    place.confine();
    let one = place.write("one/ledger.tmp");
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create_new(true)
        .open(&one)?;
    file.write_all(b"a record")?;
    file.sync_all()?;
    file.lock()?;
    file.set_len(1)?;
    file.seek(SeekFrom::Start(0))?;
    let mut text = String::new();
    file.read_to_string(&mut text)?;
    assert_eq!(text, "a");
    file.unlock()?;
    let two = place.write("two/ledger");
    fs::rename(&one, &two)?;
    File::open(place.write("two"))?.sync_all()?;
    fs::hard_link(&two, place.write("one/again"))?;
    truncate(&two)?;
    assert_eq!(fs::read(&two)?, b"");
    fs::copy(place.read("table.csv"), place.write("copy.csv"))?;
    let mode = fs::metadata(&two)?.permissions();
    fs::set_permissions(&two, mode)?;
    fs::create_dir_all(place.write("three/four"))?;
    fs::remove_dir_all(place.write("three"))?;
    fs::remove_file(&two)
}

fn name(path: &Path) -> CString {
    CString::new(path.as_os_str().as_bytes()).unwrap()
}

fn truncate(path: &Path) -> io::Result<()> {
    // SAFETY: the name ends with a zero and outlives the call
    os(unsafe { libc::truncate(name(path).as_ptr(), 0) }.into()).map(drop)
}

fn make(path: &Path, kind: libc::mode_t) -> io::Result<()> {
    // SAFETY: the name ends with a zero and outlives the call
    os(unsafe { libc::mknod(name(path).as_ptr(), kind | 0o600, 0) }.into()).map(drop)
}
