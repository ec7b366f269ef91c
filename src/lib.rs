pub mod identity;
pub mod platform;
