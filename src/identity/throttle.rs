//! Guessing of passwords is slowed per account and device, and per address; the counters are in the database, so every process
//! and every restart knows them (I51).

use crate::error::{Error, Result};
use crate::platform::db::sql;
use crate::platform::work::Work;

const WINDOW_MS: i64 = 15 * 60_000;
const ACCOUNT_LIMIT: i64 = 5;
const ADDRESS_LIMIT: i64 = 30;
const ADDRESS_WINDOW_MS: i64 = 5 * 60_000;

/// The buckets that one attempt counts in.
#[derive(Debug, Clone)]
pub struct Buckets {
    /// Of the account, or of a device that is known for it.
    own: String,
    is_device: bool,
    address: Option<String>,
}

impl Buckets {
    /// For a submitted number (known or not). A device that has logged in to this account before has a bucket of its own, and is judged
    /// by it alone: nobody can lock its owner out, neither from elsewhere nor from the same address.
    pub fn new(employee_key: &str, known_device: Option<&str>, address: &str) -> Buckets {
        let own = match known_device {
            Some(device) => format!("device:{device}"),
            None => Buckets::account(employee_key),
        };
        Buckets { own, is_device: known_device.is_some(), address: Some(format!("address:{address}")) }
    }

    /// For somebody who is logged in: what he tries closes nobody else's door.
    pub fn of_account(employee_key: &str) -> Buckets {
        Buckets { own: Buckets::account(employee_key), is_device: false, address: None }
    }

    fn account(employee_key: &str) -> String {
        format!("account:{}", employee_key.chars().take(100).collect::<String>())
    }
}

/// Refuses while a bucket that counts is closed.
pub fn check(work: &mut Work, buckets: &Buckets) -> Result<()> {
    let address = buckets.address.as_ref().filter(|_| !buckets.is_device);
    for bucket in [Some(&buckets.own), address].into_iter().flatten() {
        if let Some(seconds) = closed(work, bucket)? {
            return Err(Error::TooMany(seconds));
        }
    }
    Ok(())
}

/// Counts a failure.
pub fn failed(work: &mut Work, buckets: &Buckets) -> Result<()> {
    count(work, &buckets.own, ACCOUNT_LIMIT, WINDOW_MS)?;
    buckets.address.as_ref().map_or(Ok(()), |address| count(work, address, ADDRESS_LIMIT, ADDRESS_WINDOW_MS))
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

/// A success empties its own bucket, not the address's.
pub fn succeeded(work: &mut Work, buckets: &Buckets) -> Result<()> {
    sql("delete from login_failures where bucket = $1").bind(buckets.own.as_str()).run(work)?;
    Ok(())
}

/// Forgets buckets that no longer matter.
pub fn forget_old(work: &mut Work) -> Result<()> {
    let before = work.now().plus_ms(-24 * 3_600_000);
    sql("delete from login_failures where since < $1 and blocked_until < $1").bind(before).run(work)?;
    Ok(())
}
