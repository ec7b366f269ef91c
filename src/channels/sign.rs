//! Signatures, each by its receiver's rule.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::error::{Error, Result};

fn hmac_sha256(key: &[u8], message: &[u8]) -> Result<Vec<u8>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).map_err(|error| Error::internal(error.to_string()))?;
    mac.update(message);
    Ok(mac.finalize().into_bytes().to_vec())
}

/// 钉钉: base64 of HMAC-SHA256 over `timestamp\nsecret`, the secret as key; the timestamp in ms.
pub fn dingtalk(secret: &str, timestamp_ms: i64) -> Result<String> {
    hmac_sha256(secret.as_bytes(), format!("{timestamp_ms}\n{secret}").as_bytes()).map(|mac| STANDARD.encode(mac))
}

/// 飞书: base64 of HMAC-SHA256 over nothing, `timestamp\nsecret` as key; the timestamp in s.
pub fn feishu(secret: &str, timestamp_s: i64) -> Result<String> {
    hmac_sha256(format!("{timestamp_s}\n{secret}").as_bytes(), b"").map(|mac| STANDARD.encode(mac))
}

/// Webhooks: `v1=` and hex of HMAC-SHA256 over `id.timestamp.body`; the timestamp in s.
pub fn webhook(secret: &str, id: &str, timestamp_s: i64, body: &str) -> Result<String> {
    let mac = hmac_sha256(secret.as_bytes(), format!("{id}.{timestamp_s}.{body}").as_bytes())?;
    Ok(format!("v1={}", mac.iter().map(|byte| format!("{byte:02x}")).collect::<String>()))
}

#[cfg(test)]
mod tests {
    use super::*;

    // printf '%s\n%s' 1711000000123 SECabc123 | openssl dgst -sha256 -hmac SECabc123 -binary | base64
    #[test]
    fn dingtalk_as_openssl_says() {
        assert_eq!(dingtalk("SECabc123", 1_711_000_000_123).unwrap(), "sArWrufRq0rnzSYqQyuyU1B3cxynXcP2/YaP+YI1ybw=");
    }

    // printf '' | openssl dgst -sha256 -hmac "$(printf '%s\n%s' 1711000000 feishu-secret)" -binary | base64
    #[test]
    fn feishu_as_openssl_says() {
        assert_eq!(feishu("feishu-secret", 1_711_000_000).unwrap(), "HwpWpACuLp7HH7SPapqHvuUjlHAkWXm2Y2/UjtnbL20=");
    }

    // printf '%s' 'msg1.1711000000.{"a":1}' | openssl dgst -sha256 -hmac whsec -hex
    #[test]
    fn webhook_as_openssl_says() {
        assert_eq!(
            webhook("whsec", "msg1", 1_711_000_000, r#"{"a":1}"#).unwrap(),
            "v1=d3998e2570408607759e03e206282917aadee7c78a83638883ead4c78e9cc850"
        );
    }
}
