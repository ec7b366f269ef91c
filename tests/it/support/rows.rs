//! Records that most tests need before they come to their point.

use chengdan::platform::db::sql;
use serde_json::{Value, json};

use super::{Client, TestApp};

/// A customer entered by `owner`.
pub async fn customer(test: &TestApp, owner: &Client, name: &str) -> Value {
    let (name, owner_id, team_id) = (name.to_owned(), owner.id(), owner.me["team"]["id"].as_i64().unwrap());
    let id: i64 = test
        .app
        .db
        .write(
            move |tx| {
                sql("insert into customers (number, number_key, name, name_fold, name_variant, name_key, contact_name, phone, email, industry_id, primary_source_id, status, owner_id, team_id, last_contact_on, created_at, created_on, updated_at)
                 select 'CUST' || cast(20240318001 + count(*) as text), 20240318000001 + count(*), $1, $1, $1, $1, '张伟', '13800138000', '', 1, 20, 'potential', $2, $3, '2024-03-18', 0, '2024-03-18', 0 from customers returning id")
                    .bind(name.as_str())
                    .bind(owner_id)
                    .bind(team_id)
                    .one(tx)
            },
            |_| (),
        )
        .await
        .unwrap();
    let number: String =
        test.app.db.write(move |tx| sql("select number from customers where id = $1").bind(id).one(tx), |_| ()).await.unwrap();
    json!({ "id": id, "number": number })
}

/// An opportunity of a customer, owned by `owner`.
pub async fn opportunity(test: &TestApp, owner: &Client, customer: &Value, name: &str) -> Value {
    let (text, owner_id, team_id) = (name.to_owned(), owner.id(), owner.me["team"]["id"].as_i64().unwrap());
    let customer_id = customer["id"].as_i64().unwrap();
    let id: i64 = test
        .app
        .db
        .write(
            move |tx| {
                sql("insert into opportunities (number, number_key, name, name_fold, name_key, pipeline_id, customer_id, expected_amount, owner_id, team_id, stage, status, entered_stage_at, created_at, updated_at)
                 select 'OPP' || cast(20240318001 + count(*) as text), 20240318000001 + count(*), $1, $1, $1, 1, $4, 50000000, $2, $3, 'initial_contact', 'open', 0, 0, 0 from opportunities returning id")
                    .bind(text.as_str())
                    .bind(owner_id)
                    .bind(team_id)
                    .bind(customer_id)
                    .one(tx)
            },
            |_| (),
        )
        .await
        .unwrap();
    let number: String =
        test.app.db.write(move |tx| sql("select number from opportunities where id = $1").bind(id).one(tx), |_| ()).await.unwrap();
    json!({ "id": id, "number": number, "name": name })
}
