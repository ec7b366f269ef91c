//! 商机跟进记录表: an opportunity with its plans, records and stage log on A4, to be printed or filed (I33).

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, Worksheet};
use serde_json::{Value, json};

use crate::error::{Error, Result};
use crate::exchange::cell::{moment, neutralised};
use crate::exchange::labels;
use crate::exchange::write::header_format;
use crate::follow_ups::{self, FollowUp, FollowUpFilter, Plan, PlanFilter};
use crate::opportunities::{self, Opportunity, model::StageLogRow};
use crate::platform::draft::Choice;
use crate::platform::types::{BusinessZone, Lang};
use crate::platform::work::Work;
use crate::settings::{self, Kind as Dictionary};

/// Columns of the sheet.
const WIDTH: u16 = 6;
/// A4.
const PAPER: u8 = 9;

/// What the sheet tells.
pub struct RecordSheet {
    opportunity: Opportunity,
    plans: Vec<Plan>,
    records: Vec<FollowUp>,
    stages: Vec<StageLogRow>,
    names: Value,
    zone: BusinessZone,
    lang: Lang,
}

/// Gathers an opportunity with everything on its sheet, within the reader's scope.
pub fn gather(work: &mut Work, wanted: &Choice) -> Result<RecordSheet> {
    let opportunity = opportunities::get(work, wanted)?;
    let mut names = json!({});
    for entry in settings::entries(work, Dictionary::FollowUpMethod)? {
        names[entry.key] = json!(entry.name);
    }
    for stage in settings::stages(work)? {
        names[stage.key] = json!(stage.name);
    }
    let (mut plans, mut records) = (Vec::new(), Vec::new());
    let mut cursor: Option<String> = None;
    loop {
        let mut filter: PlanFilter = page_of(opportunity.id, cursor.as_deref())?;
        let turn = filter.turn()?;
        let page = follow_ups::plans::page(work, filter, &turn)?;
        plans.extend(page.items);
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    loop {
        let mut filter: FollowUpFilter = page_of(opportunity.id, cursor.as_deref())?;
        let turn = filter.turn()?;
        let page = follow_ups::records::page(work, filter, &turn)?;
        records.extend(page.items);
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    let mut stages = opportunities::stage_log(work, opportunity.id)?;
    stages.reverse();
    Ok(RecordSheet { opportunity, plans, records, stages, names, zone: work.zone().clone(), lang: work.actor.lang })
}

fn page_of<T: serde::de::DeserializeOwned>(id: i64, cursor: Option<&str>) -> Result<T> {
    let mut query = json!({ "opportunity_id": [id.to_string()], "limit": ["100"] });
    if let Some(cursor) = cursor {
        query["cursor"] = json!([cursor]);
    }
    serde_json::from_value(query).map_err(|error| Error::internal(error.to_string()))
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

    /// The file's name.
    pub fn file_name(&self) -> String {
        format!("{}-{}.xlsx", self.say("商机跟进记录表", "Record sheet"), self.opportunity.number)
    }

    /// The workbook's bytes.
    pub fn write(&self) -> Result<Vec<u8>> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        sheet.set_name(self.say("商机跟进记录表", "Record sheet"))?;
        sheet.set_paper_size(PAPER).set_portrait().set_print_fit_to_pages(1, 0).set_margins(0.5, 0.5, 0.6, 0.6, 0.3, 0.3);
        sheet.set_footer("&C&P / &N");
        for (column, width) in [18.0, 16.0, 14.0, 34.0, 30.0, 14.0].into_iter().enumerate() {
            sheet.set_column_width(column as u16, width)?;
        }
        let title = Format::new().set_bold().set_font_size(16).set_align(FormatAlign::Center);
        sheet.merge_range(0, 0, 0, WIDTH - 1, self.say("商机跟进记录表", "Opportunity record sheet"), &title)?;
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
        pen.table(
            self.say("阶段变更", "Stage log"),
            &[
                self.say("时间", "At"),
                self.say("操作人", "By"),
                self.say("原阶段", "From"),
                self.say("新阶段", "To"),
                self.say("上一阶段停留（天）", "Days before"),
                self.say("原因", "Cause"),
            ],
            self.stages.iter().map(|one| {
                let from = one.from.as_deref().map_or_else(String::new, |key| self.name(key));
                let days = one.seconds_in_previous.map_or_else(String::new, |seconds| (seconds / 86_400).to_string());
                vec![time(one.at), one.by_name.clone().unwrap_or_default(), from, self.name(&one.to), days, one.cause.clone()]
            }),
        )?;
        Ok(book.save_to_buffer()?)
    }

    fn facts(&self, pen: &mut Pen) -> Result<()> {
        let one = &self.opportunity;
        let day = |day: Option<crate::platform::types::Day>| day.map_or_else(String::new, |day| day.to_string());
        let pairs = [
            (self.say("商机编号", "Number"), one.number.clone()),
            (self.say("商机名称", "Name"), one.name.clone()),
            (self.say("客户名称", "Customer"), one.customer_name.clone()),
            (self.say("客户编号", "Customer number"), one.customer_number.clone()),
            (self.say("预计成交金额", "Expected amount"), one.expected_amount.grouped()),
            (self.say("预计成交日期", "Expected close"), day(one.expected_close_date)),
            (self.say("当前阶段", "Stage"), self.name(&one.stage)),
            (self.say("负责人", "Owner"), one.owner_name.clone().unwrap_or_default()),
        ];
        for two in pairs.chunks(2) {
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
