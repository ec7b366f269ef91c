//! What one person sees of a world, by the rules as they are told.

use super::world::{Customer, FollowUp, Opportunity, World};

/// What one person sees of a world, by the rules as they are told.
pub struct Sight<'w> {
    pub customers: Vec<&'w Customer>,
    pub opportunities: Vec<&'w Opportunity>,
    pub follow_ups: Vec<&'w FollowUp>,
}

#[derive(Clone)]
pub enum Reader {
    Own(i64),
    /// Who it is, and the teams in reach: the own one and all below it.
    Teams(i64, Vec<i64>),
    All,
}

pub fn sight<'w>(world: &'w World, reader: &Reader, today_share: i64, region: Option<i64>) -> Sight<'w> {
    let belongs = |owner: Option<i64>, team: Option<i64>| match reader {
        Reader::Own(me) => owner == Some(*me),
        Reader::Teams(me, own) => owner == Some(*me) || team.is_some_and(|team| own.contains(&team)),
        Reader::All => true,
    };
    let me = match reader {
        Reader::Own(me) | Reader::Teams(me, _) => *me,
        Reader::All => today_share,
    };
    let sees_customer = |one: &Customer| belongs(one.owner, one.team) || one.shared_with == Some(me);
    let sees = |one: &Opportunity| belongs(Some(one.owner), Some(one.team)) || world.customers[one.customer].shared_with == Some(me);
    let meets = |one: &Customer| region.is_none() || one.region == region;
    Sight {
        customers: world.customers.iter().filter(|one| !one.deleted && sees_customer(one) && meets(one)).collect(),
        opportunities: world
            .opportunities
            .iter()
            .filter(|one| !one.deleted && sees(one) && meets(&world.customers[one.customer]))
            .collect(),
        follow_ups: world
            .follow_ups
            .iter()
            .filter(|one| match one.opportunity {
                None => !world.customers[one.customer].deleted && sees_customer(&world.customers[one.customer]),
                Some(place) => !world.opportunities[place].deleted && sees(&world.opportunities[place]),
            })
            .filter(|one| meets(&world.customers[one.customer]))
            .collect(),
    }
}
