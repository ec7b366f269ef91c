//! Everything anybody can do, and which role may. The types in [`can`] stand in a handler's signature: a route without one does
//! not compile, because nothing else leads to the database.

use crate::platform::types::Lang;
use crate::words;

words! {
    /// What a person is to the company. The role decides functions and reach; the team only where the person works.
    pub enum Role {
        /// Runs people, teams, settings; sees everything.
        Administrator = "administrator",
        /// Sees and edits the whole company's sales.
        SalesDirector = "sales_director",
        /// Sees and edits the own teams and all below.
        SalesManager = "sales_manager",
        /// Sees and edits what is his or her own or shared.
        Sales = "sales",
        /// Reads everything, changes nothing.
        FinanceReadonly = "finance_readonly",
    }
}

/// One thing that can be done.
pub trait Action: Send + Sync + 'static {
    /// Its name in the role editor and in `permissions`; empty for what every signed-in person may do.
    const NAME: &'static str;
    /// True for the few things that work before a forced password change (S12).
    const BEFORE_PASSWORD_CHANGE: bool = false;
    /// True for what a program with an API token may never do: whoever got hold of the token could stay for good.
    const IN_PERSON: bool = false;
}

macro_rules! actions {
    ($($(#[$meta:meta])* $name:ident = $word:literal),+ $(,)?) => {
        /// The actions as types.
        pub mod can {
            use super::Action;
            $($(#[$meta])* pub struct $name; impl Action for $name { const NAME: &'static str = $word; })+

            /// Reading one's own session.
            pub struct ReadOwnSession;
            impl Action for ReadOwnSession {
                const NAME: &'static str = "";
                const BEFORE_PASSWORD_CHANGE: bool = true;
            }

            /// Ending one's own session, changing one's own password.
            pub struct UseOwnSession;
            impl Action for UseOwnSession {
                const NAME: &'static str = "";
                const BEFORE_PASSWORD_CHANGE: bool = true;
                const IN_PERSON: bool = true;
            }

            /// Choosing the team to work in, giving programs access on one's own behalf.
            pub struct ManageOwnAccess;
            impl Action for ManageOwnAccess {
                const NAME: &'static str = "";
                const IN_PERSON: bool = true;
            }

            /// What every signed-in person may do: look names up, read own messages.
            pub struct LookAround;
            impl Action for LookAround {
                const NAME: &'static str = "";
            }
        }

        /// Every action that a role can have.
        pub const ALL: &[&str] = &[$($word),+];
    };
}

actions! {
    /// Customers and their contacts.
    ViewCustomers = "view_customers",
    /// Creating, editing, sharing, winning customers.
    EditCustomers = "edit_customers",
    /// Making new tags where the company leaves that to leaders (S20).
    CreateTags = "create_tags",
    /// Opportunities and their stage log.
    ViewOpportunities = "view_opportunities",
    /// Creating, editing and moving opportunities.
    EditOpportunities = "edit_opportunities",
    /// Plans, records and attachments.
    ViewFollowUps = "view_follow_ups",
    /// Writing plans, records and attachments.
    EditFollowUps = "edit_follow_ups",
    /// Tasks.
    ViewTasks = "view_tasks",
    /// Giving and doing tasks.
    EditTasks = "edit_tasks",
    /// Giving many tasks at once (S60).
    GiveTaskBatches = "give_task_batches",
    /// The calendar.
    ViewCalendar = "view_calendar",
    /// Figures.
    ViewReports = "view_reports",
    /// Reports of one's own work, and those of the people one leads (I35).
    WriteWorkReports = "write_work_reports",
    /// Targets of teams and people.
    ManageTargets = "manage_targets",
    /// Notices to the company or to a team within reach (I62).
    PublishNotices = "publish_notices",
    /// People and their passwords.
    ManageUsers = "manage_users",
    /// The tree of teams.
    ManageTeams = "manage_teams",
    /// Dictionaries, stages, parameters.
    ManageSettings = "manage_settings",
    /// Deleting for good what lies in the recycle bin.
    PurgeRecords = "purge_records",
    /// Entering records from a spreadsheet.
    ImportRecords = "import_records",
    /// Taking lists out as files.
    ExportRecords = "export_records",
    /// Taking the whole company out as one file.
    ArchiveCompany = "archive_company",
    /// Imports that bring numbers and times of their own, as when an older system is taken over.
    CarryHistory = "carry_history",
    /// The log of everything.
    ViewAuditLog = "view_audit_log",
}

const VIEW: &[&str] =
    &["view_customers", "view_opportunities", "view_follow_ups", "view_tasks", "view_calendar", "view_reports", "export_records"];
const SELL: &[&str] = &[
    "view_customers",
    "edit_customers",
    "view_opportunities",
    "edit_opportunities",
    "view_follow_ups",
    "edit_follow_ups",
    "view_tasks",
    "edit_tasks",
    "view_calendar",
    "view_reports",
    "write_work_reports",
    "import_records",
    "export_records",
];
const LEAD: &[&str] = &[
    "view_customers",
    "edit_customers",
    "create_tags",
    "view_opportunities",
    "edit_opportunities",
    "view_follow_ups",
    "edit_follow_ups",
    "view_tasks",
    "edit_tasks",
    "give_task_batches",
    "view_calendar",
    "view_reports",
    "write_work_reports",
    "publish_notices",
    "import_records",
    "export_records",
];
const DIRECT: &[&str] = &[
    "view_customers",
    "edit_customers",
    "create_tags",
    "view_opportunities",
    "edit_opportunities",
    "view_follow_ups",
    "edit_follow_ups",
    "view_tasks",
    "edit_tasks",
    "give_task_batches",
    "view_calendar",
    "view_reports",
    "write_work_reports",
    "publish_notices",
    "manage_targets",
    "import_records",
    "export_records",
];

impl Role {
    /// What the role may do.
    pub fn permissions(self) -> &'static [&'static str] {
        match self {
            Role::Administrator => ALL,
            Role::SalesDirector => DIRECT,
            Role::SalesManager => LEAD,
            Role::Sales => SELL,
            Role::FinanceReadonly => VIEW,
        }
    }

    /// Its name on screen.
    pub fn title(self, lang: Lang) -> &'static str {
        let (zh, en) = match self {
            Role::Administrator => ("管理员", "Administrator"),
            Role::SalesDirector => ("销售总监", "Sales director"),
            Role::SalesManager => ("销售经理", "Sales manager"),
            Role::Sales => ("销售", "Sales"),
            Role::FinanceReadonly => ("财务只读", "Finance (read-only)"),
        };
        if lang == Lang::Zh { zh } else { en }
    }

    /// How far the role sees: `own`, `team` (and below) or `all`.
    pub fn scope_word(self) -> &'static str {
        match self {
            Role::Administrator | Role::SalesDirector | Role::FinanceReadonly => "all",
            Role::SalesManager => "team",
            Role::Sales => "own",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_permission_of_a_role_is_an_action() {
        for role in Role::ALL {
            for permission in role.permissions() {
                assert!(ALL.contains(permission), "{permission}");
            }
        }
    }
}
