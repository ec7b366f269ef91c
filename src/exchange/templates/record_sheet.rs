//! 商机跟进记录表, 客户跟进记录表: an opportunity or a customer with its plans, records and stage log on A4, to be printed or filed (I33).

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, Worksheet};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::customers::{self, Customer};
use crate::error::Result;
use crate::exchange::cell::{moment, neutralised};
use crate::exchange::labels;
use crate::exchange::write::header_format;
use crate::follow_ups::{self, FollowUp, FollowUpFilter, Plan, PlanFilter};
use crate::opportunities::{self, Opportunity, OpportunityFilter, model::StageLogRow};
use crate::platform::draft::Choice;
use crate::platform::http::query_of_json;
use crate::platform::page::Page;
use crate::platform::types::{BusinessZone, Day, Lang};
use crate::platform::work::Work;
use crate::settings::{self, Kind as Dictionary};

/// Columns of the sheet.
const WIDTH: u16 = 6;
/// A4.
const PAPER: u8 = 9;

/// Whose sheet it is.
enum Subject {
    Opportunity(Box<Opportunity>),
    Customer(Box<Customer>),
}

/// What the sheet tells.
pub struct RecordSheet {
    subject: Subject,
    plans: Vec<Plan>,
    records: Vec<FollowUp>,
    /// Each with the name of its opportunity.
    stages: Vec<(String, StageLogRow)>,
    names: Value,
    zone: BusinessZone,
    lang: Lang,
}

/// Gathers an opportunity with everything on its sheet, within the reader's scope.
pub fn of_opportunity(work: &mut Work, wanted: &Choice) -> Result<RecordSheet> {
    let opportunity = opportunities::get(work, wanted)?;
    let log = opportunities::stage_log(work, opportunity.id)?;
    let stages = log.into_iter().rev().map(|row| (opportunity.name.clone(), row)).collect();
    let about = json!({ "opportunity_id": opportunity.id });
    gather(work, Subject::Opportunity(Box::new(opportunity)), &about, stages)
}

/// Gathers a customer with everything on its sheet, within the reader's scope.
pub fn of_customer(work: &mut Work, wanted: &Choice) -> Result<RecordSheet> {
    let customer = customers::get(work, wanted)?;
    let about = json!({ "customer_id": customer.row.id });
    let mut stages = Vec::new();
    if work.actor.may("view_opportunities") {
        let deals = every(&about, |filter: OpportunityFilter| {
            let turn = filter.turn()?;
            opportunities::page(work, filter, &turn)
        })?;
        for deal in deals {
            stages.extend(opportunities::stage_log(work, deal.id)?.into_iter().map(|row| (deal.name.clone(), row)));
        }
        stages.sort_by_key(|(_, row)| (row.at, row.id));
    }
    gather(work, Subject::Customer(Box::new(customer)), &about, stages)
}

fn gather(work: &mut Work, subject: Subject, about: &Value, stages: Vec<(String, StageLogRow)>) -> Result<RecordSheet> {
    let mut names = json!({});
    for entry in settings::entries(work, Dictionary::FollowUpMethod)? {
        names[entry.key] = json!(entry.name);
    }
    for stage in settings::stages(work)? {
        names[stage.key] = json!(stage.name);
    }
    let (mut plans, mut records) = (Vec::new(), Vec::new());
    if work.actor.may("view_follow_ups") {
        plans = every(about, |mut filter: PlanFilter| {
            let turn = filter.turn()?;
            follow_ups::plans::page(work, filter, &turn)
        })?;
        records = every(about, |mut filter: FollowUpFilter| {
            let turn = filter.turn()?;
            follow_ups::records::page(work, filter, &turn)
        })?;
    }
    Ok(RecordSheet { subject, plans, records, stages, names, zone: work.zone().clone(), lang: work.actor.lang })
}

/// Every page of a list.
fn every<F: DeserializeOwned, T>(about: &Value, mut page: impl FnMut(F) -> Result<Page<T>>) -> Result<Vec<T>> {
    let mut all = Vec::new();
    let mut query = about.as_object().cloned().unwrap_or_default();
    query.insert("limit".into(), json!(100));
    loop {
        let turned = page(query_of_json(&query)?)?;
        all.extend(turned.items);
        let Some(next) = turned.next_cursor else { return Ok(all) };
        query.insert("cursor".into(), json!(next));
    }
}

struct Pen<'s> {
    sheet: &'s mut Worksheet,
    row: u32,
    cell: Format,
    head: Format,
}

impl Pen<'_> {
    fn line(&mut self, cells: &[String], head: bool) -> Result<()> {
        let format = if head { &self.head } else { &self.cell };
        for (at, text) in cells.iter().enumerate() {
            self.sheet.write_string_with_format(self.row, at as u16, neutralised(text), format)?;
        }
        self.row += 1;
        Ok(())
    }

    fn table(&mut self, title: &str, names: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Result<()> {
        let bold = Format::new().set_bold();
        self.row += 1;
        self.sheet.write_string_with_format(self.row, 0, title, &bold)?;
        self.row += 1;
        self.line(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>(), true)?;
        for row in rows {
            self.line(&row, false)?;
        }
        Ok(())
    }
}

impl RecordSheet {
    fn say(&self, zh: &'static str, en: &'static str) -> &'static str {
        if self.lang == Lang::Zh { zh } else { en }
    }

    fn name(&self, key: &str) -> String {
        self.names[key].as_str().unwrap_or(key).to_owned()
    }

    fn title(&self) -> &'static str {
        match &self.subject {
            Subject::Opportunity(_) => self.say("商机跟进记录表", "Opportunity record sheet"),
            Subject::Customer(_) => self.say("客户跟进记录表", "Customer record sheet"),
        }
    }

    fn number(&self) -> &str {
        match &self.subject {
            Subject::Opportunity(one) => &one.number,
            Subject::Customer(one) => &one.row.number,
        }
    }

    /// The file's name.
    pub fn file_name(&self) -> String {
        format!("{}-{}.xlsx", self.title(), self.number())
    }

    /// The workbook's bytes.
    pub fn write(&self) -> Result<Vec<u8>> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        sheet.set_name(self.title())?;
        sheet.set_paper_size(PAPER).set_portrait().set_print_fit_to_pages(1, 0).set_margins(0.5, 0.5, 0.6, 0.6, 0.3, 0.3);
        sheet.set_footer("&C&P / &N");
        for (column, width) in [18.0, 16.0, 14.0, 34.0, 30.0, 14.0].into_iter().enumerate() {
            sheet.set_column_width(column as u16, width)?;
        }
        let title = Format::new().set_bold().set_font_size(16).set_align(FormatAlign::Center);
        sheet.merge_range(0, 0, 0, WIDTH - 1, self.title(), &title)?;
        let cell = Format::new().set_border(FormatBorder::Thin).set_text_wrap().set_align(FormatAlign::Top);
        let mut pen = Pen { sheet, row: 2, cell, head: header_format() };
        self.facts(&mut pen)?;
        let time = |at| moment(at, &self.zone);
        pen.table(
            self.say("跟进计划", "Plans"),
            &[
                self.say("开始时间", "Start"),
                self.say("结束时间", "End"),
                self.say("方式", "Method"),
                self.say("内容", "Content"),
                self.say("负责人", "Owner"),
                self.say("状态", "Status"),
            ],
            self.plans.iter().map(|plan| {
                let status = labels::title(labels::PLAN_STATUS, plan.status.word(), self.lang);
                vec![
                    time(plan.starts_at),
                    time(plan.ends_at),
                    self.name(&plan.method),
                    plan.content.clone(),
                    plan.owner_name.clone(),
                    status,
                ]
            }),
        )?;
        pen.table(
            self.say("跟进记录", "Records"),
            &[
                self.say("联系时间", "Contacted at"),
                self.say("跟进人", "By"),
                self.say("方式", "Method"),
                self.say("跟进结果", "Result"),
                self.say("下一步行动", "Next action"),
                self.say("下一步日期", "Due"),
            ],
            self.records.iter().map(|one| {
                let due = one.next_action_due.map_or_else(String::new, |day| day.to_string());
                vec![
                    time(one.contacted_at),
                    one.author_name.clone(),
                    self.name(&one.method),
                    one.result.clone(),
                    one.next_action.clone(),
                    due,
                ]
            }),
        )?;
        // Of a customer each change belongs to one of several opportunities; of an opportunity the cause is told instead.
        let of_customer = matches!(self.subject, Subject::Customer(_));
        pen.table(
            self.say("阶段变更", "Stage log"),
            &[
                self.say("时间", "At"),
                self.say("操作人", "By"),
                self.say("原阶段", "From"),
                self.say("新阶段", "To"),
                self.say("上一阶段停留（天）", "Days before"),
                if of_customer { self.say("商机", "Opportunity") } else { self.say("原因", "Cause") },
            ],
            self.stages.iter().map(|(deal, one)| {
                let from = one.from.as_deref().map_or_else(String::new, |key| self.name(key));
                let days = one.seconds_in_previous.map_or_else(String::new, |seconds| (seconds / 86_400).to_string());
                let last = if of_customer { deal.clone() } else { one.cause.clone() };
                vec![time(one.at), one.by.clone().unwrap_or_default(), from, self.name(&one.to), days, last]
            }),
        )?;
        Ok(book.save_to_buffer()?)
    }

    fn pairs(&self) -> Vec<(&'static str, String)> {
        let day = |day: Option<Day>| day.map_or_else(String::new, |day| day.to_string());
        match &self.subject {
            Subject::Opportunity(one) => vec![
                (self.say("商机编号", "Number"), one.number.clone()),
                (self.say("商机名称", "Name"), one.name.clone()),
                (self.say("客户名称", "Customer"), one.customer_name.clone()),
                (self.say("客户编号", "Customer number"), one.customer_number.clone()),
                (self.say("预计成交金额", "Expected amount"), one.expected_amount.grouped()),
                (self.say("预计成交日期", "Expected close"), day(one.expected_close_date)),
                (self.say("当前阶段", "Stage"), self.name(&one.stage)),
                (self.say("负责人", "Owner"), one.owner_name.clone().unwrap_or_default()),
            ],
            Subject::Customer(one) => vec![
                (self.say("客户编号", "Number"), one.row.number.clone()),
                (self.say("客户名称", "Name"), one.row.name.clone()),
                (self.say("联系人姓名", "Contact"), one.row.contact_name.clone()),
                (self.say("联系电话", "Phone"), one.row.phone.clone()),
                (self.say("所属行业", "Industry"), one.row.industry.name.clone()),
                (self.say("客户状态", "Status"), labels::title(labels::STATUS, one.row.status.word(), self.lang)),
                (self.say("累计成交金额", "Won in all"), one.row.total_won_amount.grouped()),
                (self.say("负责人", "Owner"), one.row.owner_name.clone().unwrap_or_default()),
            ],
        }
    }

    fn facts(&self, pen: &mut Pen) -> Result<()> {
        for two in self.pairs().chunks(2) {
            let cells: Vec<String> = two.iter().flat_map(|(name, value)| [(*name).to_owned(), value.clone()]).collect();
            for (at, text) in cells.iter().enumerate() {
                // Name, value over one column; name, value over the rest.
                let (from, to) = [(0, 0), (1, 2), (3, 3), (4, WIDTH - 1)][at];
                let format = if at % 2 == 0 { &pen.head } else { &pen.cell };
                if from == to {
                    pen.sheet.write_string_with_format(pen.row, from, neutralised(text), format)?;
                } else {
                    pen.sheet.merge_range(pen.row, from, pen.row, to, &neutralised(text), format)?;
                }
            }
            pen.row += 1;
        }
        Ok(())
    }
}
