//! Records that most tests need before they come to their point.

use serde_json::{Value, json};

use super::{Client, a_customer};

/// A customer entered by `owner`.
pub async fn customer(owner: &Client, name: &str) -> Value {
    owner.post("/customers", a_customer(name)).await.created()
}

/// An opportunity of a customer over 500,000.00 元, owned by `owner`.
pub async fn opportunity(owner: &Client, customer: &Value, name: &str) -> Value {
    owner.post("/opportunities", json!({ "name": name, "customer_id": customer["id"], "expected_amount": "500000.00" })).await.created()
}
