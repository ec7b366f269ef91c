//! Reading a spreadsheet somebody sent. Whoever wrote it is not trusted: it is read by a child process of its own, which has little
//! memory and little time and says line by line what stands in the file (`chengdan parse-sheet`).

mod csv;
mod parent;
mod table;
mod xlsx;
mod xml;

use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::platform::types::FieldCode;
use crate::words;

pub use parent::Reading;
use table::Table;

/// Rows below the header at most.
pub const MOST_ROWS: i64 = 50_000;
/// Columns at most.
pub const MOST_COLUMNS: usize = 100;
/// Bytes of the file at most.
pub const LARGEST: u64 = 10 * 1024 * 1024;
/// Characters of a cell at most: as many as Excel allows.
const LONGEST_CELL: usize = 32_767;
/// Bytes of all cells together at most.
const MOST_TEXT: usize = 64 * 1024 * 1024;
/// Bytes of everything that is unpacked at most.
const MOST_UNPACKED: u64 = 200 * 1024 * 1024;
/// Memory the child may address.
const MOST_MEMORY: u64 = 768 * 1024 * 1024;
/// Processor seconds the child may use.
const MOST_SECONDS: u64 = 60;

words! {
    /// Why a file is not read.
    pub enum SheetError {
        /// A text in UTF-16.
        Utf16 = "SHEET_UTF16",
        /// A text neither in UTF-8 nor in GBK.
        Encoding = "SHEET_ENCODING",
        /// NUL bytes in what should be a text.
        Binary = "SHEET_BINARY",
        /// Neither a workbook nor a text.
        NotASheet = "SHEET_NOT_A_SHEET",
        /// The format of Excel 97–2003, or a workbook with a password.
        OldOrLocked = "SHEET_OLD_OR_LOCKED",
        /// A damaged archive.
        BrokenZip = "SHEET_BROKEN_ZIP",
        /// A damaged part.
        BrokenXml = "SHEET_BROKEN_XML",
        /// A document type or entity, which no spreadsheet program writes.
        Hostile = "SHEET_HOSTILE",
        /// Too much when unpacked.
        TooBig = "SHEET_TOO_BIG",
        /// Too many rows.
        TooManyRows = "SHEET_TOO_MANY_ROWS",
        /// Too many columns.
        TooManyColumns = "SHEET_TOO_MANY_COLUMNS",
        /// A cell with too much in it.
        CellTooLong = "SHEET_CELL_TOO_LONG",
        /// No header, or nothing below it.
        Empty = "SHEET_EMPTY",
        /// Two columns with the same name.
        DuplicateHeader = "SHEET_DUPLICATE_HEADER",
        /// A quotation mark that is never closed.
        OpenQuote = "SHEET_OPEN_QUOTE",
        /// The child used up its time.
        TooSlow = "SHEET_TOO_SLOW",
        /// The child fell.
        Unreadable = "SHEET_UNREADABLE",
    }
}

impl SheetError {
    /// What the person reads beside the file.
    pub fn field_code(self) -> FieldCode {
        let (zh, en) = match self {
            SheetError::Utf16 => {
                ("文件是 UTF-16 编码，请另存为 UTF-8 编码的 CSV 或 .xlsx", "The file is in UTF-16; save it as CSV in UTF-8 or as .xlsx")
            }
            SheetError::Encoding => {
                ("无法识别文件编码，请另存为 UTF-8 编码的 CSV 或 .xlsx", "The encoding is unknown; save it as CSV in UTF-8 or as .xlsx")
            }
            SheetError::Binary => ("文件含有空字节，不是文本文件", "The file contains NUL bytes and is no text"),
            SheetError::NotASheet => ("请上传 .xlsx 或 .csv 文件", "Please upload an .xlsx or .csv file"),
            SheetError::OldOrLocked => (
                "不支持旧版 .xls 或加密的工作簿，请另存为不加密的 .xlsx",
                "Old .xls files and workbooks with a password are not read; save it as .xlsx without a password",
            ),
            SheetError::BrokenZip => ("文件已损坏，请重新保存后再上传", "The file is damaged; save it again and upload that"),
            SheetError::BrokenXml => ("工作簿内容已损坏，请重新保存后再上传", "The workbook is damaged; save it again and upload that"),
            SheetError::Hostile => ("文件含有不允许的内容", "The file contains what is not allowed"),
            SheetError::TooBig => ("文件解压后过大", "The file is too large when unpacked"),
            SheetError::TooManyRows => ("最多 50,000 行，请拆分后再上传", "At most 50,000 rows; please split the file"),
            SheetError::TooManyColumns => ("最多 100 列", "At most 100 columns"),
            SheetError::CellTooLong => ("有单元格超过 32,767 个字", "A cell has more than 32,767 characters"),
            SheetError::Empty => ("文件里没有数据", "There is nothing in the file"),
            SheetError::DuplicateHeader => ("表头有重复的列名", "Two columns have the same name"),
            SheetError::OpenQuote => ("有引号没有闭合", "A quotation mark is never closed"),
            SheetError::TooSlow => ("文件太复杂，读取超时", "The file is too complicated to be read in time"),
            SheetError::Unreadable => ("文件无法读取", "The file cannot be read"),
        };
        FieldCode::Rule { code: self.word(), zh, en }
    }
}

/// What the child says, one JSON text per line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    /// The names of the columns, first.
    Header(Vec<String>),
    /// A row that is not empty.
    Row(SheetRow),
    /// All was read; so many rows.
    End(i64),
    /// It is not read, and why.
    Refused(SheetError),
}

/// A row of the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SheetRow {
    /// The line, as the spreadsheet program counts.
    pub line: i64,
    /// The cells as text.
    pub cells: Vec<String>,
}

/// The child's whole life: binds itself, reads the file, tells on standard output. Ends with 0 also when it refuses the file.
pub fn child(path: &Path) -> std::io::Result<()> {
    bind()?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut told = |line: &Line| -> std::io::Result<()> {
        serde_json::to_writer(&mut out, line)?;
        out.write_all(b"\n")
    };
    let last = match read(path, &mut told) {
        Ok(rows) => Line::End(rows),
        Err(reason) => Line::Refused(reason),
    };
    told(&last)?;
    out.flush()
}

/// Gives up what a reader of files does not need, before the file is opened.
fn bind() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        rlimit::Resource::AS.set(MOST_MEMORY, MOST_MEMORY)?;
        rlimit::Resource::CPU.set(MOST_SECONDS, MOST_SECONDS)?;
        rlimit::Resource::CORE.set(0, 0)?;
        rlimit::Resource::FSIZE.set(0, 0)?;
    }
    Ok(())
}

type Tell<'t> = dyn FnMut(&Line) -> std::io::Result<()> + 't;

fn read(path: &Path, tell: &mut Tell) -> Result<i64, SheetError> {
    let mut file = File::open(path).map_err(|_| SheetError::Unreadable)?;
    let mut head = [0_u8; 8];
    let mut have = 0;
    while have < head.len() {
        match file.read(&mut head[have..]) {
            Ok(0) => break,
            Ok(more) => have += more,
            Err(_) => return Err(SheetError::Unreadable),
        }
    }
    let mut table = Table::new(tell);
    match &head[..have] {
        [] => return Err(SheetError::Empty),
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => xlsx::read(path, &mut table)?,
        [0xd0, 0xcf, 0x11, 0xe0, ..] => return Err(SheetError::OldOrLocked),
        [b'%', b'P', b'D', b'F', ..] | [0x89, b'P', b'N', b'G', ..] | [0xff, 0xd8, 0xff, ..] => return Err(SheetError::NotASheet),
        _ => csv::read(path, &mut table)?,
    }
    table.done()
}
