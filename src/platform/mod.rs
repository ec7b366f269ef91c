pub mod sniff;
pub mod types;
