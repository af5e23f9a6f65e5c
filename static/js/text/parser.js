/** Markdown as people write it in a chat: no HTML, line breaks kept, only links that lead to the web. */

import MarkdownIt from "markdown-it";

const SAFE = /^(https?:\/\/|mailto:)/i;
const CJK = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

/** @param {string} url */
export const isSafe = (url) => SAFE.test(url.trim());

export const parser = new MarkdownIt({ html: false, linkify: true, breaks: true, maxNesting: 100 });

parser.validateLink = isSafe;
// "app.py" and "README.md" are no web addresses, though .py and .md are countries.
parser.linkify.set({ fuzzyLink: false, fuzzyEmail: true });
parser.disable(["reference"]);

/**
 * CommonMark knows words by the spaces around them; Chinese and Japanese have none, so that
 * **重要。**然后 would not be bold. Beside such a letter an asterisk may open and close.
 */
parser.inline.State = class extends parser.inline.State {
  /** @param {number} start @param {boolean} canSplitWord */
  scanDelims(start, canSplitWord) {
    const found = super.scanDelims(start, canSplitWord);
    if (!canSplitWord) return found;
    const last = this.src[start - 1] ?? " ";
    const next = this.src[start + found.length] ?? " ";
    return {
      ...found,
      can_open: found.can_open || (CJK.test(last) && next.trim() !== ""),
      can_close: found.can_close || (CJK.test(next) && last.trim() !== ""),
    };
  }
};
