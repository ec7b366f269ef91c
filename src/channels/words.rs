//! What a message looks like to each receiver.

use serde_json::{Value, json};

use super::model::ChannelKind;
use super::outbox::Letter;

/// 企业微信 takes 4,096 bytes of Markdown, 飞书 and 钉钉 20,000; the shortest rules.
const BYTES: usize = 3_800;

fn link(base_url: Option<&str>, path: &str) -> Option<String> {
    base_url.map(|base| format!("{}{path}", base.trim_end_matches('/')))
}

/// The text of an e-mail: nobody counts its bytes.
pub fn mail(letter: &Letter, base_url: Option<&str>) -> String {
    match link(base_url, &letter.link) {
        Some(url) => format!("{}\n{url}", letter.body),
        None => letter.body.clone(),
    }
}

/// Title and text of what was taken together: the message itself, or a digest.
pub fn together(letters: &[Letter], base_url: Option<&str>) -> (String, String) {
    if let [letter] = letters {
        let mut text = letter.body.clone();
        if let Some(url) = link(base_url, &letter.link) {
            text.push_str(&format!("\n{url}"));
        }
        return (letter.title.clone(), cut(&text, BYTES));
    }
    let mut text = String::new();
    let mut told = 0;
    for letter in letters {
        let line = format!("· {}：{}\n", letter.title, letter.body.replace('\n', " "));
        if text.len() + line.len() > BYTES - 200 {
            break;
        }
        text.push_str(&line);
        told += 1;
    }
    if told < letters.len() {
        text.push_str(&format!("… {}\n", letters.len() - told));
    }
    if let Some(url) = link(base_url, "/notifications") {
        text.push_str(&url);
    }
    (format!("成单提醒（{}）", letters.len()), text.trim_end().to_owned())
}

fn cut(text: &str, bytes: usize) -> String {
    let mut end = text.len().min(bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].to_owned()
}

/// What somebody typed must not become mark-up, or call everybody in the group.
fn plain(text: &str) -> String {
    text.chars()
        .flat_map(|letter| {
            if matches!(letter, '*' | '_' | '[' | ']' | '`' | '<' | '>' | '#' | '@' | '\\') {
                vec![fullwidth(letter)]
            } else {
                vec![letter]
            }
        })
        .collect()
}

fn fullwidth(letter: char) -> char {
    char::from_u32(letter as u32 + 0xfee0).unwrap_or('·')
}

/// The body a bot wants.
pub fn bot(kind: ChannelKind, title: &str, text: &str) -> Value {
    match kind {
        ChannelKind::WeCom => json!({ "msgtype": "markdown", "markdown": { "content": format!("**{}**\n{}", plain(title), plain(text)) } }),
        ChannelKind::DingTalk => {
            let lines = plain(text).replace('\n', "\n\n");
            json!({ "msgtype": "markdown", "markdown": { "title": plain(title), "text": format!("#### {}\n\n{lines}", plain(title)) } })
        }
        _ => json!({
            "msg_type": "post",
            "content": { "post": { "zh_cn": { "title": title, "content": [[{ "tag": "text", "text": text }]] } } },
        }),
    }
}

/// The body of a webhook: ids, no words, because nobody knows who reads it there.
pub fn webhook(letter: &Letter) -> Value {
    json!({
        "id": letter.message_id,
        "type": letter.kind,
        "created_at": letter.created_at,
        "recipient_id": letter.user_id,
        "link": letter.link,
    })
}

/// What an answer of a bot means: the reason of its refusal, if it is one. HTTP 200 is not yet success.
pub fn refusal(kind: ChannelKind, status: u16, body: &[u8]) -> Option<String> {
    if !(200..300).contains(&status) {
        return Some(format!("HTTP {status}"));
    }
    if !kind.is_bot() {
        return None;
    }
    let answer: Value = match serde_json::from_slice(body) {
        Ok(answer) => answer,
        Err(_) => return Some("unreadable answer".into()),
    };
    let code = ["errcode", "code", "StatusCode"].iter().find_map(|name| answer[name].as_i64());
    match code {
        Some(0) => None,
        Some(code) => {
            let text = ["errmsg", "msg", "StatusMessage"].iter().find_map(|name| answer[name].as_str()).unwrap_or_default();
            Some(format!("{code} {}", text.chars().take(120).collect::<String>()))
        }
        None => Some("unreadable answer".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::types::Instant;

    fn letter(title: &str, body: &str) -> Letter {
        Letter {
            id: 1,
            message_id: "m".into(),
            reminder_id: 1,
            kind: "plan_reminder".into(),
            user_id: 7,
            address: String::new(),
            title: title.into(),
            body: body.into(),
            link: "/customers/1".into(),
            batch: String::new(),
            attempts: 0,
            created_at: Instant::from_ms(0),
        }
    }

    #[test]
    fn several_become_a_digest_that_fits() {
        let one = letter("跟进提醒：华为", "14:00 电话");
        assert_eq!(
            together(std::slice::from_ref(&one), Some("https://crm.example.com/")),
            ("跟进提醒：华为".into(), "14:00 电话\nhttps://crm.example.com/customers/1".into())
        );
        let long = letter("题", &"长".repeat(400));
        let (title, text) = together(&vec![long; 20], None);
        assert_eq!(title, "成单提醒（20）");
        assert!(text.len() <= BYTES && text.ends_with("… 18"), "{}", text.len());
    }

    #[test]
    fn what_people_type_is_no_markup() {
        let body = bot(ChannelKind::WeCom, "客户[x](http://a)", "@all **b** <font>");
        let content = body["markdown"]["content"].as_str().unwrap();
        assert!(!content.contains("[x]") && !content.contains("@all") && !content.contains("<font"), "{content}");
    }

    #[test]
    fn a_200_can_still_be_a_refusal() {
        assert_eq!(refusal(ChannelKind::WeCom, 200, br#"{"errcode":0,"errmsg":"ok"}"#), None);
        assert_eq!(
            refusal(ChannelKind::DingTalk, 200, br#"{"errcode":310000,"errmsg":"sign not match"}"#).unwrap(),
            "310000 sign not match"
        );
        assert_eq!(refusal(ChannelKind::Feishu, 200, br#"{"code":0,"msg":"success"}"#), None);
        assert_eq!(refusal(ChannelKind::Feishu, 200, br#"{"code":19021,"msg":"sign match fail"}"#).unwrap(), "19021 sign match fail");
        assert_eq!(refusal(ChannelKind::Feishu, 200, b"<html>").unwrap(), "unreadable answer");
        assert_eq!(refusal(ChannelKind::Webhook, 204, b""), None);
        assert_eq!(refusal(ChannelKind::Webhook, 302, b"").unwrap(), "HTTP 302");
    }
}
