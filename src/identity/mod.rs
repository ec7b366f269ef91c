pub mod password_rule;
