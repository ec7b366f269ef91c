//! What people do while the world goes on: everything that moves a figure.

use std::collections::BTreeMap;

use chengdan::platform::db::sql;
use chengdan::platform::types::Instant;
use serde_json::{Value, json};

use crate::reports_oracle::world::{CLASSES, DAY, Dice, METHODS, REASONS, STAGES, day_of, text_of};
use crate::support::{Client, Reply, TestApp, a_customer};

pub const TAGS: [&str; 3] = ["意向客户", "高价值客户", "渠道客户"];
const REGIONS: [&str; 3] = ["华东", "华北", "华南"];
const INDUSTRIES: [&str; 3] = ["制造业", "互联网", "金融"];
const SOURCES: [&str; 3] = ["官网注册", "电话营销", "其他"];

/// Everything that can be done.
pub const DEEDS: [&str; 25] = [
    "move an opportunity",
    "win an opportunity",
    "lose an opportunity",
    "change an amount",
    "say how sure it is",
    "hand an opportunity over",
    "hand a customer over",
    "change what a customer carries",
    "delete an opportunity",
    "restore an opportunity",
    "purge an opportunity",
    "delete a customer",
    "restore a customer",
    "merge customers",
    "undo a merge",
    "record a follow-up",
    "change the method of a follow-up",
    "plan and complete",
    "give a task",
    "complete a task",
    "move a task",
    "hand a task on",
    "call a task off",
    "set a target",
    "share or not",
];

/// The office of a world.
pub struct Office<'t> {
    pub test: &'t TestApp,
    pub dice: Dice,
    pub now: i64,
    pub dan: Client,
    pub adm: Client,
    /// The people who sell.
    pub people: Vec<i64>,
    pub teams: Vec<i64>,
    /// How often each deed was done.
    pub done: BTreeMap<&'static str, usize>,
    merges: Vec<i64>,
    number: usize,
}

impl<'t> Office<'t> {
    pub async fn open(test: &'t TestApp, dice: Dice, now: i64, people: Vec<i64>, teams: Vec<i64>) -> Office<'t> {
        let (dan, adm) = (test.dan().await, test.adm().await);
        Office { test, dice, now, dan, adm, people, teams, done: BTreeMap::new(), merges: Vec::new(), number: 0 }
    }

    /// Time goes by: a millisecond, an hour, or days.
    pub async fn later(&mut self) {
        let step = [1, 3_600_000, 1 + self.dice.roll(4 * 3_600_000) as i64, DAY][self.dice.roll(4)];
        self.now += step;
        self.test.app.clock.move_to(Instant::from_ms(self.now));
        if step > 1 {
            (self.dan, self.adm) = (self.test.dan().await, self.test.adm().await);
        }
    }

    async fn ids(&self, text: &'static str) -> Vec<i64> {
        self.test.app.db.write(move |tx| sql(text).all(tx), |_| ()).await.unwrap()
    }

    async fn one(&mut self, text: &'static str) -> Option<i64> {
        let all = self.ids(text).await;
        (!all.is_empty()).then(|| self.dice.of(&all))
    }

    async fn version(&self, path: &str) -> Value {
        self.dan.get(path).await.json()["version"].clone()
    }

    async fn act(&self, path: &str, verb: &str, body: Value) -> Reply {
        let version = self.version(path).await;
        self.dan.act(&format!("{path}/{verb}"), &version, body).await
    }

    async fn patch(&self, path: &str, body: Value) -> Reply {
        let version = self.version(path).await;
        self.dan.patch(path, &version, body).await
    }

    /// One deed at random; what the rules refuse is not done.
    pub async fn go_on(&mut self) {
        let deed = DEEDS[self.dice.roll(DEEDS.len())];
        if let Some(reply) = self.attempt(deed).await {
            assert!(reply.status < 500, "{deed}: {}", reply.text());
            if reply.status < 300 {
                *self.done.entry(deed).or_default() += 1;
            }
        }
    }

    async fn attempt(&mut self, deed: &str) -> Option<Reply> {
        if deed.contains("task") {
            return self.tasks(deed).await;
        }
        match deed {
            "record a follow-up" | "change the method of a follow-up" | "plan and complete" => self.contacts(deed).await,
            "set a target" => Some(self.target().await),
            _ if deed.contains("opportunity") || deed.contains("amount") || deed.contains("sure") => self.opportunities(deed).await,
            _ => self.customers(deed).await,
        }
    }

    async fn opportunities(&mut self, deed: &str) -> Option<Reply> {
        let gone = deed.starts_with("restore") || deed.starts_with("purge");
        let text = if gone {
            "select id from opportunities where deleted_at is not null order by id limit 100"
        } else {
            "select id from opportunities where deleted_at is null order by id limit 100"
        };
        let id = self.one(text).await?;
        let path = format!("/opportunities/{id}");
        let amount = format!("{}.{:02}", 1 + self.dice.roll(90_000), self.dice.roll(100));
        let today = day_of(self.now);
        let reply = match deed {
            "move an opportunity" => {
                let stage = STAGES[self.dice.roll(4)];
                self.act(&path, "stage", json!({ "stage": stage })).await
            }
            "win an opportunity" => {
                let day = text_of(today - self.dice.roll(20) as i64);
                self.act(&path, "stage", json!({ "stage": "won", "won_amount": amount, "won_date": day })).await
            }
            "lose an opportunity" => {
                let reason = self.dice.of(&REASONS);
                let competitor = self.dice.of(&[None, Some("云帆软件"), Some("启明数科")]);
                self.act(&path, "stage", json!({ "stage": "lost", "lost_reason": reason, "competitor": competitor })).await
            }
            "change an amount" => {
                let day = text_of(today + self.dice.roll(90) as i64);
                self.patch(&path, json!({ "expected_amount": amount, "expected_close_date": day })).await
            }
            "say how sure it is" => {
                let class = self.dice.of(&CLASSES);
                self.patch(&path, json!({ "forecast_class": class })).await
            }
            "hand an opportunity over" => {
                let owner = self.dice.of(&self.people.clone());
                self.patch(&path, json!({ "owner_id": owner })).await
            }
            "delete an opportunity" => {
                let version = self.version(&path).await;
                self.dan.delete(&format!("{path}?reason=重复"), &version).await
            }
            "restore an opportunity" => self.dan.post(&format!("{path}/restore"), json!({})).await,
            _ => {
                let number: String = self
                    .test
                    .app
                    .db
                    .write(move |tx| sql("select number from opportunities where id = $1").bind(id).one(tx), |_| ())
                    .await
                    .unwrap();
                self.adm.post(&format!("{path}/purge"), json!({ "number": number })).await
            }
        };
        Some(reply)
    }

    async fn customers(&mut self, deed: &str) -> Option<Reply> {
        let text = if deed.starts_with("restore") {
            "select id from customers where deleted_at is not null and merged_into is null order by id limit 100"
        } else if deed.starts_with("delete") {
            "select c.id from customers c where c.deleted_at is null and not exists (select 1 from opportunities o where o.customer_id = c.id and o.deleted_at is null) order by c.id limit 100"
        } else {
            "select id from customers where deleted_at is null order by id limit 100"
        };
        let id = self.one(text).await?;
        let path = format!("/customers/{id}");
        let reply = match deed {
            "hand a customer over" => {
                let owner = self.dice.of(&self.people.clone());
                self.patch(&path, json!({ "owner_id": owner })).await
            }
            "change what a customer carries" => {
                let tags: Vec<&str> = TAGS.into_iter().filter(|_| self.dice.roll(2) == 0).collect();
                let sources: Vec<&str> = SOURCES.into_iter().filter(|_| self.dice.roll(2) == 0).collect();
                let mut body = json!({ "tags": tags, "region": self.dice.of(&REGIONS), "industry": self.dice.of(&INDUSTRIES) });
                if !sources.is_empty() {
                    body["source_channels"] = json!(sources);
                }
                self.patch(&path, body).await
            }
            "delete a customer" => {
                let version = self.version(&path).await;
                self.dan.delete(&format!("{path}?reason=重复"), &version).await
            }
            "restore a customer" => self.dan.post(&format!("{path}/restore"), json!({})).await,
            "merge customers" => {
                let into = self.one(text).await?;
                let reply = self.act(&path, "merge", json!({ "into": into })).await;
                if reply.status == 200 {
                    self.merges.push(reply.json()["merge_id"].as_i64().unwrap());
                }
                reply
            }
            "undo a merge" => {
                let merge = self.merges.pop()?;
                self.dan.post(&format!("/customers/merges/{merge}/undo"), json!({})).await
            }
            _ => {
                let shares = self.dan.get(&format!("{path}/shares")).await.json();
                if let Some(share) = shares["items"].as_array().and_then(|all| all.first())
                    && self.dice.roll(2) == 0
                {
                    return Some(self.dan.delete(&format!("{path}/shares/{}", share["id"]), &Value::Null).await);
                }
                let person = self.dice.of(&self.people.clone());
                let share = json!({ "grantee_type": "user", "grantee_id": person, "access": "read" });
                self.dan.post(&format!("{path}/shares"), share).await
            }
        };
        Some(reply)
    }

    async fn contacts(&mut self, deed: &str) -> Option<Reply> {
        let customer = self.one("select id from customers where deleted_at is null order by id limit 100").await?;
        let method = self.dice.of(&METHODS);
        let at = Instant::from_ms(self.now - self.dice.roll(40) as i64 * DAY).to_string();
        let record =
            json!({ "customer_id": customer, "method": method, "contacted_at": at, "result": "谈妥", "next_action": "发合同给对方确认" });
        Some(match deed {
            "record a follow-up" => self.dan.post("/follow-ups", record).await,
            "change the method of a follow-up" => {
                let id = self.one("select id from follow_ups order by id desc limit 5").await?;
                self.patch(&format!("/follow-ups/{id}"), json!({ "method": method })).await
            }
            _ => {
                let starts = self.now + 3 * DAY + self.dice.roll(300) as i64 * 60_000;
                let (from, to) = (Instant::from_ms(starts).to_string(), Instant::from_ms(starts + 60_000).to_string());
                let plan = json!({ "customer_id": customer, "starts_at": from, "ends_at": to, "method": method, "content": "拜访" });
                let plan = self.dan.post("/follow-up-plans", plan).await;
                if plan.status != 201 {
                    return Some(plan);
                }
                let plan = plan.json();
                let path = format!("/follow-up-plans/{}", plan["id"]);
                if self.dice.roll(3) == 0 {
                    return Some(self.dan.patch(&path, &plan["version"], json!({ "status": "cancelled" })).await);
                }
                let done = json!({ "plan_id": plan["id"], "method": method, "contacted_at": at, "result": "谈妥", "next_action": "发合同给对方确认" });
                self.dan.post("/follow-ups", done).await
            }
        })
    }

    async fn tasks(&mut self, deed: &str) -> Option<Reply> {
        let due = text_of(day_of(self.now) + 1 + self.dice.roll(15) as i64);
        let person = self.dice.of(&self.people.clone());
        if deed == "give a task" {
            let kind = self.dice.of(&["other", "contract_signing"]);
            let task = json!({ "kind": kind, "content": "整理资料", "assignee_id": person, "due_date": due });
            return Some(self.dan.post("/tasks", task).await);
        }
        let id = self.one("select id from tasks where is_open order by id limit 100").await?;
        let path = format!("/tasks/{id}");
        Some(match deed {
            "complete a task" => self.act(&path, "complete", json!({ "feedback": "完成了" })).await,
            "move a task" => self.act(&path, "postpone", json!({ "due_date": due, "reason": "等客户" })).await,
            "hand a task on" => self.act(&path, "reassign", json!({ "assignee_id": person, "reason": "休假" })).await,
            _ => self.patch(&path, json!({ "status": "cancelled" })).await,
        })
    }

    async fn target(&mut self) -> Reply {
        let (kind, owner) = match self.dice.roll(3) {
            0 => ("company", Value::Null),
            1 => ("team", json!(self.dice.of(&self.teams.clone()))),
            _ => ("user", json!(self.dice.of(&self.people.clone()))),
        };
        let period = self.dice.of(&["2024-02", "2024-03", "2024-04"]);
        let amount = format!("{}.00", 1_000 + self.dice.roll(90_000));
        let target = json!({ "period": period, "owner_type": kind, "owner_id": owner, "amount": amount, "reason": "重新分解" });
        self.dan.put("/targets", target).await
    }

    /// Somebody new, with something to sell.
    pub async fn new_customer(&mut self) {
        self.number += 1;
        let mut draft = a_customer(&format!("新客户{}", self.number));
        draft["tags"] = json!([self.dice.of(&TAGS)]);
        draft["owner_id"] = json!(self.dice.of(&self.people.clone()));
        let customer = self.dan.post("/customers", draft).await.created();
        let deal =
            json!({ "name": "新商机", "customer_id": customer["id"], "expected_amount": "1234.00", "owner_id": customer["owner_id"] });
        self.dan.post("/opportunities", deal).await.created();
    }
}
