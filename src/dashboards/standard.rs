//! The boards the product brings along: what somebody who sells, leads or directs needs first (I29).

use super::model::{Board, KeptTile, Standard, StandardBoard, Tile, TileShape};
use super::question::{Question, Span};
use crate::error::Result;
use crate::identity::audience::Visibility;
use crate::platform::work::Work;

/// A tile before it has words: its names, report, span, slice, shape, column of a number, width.
struct Plan {
    name: (&'static str, &'static str),
    question: Question,
    shape: TileShape,
    column: Option<&'static str>,
    width: i64,
}

fn plan(name: (&'static str, &'static str), report: &str, period: Span, shape: TileShape) -> Plan {
    Plan { name, question: Question::of(report, period), shape, column: None, width: shape.usual_width() }
}

impl Plan {
    fn by(mut self, slice: &str) -> Plan {
        self.question.group_by = Some(slice.into());
        self
    }

    fn showing(mut self, column: &'static str) -> Plan {
        self.column = Some(column);
        self
    }

    fn wide(mut self, width: i64) -> Plan {
        self.width = width;
        self
    }
}

fn plans(which: Standard) -> Vec<Plan> {
    use Span::{ThisMonth, ThisQuarter, ThisYear, Usual};
    use TileShape::{Bar, Line, Number, Table};
    match which {
        Standard::Rep => vec![
            plan(("本月业绩达成", "Target this month"), "achievement", ThisMonth, Number).by("owner").showing("rate"),
            plan(("本季业绩达成", "Target this quarter"), "achievement", ThisQuarter, Number).by("owner").showing("rate"),
            plan(("本周任务", "Tasks this week"), "task-completion", Span::ThisWeek, Number).showing("due"),
            plan(("本月赢单率", "Win rate this month"), "conversion", ThisMonth, Number).showing("win_rate"),
            plan(("我的销售管道", "My pipeline"), "pipeline", ThisMonth, Bar),
            plan(("未来三个月预测", "The next three months"), "forecast", Usual, Bar),
            plan(("客户活跃度", "Customer activity"), "activity", ThisMonth, Table).wide(2),
            plan(("本月跟进", "Follow-ups this month"), "follow-up-workload", ThisMonth, Table).by("owner").wide(2),
        ],
        Standard::Manager => vec![
            plan(("团队本月达成", "Target this month"), "achievement", ThisMonth, Number).by("team").showing("rate"),
            plan(("进行中商机", "Open opportunities"), "pipeline", ThisMonth, Number).showing("opportunities"),
            plan(("本月赢单率", "Win rate this month"), "conversion", ThisMonth, Number).showing("win_rate"),
            plan(("本周任务", "Tasks this week"), "task-completion", Span::ThisWeek, Number).showing("overdue"),
            plan(("团队销售管道", "Team pipeline"), "pipeline", ThisMonth, Bar),
            plan(("销售瓶颈", "Bottlenecks"), "stage-duration", ThisMonth, Table).wide(2),
            plan(("个人业绩达成", "Achievement by person"), "achievement", ThisMonth, Table).by("owner"),
            plan(("跟进工作量", "Workload"), "follow-up-workload", ThisMonth, Bar).by("owner"),
            plan(("输单原因", "Why deals are lost"), "losses", ThisQuarter, Bar).by("lost_reason"),
        ],
        Standard::Boss => vec![
            plan(("公司本月达成", "Target this month"), "achievement", ThisMonth, Number).by("team").showing("rate"),
            plan(("公司本年达成", "Target this year"), "achievement", ThisYear, Number).by("team").showing("rate"),
            plan(("本季赢单率", "Win rate this quarter"), "conversion", ThisQuarter, Number).showing("win_rate"),
            plan(("进行中商机", "Open opportunities"), "pipeline", ThisMonth, Number).showing("opportunities"),
            plan(("团队业绩达成", "Achievement by team"), "achievement", ThisMonth, Table).by("team"),
            plan(("销售预测", "Forecast"), "forecast", Usual, Line),
            plan(("销售漏斗", "Funnel"), "funnel", ThisQuarter, Bar),
            plan(("来源分析", "Sources"), "sources", ThisQuarter, Bar),
            plan(("团队转化率", "Conversion by team"), "conversion", ThisQuarter, Table).by("team").wide(2),
        ],
    }
}

/// One of them by its name.
pub fn named(work: &Work, which: Standard) -> StandardBoard {
    let name = match which {
        Standard::Rep => ("我的销售", "My sales"),
        Standard::Manager => ("团队管理", "Team"),
        Standard::Boss => ("公司总览", "Company"),
    };
    StandardBoard { key: which, name: work.said(name) }
}

/// One of them, as of today.
pub fn board(work: &Work, which: Standard) -> Result<Board> {
    let tiles = plans(which).into_iter().map(|plan| {
        let Plan { name, question, shape, column, width } = plan;
        let kept = KeptTile { name: work.said(name), question, shape, column: column.map(str::to_owned), width };
        Tile::shown(work, &kept)
    });
    Ok(Board {
        id: None,
        standard: Some(which),
        name: named(work, which).name,
        tiles: tiles.collect(),
        visibility: Visibility::Public,
        team_id: None,
        team_name: None,
        owner_id: None,
        owner_name: None,
        can_edit: false,
        version: 0,
    })
}
