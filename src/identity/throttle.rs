//! Guessing of passwords is slowed per account and device, and per address; the counters are in the database, so every process
//! and every restart knows them (I51).

use crate::error::{Error, Result};
use crate::platform::db::sql;
use crate::platform::work::Work;

const WINDOW_MS: i64 = 15 * 60_000;
const ACCOUNT_LIMIT: i64 = 5;
const ADDRESS_LIMIT: i64 = 30;
const ADDRESS_WINDOW_MS: i64 = 5 * 60_000;

/// The two buckets that one attempt counts in.
#[derive(Debug, Clone)]
pub struct Buckets {
    account: String,
    address: String,
}

impl Buckets {
    /// For a submitted number (known or not). A device that has logged in to this account before has a bucket of its own, so
    /// nobody can lock its owner out from elsewhere.
    pub fn new(employee_key: &str, known_device: Option<&str>, address: &str) -> Buckets {
        let account = match known_device {
            Some(device) => format!("device:{device}"),
            None => format!("account:{}", employee_key.chars().take(100).collect::<String>()),
        };
        Buckets { account, address: format!("address:{address}") }
    }
}

/// Refuses while either bucket is closed.
pub fn check(work: &mut Work, buckets: &Buckets) -> Result<()> {
    let now = work.now();
    let until: Option<i64> = sql("select max(blocked_until) from login_failures where bucket in ($1, $2)")
        .bind(buckets.account.as_str())
        .bind(buckets.address.as_str())
        .one(work)?;
    let left = until.unwrap_or(0) - now.ms();
    if left > 0 { Err(Error::TooMany((left as u64).div_ceil(1000))) } else { Ok(()) }
}

/// Counts a failure.
pub fn failed(work: &mut Work, buckets: &Buckets) -> Result<()> {
    count(work, &buckets.account, ACCOUNT_LIMIT, WINDOW_MS)?;
    count(work, &buckets.address, ADDRESS_LIMIT, ADDRESS_WINDOW_MS)
}

fn count(work: &mut Work, bucket: &str, limit: i64, window_ms: i64) -> Result<()> {
    let now = work.now();
    let failures: i64 = sql("insert into login_failures (bucket, failures, since, blocked_until) values ($1, 1, $2, 0)
         on conflict (bucket) do update set
           failures = case when login_failures.since < $3 then 1 else login_failures.failures + 1 end,
           since = case when login_failures.since < $3 then $2 else login_failures.since end
         returning failures")
    .bind(bucket)
    .bind(now)
    .bind(now.plus_ms(-window_ms))
    .one(work)?;
    if failures >= limit {
        sql("update login_failures set blocked_until = $2, failures = 0 where bucket = $1")
            .bind(bucket)
            .bind(now.plus_ms(window_ms))
            .run(work)?;
    }
    Ok(())
}

/// Counts one more request at a door that takes `limit` of them before it closes for the length of the window; answers the seconds
/// to wait when it is closed already.
pub fn knock(work: &mut Work, bucket: &str, limit: i64, window_ms: i64) -> Result<Option<u64>> {
    let wait = closed(work, bucket)?;
    if wait.is_none() {
        count(work, bucket, limit, window_ms)?;
    }
    Ok(wait)
}

/// The seconds for which a door is closed.
pub fn closed(work: &mut Work, bucket: &str) -> Result<Option<u64>> {
    let now = work.now();
    let until: Option<i64> = sql("select blocked_until from login_failures where bucket = $1").bind(bucket).maybe(work)?;
    let left = until.unwrap_or(0) - now.ms();
    Ok((left > 0).then(|| (left as u64).div_ceil(1000)))
}

/// A success empties the account's bucket, not the address's.
pub fn succeeded(work: &mut Work, buckets: &Buckets) -> Result<()> {
    sql("delete from login_failures where bucket = $1").bind(buckets.account.as_str()).run(work)?;
    Ok(())
}

/// Forgets buckets that no longer matter.
pub fn forget_old(work: &mut Work) -> Result<()> {
    let before = work.now().plus_ms(-24 * 3_600_000);
    sql("delete from login_failures where since < $1 and blocked_until < $1").bind(before).run(work)?;
    Ok(())
}
