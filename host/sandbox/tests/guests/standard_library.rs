// A loader that uses Rust's standard library where it would reach for the system.
use std::collections::HashMap;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

#[unsafe(link_section = "component-type")]
static _WORLD: [u8; include_bytes!(env!("WORLD")).len()] = *include_bytes!(env!("WORLD"));

/// `ok(summary)`: order of a hash map's keys, and how many of the claims below hold.
static mut RESULT: [u64; 12] = [0; 12];

#[unsafe(export_name = "cabi_realloc")]
unsafe extern "C" fn realloc(old: *mut u8, was: usize, align: usize, size: usize) -> *mut u8 {
    use std::alloc::{Layout, alloc, realloc};
    unsafe {
        if was == 0 {
            if size == 0 { return align as *mut u8; }
            alloc(Layout::from_size_align_unchecked(size, align))
        } else {
            realloc(old, Layout::from_size_align_unchecked(was, align), size)
        }
    }
}

#[unsafe(export_name = "autods:plugin/ingest@0.1.0#plan")]
extern "C" fn plan(_: i32, _: i32, _: i32, _: i32, _: i64) -> *const u64 {
    &raw const RESULT as *const u64
}

#[unsafe(export_name = "autods:plugin/ingest@0.1.0#load")]
extern "C" fn load(_: i32, _: i32, _: i32, _: i32, _: i32, _: i64, _: i64, _: i64) -> *const u64 {
    let mut seen = HashMap::new();
    for n in 0..100_u64 {
        *seen.entry(n % 10).or_insert(0_u64) += 1;
    }
    let order: u64 = seen.keys().fold(0, |sum, key| sum * 11 + key);
    println!("a line to nobody");
    eprintln!("another");
    let began = Instant::now();
    std::thread::sleep(Duration::from_secs(3600));
    let waited = began.elapsed() < Duration::from_secs(1);
    let epoch = SystemTime::now().duration_since(UNIX_EPOCH).is_ok_and(|now| now.as_secs() == 0);
    let nobody = std::env::vars().count() == 0 && std::env::args().count() == 0;
    let no_file = std::fs::read("/etc/passwd").is_err() && std::fs::write("x", "y").is_err();
    let mut line = String::new();
    let no_input = matches!(std::io::stdin().read_line(&mut line), Ok(0) | Err(_));
    let all = [waited, epoch, nobody, no_file, no_input, seen.len() == 10];
    unsafe {
        RESULT[1] = order;
        RESULT[2] = all.iter().filter(|held| **held).count() as u64;
        &raw const RESULT as *const u64
    }
}
