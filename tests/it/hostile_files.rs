//! Files nobody means well with: each is refused with a reason or read rightly, and the server lives on.

use std::io::{Cursor, Write};
use std::time::{Duration, Instant};

use serde_json::Value;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::support::sheets::{CUSTOMER, counts, csv, customers, xlsx};
use crate::support::{Client, TestApp};

const NEW: [(&str, &str); 1] = [("kind", "customers")];
const WORKBOOK: &str = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>"#;
const RELATIONS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>"#;

/// A workbook from its parts.
fn book(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let packed = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let has = |name: &str| parts.iter().any(|(own, _)| *own == name);
    let usual: [(&str, &[u8]); 2] = [("xl/workbook.xml", WORKBOOK.as_bytes()), ("xl/_rels/workbook.xml.rels", RELATIONS.as_bytes())];
    for (name, content) in usual.iter().filter(|(name, _)| !has(name)).chain(parts) {
        zip.start_file(*name, packed).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A sheet with a good header and row, and more rows.
fn sheet(more: &str) -> String {
    let cells = |texts: [&str; 5]| texts.map(|text| format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>")).concat();
    let header = cells(CUSTOMER);
    let row = cells(["华为技术", "张伟", "13800138000", "制造业", "官网注册"]);
    format!("<worksheet><sheetData><row r=\"1\">{header}</row><row r=\"2\">{row}</row>{more}</sheetData></worksheet>")
}

fn with_sheet(text: &str) -> Vec<u8> {
    book(&[("xl/worksheets/sheet1.xml", text.as_bytes())])
}

fn with_shared(texts: &str, sheet: &str) -> Vec<u8> {
    book(&[("xl/worksheets/sheet1.xml", sheet.as_bytes()), ("xl/sharedStrings.xml", texts.as_bytes())])
}

fn entity(inner: &str) -> String {
    format!("<?xml version=\"1.0\"?><!DOCTYPE x [{inner}]>{}", sheet(""))
}

fn utf16(text: &str) -> Vec<u8> {
    [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()
}

/// What is sent, under which name, and the code of the refusal, or how many rows come in.
enum Wanted {
    Refused(&'static str),
    Good(i64),
}

use Wanted::{Good, Refused};

fn corpus() -> Vec<(&'static str, Vec<u8>, Wanted)> {
    let good = csv(&customers(&[("华为技术", "13800138000")]));
    let whole = xlsx(&customers(&[("华为技术", "13800138000")]));
    let (gbk, _, _) = encoding_rs::GBK.encode(&good);
    let nothing = sheet("<row r=\"1048576\"><c r=\"XFD1048576\" s=\"1\"/></row>");
    let blank = " ".repeat(30 * 1024 * 1024);
    let bomb = format!("<worksheet>{}{}</worksheet>", blank.repeat(8), "");
    let lol = "<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;\">";
    let million = format!("<sst>{}</sst>", "<si><t>x</t></si>".repeat(1_000_000));
    let huge = format!("<sst><si><t>{}</t></si></sst>", "大".repeat(25 * 1024 * 1024));
    let long_cell = format!("名称{}", "长".repeat(40_000));
    let nested = book(&[("xl/worksheets/sheet1.xml", sheet("").as_bytes()), ("xl/embeddings/inner.zip", &whole)]);
    let wide: Vec<String> = (0..101).map(|at| format!("列{at}")).collect();
    let rows: Vec<(String, String)> = (0..50_001).map(|at| (format!("公司{at}"), "13800138000".to_owned())).collect();
    let many = csv(&customers(&rows.iter().map(|(name, phone)| (name.as_str(), phone.as_str())).collect::<Vec<_>>()));
    let mut truncated = whole.clone();
    truncated.truncate(whole.len() / 2);
    let mut scrambled = whole.clone();
    let middle = scrambled.len() / 2;
    scrambled[60..middle].iter_mut().for_each(|byte| *byte ^= 0x5a);
    let external = RELATIONS.replace("Target=", "TargetMode=\"External\" Target=\"http://127.0.0.1:9/x.xml\" Was=");
    let deep = format!("{}{}", "<x>".repeat(200_000), "</x>".repeat(200_000));
    let attributes: String = (0..5_000).map(|at| format!(" a{at}=\"1\"")).collect();
    let formula = "<row r=\"3\"><c t=\"str\"><f>WEBSERVICE(\"http://127.0.0.1:9\")</f><v>小米</v></c><c t=\"inlineStr\"><is><t>李</t></is></c><c><v>13900139000</v></c><c t=\"inlineStr\"><is><t>制造业</t></is></c><c t=\"inlineStr\"><is><t>官网注册</t></is></c></row>";
    vec![
        ("an empty file", Vec::new(), Refused("SHEET_EMPTY")),
        ("a style in the last corner", with_sheet(&nothing), Good(1)),
        (
            "a value in the last corner",
            with_sheet(&sheet("<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>")),
            Refused("SHEET_TOO_MANY_COLUMNS"),
        ),
        ("a value in the last row", with_sheet(&sheet("<row r=\"1048576\"><c r=\"A1048576\"><v>1</v></c></row>")), Good(1)),
        (
            "a column nobody has",
            with_sheet(&sheet("<row r=\"3\"><c r=\"ZZZZZZZZZZZZZZ3\"><v>1</v></c></row>")),
            Refused("SHEET_TOO_MANY_COLUMNS"),
        ),
        ("a thousand to one", with_sheet(&bomb), Refused("SHEET_TOO_BIG")),
        ("a zip in a zip", nested, Good(1)),
        ("a billion laughs", with_sheet(&entity(lol)), Refused("SHEET_HOSTILE")),
        ("an entity from elsewhere", with_sheet(&entity("<!ENTITY e SYSTEM \"file:///etc/passwd\">")), Refused("SHEET_HOSTILE")),
        ("an unknown entity", with_sheet(&sheet("<row><c t=\"inlineStr\"><is><t>&lol;</t></is></c></row>")), Refused("SHEET_HOSTILE")),
        (
            "a sheet that lies elsewhere",
            book(&[("xl/_rels/workbook.xml.rels", external.as_bytes()), ("xl/worksheets/sheet1.xml", sheet("").as_bytes())]),
            Refused("SHEET_BROKEN_XML"),
        ),
        ("a million shared texts", with_shared(&million, &sheet("")), Good(1)),
        ("a huge shared text", with_shared(&huge, &sheet("")), Refused("SHEET_TOO_BIG")),
        (
            "a shared text that is not there",
            with_shared("<sst/>", &sheet("<row><c t=\"s\"><v>7</v></c></row>")),
            Refused("SHEET_BROKEN_XML"),
        ),
        ("half a file", truncated, Refused("SHEET_BROKEN_ZIP")),
        ("scrambled parts", scrambled, Refused("SHEET_BROKEN_ZIP|SHEET_BROKEN_XML")),
        ("only the first bytes of a zip", b"PK\x03\x04".to_vec(), Refused("SHEET_BROKEN_ZIP")),
        (
            "a document that is no sheet",
            {
                let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
                zip.start_file("word/document.xml", SimpleFileOptions::default()).unwrap();
                zip.finish().unwrap().into_inner()
            },
            Refused("SHEET_NOT_A_SHEET"),
        ),
        ("an old workbook", [&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1][..], &[0; 600]].concat(), Refused("SHEET_OLD_OR_LOCKED")),
        ("a PDF", b"%PDF-1.7 and so on".to_vec(), Refused("SHEET_NOT_A_SHEET")),
        ("elements in elements", with_sheet(&sheet("").replace("<sheetData>", &format!("{deep}<sheetData>"))), Good(1)),
        ("thousands of attributes", with_sheet(&sheet(&format!("<row{attributes}/>"))), Refused("SHEET_BROKEN_XML")),
        ("a number that is none", with_sheet(&sheet("<row><c><v>1e</v></c></row>")), Refused("SHEET_BROKEN_XML")),
        ("a formula that would call out", with_sheet(&sheet(formula)), Good(2)),
        ("an empty sheet", with_sheet("<worksheet><sheetData/></worksheet>"), Refused("SHEET_EMPTY")),
        ("a header alone", csv(&customers(&[])).into_bytes(), Refused("SHEET_EMPTY")),
        ("two columns of one name", "客户名称,客户名称\r\n甲,乙\r\n".into(), Refused("SHEET_DUPLICATE_HEADER")),
        ("NUL bytes", good.replace("张伟", "张\0伟").into_bytes(), Refused("SHEET_BINARY")),
        ("UTF-16", utf16(&good), Refused("SHEET_UTF16")),
        ("neither UTF-8 nor GBK", [good.as_bytes(), b"\xff\xff\xff\xff"].concat(), Refused("SHEET_ENCODING")),
        ("UTF-8 with its mark", [&[0xef, 0xbb, 0xbf], good.as_bytes()].concat(), Good(1)),
        ("GBK", gbk.into_owned(), Good(1)),
        (
            "quotes, newlines and ragged rows",
            format!("{good}\"引号,\"\"公司\"\"\",\"李\n四\",13900139000,制造业,官网注册\r\n短\r\n").into_bytes(),
            Good(1),
        ),
        ("one line of ten million letters", vec![b'a'; 10_000_000], Refused("SHEET_CELL_TOO_LONG")),
        ("a cell that is too long", format!("{good}{long_cell}\n").into_bytes(), Refused("SHEET_CELL_TOO_LONG")),
        ("a quotation mark left open", format!("{good}\"公司,").into_bytes(), Refused("SHEET_OPEN_QUOTE")),
        ("50,001 rows", many.into_bytes(), Refused("SHEET_TOO_MANY_ROWS")),
        ("101 columns", (wide.join(",") + "\n1\n").into_bytes(), Refused("SHEET_TOO_MANY_COLUMNS")),
    ]
}

async fn send(ann: &Client, content: &[u8]) -> (u16, Value) {
    // A dry run, so that every file meets the same company.
    let reply = ann.send_form("/imports", &[("kind", "customers"), ("dry_run", "true")], "文件.xlsx", content).await;
    (reply.status, reply.json())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_outlives_every_file() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let corpus = corpus();
    assert!(corpus.len() >= 25);
    let mut wrong = Vec::new();
    for (what, content, wanted) in &corpus {
        let begun = Instant::now();
        let (status, body) = send(&ann, content).await;
        let took = begun.elapsed();
        let found = match wanted {
            Refused(codes) => {
                let code = body["fields"][0]["code"].as_str().unwrap_or_default().to_owned();
                let right = status == 422 && body["fields"][0]["field"] == "file" && codes.split('|').any(|wanted| wanted == code);
                (right, format!("{status} {code}"))
            }
            Good(rows) => {
                let import = if status == 201 { test.settled(&ann, &body).await } else { body };
                let created = import["created_rows"].as_i64();
                (status == 201 && created == Some(*rows), format!("{status} {created:?} {}", import["fields"]))
            }
        };
        if !found.0 || took > Duration::from_secs(45) {
            wrong.push(format!("{what}: {} in {took:?}", found.1));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // Nothing is left of those that were refused.
    let left = ann.get("/imports?limit=100").await.ok();
    let good = corpus.iter().filter(|(_, _, wanted)| matches!(wanted, Good(_))).count();
    assert_eq!(left["items"].as_array().unwrap().len(), good);
    let import = test.import(&ann, &NEW, "好.csv", csv(&customers(&[("最后一家", "13800138000")])).as_bytes()).await;
    assert_eq!(counts(&import), [1, 0, 0, 0]);
}

// Days in both calendars, merged cells and texts that look like numbers mean what the spreadsheet program shows.
#[tokio::test(flavor = "multi_thread")]
async fn cells_mean_what_they_show() {
    let test = TestApp::start().await;
    let adm = test.adm().await;
    let styles = r#"<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/></cellXfs></styleSheet>"#;
    let text = |text: &str| format!("<c t=\"inlineStr\"><is><r><t>{text}</t></r><rPh><t>拼音</t></rPh></is></c>");
    let header = [&CUSTOMER[..], &["创建时间"]].concat().iter().map(|name| text(name)).collect::<String>();
    let row = |name: &str, style: u8, serial: &str| {
        format!(
            "<row>{}{}<c><v>1.3800138E10</v></c>{}{}<c s=\"{style}\"><v>{serial}</v></c></row>",
            text(name),
            text("张伟"),
            text("制造业"),
            text("官网注册")
        )
    };
    for (since_1904, serial) in [("0", "45000"), ("1", "43538")] {
        let workbook = WORKBOOK.replace("<sheets>", &format!("<workbookPr date1904=\"{since_1904}\"/><sheets>"));
        let rows = [row(&format!("内置{since_1904}"), 1, serial), row(&format!("自定{since_1904}"), 2, serial)].concat();
        let sheet = format!(
            "<worksheet><sheetData><row>{header}</row>{rows}</sheetData><mergeCells><mergeCell ref=\"A1:B1\"/></mergeCells></worksheet>"
        );
        let file = book(&[
            ("xl/workbook.xml", workbook.as_bytes()),
            ("xl/styles.xml", styles.as_bytes()),
            ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
        ]);
        let import = test.import(&adm, &NEW, "日期.xlsx", &file).await;
        assert_eq!(counts(&import), [2, 0, 0, 0], "{}", adm.get(&format!("/imports/{}/rows", import["id"])).await.text());
    }
    let list = adm.get("/customers").await.ok();
    for one in list["items"].as_array().unwrap() {
        assert_eq!((one["created_at"].as_str(), one["phone"].as_str()), (Some("2023-03-14T16:00:00Z"), Some("138****8000")), "{one}");
    }
}
