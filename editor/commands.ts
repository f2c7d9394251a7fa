// What tools, menus and the page do to the text.

import type { ChainedCommands, Editor } from "@tiptap/core";
import type { NodeType } from "@tiptap/pm/model";
import { NodeSelection } from "@tiptap/pm/state";
import type { Alignment } from "./schema";

/** A chain of commands on the focused text. At once, not a frame later: the next key already belongs to the text. */
export function act(editor: Editor): ChainedCommands {
  if (!editor.view.hasFocus()) {
    editor.view.focus();
  }
  return editor.chain();
}

/** Sets how the selected lines are set; left is the default and leaves no trace. */
export function setAlignment(editor: Editor, align: Alignment): void {
  const textAlign = align === "left" ? null : align;
  act(editor).updateAttributes("paragraph", { textAlign }).updateAttributes("heading", { textAlign }).run();
}

export function insertChip(editor: Editor, name: string): void {
  act(editor).insertContent({ type: "chip", attrs: { name } }).scrollIntoView().run();
}

/** Puts the 明细 below the block of the cursor, or selects the one that is there: a notice has one. */
export function insertDetailTable(editor: Editor): void {
  const { state } = editor;
  let existing: number | undefined;
  state.doc.forEach((node, offset) => {
    if (node.type.name === "detailTable") {
      existing ??= offset;
    }
  });
  if (existing !== undefined) {
    act(editor).setNodeSelection(existing).scrollIntoView().run();
    return;
  }
  const { $from } = state.selection;
  const block = $from.depth > 0 ? $from.node(1) : $from.nodeAfter;
  const start = $from.depth > 0 ? $from.before(1) : $from.pos;
  const end = start + (block?.nodeSize ?? 0);
  const node = (state.schema.nodes as Record<"detailTable", NodeType>).detailTable.create();
  const replaces = block?.type.name === "paragraph" && block.content.size === 0;
  const at = replaces ? start : end;
  const transaction = replaces ? state.tr.replaceWith(start, end, node) : state.tr.insert(end, node);
  editor.view.dispatch(transaction.setSelection(NodeSelection.create(transaction.doc, at)).scrollIntoView());
  act(editor).run();
}
