//! What is written is read again as it was: any texts, typed values, and the network's list of cities.
//! Not the single rules, which are tested beside them.

use std::borrow::Cow;

use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;
use crate::exchange::columns::{Column, Kind};

const DIALECTS: [WriteOptions; 6] = {
    const fn dialect(delimiter: Delimiter, byte_order_mark: ByteOrderMark) -> WriteOptions {
        WriteOptions {
            delimiter,
            byte_order_mark,
        }
    }
    [
        dialect(Delimiter::Comma, ByteOrderMark::Without),
        dialect(Delimiter::Comma, ByteOrderMark::With),
        dialect(Delimiter::Semicolon, ByteOrderMark::Without),
        dialect(Delimiter::Semicolon, ByteOrderMark::With),
        dialect(Delimiter::Tab, ByteOrderMark::Without),
        dialect(Delimiter::Tab, ByteOrderMark::With),
    ]
};

/// Texts made of the signs that mean something here, and of anything else but NUL.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[-=+@'\t\r\n ,;|\"x\u{a0}\u{feff}]{0,6}",
        proptest::collection::vec(any::<char>(), 0..8)
            .prop_map(|chars| chars.into_iter().filter(|c| *c != '\0').collect()),
    ]
}

fn any_table() -> impl Strategy<Value = (Kind, Vec<Vec<String>>)> {
    let kinds: Vec<Kind> = Kind::ALL
        .into_iter()
        .filter(|kind| kind.is_importable())
        .collect();
    proptest::sample::select(kinds).prop_flat_map(|kind| {
        let row = proptest::collection::vec(any_text(), kind.columns().len());
        (Just(kind), proptest::collection::vec(row, 0..6))
    })
}

fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

proptest! {
    #[test]
    fn any_table_of_texts_comes_back(((kind, table), dialect) in (any_table(), proptest::sample::select(&DIALECTS[..]))) {
        let mut writer = SheetWriter::start(Vec::new(), kind, dialect).unwrap();
        for row in &table {
            let texts = row.iter().map(|text| Value::Text(Cow::Borrowed(text)));
            let columns = kind.columns().iter().map(|spec| spec.column);
            writer.row(&columns.zip(texts).collect::<Vec<_>>()).unwrap();
        }
        let bytes = writer.finish().unwrap();

        let sheet = read(&bytes, kind, &ReadOptions::default()).unwrap();

        // A record without any value is not a row.
        let records: Vec<_> = table
            .iter()
            .filter(|row| !row.iter().all(|text| is_blank(text)))
            .collect();
        prop_assert_eq!(sheet.rows.len(), records.len());
        for (row, record) in sheet.rows.iter().zip(records) {
            for (spec, text) in kind.columns().iter().zip(record) {
                let expected = if is_blank(text) { Cell::Leave } else { Cell::Text(text) };
                prop_assert_eq!(row.cell(spec.column), expected);
            }
        }
    }

    #[test]
    fn numbers_and_days_come_back(
        units in any::<i64>(),
        scale in 0_usize..9,
        whole in any::<i64>(),
        days in 0_i32..36_890,
        dialect in proptest::sample::select(&DIALECTS[..]),
    ) {
        let first = NaiveDate::from_ymd_opt(2000, 1, 1).unwrap();
        let day = first + chrono::Duration::days(i64::from(days));
        let mut writer = SheetWriter::start(Vec::new(), Kind::Memberships, dialect).unwrap();
        writer.row(&[
            (Column::City, Value::Decimal { units, scale }),
            (Column::Network, Value::Integer(whole)),
            (Column::JoinedOn, Value::Date(day)),
        ]).unwrap();
        let bytes = writer.finish().unwrap();

        let sheet = read(&bytes, Kind::Memberships, &ReadOptions::default()).unwrap();

        let all = i64::MIN..=i64::MAX;
        let mut problems = Vec::new();
        let row = &sheet.rows[0];
        prop_assert_eq!(row.decimal(Column::City, scale, all.clone(), &mut problems), Field::Set(units));
        prop_assert_eq!(row.integer(Column::Network, all, &mut problems), Field::Set(whole));
        prop_assert_eq!(row.date(Column::JoinedOn, BUSINESS_YEARS, &mut problems), Field::Set(day));
        prop_assert_eq!(problems, vec![]);
    }

    #[test]
    fn no_bytes_make_the_reader_fall(
        bytes in proptest::collection::vec(any::<u8>(), 0..200),
        heading in proptest::bool::ANY,
    ) {
        let mut file = if heading { b"name;country\n".to_vec() } else { Vec::new() };
        file.extend(bytes);
        match read(&file, Kind::Cities, &ReadOptions::default()) {
            Ok(sheet) => prop_assert!(sheet.rows.iter().all(|row| row.line >= 1)),
            Err(problems) => prop_assert!(!problems.is_empty()),
        }
    }
}

/// What the list of cities says of one city: name, country, population, latitude, longitude in
/// units of `10^-4` degrees, time zone, number at `GeoNames`.
type City = (String, &'static str, i64, i64, i64, String, i64);

fn cities(bytes: &[u8]) -> Vec<City> {
    let sheet = read(bytes, Kind::Cities, &ReadOptions::default()).unwrap();
    let mut problems = Vec::new();
    let found = sheet
        .rows
        .iter()
        .filter_map(|row| {
            let problems = &mut problems;
            Some((
                row.text(Column::Name, 200, problems).set()?,
                row.country(Column::Country, problems).set()?,
                row.integer(Column::Population, 0..=50_000_000, problems)
                    .set()?,
                row.decimal(Column::Latitude, 4, -900_000..=900_000, problems)
                    .set()?,
                row.decimal(Column::Longitude, 4, -1_800_000..=1_800_000, problems)
                    .set()?,
                row.text(Column::TimeZone, 50, problems).set()?,
                row.integer(Column::GeonamesId, 1..=i64::MAX, problems)
                    .set()?,
            ))
        })
        .collect();
    assert_eq!(problems, []);
    found
}

#[test]
fn the_list_of_cities_is_read_whole_and_comes_back_in_every_dialect() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/data/cities.csv");
    let list = cities(&std::fs::read(path).unwrap());
    assert_eq!(list.len(), 153);
    let ballarat = list.iter().find(|city| city.0 == "Ballarat").unwrap();
    assert_eq!(
        (ballarat.1, ballarat.3, ballarat.4),
        ("AU", -375_662, 1_438_496)
    );

    for dialect in DIALECTS {
        let mut writer = SheetWriter::start(Vec::new(), Kind::Cities, dialect).unwrap();
        for (name, country, population, latitude, longitude, zone, geonames) in &list {
            let degrees = |units: &i64| Value::Decimal {
                units: *units,
                scale: 4,
            };
            writer
                .row(&[
                    (Column::Name, Value::Text(Cow::Borrowed(name))),
                    (Column::Country, Value::Text(Cow::Borrowed(country))),
                    (Column::Population, Value::Integer(*population)),
                    (Column::Latitude, degrees(latitude)),
                    (Column::Longitude, degrees(longitude)),
                    (Column::TimeZone, Value::Text(Cow::Borrowed(zone))),
                    (Column::GeonamesId, Value::Integer(*geonames)),
                ])
                .unwrap();
        }
        assert_eq!(cities(&writer.finish().unwrap()), list);
    }
}
