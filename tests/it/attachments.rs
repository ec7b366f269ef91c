use std::io::{Cursor, Write};

use serde_json::{Value, json};

use crate::support::{Client, TestApp};

/// A good PDF of so many bytes.
fn pdf(size: usize) -> Vec<u8> {
    let mut content = b"%PDF-1.7\n".to_vec();
    content.resize(size, b' ');
    content
}

fn archive(names: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in names {
        out.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(content).unwrap();
    }
    out.finish().unwrap().into_inner()
}

const TYPES: &[u8] = b"<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>";

fn docx() -> Vec<u8> {
    archive(&[("[Content_Types].xml", TYPES), ("word/document.xml", b"<w/>")])
}

fn xlsx() -> Vec<u8> {
    archive(&[("[Content_Types].xml", TYPES), ("xl/workbook.xml", b"<w/>")])
}

fn ole(stream: &str) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    file.create_stream(stream).unwrap().write_all(b"x").unwrap();
    file.into_inner().into_inner()
}

/// ann with a record to attach to.
async fn ann_with_record(test: &TestApp) -> (Client, i64, String) {
    let ann = test.ann().await;
    let customer = ann.has_customer("甲公司").await;
    let record = ann.records(customer, "2024-03-18T08:00:00+08:00", "谈妥").await;
    (ann, customer, format!("/follow-ups/{}", record["id"]))
}

/// Every file below the data folder that holds attachments.
fn kept(test: &TestApp) -> usize {
    fn count(folder: &std::path::Path) -> usize {
        let entries = std::fs::read_dir(folder).unwrap().flatten();
        entries.map(|entry| if entry.path().is_dir() { count(&entry.path()) } else { 1 }).sum()
    }
    count(&test.app.config.files_root().unwrap())
}

fn file_problem(problem: &Value) -> (String, String) {
    let field = &problem["fields"][0];
    (field["code"].as_str().unwrap().to_owned(), field["message"].as_str().unwrap().to_owned())
}

// S49: PDF, Word and Excel by their content come in and go out as they were, under their own names.
#[tokio::test(flavor = "multi_thread")]
async fn good_files_come_back_as_they_were() {
    let test = TestApp::start().await;
    let (ann, _, record) = ann_with_record(&test).await;
    let upload = format!("{record}/attachments");
    let word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    let sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    for (name, shown, content, mime) in [
        ("报价 单.pdf", "报价 单.pdf", pdf(100), "application/pdf"),
        ("C:\\\\桌面\\\\合同.docx", "合同.docx", docx(), word),
        ("../../清单.xlsx", "清单.xlsx", xlsx(), sheet),
        ("旧合同.doc", "旧合同.doc", ole("/WordDocument"), "application/msword"),
        ("旧清单.XLS", "旧清单.XLS", ole("/Workbook"), "application/vnd.ms-excel"),
    ] {
        let reply = ann.upload(&upload, name, &content).await;
        let attachment = reply.created();
        assert_eq!((attachment["name"].as_str(), attachment["content_type"].as_str()), (Some(shown), Some(mime)));
        assert_eq!((attachment["size"].as_u64(), attachment["by_name"].as_str()), (Some(content.len() as u64), Some("安妮")));
        let path = format!("/attachments/{}", attachment["id"]);
        assert_eq!(reply.headers["location"], format!("/api/v1{path}"));
        let file = ann.get(&path).await;
        assert_eq!((file.status, &file.body), (200, &content));
        assert_eq!(file.headers["content-type"], mime);
        assert_eq!(file.headers["content-length"], content.len().to_string());
        assert_eq!(file.headers["x-content-type-options"], "nosniff");
        assert!(file.headers["content-security-policy"].to_str().unwrap().contains("sandbox"));
        assert_eq!(file.headers["cache-control"], "no-store");
        assert!(file.headers["content-disposition"].to_str().unwrap().starts_with("attachment; filename=\""));
    }
    let all = ann.get(&record).await.ok();
    let names: Vec<&str> = all["attachments"].as_array().unwrap().iter().map(|file| file["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["报价 单.pdf", "合同.docx", "清单.xlsx", "旧合同.doc", "旧清单.XLS"]);
    let list = ann.get("/follow-ups").await.ok();
    assert_eq!(list["items"][0]["attachments"], all["attachments"]);
    let first = ann.get(&format!("/attachments/{}", all["attachments"][0]["id"])).await;
    assert_eq!(
        first.headers["content-disposition"],
        "attachment; filename=\"__ _.pdf\"; filename*=UTF-8''%E6%8A%A5%E4%BB%B7%20%E5%8D%95.pdf"
    );
}

// S49: what is something else is refused with its reason, and nothing of it is kept.
#[tokio::test(flavor = "multi_thread")]
async fn other_files_are_refused_with_a_reason() {
    let test = TestApp::start().await;
    let (mut ann, _, record) = ann_with_record(&test).await;
    let upload = format!("{record}/attachments");
    let macros = archive(&[("[Content_Types].xml", TYPES), ("word/document.xml", b"<w/>"), ("word/vbaProject.bin", b"x")]);
    for (name, content, code) in [
        ("程序.pdf", b"MZ\x90\0\x03\0\0\0".to_vec(), "FILE_TYPE"),
        ("压缩包.docx", archive(&[("readme.txt", b"hi")]), "FILE_TYPE"),
        ("宏.docm", macros.clone(), "FILE_MACROS"),
        ("宏.docx", macros, "FILE_MACROS"),
        ("空.pdf", Vec::new(), "FILE_EMPTY"),
        ("其实是表.docx", xlsx(), "FILE_EXTENSION"),
        ("没有扩展名", pdf(100), "FILE_EXTENSION"),
    ] {
        let refused = ann.upload(&upload, name, &content).await.invalid(&["file"]);
        let (found, message) = file_problem(&refused);
        assert_eq!(found, code, "{name}");
        assert!(message.chars().any(|letter| letter > '\u{4e00}'), "{message}");
    }
    ann.language = "en";
    let refused = ann.upload(&upload, "空.pdf", b"").await.invalid(&["file"]);
    assert_eq!(file_problem(&refused).1, "The file is empty; please choose it again");
    ann.post(&upload, json!({})).await.refused(415, "UNSUPPORTED_MEDIA_TYPE");
    assert_eq!(kept(&test), 0);
    assert_eq!(ann.get(&record).await.ok()["attachments"], json!([]));
}

// S50: 10,485,760 bytes are taken; one more is 413 and nothing is stored.
#[tokio::test(flavor = "multi_thread")]
async fn ten_megabytes_and_not_a_byte_more() {
    let test = TestApp::start().await;
    let (ann, _, record) = ann_with_record(&test).await;
    let upload = format!("{record}/attachments");
    for size in [10_485_761, 10_485_760 + 70_000, 20_000_000] {
        ann.upload(&upload, "大.pdf", &pdf(size)).await.refused(413, "TOO_LARGE");
    }
    assert_eq!(kept(&test), 0);
    let largest = pdf(10_485_760);
    let attachment = ann.upload(&upload, "大.pdf", &largest).await.created();
    assert_eq!(attachment["size"], 10_485_760);
    assert_eq!(ann.get(&format!("/attachments/{}", attachment["id"])).await.body, largest);
    assert_eq!(kept(&test), 1);
}

// S50: the limit is per file; twenty files per record, the same content kept once.
#[tokio::test(flavor = "multi_thread")]
async fn twenty_files_per_record() {
    let test = TestApp::start().await;
    let (ann, _, record) = ann_with_record(&test).await;
    let upload = format!("{record}/attachments");
    for number in 0..20 {
        ann.upload(&upload, &format!("{number}.pdf"), &pdf(100)).await.created();
    }
    assert_eq!(file_problem(&ann.upload(&upload, "21.pdf", &pdf(100)).await.invalid(&["file"])).0, "TOO_MANY");
    assert_eq!(kept(&test), 1);
    let files = ann.get(&record).await.ok()["attachments"].clone();
    assert_eq!(files.as_array().unwrap().len(), 20);
    assert_eq!(ann.delete(&format!("/attachments/{}", files[0]["id"]), &json!(null)).await.status, 204);
    ann.upload(&upload, "21.pdf", &pdf(100)).await.created();
}

// I40, I56: a file is in sight exactly when its record is; out of scope is absent.
#[tokio::test(flavor = "multi_thread")]
async fn files_are_as_private_as_their_record() {
    let test = TestApp::start().await;
    let (ann, customer, record) = ann_with_record(&test).await;
    let (bob, cat, lea, fin) = (test.bob().await, test.cat().await, test.lea().await, test.fin().await);
    let upload = format!("{record}/attachments");
    let attachment = ann.upload(&upload, "报价.pdf", &pdf(100)).await.created();
    let path = format!("/attachments/{}", attachment["id"]);
    for outsider in [&bob, &cat] {
        let mut hidden = outsider.get(&path).await.refused(404, "NOT_FOUND");
        let mut absent = outsider.get("/attachments/999999").await.refused(404, "NOT_FOUND");
        hidden["request_id"].take();
        absent["request_id"].take();
        assert_eq!(hidden, absent);
        outsider.delete(&path, &json!(null)).await.refused(404, "NOT_FOUND");
        outsider.upload(&upload, "报价.pdf", &pdf(100)).await.refused(404, "NOT_FOUND");
    }
    test.stranger().get(&path).await.refused(401, "UNAUTHENTICATED");
    for insider in [&lea, &fin] {
        assert_eq!(insider.get(&path).await.status, 200);
    }
    fin.upload(&upload, "报价.pdf", &pdf(100)).await.refused(403, "FORBIDDEN");
    fin.delete(&path, &json!(null)).await.refused(403, "FORBIDDEN");
    let share = json!({ "grantee_type": "user", "grantee_id": cat.id(), "access": "read" });
    ann.post(&format!("/customers/{customer}/shares"), share).await.created();
    assert_eq!(cat.get(&path).await.status, 200);
    cat.upload(&upload, "报价.pdf", &pdf(100)).await.refused(403, "FORBIDDEN");
    cat.delete(&path, &json!(null)).await.refused(403, "FORBIDDEN");
}

// S49: whoever attached a file removes it within 24 h, later the manager; both steps stand in the timeline.
#[tokio::test(flavor = "multi_thread")]
async fn files_are_removed_early_by_their_author_later_by_the_manager() {
    let test = TestApp::start().await;
    let (ann, customer, record) = ann_with_record(&test).await;
    let upload = format!("{record}/attachments");
    let first = ann.upload(&upload, "一.pdf", &pdf(100)).await.created();
    let second = ann.upload(&upload, "二.pdf", &pdf(100)).await.created();
    let path = |attachment: &Value| format!("/attachments/{}", attachment["id"]);
    test.advance("2024-03-19T09:00:00+08:00").await;
    let (ann, lea) = (test.ann().await, test.lea().await);
    assert_eq!(ann.delete(&path(&first), &json!(null)).await.status, 204);
    ann.get(&path(&first)).await.refused(404, "NOT_FOUND");
    ann.delete(&path(&first), &json!(null)).await.refused(404, "NOT_FOUND");
    test.advance("2024-03-19T09:00:01+08:00").await;
    ann.delete(&path(&second), &json!(null)).await.refused(403, "FORBIDDEN");
    assert_eq!(lea.delete(&path(&second), &json!(null)).await.status, 204);
    let timeline = ann.get(&format!("/customers/{customer}/timeline")).await.ok();
    let titles: Vec<&str> = timeline["items"].as_array().unwrap().iter().map(|entry| entry["title"].as_str().unwrap()).collect();
    assert_eq!(&titles[..4], ["删除附件 二.pdf", "删除附件 一.pdf", "上传附件 二.pdf", "上传附件 一.pdf"]);
    assert_eq!(ann.get(&record).await.ok()["attachments"], json!([]));
}

// A repeated upload with the same key is one file; a wrong or missing part is named.
#[tokio::test(flavor = "multi_thread")]
async fn uploads_repeat_safely() {
    use axum::body::Body;
    use axum::http::{Method, header};
    let test = TestApp::start().await;
    let (ann, _, record) = ann_with_record(&test).await;
    let upload = format!("{record}/attachments");
    let send = async |part: &str, content: &[u8]| {
        let mut body = format!("--b\r\nContent-Disposition: form-data; {part}\r\n\r\n").into_bytes();
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n--b--\r\n");
        let request = ann.request(Method::POST, &upload).header(header::CONTENT_TYPE, "multipart/form-data; boundary=b");
        ann.send(request.header("idempotency-key", "one").body(Body::from(body)).unwrap()).await
    };
    // The way some programs send Chinese names.
    let named = "name=\"file\"; filename*=utf-8''%E6%8A%A5%E4%BB%B7.pdf";
    let first = send(named, &pdf(100)).await.created();
    assert_eq!(first["name"], "报价.pdf");
    assert_eq!(send(named, &pdf(100)).await.created(), first);
    send(named, &pdf(101)).await.invalid(&["Idempotency-Key"]);
    send("name=\"photo\"; filename=\"a.pdf\"", &pdf(100)).await.refused(400, "UNKNOWN_FIELD");
    send("name=\"file\"", b"just text").await.invalid(&["file"]);
    assert_eq!(ann.get(&record).await.ok()["attachments"].as_array().unwrap().len(), 1);
}

// S50: twenty files also when all are sent at once.
#[tokio::test(flavor = "multi_thread")]
async fn parallel_uploads_stop_at_twenty() {
    let test = TestApp::start().await;
    let (ann, _, record) = ann_with_record(&test).await;
    let sending: Vec<_> = (0..24)
        .map(|number| {
            let (ann, upload) = (ann.clone(), format!("{record}/attachments"));
            tokio::spawn(async move { ann.upload(&upload, &format!("{number}.pdf"), &pdf(100)).await.status })
        })
        .collect();
    let mut taken = 0;
    for sent in sending {
        taken += usize::from(sent.await.unwrap() == 201);
    }
    assert_eq!(taken, 20);
    assert_eq!(ann.get(&record).await.ok()["attachments"].as_array().unwrap().len(), 20);
}
