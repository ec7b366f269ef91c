//! The product's own source, taken apart just enough to be judged: code without comments and strings, and the strings.

use std::path::{Path, PathBuf};

/// One file below `src`, without its unit tests.
pub struct Source {
    /// Its path below `src`, such as `customers/store.rs`.
    pub path: String,
    /// The code; every string and comment is gone.
    pub code: String,
    /// The strings, in order.
    pub literals: Vec<Literal>,
}

/// A string in the source.
pub struct Literal {
    /// Its content, escapes resolved.
    pub text: String,
    /// The code right before it on which its meaning depends, without blanks.
    pub before: String,
    pub line: usize,
}

impl Source {
    /// Every file of the product.
    pub fn all() -> Vec<Source> {
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut files = Vec::new();
        collect(&root, &mut files);
        files.sort();
        files.iter().map(|file| Source::read(&root, file)).collect()
    }

    fn read(root: &Path, file: &Path) -> Source {
        let text = std::fs::read_to_string(file).unwrap();
        let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        let path = file.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
        let (code, literals) = taken_apart(text);
        Source { path, code, literals }
    }

    /// The room it belongs to: its folder, or its name when it lies directly below `src`.
    pub fn room(&self) -> &str {
        self.path.split('/').next().unwrap().trim_end_matches(".rs")
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
}

fn taken_apart(text: &str) -> (String, Vec<Literal>) {
    let letters: Vec<char> = text.chars().collect();
    let at = |index: usize| letters.get(index).copied().unwrap_or('\0');
    let mut code = String::new();
    let mut literals = Vec::new();
    let (mut here, mut line) = (0, 1);
    while here < letters.len() {
        let letter = at(here);
        if letter == '/' && at(here + 1) == '/' {
            while here < letters.len() && at(here) != '\n' {
                here += 1;
            }
        } else if letter == '"' || (letter == 'r' && raw_start(&letters, here).is_some() && !is_word(code.chars().last())) {
            let hashes = if letter == 'r' { raw_start(&letters, here) } else { None };
            let begun = line;
            let (content, end) = match hashes {
                Some(hashes) => raw_content(&letters, here + 2 + hashes, hashes),
                None => content(&letters, here + 1),
            };
            line += letters[here..end].iter().filter(|letter| **letter == '\n').count();
            let tail: String = code.chars().rev().filter(|letter| !letter.is_whitespace()).take(60).collect();
            literals.push(Literal { text: content, before: tail.chars().rev().collect(), line: begun });
            code.push('¶');
            here = end;
        } else if letter == '\'' && at(here + 1) == '\\' {
            here += 3;
            while here < letters.len() && at(here) != '\'' {
                here += 1;
            }
            here += 1;
        } else if letter == '\'' && at(here + 2) == '\'' {
            here += 3;
        } else {
            line += usize::from(letter == '\n');
            code.push(letter);
            here += 1;
        }
    }
    (code, literals)
}

fn is_word(letter: Option<char>) -> bool {
    letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_')
}

fn raw_start(letters: &[char], at: usize) -> Option<usize> {
    let hashes = letters[at + 1..].iter().take_while(|letter| **letter == '#').count();
    (letters.get(at + 1 + hashes) == Some(&'"')).then_some(hashes)
}

fn raw_content(letters: &[char], from: usize, hashes: usize) -> (String, usize) {
    let mut end = from;
    while end < letters.len()
        && !(letters[end] == '"' && letters[end + 1..].iter().take(hashes).filter(|letter| **letter == '#').count() == hashes)
    {
        end += 1;
    }
    (letters[from..end].iter().collect(), end + 1 + hashes)
}

fn content(letters: &[char], from: usize) -> (String, usize) {
    let mut text = String::new();
    let mut here = from;
    while here < letters.len() && letters[here] != '"' {
        if letters[here] != '\\' {
            text.push(letters[here]);
            here += 1;
            continue;
        }
        match letters[here + 1] {
            'n' => text.push('\n'),
            't' => text.push('\t'),
            '\n' => {
                here += 2;
                while letters[here].is_whitespace() {
                    here += 1;
                }
                continue;
            }
            other => text.push(other),
        }
        here += 2;
    }
    (text, here + 1)
}
