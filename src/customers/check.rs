//! Judging a customer's facts: one place for the form, programs, imports and batches (S14–S22).

use super::brief;
use super::model::{CustomerDraft, Facts, FollowUpStatus, PhoneCheck, Status};
use crate::assignment::NOT_WITH_PERSON;
use crate::error::{Error, Fields, Result};
use crate::identity::model::Named;
use crate::identity::scope::Right;
use crate::platform::draft::{Choice, Given};
use crate::platform::types::{CreditCode, Email, FieldCode, Phone, name};
use crate::platform::work::Work;
use crate::settings::{self, Entry, Kind};

/// Tags of one customer, at most (S20).
pub const MOST_TAGS: usize = 20;
const MOST_SOURCES: usize = 20;

/// `won` is reached through `/win`, which asks for date and amount (S28).
const USE_WIN: FieldCode = FieldCode::Rule {
    code: "USE_WIN",
    zh: "成交请使用「成交」操作并填写成交日期与合同金额",
    en: "Use the win operation, which asks for deal date and amount",
};

/// The draft's facts on top of those there are; names every field that is wrong.
pub fn check(work: &mut Work, draft: CustomerDraft, before: Option<&Facts>) -> Result<Facts> {
    let mut fields = Fields::default();
    let mut judge = Judge { work, fields: &mut fields, before };

    let name = judge.required("name", draft.name.and_then(|text| name::text(&text, 100)), |facts| facts.name.clone());
    let contact_name =
        judge.required("contact_name", draft.contact_name.and_then(|text| name::text(&text, 50)), |facts| facts.contact_name.clone());
    let phone = judge.required("phone", draft.phone.and_then(phone), |facts| facts.phone.clone());
    let email = judge.optional("email", draft.email.and_then(email), |facts| facts.email.clone());
    let marketing_consent = judge.optional("marketing_consent", draft.marketing_consent, |facts| facts.marketing_consent);
    let source_detail =
        judge.optional("source_detail", draft.source_detail.and_then(|text| name::text(&text, 200)), |facts| facts.source_detail.clone());
    let address = judge.optional("address", draft.address.and_then(|text| name::text(&text, 200)), |facts| facts.address.clone());
    let remark = judge.optional("remark", draft.remark.and_then(|text| name::paragraph(&text, 2_000)), |facts| facts.remark.clone());
    let requirement =
        judge.optional("requirement", draft.requirement.and_then(|text| name::paragraph(&text, 2_000)), |facts| facts.requirement.clone());
    let credit_code = judge.nullable("credit_code", draft.credit_code.and_then(credit_code), |facts| facts.credit_code.clone());
    let industry = judge.industry(draft.industry)?;
    let region = judge.region(draft.region)?;
    let sources = judge.sources(draft.source_channels)?;
    let tags = judge.tags(draft.tags)?;
    let referrer_id = judge.referrer(draft.referrer)?;
    for (field, given) in [("deal_date", draft.deal_date.is_given()), ("contract_amount", draft.contract_amount.is_given())] {
        if given {
            judge.fields.add(field, USE_WIN);
        }
    }
    let status = judge.status(draft.status, before.is_some() && draft.reopen_opportunity.is_given());
    let follow_up_status =
        judge.only_on_edit("follow_up_status", draft.follow_up_status, FollowUpStatus::NotStarted, |facts| facts.follow_up_status);
    let phone_check = judge.only_on_edit("phone_check", draft.phone_check, PhoneCheck::Unverified, |facts| facts.phone_check);

    if before.is_some() && draft.assign.is_given() {
        fields.add("assign", FieldCode::NotAllowed);
    }
    if before.is_none()
        && draft.assign.clone().optional("assign", &mut fields).is_some()
        && (draft.owner_id.is_given() || draft.team_id.is_given())
    {
        fields.add("assign", NOT_WITH_PERSON);
    }
    if before.is_some() && draft.contact_title.is_given() {
        fields.add("contact_title", FieldCode::NotAllowed);
    }
    if before.is_none() && draft.requirement_follow_up_id.is_given() {
        fields.add("requirement_follow_up_id", FieldCode::NotAllowed);
    }
    if let Given::Bad(code) = draft.requirement_follow_up_id {
        fields.add("requirement_follow_up_id", code);
    }
    if let (Some(sources), Some(detail)) = (&sources, &source_detail)
        && detail.is_empty()
        && sources.iter().any(|source| source.detail_required)
    {
        fields.add("source_detail", FieldCode::Required);
    }
    match (name, contact_name, phone, email, industry, sources, tags, region, referrer_id, credit_code, status) {
        (
            Some(name),
            Some(contact_name),
            Some(phone),
            Some(email),
            Some(industry),
            Some(sources),
            Some(tags),
            Some(region),
            Some(referrer_id),
            Some(credit_code),
            Some(status),
        ) if fields.is_empty() => {
            let same_phone = before.is_some_and(|before| before.phone == phone);
            Ok(Facts {
                name,
                contact_name,
                email,
                marketing_consent: marketing_consent.unwrap_or(false),
                industry,
                tags,
                region,
                sources: sources.into_iter().map(|source| Named { id: source.id, name: source.name }).collect(),
                source_detail: source_detail.unwrap_or_default(),
                referrer_id,
                credit_code,
                address: address.unwrap_or_default(),
                remark: remark.unwrap_or_default(),
                requirement: requirement.unwrap_or_default(),
                status,
                follow_up_status: follow_up_status.unwrap_or(FollowUpStatus::NotStarted),
                // Another number has not been verified by anybody yet.
                phone_check: phone_check.filter(|_| same_phone || before.is_none()).unwrap_or(PhoneCheck::Unverified),
                phone,
            })
        }
        _ => Err(Error::Invalid(fields)),
    }
}

struct Judge<'j, 'w, 'tx> {
    work: &'j mut Work<'w, 'tx>,
    fields: &'j mut Fields,
    before: Option<&'j Facts>,
}

impl Judge<'_, '_, '_> {
    /// A field that is never empty: what is given, else what there is.
    fn required<T>(&mut self, field: &str, given: Given<T>, old: impl Fn(&Facts) -> T) -> Option<T> {
        match self.before {
            Some(before) if !given.is_given() => Some(old(before)),
            _ => given.required(field, self.fields),
        }
    }

    /// A field whose empty form is the type's default.
    fn optional<T: Default>(&mut self, field: &str, given: Given<T>, old: impl Fn(&Facts) -> T) -> Option<T> {
        match (self.before, &given) {
            (Some(before), Given::Absent) => Some(old(before)),
            (_, Given::Bad(code)) => {
                self.fields.add(field, code.clone());
                None
            }
            _ => Some(given.optional(field, self.fields).unwrap_or_default()),
        }
    }

    /// A field that can be missing.
    fn nullable<T>(&mut self, field: &str, given: Given<T>, old: impl Fn(&Facts) -> Option<T>) -> Option<Option<T>> {
        match (self.before, &given) {
            (Some(before), Given::Absent) => Some(old(before)),
            (_, Given::Bad(code)) => {
                self.fields.add(field, code.clone());
                None
            }
            _ => Some(given.optional(field, self.fields)),
        }
    }

    fn only_on_edit<T>(&mut self, field: &str, given: Given<T>, first: T, old: impl Fn(&Facts) -> T) -> Option<T> {
        match self.before {
            Some(_) => self.required(field, given, old),
            None => {
                if given.is_given() {
                    self.fields.add(field, FieldCode::NotAllowed);
                }
                Some(first)
            }
        }
    }

    fn chosen(&mut self, field: &str, kind: Kind, wanted: &Choice, already: &[i64]) -> Result<Option<Entry>> {
        let outcome = settings::choose(self.work, kind, wanted, already)?;
        Ok(self.fields.keep(field, outcome))
    }

    fn industry(&mut self, given: Given<Choice>) -> Result<Option<Named>> {
        let old = self.before.map(|before| before.industry.clone());
        if let (Some(old), false) = (&old, given.is_given()) {
            return Ok(Some(old.clone()));
        }
        let Some(wanted) = given.required("industry", self.fields) else { return Ok(None) };
        let already: Vec<i64> = old.iter().map(|old| old.id).collect();
        Ok(self.chosen("industry", Kind::Industry, &wanted, &already)?.map(|entry| Named { id: entry.id, name: entry.name }))
    }

    /// The outer `None` says that something was wrong.
    fn region(&mut self, given: Given<Choice>) -> Result<Option<Option<Named>>> {
        let old = self.before.and_then(|before| before.region.clone());
        match given {
            Given::Absent => Ok(Some(old)),
            Given::Null => Ok(Some(None)),
            given => {
                let Some(wanted) = given.required("region", self.fields) else { return Ok(None) };
                let already: Vec<i64> = old.iter().map(|old| old.id).collect();
                Ok(self.chosen("region", Kind::Region, &wanted, &already)?.map(|entry| Some(Named { id: entry.id, name: entry.name })))
            }
        }
    }

    fn sources(&mut self, given: Given<Vec<Choice>>) -> Result<Option<Vec<Entry>>> {
        let old: Vec<i64> = self.before.map(|before| before.sources.iter().map(|source| source.id).collect()).unwrap_or_default();
        let wanted = match given {
            Given::Absent if self.before.is_some() => old.iter().copied().map(Choice::Id).collect(),
            given => match given.required("source_channels", self.fields) {
                Some(wanted) if wanted.is_empty() => {
                    self.fields.add("source_channels", FieldCode::Required);
                    return Ok(None);
                }
                Some(wanted) if wanted.len() > MOST_SOURCES => {
                    self.fields.add("source_channels", FieldCode::TooMany { max: MOST_SOURCES });
                    return Ok(None);
                }
                Some(wanted) => wanted,
                None => return Ok(None),
            },
        };
        let mut sources: Vec<Entry> = Vec::new();
        for choice in &wanted {
            match self.chosen("source_channels", Kind::SourceChannel, choice, &old)? {
                Some(entry) if sources.iter().all(|known| known.id != entry.id) => sources.push(entry),
                Some(_) => {}
                None => return Ok(None),
            }
        }
        Ok(Some(sources))
    }

    fn tags(&mut self, given: Given<Vec<Choice>>) -> Result<Option<Vec<Named>>> {
        let wanted = match given {
            Given::Absent => return Ok(Some(self.before.map(|before| before.tags.clone()).unwrap_or_default())),
            given => given.change("tags", self.fields).flatten(),
        };
        if wanted.is_none() && !self.fields.is_empty() {
            return Ok(Some(Vec::new()));
        }
        let wanted = wanted.unwrap_or_default();
        if wanted.len() > MOST_TAGS {
            self.fields.add("tags", FieldCode::TooMany { max: MOST_TAGS });
            return Ok(None);
        }
        let mut tags: Vec<Named> = Vec::new();
        for choice in &wanted {
            let outcome = settings::tag_for(self.work, choice)?;
            match self.fields.keep("tags", outcome) {
                Some(tag) if tags.iter().all(|known| known.id != tag.id) => tags.push(tag),
                Some(_) => {}
                None => return Ok(None),
            }
        }
        tags.sort_by_key(|tag| tag.id);
        Ok(Some(tags))
    }

    fn referrer(&mut self, given: Given<Choice>) -> Result<Option<Option<i64>>> {
        match given {
            Given::Absent => Ok(Some(self.before.and_then(|before| before.referrer_id))),
            Given::Null => Ok(Some(None)),
            given => {
                let Some(wanted) = given.required("referrer", self.fields) else { return Ok(None) };
                match brief::find(self.work, &wanted, Right::Read)? {
                    Some(customer) => Ok(Some(Some(customer.id))),
                    None => {
                        self.fields.add("referrer", FieldCode::Unknown);
                        Ok(None)
                    }
                }
            }
        }
    }

    fn status(&mut self, given: Given<Status>, reopen_said: bool) -> Option<Status> {
        let old = self.before.map(|before| before.status);
        let status = match given {
            Given::Absent => old.or(Some(Status::Potential)),
            given => given.required("status", self.fields),
        }?;
        if status == Status::Won && old != Some(Status::Won) {
            self.fields.add("status", USE_WIN);
            return None;
        }
        if old == Some(Status::Won) && status != Status::Won && !reopen_said {
            self.fields.add("reopen_opportunity", FieldCode::Required);
            return None;
        }
        Some(status)
    }
}

/// 职务 of a new customer's main contact, and what is wrong with it.
pub(super) fn contact_title(given: &Given<String>) -> (String, Fields) {
    let mut fields = Fields::default();
    let title = given.clone().and_then(|text| name::text(&text, 50)).optional("contact_title", &mut fields).unwrap_or_default();
    (title, fields)
}

pub(super) fn phone(text: String) -> Result<String, FieldCode> {
    Phone::parse(&text).map(|phone| phone.as_str().to_owned())
}

pub(super) fn email(text: String) -> Result<String, FieldCode> {
    Email::parse(&text).map(|email| email.as_str().to_owned())
}

fn credit_code(text: String) -> Result<String, FieldCode> {
    CreditCode::parse(&text).map(|code| code.as_str().to_owned())
}
