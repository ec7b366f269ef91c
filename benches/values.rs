//! The values every save and every search goes through.

use std::hint::black_box;

use chengdan::platform::types::{Money, NameKeys, Phone, grams, name};
use criterion::{Criterion, criterion_group, criterion_main};

const NAME: &str = "重庆长安（集团）汽车股份有限公司";

fn values(criterion: &mut Criterion) {
    criterion.bench_function("fold a name", |bench| bench.iter(|| name::fold(black_box(NAME))));
    criterion.bench_function("fold its variant", |bench| bench.iter(|| name::variant_fold(black_box(NAME))));
    criterion.bench_function("pinyin keys of a name", |bench| bench.iter(|| NameKeys::of(black_box(NAME))));
    criterion.bench_function("grams of a query", |bench| bench.iter(|| grams::query_grams(black_box("长安汽车"))));
    criterion.bench_function("read a phone", |bench| bench.iter(|| Phone::parse(black_box("+86 138-0013-8000"))));
    criterion.bench_function("read an amount", |bench| bench.iter(|| Money::parse(black_box("1234567.89"))));
}

criterion_group!(benches, values);
criterion_main!(benches);
