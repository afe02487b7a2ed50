//! Rows as CSV and tab-separated values.

#![allow(clippy::unwrap_used)]

use std::borrow::Cow;
use std::ops::RangeInclusive;

use super::*;

#[derive(Serialize)]
struct Person {
    id: String,
    name: String,
}

impl Row for Person {
    const HEADINGS: &'static [&'static str] = &["id", "name"];
    const SHOWN: RangeInclusive<usize> = 1..=2;

    fn cells(&self) -> Vec<Cow<'_, str>> {
        vec![self.id.as_str().into(), self.name.as_str().into()]
    }
}

fn written(format: LineFormat, names: &[&str]) -> String {
    let mut writer = LineWriter::new(format);
    let mut out = Vec::new();
    // Each row is written on its own, as a run does.
    for name in names {
        let person = Person {
            id: "d-1".to_owned(),
            name: (*name).to_owned(),
        };
        writer.write(&mut out, &[person]).unwrap();
    }
    writer.begin::<Person>(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn header_is_written_once() {
    let tsv = |header| written(LineFormat::Tsv { header }, &["a", "b"]);
    assert_eq!(tsv(false), "d-1\ta\nd-1\tb\n");
    assert_eq!(tsv(true), "id\tname\nd-1\ta\nd-1\tb\n");
    let csv = |byte_order_mark, names: &[&str]| written(LineFormat::Csv { byte_order_mark }, names);
    assert_eq!(csv(false, &["a"]), "id,name\r\nd-1,a\r\n");
    assert_eq!(csv(true, &[]), "\u{feff}id,name\r\n");
    let json = written(LineFormat::Json, &["a", "b"]);
    assert_eq!(
        json,
        "{\"id\":\"d-1\",\"name\":\"a\"}\n{\"id\":\"d-1\",\"name\":\"b\"}\n"
    );
}

#[test]
fn csv_has_no_formulas_and_one_line_per_row() {
    for (name, expected) in [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-li", "'-li"),
        ("+49", "'+49"),
        ("\t=1", " =1"),
        ("a\r\nb", "a  b"),
        ("a,b", "\"a,b\""),
        ("say \"hi\"", "\"say \"\"hi\"\"\""),
        ("桌面", "桌面"),
    ] {
        let csv = LineFormat::Csv {
            byte_order_mark: false,
        };
        let expected = format!("id,name\r\nd-1,{expected}\r\n");
        assert_eq!(written(csv, &[name]), expected);
    }
}

#[test]
fn separators_in_tab_separated_values_are_escaped() {
    let tsv = LineFormat::Tsv { header: false };
    assert_eq!(written(tsv, &["a\tb\nc\\"]), "d-1\ta\\tb\\nc\\\\\n");
}
