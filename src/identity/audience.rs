//! For whom somebody has made something: for oneself, for a team, for everybody. Groups, saved views and boards have it.

use super::store;
use crate::error::{Error, Fields, Result};
use crate::platform::db::{Predicate, Value};
use crate::platform::page::any_of;
use crate::platform::types::FieldCode;
use crate::platform::work::{Reach, Work};
use crate::words;

const NO_TEAM: FieldCode = FieldCode::Rule { code: "NO_TEAM", zh: "您不属于任何团队", en: "You belong to no team" };

words! {
    /// Who may use it besides its owner.
    pub enum Visibility {
        /// 仅自己
        Private = "private",
        /// 本团队: its members and those above them.
        Team = "team",
        /// 全公司
        Public = "public",
    }
}

/// The condition that holds for what the caller may use; the table has `owner_id`, `visibility` and `team_id`.
pub fn usable(work: &Work, alias: &str) -> Predicate {
    let own = Predicate::new(format!("{alias}.owner_id = $1"), vec![work.actor.user_id.into()]);
    let public = Predicate::new(format!("{alias}.visibility = 'public'"), Vec::new());
    let team = Predicate::new(format!("{alias}.visibility = 'team'"), Vec::new());
    let mut teams = work.actor.team_ids.clone();
    if let Reach::Teams(below) = &work.actor.reach {
        teams.extend(below);
    }
    teams.sort_unstable();
    teams.dedup();
    let of_team = match work.actor.reach {
        Reach::All => team,
        _ => Predicate::all([team, any_of(&format!("{alias}.team_id"), teams.into_iter().map(Value::Int).collect())]),
    };
    Predicate::any([own, public, of_team])
}

/// True when the caller may change it: the owner, and for what others use, too, whoever keeps the settings (an owner may have left).
pub fn may_change(work: &Work, owner_id: i64, visibility: Visibility) -> bool {
    owner_id == work.actor.user_id || (visibility != Visibility::Private && work.actor.may("manage_settings"))
}

/// Whoever may use it and not change it is refused.
pub fn require_change(work: &Work, owner_id: i64, visibility: Visibility) -> Result<()> {
    if may_change(work, owner_id, visibility) { Ok(()) } else { Err(Error::Forbidden) }
}

/// The team that may use it: the one its maker works in, or one that is `named`, of one's own or within reach.
pub fn team_for(work: &mut Work, visibility: Visibility, named: Option<i64>, fields: &mut Fields) -> Result<Option<i64>> {
    if visibility != Visibility::Team {
        return Ok(None);
    }
    let Some(team) = named.or(work.actor.team_id) else {
        fields.add("visibility", NO_TEAM);
        return Ok(None);
    };
    let own = work.actor.team_ids.contains(&team) || work.actor.team_id == Some(team);
    let within = own
        || match &work.actor.reach {
            Reach::All => store::all_teams_exist(work, &[team])?,
            Reach::Teams(below) => below.contains(&team),
            Reach::Own => false,
        };
    if !within {
        fields.add("team_id", FieldCode::Unknown);
    }
    Ok(Some(team))
}
