//! 成单: the sales process of a company in one program. One line per room; each is described in its own `mod.rs`.

pub mod error;
pub mod platform;
