//! What an uploaded file really is, judged by its content and not by its name (S49).

use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use super::types::Lang;
use super::types::name::{is_harmful, narrow};

/// The kinds of file that can be attached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileKind {
    Pdf,
    Doc,
    Docx,
    Xls,
    Xlsx,
}

impl FileKind {
    const ALL: [FileKind; 5] = [FileKind::Pdf, FileKind::Doc, FileKind::Docx, FileKind::Xls, FileKind::Xlsx];

    /// The media type the file is served with.
    pub const fn mime(self) -> &'static str {
        match self {
            FileKind::Pdf => "application/pdf",
            FileKind::Doc => "application/msword",
            FileKind::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            FileKind::Xls => "application/vnd.ms-excel",
            FileKind::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }

    /// The extension that goes with it, lower case, without the dot.
    pub const fn extension(self) -> &'static str {
        match self {
            FileKind::Pdf => "pdf",
            FileKind::Doc => "doc",
            FileKind::Docx => "docx",
            FileKind::Xls => "xls",
            FileKind::Xlsx => "xlsx",
        }
    }

    /// The kind behind a media type that [`mime`](Self::mime) gave.
    pub fn from_mime(mime: &str) -> Option<FileKind> {
        Self::ALL.into_iter().find(|kind| kind.mime() == mime)
    }

    const fn words(self) -> &'static str {
        match self {
            FileKind::Pdf => "PDF",
            FileKind::Doc => "Word (.doc)",
            FileKind::Docx => "Word (.docx)",
            FileKind::Xls => "Excel (.xls)",
            FileKind::Xlsx => "Excel (.xlsx)",
        }
    }
}

/// Why a file is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SniffError {
    Empty,
    /// None of the kinds we take.
    UnknownContent,
    /// A zip archive or OLE container that holds neither a Word nor an Excel document.
    NotOffice,
    Damaged,
    Encrypted,
    MacroEnabled,
    /// A good file whose name ends differently.
    WrongExtension {
        content: FileKind,
    },
    TooManyParts,
    TooLargeUnpacked,
    UnsafeNames,
    /// Our own disk failed, not the sender's file.
    Unreadable(io::ErrorKind),
}

impl SniffError {
    /// The machine's word, never changed once published.
    pub const fn code(self) -> &'static str {
        match self {
            SniffError::Empty => "FILE_EMPTY",
            SniffError::UnknownContent | SniffError::NotOffice => "FILE_TYPE",
            SniffError::Damaged => "FILE_DAMAGED",
            SniffError::Encrypted => "FILE_ENCRYPTED",
            SniffError::MacroEnabled => "FILE_MACROS",
            SniffError::WrongExtension { .. } => "FILE_EXTENSION",
            SniffError::TooManyParts | SniffError::TooLargeUnpacked | SniffError::UnsafeNames => "FILE_UNSAFE",
            SniffError::Unreadable(_) => "FILE_UNREADABLE",
        }
    }

    /// The sentence the sender reads.
    pub fn message(self, lang: Lang) -> String {
        let (chinese, english) = match self {
            SniffError::Empty => ("文件是空的，请重新选择", "The file is empty; please choose it again"),
            SniffError::UnknownContent => (
                "只能上传 PDF、Word、Excel 文件；这个文件的内容不是其中任何一种",
                "Only PDF, Word and Excel files can be attached; the content of this one is none of them",
            ),
            SniffError::NotOffice => ("这个文件里没有 Word 或 Excel 文档", "There is no Word or Excel document in this file"),
            SniffError::Damaged => ("文件已损坏或不完整，请重新保存后再上传", "The file is damaged or incomplete; please save it anew"),
            SniffError::Encrypted => {
                ("文件设有打开密码，请去掉密码后再上传", "The file is protected by a password; please remove it first")
            }
            SniffError::MacroEnabled => {
                ("文件含有宏，请另存为不含宏的格式后再上传", "The file contains macros; please save it without them")
            }
            SniffError::WrongExtension { content } => {
                return match lang {
                    Lang::Zh => format!("文件内容是 {}，与扩展名不一致，请改为 .{}", content.words(), content.extension()),
                    Lang::En => format!(
                        "The content is {}, which the name does not say; please rename it to .{}",
                        content.words(),
                        content.extension()
                    ),
                };
            }
            SniffError::TooManyParts => ("文件内部的部件过多，无法接收", "The file holds too many parts"),
            SniffError::TooLargeUnpacked => ("文件解压后过大，无法接收", "The file is too large when unpacked"),
            SniffError::UnsafeNames => ("文件内部含有不安全的路径，无法接收", "The file holds unsafe paths"),
            SniffError::Unreadable(_) => ("服务器读取文件失败，请稍后重试", "The server could not read the file; please try again later"),
        };
        match lang {
            Lang::Zh => chinese,
            Lang::En => english,
        }
        .to_owned()
    }
}

impl std::fmt::Display for SniffError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

impl std::error::Error for SniffError {}

const MOST_PARTS: usize = 1_000;
/// Bytes, all parts together.
const LARGEST_UNPACKED: u64 = 100 * 1024 * 1024;
/// Times the size of the file itself.
const LARGEST_RATIO: u64 = 100;
const OLE: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// Judges the file at `path`, which its sender calls `name`.
pub fn sniff_path(path: &Path, name: &str) -> Result<FileKind, SniffError> {
    let file = std::fs::File::open(path).map_err(|error| SniffError::Unreadable(error.kind()))?;
    sniff(BufReader::new(file), name)
}

/// Judges a file by its content; then the extension of `name` must agree.
pub fn sniff<R: Read + Seek>(mut file: R, name: &str) -> Result<FileKind, SniffError> {
    let mut start = Vec::new();
    let size =
        file.seek(SeekFrom::End(0)).and_then(|size| file.rewind().map(|()| size)).map_err(|error| SniffError::Unreadable(error.kind()))?;
    file.by_ref().take(8).read_to_end(&mut start).map_err(|error| SniffError::Unreadable(error.kind()))?;
    file.rewind().map_err(|error| SniffError::Unreadable(error.kind()))?;

    let content = match start.as_slice() {
        [] => return Err(SniffError::Empty),
        [b'%', b'P', b'D', b'F', b'-', ..] => FileKind::Pdf,
        [b'P', b'K', 3, 4, ..] => office_archive(file, size)?,
        OLE => ole_document(file)?,
        _ => return Err(SniffError::UnknownContent),
    };
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.chars().map(narrow).collect::<String>());
    if extension.is_some_and(|extension| extension.trim().eq_ignore_ascii_case(content.extension())) {
        Ok(content)
    } else {
        Err(SniffError::WrongExtension { content })
    }
}

/// .doc and .xls. Embedded documents have storages of their own, so only the root says what the file is.
fn ole_document<R: Read + Seek>(file: R) -> Result<FileKind, SniffError> {
    let document = cfb::CompoundFile::open(file).map_err(|error| broken(&error))?;
    let has = |wanted: &[&str]| {
        document.read_root_storage().any(|entry| entry.is_stream() && wanted.iter().any(|name| entry.name().eq_ignore_ascii_case(name)))
    };
    if has(&["EncryptedPackage"]) {
        return Err(SniffError::Encrypted);
    }
    let kind = match (has(&["WordDocument"]), has(&["Workbook", "Book"])) {
        (true, false) => FileKind::Doc,
        (false, true) => FileKind::Xls,
        _ => return Err(SniffError::NotOffice),
    };
    if document.walk().any(|entry| ["VBA", "_VBA_PROJECT", "_VBA_PROJECT_CUR"].iter().any(|name| entry.name().eq_ignore_ascii_case(name))) {
        return Err(SniffError::MacroEnabled);
    }
    Ok(kind)
}

/// .docx and .xlsx. Everything is unpacked once and counted, because the sizes an archive declares may be lies.
fn office_archive<R: Read + Seek>(file: R, size: u64) -> Result<FileKind, SniffError> {
    let config = zip::read::Config { archive_offset: zip::read::ArchiveOffset::Known(0) };
    let mut archive = zip::ZipArchive::with_config(config, file).map_err(|error| damaged(&error))?;
    if archive.len() > MOST_PARTS {
        return Err(SniffError::TooManyParts);
    }

    let mut word = false;
    let mut excel = false;
    let mut macros = false;
    let mut types = None;
    for index in 0..archive.len() {
        let part = archive.by_index_raw(index).map_err(|error| damaged(&error))?;
        if part.encrypted() {
            return Err(SniffError::Encrypted);
        }
        let name =
            std::str::from_utf8(part.name_raw()).map_or_else(|_| String::from_utf8_lossy(part.name_raw()).into_owned(), str::to_owned);
        if !is_safe(&name) {
            return Err(SniffError::UnsafeNames);
        }
        let name = name.to_ascii_lowercase();
        word |= name == "word/document.xml";
        excel |= name == "xl/workbook.xml";
        macros |= name.ends_with("vbaproject.bin") || name.starts_with("xl/macrosheets/");
        if name == "[content_types].xml" {
            types = Some(index);
        }
    }
    let kind = match (word, excel) {
        (true, false) => Some(FileKind::Docx),
        (false, true) => Some(FileKind::Xlsx),
        _ => None,
    };

    // A document of a few kilobytes may be squeezed well; what matters is what unpacking it costs.
    let most = LARGEST_UNPACKED.min(size.saturating_mul(LARGEST_RATIO).max(1024 * 1024));
    let mut unpacked = 0;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|error| damaged(&error))?;
        let mut part = part.take(most - unpacked + 1);
        if types == Some(index) {
            let mut text = Vec::new();
            unpacked += part.read_to_end(&mut text).map_err(|error| broken(&error))? as u64;
            macros |= names_macros(&text);
        } else {
            unpacked += io::copy(&mut part, &mut io::sink()).map_err(|error| broken(&error))?;
        }
        if unpacked > most {
            return Err(SniffError::TooLargeUnpacked);
        }
    }
    match kind {
        None => Err(SniffError::NotOffice),
        Some(_) if macros => Err(SniffError::MacroEnabled),
        Some(kind) => Ok(kind),
    }
}

/// Whether the list of content types, in UTF-8 or UTF-16, speaks of macros: the project may be stored under any name.
fn names_macros(types: &[u8]) -> bool {
    let letters: Vec<u8> = types.iter().filter(|byte| **byte != 0).map(u8::to_ascii_lowercase).collect();
    [b"macroenabled".as_slice(), b"vbaproject"].iter().any(|word| letters.windows(word.len()).any(|window| window == *word))
}

/// Relative, and never upwards.
fn is_safe(name: &str) -> bool {
    let absolute = name.starts_with(['/', '\\']) || name.as_bytes().get(1) == Some(&b':');
    !name.is_empty() && !absolute && !name.contains('\0') && name.split(['/', '\\']).all(|step| step != "..")
}

fn damaged(error: &zip::result::ZipError) -> SniffError {
    match error {
        zip::result::ZipError::Io(error) => broken(error),
        _ => SniffError::Damaged,
    }
}

/// The parsers report nonsense in the file as one of these kinds; anything else comes from the disk.
fn broken(error: &io::Error) -> SniffError {
    match error.kind() {
        io::ErrorKind::InvalidData
        | io::ErrorKind::InvalidInput
        | io::ErrorKind::UnexpectedEof
        | io::ErrorKind::NotFound
        | io::ErrorKind::Other
        | io::ErrorKind::Unsupported => SniffError::Damaged,
        kind => SniffError::Unreadable(kind),
    }
}

/// The name a file is shown under, at most 200 characters: without any path, without characters that cannot be shown (S49).
/// Never a place on a disk.
pub fn display_name(original: &str) -> String {
    let last = original.rsplit(['/', '\\']).next().unwrap_or_default();
    let visible: String = last
        .chars()
        .filter(|letter| !is_harmful(*letter) && !matches!(letter, '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{200B}'))
        .collect();
    let drive = visible.as_bytes().first().is_some_and(u8::is_ascii_alphabetic) && visible.as_bytes().get(1) == Some(&b':');
    let name = if drive { &visible[2..] } else { &visible }.trim().trim_end_matches(['.', ' ']);
    if name.is_empty() {
        return "未命名".to_owned();
    }
    let length = name.chars().count();
    if length <= 200 {
        return name.to_owned();
    }
    // The extension stays, or nobody could open what was downloaded.
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) if extension.chars().count() <= 10 => (stem, format!(".{extension}")),
        _ => (name, String::new()),
    };
    let kept: String = stem.chars().take(200 - extension.chars().count()).collect();
    kept + &extension
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use proptest::prelude::*;
    use zip::write::SimpleFileOptions;

    use super::*;

    const PLAIN_TYPES: &str = r#"<Types><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#;
    const MACRO_TYPES: &str =
        r#"<Types><Override PartName="/word/document.xml" ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>"#;

    fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in parts {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(content).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn docx() -> Vec<u8> {
        archive(&[
            ("[Content_Types].xml", PLAIN_TYPES.as_bytes()),
            ("_rels/.rels", b"<r/>"),
            ("word/document.xml", "<w:t>合同</w:t>".as_bytes()),
        ])
    }

    fn xlsx() -> Vec<u8> {
        archive(&[("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<workbook/>"), ("xl/worksheets/sheet1.xml", b"<sheet/>")])
    }

    fn ole(streams: &[&str]) -> Vec<u8> {
        let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        for path in streams {
            if let Some((storage, _)) = path.rsplit_once('/') {
                file.create_storage_all(storage).unwrap();
            }
            file.create_stream(path).unwrap().write_all(&[7; 5000]).unwrap();
        }
        file.flush().unwrap();
        file.into_inner().into_inner()
    }

    fn judge(bytes: &[u8], name: &str) -> Result<FileKind, SniffError> {
        sniff(Cursor::new(bytes), name)
    }

    /// Overwrites every copy of `from`, in local headers and in the directory.
    fn replace(bytes: &mut [u8], from: &[u8], to: &[u8]) {
        assert_eq!(from.len(), to.len());
        let places: Vec<usize> = bytes.windows(from.len()).enumerate().filter(|(_, window)| *window == from).map(|(at, _)| at).collect();
        assert!(!places.is_empty());
        for at in places {
            bytes[at..at + to.len()].copy_from_slice(to);
        }
    }

    // S49
    #[test]
    fn pdf_word_and_excel_are_taken() {
        for (bytes, name, kind) in [
            (b"%PDF-1.7\n%%EOF".to_vec(), "方案.pdf", FileKind::Pdf),
            (b"%PDF-1.4".to_vec(), "REPORT.PDF", FileKind::Pdf),
            (docx(), "合同.docx", FileKind::Docx),
            (docx(), "合同 v1.2.final.DOCX", FileKind::Docx),
            (docx(), "合同．ｄｏｃｘ.docx", FileKind::Docx),
            (archive(&[("word/document.xml", b"<w/>")]), "少.docx", FileKind::Docx),
            (xlsx(), "报价.xlsx", FileKind::Xlsx),
            (ole(&["/WordDocument", "/1Table"]), "旧.doc", FileKind::Doc),
            (ole(&["/Workbook"]), "旧.xls", FileKind::Xls),
            (ole(&["/Book"]), "更旧.xls", FileKind::Xls),
            (ole(&["/WordDocument", "/ObjectPool/_1/Workbook"]), "含表格.doc", FileKind::Doc),
        ] {
            assert_eq!(judge(&bytes, name), Ok(kind), "{name}");
            assert_eq!(FileKind::from_mime(kind.mime()), Some(kind));
        }
    }

    // S49
    #[test]
    fn everything_else_is_refused_with_its_reason() {
        let docm =
            archive(&[("[Content_Types].xml", MACRO_TYPES.as_bytes()), ("word/document.xml", b"<w/>"), ("word/vbaProject.bin", b"x")]);
        let hidden_macro = archive(&[
            ("[Content_Types].xml", br#"<Override PartName="/word/a.bin" ContentType="application/vnd.ms-office.VBAPROJECT"/>"#),
            ("word/document.xml", b"<w/>"),
            ("word/a.bin", b"x"),
        ]);
        let wide: Vec<u8> = MACRO_TYPES.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let utf16_macro = archive(&[("[Content_Types].xml", &wide), ("word/document.xml", b"<w/>")]);
        let xlsm = archive(&[("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<w/>"), ("xl/vbaProject.bin", b"x")]);
        let old_macros = archive(&[("xl/workbook.xml", b"<w/>"), ("xl/macrosheets/sheet1.xml", b"x")]);
        let mut truncated = docx();
        truncated.truncate(truncated.len() / 2);
        let mut scrambled = docx();
        replace(&mut scrambled, b"word/document.xml", b"word/document.xmm");
        let mut behind_exe = b"MZ\x90\0".to_vec();
        behind_exe.extend(docx());
        let mut upwards = archive(&[("word/document.xml", b"<w/>"), ("aa/aaaaaaaa", b"x")]);
        replace(&mut upwards, b"aa/aaaaaaaa", b"../../etc/x");
        let mut absolute = archive(&[("word/document.xml", b"<w/>"), ("aaaaaaaaaaa", b"x")]);
        replace(&mut absolute, b"aaaaaaaaaaa", b"/etc/passwd");
        let mut backslashes = archive(&[("word/document.xml", b"<w/>"), ("aaaaaaa", b"x")]);
        replace(&mut backslashes, b"aaaaaaa", b"..\\..\\x");
        let mut drive = archive(&[("word/document.xml", b"<w/>"), ("aaaaaa", b"x")]);
        replace(&mut drive, b"aaaaaa", b"C:\\x.y");
        let mut cut_ole = ole(&["/WordDocument"]);
        cut_ole.truncate(600);

        let cases: Vec<(&str, Vec<u8>, SniffError)> = vec![
            ("空.pdf", vec![], SniffError::Empty),
            ("程序.pdf", b"MZ\x90\0\x03\0\0\0".to_vec(), SniffError::UnknownContent),
            ("elf.pdf", b"\x7fELF\x02\x01\x01\0\0".to_vec(), SniffError::UnknownContent),
            ("文字.pdf", "不是 PDF".into(), SniffError::UnknownContent),
            ("late.pdf", b"\n%PDF-1.7".to_vec(), SniffError::UnknownContent),
            ("short.pdf", b"%PDF".to_vec(), SniffError::UnknownContent),
            ("one.pdf", b"%".to_vec(), SniffError::UnknownContent),
            ("页面.docx", b"<html><script>".to_vec(), SniffError::UnknownContent),
            ("图.pdf", b"\x89PNG\r\n\x1a\n".to_vec(), SniffError::UnknownContent),
            ("富文本.doc", br"{\rtf1 hello}".to_vec(), SniffError::UnknownContent),
            ("表.xls", b"a,b,c\n1,2,3".to_vec(), SniffError::UnknownContent),
            ("rar.docx", b"Rar!\x1a\x07\x01\0".to_vec(), SniffError::UnknownContent),
            ("自解压.docx", behind_exe, SniffError::UnknownContent),
            ("压缩包.docx", archive(&[("readme.txt", b"hi")]), SniffError::NotOffice),
            ("空包.docx", b"PK\x05\x06".iter().copied().chain([0; 18]).collect(), SniffError::UnknownContent),
            ("幻灯片.docx", archive(&[("[Content_Types].xml", b"<Types/>"), ("ppt/presentation.xml", b"<p/>")]), SniffError::NotOffice),
            ("二进制.xlsx", archive(&[("[Content_Types].xml", b"<Types/>"), ("xl/workbook.bin", b"x")]), SniffError::NotOffice),
            ("两样.docx", archive(&[("word/document.xml", b"<w/>"), ("xl/workbook.xml", b"<w/>")]), SniffError::NotOffice),
            ("改名.docx", scrambled, SniffError::NotOffice),
            ("宏.docm", docm.clone(), SniffError::MacroEnabled),
            ("宏.docx", docm, SniffError::MacroEnabled),
            ("藏起来的宏.docx", hidden_macro, SniffError::MacroEnabled),
            ("utf16.docx", utf16_macro, SniffError::MacroEnabled),
            ("宏.xlsm", xlsm.clone(), SniffError::MacroEnabled),
            ("宏.xlsx", xlsm, SniffError::MacroEnabled),
            ("旧宏.xlsx", old_macros, SniffError::MacroEnabled),
            ("旧宏.doc", ole(&["/WordDocument", "/Macros/VBA/dir"]), SniffError::MacroEnabled),
            ("旧宏.xls", ole(&["/Workbook", "/_VBA_PROJECT_CUR/VBA/dir"]), SniffError::MacroEnabled),
            ("加密.docx", ole(&["/EncryptedPackage", "/EncryptionInfo"]), SniffError::Encrypted),
            ("半个.docx", truncated, SniffError::Damaged),
            ("头.docx", b"PK\x03\x04".to_vec(), SniffError::Damaged),
            ("半个.doc", cut_ole, SniffError::Damaged),
            ("头.doc", OLE.to_vec(), SniffError::Damaged),
            ("邮件.doc", ole(&["/__properties_version1.0"]), SniffError::NotOffice),
            ("两样.doc", ole(&["/WordDocument", "/Workbook"]), SniffError::NotOffice),
            ("其实是表.doc", ole(&["/Workbook"]), SniffError::WrongExtension { content: FileKind::Xls }),
            ("其实是字.xls", ole(&["/WordDocument"]), SniffError::WrongExtension { content: FileKind::Doc }),
            ("其实是pdf.docx", b"%PDF-1.7".to_vec(), SniffError::WrongExtension { content: FileKind::Pdf }),
            ("其实是docx.pdf", docx(), SniffError::WrongExtension { content: FileKind::Docx }),
            ("其实是xlsx.docx", xlsx(), SniffError::WrongExtension { content: FileKind::Xlsx }),
            ("其实是docx.doc", docx(), SniffError::WrongExtension { content: FileKind::Docx }),
            ("程序.pdf.exe", b"%PDF-1.7".to_vec(), SniffError::WrongExtension { content: FileKind::Pdf }),
            ("没有扩展名", b"%PDF-1.7".to_vec(), SniffError::WrongExtension { content: FileKind::Pdf }),
            ("pdf", b"%PDF-1.7".to_vec(), SniffError::WrongExtension { content: FileKind::Pdf }),
            ("向上.docx", upwards, SniffError::UnsafeNames),
            ("绝对.docx", absolute, SniffError::UnsafeNames),
            ("反斜杠.docx", backslashes, SniffError::UnsafeNames),
            ("盘符.docx", drive, SniffError::UnsafeNames),
        ];
        for (name, bytes, reason) in cases {
            assert_eq!(judge(&bytes, name), Err(reason), "{name}");
            assert!(!reason.message(Lang::Zh).is_empty() && !reason.message(Lang::En).is_empty());
        }
    }

    #[test]
    fn bombs_are_not_unpacked() {
        let zeros = vec![0; 30 * 1024 * 1024];
        let bomb =
            archive(&[("[Content_Types].xml", PLAIN_TYPES.as_bytes()), ("word/document.xml", b"<w/>"), ("word/media/a.bmp", &zeros)]);
        assert!(bomb.len() < 100_000);
        assert_eq!(judge(&bomb, "炸弹.docx"), Err(SniffError::TooLargeUnpacked));

        // The same with a lie about the size in both headers.
        let mut lying = bomb;
        let (declared, claimed) = ((30u32 * 1024 * 1024).to_le_bytes(), 10u32.to_le_bytes());
        replace(&mut lying, &declared, &claimed);
        assert!(matches!(judge(&lying, "炸弹.docx"), Err(SniffError::TooLargeUnpacked | SniffError::Damaged)));

        let names: Vec<String> = (0..1001).map(|number| format!("word/{number}.xml")).collect();
        let mut parts: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), b"".as_slice())).collect();
        parts[0] = ("word/document.xml", b"<w/>");
        assert_eq!(judge(&archive(&parts), "碎.docx"), Err(SniffError::TooManyParts));
        assert_eq!(judge(&archive(&parts[..1000]), "刚好.docx"), Ok(FileKind::Docx));
    }

    #[test]
    fn encrypted_parts_are_named_as_such() {
        let mut locked = docx();
        // Bit 0 of the flags, six bytes into a local header and eight into a directory entry.
        for (signature, flags) in [(b"PK\x03\x04", 6), (b"PK\x01\x02", 8)] {
            let places: Vec<usize> = locked.windows(4).enumerate().filter(|(_, window)| window == signature).map(|(at, _)| at).collect();
            for at in places {
                locked[at + flags] |= 1;
            }
        }
        assert_eq!(judge(&locked, "锁.docx"), Err(SniffError::Encrypted));
    }

    #[test]
    fn files_are_judged_where_they_lie() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("0a1b2c");
        std::fs::write(&path, docx()).unwrap();
        assert_eq!(sniff_path(&path, "合同.docx"), Ok(FileKind::Docx));
        assert_eq!(sniff_path(&directory.path().join("none"), "合同.docx"), Err(SniffError::Unreadable(io::ErrorKind::NotFound)));
    }

    // S49
    #[test]
    fn names_are_for_showing_only() {
        for (original, shown) in [
            ("合同 最终版.docx", "合同 最终版.docx"),
            ("C:\\Users\\张三\\合同.docx", "合同.docx"),
            ("/home/li/合同.docx", "合同.docx"),
            ("../../etc/passwd", "passwd"),
            ("..\\..\\windows\\a.pdf", "a.pdf"),
            ("C:a.pdf", "a.pdf"),
            ("a\0b\r\n.pdf", "ab.pdf"),
            ("a\u{202E}fdp.exe", "afdp.exe"),
            ("  报价.xlsx . ", "报价.xlsx"),
            ("", "未命名"),
            ("..", "未命名"),
            ("a/", "未命名"),
            ("\n", "未命名"),
            ("<img src=x>.pdf", "<img src=x>.pdf"),
            (".pdf", ".pdf"),
        ] {
            assert_eq!(display_name(original), shown, "{original:?}");
        }
        let long = display_name(&format!("{}.docx", "长".repeat(300)));
        assert_eq!(long.chars().count(), 200);
        assert!(long.ends_with("长.docx"));
        assert_eq!(display_name(&"长".repeat(300)).chars().count(), 200);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn no_content_upsets_the_judge(which in 0..4usize, changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12), cut in any::<prop::sample::Index>(), shorten in any::<bool>()) {
            let mut bytes = match which {
                0 => docx(),
                1 => xlsx(),
                2 => ole(&["/WordDocument", "/Macros/VBA/dir"]),
                _ => ole(&["/Workbook"]),
            };
            for (at, byte) in changes {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            if shorten {
                bytes.truncate(cut.index(bytes.len()));
            }
            let _ = judge(&bytes, "a.docx");
        }

        #[test]
        fn shown_names_are_harmless(original in "\\PC{0,260}|(\\PC|[\\x00-\\x1f/\\\\.: ]){0,40}") {
            let shown = display_name(&original);
            prop_assert!(!shown.is_empty() && shown.chars().count() <= 200);
            prop_assert!(!shown.contains(['/', '\\']) && !shown.chars().any(char::is_control) && shown != ".." && shown != ".");
        }
    }
}
