// What the text can hold: exactly the nodes and marks of src/domain/announcement/document.rs, nothing else.
//
// The server refuses whatever is not on its list, so a node added here needs its twin there.

import { type Editor, Extension, type Extensions, Mark, Node, mergeAttributes } from "@tiptap/core";
import { Table, TableCell, TableHeader, TableRow } from "@tiptap/extension-table";
import { type NodeType, type ResolvedPos, Fragment, Slice } from "@tiptap/pm/model";
import type { EditorState } from "@tiptap/pm/state";
import { goToNextCell } from "@tiptap/pm/tables";
import StarterKit from "@tiptap/starter-kit";
import { webAddress } from "./address";

/** A placeholder that is bound to the data. */
export interface Chip {
  name: string;
  label: string;
  value: string;
}

/** What chips and the box of the 明细 show; shared by the views, so that one change reaches them all. */
export interface Labels {
  chips: Chip[];
  detail: string;
}

export type Alignment = "left" | "center" | "right";

/** Lists nest this deep in the server's bound of 12 levels; a position below needs two more for its item and list. */
const DEEPEST_BEFORE_SINKING = 8;
const MOST_COLUMNS = 20;
const MOST_ROWS = 200;

const FLOW = "(paragraph | bulletList | orderedList)";

export function alignmentOf(element: HTMLElement): Alignment | null {
  const align = element.getAttribute("data-align") ?? element.getAttribute("align");
  return align === "center" || align === "right" ? align : null;
}

const TextAlign = Extension.create({
  name: "textAlign",
  addGlobalAttributes() {
    return [
      {
        types: ["paragraph", "heading"],
        attributes: {
          textAlign: {
            default: null,
            parseHTML: alignmentOf,
            renderHTML: ({ textAlign }) => (textAlign ? { "data-align": textAlign } : {}),
          },
        },
      },
    ];
  },
});

const Link = Mark.create({
  name: "link",
  priority: 1000,
  inclusive: false,
  addAttributes() {
    return { href: { default: null } };
  },
  parseHTML() {
    return [{ tag: "a[href]", getAttrs: (element) => (webAddress(element.getAttribute("href") ?? "").address ? null : false) }];
  },
  renderHTML({ HTMLAttributes }) {
    const { address } = webAddress(String(HTMLAttributes["href"] ?? ""));
    return ["a", address ? { href: address, rel: "noopener noreferrer nofollow" } : {}, 0];
  },
});

const OrderedList = Node.create({
  name: "orderedList",
  group: "block list",
  content: "listItem+",
  parseHTML() {
    return [{ tag: "ol" }];
  },
  renderHTML() {
    return ["ol", 0];
  },
  addKeyboardShortcuts() {
    return { "Mod-Shift-7": () => this.editor.commands.toggleList(this.name, "listItem") };
  },
});

const ListItem = Node.create({
  name: "listItem",
  content: `paragraph ${FLOW}*`,
  defining: true,
  parseHTML() {
    return [{ tag: "li" }];
  },
  renderHTML() {
    return ["li", 0];
  },
  addKeyboardShortcuts() {
    return {
      Enter: () => this.editor.commands.splitListItem(this.name),
      // Where there is nothing to indent, Tab leaves the text as everywhere else on the page.
      Tab: () => this.editor.state.selection.$from.depth <= DEEPEST_BEFORE_SINKING && this.editor.commands.sinkListItem(this.name),
      "Shift-Tab": () => this.editor.commands.liftListItem(this.name),
    };
  },
});

function span(name: "colspan" | "rowspan", most: number) {
  return {
    default: 1,
    parseHTML: (element: HTMLElement) => Math.min(most, Math.max(1, Number.parseInt(element.getAttribute(name) ?? "1", 10) || 1)),
  };
}

const cell = {
  content: `${FLOW}+`,
  addAttributes: () => ({ colspan: span("colspan", MOST_COLUMNS), rowspan: span("rowspan", MOST_ROWS) }),
};

const DrawnTable = Table.extend({
  // The package's own view sets widths by inline style.
  addNodeView() {
    return null;
  },
  renderHTML() {
    return ["table", ["tbody", 0]];
  },
  addKeyboardShortcuts() {
    const step = (direction: 1 | -1) => () => goToNextCell(direction)(this.editor.state, this.editor.view.dispatch);
    return { Tab: step(1), "Shift-Tab": step(-1) };
  },
});

/** Removes a chip next to the cursor with one key. */
function removeChip(editor: Editor, side: "before" | "after"): boolean {
  const { empty, $from } = editor.state.selection;
  const node = side === "before" ? $from.nodeBefore : $from.nodeAfter;
  if (!empty || node?.type.name !== "chip") {
    return false;
  }
  const from = side === "before" ? $from.pos - node.nodeSize : $from.pos;
  return editor.commands.deleteRange({ from, to: from + node.nodeSize });
}

function chipNode(labels: Labels) {
  const labelOf = (name: unknown) => labels.chips.find((chip) => chip.name === name)?.label ?? String(name);
  return Node.create({
    name: "chip",
    group: "inline",
    inline: true,
    atom: true,
    selectable: true,
    addAttributes() {
      return { name: { default: null, parseHTML: (element) => element.getAttribute("data-chip"), renderHTML: ({ name }) => ({ "data-chip": name }) } };
    },
    parseHTML() {
      return [{ tag: "span[data-chip]", getAttrs: (element) => (labels.chips.some((chip) => chip.name === element.getAttribute("data-chip")) ? null : false) }];
    },
    renderHTML({ node, HTMLAttributes }) {
      return ["span", mergeAttributes({ class: "chip" }, HTMLAttributes), written(labelOf(node.attrs["name"]))];
    },
    renderText: ({ node }) => written(labelOf(node.attrs["name"])),
    addKeyboardShortcuts() {
      return { Backspace: () => removeChip(this.editor, "before"), Delete: () => removeChip(this.editor, "after") };
    },
    addNodeView() {
      return ({ node }) => {
        const dom = document.createElement("span");
        dom.className = "chip";
        dom.dataset["chip"] = String(node.attrs["name"]);
        dom.contentEditable = "false";
        showChip(dom, labels);
        return { dom };
      };
    },
  });
}

function showChip(dom: HTMLElement, labels: Labels): void {
  const chip = labels.chips.find((each) => each.name === dom.dataset["chip"]);
  dom.textContent = chip?.label ?? dom.dataset["chip"] ?? "";
  dom.title = chip?.value ?? "";
}

function detailNode(labels: Labels) {
  return Node.create({
    name: "detailTable",
    group: "block",
    atom: true,
    selectable: true,
    parseHTML() {
      return [{ tag: "div[data-detail-table]" }];
    },
    renderHTML() {
      return ["div", { "data-detail-table": "" }, written("预留项目明细")];
    },
    renderText: () => written("预留项目明细"),
    addNodeView() {
      return () => {
        const dom = document.createElement("div");
        dom.className = "detail-box";
        dom.dataset["detailTable"] = "";
        dom.contentEditable = "false";
        dom.textContent = labels.detail;
        return { dom };
      };
    },
  });
}

/** Shows the labels of today in a text that is already drawn. */
export function refreshLabels(root: HTMLElement, labels: Labels): void {
  for (const dom of root.querySelectorAll<HTMLElement>("[data-chip]")) {
    showChip(dom, labels);
  }
  for (const dom of root.querySelectorAll<HTMLElement>("[data-detail-table]")) {
    dom.textContent = labels.detail;
  }
}

/** How a chip reads outside the editor, and what a pasted text turns back into a chip. */
export function written(label: string): string {
  return `｛${label}｝`;
}

/** Plain text as paragraphs, with `｛…｝` that names a chip made a chip again. */
export function plainSlice(text: string, state: EditorState, $context: ResolvedPos, labels: Labels): Slice {
  const { chip, paragraph } = state.schema.nodes as Record<"chip" | "paragraph", NodeType>;
  const marks = $context.marks();
  const lines = text.replace(/\r\n?/g, "\n").split(/\n+/);
  const blocks = lines.map((line) => {
    const pieces = line.split(/(｛[^｛｝]+｝)/).filter((piece) => piece !== "");
    return paragraph.create(
      null,
      pieces.map((piece) => {
        const found = labels.chips.find((each) => written(each.label) === piece);
        return found ? chip.create({ name: found.name }) : state.schema.text(piece, marks);
      }),
    );
  });
  return new Slice(Fragment.from(blocks), 1, 1);
}

/** Several blocks pasted into an empty line keep how their first line is set. */
export function keepFirstLine(slice: Slice, state: EditorState): Slice {
  const { $from, empty } = state.selection;
  const fresh = empty && $from.parent.isTextblock && $from.parent.content.size === 0 && $from.depth === 1;
  return fresh && slice.openStart === 1 && slice.content.childCount > 1 ? new Slice(slice.content, 0, slice.openEnd) : slice;
}

export function extensions(labels: Labels): Extensions {
  return [
    StarterKit.configure({
      blockquote: false,
      code: false,
      codeBlock: false,
      horizontalRule: false,
      link: false,
      listItem: false,
      orderedList: false,
      strike: false,
      trailingNode: false,
      heading: { levels: [1, 2, 3] },
    }),
    TextAlign,
    Link,
    OrderedList,
    ListItem,
    DrawnTable.configure({ resizable: false }),
    TableRow,
    TableHeader.extend(cell),
    TableCell.extend(cell),
    chipNode(labels),
    detailNode(labels),
  ];
}
