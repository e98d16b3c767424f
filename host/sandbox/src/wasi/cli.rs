//! Environment, exit and the standard streams.

use wasmtime::component::Resource;

use crate::bindings::inert::wasi::cli::{
    environment, exit, stderr, stdin, stdout, terminal_input, terminal_output, terminal_stderr,
    terminal_stdin, terminal_stdout,
};
use crate::bindings::inert::wasi::io::streams::{InputStream, OutputStream};
use crate::message::Loudness;
use crate::meter::{Meter, Stop};

/// Which stream a plugin writes to: the number that stands for it in the guest's hands.
pub(super) const STDOUT: u32 = 1;
pub(super) const STDERR: u32 = 2;

/// Lines that are not complete yet. Holds at most one message of each stream.
#[derive(Default)]
pub(crate) struct Printer {
    stdout: Vec<u8>,
    stderr: Vec<u8>,
}

impl Printer {
    fn of(&mut self, stream: u32) -> (&mut Vec<u8>, Loudness) {
        if stream == STDERR {
            (&mut self.stderr, Loudness::Warn)
        } else {
            (&mut self.stdout, Loudness::Info)
        }
    }

    /// Takes what was written to a stream; hands on each line when it is complete.
    pub(crate) fn print(
        &mut self,
        stream: u32,
        text: &[u8],
        max: usize,
        mut line: impl FnMut(Loudness, &[u8]),
    ) {
        let (pending, loudness) = self.of(stream);
        let mut pieces = text.split(|byte| *byte == b'\n').peekable();
        while let Some(piece) = pieces.next() {
            let room = max.saturating_sub(pending.len());
            pending.extend_from_slice(&piece[..piece.len().min(room)]);
            if pieces.peek().is_some() {
                line(loudness, pending);
                pending.clear();
            }
        }
    }

    /// What is left when a call ends.
    pub(crate) fn rest(&mut self) -> Vec<(Loudness, Vec<u8>)> {
        [STDOUT, STDERR]
            .into_iter()
            .filter_map(|stream| {
                let (pending, loudness) = self.of(stream);
                let text = std::mem::take(pending);
                (!text.is_empty()).then_some((loudness, text))
            })
            .collect()
    }
}

impl environment::Host for Meter {
    fn get_environment(&mut self) -> wasmtime::Result<Vec<(String, String)>> {
        self.host_call()?;
        Ok(Vec::new())
    }

    fn get_arguments(&mut self) -> wasmtime::Result<Vec<String>> {
        self.host_call()?;
        Ok(Vec::new())
    }

    fn initial_cwd(&mut self) -> wasmtime::Result<Option<String>> {
        self.host_call()?;
        Ok(None)
    }
}

impl exit::Host for Meter {
    fn exit(&mut self, _: Result<(), ()>) -> wasmtime::Result<()> {
        self.host_call()?;
        Err(Stop::Exit.into())
    }

    fn exit_with_code(&mut self, _: u8) -> wasmtime::Result<()> {
        self.host_call()?;
        Err(Stop::Exit.into())
    }
}

impl stdin::Host for Meter {
    fn get_stdin(&mut self) -> wasmtime::Result<Resource<InputStream>> {
        self.host_call()?;
        self.hold()?;
        Ok(Resource::new_own(0))
    }
}

impl stdout::Host for Meter {
    fn get_stdout(&mut self) -> wasmtime::Result<Resource<OutputStream>> {
        self.host_call()?;
        self.hold()?;
        Ok(Resource::new_own(STDOUT))
    }
}

impl stderr::Host for Meter {
    fn get_stderr(&mut self) -> wasmtime::Result<Resource<OutputStream>> {
        self.host_call()?;
        self.hold()?;
        Ok(Resource::new_own(STDERR))
    }
}

impl terminal_input::Host for Meter {}

impl terminal_input::HostTerminalInput for Meter {
    fn drop(&mut self, _: Resource<terminal_input::TerminalInput>) -> wasmtime::Result<()> {
        Ok(())
    }
}

impl terminal_output::Host for Meter {}

impl terminal_output::HostTerminalOutput for Meter {
    fn drop(&mut self, _: Resource<terminal_output::TerminalOutput>) -> wasmtime::Result<()> {
        Ok(())
    }
}

impl terminal_stdin::Host for Meter {
    fn get_terminal_stdin(
        &mut self,
    ) -> wasmtime::Result<Option<Resource<terminal_input::TerminalInput>>> {
        self.host_call()?;
        Ok(None)
    }
}

impl terminal_stdout::Host for Meter {
    fn get_terminal_stdout(
        &mut self,
    ) -> wasmtime::Result<Option<Resource<terminal_output::TerminalOutput>>> {
        self.host_call()?;
        Ok(None)
    }
}

impl terminal_stderr::Host for Meter {
    fn get_terminal_stderr(
        &mut self,
    ) -> wasmtime::Result<Option<Resource<terminal_output::TerminalOutput>>> {
        self.host_call()?;
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_handed_on_when_it_is_complete_and_never_grows_past_its_cap() {
        let mut printer = Printer::default();
        let mut lines = Vec::new();
        let mut print = |printer: &mut Printer, stream, text: &[u8]| {
            printer.print(stream, text, 4, |_, line| lines.push(line.to_vec()));
        };
        print(&mut printer, STDOUT, b"ab");
        print(&mut printer, STDERR, b"x\n");
        print(&mut printer, STDOUT, b"c\n\nlonger than four\nrest");
        assert_eq!(lines, [&b"x"[..], b"abc", b"", b"long"]);
        assert_eq!(printer.rest(), [(Loudness::Info, b"rest".to_vec())]);
        assert!(printer.rest().is_empty());
    }
}
