// The small dialog that asks for a link's address.

import type { Editor } from "@tiptap/core";
import { webAddress } from "./address";
import { act } from "./commands";
import { button, element } from "./elements";

let count = 0;

export interface LinkDialog {
  open(): void;
  destroy(): void;
}

export function linkDialog(editor: Editor): LinkDialog {
  count += 1;
  const id = `editor-link-${count}`;
  const heading = element("h2", { id }, "插入链接");
  const input = element("input", { class: "input", id: `${id}-address`, type: "text", inputmode: "url", autocomplete: "off", spellcheck: "false", placeholder: "https://" });
  const error = element("p", { class: "field-error", id: `${id}-error`, role: "alert" });
  const remove = button("button", "移除链接");
  const cancel = button("button", "取消");
  const confirm = button("button", "确定");
  confirm.type = "submit";
  confirm.dataset["kind"] = "primary";
  const field = element("div", { class: "field" }, element("label", { class: "field-label", for: input.id }, "链接地址"), input, error);
  const form = element(
    "form",
    { method: "dialog", novalidate: "" },
    element("div", { class: "dialog-head" }, heading),
    element("div", { class: "dialog-body" }, field),
    element("div", { class: "dialog-foot" }, remove, cancel, confirm),
  );
  const dialog = element("dialog", { class: "dialog", "data-size": "small", "aria-labelledby": id }, form);
  document.body.append(dialog);

  const say = (problem: string) => {
    error.textContent = problem;
    error.hidden = problem === "";
    if (problem) {
      input.setAttribute("aria-invalid", "true");
      input.setAttribute("aria-describedby", error.id);
    } else {
      input.removeAttribute("aria-invalid");
      input.removeAttribute("aria-describedby");
    }
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const { address, problem } = webAddress(input.value);
    if (address === undefined) {
      say(problem);
      input.focus();
      return;
    }
    dialog.close();
    const chain = act(editor).extendMarkRange("link");
    if (editor.state.selection.empty && !editor.isActive("link")) {
      chain.insertContent({ type: "text", text: address, marks: [{ type: "link", attrs: { href: address } }] }).run();
    } else {
      chain.setMark("link", { href: address }).run();
    }
  });
  input.addEventListener("input", () => say(""));
  // Enter that ends a Chinese composition is not the form's.
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.isComposing) {
      event.preventDefault();
    }
  });
  cancel.addEventListener("click", () => dialog.close());
  remove.addEventListener("click", () => {
    dialog.close();
    act(editor).extendMarkRange("link").unsetMark("link").run();
  });
  dialog.addEventListener("close", () => act(editor).run());

  return {
    open() {
      const href: unknown = editor.getAttributes("link")["href"];
      input.value = typeof href === "string" ? href : "";
      heading.textContent = input.value ? "修改链接" : "插入链接";
      remove.hidden = !input.value;
      say("");
      dialog.showModal();
      input.focus();
      input.select();
    },
    destroy: () => dialog.remove(),
  };
}
