//! The two faces in which a document is set: where they lie, and which picture stands for a character.
//!
//! Always: every character has a picture. One that the font has not is shown as 〓, as printers do, and the text behind it stays what it was,
//! so that a rare name is found and copied right.

use skrifa::charmap::Charmap;
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::raw::FileRef;
use skrifa::string::StringId;
use skrifa::{FontRef, MetadataProvider as _};
use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The files, regular and bold: Source Han Serif under the name that Google's collection gives it.
pub const FILES: [&str; 2] = ["NotoSerifCJK-Regular.ttc", "NotoSerifCJK-Bold.ttc"];

/// Where distributions put them.
const FOLDERS: [&str; 3] = ["/usr/share/fonts/opentype/noto", "/usr/share/fonts/noto-cjk", "/usr/share/fonts/google-noto-serif-cjk-fonts"];

/// Stands for what the font has not.
const MISSING: char = '〓';

/// Where the two files lie: in the given folder alone, or where the program brings them along or a distribution puts them.
pub fn find(given: Option<&Path>, site: &Path) -> Option<[PathBuf; 2]> {
    let usual = || std::iter::once(site.join("fonts")).chain(FOLDERS.iter().map(PathBuf::from));
    let mut folders = given.map_or_else(|| usual().collect(), |folder| vec![folder.to_owned()]).into_iter();
    folders.find_map(|folder| {
        let files = FILES.map(|file| folder.join(file));
        files.iter().all(|file| file.is_file()).then_some(files)
    })
}

/// What is wrong with a font.
#[derive(Debug, thiserror::Error)]
pub enum FontError {
    /// It cannot be read.
    #[error("{0}: {1}")]
    Unreadable(PathBuf, std::io::Error),
    /// It is no font, or one without Chinese.
    #[error("{0}: not a font with Chinese characters")]
    Unfit(PathBuf),
}

/// The content of the two files.
#[derive(Clone)]
pub struct Faces {
    files: [(Arc<Vec<u8>>, u32); 2],
}

impl Faces {
    /// Reads both.
    pub fn read(paths: &[PathBuf; 2]) -> Result<Faces, FontError> {
        let read = |path: &PathBuf| {
            let data = std::fs::read(path).map_err(|error| FontError::Unreadable(path.clone(), error))?;
            let index = simplified(&data).ok_or_else(|| FontError::Unfit(path.clone()))?;
            Ok((Arc::new(data), index))
        };
        Ok(Faces { files: [read(&paths[0])?, read(&paths[1])?] })
    }

    /// The same as the writer of files takes them.
    pub fn for_file(&self) -> Option<[krilla::text::Font; 2]> {
        let font = |at: usize| krilla::text::Font::new(self.files[at].0.clone().into(), self.files[at].1);
        Some([font(0)?, font(1)?])
    }

    /// Their pictures.
    pub fn pictures(&self) -> Option<Pictures<'_>> {
        let face = |at: usize| {
            let (data, index) = &self.files[at];
            let font = FontRef::from_index(data, *index).ok()?;
            let units = f32::from(font.metrics(Size::unscaled(), LocationRef::default()).units_per_em);
            let widths = font.glyph_metrics(Size::unscaled(), LocationRef::default());
            let chars = font.charmap();
            let figures = ('0'..='9').filter_map(|c| widths.advance_width(chars.map(c)?));
            let figure = figures.fold(0.0, f32::max) / units;
            Some(Face { chars, widths, units, figure })
        };
        Some(Pictures { faces: [face(0)?, face(1)?], known: RefCell::default() })
    }
}

/// Which font of a collection is the one for simplified Chinese; the only one of a single font. `None` where there is no Chinese in it.
fn simplified(data: &[u8]) -> Option<u32> {
    let has_chinese = |font: &FontRef<'_>| font.charmap().map(MISSING).is_some() && font.charmap().map('公').is_some();
    match FileRef::new(data).ok()? {
        FileRef::Font(font) => has_chinese(&font).then_some(0),
        FileRef::Collection(collection) => {
            let is_simplified = |font: &FontRef<'_>| {
                font.localized_strings(StringId::FAMILY_NAME).any(|name| name.to_string().ends_with(" SC")) && has_chinese(font)
            };
            let found = (0..collection.len()).find(|at| collection.get(*at).is_ok_and(|font| is_simplified(&font)));
            found.or_else(|| collection.get(0).is_ok_and(|font| has_chinese(&font)).then_some(0))
        }
    }
}

struct Face<'a> {
    chars: Charmap<'a>,
    widths: GlyphMetrics<'a>,
    units: f32,
    /// How wide every figure is set: as the widest of them. The font's own differ, and amounts below one another would not align.
    figure: f32,
}

/// A picture of a character.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Picture {
    /// Its number in the font.
    pub number: u32,
    /// How far it advances, as a part of the size.
    pub advance: f32,
    /// How far to the right of its place it is drawn, as a part of the size.
    pub shift: f32,
}

/// The pictures of both faces.
pub struct Pictures<'a> {
    faces: [Face<'a>; 2],
    known: RefCell<HashMap<(char, bool), Picture>>,
}

impl Pictures<'_> {
    /// The picture of a character.
    pub fn of(&self, c: char, is_bold: bool) -> Picture {
        if let Some(known) = self.known.borrow().get(&(c, is_bold)) {
            return *known;
        }
        let face = &self.faces[usize::from(is_bold)];
        let shown = if c.is_whitespace() && face.chars.map(c).is_none() { ' ' } else { c };
        let number = face.chars.map(shown).filter(|number| number.to_u32() != 0).or_else(|| face.chars.map(MISSING)).unwrap_or_default();
        let own = face.widths.advance_width(number).unwrap_or_default() / face.units;
        let advance = if c.is_ascii_digit() { face.figure } else { own };
        let picture = Picture { number: number.to_u32(), advance, shift: (advance - own) / 2.0 };
        self.known.borrow_mut().insert((c, is_bold), picture);
        picture
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faces() -> Faces {
        Faces::read(&find(None, Path::new("none")).expect("the fonts that scripts/setup.sh installs")).unwrap()
    }

    #[test]
    fn d5_figures_are_of_one_width_so_that_columns_of_amounts_align() {
        let faces = faces();
        let pictures = faces.pictures().unwrap();
        for is_bold in [false, true] {
            let widths: Vec<f32> = "0123456789".chars().map(|c| pictures.of(c, is_bold).advance).collect();
            assert!(widths.iter().all(|width| (width - widths[0]).abs() < 0.001), "{widths:?}");
            assert!((pictures.of('公', is_bold).advance - 1.0).abs() < 0.001);
        }
    }

    #[test]
    fn d5_a_character_that_the_font_has_not_is_shown_as_missing() {
        let faces = faces();
        let pictures = faces.pictures().unwrap();
        let missing = pictures.of(MISSING, false);
        assert_ne!(missing.number, 0);
        for c in ['\u{3ffff}', '\u{e123}', '\u{1f600}'] {
            assert_eq!(pictures.of(c, false), missing, "{c:?}");
        }
        assert_ne!(pictures.of('𠮷', false), missing, "a rare character of a name that the font has");
    }

    #[test]
    fn d5_what_is_no_chinese_font_is_refused_by_name() {
        let folder = std::env::temp_dir().join(format!("setaside_fonts_{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        for file in FILES {
            std::fs::write(folder.join(file), b"no font").unwrap();
        }
        let found = find(Some(&folder), Path::new("none")).unwrap();
        let error = Faces::read(&found).err().unwrap();
        assert!(error.to_string().contains(FILES[0]), "{error}");
        std::fs::remove_dir_all(&folder).unwrap();
        assert!(find(Some(&folder), Path::new("none")).is_none());
    }
}
