/** Turns a run of entries into the lines of the timeline: days, the "new" line, posts, events. */

/** @import {Entry, Row} from "../types.js" */

/** Messages of one author this near to each other stand together. */
export const TOGETHER = 5 * 60_000;

/**
 * @param {Entry[]} entries
 * @param {number} readTo the "new" line comes after this entry, if anything new does; 0 for no line.
 *   Where the run begins later than that, the line belongs before it and is not shown.
 * @param {string} me
 * @returns {Row[]}
 */
export function rows(entries, readTo, me) {
  /** @type {Row[]} */
  const lines = [];
  let marked = readTo === 0 || (entries[0]?.seq ?? 0) > readTo + 1;
  for (const [index, entry] of entries.entries()) {
    const before = entries[index - 1];
    if (!before || !sameDay(before.at, entry.at)) lines.push({ kind: "day", key: `d${entry.seq}`, at: entry.at });
    if (!marked && entry.seq > readTo && isNews(entry, me)) {
      marked = true;
      if (before) lines.push({ kind: "new", key: "new" });
    }
    lines.push(...line(entry, before, lines.at(-1)));
  }
  return lines;
}

/** What people are shown of a direct room's log: coming and going there is nobody's business. @param {Entry[]} entries */
export const betweenTwo = (entries) => entries.filter(({ kind }) => kind !== "withheld" && kind !== "made");

/** @param {Entry} entry @param {string} me */
const isNews = (entry, me) => entry.kind === "post" && entry.by?.id !== me;

/** @param {Entry} entry @param {Entry | undefined} before @param {Row | undefined} last @returns {Row[]} */
function line(entry, before, last) {
  if (entry.kind === "post") {
    return [{ kind: "post", key: `p${entry.seq}`, entry, head: last?.kind !== "post" || !follows(before, entry) }];
  }
  if (last?.kind !== "events") return [{ kind: "events", key: `e${entry.seq}`, entries: [entry] }];
  last.entries.push(entry);
  return [];
}

/** The same author goes on within a few minutes. @param {Entry | undefined} before @param {Entry} entry */
function follows(before, entry) {
  return before?.by?.id === entry.by?.id && entry.at - (before?.at ?? 0) < TOGETHER;
}

/** @param {number} a @param {number} b */
function sameDay(a, b) {
  return new Date(a).toDateString() === new Date(b).toDateString();
}
