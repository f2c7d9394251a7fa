//! The ZIP around an XLSX: its directory within bounds, its parts unpacked piece by piece and counted.

use super::super::{MAX_PARTS, MAX_UNPACKED, Source, TableError};
use std::collections::HashMap;
use std::io::{BufReader, Read};
use zip::CompressionMethod;
use zip::read::{Config, ZipFile, ZipReadOptions};
use zip::unstable::read::ZipIterable;

/// Most bytes of a part's name.
const NAME: usize = 1_024;
/// Most bytes that one piece of XML may take: a cell of the longest text, escaped.
const PIECE: usize = 1024 * 1024;
/// Bytes unpacked at a time.
const STEP: usize = 32 * 1024;

/// The parts of a workbook by name.
#[derive(Debug)]
pub(super) struct Parts<S> {
    archive: ZipIterable<S>,
    /// The place of each in the directory.
    places: HashMap<String, usize>,
    /// Bytes that may still be unpacked, over all parts and readings.
    left: u64,
}

impl<S: Source> Parts<S> {
    /// Reads the directory. The library walks it entry by entry, so that no claim of the file makes it take memory.
    pub(super) fn open(source: S) -> Result<Parts<S>, TableError> {
        let mut archive = ZipIterable::try_new(source, Config::default()).map_err(|_| TableError::Damaged("压缩目录"))?;
        if archive.len() > MAX_PARTS {
            return Err(TableError::TooLargeInside("部件超过 2000 个"));
        }
        let mut places = HashMap::new();
        let mut claimed = 0_u64;
        for (place, entry) in archive.files().map_err(|_| TableError::Damaged("压缩目录"))?.enumerate() {
            let entry = entry.map_err(|_| TableError::Damaged("压缩目录"))?;
            if entry.encrypted() {
                return Err(TableError::Encrypted);
            }
            claimed = claimed.saturating_add(entry.size());
            let name = entry.name().map_err(|_| TableError::Damaged("部件名称"))?.replace('\\', "/");
            if name.len() > NAME {
                return Err(TableError::Damaged("部件名称"));
            }
            // Two parts of one name: readers differ in which they take.
            if places.insert(name.trim_start_matches('/').to_owned(), place).is_some() {
                return Err(TableError::Damaged("部件重复"));
            }
        }
        if claimed > MAX_UNPACKED {
            return Err(TableError::TooLargeInside("超过 1 GB"));
        }
        Ok(Parts { archive, places, left: MAX_UNPACKED })
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.places.contains_key(name)
    }

    /// A part from its beginning, and the bytes that it claims to have.
    pub(super) fn open_part(&mut self, name: &str) -> Result<(PartReader<'_, S>, u64), TableError> {
        let place = *self.places.get(name).ok_or(TableError::Damaged("缺少部件"))?;
        let files = self.archive.files().map_err(|_| TableError::Damaged("压缩目录"))?;
        let entry = files.nth(place).and_then(Result::ok).ok_or(TableError::Damaged("压缩目录"))?;
        if !matches!(entry.compression(), CompressionMethod::Stored | CompressionMethod::Deflated) {
            return Err(TableError::Damaged("压缩方式"));
        }
        let size = entry.size();
        let file = entry.with_reader(files.reader_mut(), ZipReadOptions::new()).map_err(|_| TableError::Damaged("部件"))?;
        Ok((BufReader::with_capacity(STEP, Counted { file, left: &mut self.left, piece: PIECE }), size))
    }
}

/// A part as XML readers want it.
pub(super) type PartReader<'a, S> = BufReader<Counted<'a, S>>;

/// Counts what is unpacked.
pub(super) struct Counted<'a, S: Read> {
    file: ZipFile<'a, S>,
    left: &'a mut u64,
    /// Bytes that this piece of XML may still take.
    piece: usize,
}

impl<S: Read> Counted<'_, S> {
    /// A new piece begins.
    pub(super) fn begin_piece(&mut self) {
        self.piece = PIECE;
    }
}

impl<S: Read> Read for Counted<'_, S> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.file.read(buffer)?;
        if count as u64 > *self.left {
            return Err(TableError::TooLargeInside("超过 1 GB").into());
        }
        if count > self.piece {
            return Err(TableError::Damaged("内容异常地长").into());
        }
        *self.left -= count as u64;
        self.piece -= count;
        Ok(count)
    }
}
