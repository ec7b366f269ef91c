//! The people at a customer. They are the truth; the customer's own contact fields are a copy of the main one (S16).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::{Facts, PhoneCheck, shortened};
use super::{check, completeness, lock, store};
use crate::error::{Error, Fields, Refusal, Result, Warning};
use crate::history::{self, Change, Event, model::EventKind};
use crate::identity::scope::{self, Owned, Right};
use crate::platform::db::sql;
use crate::platform::draft::Given;
use crate::platform::http::Versioned;
use crate::platform::live::Push;
use crate::platform::types::{FieldCode, name};
use crate::platform::work::Work;
use crate::row;

/// Contacts a customer can have.
pub const MOST: i64 = 100;

row! {
    /// A person at a customer.
    #[derive(Debug, Clone, Serialize, ToSchema)]
    pub struct Contact {
        /// Id.
        pub id: i64 = "k.id",
        /// The customer.
        pub customer_id: i64 = "k.customer_id",
        /// Name.
        pub name: String = "k.name",
        /// Mobile number; full for those who may edit the customer, else shortened.
        pub phone: String = "k.phone",
        /// E-mail address, empty for none.
        pub email: String = "k.email",
        /// 职务, empty for none.
        pub title: String = "k.title",
        /// 主联系人; exactly one of a customer's contacts is.
        pub primary: bool = "k.is_primary",
        /// For `If-Match`.
        pub version: i64 = "k.version",
    }
}

impl Contact {
    /// The contact in one line of the change history, the phone shortened.
    fn line(&self) -> String {
        let main = if self.primary { "★" } else { "" };
        let phone = shortened(&self.phone);
        [main, self.name.as_str(), self.title.as_str(), phone.as_str(), self.email.as_str()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// A contact that was saved, with what looks doubtful about it (S17).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SavedContact {
    /// The contact.
    #[serde(flatten)]
    pub contact: Contact,
    /// `SAME_PHONE` with the customers that know the phone, too.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
}

impl Versioned for SavedContact {
    fn version(&self) -> i64 {
        self.contact.version
    }
}

impl SavedContact {
    fn looked_at(work: &mut Work, contact: Contact, phone_given: bool) -> Result<SavedContact> {
        let warnings = if phone_given {
            let twins = store::same_phone(work, &contact.phone, contact.customer_id)?;
            super::phone_warning(work, twins)
        } else {
            Vec::new()
        };
        Ok(SavedContact { contact, warnings })
    }
}

impl Versioned for Contact {
    fn version(&self) -> i64 {
        self.version
    }
}

/// A contact to be added or edited.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ContactDraft {
    /// Name, 1–50 characters. Required.
    pub name: Given<String>,
    /// Mobile number. Required.
    pub phone: Given<String>,
    /// E-mail address.
    pub email: Given<String>,
    /// 职务, ≤ 50 characters.
    pub title: Given<String>,
    /// Makes it the main contact.
    pub primary: Given<bool>,
}

/// The contacts of a visible customer, the main one first.
pub fn all(work: &mut Work, customer_id: i64) -> Result<Vec<Contact>> {
    let visible = scope::predicate(work, Owned::Contacts, Right::Read);
    let mut contacts: Vec<Contact> =
        sql("select {columns} from contacts k where k.customer_id = $1 and k.deleted_at is null and {visible} order by k.id limit 200")
            .bind(customer_id)
            .part("visible", &visible)
            .all(work)?;
    contacts.sort_by_key(|contact| (!contact.primary, contact.id));
    if scope::editable(work, Owned::Customers, &[customer_id])?.is_empty() {
        contacts.iter_mut().for_each(|contact| contact.phone = shortened(&contact.phone));
    }
    Ok(contacts)
}

fn find(work: &mut Work, id: i64) -> Result<Contact> {
    let visible = scope::predicate(work, Owned::Contacts, Right::Read);
    sql("select {columns} from contacts k where k.id = $1 and k.deleted_at is null and {visible}")
        .bind(id)
        .part("visible", &visible)
        .maybe(work)?
        .ok_or(Error::NotFound)
}

/// The first contact of a new customer: its main one.
pub(super) fn insert_first(work: &mut Work, customer_id: i64, facts: &Facts, title: &str) -> Result<()> {
    let contact = New { name: facts.contact_name.clone(), phone: facts.phone.clone(), email: facts.email.clone(), title: title.to_owned() };
    insert(work, customer_id, &contact, true).map(|_| ())
}

struct New {
    name: String,
    phone: String,
    email: String,
    title: String,
}

fn insert(work: &mut Work, customer_id: i64, contact: &New, primary: bool) -> Result<i64> {
    let now = work.now();
    sql("insert into contacts (customer_id, name, phone, email, title, is_primary, created_at) values ($1, $2, $3, $4, $5, $6, $7) returning id")
        .bind(customer_id)
        .bind(contact.name.as_str())
        .bind(contact.phone.as_str())
        .bind(contact.email.as_str())
        .bind(contact.title.as_str())
        .bind(primary)
        .bind(now)
        .one(work)
}

/// Writes the main contact from the customer's form.
pub(super) fn update_primary(work: &mut Work, customer_id: i64, facts: &Facts) -> Result<()> {
    sql("-- unscoped: the customer was found and locked in the caller's scope
         update contacts set name = $2, phone = $3, email = $4, version = version + 1 where customer_id = $1 and is_primary and deleted_at is null")
    .bind(customer_id)
    .bind(facts.contact_name.as_str())
    .bind(facts.phone.as_str())
    .bind(facts.email.as_str())
    .run(work)?;
    copy_primary(work, customer_id)
}

/// Copies the main contact onto the customer; nothing else writes these columns. Another number has been verified by nobody yet (S17).
pub(super) fn copy_primary(work: &mut Work, customer_id: i64) -> Result<()> {
    let (name, phone, email): (String, String, String) =
        sql("-- unscoped: the customer was found and locked in the caller's scope\n select name, phone, email from contacts where customer_id = $1 and is_primary and deleted_at is null").bind(customer_id).one(work)?;
    sql("-- unscoped: the customer was found and locked in the caller's scope
         update customers set contact_name = $2, phone = $3, email = $4, phone_check = case when phone = $3 then phone_check else $5 end,
            phone_checked_at = case when phone = $3 then phone_checked_at end, phone_checked_by = case when phone = $3 then phone_checked_by end
         where id = $1")
    .bind(customer_id)
    .bind(name)
    .bind(phone)
    .bind(email)
    .bind(PhoneCheck::Unverified)
    .run(work)?;
    Ok(())
}

/// The full number of the main contact, for `reveal_phone`.
pub(super) fn primary_phone(work: &mut Work, customer_id: i64) -> Result<String> {
    sql("-- unscoped: the customer was found in the caller's scope\n select phone from contacts where customer_id = $1 and is_primary and deleted_at is null").bind(customer_id).one(work)
}

pub(super) fn make_primary(work: &mut Work, customer_id: i64, id: i64) -> Result<()> {
    sql("-- unscoped: the customer was found and locked in the caller's scope
         update contacts set is_primary = false, version = version + 1 where customer_id = $1 and is_primary and id <> $2")
    .bind(customer_id)
    .bind(id)
    .run(work)?;
    sql("-- unscoped: the customer was found and locked in the caller's scope\n update contacts set is_primary = true where id = $1")
        .bind(id)
        .run(work)?;
    Ok(())
}

/// Adds a contact; an edit of the customer.
pub fn add(work: &mut Work, customer_id: i64, draft: &ContactDraft) -> Result<SavedContact> {
    lock(work, customer_id)?.ok_or(Error::NotFound)?;
    scope::require_edit(work, Owned::Customers, customer_id)?;
    let draft = draft.clone();
    let mut fields = Fields::default();
    let name = draft.name.and_then(|text| name::text(&text, 50)).required("name", &mut fields);
    let phone = draft.phone.and_then(check::phone).required("phone", &mut fields);
    let email = draft.email.and_then(check::email).optional("email", &mut fields);
    let title = draft.title.and_then(|text| name::text(&text, 50)).optional("title", &mut fields);
    let primary = draft.primary.optional("primary", &mut fields).unwrap_or(false);
    let (Some(name), Some(phone)) = (name, phone) else { return Err(Error::Invalid(fields)) };
    fields.into_result()?;
    let count: i64 = sql("-- unscoped: the customer was found and locked in the caller's scope\n select count(*) from contacts where customer_id = $1 and deleted_at is null").bind(customer_id).one(work)?;
    if count >= MOST {
        return Err(Error::field("name", FieldCode::TooMany { max: MOST as usize }));
    }
    let contact = New { name, phone, email: email.unwrap_or_default(), title: title.unwrap_or_default() };
    let id = insert(work, customer_id, &contact, false)?;
    if primary {
        make_primary(work, customer_id, id)?;
        copy_primary(work, customer_id)?;
    }
    let added = find(work, id)?;
    edited(work, EventKind::ContactAdded, customer_id, None, Some(&added), &[])?;
    SavedContact::looked_at(work, added, true)
}

/// Edits a contact.
pub fn edit(work: &mut Work, id: i64, version: i64, draft: &ContactDraft) -> Result<SavedContact> {
    let customer_id = find(work, id)?.customer_id;
    lock(work, customer_id)?.ok_or(Error::NotFound)?;
    scope::require_edit(work, Owned::Customers, customer_id)?;
    let before = find(work, id)?;
    if before.version != version {
        return Err(Error::Changed(serde_json::to_value(&before)?));
    }
    let draft = draft.clone();
    let mut fields = Fields::default();
    let mut after = before.clone();
    if let Some(text) = draft.name.and_then(|text| name::text(&text, 50)).change_required("name", &mut fields) {
        after.name = text;
    }
    if let Some(phone) = draft.phone.and_then(check::phone).change_required("phone", &mut fields) {
        after.phone = phone;
    }
    if let Some(email) = draft.email.and_then(check::email).change("email", &mut fields) {
        after.email = email.unwrap_or_default();
    }
    if let Some(title) = draft.title.and_then(|text| name::text(&text, 50)).change("title", &mut fields) {
        after.title = title.unwrap_or_default();
    }
    if let Some(primary) = draft.primary.change_required("primary", &mut fields) {
        if before.primary && !primary {
            return Err(Error::Refused(Refusal::PrimaryContact));
        }
        after.primary = primary;
    }
    fields.into_result()?;
    sql("-- unscoped: the contact was found in the caller's scope
         update contacts set name = $2, phone = $3, email = $4, title = $5, version = version + 1 where id = $1")
    .bind(id)
    .bind(after.name.as_str())
    .bind(after.phone.as_str())
    .bind(after.email.as_str())
    .bind(after.title.as_str())
    .run(work)?;
    if after.primary {
        make_primary(work, customer_id, id)?;
        copy_primary(work, customer_id)?;
    }
    let phone = (before.phone != after.phone).then(|| Change {
        field: "phone".into(),
        old: shortened(&before.phone),
        new: shortened(&after.phone),
    });
    let changes: Vec<Change> = [
        Change::of("name", &before.name, &after.name),
        phone,
        Change::of("email", &before.email, &after.email),
        Change::of("title", &before.title, &after.title),
        Change::of("primary", before.primary, after.primary),
    ]
    .into_iter()
    .flatten()
    .collect();
    let after = find(work, id)?;
    edited(work, EventKind::ContactEdited, customer_id, Some(&before), Some(&after), &changes)?;
    let phone_changed = before.phone != after.phone;
    SavedContact::looked_at(work, after, phone_changed)
}

/// Removes a contact that is not the main one.
pub fn remove(work: &mut Work, id: i64, version: i64) -> Result<()> {
    let customer_id = find(work, id)?.customer_id;
    lock(work, customer_id)?.ok_or(Error::NotFound)?;
    scope::require_edit(work, Owned::Customers, customer_id)?;
    let contact = find(work, id)?;
    if contact.version != version {
        return Err(Error::Changed(serde_json::to_value(&contact)?));
    }
    if contact.primary {
        return Err(Error::Refused(Refusal::PrimaryContact));
    }
    let now = work.now();
    sql("-- unscoped: the contact was found in the caller's scope\n update contacts set deleted_at = $2, version = version + 1 where id = $1").bind(id).bind(now).run(work)?;
    edited(work, EventKind::ContactRemoved, customer_id, Some(&contact), None, &[])
}

/// A change of a contact is an edit of its customer, and stands in its change history as one line before and after.
fn edited(
    work: &mut Work,
    kind: EventKind,
    customer_id: i64,
    before: Option<&Contact>,
    after: Option<&Contact>,
    changes: &[Change],
) -> Result<()> {
    let Some(contact) = after.or(before) else { return Ok(()) };
    let version = store::touch(work, customer_id)?;
    completeness::note(work, customer_id)?;
    store::index(work, customer_id)?;
    history::record(
        work,
        &Event::new(kind, "contact", contact.id).on_customer(customer_id).with("name", &contact.name).with_changes(changes),
    )?;
    let line = Change::of_optional("contacts", before.map(Contact::line), after.map(Contact::line));
    history::record_changes(work, "customer", customer_id, &line.into_iter().collect::<Vec<_>>())?;
    work.push(Push::changed("customer", customer_id, version));
    Ok(())
}
