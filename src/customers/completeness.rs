//! How complete a customer is (I49): a published sum of weights, the same for lists, records and reports.
//!
//! | field | points |
//! |---|---|
//! | name, contact, industry, source | 5 each |
//! | phone | 10 |
//! | e-mail, region, address, a phone that was verified | 10 each |
//! | credit code, requirement | 15 each |

use serde::Serialize;
use utoipa::ToSchema;

use super::model::PhoneCheck;
use crate::error::Result;
use crate::platform::db::sql;
use crate::platform::work::Work;
use crate::row;

/// What every saved customer has, because it is required: name, contact, phone, industry and source.
const REQUIRED: i64 = 30;

/// A field that is not filled yet, and the points it would bring.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Missing {
    /// The field's name in the body of an edit.
    pub field: &'static str,
    /// Points out of 100.
    pub weight: i64,
}

row! {
    /// The fields of a customer that can be missing.
    #[derive(Debug, Clone)]
    pub struct Filled {
        pub email: String,
        pub region_id: Option<i64>,
        pub credit_code: Option<String>,
        pub address: String,
        pub requirement: String,
        pub phone_check: PhoneCheck,
    }
}

impl Filled {
    fn fields(&self) -> [(&'static str, i64, bool); 6] {
        [
            ("credit_code", 15, self.credit_code.is_some()),
            ("requirement", 15, !self.requirement.is_empty()),
            ("email", 10, !self.email.is_empty()),
            ("region", 10, self.region_id.is_some()),
            ("address", 10, !self.address.is_empty()),
            ("phone_check", 10, self.phone_check == PhoneCheck::Valid),
        ]
    }

    /// 30 to 100.
    pub fn percent(&self) -> i64 {
        REQUIRED + self.fields().iter().filter(|(_, _, there)| *there).map(|(_, weight, _)| weight).sum::<i64>()
    }

    /// What is missing, the heaviest first.
    pub fn missing(&self) -> Vec<Missing> {
        self.fields().iter().filter(|(_, _, there)| !there).map(|(field, weight, _)| Missing { field, weight: *weight }).collect()
    }
}

/// Writes the figure anew; called by every verb that saves something it counts.
pub fn note(work: &mut Work, id: i64) -> Result<()> {
    let filled: Filled = sql("-- unscoped: the customer was found in the caller's scope\n select {columns} from customers where id = $1")
        .bind(id)
        .one(work)?;
    sql("-- unscoped: the customer was found in the caller's scope\n update customers set completeness = $2 where id = $1 and completeness <> $2")
        .bind(id)
        .bind(filled.percent())
        .run(work)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    // I49
    #[test]
    fn the_weights_sum_to_a_hundred() {
        let mut filled = Filled {
            email: String::new(),
            region_id: None,
            credit_code: None,
            address: String::new(),
            requirement: String::new(),
            phone_check: PhoneCheck::Invalid,
        };
        assert_eq!(filled.percent(), 30);
        assert_eq!(filled.missing().iter().map(|missing| missing.weight).sum::<i64>(), 70);
        filled.email = "a@b.cn".into();
        filled.region_id = Some(1);
        filled.credit_code = Some("91350100M000100Y43".into());
        filled.address = "路".into();
        filled.requirement = "ERP".into();
        assert_eq!((filled.percent(), filled.missing()), (90, vec![Missing { field: "phone_check", weight: 10 }]));
        filled.phone_check = PhoneCheck::Valid;
        assert_eq!((filled.percent(), filled.missing()), (100, Vec::new()));
    }
}
