/**
 * The shapes of the HTTP contract as the page uses them. Every room imports its types from here, so that they can
 * come from the generated schema without a change anywhere else.
 *
 * Dates are "YYYY-MM-DD", instants RFC 3339 in UTC, money decimal strings in 元 with two decimals.
 */
export type Named = { id: number; name: string };

export type Page<T> = { items: T[]; next_cursor: string | null; total: number; total_is_capped: boolean };

export type DuplicateHit = {
  number: string;
  owner_name: string | null;
  team_name: string | null;
  phone?: string;
  name?: string;
};

export type Warning = { code: string; field: string; message: string; hits?: DuplicateHit[] };

export type FieldProblem = { field: string; code: string; message: string };

export type OpportunityCandidate = {
  id: number;
  number: string;
  name: string;
  stage: string;
  expected_amount: string;
};

/** A tag people give to customers. */
export type Tag = Named & { version: number };

/** The body of an `application/problem+json` answer. */
export type ProblemBody = {
  type?: string;
  title: string;
  status: number;
  code: string;
  detail?: string;
  request_id?: string;
  fields?: FieldProblem[];
  hit?: DuplicateHit;
  candidates?: OpportunityCandidate[];
  current?: unknown;
};

// Session and people

export type Role = 'administrator' | 'sales_director' | 'sales_manager' | 'sales' | 'finance_readonly';

export type Permission =
  | 'view_customers'
  | 'edit_customers'
  | 'view_opportunities'
  | 'edit_opportunities'
  | 'view_follow_ups'
  | 'edit_follow_ups'
  | 'view_tasks'
  | 'edit_tasks'
  | 'view_calendar'
  | 'view_reports'
  | 'manage_users'
  | 'manage_teams'
  | 'manage_settings'
  | 'manage_targets'
  | 'view_audit_log';

export type Session = {
  user: {
    id: number;
    employee_number: string;
    name: string;
    phone?: string | null;
    email?: string | null;
    role: Role;
  };
  team: Named;
  teams: Named[];
  must_change_password: boolean;
  permissions: string[];
  now: string;
  time_zone: string;
  demo: boolean;
};

export type PickableUser = { id: number; name: string; employee_number: string; team_ids: number[] };

export type User = {
  id: number;
  employee_number: string;
  name: string;
  phone: string | null;
  email: string | null;
  role: Role;
  teams: Named[];
  team_ids: number[];
  status: 'active' | 'disabled';
  must_change_password: boolean;
  last_login_at: string | null;
  created_at: string;
  version: number;
};

export type NewUser = User & { one_time_password: string };

export type Team = {
  id: number;
  name: string;
  parent_id: number | null;
  manager_id: number | null;
  manager_name: string | null;
  kind: 'company' | 'region' | 'team';
  region: Named | null;
  member_count: number;
  version: number;
};

export type TeamMember = {
  id: number;
  name: string;
  employee_number: string;
  role: Role;
  status: 'active' | 'disabled';
};

export type RoleInfo = { key: Role; name: string; scope: 'own' | 'team' | 'all'; permissions: string[] };

// Settings

export type DictionaryKind =
  | 'industry'
  | 'region'
  | 'source_channel'
  | 'follow_up_method'
  | 'task_kind'
  | 'lost_reason';

export type Entry = {
  id: number;
  name: string;
  key?: string | null;
  disabled: boolean;
  detail_required?: boolean | null;
  position: number;
  version: number;
};

export type Stage = {
  key: string;
  name: string;
  probability: number;
  limit_days: number | null;
  kind: 'open' | 'won' | 'lost';
  position: number;
  version: number;
};

export type Settings = {
  company_name: string;
  time_zone: string;
  assign_tasks_within_teams_only: boolean;
  version: number;
};

export type Target = {
  id: number;
  period: string;
  owner_type: 'company' | 'team' | 'user';
  owner_id: number;
  owner_name: string;
  amount: string;
  version: number;
};

// Customers

export type CustomerStatus = 'potential' | 'active' | 'won' | 'lost';
export type FollowUpStatus = 'not_started' | 'in_progress' | 'paused' | 'invalid';
export type PhoneCheck = 'unverified' | 'valid' | 'invalid';

export type NextStep = { kind: 'plan' | 'task'; id: number; at: string; text: string };

export type CustomerRow = {
  id: number;
  number: string;
  name: string;
  contact_name: string;
  phone: string;
  phone_check: PhoneCheck;
  email: string | null;
  marketing_consent: boolean;
  industry: Named;
  tags: Named[];
  region: Named | null;
  source_channels: Named[];
  source_detail: string | null;
  credit_code: string | null;
  status: CustomerStatus;
  follow_up_status: FollowUpStatus;
  deal_date: string | null;
  contract_amount: string | null;
  total_won_amount: string;
  won_opportunity_id: number | null;
  owner_id: number | null;
  owner_name: string | null;
  team_id: number | null;
  team_name: string | null;
  last_followed_up_at: string | null;
  next_step: NextStep | null;
  can_edit: boolean;
  created_at: string;
  updated_at: string;
  created_by_name: string | null;
  version: number;
};

export type Customer = CustomerRow & {
  referrer_id: number | null;
  address: string | null;
  remark: string | null;
  requirement: string | null;
  warnings?: Warning[];
};

export type TimelineChange = { field: string; label: string; old: string | null; new: string | null };

export type TimelineEntry = {
  id: number;
  at: string;
  by_name: string;
  kind: string;
  record_kind: string;
  record_id: number;
  title: string;
  changes?: TimelineChange[] | null;
  detail?: Record<string, unknown> | null;
};

export type Contact = {
  id: number;
  name: string;
  phone: string | null;
  email: string | null;
  title: string | null;
  primary: boolean;
  version: number;
};

export type Share = {
  id: number;
  grantee_type: 'user' | 'team';
  grantee_id: number;
  grantee_name: string;
  access: 'read' | 'edit';
  ends_on: string | null;
  created_at: string;
  by_name: string;
};

export type DuplicateCheck = {
  hits: (DuplicateHit & { field: 'name' | 'phone' | 'credit_code'; blocking: boolean })[];
};

// Opportunities

export type Opportunity = {
  id: number;
  number: string;
  name: string;
  customer_id: number;
  customer_number: string;
  customer_name: string;
  expected_amount: string;
  owner_id: number | null;
  owner_name: string | null;
  team_id: number | null;
  team_name: string | null;
  stage: string;
  probability: number;
  status: 'open' | 'won' | 'lost';
  expected_close_date: string | null;
  close_overdue: boolean;
  won_amount: string | null;
  won_date: string | null;
  lost_reason: string | null;
  source: string;
  remark: string | null;
  entered_stage_at: string;
  stay_days: number;
  stuck: boolean;
  next_step: NextStep | null;
  last_followed_up_at: string | null;
  can_edit: boolean;
  created_at: string;
  updated_at: string;
  version: number;
  warnings?: Warning[];
};

export type StageChange = {
  id: number;
  from: string | null;
  to: string;
  at: string;
  by_name: string;
  cause?: string | null;
  seconds_in_previous?: number | null;
};

export type BoardColumn = {
  stage: string;
  name: string;
  kind: 'open' | 'won' | 'lost';
  count: number;
  sum: string;
  weighted_sum: string;
  cards: Opportunity[];
  next_cursor?: string | null;
};

export type Board = { columns: BoardColumn[]; as_of: string };

// Follow-ups

export type FollowUpMethod = 'phone_call' | 'on_site_visit' | 'online_meeting' | 'wechat' | 'email' | 'other';

export type Plan = {
  id: number;
  customer_id: number;
  customer_name: string;
  customer_number: string;
  opportunity_id: number | null;
  opportunity_name: string | null;
  owner_id: number;
  owner_name: string;
  starts_at: string;
  ends_at: string;
  method: string;
  content: string;
  status: 'planned' | 'done' | 'cancelled';
  follow_up_id: number | null;
  remind_at: string | null;
  can_edit: boolean;
  created_at: string;
  version: number;
  warnings?: Warning[];
};

export type Attachment = {
  id: number;
  name: string;
  size: number;
  content_type: string;
  created_at: string;
  by_name: string;
};

export type FollowUp = {
  id: number;
  customer_id: number;
  customer_name: string;
  opportunity_id: number | null;
  opportunity_name: string | null;
  plan_id: number | null;
  author_id: number;
  author_name: string;
  method: string;
  contacted_at: string;
  result: string;
  next_action: string;
  next_action_due: string | null;
  late_entry: boolean;
  attachments: Attachment[];
  task_id: number | null;
  next_plan_id: number | null;
  can_edit: boolean;
  created_at: string;
  updated_at: string;
  version: number;
};

// Tasks, calendar, messages

export type Task = {
  id: number;
  kind: string;
  content: string;
  customer_id: number | null;
  customer_name: string | null;
  customer_number: string | null;
  opportunity_id: number | null;
  opportunity_name: string | null;
  opportunity_number: string | null;
  link_visible: boolean;
  assignee_id: number;
  assignee_name: string;
  assigner_id: number;
  assigner_name: string;
  assigned_at: string;
  due_date: string;
  status: 'todo' | 'in_progress' | 'done' | 'cancelled';
  overdue: boolean;
  overdue_days: number;
  feedback: string | null;
  completed_at: string | null;
  completed_by_name: string | null;
  postponed_count: number;
  can_edit: boolean;
  can_complete: boolean;
  created_at: string;
  updated_at: string;
  version: number;
};

export type TaskCounts = { open: number; overdue: number; due_today: number; done: number };

export type CalendarEntry = {
  kind: 'plan' | 'task';
  id: number;
  title: string;
  starts_at?: string | null;
  ends_at?: string | null;
  date: string;
  status: string;
  method?: string | null;
  customer_name?: string | null;
  opportunity_name?: string | null;
  overdue?: boolean | null;
  owner_id: number;
  version: number;
};

export type Notification = {
  id: number;
  kind: string;
  title: string;
  body: string;
  link: string;
  read_at: string | null;
  created_at: string;
  late: boolean;
};

export type MyDay = {
  date: string;
  greeting_counts: { overdue: number; due_today: number; planned_today: number; without_next_step: number };
  overdue_tasks: Task[];
  due_today: Task[];
  plans_today: Plan[];
  without_next_step: Opportunity[];
  silent_customers: CustomerRow[];
  closing_soon: Opportunity[];
  target: {
    period: string;
    amount: string | null;
    won: string;
    rate: number | null;
    time_progress: number;
    gap: string | null;
    weighted_pipeline: string;
  };
};

export type SearchHit = { id: number; title: string; subtitle: string; number?: string | null };
export type SearchResult = {
  customers: SearchHit[];
  contacts: SearchHit[];
  opportunities: SearchHit[];
  tasks: SearchHit[];
};

export type AuditEntry = {
  id: number;
  at: string;
  by_name: string | null;
  action: string;
  record_kind: string | null;
  record_id: number | null;
  detail: Record<string, unknown> | null;
};
