//! Spreadsheets for imports, and what stands in those that come back.

use serde_json::Value;

use super::{Client, TestApp};

/// The columns a customer needs.
pub const CUSTOMER: [&str; 5] = ["客户名称", "联系人姓名", "联系电话", "所属行业", "来源渠道"];

/// A workbook of texts.
pub fn xlsx(rows: &[Vec<&str>]) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in rows.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            sheet.write_string(row as u32, column as u16, *cell).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

/// A comma-separated text.
pub fn csv(rows: &[Vec<&str>]) -> String {
    rows.iter().map(|cells| cells.join(",") + "\r\n").collect()
}

/// A header and the rows of customers that differ by name and phone only.
pub fn customers<'a>(rows: &[(&'a str, &'a str)]) -> Vec<Vec<&'a str>> {
    let mut all = vec![CUSTOMER.to_vec()];
    all.extend(rows.iter().map(|(name, phone)| vec![*name, "张伟", *phone, "制造业", "官网注册"]));
    all
}

/// The rows that the program's own reader finds in a file, the header first.
pub fn read(content: &[u8]) -> Vec<Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    std::fs::write(&path, content).unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_chengdan")).arg("parse-sheet").arg(&path).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let list = |value: &Value| value.as_array().unwrap().iter().map(|cell| cell.as_str().unwrap().to_owned()).collect();
    text.lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter_map(|line| {
            if line["header"].is_array() {
                return Some(list(&line["header"]));
            }
            assert!(line["refused"].is_null(), "{line}");
            line["row"]["cells"].is_array().then(|| list(&line["row"]["cells"]))
        })
        .collect()
}

impl TestApp {
    /// Sends a file, lets its rows be gone through, and answers the import.
    pub async fn import(&self, person: &Client, fields: &[(&str, &str)], name: &str, content: &[u8]) -> Value {
        let import = person.send_form("/imports", fields, name, content).await.created();
        self.settled(person, &import).await
    }

    /// The import after everything that was due has run.
    pub async fn settled(&self, person: &Client, import: &Value) -> Value {
        self.app.runner.run_due().await.unwrap();
        person.get(&format!("/imports/{}", import["id"])).await.ok()
    }

    /// Asks for an export, makes it, and answers it with its content.
    pub async fn export(&self, person: &Client, draft: Value) -> (Value, Vec<u8>) {
        let export = person.post("/exports", draft).await.created();
        chengdan::exchange::exports::make_waiting(&self.app).await.unwrap();
        let export = person.get(&format!("/exports/{}", export["id"])).await.ok();
        assert_eq!(export["state"], "done", "{export}");
        let file = person.get(&format!("/exports/{}/file", export["id"])).await;
        assert_eq!(file.status, 200, "{}", file.text());
        (export, file.body)
    }
}

/// The counts of an import: created, updated, skipped, bad.
pub fn counts(import: &Value) -> [i64; 4] {
    ["created_rows", "updated_rows", "skipped_rows", "bad_rows"].map(|name| import[name].as_i64().unwrap())
}
