//! The columns of spreadsheets: their names, what they may bring in, and which header means which.

use serde::Serialize;
use utoipa::ToSchema;

use crate::platform::types::{Lang, name};
use crate::words;

words! {
    /// What is exported.
    pub enum Kind {
        /// 客户
        Customers = "customers",
        /// 商机
        Opportunities = "opportunities",
        /// 跟进记录
        FollowUps = "follow_ups",
        /// 任务
        Tasks = "tasks",
        /// 完整导出
        Company = "company",
    }
}

impl Kind {
    /// Its name on files and screens.
    pub fn title(self, lang: Lang) -> &'static str {
        let (zh, en) = match self {
            Kind::Customers => ("客户", "Customers"),
            Kind::Opportunities => ("商机", "Opportunities"),
            Kind::FollowUps => ("跟进记录", "Follow-up records"),
            Kind::Tasks => ("任务", "Tasks"),
            Kind::Company => ("完整导出", "Whole company"),
        };
        if lang == Lang::Zh { zh } else { en }
    }

    /// The right to see such records.
    pub fn right_to_view(self) -> &'static str {
        match self {
            Kind::Customers => "view_customers",
            Kind::Opportunities => "view_opportunities",
            Kind::FollowUps => "view_follow_ups",
            Kind::Tasks => "view_tasks",
            Kind::Company => "archive_company",
        }
    }

    /// The right to enter such records.
    pub fn right_to_edit(self) -> &'static str {
        match self {
            Kind::Customers => "edit_customers",
            Kind::Opportunities => "edit_opportunities",
            Kind::FollowUps => "edit_follow_ups",
            Kind::Tasks => "edit_tasks",
            Kind::Company => "archive_company",
        }
    }

    /// True for what can be imported.
    pub fn is_imported(self) -> bool {
        matches!(self, Kind::Customers | Kind::Opportunities)
    }

    /// Its columns, in their usual order.
    pub fn columns(self) -> &'static [Column] {
        match self {
            Kind::Customers => CUSTOMERS,
            Kind::Opportunities => OPPORTUNITIES,
            Kind::FollowUps => FOLLOW_UPS,
            Kind::Tasks => TASKS,
            Kind::Company => &[],
        }
    }

    /// The column of this key.
    pub fn column(self, key: &str) -> Option<&'static Column> {
        self.columns().iter().find(|column| column.key == key)
    }

    /// The column a header means: by its name in either language, its key, or another usual word for it.
    pub fn recognise(self, header: &str) -> Option<&'static Column> {
        let wanted = bare(header);
        let named = |word: &str| bare(word) == wanted;
        self.columns()
            .iter()
            .find(|column| named(column.zh) || named(column.en) || named(column.key))
            .or_else(|| self.columns().iter().find(|column| column.aliases.iter().any(|alias| named(alias))))
    }

    /// The column a header of the template or of an export stands for, and no guess.
    pub fn of_template(self, header: &str) -> Option<&'static Column> {
        let wanted = bare(header);
        self.columns().iter().find(|column| bare(column.zh) == wanted || bare(column.en) == wanted)
    }
}

/// A header as it is compared: without marks of required columns, blanks, case and width.
fn bare(header: &str) -> String {
    let plain = header.replace("（必填）", "").replace("(必填)", "").replace("(required)", "").replace(['*', '＊', '_', ' '], "");
    name::fold(&plain)
}

/// The column in which refused rows come back with what is wrong; ignored on the way in.
pub fn is_reason(header: &str) -> bool {
    [REASON.0, REASON.1].iter().any(|name| bare(name) == bare(header))
}

/// Its name in both languages.
pub const REASON: (&str, &str) = ("错误原因", "What is wrong");

/// What a column may bring in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Anybody who may import.
    In,
    /// Only for takeovers (`carry_history`), and only on new records.
    Carried,
    /// Nothing: it is computed, and ignored on the way in.
    Out,
}

/// A column.
#[derive(Debug)]
pub struct Column {
    /// Its name for programs.
    pub key: &'static str,
    /// Its header in Chinese.
    pub zh: &'static str,
    /// Its header in English.
    pub en: &'static str,
    /// Whether a new record needs it.
    pub required: bool,
    /// What it may bring in.
    pub way: Way,
    aliases: &'static [&'static str],
}

impl Column {
    /// Its header.
    pub fn title(&self, lang: Lang) -> &'static str {
        if lang == Lang::Zh { self.zh } else { self.en }
    }

    /// True for amounts, which are numbers in a workbook.
    pub fn is_amount(&self) -> bool {
        self.key.ends_with("_amount")
    }

    /// What the API tells about it.
    pub fn told(&self, lang: Lang) -> ToldColumn {
        ToldColumn {
            key: self.key.to_owned(),
            title: self.title(lang).to_owned(),
            required: self.required,
            importable: self.way != Way::Out,
        }
    }
}

/// A column a spreadsheet can have.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ToldColumn {
    /// Its name for programs.
    pub key: String,
    /// Its header in the reader's language.
    pub title: String,
    /// Whether a new record needs it.
    pub required: bool,
    /// Whether an import reads it.
    pub importable: bool,
}

const fn column(
    key: &'static str,
    zh: &'static str,
    en: &'static str,
    required: bool,
    way: Way,
    aliases: &'static [&'static str],
) -> Column {
    Column { key, zh, en, required, way, aliases }
}

const CUSTOMERS: &[Column] = &[
    column("number", "客户编号", "Customer number", false, Way::In, &["编号"]),
    column("name", "客户名称", "Customer name", true, Way::In, &["客户", "公司", "公司名称", "企业名称", "单位名称", "名称", "company"]),
    column("contact_name", "联系人姓名", "Contact", true, Way::In, &["联系人", "主联系人", "姓名", "contact name"]),
    column("phone", "联系电话", "Phone", true, Way::In, &["电话", "手机", "手机号", "手机号码", "联系方式", "mobile"]),
    column("email", "邮箱", "E-mail", false, Way::In, &["电子邮箱", "电子邮件", "邮件", "email"]),
    column("industry", "所属行业", "Industry", true, Way::In, &["行业"]),
    column("tags", "标签", "Tags", false, Way::In, &["客户标签"]),
    column("region", "区域", "Region", false, Way::In, &["大区", "地区"]),
    column("source_channels", "来源渠道", "Sources", true, Way::In, &["来源", "客户来源", "渠道", "source"]),
    column("source_detail", "来源详情", "Source detail", false, Way::In, &["来源说明"]),
    column("credit_code", "统一社会信用代码", "Credit code", false, Way::In, &["信用代码", "税号"]),
    column("address", "地址", "Address", false, Way::In, &["公司地址", "联系地址", "详细地址"]),
    column("requirement", "客户需求", "Requirement", false, Way::In, &["需求", "需求描述"]),
    column("remark", "备注", "Remark", false, Way::In, &["说明", "note", "notes"]),
    column("status", "客户状态", "Status", false, Way::In, &["状态"]),
    column("follow_up_status", "跟进状态", "Follow-up status", false, Way::In, &[]),
    column("phone_check", "号码验证", "Phone check", false, Way::In, &[]),
    column("marketing_consent", "同意接收营销资料", "Marketing consent", false, Way::In, &["营销同意"]),
    column("referrer", "推荐客户编号", "Referred by (number)", false, Way::In, &["推荐人", "转介绍客户"]),
    column("owner", "负责人", "Owner", false, Way::In, &["销售", "业务员", "客户经理", "归属人"]),
    column("owner_number", "负责人工号", "Owner's employee number", false, Way::In, &["工号"]),
    column("team", "所属团队", "Team", false, Way::In, &["团队", "部门"]),
    column("deal_date", "成交日期", "Deal date", false, Way::In, &["签约日期"]),
    column("contract_amount", "合同金额", "Contract amount", false, Way::In, &["成交金额"]),
    column("won_opportunity", "成交商机编号", "Won opportunity", false, Way::Carried, &[]),
    column("total_won_amount", "累计成交金额", "Total won", false, Way::Out, &[]),
    column("last_followed_up_at", "最近跟进时间", "Last contact", false, Way::Carried, &[]),
    column("created_at", "创建时间", "Created at", false, Way::Carried, &["录入时间", "创建日期"]),
    column("created_by", "创建人", "Created by", false, Way::Out, &[]),
    column("updated_at", "更新时间", "Updated at", false, Way::Out, &[]),
];

const OPPORTUNITIES: &[Column] = &[
    column("number", "商机编号", "Opportunity number", false, Way::In, &["编号"]),
    column("name", "商机名称", "Opportunity name", true, Way::In, &["商机", "项目名称", "名称", "project"]),
    column("customer_number", "客户编号", "Customer number", false, Way::In, &[]),
    column("customer_name", "客户名称", "Customer name", false, Way::In, &["客户", "关联客户", "公司名称", "customer"]),
    column("expected_amount", "预计成交金额", "Expected amount", true, Way::In, &["预计金额", "金额", "amount"]),
    column("expected_close_date", "预计成交日期", "Expected close", false, Way::In, &["预计成交日", "预计日期", "close date"]),
    column("stage", "商机阶段", "Stage", false, Way::In, &["阶段"]),
    column("won_amount", "成交金额", "Won amount", false, Way::In, &["合同金额"]),
    column("won_date", "成交日期", "Won on", false, Way::In, &["签约日期"]),
    column("lost_reason", "输单原因", "Lost because", false, Way::In, &["丢单原因"]),
    column("competitor", "竞争对手", "Competitor", false, Way::In, &["竞品", "对手"]),
    column("source", "来源", "Source", false, Way::Out, &[]),
    column("owner", "负责人", "Owner", false, Way::In, &["销售", "业务员"]),
    column("owner_number", "负责人工号", "Owner's employee number", false, Way::In, &["工号"]),
    column("team", "所属团队", "Team", false, Way::In, &["团队", "部门"]),
    column("remark", "备注", "Remark", false, Way::In, &["说明"]),
    column("entered_stage_at", "进入阶段时间", "At this stage since", false, Way::Carried, &[]),
    column("created_at", "创建时间", "Created at", false, Way::Carried, &["创建日期"]),
    column("updated_at", "更新时间", "Updated at", false, Way::Out, &[]),
];

const FOLLOW_UPS: &[Column] = &[
    column("contacted_at", "联系时间", "Contacted at", false, Way::Out, &[]),
    column("customer_name", "客户名称", "Customer name", false, Way::Out, &[]),
    column("opportunity_name", "商机名称", "Opportunity name", false, Way::Out, &[]),
    column("author", "跟进人", "By", false, Way::Out, &[]),
    column("method", "跟进方式", "Method", false, Way::Out, &[]),
    column("result", "跟进结果", "Result", false, Way::Out, &[]),
    column("next_action", "下一步行动", "Next action", false, Way::Out, &[]),
    column("next_action_due", "下一步日期", "Next action due", false, Way::Out, &[]),
    column("late_entry", "补录", "Entered late", false, Way::Out, &[]),
    column("created_at", "创建时间", "Created at", false, Way::Out, &[]),
];

const TASKS: &[Column] = &[
    column("kind", "任务类型", "Kind", true, Way::Out, &[]),
    column("content", "任务内容", "Content", true, Way::Out, &[]),
    column("customer_number", "客户编号", "Customer number", false, Way::Out, &[]),
    column("customer_name", "客户名称", "Customer name", false, Way::Out, &[]),
    column("opportunity_number", "商机编号", "Opportunity number", false, Way::Out, &[]),
    column("opportunity_name", "商机名称", "Opportunity name", false, Way::Out, &[]),
    column("assignee", "执行人", "Assignee", false, Way::Out, &[]),
    column("assigner", "分配人", "Assigner", false, Way::Out, &[]),
    column("due_date", "截止日期", "Due date", true, Way::Out, &[]),
    column("status", "任务状态", "Status", false, Way::Out, &[]),
    column("feedback", "完成情况", "Feedback", false, Way::Out, &[]),
    column("completed_at", "完成时间", "Completed at", false, Way::Out, &[]),
    column("created_at", "创建时间", "Created at", false, Way::Out, &[]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_recognised_however_they_are_marked() {
        let key = |header: &str| Kind::Customers.recognise(header).map(|column| column.key);
        assert_eq!(key("*客户名称"), Some("name"));
        assert_eq!(key("客户名称（必填）"), Some("name"));
        assert_eq!(key("公司名称"), Some("name"));
        assert_eq!(key("E-MAIL"), Some("email"));
        assert_eq!(key("手 机"), Some("phone"));
        assert_eq!(key("星座"), None);
        assert_eq!(Kind::Customers.of_template("公司名称").map(|column| column.key), None);
        assert!(is_reason("错误原因") && !is_reason("原因"));
    }

    #[test]
    fn no_header_of_a_kind_means_two_columns() {
        for kind in Kind::ALL {
            for column in kind.columns() {
                assert_eq!(kind.recognise(column.zh).map(|found| found.key), Some(column.key));
                assert_eq!(kind.recognise(column.en).map(|found| found.key), Some(column.key));
            }
        }
    }
}
