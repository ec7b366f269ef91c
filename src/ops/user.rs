//! Help for people who are locked out.

use super::{Refusal, Result};
use crate::identity::passwords::Passwords;
use crate::identity::users;
use crate::platform::clock::Clock;
use crate::platform::config::Config;
use crate::platform::db::{Db, Location, offline};
use crate::platform::work::{Actor, Work};

/// Gives the person a new one-time password, which is answered, and ends his or her sessions (S11).
pub async fn reset_password(config: &Config, employee_number: &str) -> Result<String> {
    let location = config.location()?;
    if let Location::Sqlite(path) = &location {
        if !path.is_file() {
            return Err(super::backup::no_database(path));
        }
        if offline::claim(path)?.is_none() {
            return Err(Refusal::new(
                "服务器正在运行：请由管理员在「设置 › 用户」中重置密码，或先停止服务器",
                "the server is running: let an administrator reset the password under Settings › Users, or stop the server first",
            ));
        }
    }
    let one_time = users::one_time_password()?;
    let hash = Passwords::strong()?.hash(one_time.clone()).await?;
    let (zone, number) = (config.zone()?, employee_number.to_owned());
    let found = Db::open(&location)?
        .write(
            move |tx| {
                let mut work = Work::new(tx, Actor::system("reset-password"), Clock::running().now(), zone.clone());
                let Some(id) = users::id_of(&mut work, &number)? else { return Ok(false) };
                users::reset_password(&mut work, id, &hash)?;
                Ok(true)
            },
            |_| (),
        )
        .await?;
    if !found {
        return Err(Refusal::new(
            format!("没有工号为 {employee_number} 的用户"),
            format!("nobody has the employee number {employee_number}"),
        ));
    }
    Ok(one_time)
}
