//! Names and other short texts: how they are checked, and how two of them are compared.

/// The half-width twin of a full-width ASCII character or of the ideographic space; anything else as it is.
pub fn narrow(letter: char) -> char {
    match letter {
        '\u{3000}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(letter) - 0xFEE0).unwrap_or(letter),
        other => other,
    }
}
