/**
 * The shapes of the HTTP API under the names the rooms use. They are the generated ones (`schema.ts`), so a field the
 * server renames or drops stops the type check here. Every room imports its types from this file only.
 *
 * Dates are "YYYY-MM-DD", instants RFC 3339 in UTC, money decimal strings in 元 with two decimals.
 */
import type { components } from './schema';

type Schemas = components['schemas'];

type Flat<T> = { [K in keyof T]: T[K] };

/** The description calls a field that may be null optional as well; the server always writes it. */
type Written<T> = Flat<
  { [K in keyof T as null extends T[K] ? K : never]-?: Exclude<T[K], undefined> } & {
    [K in keyof T as null extends T[K] ? never : K]: T[K];
  }
>;

/**
 * A record as it is answered. `Known` names the words of fields that the description calls a mere `string` although
 * the server has a closed set of them, and the narrowed shapes of records inside; it can only narrow what is there.
 */
type Answer<
  Name extends keyof Schemas,
  Known extends {
    [K in keyof Known]: K extends keyof Schemas[Name] ? Schemas[Name][K] : never;
  } = Record<never, never>,
> = Flat<Written<Omit<Schemas[Name], keyof Known>> & Known>;

export type Named = Schemas['Named'];

/** One page of a keyset list; the description has one schema per record (`Page_Task`), all of this form. */
export type Page<T> = Omit<Answer<'Page_Task'>, 'items'> & { items: T[] };

/** `phone` only where the hit was on the phone, shortened. */
export type DuplicateHit = Omit<Answer<'DuplicateHit'>, 'phone'> & { phone?: string };

export type Warning = Omit<Schemas['Warning'], 'hits'> & { hits?: DuplicateHit[] };

export type FieldProblem = Schemas['FieldProblem'];

export type OpportunityCandidate = Schemas['Candidate'];

/** A tag people give to customers. */
export type Tag = Schemas['Tag'];

/** The body of an `application/problem+json` answer; the page makes some itself when no answer came. */
export type ProblemBody = Pick<Schemas['Problem'], 'title' | 'status' | 'code'> &
  Partial<Omit<Schemas['Problem'], 'hit'>> & { hit?: DuplicateHit | null };

// Session and people

export type Role = 'administrator' | 'sales_director' | 'sales_manager' | 'sales' | 'finance_readonly';

export type Permission =
  | 'view_customers'
  | 'edit_customers'
  | 'create_tags'
  | 'view_opportunities'
  | 'edit_opportunities'
  | 'view_follow_ups'
  | 'edit_follow_ups'
  | 'view_tasks'
  | 'edit_tasks'
  | 'give_task_batches'
  | 'view_calendar'
  | 'view_reports'
  | 'publish_notices'
  | 'write_work_reports'
  | 'manage_users'
  | 'manage_teams'
  | 'manage_settings'
  | 'manage_targets'
  | 'purge_records'
  | 'import_records'
  | 'export_records'
  | 'archive_company'
  | 'carry_history'
  | 'view_audit_log';

export type Session = Answer<'SessionView', { user: Answer<'Me', { role: Role }> }>;

export type ApiToken = Answer<'ApiToken'>;

/** The secret comes only in the answer to the creation. */
export type NewApiToken = Answer<'NewApiToken'>;

export type PickableUser = Schemas['Pickable'];

export type UserStatus = 'active' | 'disabled';

/** The one-time password comes only in the answer to the creation, see {@link NewUser}. */
export type User = Omit<Answer<'User', { role: Role; status: UserStatus }>, 'one_time_password'>;

export type NewUser = User & { one_time_password: string };

export type Team = Answer<'Team', { kind: 'company' | 'region' | 'team' }>;

export type TeamMember = Answer<'Member', { role: Role; status: UserStatus }>;

export type RoleInfo = Answer<'RoleView', { key: Role; scope: 'own' | 'team' | 'all' }>;

// Settings

/** A value in the path, which the description leaves open. */
export type DictionaryKind =
  | 'industry'
  | 'region'
  | 'source_channel'
  | 'follow_up_method'
  | 'task_kind'
  | 'lost_reason';

/** `key` is empty where people chose the value, and fixed for methods and task kinds. */
export type Entry = Schemas['Entry'];

export type StageKind = 'open' | 'won' | 'lost';

export type Stage = Answer<'Stage', { kind: StageKind }>;

/** What a stage asks for when an opportunity enters it (I8). */
export type SopTemplate = Answer<'SopTemplate', { assignee: 'owner' | 'manager' }>;

export type RuleTarget = 'customer' | 'task';

/** Who gets new records that nobody is named for (S65). */
export type AssignmentRule = Answer<
  'AssignmentRule',
  {
    target: RuleTarget;
    method: 'person' | 'round_robin' | 'least_loaded';
    people: Answer<'RulePerson', { status: UserStatus }>[];
  }
>;

export type AssignmentStep = Answer<
  'AssignmentStep',
  { outcome: 'takes' | 'off' | 'no_match' | 'nobody' | 'not_asked' }
>;

export type AssignmentTrial = Answer<'AssignmentTrial', { steps: AssignmentStep[] }>;

export type Settings = Schemas['Company'];

export type ChannelKind = 'in_app' | 'email' | 'wecom' | 'dingtalk' | 'feishu' | 'webhook';

/** What messages are about, as people choose among them. */
export type Topic =
  | 'plan_reminder'
  | 'plans'
  | 'tasks'
  | 'overdue'
  | 'hand_overs'
  | 'notices'
  | 'comments'
  | 'work_reports'
  | 'daily'
  | 'silence'
  | 'expiry';

export type SmtpSecurity = 'tls' | 'starttls' | 'none';

/** Addresses and secrets go in and never come out. */
export type Channel = Answer<'Channel', { kind: ChannelKind; topics: Topic[] }>;

export type OwnBot = Answer<'OwnBot', { kind: ChannelKind }>;

export type Preferences = Answer<'Preferences', { topics: Record<Topic, ChannelKind[]>; bots: OwnBot[] }>;

export type ReminderState = 'planned' | 'sent' | 'seen' | 'failed' | 'cancelled' | 'skipped';

export type Reminder = Answer<'Reminder', { channel: ChannelKind; state: ReminderState }>;

/** What came of a test message. */
export type Tested = Schemas['Tested'];

export type ReminderSettings = Schemas['ReminderSettings'];

export type TargetOwner = 'company' | 'team' | 'user';

export type Target = Answer<'Target', { owner_type: TargetOwner }>;

export type TargetFigures = Schemas['TargetFigures'];

export type TargetNode = Answer<'TargetNode', { owner_type: TargetOwner }>;

export type TargetTree = Answer<'TargetTree', { nodes: TargetNode[] }>;

export type TargetChange = Answer<'TargetChange', { owner_type: TargetOwner }>;

export type TargetsSet = Answer<'TargetsSet'>;

// Customers

export type CustomerStatus = 'potential' | 'active' | 'won' | 'lost';
export type FollowUpStatus = 'not_started' | 'in_progress' | 'paused' | 'invalid';
export type PhoneCheck = 'unverified' | 'valid' | 'invalid';

export type NextStep = Answer<'NextStep', { kind: 'plan' | 'task' }>;

type CustomerWords = {
  status: CustomerStatus;
  follow_up_status: FollowUpStatus;
  phone_check: PhoneCheck;
  next_step: NextStep | null;
};

export type CustomerRow = Answer<'CustomerRow', CustomerWords>;

/** `assignment` comes only in the answer to a creation by the rules (S65). */
export type Customer = Omit<Answer<'Customer', CustomerWords & { warnings?: Warning[] }>, 'assignment'> & {
  assignment?: Answer<'Assignment'>;
};

export type TimelineChange = Schemas['LabelledChange'];

export type TimelineEntry = Schemas['TimelineEntry'];

export type Contact = Schemas['Contact'];

export type SavedContact = Contact & { warnings?: Warning[] };

export type Share = Answer<'Share', { grantee_type: 'user' | 'team'; access: 'read' | 'edit' }>;

export type DuplicateCheck = {
  hits: (DuplicateHit & Pick<Schemas['FieldHit'], 'blocking'> & { field: 'name' | 'phone' | 'credit_code' })[];
};

// Groups, views, batches

export type Visibility = 'private' | 'team' | 'public';

/** The list's filters as the server keeps them. */
export type SavedFilter = Record<string, unknown>;

export type CustomerGroup = Answer<
  'CustomerGroup',
  { kind: 'static' | 'dynamic'; visibility: Visibility; filter: SavedFilter | null }
>;

export type GroupName = Answer<'GroupName', { visibility: Visibility }>;

export type SavedView = Answer<'SavedView', { kind: 'customers'; visibility: Visibility; filters: SavedFilter }>;

export type BatchAction =
  | 'add_tag'
  | 'remove_tag'
  | 'change_owner'
  | 'add_to_group'
  | 'remove_from_group'
  | 'create_tasks';

export type BatchPreview = Answer<'BatchPreview'>;

export type Batch = Answer<'Batch', { action: BatchAction; state: 'previewed' | 'running' | 'done' }>;

export type MergeCounts = Schemas['MergeCounts'];

// Opportunities

export type Opportunity = Answer<
  'Opportunity',
  {
    status: 'open' | 'won' | 'lost';
    forecast_class: 'commit' | 'best_case' | 'pipeline' | null;
    next_step: NextStep | null;
    warnings?: Warning[];
  }
>;

export type StageChange = Answer<'StageLogRow'>;

export type BoardColumn = Answer<'Column', { kind: StageKind; cards: Opportunity[] }>;

export type Board = Answer<'Board', { columns: BoardColumn[] }>;

// Follow-ups

export type FollowUpMethod = 'phone_call' | 'on_site_visit' | 'online_meeting' | 'wechat' | 'email' | 'other';

export type Plan = Answer<'Plan', { status: 'planned' | 'done' | 'cancelled'; warnings?: Warning[] }>;

export type Attachment = Schemas['Attachment'];

export type FollowUp = Answer<'FollowUp', { warnings?: Warning[] }>;

// Tasks, calendar, messages

export type Task = Answer<'Task', { status: 'todo' | 'in_progress' | 'done' | 'cancelled' }>;

export type TaskBatch = Schemas['TaskBatch'];

export type TaskBatchPreview = Schemas['TaskBatchPreview'];

/** A 任务分配表 that was read; the token comes only when every row can be given (I34). */
export type TaskSheetPreview = Answer<'TaskSheetPreview', { rows: Answer<'TaskSheetRow'>[] }>;

export type TaskCounts = Schemas['TaskCounts'];

export type CalendarEntry = Answer<'CalendarEntry', { kind: 'plan' | 'task' }>;

/** At most 2,000 entries; `is_capped` says that there are more. */
export type Calendar = Answer<'Calendar', { entries: CalendarEntry[] }>;

export type Holiday = Answer<'Holiday', { kind: 'holiday' | 'workday' }>;

export type FreeSlots = Schemas['FreeSlots'];

export type FeedState = Answer<'FeedState'>;

export type NewFeed = Schemas['NewFeed'];

export type Notice = Answer<'Notice', { audience: 'all' | 'team' }>;

type ReportWords = { kind: 'daily' | 'weekly' | 'monthly'; state: 'draft' | 'submitted' };

export type WorkReportRow = Answer<'WorkReportRow', ReportWords>;

export type WorkReport = Answer<'WorkReport', ReportWords>;

export type WorkReportStart = Answer<'WorkReportStart', { kind: ReportWords['kind'] }>;

export type WorkFigures = Schemas['WorkFigures'];

export type MissingReports = Answer<'MissingReports', { kind: ReportWords['kind'] }>;

export type Comment = Answer<'Comment'>;

export type NoticeReader = Answer<'NoticeReader'>;

export type Notification = Answer<'Notification'>;

export type MyDay = Answer<
  'MyDay',
  {
    overdue_tasks: Task[];
    due_today: Task[];
    plans_today: Plan[];
    without_next_step: Opportunity[];
    silent_customers: CustomerRow[];
    closing_soon: Opportunity[];
    target: Answer<'TargetProgress'>;
  }
>;

export type SearchHit = Answer<'SearchHit'>;

export type SearchResult = Answer<
  'SearchResult',
  { customers: SearchHit[]; contacts: SearchHit[]; opportunities: SearchHit[]; tasks: SearchHit[] }
>;

export type AuditEntry = TimelineEntry;

/** A one-time password, shown once. */
export type NewPassword = Answer<'OneTimePassword'>;

// Imports and exports

export type ImportState =
  | 'reading'
  | 'uploaded'
  | 'checking'
  | 'checked'
  | 'running'
  | 'done'
  | 'failed'
  | 'undoing'
  | 'undone';
export type ImportMode = 'create' | 'update' | 'upsert' | 'skip';
export type ExchangeKind = 'customers' | 'opportunities' | 'follow_ups' | 'tasks' | 'company';

type ImportWords = { kind: ExchangeKind; mode: ImportMode; state: ImportState };

export type ImportSummary = Answer<'ImportSummary', ImportWords>;

export type Import = Answer<'Import', ImportWords & { columns: Answer<'FileColumn'>[] }>;

export type ImportedRowState = 'waiting' | 'created' | 'updated' | 'skipped' | 'bad' | 'undone' | 'kept';

export type ImportedRow = Answer<'ImportedRow', { state: ImportedRowState }>;

export type ImportedRows = Answer<'ImportedRows', { items: ImportedRow[] }>;

export type Export = Answer<
  'Export',
  {
    kind: ExchangeKind;
    format: 'xlsx' | 'csv';
    state: 'waiting' | 'running' | 'done' | 'failed' | 'expired';
  }
>;

export type ExportColumns = Schemas['ExportColumns'];

export type ReportCell = Schemas['ReportCell'];
export type ReportColumn = Schemas['ReportColumn'];
export type ReportRow = Schemas['ReportRow'];
export type StuckOpportunity = Schemas['StuckOpportunity'];
export type Report = Schemas['Report'];
export type ForecastSnapshots = Schemas['ForecastSnapshots'];

/** A period as people say it; the server turns it into days. */
export type Span =
  | 'usual'
  | 'this_week'
  | 'last_week'
  | 'this_month'
  | 'last_month'
  | 'this_quarter'
  | 'last_quarter'
  | 'this_year'
  | 'last_year'
  | 'fixed';

export type ReportQuestion = Answer<'ReportQuestion', { period: Span }>;

export type TileShape = 'number' | 'bar' | 'line' | 'table';

export type DashboardTile = Answer<'DashboardTile', { question: ReportQuestion; shape: TileShape }>;

export type StandardKey = 'rep' | 'manager' | 'boss';

/** A board (I29); one the product brings along has no id. */
export type Dashboard = Answer<
  'Dashboard',
  { tiles: DashboardTile[]; visibility: Visibility; standard?: StandardKey | null }
>;

export type DashboardBrief = Answer<'DashboardBrief', { visibility: Visibility }>;

export type Dashboards = Answer<
  'Dashboards',
  { standard: StandardKey; standards: Answer<'StandardDashboard', { key: StandardKey }>[]; items: DashboardBrief[] }
>;

export type SendState = 'waiting' | 'posted' | 'sent' | 'failed' | 'skipped';

export type SubscriptionSend = Answer<'SubscriptionSend', { state: SendState }>;

export type SubscriptionChannel = Answer<'SubscriptionChannel', { kind: ChannelKind }>;

type SubscriptionWords = { rhythm: 'weekly' | 'monthly'; last?: SubscriptionSend | null };

/** A report or board that is sent again and again (I31). */
export type Subscription = Answer<
  'Subscription',
  SubscriptionWords & { channel?: SubscriptionChannel | null; question?: ReportQuestion | null }
>;

/** As whoever runs the product sees it: never what it says. */
export type SubscriptionOverview = Answer<'SubscriptionOverview', SubscriptionWords>;

/** What a list of opportunities comes to; nothing when there are more than can be counted. */
export type OpportunitySums = Answer<'OpportunitySums'>;
