//! Real companies with made-up people: what pinyin, folding and long lists meet in practice.

use std::collections::HashSet;
use std::path::Path;
use std::time::Instant;

use serde_json::{Value, json};

use crate::Result;
use crate::client::Client;

const REGIONS: [(&str, &[&str]); 7] = [
    ("华东", &["上海", "江苏", "浙江", "安徽", "福建", "江西", "山东"]),
    ("华北", &["北京", "天津", "河北", "山西", "内蒙"]),
    ("华南", &["广东", "深圳", "广西", "海南"]),
    ("华中", &["河南", "湖北", "湖南"]),
    ("西南", &["重庆", "四川", "贵州", "云南", "西藏"]),
    ("西北", &["陕西", "甘肃", "青海", "宁夏", "新疆"]),
    ("东北", &["辽宁", "吉林", "黑龙江"]),
];

/// Enters the companies of a CSV file (name, industry, province; with a heading).
pub fn import(file: &Path, url: &str, employee_number: &str, password: &str) -> Result<()> {
    let text = std::fs::read_to_string(file)?;
    let rows: Vec<Vec<&str>> =
        text.trim_start_matches('\u{feff}').lines().skip(1).map(|line| line.split(',').map(str::trim).collect()).collect();
    let mut client = sign_in(url, employee_number, password)?;
    let industries = industries(&mut client, rows.iter().filter_map(|row| row.get(1).copied()))?;
    let begun = Instant::now();
    let (mut entered, mut there, mut refused) = (0, 0, Vec::new());
    for (index, row) in rows.iter().enumerate() {
        let [name, industry, province] = row[..] else {
            refused.push(format!("line {}: not three columns", index + 2));
            continue;
        };
        let industry = if industries.contains(industry) { industry } else { "其他" };
        let answer = enter(&mut client, &company(index, name, industry, province))?;
        match answer {
            Entered::New => entered += 1,
            Entered::There => there += 1,
            Entered::Refused(reason) => refused.push(format!("line {}: {name}: {reason}", index + 2)),
        }
        if (index + 1) % 100 == 0 || index + 1 == rows.len() {
            eprint!("\r{} of {}  ", index + 1, rows.len());
        }
    }
    eprintln!();
    let seconds = begun.elapsed().as_secs_f64();
    println!(
        "{entered} entered, {there} there already, {} refused, {:.1} s ({:.0} a second)",
        refused.len(),
        seconds,
        entered as f64 / seconds
    );
    refused.iter().take(20).for_each(|line| println!("{line}"));
    Ok(())
}

enum Entered {
    New,
    There,
    Refused(String),
}

fn enter(client: &mut Client, company: &Value) -> Result<Entered> {
    let key = format!("company-{}", company["phone"].as_str().unwrap_or_default());
    loop {
        let answer = client.create("/customers", &key, company)?;
        if answer.status == 201 {
            return Ok(Entered::New);
        }
        let problem = answer.json()?;
        match (answer.status, problem["code"].as_str().unwrap_or_default()) {
            // 50 requests a second are allowed; we wait for our turn like everybody.
            (429, _) => std::thread::sleep(std::time::Duration::from_secs(1)),
            (409, "DUPLICATE_NAME") => return Ok(Entered::There),
            _ => return Ok(Entered::Refused(problem.to_string())),
        }
    }
}

/// A company with a person nobody is: the number is valid in form, and 1990000 shows that it was made up.
fn company(index: usize, name: &str, industry: &str, province: &str) -> Value {
    const SURNAMES: [&str; 12] = ["测", "示", "样", "例", "试", "演", "仿", "拟", "虚", "构", "范", "本"];
    let region = REGIONS.iter().find(|(_, provinces)| provinces.contains(&province)).map(|(region, _)| *region);
    let mut company = json!({
        "name": name,
        "contact_name": format!("{}经理", SURNAMES[index % SURNAMES.len()]),
        "phone": format!("1990000{:04}", index % 10_000),
        "industry": industry,
        "source_channels": ["其他"],
        "address": province,
    });
    if let Some(region) = region {
        company["region"] = json!(region);
    }
    company
}

/// Logs in, in the first team that takes the person.
fn sign_in(url: &str, employee_number: &str, password: &str) -> Result<Client> {
    let mut client = Client::new(url)?;
    let teams = client.get("/login-teams")?.ok()?;
    for team in teams.as_array().into_iter().flatten() {
        let log_in = json!({ "employee_number": employee_number, "password": password, "team_id": team["id"] });
        let answer = client.post("/session", &log_in)?;
        match answer.status {
            200 => return Ok(client),
            403 => {}
            _ => return Err(format!("log-in: {}", String::from_utf8_lossy(&answer.body)).into()),
        }
    }
    Err("no team takes this person".into())
}

/// The industries there are; missing ones are made where the person may.
fn industries<'r>(client: &mut Client, wanted: impl Iterator<Item = &'r str>) -> Result<HashSet<String>> {
    let there = client.get("/dictionaries/industry")?.ok()?;
    let mut names: HashSet<String> =
        there.as_array().into_iter().flatten().filter_map(|entry| entry["name"].as_str()).map(str::to_owned).collect();
    for name in wanted {
        if names.contains(name) {
            continue;
        }
        loop {
            let answer = client.post("/dictionaries/industry", &json!({ "name": name }))?;
            match answer.status {
                201 => {
                    names.insert(name.to_owned());
                    break;
                }
                403 => return Ok(names),
                429 => std::thread::sleep(std::time::Duration::from_secs(1)),
                _ => return Err(format!("{name}: {}", String::from_utf8_lossy(&answer.body)).into()),
            }
        }
    }
    Ok(names)
}
