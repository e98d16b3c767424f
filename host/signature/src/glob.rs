//! Patterns of plugin ids.

/// Whether `text` matches `pattern`, in which `*` stands for any characters and `?` for one.
///
/// Linear in the product of both lengths; nothing is nested, so nothing explodes.
pub fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut p, mut t) = (0, 0);
    // Where the last star stood, and up to where the text was given to it.
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(&byte) if byte == b'?' || byte == text[t] => {
                p += 1;
                t += 1;
            }
            _ => match star {
                Some((at, given)) => {
                    star = Some((at, given + 1));
                    p = at + 1;
                    t = given + 1;
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|&byte| byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn stars_and_question_marks_mean_what_they_mean_elsewhere() {
        for (pattern, text) in [
            ("*", ""),
            ("*", "csv"),
            ("csv", "csv"),
            ("lab-*", "lab-"),
            ("lab-*", "lab-csv"),
            ("*-csv", "lab-csv"),
            ("l*b-?sv", "lab-csv"),
            ("a*b*c", "axxbxxbc"),
            ("**", "x"),
        ] {
            assert!(matches(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [
            ("", "x"),
            ("csv", "csv2"),
            ("lab-*", "lab"),
            ("?", ""),
            ("a*b", "abc"),
            ("LAB", "lab"),
        ] {
            assert!(!matches(pattern, text), "{pattern} {text}");
        }
    }
}
