// Tiptap's static renderer with the editor's extensions, beside what src/domain/announcement/render.rs made of the same documents.
//
// Standard input: a line with the data, then a line for each document. Both texts are parsed as a browser parses them; Tiptap's
// tree then goes through the rules below, which are all the differences that are meant, and must be the other tree exactly.

import { readFileSync } from "node:fs";
import type { JSONContent } from "@tiptap/core";
import { getSchema } from "@tiptap/core";
import { Node } from "@tiptap/pm/model";
import { renderToHTMLString } from "@tiptap/static-renderer/pm/html-string";
import { type DefaultTreeAdapterTypes, parseFragment } from "parse5";
import { extensions } from "../../../editor/schema";

interface Data {
  /** The lines of each chip's value. */
  chips: Record<string, string[]>;
  /** The table of the 明细, or nothing. */
  detail: string;
}

interface Case {
  data: number;
  /** As the editor sent it. */
  sent: JSONContent;
  /** As the server keeps it. */
  stored: JSONContent;
  /** As the server shows it. */
  html: string;
}

interface Element {
  tag: string;
  attributes: Record<string, string>;
  children: Tree[];
}
type Tree = string | Element;

const MARKS = ["a", "strong", "em", "u"];
const HEADINGS = ["h1", "h2", "h3"];
const LINES = ["p", ...HEADINGS];
const LISTS = ["ul", "ol"];

const make = (tag: string, attributes: Record<string, string>, children: Tree[]): Element => ({ tag, attributes, children });

/** A text as a browser's parser builds it, and what that parser complains of. */
function parsed(html: string): { trees: Tree[]; complaints: string[] } {
  const complaints: string[] = [];
  const fragment = parseFragment(html, { onParseError: ({ code }) => complaints.push(code) });
  return { trees: fragment.childNodes.map(tree), complaints };
}

function tree(node: DefaultTreeAdapterTypes.ChildNode): Tree {
  if ("value" in node) {
    return node.value;
  }
  if (!("tagName" in node)) {
    return make(node.nodeName, {}, []);
  }
  return make(node.tagName, Object.fromEntries(node.attrs.map(({ name, value }) => [name, value])), node.childNodes.map(tree));
}

/** One text for one tree: attributes in order, neighbouring texts joined. */
function canonical(trees: Tree[]): string {
  let html = "";
  for (const each of trees) {
    if (typeof each === "string") {
      html += JSON.stringify(each).slice(1, -1).replace(/</g, "\\<");
    } else {
      const attributes = Object.entries(each.attributes).sort(([one], [other]) => (one < other ? -1 : 1));
      html += `<${[each.tag, ...attributes.map(([name, value]) => `${name}=${JSON.stringify(value)}`)].join(" ")}>${canonical(each.children)}</${each.tag}>`;
    }
  }
  return html;
}

/** Applies a rule to every element, the innermost first; `parents` are the tags around it. */
function everywhere(trees: Tree[], rule: (element: Element, parents: string[]) => Tree[], parents: string[] = []): Tree[] {
  return trees.flatMap((each) => (typeof each === "string" ? [each] : rule({ ...each, children: everywhere(each.children, rule, [...parents, each.tag]) }, parents)));
}

const words = (trees: Tree[]): string => trees.map((each) => (typeof each === "string" ? each : words(each.children))).join("");
/** Without what Unicode calls white space, as the server's language does it. */
const trimmed = (text: string): string => text.replace(/^\p{White_Space}+|\p{White_Space}+$/gu, "");
const chipOf = (each: Tree | undefined): string | undefined => (typeof each === "object" && each.tag === "span" ? each.attributes["data-chip"] : undefined);
const withAttributes = (element: Element, more: Record<string, string>): Element => ({ ...element, attributes: { ...element.attributes, ...more } });

function alignment(line: Element): string {
  const align = line.attributes["data-align"];
  return align === "center" || align === "right" ? `notice-align-${align}` : "";
}

/** Whether a line holds just the chip of an empty 备注, alone or after 「备注：」. */
function waitsForRemark(line: Element, data: Data): boolean {
  const chips = line.children.map(chipOf).filter((chip) => chip !== undefined);
  const said = trimmed(words(line.children.filter((child) => chipOf(child) === undefined)));
  return chips.length > 0 && chips.every((chip) => chip === "remark") && data.chips["remark"]?.length === 0 && ["", "备注", "备注：", "备注:"].includes(said);
}

/** A table of the editor as the page has it: the leading rows of headers are its head unless one of their cells reaches below. */
function drawn(table: Element): Element {
  const rows = table.children.flatMap((body) => (typeof body === "string" ? [] : body.children)) as Element[];
  const cells = (row: Element) => row.children as Element[];
  const below = rows.findIndex((row) => row.children.length === 0 || cells(row).some(({ tag }) => tag !== "th"));
  const leading = below === -1 ? rows.length : below;
  const reachesBelow = rows.slice(0, leading).some((row, at) => cells(row).some(({ attributes }) => at + Number(attributes["rowspan"]) > leading));
  const head = reachesBelow ? 0 : leading;
  const section = (tag: string, scope: string, of: Element[]): Element[] => {
    const marked = (cell: Element): Element => {
      const spans = Object.entries(cell.attributes).filter(([, span]) => span !== "1");
      const heads = cell.tag === "th" && trimmed(words(cell.children)) !== "";
      return make(heads ? "th" : "td", { ...Object.fromEntries(spans), ...(heads ? { scope } : {}) }, cell.children);
    };
    return of.length === 0 ? [] : [make(tag, {}, of.map((row) => ({ ...row, children: cells(row).map(marked) })))];
  };
  const parts = [...section("thead", "col", rows.slice(0, head)), ...section("tbody", "row", rows.slice(head))];
  return make("div", { class: "notice-table-wrap", role: "region", "aria-label": "表格", tabindex: "0" }, [make("table", { class: "notice-table" }, parts)]);
}

/** A difference that is meant: why it is, and what it does to Tiptap's tree. */
interface Rule {
  name: string;
  why: string;
  apply: (trees: Tree[], data: Data) => Tree[];
}

// In this order: each works on what those before it left.
const RULES: Rule[] = [
  {
    name: "the marks of a piece of text are nested the other way round",
    why: "the editor itself and the page have the link outermost; only the static renderer begins inside",
    apply: (trees) =>
      everywhere(trees, (element, parents) => {
        if (!MARKS.includes(element.tag) || MARKS.includes(parents.at(-1) ?? "")) {
          return [element];
        }
        let turned: Tree[] = [];
        const chain: Element[] = [];
        for (let inner: Tree | undefined = element; inner !== undefined; inner = turned[0]) {
          if (typeof inner === "string" || !MARKS.includes(inner.tag)) {
            break;
          }
          chain.push(inner);
          turned = inner.children;
        }
        for (const mark of chain) {
          turned = [{ ...mark, children: turned }];
        }
        return turned;
      }),
  },
  {
    name: "marks stand on words alone",
    why: "a figure must be plain text for programs that read the notice, and a line break has nothing to mark",
    apply: (trees) =>
      everywhere(trees, (element) => {
        const [only, ...others] = element.children;
        const isBare = typeof only === "object" && others.length === 0 && (only.tag === "br" || chipOf(only) !== undefined);
        return MARKS.includes(element.tag) && isBare ? [only] : [element];
      }),
  },
  {
    name: "a line that waits for an empty 备注 is left out, and a list that holds nothing else",
    why: "「备注：」 with nothing behind it says nothing (C5)",
    apply: (trees, data) =>
      everywhere(trees, (element) => {
        const isEmpty = ["li", ...LISTS].includes(element.tag) && element.children.length === 0;
        return isEmpty || (LINES.includes(element.tag) && waitsForRemark(element, data)) ? [] : [element];
      }),
  },
  {
    name: "a chip shows its value",
    why: "the page shows figures, the editor their names (C7)",
    apply: (trees, data) =>
      everywhere(trees, (element) => {
        const lines = data.chips[chipOf(element) ?? ""];
        return lines ? lines.flatMap((line, at): Tree[] => (at === 0 ? [line] : [make("br", {}, []), line])) : [element];
      }),
  },
  {
    name: "a heading without words is an ordinary line",
    why: "readers of the page aloud would announce a heading and say nothing",
    apply: (trees) => everywhere(trees, (element) => [HEADINGS.includes(element.tag) && trimmed(words(element.children)) === "" ? { ...element, tag: "p" } : element]),
  },
  {
    name: "a drawn table has a head, scopes and a box to scroll it in, and a header cell without words is an ordinary cell",
    why: "readers of the page aloud need to know what a cell belongs to, and a phone is narrow; tables of the editor have a body alone",
    apply: (trees) => everywhere(trees, (element) => [element.tag === "table" ? drawn(element) : element]),
  },
  {
    name: "the only paragraph of an item or cell has no tag of its own, unless it is aligned",
    why: "programs that read tables and lists look for the text in the cell",
    apply: (trees) =>
      everywhere(trees, (element) => {
        const [only, ...others] = element.children;
        const isPlain = typeof only === "object" && others.length === 0 && only.tag === "p" && alignment(only) === "";
        return isPlain && ["li", "td", "th"].includes(element.tag) ? [{ ...element, children: only.children }] : [element];
      }),
  },
  {
    name: "an empty line holds a line break",
    why: "a browser gives an empty paragraph no height",
    apply: (trees) => everywhere(trees, (element) => [LINES.includes(element.tag) && element.children.length === 0 ? { ...element, children: [make("br", {}, [])] } : element]),
  },
  {
    name: "how lines and lists look is a class",
    why: "the page's policy allows no style attribute; only the paragraphs of the text itself are indented",
    apply: (trees) =>
      everywhere(trees, (element, parents) => {
        if (LISTS.includes(element.tag)) {
          return [withAttributes(element, { class: "notice-list" })];
        }
        if (!LINES.includes(element.tag)) {
          return [element];
        }
        const { "data-align": _, ...rest } = element.attributes;
        const look = element.tag !== "p" ? "notice-heading" : parents.length === 0 ? "notice-paragraph" : "";
        const names = [look, alignment(element)].filter((name) => name !== "").join(" ");
        return [{ ...element, attributes: names === "" ? rest : { ...rest, class: names } }];
      }),
  },
  {
    name: "headings stand one level lower",
    why: "the page's title is its first heading",
    apply: (trees) => everywhere(trees, (element) => [HEADINGS.includes(element.tag) ? { ...element, tag: `h${Number(element.tag.slice(1)) + 1}` } : element]),
  },
  {
    name: "a link opens a window of its own",
    why: "the reader keeps the notice; the editor opens none",
    apply: (trees) => everywhere(trees, (element) => [element.tag === "a" ? withAttributes(element, { target: "_blank" }) : element]),
  },
  {
    name: "the box of the 明细 becomes its table",
    why: "the page shows the lines, the editor that they stand there (C7)",
    apply: (trees, data) => everywhere(trees, (element) => (element.tag === "div" && "data-detail-table" in element.attributes ? parsed(data.detail).trees : [element])),
  },
];

/**
 * What the server does to words while it reads: line breaks and tabs become blanks; control characters and direction overrides,
 * which would make a figure look like another, go; a piece without words goes as well.
 */
function cleaned(node: JSONContent): JSONContent {
  const text = (words: string) => words.replace(/[\n\r\t]/g, " ").replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu, "");
  const copy: JSONContent = { ...node };
  if (typeof node.text === "string") {
    copy.text = text(node.text);
  }
  // Null is how a program may write what it has not.
  if (Array.isArray(node.content)) {
    copy.content = node.content.map(cleaned).filter((child) => child.type !== "text" || child.text !== "");
  }
  return copy;
}

const labels = Object.fromEntries(["unit", "year", "sme_amount", "small_micro_amount", "ratio", "remark", "date"].map((name) => [name, name]));
const list = extensions({ chips: Object.entries(labels).map(([name, label]) => ({ name, label, value: "" })), detail: "" });
const schema = getSchema(list);
const used = new Set<string>();

/** Tiptap's text of a document with the rules applied. */
function expected(document: JSONContent, data: Data): string {
  // As a node, because from JSON it would make the schema anew each time.
  let trees = parsed(renderToHTMLString({ content: Node.fromJSON(schema, document), extensions: list })).trees;
  for (const rule of RULES) {
    const before = trees;
    trees = rule.apply(trees, data);
    if (!used.has(rule.name) && canonical(trees) !== canonical(before)) {
      used.add(rule.name);
    }
  }
  return canonical(trees);
}

/** What is wrong with one document, if anything is. */
function problem({ sent, stored, html }: Case, data: Data): string | undefined {
  const shown = parsed(html);
  if (shown.complaints.length > 0) {
    return `a browser corrects it: ${shown.complaints.join(", ")}`;
  }
  try {
    Node.fromJSON(schema, stored).check();
  } catch (error) {
    return `the editor refuses what the server keeps: ${String(error)}\n  kept ${JSON.stringify(stored)}`;
  }
  const wanted = expected(cleaned(sent), data);
  const found = canonical(shown.trees);
  return found === wanted ? undefined : `Tiptap  ${wanted}\n  setaside ${found}`;
}

const [head = "{}", ...lines] = readFileSync(0, "utf8").split("\n");
const { data } = JSON.parse(head) as { data: Data[] };
let differences = 0;
for (const line of lines) {
  const each = JSON.parse(line) as Case;
  const found = problem(each, data[each.data] ?? { chips: {}, detail: "" });
  if (found !== undefined && (differences += 1) <= 5) {
    console.log(`${found}\n  of ${JSON.stringify(each.sent)}\n`);
  }
}
for (const rule of RULES.filter(({ name }) => !used.has(name))) {
  differences += 1;
  console.log(`never needed, so it is no difference: ${rule.name} (${rule.why})`);
}
console.log(`${lines.length} documents, ${differences} differences`);
