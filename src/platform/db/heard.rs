//! Which statements a piece of work asks: for tests that look at the engines' plans.

use std::cell::RefCell;

use super::Value;

/// Statements with their binds, in the order they were asked.
pub type Asked = Vec<(String, Vec<Value>)>;

thread_local! {
    static HEARD: RefCell<Option<Asked>> = const { RefCell::new(None) };
}

/// Does something and answers every statement with rows it asked meanwhile, with its binds.
pub fn heard<T>(deed: impl FnOnce() -> T) -> (T, Asked) {
    HEARD.with_borrow_mut(|heard| *heard = Some(Vec::new()));
    let outcome = deed();
    (outcome, HEARD.with_borrow_mut(Option::take).unwrap_or_default())
}

/// Keeps a statement when somebody listens.
pub(super) fn hear(text: impl FnOnce() -> String, binds: &[Value]) {
    HEARD.with_borrow_mut(|heard| {
        if let Some(all) = heard {
            all.push((text(), binds.to_vec()));
        }
    });
}
