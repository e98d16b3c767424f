//! The YAML between the first two `---` lines of a Markdown file.

use crate::error::Fault;

/// A Markdown file cut in two.
#[derive(Debug)]
pub(crate) struct FrontMatter<'a> {
    /// The YAML, its opening `---` line included, so that line numbers are those of the file.
    pub(crate) yaml: &'a str,
    /// What follows the closing line.
    pub(crate) body: &'a str,
}

/// Find the front matter. The error comes with the line it belongs to.
pub(crate) fn split(text: &str) -> Result<FrontMatter<'_>, (u64, Fault)> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut at = 0;
    let mut lines = text.split_inclusive('\n');
    match lines.next() {
        Some(first) if first.trim_end() == "---" => at += first.len(),
        _ => return Err((1, Fault::NoFrontMatter)),
    }
    let mut count = 1;
    for line in lines {
        count += 1;
        let end = at + line.len();
        if line.trim_end() == "---" {
            return Ok(FrontMatter {
                yaml: &text[..at],
                body: &text[end..],
            });
        }
        at = end;
    }
    Err((count, Fault::UnclosedFrontMatter))
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn crlf_and_a_byte_order_mark_do_not_matter() {
        let cut = split("\u{feff}---\r\nname: a\r\n---\r\nbody").unwrap();
        assert_eq!(cut.yaml, "---\r\nname: a\r\n");
        assert_eq!(cut.body, "body");
    }

    #[test]
    fn a_file_without_or_with_half_a_front_matter_is_refused() {
        assert_eq!(split("# Task\n").unwrap_err().0, 1);
        assert_eq!(split("").unwrap_err().0, 1);
        assert_eq!(split("---\nname: a\n").unwrap_err().0, 2);
    }
}
