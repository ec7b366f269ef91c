//! How the value types lie in the database: 分 and ms as `bigint`, the rest as `text`.

use crate::platform::types::{Day, Instant, Money};
use crate::stored_as;

stored_as!(Money, i64, |fen| Some(Money::from_fen(fen)), |money| money.fen());
stored_as!(Instant, i64, |ms| Some(Instant::from_ms(ms)), |instant| instant.ms());
stored_as!(Day, String, |text| Day::from_stored(&text), |day| day.to_string());
