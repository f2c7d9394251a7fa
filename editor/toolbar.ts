// The row of tools above the text: one stop for Tab, arrow keys inside (the toolbar pattern of the ARIA practices).

import type { Editor } from "@tiptap/core";
import { redoDepth, undoDepth } from "@tiptap/pm/history";
import { act, insertChip, insertDetailTable, setAlignment } from "./commands";
import { button, element, icon } from "./elements";
import type { Alignment, Labels } from "./schema";

export interface Toolbar {
  refresh(): void;
  showChips(): void;
  destroy(): void;
}

interface Tool {
  element: HTMLButtonElement;
  pressed?: () => boolean;
  possible?: () => boolean;
  shown?: () => boolean;
}

const ICONS = {
  left: "M2 3h12M2 6.5h8M2 10h12M2 13.5h8",
  center: "M2 3h12M4 6.5h8M2 10h12M4 13.5h8",
  right: "M2 3h12M6 6.5h8M2 10h12M6 13.5h8",
  bullets: "M6 3.5h8M6 8h8M6 12.5h8M2 3.5h1.5M2 8h1.5M2 12.5h1.5",
  numbers: "M7 3.5h7M7 8h7M7 12.5h7M2.5 2v3.5M2 10.5h2L2 13.5h2.2",
  link: "M6.5 9.5l3-3M7 4.5l1.5-1.5a3 3 0 0 1 4.3 4.3L11.3 8.8M9 11.5l-1.5 1.5a3 3 0 0 1-4.3-4.3l1.5-1.5",
  table: "M2 3h12v10H2zM2 6.5h12M2 9.8h12M6 3v10M10 3v10",
  undo: "M5.5 3L2.5 6l3 3M3 6h6.5a3.5 3.5 0 0 1 0 7H6",
  redo: "M10.5 3l3 3-3 3M13 6H6.5a3.5 3.5 0 0 0 0 7H10",
} as const;

export function toolbar(root: HTMLElement, editor: Editor, labels: Labels, openLink: () => void): Toolbar {
  const life = new AbortController();
  const tools: Tool[] = [];
  const chain = () => act(editor);

  function tool(label: string, face: Node | string, run: () => void, more: Partial<Tool> & { keys?: string } = {}): HTMLButtonElement {
    const made = button("tool", face);
    if (made.textContent !== label) {
      made.setAttribute("aria-label", label);
      made.title = label;
    }
    if (more.keys) {
      made.setAttribute("aria-keyshortcuts", more.keys);
    }
    made.tabIndex = -1;
    // The text keeps its selection while a tool is pressed.
    made.addEventListener("mousedown", (event) => event.preventDefault());
    made.addEventListener("click", () => {
      if (made.getAttribute("aria-disabled") !== "true") {
        run();
      }
    });
    tools.push({ ...more, element: made });
    return made;
  }

  const gap = () => element("span", { class: "tool-gap", "aria-hidden": "true" });
  const mark = (label: string, face: HTMLElement, name: "bold" | "italic" | "underline", keys: string) =>
    tool(label, face, () => chain().toggleMark(name).run(), { pressed: () => editor.isActive(name), keys });
  const alignment = (label: string, align: Alignment) =>
    tool(label, icon(ICONS[align]), () => setAlignment(editor, align), { pressed: () => alignmentHere(editor) === align });
  const list = (label: string, path: string, name: "bulletList" | "orderedList") =>
    tool(label, icon(path), () => chain().toggleList(name, "listItem").run(), { pressed: () => editor.isActive(name) });
  const inTable = () => editor.isActive("table");
  const tableTool = (label: string, run: () => void) => tool(label, label, run, { shown: inTable });

  const headings = element("select", { class: "select tool-select", "aria-label": "标题" });
  for (const [value, label] of [["0", "正文"], ["1", "标题1"], ["2", "标题2"], ["3", "标题3"]] as const) {
    headings.append(element("option", { value }, label));
  }
  headings.addEventListener("change", () => {
    const level = Number(headings.value);
    if (level === 1 || level === 2 || level === 3) {
      chain().setHeading({ level }).run();
    } else {
      chain().setParagraph().run();
    }
    refresh();
  });

  const menu = insertMenu(editor, labels, life.signal);

  root.setAttribute("role", "toolbar");
  root.setAttribute("aria-label", "公告正文格式");
  root.replaceChildren(
    headings,
    gap(),
    mark("加粗", element("b", {}, "B"), "bold", "Control+B"),
    mark("斜体", element("i", {}, "I"), "italic", "Control+I"),
    mark("下划线", element("u", {}, "U"), "underline", "Control+U"),
    gap(),
    alignment("左对齐", "left"),
    alignment("居中", "center"),
    alignment("右对齐", "right"),
    gap(),
    list("项目符号", ICONS.bullets, "bulletList"),
    list("编号", ICONS.numbers, "orderedList"),
    tool("链接", icon(ICONS.link), openLink, { pressed: () => editor.isActive("link"), keys: "Control+K" }),
    tool("插入表格", icon(ICONS.table), () => chain().insertTable({ rows: 3, cols: 3, withHeaderRow: true }).run(), { possible: () => !inTable() }),
    tableTool("加行", () => chain().addRowAfter().run()),
    tableTool("加列", () => chain().addColumnAfter().run()),
    tableTool("删行", () => chain().deleteRow().run()),
    tableTool("删列", () => chain().deleteColumn().run()),
    tableTool("删表格", () => chain().deleteTable().run()),
    // They wrap together: 「重做」 alone on a line of its own would look like something else.
    element(
      "span",
      { class: "tool-group" },
      tool("撤销", icon(ICONS.undo), () => chain().undo().run(), { possible: () => undoDepth(editor.state) > 0, keys: "Control+Z" }),
      tool("重做", icon(ICONS.redo), () => chain().redo().run(), { possible: () => redoDepth(editor.state) > 0, keys: "Control+Y" }),
      menu.element,
    ),
  );

  const stops = () => [headings, ...tools.map((each) => each.element), menu.summary].filter((stop) => !stop.hidden);

  function moveTo(target: HTMLElement): void {
    for (const stop of stops()) {
      stop.tabIndex = stop === target ? 0 : -1;
    }
  }

  root.addEventListener(
    "keydown",
    (event) => {
      const all = stops();
      const at = all.findIndex((stop) => stop === event.target);
      if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) {
        return;
      }
      const next = { ArrowRight: (at + 1) % all.length, ArrowLeft: (at - 1 + all.length) % all.length, Home: 0, End: all.length - 1 }[event.key];
      const target = next === undefined ? undefined : all[next];
      if (target) {
        event.preventDefault();
        moveTo(target);
        target.focus();
      } else if (event.key === "Escape") {
        event.preventDefault();
        act(editor).run();
      }
    },
    { signal: life.signal },
  );
  root.addEventListener(
    "focusin",
    (event) => {
      const stop = stops().find((each) => each === event.target);
      if (stop) {
        moveTo(stop);
      }
    },
    { signal: life.signal },
  );

  function refresh(): void {
    for (const { element: made, pressed, possible, shown } of tools) {
      if (pressed) {
        made.setAttribute("aria-pressed", String(pressed()));
      }
      if (possible) {
        made.setAttribute("aria-disabled", String(!possible()));
      }
      if (shown) {
        made.hidden = !shown();
      }
    }
    const level: unknown = editor.getAttributes("heading")["level"];
    headings.value = editor.isActive("heading") ? String(level) : "0";
    // A hidden tool may have been the stop of Tab.
    const all = stops();
    const stop = all.find((each) => each.tabIndex === 0 && each.hasAttribute("tabindex")) ?? all[0];
    if (stop) {
      moveTo(stop);
    }
  }

  refresh();
  return {
    refresh,
    showChips: menu.fill,
    destroy() {
      life.abort();
      root.replaceChildren();
    },
  };
}

function alignmentHere(editor: Editor): Alignment {
  const parent = editor.state.selection.$from.parent;
  const align: unknown = parent.attrs["textAlign"];
  return align === "center" || align === "right" ? align : "left";
}

/** 「插入数据」: every chip with today's value, and the 明细. */
function insertMenu(editor: Editor, labels: Labels, signal: AbortSignal) {
  const summary = element("summary", { class: "button" }, "插入数据");
  const list = element("ul", { class: "menu-list" });
  const details = element("details", { class: "menu tool-menu" }, summary, list);

  function choose(run: () => void): void {
    details.open = false;
    run();
  }

  function item(label: string, value: string, run: () => void): HTMLLIElement {
    const made = button("", label);
    if (value) {
      made.append(element("span", { class: "tool-value" }, value));
    }
    made.addEventListener("click", () => choose(run));
    return element("li", {}, made);
  }

  function fill(): void {
    list.replaceChildren(
      ...labels.chips.map((chip) => item(chip.label, chip.value.split("\n")[0] ?? "", () => insertChip(editor, chip.name))),
      item("预留项目明细", "", () => insertDetailTable(editor)),
    );
  }

  details.addEventListener("keydown", (event) => {
    const items = [...list.querySelectorAll("button")];
    const at = items.findIndex((each) => each === event.target);
    if (event.key === "Escape" && details.open) {
      event.preventDefault();
      event.stopPropagation();
      details.open = false;
      summary.focus();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      event.stopPropagation();
      details.open = true;
      const step = event.key === "ArrowDown" ? 1 : -1;
      items[at < 0 ? (step > 0 ? 0 : items.length - 1) : (at + step + items.length) % items.length]?.focus();
    } else if (event.key === "Tab" && at >= 0) {
      details.open = false;
    }
  });
  document.addEventListener(
    "pointerdown",
    (event) => {
      if (event.target instanceof Node && !details.contains(event.target)) {
        details.open = false;
      }
    },
    { signal },
  );
  fill();
  return { element: details, summary, fill };
}
