//! From a channel and its letters to the receiver's answer.

use url::Url;

use super::chosen::Enclosed;
use super::model::{ChannelKind, Kept};
use super::outbox::{Failure, Letter};
use super::{http, sign, smtp, words};
use crate::platform::secrets::SecretKey;
use crate::platform::types::Instant;

/// What is outside, as this installation sees it.
#[derive(Debug, Clone)]
pub struct Outside {
    /// Hosts of the company's own, from the configuration.
    pub intranet: Vec<String>,
    /// Where people find the product.
    pub base_url: Option<String>,
    /// What secrets are sealed with.
    pub secrets: SecretKey,
}

/// Sends what was taken together; files go along with an e-mail. `now` goes into signatures.
pub async fn deliver(outside: &Outside, channel: &Kept, letters: &[Letter], files: Vec<Enclosed>, now: Instant) -> Result<(), Failure> {
    let Some(first) = letters.first() else { return Ok(()) };
    let channel = &channel.opened(&outside.secrets).map_err(|error| Failure::passing(error.to_string()))?;
    let (title, text) = words::together(letters, outside.base_url.as_deref());
    match channel.kind {
        ChannelKind::InApp => Ok(()),
        ChannelKind::Email => {
            let server = channel.smtp().ok_or_else(|| Failure::passing("no mail server"))?;
            let text = words::mail(first, outside.base_url.as_deref());
            let letter = smtp::Letter { to: first.address.clone(), title, text, message_id: first.message_id.clone(), files };
            smtp::send(server, channel.secret.clone(), &outside.intranet, letter).await
        }
        ChannelKind::Webhook => {
            let body = words::webhook(first).to_string();
            let timestamp = now.ms() / 1_000;
            let signature =
                sign::webhook(&channel.secret, &first.message_id, timestamp, &body).map_err(|error| Failure::passing(error.to_string()))?;
            let headers = [
                ("x-chengdan-id", first.message_id.clone()),
                ("x-chengdan-timestamp", timestamp.to_string()),
                ("x-chengdan-signature", signature),
            ];
            call(outside, channel, &channel.url, &headers, body).await
        }
        ChannelKind::WeCom | ChannelKind::DingTalk | ChannelKind::Feishu => {
            let (url, body) =
                signed(channel, words::bot(channel.kind, &title, &text), now).map_err(|error| Failure::passing(error.to_string()))?;
            let headers = [("x-chengdan-id", first.message_id.clone()), ("x-chengdan-count", letters.len().to_string())];
            call(outside, channel, &url, &headers, body.to_string()).await
        }
    }
}

/// The address and body a bot wants, signed by its rule when a secret is kept.
fn signed(channel: &Kept, mut body: serde_json::Value, now: Instant) -> crate::error::Result<(String, serde_json::Value)> {
    let mut url = channel.url.clone();
    match channel.kind {
        ChannelKind::DingTalk if !channel.secret.is_empty() => {
            let sign = sign::dingtalk(&channel.secret, now.ms())?;
            let mut with = Url::parse(&url).map_err(|error| crate::error::Error::internal(error.to_string()))?;
            with.query_pairs_mut().append_pair("timestamp", &now.ms().to_string()).append_pair("sign", &sign);
            url = with.into();
        }
        ChannelKind::Feishu if !channel.secret.is_empty() => {
            let timestamp = now.ms() / 1_000;
            body["timestamp"] = timestamp.to_string().into();
            body["sign"] = sign::feishu(&channel.secret, timestamp)?.into();
        }
        _ => {}
    }
    Ok((url, body))
}

async fn call(outside: &Outside, channel: &Kept, url: &str, headers: &[(&str, String)], body: String) -> Result<(), Failure> {
    let url = Url::parse(url).map_err(|_| Failure::passing("not an address"))?;
    let answer = http::post(&url, &outside.intranet, headers, body).await.map_err(Failure::passing)?;
    match words::refusal(channel.kind, answer.status, &answer.body) {
        None => Ok(()),
        Some(reason) => Err(Failure::passing(reason)),
    }
}
