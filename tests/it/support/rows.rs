//! Records that many tests begin with, entered through the API.

use serde_json::{Value, json};

use super::{Client, a_customer};

impl Client {
    /// A customer of this person; answers its id.
    pub async fn has_customer(&self, name: &str) -> i64 {
        self.post("/customers", a_customer(name)).await.created()["id"].as_i64().unwrap()
    }

    /// An opportunity of this person; answers its id.
    pub async fn has_opportunity(&self, customer_id: i64, name: &str) -> i64 {
        let draft = json!({ "name": name, "customer_id": customer_id, "expected_amount": "500000.00" });
        self.post("/opportunities", draft).await.created()["id"].as_i64().unwrap()
    }

    /// A plan about a customer, of one hour, with whatever else is given.
    pub async fn plans(&self, customer_id: i64, starts_at: &str, more: Value) -> Value {
        self.post("/follow-up-plans", a_plan(customer_id, starts_at, more)).await.created()
    }

    /// A record of a contact with a customer.
    pub async fn records(&self, customer_id: i64, contacted_at: &str, result: &str) -> Value {
        let draft = json!({ "customer_id": customer_id, "method": "phone_call", "contacted_at": contacted_at, "result": result, "next_action": "3月25日前提供报价单" });
        self.post("/follow-ups", draft).await.created()
    }

    /// This person's messages, the newest first.
    pub async fn messages(&self) -> Vec<Value> {
        self.get("/notifications?limit=100").await.ok()["items"].as_array().unwrap().clone()
    }

    /// This person's messages of one kind.
    pub async fn messages_of(&self, kind: &str) -> Vec<Value> {
        let mut all = self.messages().await;
        all.retain(|message| message["kind"] == kind);
        all
    }
}

/// A plan of one hour from `starts_at` (with offset +08:00), with whatever else is given.
pub fn a_plan(customer_id: i64, starts_at: &str, more: Value) -> Value {
    let hour: u32 = starts_at[11..13].parse().unwrap();
    let ends_at = format!("{}{:02}{}", &starts_at[..11], hour + 1, &starts_at[13..]);
    let mut plan =
        json!({ "customer_id": customer_id, "starts_at": starts_at, "ends_at": ends_at, "method": "phone_call", "content": "确认报价" });
    for (name, value) in more.as_object().into_iter().flatten() {
        plan[name] = value.clone();
        if name == "opportunity_id" {
            plan.as_object_mut().unwrap().remove("customer_id");
        }
    }
    plan
}
