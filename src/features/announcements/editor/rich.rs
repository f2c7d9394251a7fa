//! The door to the rich editor, which is TypeScript (`editor/`): loaded by the page that needs it, and only there.

use leptos::prelude::*;
use leptos::web_sys::HtmlElement;

/// A placeholder as the editor shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChipLabel {
    /// Its name in the stored text.
    pub name: &'static str,
    /// What the screen calls it.
    pub label: &'static str,
    /// Its value, as the notice would show it now.
    pub value: String,
}

/// What the editor begins with.
#[derive(Clone, Debug)]
#[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "only the browser opens an editor"))]
pub struct Start {
    /// Where the text goes.
    pub element: HtmlElement,
    /// Where the tools go.
    pub toolbar: HtmlElement,
    /// The text as ProseMirror JSON.
    pub document: String,
    /// The placeholders.
    pub chips: Vec<ChipLabel>,
    /// What the box of the 明细 says.
    pub detail_label: String,
}

pub use door::{Rich, open};

/// Where the page keeps its open editor.
///
/// The store that belongs to one thread is made in the browser only: on the server a page may end on another thread than it
/// began, and dropping such a store there panics.
#[derive(Clone, Copy)]
pub struct Slot(StoredValue<Option<StoredValue<Option<Rich>, LocalStorage>>>);

impl Slot {
    /// Without an editor yet.
    pub fn new() -> Slot {
        let slot = StoredValue::new(None);
        Effect::new(move || slot.set_value(Some(StoredValue::new_local(None))));
        Slot(slot)
    }

    /// Keeps an editor; if the page has gone meanwhile, the editor ends here.
    pub fn keep(self, rich: Rich) {
        if let Some(store) = self.0.try_get_value().flatten() {
            // What comes back is an editor that nobody keeps; it ends by being dropped.
            let _ = store.try_set_value(Some(rich));
        }
    }

    /// The text in the editor, if it is open.
    pub fn json(self) -> Option<String> {
        self.0.try_get_value().flatten()?.try_with_value(|rich| rich.as_ref().map(Rich::json))?
    }

    /// Does something with the editor, if it is open.
    pub fn with(self, use_it: impl FnOnce(&Rich)) {
        if let Some(store) = self.0.try_get_value().flatten() {
            store.try_with_value(|rich| rich.as_ref().map(use_it));
        }
    }
}

#[cfg(feature = "hydrate")]
mod door {
    use super::{ChipLabel, Start};
    use js_sys::{Array, Object, Promise, Reflect};
    use leptos::prelude::document;
    use wasm_bindgen::JsCast as _;
    use wasm_bindgen::prelude::{Closure, JsValue, wasm_bindgen};
    use wasm_bindgen_futures::JsFuture;

    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(js_name = "import", catch)]
        fn import_module(address: &str) -> Result<Promise, JsValue>;

        type Module;
        #[wasm_bindgen(method, catch)]
        fn mount(this: &Module, options: &Object) -> Result<Handle, JsValue>;

        type Handle;
        #[wasm_bindgen(method, catch, js_name = "setDocument")]
        fn set_document(this: &Handle, json: &str) -> Result<(), JsValue>;
        #[wasm_bindgen(method, js_name = "setChips")]
        fn set_chips(this: &Handle, chips: &Array, detail_label: &str);
        #[wasm_bindgen(method)]
        fn json(this: &Handle) -> String;
        #[wasm_bindgen(method)]
        fn destroy(this: &Handle);
    }

    /// An open editor; it ends when this is dropped.
    pub struct Rich {
        handle: Handle,
        _changed: Closure<dyn FnMut(String)>,
    }

    impl Rich {
        /// Replaces the text; 「撤销」 in the editor brings the former one back.
        pub fn set_document(&self, json: &str) {
            // A text of ours that the editor refuses would be a fault of the two lists of nodes; the old text stays.
            let _ = self.handle.set_document(json);
        }

        /// The text as it stands now.
        pub fn json(&self) -> String {
            self.handle.json()
        }

        /// Shows other values.
        pub fn set_chips(&self, chips: &[ChipLabel], detail_label: &str) {
            self.handle.set_chips(&list(chips), detail_label);
        }
    }

    impl Drop for Rich {
        fn drop(&mut self) {
            self.handle.destroy();
        }
    }

    fn put(object: &Object, name: &str, value: &JsValue) {
        // Setting a property of a plain object of our own cannot fail.
        let _ = Reflect::set(object, &JsValue::from_str(name), value);
    }

    fn list(chips: &[ChipLabel]) -> Array {
        chips
            .iter()
            .map(|chip| {
                let object = Object::new();
                put(&object, "name", &chip.name.into());
                put(&object, "label", &chip.label.into());
                put(&object, "value", &chip.value.as_str().into());
                object
            })
            .collect()
    }

    /// Loads the editor and opens it; the error is a sentence for the screen.
    pub async fn open(start: Start, on_change: impl FnMut(String) + 'static) -> Result<Rich, String> {
        const FAILED: &str = "编辑器没有加载成功，请检查网络后刷新页面；已保存的内容不受影响";
        let failed = |_: JsValue| FAILED.to_owned();
        let meta = document().query_selector("meta[name=setaside-editor]").ok().flatten();
        let address = meta.and_then(|meta| meta.get_attribute("content")).filter(|address| !address.is_empty()).ok_or(FAILED)?;
        let module = JsFuture::from(import_module(&address).map_err(failed)?).await.map_err(failed)?;
        let changed = Closure::<dyn FnMut(String)>::new(on_change);
        let options = Object::new();
        put(&options, "element", start.element.as_ref());
        put(&options, "toolbar", start.toolbar.as_ref());
        put(&options, "document", &start.document.as_str().into());
        put(&options, "chips", &list(&start.chips));
        put(&options, "editable", &true.into());
        put(&options, "label", &"公告正文".into());
        put(&options, "detailLabel", &start.detail_label.as_str().into());
        put(&options, "onChange", changed.as_ref());
        let handle = module.unchecked_into::<Module>().mount(&options).map_err(failed)?;
        Ok(Rich { handle, _changed: changed })
    }
}

#[cfg(not(feature = "hydrate"))]
mod door {
    use super::{ChipLabel, Start};

    /// The server has no editor.
    pub enum Rich {}

    impl Rich {
        /// Never called.
        pub fn set_document(&self, _json: &str) {
            match *self {}
        }

        /// Never called.
        pub fn json(&self) -> String {
            match *self {}
        }

        /// Never called.
        pub fn set_chips(&self, _chips: &[ChipLabel], _detail_label: &str) {
            match *self {}
        }
    }

    /// Never called: effects run in the browser only.
    pub async fn open(_start: Start, _on_change: impl FnMut(String) + 'static) -> Result<Rich, String> {
        Err(String::new())
    }
}
