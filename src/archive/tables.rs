//! Which tables travel, parents before those that refer to them.

/// A table of the archive.
#[derive(Debug)]
pub struct Table {
    /// Its name; also that of its sheet.
    pub name: &'static str,
    /// The columns by which its rows are ordered, unique together.
    pub keys: &'static [&'static str],
    /// Columns that do not travel and get their default.
    pub left_out: &'static [&'static str],
    /// Columns that travel empty: secrets.
    pub blank: &'static [&'static str],
    /// Which of its rows travel, as a condition; all when empty.
    pub only: &'static str,
}

const fn by(name: &'static str, keys: &'static [&'static str]) -> Table {
    Table { name, keys, left_out: &[], blank: &[], only: "" }
}

const fn by_id(name: &'static str) -> Table {
    by(name, &["id"])
}

impl Table {
    /// True when its rows are numbered by the engine and keep their ids.
    pub fn has_ids(&self) -> bool {
        self.keys == ["id"] && self.name != "company" && !self.left_out.contains(&"id")
    }

    /// The condition its rows have to meet.
    pub fn condition(&self) -> &'static str {
        if self.only.is_empty() { "true" } else { self.only }
    }
}

/// Every table that travels.
pub const TABLES: &[Table] = &[
    Table { blank: &["password_hash"], ..by_id("users") },
    by_id("teams"),
    by("team_members", &["team_id", "user_id"]),
    by("leaves", &["user_id", "starts_on"]),
    Table { only: "key not in ('set_up', 'health', 'demo_clock', 'demo_accounts', 'secret_key')", ..by("parameters", &["key"]) },
    by_id("company"),
    by_id("dictionary_entries"),
    by_id("pipelines"),
    by_id("stages"),
    by_id("tags"),
    by_id("targets"),
    by_id("target_changes"),
    by("forecast_snapshots", &["taken_on"]),
    by("forecast_sums", &["taken_on", "owner_id", "team_id", "month", "class"]),
    by("holidays", &["day"]),
    by_id("assignment_rules"),
    by("assignment_people", &["rule_id", "position"]),
    by("numbers", &["kind", "on_day"]),
    by_id("customers"),
    by("customer_sources", &["customer_id", "entry_id"]),
    by("customer_tags", &["customer_id", "tag_id"]),
    by_id("contacts"),
    by_id("requirement_versions"),
    by_id("shares"),
    by_id("opportunities"),
    by_id("stage_changes"),
    by_id("follow_up_plans"),
    by_id("follow_ups"),
    by_id("task_batches"),
    by("task_batch_rows", &["batch_id", "position"]),
    by_id("sop_templates"),
    by_id("tasks"),
    by("sop_tasks", &["opportunity_id", "template_id"]),
    by_id("customer_groups"),
    by("customer_group_members", &["group_id", "customer_id"]),
    by_id("saved_views"),
    by("default_views", &["user_id", "kind"]),
    by_id("dashboards"),
    by_id("attachments"),
    by_id("comments"),
    by("comment_mentions", &["comment_id", "user_id"]),
    by_id("work_reports"),
    by("work_report_reminders", &["user_id"]),
    by_id("merges"),
    by("merge_moves", &["merge_id", "kind", "row_id"]),
    by_id("events"),
    by_id("changes"),
    by("past_customers", &["record_id", "until"]),
    by("past_opportunities", &["record_id", "until"]),
    by("past_stage_changes", &["record_id", "until"]),
    by("past_follow_ups", &["record_id", "until"]),
    by("past_tasks", &["record_id", "until"]),
    by("past_shares", &["record_id", "until"]),
    by("past_customer_tags", &["customer_id", "tag_id", "until"]),
    by("past_customer_sources", &["customer_id", "entry_id", "until"]),
    by_id("notifications"),
    by_id("reminders"),
    by("notification_preferences", &["user_id"]),
    by_id("notices"),
    by("notice_readers", &["notice_id", "user_id"]),
    by("import_mappings", &["user_id", "kind", "header_hash"]),
    // What is still to be told. Schedules are made anew, and what is under way stays where it is.
    Table {
        left_out: &["id", "unique_key", "state", "attempts", "lease_owner", "lease_until", "fence", "last_error"],
        only: "state = 'waiting' and kind in ('remind_plan', 'tell_notice')",
        ..by_id("jobs")
    },
];

/// What stays behind, and why; a table is either here or above.
pub const LEFT_BEHIND: &[(&str, &str)] = &[
    ("schema_migrations", "of the program"),
    ("sessions", "everybody logs in anew"),
    ("known_devices", "everybody logs in anew"),
    ("login_failures", "of the installation"),
    ("idempotency_keys", "for two days only"),
    ("channels", "addresses and secrets of the installation"),
    ("outbox", "what is on its way out of the installation"),
    ("outbox_files", "what is on its way out of the installation"),
    ("subscriptions", "they go over channels of the installation"),
    ("subscription_sends", "they go over channels of the installation"),
    ("calendar_feeds", "secret addresses of the installation"),
    ("batches", "previews that expire"),
    ("batch_rows", "previews that expire"),
    ("imports", "files taken in that expire"),
    ("import_rows", "files taken in that expire"),
    ("import_keys", "files taken in that expire"),
    ("exports", "files that expire"),
    ("forsaken_files", "content no record mentions"),
    ("customer_search", "follows from the rest"),
    ("opportunity_search", "follows from the rest"),
];
