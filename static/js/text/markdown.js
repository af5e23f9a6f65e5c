/** Turns a message into what is shown: tokens become nodes, never markup. */

import { h } from "preact";
import { CodeBlock } from "../view/code.js";
import { isSafe, parser } from "./parser.js";

/** @import {Token} from "markdown-it" */
/** @import {ComponentChild, VNode} from "preact" */
/** @typedef {{tag: string, props: Record<string, unknown>, children: ComponentChild[]}} Open */

/** Deeper or more than this nobody writes by hand; it is shown as it was written. */
const DEEPEST = 24;
const MOST = 1_500;

/** Headings are loud in a conversation: they are shown as strong lines. */
/** @type {Record<string, string>} */
const TAGS = { h1: "p", h2: "p", h3: "p", h4: "p", h5: "p", h6: "p" };

/** @param {string} text @returns {ComponentChild} */
export function markdown(text) {
  const tokens = parser.parse(text, {});
  return isReasonable(tokens) ? build(tokens) : h("p", { class: "as-written" }, text);
}

/** Not too deep, not too much, and something to see. @param {Token[]} tokens */
function isReasonable(tokens) {
  const count = tokens.reduce((sum, token) => sum + 1 + (token.children?.length ?? 0), 0);
  const deep = tokens.some((token) => token.level > DEEPEST);
  const visible = tokens.some((token) => token.content.trim() || token.type === "hr");
  return count <= MOST && !deep && visible;
}

/** @param {Token[]} tokens @returns {ComponentChild[]} */
function build(tokens) {
  /** @type {Open[]} */
  const stack = [{ tag: "", props: {}, children: [] }];
  for (const token of tokens) {
    if (token.hidden) continue;
    if (token.nesting === 1) stack.push(opened(token));
    else put(stack, token.nesting === -1 ? closed(/** @type {Open} */ (stack.pop())) : leaf(token));
  }
  return stack[0]?.children ?? [];
}

/** @param {Open[]} stack @param {ComponentChild} node */
function put(stack, node) {
  stack.at(-1)?.children.push(node);
}

/** @param {Token} token @returns {Open} */
function opened(token) {
  return { tag: TAGS[token.tag] ?? token.tag, props: properties(token), children: [] };
}

/** @param {Open} open @returns {VNode<any>} */
function closed({ tag, props, children }) {
  if (tag === "a" && !children.length) children.push(String(props["href"]));
  const node = h(tag, props, ...children);
  return tag === "table" ? h("div", { class: "wide", tabIndex: 0 }, node) : node;
}

/** @param {Token} token @returns {Record<string, unknown>} */
function properties(token) {
  if (token.type === "link_open") return link(String(token.attrGet("href") ?? ""));
  if (token.type === "heading_open") return { class: `heading ${token.tag}` };
  if (token.type === "ordered_list_open") return token.attrGet("start") === null ? {} : { start: token.attrGet("start") };
  if (token.tag === "th" || token.tag === "td") return { class: alignment(token) };
  return {};
}

/** @param {Token} token */
const alignment = (token) => /(left|center|right)/.exec(String(token.attrGet("style") ?? ""))?.[1];

/** @param {string} href @returns {Record<string, unknown>} */
function link(href) {
  if (!isSafe(href)) return {};
  return { href, title: href, target: "_blank", rel: "noopener noreferrer nofollow" };
}

/** @param {Token} token @returns {ComponentChild} */
function leaf(token) {
  switch (token.type) {
    case "inline": return build(token.children ?? []);
    case "softbreak":
    case "hardbreak": return h("br", {});
    case "code_inline": return h("code", {}, token.content);
    case "fence":
    case "code_block": return h(CodeBlock, { code: token.content, language: token.info.trim() });
    case "hr": return h("hr", {});
    case "image": return picture(token);
    default: return token.content;
  }
}

/** Pictures from elsewhere would tell that host who reads: a link leads there. @param {Token} token */
function picture(token) {
  const source = String(token.attrGet("src") ?? "");
  return h("a", link(source), token.content || source);
}
