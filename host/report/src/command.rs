//! The command that runs a run anew, beside the first.

/// Options whose value is a place on the machine that the run was made on.
const PLACES: [&str; 4] = ["--out", "--keys", "--cache", "--plugins"];

/// Longest name of a run.
const LONGEST: usize = 64;

/// The name of the second run.
pub(crate) fn again(run: &str) -> String {
    const SUFFIX: &str = "_again";
    let kept: String = run.chars().take(LONGEST - SUFFIX.len()).collect();
    kept + SUFFIX
}

/// The command as typed, but for the run's name, which becomes `name`, and without `--replace` and
/// the options that name places on the machine.
pub(crate) fn rerun(typed: &str, name: &str) -> String {
    let mut kept: Vec<String> = Vec::new();
    let mut words = words(typed).into_iter();
    while let Some(word) = words.next() {
        let (option, value) = match word.split_once('=') {
            Some((option, value)) => (option, Some(value)),
            None => (word, None),
        };
        match option {
            "--replace" => {}
            option if PLACES.contains(&option) => {
                if value.is_none() {
                    words.next();
                }
            }
            "--name" => {
                if value.is_none() {
                    words.next();
                }
                kept.push(option.to_owned());
                kept.push(name.to_owned());
            }
            _ => kept.push(word.to_owned()),
        }
    }
    kept.join(" ")
}

/// The words of a command, quotation marks kept.
fn words(command: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let (mut start, mut quote, mut escaped) = (None, None, false);
    for (at, c) in command.char_indices() {
        if quote.is_none() && !escaped && c.is_whitespace() {
            words.extend(start.take().map(|start| &command[start..at]));
            continue;
        }
        start.get_or_insert(at);
        if escaped {
            escaped = false;
        } else if c == '\\' && quote != Some('\'') {
            escaped = true;
        } else if quote == Some(c) {
            quote = None;
        } else if quote.is_none() && (c == '\'' || c == '"') {
            quote = Some(c);
        }
    }
    words.extend(start.map(|start| &command[start..]));
    words
}

#[cfg(test)]
mod tests {
    use super::{again, rerun};

    #[test]
    fn a_rerun_takes_another_name_and_no_places() {
        let typed = "autods-host run --task t --name a --out /x/a --data d --replace --keys /k --cache=/c --plugins '/p q'";
        assert_eq!(
            rerun(typed, &again("a")),
            "autods-host run --task t --name a_again --data d"
        );
        assert_eq!(
            rerun("autods-host run --name=a --synthetic", "b"),
            "autods-host run --name b --synthetic"
        );
    }

    #[test]
    fn quoted_words_stay_whole() {
        let typed = r"autods-host run --data '/x/it'\''s here' --out '/o --name z' --name a";
        assert_eq!(
            rerun(typed, "b"),
            r"autods-host run --data '/x/it'\''s here' --name b"
        );
    }

    #[test]
    fn a_long_name_makes_room_for_its_suffix() {
        assert_eq!(again(&"n".repeat(64)).len(), 64);
    }

    #[test]
    fn an_option_without_its_value_ends_the_command() {
        assert_eq!(rerun("autods-host run --out", "b"), "autods-host run");
    }
}
