//! The columns of a spreadsheet of targets, in both languages.

use crate::platform::types::{Lang, name};
use crate::settings::model::TargetOwner;
use crate::settings::targets::month;

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Column {
    /// 层级: company, team or person.
    Level,
    /// 工号 of a person.
    Number,
    /// The name; of a team it says which.
    Name,
    /// A month's amounts.
    Month(String),
    /// The sum, for people to look at.
    Total,
}

const TITLES: [(Column, &str, &str); 4] = [
    (Column::Level, "层级", "Level"),
    (Column::Number, "工号", "Employee number"),
    (Column::Name, "名称", "Name"),
    (Column::Total, "合计", "Total"),
];

impl Column {
    /// Its heading.
    pub fn title(&self, lang: Lang) -> String {
        match TITLES.iter().find(|(column, _, _)| column == self) {
            Some((_, zh, en)) => if lang == Lang::Zh { zh } else { en }.to_string(),
            None => match self {
                Column::Month(period) => period.clone(),
                _ => String::new(),
            },
        }
    }

    /// What a heading means: 层级, `2024-03`, 2024年3月.
    pub fn read(heading: &str) -> Option<Column> {
        let folded = name::fold(heading);
        if let Some((column, _, _)) = TITLES.iter().find(|(_, zh, en)| folded == name::fold(zh) || folded == name::fold(en)) {
            return Some(column.clone());
        }
        let (year, rest) = heading.split_once(['-', '/', '年', '.'])?;
        let number: u8 = rest.trim_end_matches('月').trim().parse().ok()?;
        month(&format!("{}-{number:02}", year.trim())).ok().map(Column::Month)
    }
}

/// The word for a level.
pub fn level(owner: TargetOwner, lang: Lang) -> &'static str {
    match (owner, lang) {
        (TargetOwner::Company, Lang::Zh) => "公司",
        (TargetOwner::Company, Lang::En) => "Company",
        (TargetOwner::Team, Lang::Zh) => "团队",
        (TargetOwner::Team, Lang::En) => "Team",
        (TargetOwner::User, Lang::Zh) => "人员",
        (TargetOwner::User, Lang::En) => "Person",
    }
}

/// The level a word means.
pub fn read_level(word: &str) -> Option<TargetOwner> {
    let folded = name::fold(word);
    let all = [TargetOwner::Company, TargetOwner::Team, TargetOwner::User];
    all.into_iter().find(|owner| [Lang::Zh, Lang::En].iter().any(|lang| name::fold(level(*owner, *lang)) == folded))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_read_as_people_write_them() {
        for heading in ["2024-03", "2024/3", "2024年3月", "2024.03"] {
            assert_eq!(Column::read(heading), Some(Column::Month("2024-03".into())), "{heading}");
        }
        assert_eq!(Column::read("层级"), Some(Column::Level));
        assert_eq!(Column::read("employee number"), Some(Column::Number));
        assert_eq!(Column::read("2024-13"), None);
        assert_eq!(Column::read("备注"), None);
        assert_eq!(read_level("person"), Some(TargetOwner::User));
    }
}
