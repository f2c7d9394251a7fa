//! A label, its control, a hint and an error, tied together for eyes and screen readers alike.

use leptos::prelude::*;

/// What a control inside a [`Field`] carries: `id`, `aria-describedby`, `aria-invalid`, `required`.
#[derive(Clone, Debug)]
pub struct ControlWiring {
    /// The id the label points to.
    pub id: String,
    /// The ids of the hint and of the error, those that are shown.
    pub described_by: Signal<Option<String>>,
    /// Whether there is an error.
    pub invalid: Signal<bool>,
    /// Whether the field must be filled.
    pub required: bool,
}

impl ControlWiring {
    /// The value for `aria-invalid`: `true`, or no attribute at all.
    pub fn aria_invalid(&self) -> Option<&'static str> {
        self.invalid.get().then_some("true")
    }
}

/// A labelled control.
///
/// ```text
/// <Field id="year" label="年度" hint="可报送 2021 年至去年" error=error let:control>
///     <input class="input" id=control.id.clone() aria-describedby=move || control.described_by.get() …/>
/// </Field>
/// ```
#[component]
pub fn Field<C, V>(
    /// Unique in the page; the hint is `{id}-hint`, the error `{id}-error`.
    #[prop(into)]
    id: String,
    /// The name of the field.
    #[prop(into)]
    label: String,
    /// What to write, in a sentence; nothing is shown for an empty one.
    #[prop(into, optional)]
    hint: Option<String>,
    /// What is wrong and what to do, if something is.
    #[prop(into, optional)]
    error: Signal<Option<String>>,
    /// Whether it must be filled; says 「必填」 behind the label.
    #[prop(optional)]
    required: bool,
    /// Whether the label stands before the control rather than above it.
    #[prop(optional)]
    inline: bool,
    /// Whether the field takes the whole width of a form with columns.
    #[prop(optional)]
    wide: bool,
    /// The control, given its wiring.
    children: C,
) -> impl IntoView
where
    C: FnOnce(ControlWiring) -> V + Send + 'static,
    V: IntoView + 'static,
{
    let hint = hint.filter(|words| !words.is_empty());
    let hint_id = format!("{id}-hint");
    let error_id = format!("{id}-error");
    let described_by = {
        let hint_id = hint.is_some().then(|| hint_id.clone());
        let error_id = error_id.clone();
        Signal::derive(move || describing(hint_id.as_deref(), error.with(Option::is_some).then_some(error_id.as_str())))
    };
    let wiring = ControlWiring { id: id.clone(), described_by, invalid: Signal::derive(move || error.with(Option::is_some)), required };
    view! {
        <div class="field" class:form-wide=wide data-inline=inline.then_some("")>
            <label class="field-label" for=id>
                {label}
                {required.then(|| view! { <span class="field-required">"（必填）"</span> })}
            </label>
            {children(wiring)}
            {hint.map(|words| view! { <p class="field-hint" id=hint_id>{words}</p> })}
            {move || error.get().map(|words| view! { <p class="field-error" id=error_id.clone()>{words}</p> })}
        </div>
    }
}

/// How much of a text's room is taken: 「12 / 200 字」; at the limit it says that nothing more is taken, instead of cutting silently.
#[component]
pub fn Room(
    /// The id for the control's `aria-describedby`.
    id: &'static str,
    /// The text.
    #[prop(into)]
    text: Signal<String>,
    /// The most characters.
    max: usize,
) -> impl IntoView {
    let length = Memo::new(move |_| text.with(|text| text.encode_utf16().count()));
    let is_full = Memo::new(move |_| length.get() >= max);
    view! {
        <p class="field-hint" id=id>{move || format!("{} / {max} 字", length.get())}</p>
        <p class="field-error" role="status">{move || is_full.get().then(|| format!("已到 {max} 字上限，超出的部分没有写入，请检查结尾"))}</p>
    }
}

/// The value of `aria-describedby`: those ids that are on the page, the error first.
fn describing(hint: Option<&str>, error: Option<&str>) -> Option<String> {
    let ids: Vec<&str> = error.into_iter().chain(hint).collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_tied_to_its_control() {
        let owner = Owner::new();
        let html = owner.with(|| {
            let error = Signal::stored(Some("请填写撤回理由".to_owned()));
            view! {
                <Field id="reason" label="撤回理由" hint="审核人会看到" error=error required=true let:control>
                    <input
                        class="input"
                        id=control.id.clone()
                        aria-describedby=move || control.described_by.get()
                        aria-invalid=move || control.invalid.get().then_some("true")
                    />
                </Field>
            }
            .to_html()
        });
        assert!(html.contains(r#"aria-describedby="reason-error reason-hint""#), "{html}");
        assert!(html.contains(r#"aria-invalid="true""#) && html.contains(r#"for="reason""#), "{html}");
        assert!(html.contains(r#"id="reason-error""#) && html.contains("请填写撤回理由"), "{html}");
    }

    #[test]
    fn a_field_without_words_describes_nothing() {
        assert_eq!(describing(None, None), None);
    }
}
