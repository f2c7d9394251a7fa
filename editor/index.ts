// The announcement's rich editor: Tiptap behind one small door. It speaks ProseMirror JSON; what the text may hold is decided
// by src/domain/announcement/document.rs, and `schema.ts` is its twin. Loaded by dynamic import, on the editor page alone.
//
// Always: no inline style, no HTML from outside, no change reported in the middle of a Chinese composition.

import { Editor, Extension, type JSONContent, getSchema } from "@tiptap/core";
import { act, insertChip, insertDetailTable } from "./commands";
import { linkDialog } from "./link_dialog";
import { cleanPastedHtml } from "./paste";
import { type Chip, type Labels, extensions, keepFirstLine, plainSlice, refreshLabels } from "./schema";
import { toolbar } from "./toolbar";

export type { Chip } from "./schema";

export interface Options {
  /** Where the text goes; emptied first. */
  element: HTMLElement;
  /** Where the tools go; emptied first, and hidden when the text is only read. */
  toolbar: HTMLElement;
  /** The text as ProseMirror JSON, already accepted by the server's `Document::parse`. */
  document: string;
  chips: Chip[];
  editable: boolean;
  /** The name of the text field for those who cannot see it. */
  label: string;
  /** What the box of the 明细 says. */
  detailLabel: string;
  /** Called with the JSON at most 100 ms after the last change, never during a composition. */
  onChange: (json: string) => void;
}

export interface Handle {
  insertChip(name: string): void;
  insertDetailTable(): void;
  /** Replaces the text without reporting a change; 「撤销」 brings the former one back. */
  setDocument(json: string): void;
  /** Shows other values, and with `detailLabel` another line in the box of the 明细. */
  setChips(chips: Chip[], detailLabel?: string): void;
  focus(): void;
  /** Ends the editor. What was typed in the last 100 ms is not reported: ask `json()` before. */
  destroy(): void;
  json(): string;
}

const QUIET_MS = 80;

export function mount(options: Options): Handle {
  const labels: Labels = { chips: options.chips, detail: options.detailLabel };
  let timer: number | undefined;

  const linkKey = Extension.create({
    name: "linkKey",
    addKeyboardShortcuts: () => ({
      "Mod-k": () => {
        dialog?.open();
        return true;
      },
    }),
  });
  const list = [...extensions(labels), linkKey];
  const content = read(options.document, list);

  options.element.replaceChildren();
  const editor = new Editor({
    element: options.element,
    extensions: list,
    content,
    editable: options.editable,
    injectCSS: false,
    // A notice is full of 「1.」 and 「*」 that mean themselves.
    enableInputRules: false,
    enablePasteRules: false,
    editorProps: {
      attributes: { role: "textbox", "aria-multiline": "true", "aria-label": options.label, "aria-readonly": String(!options.editable), class: "editor-text", spellcheck: "false" },
      transformPastedHTML: cleanPastedHtml,
      transformPasted: (slice, view) => keepFirstLine(slice, view.state),
      clipboardTextParser: (text, $context, _plain, view) => plainSlice(text, view.state, $context, labels),
      handleDOMEvents: {
        compositionend: () => {
          if (timer !== undefined) {
            changed();
          }
          return false;
        },
        blur: () => {
          report();
          return false;
        },
      },
    },
    onUpdate: changed,
  });

  const dialog = options.editable ? linkDialog(editor) : undefined;
  const tools = options.editable && dialog ? toolbar(options.toolbar, editor, labels, dialog.open) : undefined;
  options.toolbar.hidden = !tools;
  if (tools) {
    editor.on("transaction", tools.refresh);
  }

  const json = () => JSON.stringify(editor.getJSON());
  let reported = json();

  function changed(): void {
    window.clearTimeout(timer);
    timer = window.setTimeout(report, QUIET_MS);
  }

  function report(): void {
    if (timer === undefined || editor.isDestroyed) {
      return;
    }
    window.clearTimeout(timer);
    if (editor.view.composing) {
      // `compositionend` starts the wait anew; this one only keeps the change from being forgotten.
      timer = window.setTimeout(report, QUIET_MS);
      return;
    }
    timer = undefined;
    const now = json();
    if (now !== reported) {
      reported = now;
      options.onChange(now);
    }
  }

  return {
    insertChip: (name) => {
      if (labels.chips.some((chip) => chip.name === name)) {
        insertChip(editor, name);
      }
    },
    insertDetailTable: () => insertDetailTable(editor),
    setDocument(text) {
      editor.commands.setContent(read(text, list), { emitUpdate: false });
      window.clearTimeout(timer);
      timer = undefined;
      reported = json();
      tools?.refresh();
    },
    setChips(chips, detailLabel) {
      labels.chips = chips;
      labels.detail = detailLabel ?? labels.detail;
      refreshLabels(editor.view.dom, labels);
      tools?.showChips();
    },
    focus: () => void act(editor).run(),
    destroy() {
      window.clearTimeout(timer);
      timer = undefined;
      tools?.destroy();
      dialog?.destroy();
      editor.destroy();
      options.element.replaceChildren();
    },
    json,
  };
}

/** Reads a stored text. One that does not fit is refused, not shown empty: an empty text would be saved over it. */
function read(text: string, list: ReturnType<typeof extensions>): JSONContent {
  try {
    const content: JSONContent = JSON.parse(text);
    getSchema(list).nodeFromJSON(content).check();
    return content;
  } catch (cause) {
    throw new Error("公告正文无法打开，请刷新页面后重试", { cause });
  }
}
