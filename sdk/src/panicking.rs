//! What a panic says before it becomes a trap. A trap tells the host that the plugin gave up and
//! nothing more; its author needs the message and the line.

/// Has panics say message and place to the author's log. The export macros call it at the start of
/// every call, because every call has an instance of its own. The host shows it only under a
/// policy that shows messages (`log.show`): a message of a panic may hold a value of a row.
#[doc(hidden)]
pub fn announce_panics() {
    #[cfg(target_arch = "wasm32")]
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(
            || "somewhere".to_owned(),
            |at| format!("{}:{}:{}", at.file(), at.line(), at.column()),
        );
        let message = panic.payload_as_str().unwrap_or("without a message");
        for line in format!("panicked at {place}: {message}").lines() {
            crate::log(crate::LogLevel::Warn, line);
        }
    }));
}
