//! CSV: UTF-8 with or without byte order mark, else GB18030; separated by commas, semicolons or tabs.

use super::{Cells, Flow, MAX_CELL_BYTES, MAX_ROWS, Row, Source, TableError};
use crate::domain::sheet::unguarded;
use encoding_rs::{Decoder, DecoderResult, Encoding, GB18030, UTF_8};
use std::io::{Read, SeekFrom};

/// Bytes read at a time.
const STEP: usize = 32 * 1024;
/// Most bytes of a record: a quote that is never closed would else make the rest of the file one cell.
const RECORD: usize = 8 * MAX_CELL_BYTES;
/// How much of the beginning tells what separates the cells.
const FIRST_LINE: usize = 16 * 1024;

/// A CSV file that has been looked through once.
#[derive(Debug)]
pub(super) struct CsvTable<S> {
    source: S,
    size: u64,
    encoding: &'static Encoding,
    /// Lines end in CR alone, as on old Macintoshes.
    ends_in_cr: bool,
    separator: u8,
}

impl<S: Source> CsvTable<S> {
    /// Judges every byte: the encoding, the line ends, and that there is something.
    pub(super) fn open(mut source: S, size: u64) -> Result<CsvTable<S>, TableError> {
        let (encoding, seen) = match Seen::of(&mut source, UTF_8)? {
            Ok(seen) => (UTF_8, seen),
            Err(has_mark) if has_mark => return Err(TableError::Encoding),
            Err(_) => (GB18030, Seen::of(&mut source, GB18030)?.map_err(|_| TableError::Encoding)?),
        };
        if !seen.has_words {
            return Err(TableError::Empty);
        }
        let separator = separator(&seen.beginning);
        Ok(CsvTable { source, size, encoding, ends_in_cr: seen.has_cr && !seen.has_lf, separator })
    }

    pub(super) fn kind(&self) -> &'static str {
        if self.encoding == GB18030 { "CSV（GB18030 编码）" } else { "CSV（UTF-8 编码）" }
    }

    pub(super) fn rows(&mut self, each: &mut dyn FnMut(Row<'_>) -> Flow) -> Result<(), TableError> {
        self.source.seek(SeekFrom::Start(0)).map_err(|_| TableError::Io)?;
        let text = Text::new(&mut self.source, self.encoding, Some(self.ends_in_cr));
        // With LF alone as the end of a record the reader counts lines exactly; the CR before it is cut off below.
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(self.separator)
            .terminator(csv::Terminator::Any(b'\n'))
            .from_reader(text);
        let mut record = csv::ByteRecord::new();
        let mut cells = Cells::default();
        let (mut number, mut line) = (0_usize, reader.position().line());
        loop {
            reader.get_mut().begin_record();
            let more = reader.read_byte_record(&mut record).map_err(|error| match error.into_kind() {
                csv::ErrorKind::Io(error) => match TableError::of_io(&error, TableError::Io) {
                    TableError::LongCell(_) => TableError::LongCell(number + 1),
                    error => error,
                },
                _ => TableError::Encoding,
            })?;
            if !more {
                return Ok(());
            }
            let end = reader.position().line();
            // The reader passes over blank lines; rows keep their numbers all the same.
            let inside = record.iter().flatten().filter(|byte| **byte == b'\n').count();
            let passed = usize::try_from(end.saturating_sub(line)).unwrap_or(usize::MAX);
            number = number.saturating_add(passed.saturating_sub(inside + 1)).saturating_add(1);
            line = end;
            cells.clear();
            let last = record.len().saturating_sub(1);
            for (column, cell) in record.iter().enumerate() {
                let cell = std::str::from_utf8(cell).map_err(|_| TableError::Encoding)?;
                let cell = if column == last { cell.strip_suffix('\r').unwrap_or(cell) } else { cell };
                cells.put(number, column, unguarded(cell))?;
            }
            if cells.is_empty() {
                // Rows of nothing but separators cost nothing, but do not go on for ever.
                if number > MAX_ROWS {
                    return Err(TableError::TooManyRows(number));
                }
                continue;
            }
            let read = reader.get_ref().read;
            let progress = u16::try_from(read.saturating_mul(1_000).checked_div(self.size).unwrap_or(1_000).min(1_000)).unwrap_or(1_000);
            if each(Row { number, cells: cells.get(), progress }).is_break() {
                return Ok(());
            }
        }
    }
}

/// What separates the cells of the first line: what stands there most often.
fn separator(beginning: &str) -> u8 {
    let line = beginning.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |separator: u8| line.bytes().filter(|byte| *byte == separator).count();
    let mut best = b',';
    for other in [b'\t', b';'] {
        if count(other) > count(best) {
            best = other;
        }
    }
    best
}

/// What was seen while a file was read once.
#[derive(Debug, Default)]
struct Seen {
    has_cr: bool,
    has_lf: bool,
    has_words: bool,
    beginning: String,
}

impl Seen {
    /// Reads the whole file in `encoding`; the inner error says that it is another, and whether a mark of UTF-8 stands in front.
    fn of(source: &mut impl Source, encoding: &'static Encoding) -> Result<Result<Seen, bool>, TableError> {
        source.seek(SeekFrom::Start(0)).map_err(|_| TableError::Io)?;
        let mut text = Text::new(source, encoding, None);
        let (mut seen, mut buffer) = (Seen::default(), vec![0; STEP]);
        loop {
            text.begin_record();
            match text.read(&mut buffer) {
                Ok(0) => return Ok(Ok(seen)),
                Ok(count) => seen.look(&buffer[..count]),
                Err(error) => match TableError::of_io(&error, TableError::Io) {
                    TableError::Encoding => return Ok(Err(text.had_mark)),
                    error => return Err(error),
                },
            }
        }
    }

    fn look(&mut self, bytes: &[u8]) {
        self.has_cr |= bytes.contains(&b'\r');
        self.has_lf |= bytes.contains(&b'\n');
        if self.beginning.len() < FIRST_LINE {
            self.beginning.push_str(&String::from_utf8_lossy(bytes));
        }
        self.has_words = self.has_words || !String::from_utf8_lossy(bytes).trim().is_empty();
    }
}

/// A file as UTF-8 with LF at the end of each line, the last one included.
struct Text<'a, S> {
    source: &'a mut S,
    decoder: Decoder,
    /// Whether lines end in CR alone; `None` hands over what is there, without a line end at the end.
    ends_in_cr: Option<bool>,
    had_mark: bool,
    /// Bytes of the file read so far.
    read: u64,
    /// Read and not yet decoded.
    raw: Vec<u8>,
    raw_at: usize,
    /// Decoded and not yet handed over.
    ready: Vec<u8>,
    ready_at: usize,
    is_ended: bool,
    last: u8,
    /// Bytes that this record may still take.
    left: usize,
}

impl<'a, S: Read> Text<'a, S> {
    fn new(source: &'a mut S, encoding: &'static Encoding, ends_in_cr: Option<bool>) -> Text<'a, S> {
        Text {
            source,
            decoder: encoding.new_decoder_without_bom_handling(),
            ends_in_cr,
            had_mark: false,
            read: 0,
            raw: Vec::new(),
            raw_at: 0,
            ready: Vec::new(),
            ready_at: 0,
            is_ended: false,
            last: b'\n',
            left: RECORD,
        }
    }

    fn begin_record(&mut self) {
        self.left = RECORD;
    }

    /// Decodes more, so that something is ready or the end has come.
    fn fill(&mut self) -> std::io::Result<()> {
        self.ready.clear();
        self.ready_at = 0;
        while self.ready.is_empty() && !self.is_ended {
            if self.raw_at == self.raw.len() {
                self.load()?;
            }
            let is_last = self.raw.is_empty();
            self.ready.resize(4 * STEP, 0);
            let (result, taken, given) =
                self.decoder.decode_to_utf8_without_replacement(&self.raw[self.raw_at..], &mut self.ready, is_last);
            self.raw_at += taken;
            self.ready.truncate(given);
            match result {
                DecoderResult::Malformed(..) => return Err(TableError::Encoding.into()),
                DecoderResult::InputEmpty if is_last => {
                    self.is_ended = true;
                    if self.ends_in_cr.is_some() && self.ready.last().copied().unwrap_or(self.last) != b'\n' {
                        self.ready.push(b'\n');
                    }
                }
                DecoderResult::InputEmpty | DecoderResult::OutputFull => {}
            }
        }
        if self.ends_in_cr == Some(true) {
            for byte in &mut self.ready {
                if *byte == b'\r' {
                    *byte = b'\n';
                }
            }
        }
        self.last = self.ready.last().copied().unwrap_or(self.last);
        Ok(())
    }

    fn load(&mut self) -> std::io::Result<()> {
        self.raw.resize(STEP, 0);
        let mut count = 0;
        // The mark of UTF-8 is looked for in a whole first piece.
        while count < STEP {
            match self.source.read(&mut self.raw[count..])? {
                0 => break,
                more => count += more,
            }
        }
        self.raw.truncate(count);
        self.raw_at = 0;
        if self.raw.contains(&0) {
            return Err(TableError::Nul.into());
        }
        if self.read == 0 && self.raw.starts_with(b"\xef\xbb\xbf") {
            self.had_mark = true;
            self.raw_at = 3;
        }
        self.read += count as u64;
        Ok(())
    }
}

impl<S: Read> Read for Text<'_, S> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.ready_at == self.ready.len() {
            self.fill()?;
        }
        let ready = &self.ready[self.ready_at..];
        let count = ready.len().min(buffer.len());
        if count > self.left {
            return Err(TableError::LongCell(0).into());
        }
        self.left -= count;
        buffer[..count].copy_from_slice(&ready[..count]);
        self.ready_at += count;
        Ok(count)
    }
}
