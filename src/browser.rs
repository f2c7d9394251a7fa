//! Where the browser begins.

use crate::app::App;
use leptos::mount::hydrate_from_async;
use leptos::prelude::*;
use wasm_bindgen::UnwrapThrowExt as _;
use wasm_bindgen::prelude::wasm_bindgen;

/// Takes over the page that the server rendered, once the part of the program that it needs is there.
#[wasm_bindgen]
pub async fn hydrate() {
    console_error_panic_hook::set_once();
    let body = document().body().unwrap_throw();
    let owner = ArcStoredValue::new(None);
    let app = {
        let owner = owner.clone();
        move || {
            owner.set_value(Owner::current());
            App()
        }
    };
    hydrate_from_async(body, app).await.forget();
    // Leptos looks for the context where there is no owner any more; what came with the page must not be taken for what is asked later.
    if let Some(owner) = owner.get_value() {
        owner.with(|| Owner::current_shared_context().inspect(|context| context.hydration_complete()));
    }
}
