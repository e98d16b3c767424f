//! What a code means, what to change, and who may.

use autods_tests::Host;

#[test]
fn a_code_is_explained_the_same_as_a_command_and_as_a_flag() {
    let host = Host::new();
    for code in ["not-locked", "signature-missing", "trap-unreachable", "9"] {
        let command = host.call(["explain", code]);
        command.must_end_with(0);
        let flag = host.call(["--explain", code]);
        flag.must_end_with(0);
        assert_eq!(command.out, flag.out);
        assert!(command.out.contains(code), "{command}");
        assert!(command.out.lines().count() > 2, "{command}");
    }
}

#[test]
fn a_code_that_nobody_gives_is_said_to_be_none() {
    let host = Host::new();
    for arguments in [["explain", "not-loked"], ["--explain", "not-loked"]] {
        let spoken = host.call(arguments);
        spoken.must_end_with(2);
        spoken.must_say(&["not-loked"]);
    }
}
