//! What the figures mean (I30), in both languages.

use super::model::Definition;
use crate::platform::work::Work;

type Both = (&'static str, &'static str);

fn definition(work: &Work, formula: Both, date_field: Both, owner_basis: Both, includes: Both) -> Definition {
    Definition {
        formula: work.said(formula),
        date_field: work.said(date_field),
        owner_basis: work.said(owner_basis),
        includes: work.said(includes),
    }
}

/// What a look back takes as it is now.
pub fn of_the_past(work: &Work, now: Definition) -> Definition {
    let since = work.said((
        "截至所选时刻的数据：记录、金额、归属、共享、标签、跟进、任务与目标按当时；团队与人员、您的角色、阶段设置、字典与节假日按现在。",
        "Figures of the chosen moment: records, amounts, owners, shares, tags, follow-ups, tasks and targets as they stood; teams and people, your role, stages, dictionaries and holidays are those of now.",
    ));
    Definition { includes: format!("{} {since}", now.includes), ..now }
}

pub fn pipeline(work: &Work) -> Definition {
    definition(
        work,
        (
            "进行中各阶段按当前所处阶段统计数量与预计金额；加权金额 = Σ 预计金额 × 阶段赢率；成交为期内成交的商机与成交金额，输单为期内输单的商机与预计金额。",
            "Open stages count what stands there now with its expected amount; weighted = Σ expected amount × chance of the stage; won and lost are those of the period.",
        ),
        ("进行中：当前；成交：成交日期；输单：输单时间", "Open: now; won: deal date; lost: when it was lost"),
        ("当前负责人；成交归成交时负责人", "The owner now; deals belong to the owner at closing"),
        (
            "只计您可见的商机；回收站不计；已离职人员名下的照计。",
            "Only what you can see; the recycle bin does not count; people who left do.",
        ),
    )
}

pub fn funnel(work: &Work) -> Definition {
    definition(
        work,
        (
            "进入 = 期内首次到达该阶段（或其后任一进行中、成交阶段）的商机；转化率 = 其中截至现在到达下一阶段的 ÷ 进入。跳过的阶段视为经过，回退不撤销。",
            "Entered = opportunities that first reached the stage, or a later open or won one, in the period; conversion = those of them that have reached the next stage ÷ entered. Skipped stages count as passed, moving back undoes nothing.",
        ),
        ("阶段日志的时间", "The time in the stage log"),
        ("当前负责人", "The owner now"),
        (
            "只计您可见的商机；回收站不计；没有进入的显示「—」。",
            "Only what you can see; the recycle bin does not count; without entrants 「—」.",
        ),
    )
}

pub fn conversion(work: &Work) -> Definition {
    definition(
        work,
        (
            "赢单率 = 赢单 ÷（赢单 + 输单）；金额赢单率 = 赢单成交金额 ÷（赢单成交金额 + 输单预计金额）；客户转化率 = 期内新增客户中现为成交客户的 ÷ 期内新增客户。进行中的不计。",
            "Win rate = won ÷ (won + lost); by amount = won amount ÷ (won amount + expected amount of the lost); customer conversion = customers entered in the period that are won now ÷ customers entered in the period. Open ones do not count.",
        ),
        ("赢单：成交日期；输单：输单时间；客户：创建日期", "Won: deal date; lost: when it was lost; customers: day of entry"),
        ("赢单归成交时负责人；其余归当前负责人", "Won: the owner at closing; else the owner now"),
        ("只计您可见的记录；公海计入；回收站不计。", "Only what you can see; the public pool counts; the recycle bin does not."),
    )
}

pub fn achievement(work: &Work) -> Definition {
    definition(
        work,
        (
            "达成率 = 期内成交金额 ÷ 目标；差额 = 目标 − 成交金额，最低为 0；时间进度 = 已过天数（含今天）÷ 总天数。团队含其下级团队的成交。非整月的期间按自然日分摊当月目标。无目标显示「—」。",
            "Achieved = won amount ÷ target; gap = target − won, at least 0; time elapsed = days gone (today included) ÷ all days. A team counts what the teams below it won. A part of a month takes its share of the target by calendar days. Without a target 「—」.",
        ),
        ("成交日期", "Deal date"),
        ("成交时负责人；之后的转移不改变归属", "The owner at closing; later transfers move nothing"),
        (
            "只计您可见的商机；回收站不计；按区域、行业、来源、标签筛选时没有目标。",
            "Only what you can see; the recycle bin does not count; filtered by region, industry, source or tag there is no target.",
        ),
    )
}

pub fn activity(work: &Work) -> Definition {
    definition(
        work,
        (
            "活跃 = 近 30 天（含今天）有跟进；沉默 = 近 90 天有、近 30 天没有；休眠 = 更早或从未跟进。活跃指数（0–100）= 近 90 天：跟进每次 10 分（最多 5 次）+ 阶段推进每次 15 分（最多 2 次）+ 有成交 20 分，取客户平均。",
            "Active = followed up within the last 30 days, today included; silent = within 90 but not 30; dormant = longer ago or never. Index 0–100 over 90 days: 10 per follow-up (5 at most) + 15 per step ahead (2 at most) + 20 for a deal; the mean of the customers.",
        ),
        ("跟进时间；不随所选期间变化", "The time of contact; the chosen period does not matter"),
        ("客户当前负责人", "The owner of the customer now"),
        ("只计您可见的客户；公海计入；回收站不计。", "Only what you can see; the public pool counts; the recycle bin does not."),
    )
}

pub fn workload(work: &Work) -> Definition {
    definition(
        work,
        (
            "跟进记录数；触达客户 = 期内至少有一次跟进的客户（去重）。热力图按业务时区的星期与小时。",
            "The number of follow-ups; customers reached = customers with at least one in the period. The heat map is by weekday and hour in the business time zone.",
        ),
        ("跟进时间", "The time of contact"),
        ("跟进人；团队为跟进人所属团队（多个取最早建立的）", "Who wrote it; the team he or she belongs to, the first of several"),
        ("只计您可见的记录；回收站中客户与商机的不计。", "Only what you can see; what hangs on deleted records does not count."),
    )
}

pub fn sources(work: &Work) -> Definition {
    definition(
        work,
        (
            "按主来源统计期内新增客户、新增商机、赢单；平均周期 = Σ（成交时间 − 创建时间）÷ 赢单数。",
            "By main source: customers and opportunities entered, deals won; average cycle = Σ (won − entered) ÷ won.",
        ),
        ("客户、商机：创建日期；赢单：成交日期", "Customers, opportunities: day of entry; won: deal date"),
        ("当前负责人；赢单归成交时负责人", "The owner now; won: the owner at closing"),
        ("只计您可见的记录；公海计入；回收站不计。", "Only what you can see; the public pool counts; the recycle bin does not."),
    )
}

pub fn stay(work: &Work) -> Definition {
    definition(
        work,
        (
            "停留 = 期内离开该阶段的停留时长，加上仍停留者截至现在的时长（表中标明个数）；成交周期 = 期内成交商机从创建到成交。按自然时间计，或只计工作日（按节假日与调休表，每个工作日计 24 小时）。中位数与 P90（最近秩）。超时限 = 停留严格超过阶段时限（自然时间），按超出时长排序。",
            "Stays that ended in the period and, counted to now, those that last (the table says how many); entry to deal = of deals of the period, from entry to won. In calendar time, or on working days alone (by the table of holidays, 24 hours each). Median and P90 (nearest rank). Over the limit = strictly longer than the limit of the stage in calendar time, most excessive first.",
        ),
        ("离开阶段的时间；停留中：当前；成交周期：成交日期", "When the stage was left; still there: now; entry to deal: deal date"),
        ("当前负责人", "The owner now"),
        ("只计您可见的商机；回收站不计。", "Only what you can see; the recycle bin does not count."),
    )
}

pub fn losses(work: &Work) -> Definition {
    definition(
        work,
        (
            "期内输单的商机与预计金额，按输单原因、竞争对手、输单前阶段（阶段日志中转入输单的上一阶段）或负责人等统计；占比 = 该行 ÷ 全部输单。",
            "Opportunities lost in the period with their expected amount, by reason, by competitor, by the stage they left (stage log), by owner and more; share = the row ÷ all lost.",
        ),
        ("输单时间（进入输单阶段的时间）", "When it was lost (moved to the lost stage)"),
        ("当前负责人", "The owner now"),
        ("只计您可见的商机；重新打开的不计；回收站不计。", "Only what you can see; reopened ones do not count, nor does the recycle bin."),
    )
}

pub fn forecast(work: &Work) -> Definition {
    definition(
        work,
        (
            "进行中商机按预计成交月份统计。类别：承诺、最佳、储备，默认由阶段赢率决定（≥ 70 % 承诺，≥ 40 % 最佳，其余储备），可在商机上改动。加权金额 = Σ 各阶段预计金额 × 阶段赢率。已成交为该月成交金额。",
            "Open opportunities by the month they are expected to close. Classes: commit, best case, pipeline; by the chance of the stage (70 % and more commit, 40 % and more best case, else pipeline) unless changed on the opportunity. Weighted = Σ expected amount of a stage × its chance. Won = won in that month.",
        ),
        ("预计成交日期；已成交：成交日期", "The expected day; won: deal date"),
        ("当前负责人；成交归成交时负责人", "The owner now; deals belong to the owner at closing"),
        (
            "只计您可见的商机；没有预计成交日期的不计；回收站不计。",
            "Only what you can see; without an expected day it does not count, nor does the recycle bin.",
        ),
    )
}

pub fn review(work: &Work) -> Definition {
    definition(
        work,
        (
            "每周一 00:05 留存全部进行中商机的预测（按团队、负责人、月份、类别）；与同月实际成交对比：偏差 = 实际成交 − 加权预测，实际/加权 = 实际成交 ÷ 加权预测。按整月统计。",
            "Every Monday at 00:05 the forecast of all open opportunities is kept by team, owner, month and class; beside it what was won in these months: off by = won − weighted. Whole months.",
        ),
        ("预测：留存当时的预计成交月份；实际：成交日期", "Forecast: the expected month as it stood then; won: deal date"),
        ("预测归留存当时的负责人与团队；成交归成交时负责人", "Forecast: owner and team of that day; won: the owner at closing"),
        (
            "预测计您权限内负责人与团队的商机，不含共享；按区域、行业、来源、标签筛选时没有留存的预测，显示「—」。",
            "Forecast: those of the owners and teams within your reach, without shared ones; filtered by region, industry, source or tag there is no kept forecast: 「—」.",
        ),
    )
}

pub fn trend(work: &Work) -> Definition {
    definition(
        work,
        (
            "近六个月每月末（本月为今天）的活跃指数：按该日往前 90 天的跟进、阶段推进、成交计分，权重与活跃度报表相同，取当时已创建客户的平均。",
            "The index at the end of each of the last six months (today for this one): points of the 90 days before, weighted as in the activity report, the mean of the customers entered by then.",
        ),
        ("跟进时间、阶段日志时间、成交日期", "The time of contact, of the stage log, the deal date"),
        ("客户当前负责人", "The owner of the customer now"),
        ("只计您可见的客户；公海计入；回收站不计。", "Only what you can see; the public pool counts; the recycle bin does not."),
    )
}
