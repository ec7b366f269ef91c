//! Who works in the demonstration's company, and which companies it sells to.

use crate::identity::Role;

/// The password of everybody in the demonstration; printed at every start.
pub const PASSWORD: &str = "Lotus#River-58";

/// The company's name.
pub const COMPANY: &str = "启明软件";

/// A node of the tree of teams.
pub struct TeamPart {
    pub name: &'static str,
    /// The node above; the first one has none.
    pub above: Option<usize>,
    pub region: Option<&'static str>,
}

const fn team(name: &'static str, above: usize, region: &'static str) -> TeamPart {
    TeamPart { name, above: Some(above), region: Some(region) }
}

/// The tree: head office, three regions, six teams.
pub const TEAMS: [TeamPart; 10] = [
    TeamPart { name: "总部", above: None, region: None },
    team("华东大区", 0, "华东"),
    team("华南大区", 0, "华南"),
    team("北方大区", 0, "华北"),
    team("华东一部", 1, "华东"),
    team("华东二部", 1, "华东"),
    team("华南一部", 2, "华南"),
    team("华南二部", 2, "华南"),
    team("北方一部", 3, "华北"),
    team("北方二部", 3, "华北"),
];

/// Somebody who works there.
pub struct Part {
    pub number: &'static str,
    pub name: &'static str,
    pub role: Role,
    /// Positions in [`TEAMS`]; the first is the one mostly worked in.
    pub teams: &'static [usize],
}

const fn part(number: &'static str, name: &'static str, role: Role, teams: &'static [usize]) -> Part {
    Part { number, name, role, teams }
}

/// Everybody.
pub const PEOPLE: [Part; 24] = [
    part("admin", "周文静", Role::Administrator, &[0]),
    part("D001", "林致远", Role::SalesDirector, &[0]),
    part("F001", "沈玉兰", Role::FinanceReadonly, &[0]),
    part("M101", "陈建国", Role::SalesManager, &[4]),
    part("M201", "吴晓梅", Role::SalesManager, &[5]),
    part("M301", "黄志强", Role::SalesManager, &[6]),
    part("M401", "梁雪芬", Role::SalesManager, &[7]),
    part("M501", "赵立新", Role::SalesManager, &[8]),
    part("M601", "孙丽华", Role::SalesManager, &[9]),
    part("S101", "王思远", Role::Sales, &[4]),
    part("S102", "李佳怡", Role::Sales, &[4]),
    part("S103", "徐浩然", Role::Sales, &[4]),
    part("S201", "张雨桐", Role::Sales, &[5]),
    part("S202", "朱俊杰", Role::Sales, &[5]),
    part("S203", "何婉清", Role::Sales, &[5]),
    part("S301", "罗子轩", Role::Sales, &[6, 7]),
    part("S302", "谢欣妍", Role::Sales, &[6]),
    part("S303", "郑凯文", Role::Sales, &[6]),
    part("S401", "邓诗涵", Role::Sales, &[7]),
    part("S402", "冯天佑", Role::Sales, &[7]),
    part("S501", "高明轩", Role::Sales, &[8]),
    part("S502", "宋雅琪", Role::Sales, &[8]),
    part("S601", "曹宇航", Role::Sales, &[9]),
    part("S602", "唐可欣", Role::Sales, &[9]),
];

/// Director and finance stand at these positions of [`PEOPLE`].
pub const DIRECTOR: usize = 1;
pub const FINANCE: usize = 2;

/// A person in one of his or her teams: what everything in the demonstration is done as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hat {
    /// Position in [`PEOPLE`].
    pub person: usize,
    /// Position in [`TEAMS`].
    pub team: usize,
}

/// Everybody's hats: first everybody in the first team, in the order of [`PEOPLE`], then the second teams.
pub fn hats() -> Vec<Hat> {
    let worn = |rank: usize| {
        PEOPLE.iter().enumerate().filter_map(move |(person, part)| part.teams.get(rank).map(|team| Hat { person, team: *team }))
    };
    worn(0).chain(worn(1)).collect()
}

/// Who leads a team.
pub fn leader_of(team: usize) -> Option<usize> {
    PEOPLE.iter().position(|part| part.role == Role::SalesManager && part.teams.contains(&team))
}

/// A company of the public listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Company {
    pub name: &'static str,
    pub industry: &'static str,
    pub province: &'static str,
}

/// Names, industries and provinces of listed companies, as published by the exchanges.
pub fn companies() -> Vec<Company> {
    let line = |line: &'static str| {
        let mut cells = line.split(',');
        Some(Company { name: cells.next()?, industry: cells.next()?, province: cells.next()? })
    };
    include_str!("companies.csv").lines().skip(1).filter_map(line).collect()
}

/// The region (区域) a province belongs to.
pub fn region_of(province: &str) -> &'static str {
    match province {
        "上海" | "江苏" | "浙江" | "安徽" | "福建" | "江西" | "山东" => "华东",
        "北京" | "天津" | "河北" | "山西" | "内蒙" => "华北",
        "广东" | "深圳" | "广西" | "海南" => "华南",
        "河南" | "湖北" | "湖南" => "华中",
        "重庆" | "四川" | "贵州" | "云南" | "西藏" => "西南",
        "辽宁" | "吉林" | "黑龙江" => "东北",
        _ => "西北",
    }
}

/// The region of [`TEAMS`] whose people sell there.
pub fn sold_by(region: &str) -> usize {
    match region {
        "华东" => 1,
        "华南" | "华中" | "西南" => 2,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::identity::password_rule::{Owner, check};
    use crate::platform::types::name::fold;

    #[test]
    fn the_password_is_good_enough_for_everybody() {
        for part in &PEOPLE {
            assert_eq!(check(PASSWORD, Owner { employee_number: part.number, name: part.name }), Ok(()), "{}", part.number);
        }
    }

    #[test]
    fn every_team_has_its_people() {
        for (team, part) in TEAMS.iter().enumerate().skip(4) {
            assert!(leader_of(team).is_some());
            let sellers = PEOPLE.iter().filter(|part| part.role == Role::Sales && part.teams.contains(&team)).count();
            assert!((2..=3).contains(&sellers), "{}", part.name);
        }
        assert_eq!(hats().len(), PEOPLE.len() + 1);
    }

    #[test]
    fn no_company_stands_twice() {
        let names: HashSet<String> = companies().iter().map(|company| fold(company.name)).collect();
        assert_eq!(names.len(), 450);
    }
}
