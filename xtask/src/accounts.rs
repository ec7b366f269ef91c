//! What the server says when it is ready, written for people.

use serde_json::Value;

/// The line `{"url": …, "accounts": […]}` that `chengdan serve` prints once it answers.
pub struct Ready {
    pub url: String,
    accounts: Vec<Account>,
}

struct Account {
    employee_number: String,
    password: String,
    role: String,
    team: String,
}

impl Ready {
    pub fn read(line: &str) -> Option<Ready> {
        let said: Value = serde_json::from_str(line).ok()?;
        let text = |value: &Value, name: &str| value[name].as_str().unwrap_or_default().to_owned();
        let accounts = said["accounts"].as_array().map(Vec::as_slice).unwrap_or_default();
        Some(Ready {
            url: said["url"].as_str()?.to_owned(),
            accounts: accounts
                .iter()
                .map(|account| Account {
                    employee_number: text(account, "employee_number"),
                    password: text(account, "password"),
                    role: text(account, "role"),
                    team: text(account, "team"),
                })
                .collect(),
        })
    }

    /// The address and the accounts as a table, in Chinese and English.
    pub fn written(&self) -> String {
        let mut page = format!("\n  成单 Chengdan   {}\n", self.url);
        if self.accounts.is_empty() {
            page += "\n  沿用已有数据，账号与首次启动时相同。 The data of the last run is kept, and so are its accounts.\n";
        } else {
            let heads = ["工号 Number", "密码 Password", "团队 Team", "角色 Role"].map(String::from);
            let rows: Vec<[String; 4]> = std::iter::once(heads).chain(self.accounts.iter().map(Account::row)).collect();
            let widths = [0, 1, 2].map(|column| rows.iter().map(|row| width(&row[column])).max().unwrap_or_default());
            for row in &rows {
                page += "\n  ";
                for (cell, column) in row.iter().zip(widths) {
                    page += cell;
                    page.extend(std::iter::repeat_n(' ', column + 3 - width(cell)));
                }
                page += &row[3];
            }
            page.push('\n');
        }
        page + "\n  按 Ctrl-C 停止。 Ctrl-C stops it.\n"
    }
}

impl Account {
    fn row(&self) -> [String; 4] {
        [self.employee_number.clone(), self.password.clone(), self.team.clone(), role(&self.role).to_owned()]
    }
}

fn role(key: &str) -> &str {
    match key {
        "administrator" => "系统管理员 administrator",
        "sales_director" => "销售总监 sales director",
        "sales_manager" => "销售经理 sales manager",
        "sales" => "销售 sales",
        "finance_readonly" => "财务只读 finance, read only",
        other => other,
    }
}

/// Columns a text takes in a terminal: Chinese characters and full-width marks take two.
fn width(text: &str) -> usize {
    text.chars().map(|letter| if matches!(letter, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}') { 2 } else { 1 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_lines_up_and_names_everybody() {
        let line = r#"{"url":"http://127.0.0.1:8080","accounts":[
            {"employee_number":"1001","password":"p-1","role":"administrator","team":"总部"},
            {"employee_number":"1002","password":"p-22","role":"sales","team":"华东一组"}]}"#;
        let text = Ready::read(line).unwrap().written();
        assert!(text.contains("http://127.0.0.1:8080"));
        let starts: Vec<usize> = text
            .lines()
            .filter_map(|line| ["系统管理员 ", "销售 ", "角色 "].iter().find_map(|role| line.find(role).map(|at| width(&line[..at]))))
            .collect();
        assert_eq!(starts.len(), 3);
        assert!(starts.iter().all(|start| *start == starts[0]), "{text}");
    }

    #[test]
    fn a_server_without_new_accounts_says_so() {
        let text = Ready::read(r#"{"url":"http://127.0.0.1:1"}"#).unwrap().written();
        assert!(text.contains("沿用已有数据"));
    }

    #[test]
    fn other_lines_are_not_the_ready_line() {
        assert!(Ready::read("listening").is_none());
        assert!(Ready::read(r#"{"level":"info"}"#).is_none());
    }
}
