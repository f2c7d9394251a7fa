//! A box for longer text. The only `<textarea>` of the program: Leptos renders the children of that element unescaped on the
//! server, which would let stored text close the element and bring its own script.

use leptos::html;
use leptos::prelude::*;

/// A controlled box for longer text.
///
/// The server writes the value, escaped, between the tags, so it is there without script. In the browser the box follows
/// `value`; every input is given to `on_input`. What a person typed before the page came alive is kept and handed over.
#[component]
pub fn Textarea(
    /// The text.
    #[prop(into)]
    value: Signal<String>,
    /// Called with the whole text after every input.
    #[prop(into)]
    on_input: Callback<String>,
    /// Called when the focus leaves the box.
    #[prop(into, optional)]
    on_blur: Option<Callback<()>>,
    /// The element's id; a label's `for` points to it.
    #[prop(into, optional)]
    id: Option<String>,
    /// The name under which a form sends the text.
    #[prop(into, optional)]
    name: Option<String>,
    /// Height in lines; 4 unless told.
    #[prop(default = 4)]
    rows: u32,
    /// The most characters that may be kept. The box takes more, so that nothing pasted is cut without a word, and says how many
    /// are too many; whoever keeps the text refuses it then.
    #[prop(optional)]
    maxlength: Option<u32>,
    /// Words in the empty box.
    #[prop(into, optional)]
    placeholder: Option<String>,
    /// Whether the form must not be sent without it.
    #[prop(optional)]
    required: bool,
    /// Whether the text may only be read.
    #[prop(into, optional)]
    readonly: Signal<bool>,
    /// Whether the text is wrong.
    #[prop(into, optional)]
    invalid: Signal<bool>,
    /// Ids of the hint and the error, as [`super::Field`] gives them.
    #[prop(into, optional)]
    described_by: Signal<Option<String>>,
    /// Whether a dialog that opens puts the focus here.
    #[prop(optional)]
    autofocus: bool,
    /// Further classes beside `textarea`.
    #[prop(into, optional)]
    class: Option<&'static str>,
) -> impl IntoView {
    let node = NodeRef::<html::Textarea>::new();
    Effect::new(move |met: Option<bool>| {
        let wanted = value.get();
        let Some(element) = node.get() else { return false };
        let shown = element.value();
        let typed_early = met != Some(true) && element.default_value().is_ok_and(|sent| sent != shown);
        if shown == wanted {
            // In step.
        } else if typed_early {
            // Typed between the arrival of the page and of its program.
            on_input.run(shown);
        } else {
            element.set_value(&wanted);
        }
        true
    });
    let class = class.map_or_else(|| "textarea".to_owned(), |more| format!("textarea {more}"));
    view! {
        <textarea
            node_ref=node
            class=class
            id=id
            name=name
            rows=rows
            placeholder=placeholder
            required=required
            autofocus=autofocus
            readonly=move || readonly.get()
            aria-invalid=move || invalid.get().then_some("true")
            aria-describedby=move || described_by.get()
            inner_html=text_content(&value.get_untracked())
            on:input=move |event| on_input.run(event_target_value(&event))
            on:blur=move |_| {
                if let Some(on_blur) = on_blur {
                    on_blur.run(());
                }
            }
        />
        {maxlength.map(|most| view! { <Count value most /> })}
    }
}

/// How long the text is, once that matters.
#[component]
fn Count(value: Signal<String>, most: u32) -> impl IntoView {
    let most = most as usize;
    let length = Memo::new(move |_| value.with(|text| text.chars().count()));
    move || {
        let length = length.get();
        if length > most {
            view! { <p class="field-error" role="alert">{format!("已写 {length} 字，超出 {} 字（最多 {most} 字）。请删减，超出时不会保存。", length - most)}</p> }.into_any()
        } else if length * 5 >= most * 4 {
            view! { <p class="field-hint">{format!("已写 {length} / {most} 字")}</p> }.into_any()
        } else {
            ().into_any()
        }
    }
}

/// The HTML between the tags that an HTML parser reads back as exactly `text`.
///
/// `&` and `<` become character references, so no tag can begin or end. A parser drops one line feed after `<textarea>`;
/// text that begins with one gets another.
fn text_content(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 1);
    if text.starts_with(['\n', '\r']) {
        html.push('\n');
    }
    for character in text.chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            other => html.push(other),
        }
    }
    html
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    fn rendered(text: &str) -> String {
        let owner = Owner::new();
        let text = text.to_owned();
        owner.with(|| view! { <Textarea value=Signal::stored(text) on_input=|_| () id="opinion" maxlength=500/> }.to_html())
    }

    #[test]
    fn text_cannot_close_the_box_and_bring_a_script() {
        let html = rendered("</textarea><script>alert(1)</script>");
        assert!(!html.contains("<script"), "{html}");
        assert_eq!(html.matches("</textarea>").count(), 1, "{html}");
        assert!(html.contains("&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;</textarea>"), "{html}");
    }

    #[test]
    fn the_value_is_there_without_script() {
        let html = rendered("未达到规定比例的原因");
        assert!(html.contains(">未达到规定比例的原因</textarea>"), "{html}");
        assert!(html.contains(r#"id="opinion""#), "{html}");
    }

    #[test]
    fn a_text_that_is_too_long_is_not_cut_but_said() {
        let html = rendered(&"长".repeat(512));
        assert!(!html.contains("maxlength") && html.contains(&"长".repeat(512)), "{html}");
        assert!(html.contains("超出 12 字（最多 500 字）"), "{html}");
        assert!(rendered(&"长".repeat(400)).contains("已写 400 / 500 字"));
    }

    #[test]
    fn a_reference_written_by_hand_stays_what_was_written() {
        assert_eq!(text_content("A&lt;B & C"), "A&amp;lt;B &amp; C");
    }

    #[test]
    fn a_first_empty_line_survives_the_parser() {
        assert_eq!(text_content("\n一"), "\n\n一");
        assert_eq!(text_content("一\n二"), "一\n二");
    }
}
